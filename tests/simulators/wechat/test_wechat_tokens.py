"""Access tokens, faults and counters of the API."""

import asyncio

import pytest
from aiohttp import ClientConnectionError

from haowei.simulators.wechat import WeChatPlatform
from tests.clock import SettableClock
from tests.simulators.wechat.wechatpy_account import Api

BUSY = "/cgi-bin/user/info"


class TestStableToken:
    async def test_same_token_while_it_lives(self, api: Api, clock: SettableClock) -> None:
        clock.advance(minutes=90)

        again = await api.post("stable_token", **api.credentials)

        assert again["access_token"] == api.token
        assert again["expires_in"] == 1800

    async def test_new_token_five_minutes_early_while_the_old_one_still_works(self, api: Api, clock: SettableClock) -> None:
        clock.advance(minutes=115)

        fresh = (await api.post("stable_token", **api.credentials))["access_token"]

        assert fresh != api.token
        assert (await api.get("menu/get"))["errcode"] == 46003
        clock.advance(minutes=5)
        assert (await api.get("menu/get"))["errcode"] == 40001

    async def test_forced_refresh_twice_kills_a_leaked_token(self, api: Api, clock: SettableClock) -> None:
        force = {**api.credentials, "force_refresh": True}

        second = await api.post("stable_token", **force)
        assert second["access_token"] != api.token
        assert (await api.get("menu/get"))["errcode"] == 46003
        assert (await api.post("stable_token", **force))["access_token"] == second["access_token"]
        clock.advance(seconds=30)
        assert (await api.post("stable_token", **force))["access_token"] != second["access_token"]
        assert (await api.get("menu/get"))["errcode"] == 40001

    async def test_twenty_forced_refreshes_a_day(self, api: Api, clock: SettableClock) -> None:
        force = {**api.credentials, "force_refresh": True}

        codes = []
        for _ in range(21):
            codes.append(await api.code("stable_token", **force))
            clock.advance(seconds=30)

        assert codes == [0] * 20 + [45009]
        clock.advance(hours=24)
        assert await api.code("stable_token", **{**force, "force_refresh": False}) == 0
        clock.advance(minutes=1)
        assert await api.code("stable_token", **force) == 0

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"appid": "wx0"}, 40013),
            ({"secret": "x"}, 40125),
            ({"grant_type": "code"}, 40002),
            ({"appid": ""}, 41002),
            ({"secret": ""}, 41004),
        ],
    )
    async def test_wrong_credentials(self, api: Api, change: dict[str, str], code: int) -> None:
        assert await api.code("stable_token", **{**api.credentials, **change}) == code


class TestOrdinaryToken:
    async def test_new_token_each_time_and_apart_from_the_stable_one(self, api: Api, clock: SettableClock) -> None:
        stable = api.token
        first = (await api.get("token", **api.credentials))["access_token"]
        second = (await api.get("token", **api.credentials))["access_token"]

        assert len({stable, first, second}) == 3
        for token in (stable, first, second):
            api.token = token
            assert (await api.get("menu/get"))["errcode"] == 46003
        clock.advance(minutes=5)
        api.token = first
        assert (await api.get("menu/get"))["errcode"] == 40001


class TestChecks:
    async def test_missing_unknown_and_expired_token(self, api: Api, platform: WeChatPlatform, clock: SettableClock) -> None:
        good, api.token = api.token, ""
        assert (await api.get("menu/get"))["errcode"] == 41001
        api.token = "unknown"
        assert (await api.get("menu/get"))["errcode"] == 40001
        api.token = good
        clock.advance(hours=2)
        assert (await api.get("menu/get"))["errcode"] == 42001

    async def test_token_expired_at_will_is_followed_by_a_new_one(self, api: Api, platform: WeChatPlatform) -> None:
        platform.expire_token()

        assert (await api.get("menu/get"))["errcode"] == 42001
        await api.sign_in()
        assert (await api.get("menu/get"))["errcode"] == 46003

    async def test_unknown_address_and_wrong_method(self, api: Api) -> None:
        assert (await api.get("nothing/here"))["errcode"] == 40066
        assert (await api.get("menu/create"))["errcode"] == 43002

    async def test_errors_come_with_status_200_and_the_platforms_content_type(self, api: Api) -> None:
        async with api.session.get(api.address("menu/get")) as answer:
            assert answer.status == 200
            assert answer.headers["Content-Type"] == "application/json; encoding=utf-8"
            assert "rid: " in (await answer.json())["errmsg"]

    async def test_calls_are_counted(self, api: Api, platform: WeChatPlatform) -> None:
        await api.get("menu/get")
        await api.get("menu/get")

        assert platform.calls["/cgi-bin/menu/get"] == 2
        assert platform.calls["/cgi-bin/stable_token"] == 1


class TestFaults:
    async def test_outage_ends_by_itself_or_by_healing(self, api: Api, platform: WeChatPlatform) -> None:
        platform.faults.outage(BUSY, times=1)
        assert await status(api) == 502
        assert await status(api) == 200

        platform.faults.outage(status=504)
        assert await status(api) == 504
        platform.faults.heal()
        assert await status(api) == 200

    async def test_broken_connection(self, api: Api, platform: WeChatPlatform) -> None:
        platform.faults.outage(BUSY, status=None)

        with pytest.raises(ClientConnectionError):
            await status(api)
        platform.faults.heal(BUSY)
        assert await status(api) == 200

    async def test_refusal(self, api: Api, platform: WeChatPlatform) -> None:
        platform.faults.refuse(-1, BUSY)

        assert (await api.get("user/info", openid="o"))["errcode"] == -1

    async def test_delay(self, api: Api, platform: WeChatPlatform) -> None:
        platform.faults.delay(0.1, BUSY, times=1)
        loop = asyncio.get_running_loop()
        began = loop.time()

        await status(api)

        assert loop.time() - began >= 0.1


async def status(api: Api) -> int:
    async with api.session.get(api.address("user/info"), params={"access_token": api.token}) as answer:
        return answer.status
