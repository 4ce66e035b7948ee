"""A phone is bound by a code: single use, ten minutes, five tries."""

import asyncio
from collections import Counter

import pytest
from sqlalchemy import select

from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.staff.binding import Binding, BindOutcome, bind, make_code, move_binding, unbind
from domain.staff.errors import AlreadyBoundError, NotStaffError, UnknownStaffError
from domain.staff.models import StaffAct, StaffBindCode
from domain.staff.roster import add_staff, find_staff, remove_staff
from domain.staff.rules import MOST_GUESSES, Act, Role
from domain.storage import Database
from tests.clock import SettableClock

VAULT = Vault(b"s" * 32)
BATCH = 12  # so many connections MariaDB has for us


class House:
    """Staff and phones; each call is a transaction of its own."""

    def __init__(self, database: Database, clock: SettableClock) -> None:
        self.database, self.clock = database, clock

    async def diner(self, name: str) -> str:
        return await self.database.transaction(meet_diner, VAULT, name, now=self.clock.now())

    async def hires(self, name: str = "老王", role: Role = Role.WAITER) -> str:
        return await self.database.transaction(add_staff, name, role, ["chunxi"], now=self.clock.now())

    async def code(self, staff_id: str) -> str:
        return await self.database.transaction(make_code, VAULT.digest, staff_id, now=self.clock.now())

    async def types(self, diner: str, code: str) -> Binding:
        return await self.database.transaction(bind, VAULT.digest, diner, code, now=self.clock.now())

    async def is_staff(self, diner: str) -> str | None:
        found = await self.database.read(find_staff, diner)
        return found.name if found else None


@pytest.fixture
def house(database: Database, clock: SettableClock) -> House:
    return House(database, clock)


