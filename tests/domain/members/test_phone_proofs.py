"""A phone is an identity only when a code sent to it came back."""

import asyncio

import pytest
from sqlalchemy import select

from domain.members.errors import CodeTooSoonError, PhoneProofOffError, TooManyCodesError
from domain.members.identities import resolve
from domain.members.models import PhoneProof
from domain.members.phones import CodeToSend, ProofOutcome, finish_proof, forget_proofs, phone_of, require_sender, set_phone, start_proof
from domain.storage import Database
from tests.clock import SettableClock
from tests.domain.members.people import VAULT, events

PHONE = "13800005678"


async def sent(database: Database, clock: SettableClock, diner: str) -> CodeToSend:
    return await database.transaction(start_proof, VAULT, diner, PHONE, now=clock.now())


async def typed(database: Database, clock: SettableClock, diner: str, code: str) -> tuple[ProofOutcome, int]:
    found = await database.transaction(finish_proof, VAULT, diner, code, now=clock.now())
    return found.outcome, found.tries_left


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


async def test_the_right_code_proves_the_phone_and_is_good_once(database: Database, clock: SettableClock, member: str) -> None:
    code = await sent(database, clock, member)
    assert (code.phone, len(code.code)) == (PHONE, 6)
    outcomes = await asyncio.gather(*(typed(database, clock, member, code.code) for _ in range(8)))
    assert outcomes.count((ProofOutcome.PROVEN, 0)) == 1
    assert outcomes.count((ProofOutcome.OVER, 0)) == 7
    assert await database.read(phone_of, VAULT, member) == PHONE


async def test_the_same_proven_phone_is_the_same_person(database: Database, clock: SettableClock, member: str, other: str) -> None:
    for diner in (other, member):
        code = await sent(database, clock, diner)
        assert (await typed(database, clock, diner, f" {code.code} "))[0] is ProofOutcome.PROVEN
        clock.advance(minutes=2)
    assert await database.read(resolve, other) == member
    assert [event["proof"] for event in await database.read(events, "members_merged")] == ["phone"]


async def test_a_typed_phone_proves_nothing(database: Database, clock: SettableClock, member: str, other: str) -> None:
    await database.transaction(set_phone, VAULT, member, PHONE)
    code = await sent(database, clock, other)
    await typed(database, clock, other, code.code)
    assert await database.read(events, "members_merged") == []


async def test_a_number_that_may_have_a_new_owner_passes_on_without_a_merge(
    database: Database, clock: SettableClock, member: str, other: str
) -> None:
    await typed(database, clock, member, (await sent(database, clock, member)).code)
    clock.advance(days=90)
    assert (await typed(database, clock, other, (await sent(database, clock, other)).code))[0] is ProofOutcome.PROVEN
    assert await database.read(events, "members_merged") == []


async def test_five_wrong_tries_end_a_code_also_at_once(database: Database, clock: SettableClock, member: str) -> None:
    code = (await sent(database, clock, member)).code
    outcomes = await asyncio.gather(*(typed(database, clock, member, wrong(code)) for _ in range(12)))
    assert sorted(left for outcome, left in outcomes if outcome is ProofOutcome.WRONG) == [0, 1, 2, 3, 4]
    assert await typed(database, clock, member, code) == (ProofOutcome.OVER, 0)


async def test_a_code_is_over_after_ten_minutes_and_when_a_newer_one_was_sent(
    database: Database, clock: SettableClock, member: str
) -> None:
    first = (await sent(database, clock, member)).code
    clock.advance(minutes=1)
    second = (await sent(database, clock, member)).code
    if first != second:
        assert (await typed(database, clock, member, first))[0] is ProofOutcome.WRONG
    clock.advance(minutes=10)
    assert (await typed(database, clock, member, second))[0] is ProofOutcome.OVER
    assert (await typed(database, clock, member, ""))[0] is ProofOutcome.OVER


async def test_codes_are_rationed_by_diner_and_by_phone(database: Database, clock: SettableClock, member: str, other: str) -> None:
    for _ in range(5):
        await sent(database, clock, member)
        with pytest.raises(CodeTooSoonError):
            await sent(database, clock, member)
        with pytest.raises(CodeTooSoonError):
            await sent(database, clock, other)
        clock.advance(minutes=2)
    for diner in (member, other):
        with pytest.raises(TooManyCodesError):
            await sent(database, clock, diner)
    clock.advance(days=1)
    await sent(database, clock, other)


async def test_ten_requests_at_once_send_one_code(database: Database, clock: SettableClock, member: str) -> None:
    asked = await asyncio.gather(*(sent(database, clock, member) for _ in range(10)), return_exceptions=True)
    assert sum(isinstance(answer, CodeToSend) for answer in asked) == 1


async def test_no_code_lies_in_the_clear_and_old_ones_go(database: Database, clock: SettableClock, member: str) -> None:
    code = await sent(database, clock, member)
    rows = await database.read(lambda session: session.execute(select(PhoneProof.__table__)).all())
    assert len(rows) == 1
    assert code.phone not in str(rows)
    assert code.code not in [str(value) for value in rows[0]]
    await database.transaction(forget_proofs, now=clock.advance(days=3))
    assert await database.read(lambda session: session.execute(select(PhoneProof.id)).all()) == []


def test_without_a_provider_no_phone_is_proven() -> None:
    with pytest.raises(PhoneProofOffError):
        require_sender(None)
