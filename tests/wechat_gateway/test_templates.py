"""The account's templates in the settings, and values that are made to fit them."""

import pytest

from haowei.settings import SettingsError, load_settings
from wechat_gateway.api.template_fields import check_fields, fit
from wechat_gateway.templates import KINDS, Template, read_template


def test_an_id_alone_has_the_usual_fields() -> None:
    assert read_template("queue_call", " TM00-x_1 ") == Template("TM00-x_1", KINDS["queue_call"])
    assert read_template("queue_call", "  ") is None


def test_an_accounts_own_fields_are_named() -> None:
    template = read_template("queue_call", "TM00 number=character_string7 store=thing2")
    assert template is not None
    assert template.fill({"number": "B018", "store": "人民广场店", "note": "没有地方放"}) == {
        "character_string7": "B018",
        "thing2": "人民广场店",
    }


def test_a_message_of_an_older_version_holds_typed_fields_already() -> None:
    template = Template("TM00", KINDS["order_paid"])
    assert template.fill({"character_string1": "0087", "thing2": "店"}) == {"character_string1": "0087", "thing2": "店"}


@pytest.mark.parametrize(
    ("setting", "fault"),
    [
        ("模板", "must begin with the id"),
        ("TM00 store", "is no field"),
        ("TM00 store=thing", "is no field"),
        ("TM00 store=first", "is no field"),
        ("TM00 store=first1", "is no field"),
        ("TM00 stores=thing1", "no value 'stores'"),
        ("TM00 store=thing1 number=thing1", "named twice"),
        ("TM00 store=thing1 store=thing2", "named twice"),
    ],
)
def test_a_wrong_setting_stops_the_start_and_says_why(setting: str, fault: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(wechat_subscribe_queue_call=setting, wechat_template_queue_call="TM00")
    [said] = caught.value.faults
    assert said.startswith("HAOWEI_WECHAT_SUBSCRIBE_QUEUE_CALL: ")
    assert fault in said


def test_the_settings_give_what_the_account_has() -> None:
    settings = load_settings(wechat_template_order_paid="A", wechat_subscribe_queue_call="B note=thing9")
    assert {kind: template.id for kind, template in settings.templates.items()} == {"order_paid": "A"}
    assert settings.notices == {"queue_call": Template("B", {"note": "thing9"})}


def test_every_kind_can_be_set_both_ways_and_has_fields_of_the_platforms() -> None:
    settings = load_settings()
    for kind in KINDS:
        assert getattr(settings, f"wechat_template_{kind}") == ""
        assert getattr(settings, f"wechat_subscribe_{kind}") == ""
        assert read_template(kind, "TM00 " + " ".join(f"{name}={field}" for name, field in KINDS[kind].items())) is not None


def test_no_kind_speaks_of_coupons_or_points() -> None:
    assert not [kind for kind in KINDS if "coupon" in kind or "points" in kind or "market" in kind]


@pytest.mark.parametrize(
    ("key", "value", "fitted"),
    [
        ("thing1", "字" * 20, "字" * 20),
        ("thing1", "字" * 21, "字" * 19 + "…"),
        ("thing1", " 两\n行\t字 ", "两 行 字"),
        ("thing1", "\u202e倒着\u200b写", "倒着 写"),
        ("character_string1", "x" * 33, "x" * 33),
        ("amount1", "12345678901", "12345678901"),
        ("phrase1", "正在为您准备", "正在为您准备"),
    ],
)
def test_words_are_cut_and_nothing_else(key: str, value: str, fitted: str) -> None:
    assert fit(key, value) == fitted
    if key.startswith("thing"):
        check_fields({key: fitted})
