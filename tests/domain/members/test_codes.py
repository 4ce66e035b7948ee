"""Member codes: ours, fresh, once."""

import asyncio
from datetime import timedelta

import pytest

from domain.members.codes import LONGEST_CODE, forget_codes, make_code, merge_by_codes, read_code, redeem_code, signing_key
from domain.members.errors import CodeExpiredError, CodeForgedError, CodeUsedError, SamePersonError
from domain.members.identities import resolve
from domain.members.models import UsedMemberCode
from domain.members.service import leave_membership
from domain.storage import Database
from tests.clock import SATURDAY_EVENING, SettableClock
from tests.domain.members.people import events, number_of

KEY = signing_key(b"s" * 32)


async def code_of(database: Database, clock: SettableClock, diner: str) -> str:
    return make_code(KEY, await database.read(number_of, diner), now=clock.now())


def test_a_code_is_short_plain_and_never_the_same() -> None:
    one, two = (make_code(KEY, "2345678923", now=SATURDAY_EVENING) for _ in range(2))
    assert one != two
    assert len(one) <= LONGEST_CODE
    assert set(one) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.")
    assert read_code(KEY, f" {one}\n", now=SATURDAY_EVENING).member_number == "2345678923"


def test_a_code_is_good_for_three_minutes() -> None:
    code = make_code(KEY, "2345678923", now=SATURDAY_EVENING)
    read_code(KEY, code, now=SATURDAY_EVENING + timedelta(seconds=179))
    for late in (timedelta(minutes=3), timedelta(days=400), timedelta(minutes=-2)):
        with pytest.raises(CodeExpiredError):
            read_code(KEY, code, now=SATURDAY_EVENING + late)


def test_nobody_else_makes_our_codes() -> None:
    code = make_code(KEY, "2345678923", now=SATURDAY_EVENING)
    letters = [code[:n] + ("A" if code[n] != "A" else "B") + code[n + 1 :] for n in range(len(code))]
    for forged in (
        *letters,
        make_code(signing_key(b"x" * 32), "2345678923", now=SATURDAY_EVENING),
        "",
        "M",
        code * 9,
        code[:-1],
        "M.２.３.a.b",
    ):
        with pytest.raises(CodeForgedError):
            read_code(KEY, forged, now=SATURDAY_EVENING)


async def test_fifty_scans_of_one_code_at_once_are_one(database: Database, clock: SettableClock, member: str) -> None:
    code = await code_of(database, clock, member)
    scans = await asyncio.gather(
        *(database.transaction(redeem_code, KEY, code, now=clock.now()) for _ in range(50)), return_exceptions=True
    )
    assert scans.count(member) == 1
    assert sum(isinstance(scan, CodeUsedError) for scan in scans) == 49


async def test_the_code_of_who_left_is_good_no_more(database: Database, clock: SettableClock, member: str) -> None:
    code = await code_of(database, clock, member)
    await database.transaction(leave_membership, member, now=clock.now())
    with pytest.raises(CodeExpiredError):
        await database.transaction(redeem_code, KEY, code, now=clock.now())


async def test_staff_merge_two_cards_by_scanning_both(database: Database, clock: SettableClock, member: str, other: str) -> None:
    kept, given_up = await code_of(database, clock, other), await code_of(database, clock, member)
    number = await database.read(number_of, other)

    assert await database.transaction(merge_by_codes, KEY, kept, given_up, now=clock.now()) == other

    assert await database.read(resolve, member) == other
    assert await database.read(number_of, other) == number
    assert [event["proof"] for event in await database.read(events, "members_merged")] == ["staff"]
    with pytest.raises(CodeUsedError):
        await database.transaction(merge_by_codes, KEY, kept, given_up, now=clock.now())


async def test_a_refused_merge_uses_no_code_up(database: Database, clock: SettableClock, member: str) -> None:
    one, two = await code_of(database, clock, member), await code_of(database, clock, member)
    with pytest.raises(SamePersonError):
        await database.transaction(merge_by_codes, KEY, one, two, now=clock.now())
    assert await database.transaction(redeem_code, KEY, one, now=clock.now()) == member


async def test_used_codes_are_forgotten_a_day_later(database: Database, clock: SettableClock, member: str) -> None:
    await database.transaction(redeem_code, KEY, await code_of(database, clock, member), now=clock.now())
    await database.transaction(forget_codes, now=clock.advance(hours=23))
    assert await database.read(lambda session: session.query(UsedMemberCode).count()) == 1
    await database.transaction(forget_codes, now=clock.advance(hours=2))
    assert await database.read(lambda session: session.query(UsedMemberCode).count()) == 0
