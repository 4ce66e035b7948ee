"""Access tokens: one refresher across processes, no storm, no second forced refresh within 30 seconds."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.storage import Database, open_database
from haowei.simulators.wechat import Account, WeChatPlatform
from tests.clock import SettableClock
from tests.servers import free_port
from tests.wechat_gateway.api.conftest import NewTokens
from wechat_gateway.api.client import WeChatClient
from wechat_gateway.api.errors import Action, WeChatApiError
from wechat_gateway.api.tokens import LEASE, AccessTokens, WeChatToken
from wechat_gateway.api.transport import Transport

STABLE = "/cgi-bin/stable_token"
MENU = "/cgi-bin/menu/create"
BAR = {"button": [{"type": "click", "name": "帮助", "key": "menu.help"}]}


def row(session: Session) -> WeChatToken:
    return session.execute(select(WeChatToken)).scalar_one()


def held_by_another(session: Session, until: object) -> None:
    session.execute(update(WeChatToken).values(leased_by="another", leased_until=until))


async def until_asked(platform: WeChatPlatform) -> None:
    async with asyncio.timeout(5):
        while not platform.calls[STABLE]:
            await asyncio.sleep(0.01)


class TestGet:
    async def test_fetched_once_and_kept(self, tokens: AccessTokens, platform: WeChatPlatform) -> None:
        first = await tokens.get()

        assert [await tokens.get() for _ in range(3)] == [first] * 3
        assert platform.calls[STABLE] == 1

    async def test_all_callers_of_all_processes_cause_one_fetch(self, new_tokens: NewTokens, platform: WeChatPlatform) -> None:
        platform.faults.delay(0.2, STABLE)
        processes = [new_tokens() for _ in range(6)]

        got = await asyncio.gather(*(tokens.get() for tokens in processes for _ in range(5)))

        assert len(set(got)) == 1
        assert platform.calls[STABLE] == 1

    async def test_a_later_process_takes_it_from_the_row(self, new_tokens: NewTokens, platform: WeChatPlatform) -> None:
        first = await new_tokens().get()

        assert await new_tokens().get() == first
        assert platform.calls[STABLE] == 1

    async def test_renewed_before_the_platform_lets_it_expire(
        self, tokens: AccessTokens, platform: WeChatPlatform, clock: SettableClock, client: WeChatClient
    ) -> None:
        first = await tokens.get()
        clock.advance(seconds=7200 - 241)
        assert await tokens.get() == first

        clock.advance(seconds=2)

        assert await tokens.get() != first
        assert platform.calls[STABLE] == 2
        await client.call(MENU, BAR)

    async def test_a_caller_that_gives_up_does_not_stop_the_fetch_for_others(self, tokens: AccessTokens, platform: WeChatPlatform) -> None:
        platform.faults.delay(0.2, STABLE)
        impatient, patient = asyncio.create_task(tokens.get()), asyncio.create_task(tokens.get())
        await asyncio.sleep(0.05)
        impatient.cancel()

        assert await patient
        assert platform.calls[STABLE] == 1

    async def test_the_lease_is_given_back(self, tokens: AccessTokens, database: Database, clock: SettableClock) -> None:
        await tokens.get()

        stored = await database.read(row)

        assert (stored.leased_by, stored.leased_until) == ("", clock.now())


class TestFailures:
    @pytest.mark.parametrize("code", [40013, 40125, 40164])
    async def test_wrong_settings_need_a_person_and_the_next_try_is_free(
        self, tokens: AccessTokens, platform: WeChatPlatform, code: int
    ) -> None:
        platform.faults.refuse(code, STABLE, times=1)

        with pytest.raises(WeChatApiError, match="no token") as caught:
            await tokens.get()

        assert (caught.value.errcode, caught.value.action, caught.value.sent) == (code, Action.ALARM, False)
        assert await tokens.get()

    async def test_secret_that_the_platform_calls_a_bad_credential(self, tokens: AccessTokens, platform: WeChatPlatform) -> None:
        platform.faults.refuse(40001, STABLE)

        with pytest.raises(WeChatApiError) as caught:
            await tokens.get()

        assert caught.value.action is Action.ALARM
        assert platform.calls[STABLE] == 1

    @pytest.mark.parametrize("status", [502, None])
    async def test_platform_down_tells_everybody_at_once(
        self, tokens: AccessTokens, client: WeChatClient, platform: WeChatPlatform, status: int | None
    ) -> None:
        platform.faults.outage(STABLE, status=status)

        ended = await asyncio.gather(*(client.call(MENU, BAR) for _ in range(5)), return_exceptions=True)

        assert all(isinstance(error, WeChatApiError) and error.sent is False for error in ended)
        assert platform.calls[STABLE] == 1
        assert platform.calls[MENU] == 0
        platform.faults.heal()
        await client.call(MENU, BAR)

    async def test_secret_and_token_are_not_shown(self, tokens: AccessTokens, account: Account, platform: WeChatPlatform) -> None:
        token = await tokens.get()
        platform.faults.refuse(40164, STABLE)
        with pytest.raises(WeChatApiError) as caught:
            await tokens.renew(token)

        shown = f"{caught.value!s}{caught.value!r}{tokens!r}"

        assert account.app_secret not in shown
        assert token not in shown

    async def test_database_gone_is_told_as_not_sent(self, transport: Transport, clock: SettableClock, account: Account) -> None:
        nowhere = open_database(f"mysql+aiomysql://x:y@127.0.0.1:{free_port()}/haowei")
        tokens = AccessTokens(nowhere, transport, clock, app_id=account.app_id, app_secret=account.app_secret)

        with pytest.raises(WeChatApiError, match="database") as caught:
            await tokens.get()

        assert (caught.value.action, caught.value.sent) == (Action.RETRY_LATER, False)
        await nowhere.close()


class TestRefused:
    async def test_expired_early_by_the_platform(self, client: WeChatClient, tokens: AccessTokens, platform: WeChatPlatform) -> None:
        first = await tokens.get()
        platform.expire_token()

        await client.call(MENU, BAR)

        assert await tokens.get() != first
        assert platform.calls[MENU] == 2
        assert platform.calls[STABLE] == 2

    async def test_another_process_has_renewed_it_already(self, new_tokens: NewTokens, platform: WeChatPlatform) -> None:
        ours, theirs = new_tokens(), new_tokens()
        refused = await ours.get()
        assert await theirs.get() == refused
        platform.expire_token()
        fresh = await theirs.renew(refused)
        calls = platform.calls[STABLE]

        assert await ours.renew(refused) == fresh
        assert platform.calls[STABLE] == calls

    async def test_a_storm_of_refusals_renews_once(self, new_tokens: NewTokens, transport: Transport, platform: WeChatPlatform) -> None:
        processes = [new_tokens() for _ in range(4)]
        for tokens in processes:
            await tokens.get()
        platform.expire_token()

        await asyncio.gather(*(WeChatClient(transport, tokens).call(MENU, BAR) for tokens in processes for _ in range(5)))

        assert platform.calls[STABLE] == 2

    async def test_refused_although_the_platform_still_gives_it_out_is_forced_once(
        self, tokens: AccessTokens, platform: WeChatPlatform
    ) -> None:
        first = await tokens.get()

        second = await tokens.renew(first)

        assert second != first
        assert platform.calls[STABLE] == 3  # fetched, fetched the same again, forced

    async def test_no_second_force_within_thirty_seconds_by_any_process(
        self, new_tokens: NewTokens, platform: WeChatPlatform, clock: SettableClock
    ) -> None:
        second = await new_tokens().renew(await new_tokens().get())
        calls = platform.calls[STABLE]

        with pytest.raises(WeChatApiError, match="less than 30 s old") as caught:
            await new_tokens().renew(second)

        assert (caught.value.action, caught.value.sent) == (Action.RETRY_LATER, False)
        assert platform.calls[STABLE] == calls + 1
        clock.advance(seconds=30)
        assert await new_tokens().renew(second) != second

    async def test_refused_for_ever_costs_a_bounded_number_of_calls(self, client: WeChatClient, platform: WeChatPlatform) -> None:
        platform.faults.refuse(40001, MENU)

        for _ in range(10):
            with pytest.raises(WeChatApiError):
                await client.call(MENU, BAR)

        assert platform.calls[MENU] <= 20
        assert platform.calls[STABLE] <= 12


class TestLease:
    async def test_whoever_waits_takes_over_when_the_holder_dies(
        self, tokens: AccessTokens, platform: WeChatPlatform, database: Database, clock: SettableClock
    ) -> None:
        first = await tokens.get()
        clock.advance(hours=2)
        await database.transaction(held_by_another, clock.now() + LEASE)

        waiting = asyncio.create_task(tokens.get())
        await asyncio.sleep(0.3)
        assert not waiting.done()
        assert platform.calls[STABLE] == 1
        clock.advance(LEASE)

        assert await waiting != first
        assert platform.calls[STABLE] == 2

    async def test_whoever_lost_the_lease_stores_nothing(
        self, tokens: AccessTokens, database: Database, clock: SettableClock, platform: WeChatPlatform
    ) -> None:
        platform.faults.delay(1, STABLE)
        fetching = asyncio.create_task(tokens.get())
        await until_asked(platform)
        await database.transaction(held_by_another, clock.now() + timedelta(minutes=1))

        assert await fetching

        stored = await database.read(row)
        assert (stored.token, stored.leased_by) == ("", "another")
