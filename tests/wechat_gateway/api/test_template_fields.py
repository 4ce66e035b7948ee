"""Limits of the fields of template messages."""

import pytest

from wechat_gateway.api.template_messages import TemplateFieldError, check_fields

GOOD = [
    ("thing1", "字" * 20),
    ("thing12", "Table for 4, window!"),
    ("number2", "9" * 32),
    ("number2", "12.5"),
    ("letter3", "A" * 32),
    ("symbol4", "%℃!?#"),
    ("character_string5", "B018-" + "x" * 27),
    ("time6", "18:30"),
    ("time6", "18:30:00~19:30:00"),
    ("time6", "2026年11月21日 18:30"),
    ("time6", "2026-11-21 18:30~2026-11-21 20:30"),
    ("date7", "2026年11月21日"),
    ("date7", "2026-11-21 08:05"),
    ("amount8", "¥58.50"),
    ("amount8", "￥58"),
    ("amount8", "1234567890.12元"),
    ("phone_number9", "021-12345678"),
    ("phone_number9", "+8613800000000"),
    ("car_number10", "沪A12345D"),
    ("name11", "欧阳娜娜"),
    ("name11", "Alexander Hamilton"),
    ("phrase12", "已接单"),
    ("const13", "已完成"),
]
BROKEN = [
    ("thing1", "字" * 21),
    ("thing1", ""),
    ("thing1", "  "),
    ("thing1", "两\n行"),
    ("thing1", "\u202e倒"),
    ("number2", "9" * 33),
    ("number2", "１２"),
    ("number2", "十"),
    ("letter3", "A" * 33),
    ("letter3", "A1"),
    ("symbol4", "!!!!!!"),
    ("character_string5", "取餐A1"),
    ("character_string5", "x" * 33),
    ("time6", "25:00"),
    ("time6", "2026年11月21日"),
    ("time6", "今晚六点"),
    ("time6", "１８:30"),
    ("date7", "11月21日"),
    ("date7", "18:30"),
    ("amount8", "12345678901"),
    ("amount8", "58.505"),
    ("amount8", "五十八"),
    ("phone_number9", "1" * 18),
    ("car_number10", "沪A1234567"),
    ("name11", "字" * 11),
    ("name11", "a" * 21),
    ("phrase12", "正在为您准备"),
    ("phrase12", "ok"),
    ("first", "您好"),
    ("remark", "谢谢"),
    ("keyword1", "x"),
    ("thing", "x"),
    ("", "x"),
    ("thing１", "x"),
]


@pytest.mark.parametrize(("key", "value"), GOOD)
def test_within_its_limit(key: str, value: str) -> None:
    check_fields({"thing99": "好", key: value})


@pytest.mark.parametrize(("key", "value"), BROKEN)
def test_beyond_its_limit_names_the_field_and_hides_the_value(key: str, value: str) -> None:
    with pytest.raises(TemplateFieldError) as caught:
        check_fields({"thing99": "好", key: value})

    assert caught.value.field == key
    assert caught.value.errcode == 47003
    assert len(value) < 3 or value not in str(caught.value)
