"""Template messages: fields, who may get them, what comes back."""

import pytest

from haowei.simulators.wechat import ApiError, Diner, WeChatPlatform
from haowei.simulators.wechat.templates import Template
from tests.clock import SettableClock
from tests.simulators.wechat.wechatpy_account import Api, Callback

SEND = "message/template/send"
CALLED = "取餐号:{{character_string1.DATA}}\n状态:{{phrase2.DATA}}"
DATA = {"character_string1": {"value": "0087"}, "phrase2": {"value": "请取餐"}}


@pytest.fixture
def template(platform: WeChatPlatform) -> Template:
    return platform.add_template("取餐提醒", CALLED)


@pytest.fixture
def diner(platform: WeChatPlatform) -> Diner:
    return platform.diner(following=True)


class TestSending:
    async def test_diner_sees_title_and_lines(self, api: Api, diner: Diner, template: Template) -> None:
        answer = await api.post(SEND, touser=diner.openid, template_id=template.id, data=DATA, url="http://host/o/87")

        assert answer["errcode"] == 0
        assert answer["msgid"] > 2**53
        assert diner.chat[-1].to_json()["template"] == {
            "title": "取餐提醒",
            "lines": (("取餐号:", "0087"), ("状态:", "请取餐")),
            "url": "http://host/o/87",
        }

    @pytest.mark.parametrize("outcome", ["success", "failed:user block"])
    async def test_result_is_pushed_back(self, api: Api, diner: Diner, template: Template, callback: Callback, outcome: str) -> None:
        diner.template_outcome = outcome

        answer = await api.post(SEND, touser=diner.openid, template_id=template.id, data=DATA)

        event = await callback.next_message()
        assert (event.event, event.status, int(event._data["MsgID"])) == ("templatesendjobfinish", outcome, answer["msgid"])
        assert len(diner.chat) == (outcome == "success")

    async def test_same_key_is_sent_once_within_ten_minutes(
        self, api: Api, diner: Diner, template: Template, clock: SettableClock, callback: Callback
    ) -> None:
        message = {"touser": diner.openid, "template_id": template.id, "data": DATA, "client_msg_id": "delivery-1"}

        first, second = await api.post(SEND, **message), await api.post(SEND, **message)
        clock.advance(minutes=10)
        third = await api.post(SEND, **message)

        assert first["msgid"] == second["msgid"] != third["msgid"]
        assert len(diner.chat) == 2
        results = [await callback.next_message(), await callback.next_message()]
        assert [int(result._data["MsgID"]) for result in results] == [first["msgid"], third["msgid"]]

    async def test_who_may_not_get_it(self, api: Api, diner: Diner, platform: WeChatPlatform, template: Template) -> None:
        diner.refuses = True

        assert await api.code(SEND, touser="oNobody", template_id=template.id, data=DATA) == 40003
        assert await api.code(SEND, touser=platform.diner().openid, template_id=template.id, data=DATA) == 43004
        assert await api.code(SEND, touser=diner.openid, template_id=template.id, data=DATA) == 43101

    async def test_unknown_template(self, api: Api, diner: Diner) -> None:
        assert await api.code(SEND, touser=diner.openid, template_id="unknown", data=DATA) == 40037

    async def test_fault_names_the_field(self, api: Api, diner: Diner, template: Template) -> None:
        answer = await api.post(SEND, touser=diner.openid, template_id=template.id, data={"character_string1": {"value": "0087"}})

        assert answer["errcode"] == 47003
        assert "data.phrase2.value" in answer["errmsg"]


class TestFields:
    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("thing1", "菜" * 20),
            ("number2", "128"),
            ("number2", "3.5"),
            ("letter3", "ABC"),
            ("symbol4", "***"),
            ("character_string5", "A-0087"),
            ("time6", "18:30"),
            ("time6", "2026年11月21日 18:30"),
            ("time6", "2026-11-21 18:30~19:30"),
            ("date7", "2026年11月21日"),
            ("amount8", "¥128.50"),
            ("amount8", "128元"),
            ("phone_number9", "+86-13800000000"),
            ("car_number10", "沪A12345"),
            ("name11", "王小明"),
            ("name11", "Mary Smith"),
            ("phrase12", "制作完成了"),
            ("const13", "堂食"),
            ("keyword1", "任意" * 40),
        ],
    )
    def test_value_that_fits(self, key: str, value: str) -> None:
        card = Template.new("x", f"项:{{{{{key}.DATA}}}}").fill({key: {"value": value}}, "")

        assert card.lines == (("项:", value),)

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("thing1", "菜" * 21),
            ("thing1", ""),
            ("number2", "三"),
            ("letter3", "A1"),
            ("symbol4", "******"),
            ("character_string5", "号0087"),
            ("character_string5", "0" * 33),
            ("time6", "今晚六点半"),
            ("date7", "18:30"),
            ("amount8", "12345678901"),
            ("phone_number9", "1" * 18),
            ("car_number10", "沪A1234567"),
            ("name11", "王" * 11),
            ("phrase12", "请您马上取餐"),
            ("phrase12", "OK"),
        ],
    )
    def test_value_that_does_not_fit(self, key: str, value: str) -> None:
        with pytest.raises(ApiError) as refused:
            Template.new("x", f"项:{{{{{key}.DATA}}}}").fill({key: {"value": value}}, "")

        assert refused.value.errcode == 47003
        assert f"data.{key}.value" in refused.value.errmsg