def another(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


async def test_the_right_code_makes_a_diner_staff(house: House) -> None:
    diner, code = await house.diner("o1"), await house.code(await house.hires())

    binding = await house.types(diner, f" {code[:3]} {code[3:]} ")

    assert binding.outcome is BindOutcome.BOUND
    assert binding.staff is not None
    assert (binding.staff.role, binding.staff.stores) == (Role.WAITER, frozenset({"chunxi"}))
    assert await house.is_staff(diner) == "老王"


async def test_fifty_who_type_one_code_are_one(house: House) -> None:
    code = await house.code(await house.hires())
    diners = [await house.diner(f"o{number}") for number in range(50)]

    outcomes = []
    for start in range(0, 50, BATCH):
        outcomes += await asyncio.gather(*(house.types(diner, code) for diner in diners[start : start + BATCH]))

    assert [binding.outcome for binding in outcomes].count(BindOutcome.BOUND) == 1
    assert [await house.is_staff(diner) for diner in diners].count("老王") == 1


async def test_eight_copies_of_one_message_bind_once(house: House, database: Database) -> None:
    code, diner = await house.code(await house.hires()), await house.diner("o1")

    outcomes = await asyncio.gather(*(house.types(diner, code) for _ in range(8)))

    # Five tries in ten minutes hold here, too.
    assert Counter(binding.outcome for binding in outcomes) == {BindOutcome.BOUND: 5, BindOutcome.OVER: 3}
    acts = select(StaffAct.act).where(StaffAct.act == Act.BIND.value)
    assert len(await database.read(lambda session: session.execute(acts).all())) == 1


async def test_a_second_tap_is_welcomed_and_anybody_else_is_not(house: House) -> None:
    code, diner = await house.code(await house.hires()), await house.diner("o1")

    first, second = [await house.types(diner, code) for _ in range(2)]
    stranger = await house.types(await house.diner("o2"), code)

    assert (first.staff, second.outcome) == (second.staff, BindOutcome.BOUND)
    assert (stranger.outcome, stranger.tries_left) == (BindOutcome.WRONG, 4)


async def test_a_code_is_good_for_ten_minutes(house: House, clock: SettableClock) -> None:
    code, diner = await house.code(await house.hires()), await house.diner("o1")
    clock.advance(minutes=10)

    assert (await house.types(diner, code)).outcome is BindOutcome.WRONG


async def test_after_five_tries_even_the_right_code_is_not_looked_at(house: House, clock: SettableClock) -> None:
    staff_id, diner = await house.hires(), await house.diner("o1")
    code = await house.code(staff_id)

    wrong = [await house.types(diner, another(code)) for _ in range(5)]

    assert [binding.tries_left for binding in wrong] == [4, 3, 2, 1, 0]
    assert (await house.types(diner, code)).outcome is BindOutcome.OVER
    clock.advance(minutes=10)
    assert (await house.types(diner, await house.code(staff_id))).outcome is BindOutcome.BOUND


async def test_tries_at_once_are_counted_one_by_one(house: House) -> None:
    code, diner = await house.code(await house.hires()), await house.diner("o1")

    outcomes = await asyncio.gather(*(house.types(diner, another(code)) for _ in range(12)))

    assert [binding.outcome for binding in outcomes].count(BindOutcome.WRONG) == 5
    assert [binding.outcome for binding in outcomes].count(BindOutcome.OVER) == 7


async def test_many_accounts_together_do_not_guess_on_and_on(house: House, database: Database) -> None:
    code, diner = await house.code(await house.hires()), await house.diner("o1")
    await database.transaction(lambda session: session.execute(StaffBindCode.__table__.update().values(guesses=MOST_GUESSES)))

    assert (await house.types(diner, code)).outcome is BindOutcome.WRONG


async def test_a_new_code_makes_the_one_before_worthless(house: House) -> None:
    staff_id, diner = await house.hires(), await house.diner("o1")
    old = await house.code(staff_id)
    new = await house.code(staff_id)

    assert (await house.types(diner, old)).outcome is BindOutcome.WRONG
    assert (await house.types(diner, new)).outcome is BindOutcome.BOUND


async def test_a_new_phone_takes_the_place_of_the_old_one(house: House) -> None:
    staff_id, old, new = await house.hires(), await house.diner("o1"), await house.diner("o2")
    await house.types(old, await house.code(staff_id))
    await house.types(new, await house.code(staff_id))

    assert [await house.is_staff(old), await house.is_staff(new)] == [None, "老王"]


async def test_one_phone_is_one_member_of_staff_and_the_code_stays_good(house: House) -> None:
    diner, other = await house.diner("o1"), await house.diner("o2")
    await house.types(diner, await house.code(await house.hires()))
    code = await house.code(await house.hires("小李"))

    with pytest.raises(AlreadyBoundError):
        await house.types(diner, code)

    assert (await house.types(other, code)).outcome is BindOutcome.BOUND


async def test_who_unbinds_is_a_diner_again(house: House, database: Database, clock: SettableClock) -> None:
    diner = await house.diner("o1")
    await house.types(diner, await house.code(await house.hires()))
    await database.transaction(unbind, diner, now=clock.now())

    assert await house.is_staff(diner) is None
    with pytest.raises(NotStaffError):
        await database.transaction(unbind, diner, now=clock.now())
    acts = await database.read(lambda session: session.execute(select(StaffAct.act).order_by(StaffAct.id)).scalars().all())
    assert sorted(acts) == ["bind", "unbind"]


async def test_who_has_left_gets_no_code_and_is_a_diner(house: House, database: Database, clock: SettableClock) -> None:
    staff_id, diner, late = await house.hires(), await house.diner("o1"), await house.diner("o2")
    await house.types(diner, await house.code(staff_id))
    code = await house.code(staff_id)
    assert await database.transaction(remove_staff, staff_id, now=clock.now()) == "老王"

    assert await house.is_staff(diner) is None
    assert (await house.types(late, code)).outcome is BindOutcome.WRONG
    with pytest.raises(UnknownStaffError):
        await house.code(staff_id)


async def test_the_code_itself_is_kept_nowhere(house: House, database: Database) -> None:
    code = await house.code(await house.hires())
    row = await database.read(lambda session: session.execute(select(StaffBindCode.__table__)).one())
    assert code not in [str(value) for value in row]


async def test_two_diners_who_are_one_person_stay_staff(house: House, database: Database) -> None:
    source, target = await house.diner("o1"), await house.diner("o2")
    await house.types(source, await house.code(await house.hires()))

    await database.transaction(move_binding, source, target)

    assert [await house.is_staff(source), await house.is_staff(target)] == [None, "老王"]
