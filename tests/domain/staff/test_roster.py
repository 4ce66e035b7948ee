"""Roles decide what somebody may do, stores where; every act is on record."""

import pytest
from sqlalchemy import select, update

from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.staff.errors import NoStoreError, NotAllowedError, NotStaffError, WrongStoreError
from domain.staff.models import StaffAct, StaffMember
from domain.staff.roster import add_staff, bound_staff, list_staff, record_act, require_staff
from domain.staff.rules import IN_CHARGE, MAY, Act, Role
from domain.storage import Database
from tests.clock import SettableClock

VAULT = Vault(b"s" * 32)


async def hired(database: Database, clock: SettableClock, name: str, role: Role, *stores: str) -> str:
    """Somebody whose phone is bound; gives the diner's id."""
    staff_id = await database.transaction(add_staff, name, role, stores, now=clock.now())
    diner = await database.transaction(meet_diner, VAULT, name, now=clock.now())
    await database.transaction(
        lambda session: session.execute(update(StaffMember).where(StaffMember.id == staff_id).values(diner_id=diner))
    )
    return diner


async def test_a_waiter_takes_calls_of_their_store_and_sees_no_figures(database: Database, clock: SettableClock) -> None:
    waiter = await hired(database, clock, "小李", Role.WAITER, "chunxi")

    assert (await database.read(require_staff, waiter, Act.CALLS, "chunxi")).name == "小李"
    with pytest.raises(WrongStoreError):
        await database.read(require_staff, waiter, Act.CALLS, "tianfu")
    with pytest.raises(NotAllowedError) as refused:
        await database.read(require_staff, waiter, Act.FIGURES, "chunxi")
    assert refused.value.details == {"role": "服务员"}


async def test_an_owner_works_in_every_store(database: Database, clock: SettableClock) -> None:
    owner = await hired(database, clock, "老板娘", Role.OWNER)
    assert (await database.read(require_staff, owner, Act.FIGURES, "any")).stores is None


async def test_a_diner_is_not_staff(database: Database, clock: SettableClock) -> None:
    diner = await database.transaction(meet_diner, VAULT, "o1", now=clock.now())
    with pytest.raises(NotStaffError):
        await database.read(require_staff, diner, Act.SERVE)


async def test_everybody_but_an_owner_works_somewhere(database: Database, clock: SettableClock) -> None:
    with pytest.raises(NoStoreError):
        await database.transaction(add_staff, "小李", Role.WAITER, [], now=clock.now())


async def test_those_in_charge_of_a_store_are_its_managers_and_the_owner(database: Database, clock: SettableClock) -> None:
    manager = await hired(database, clock, "店长", Role.MANAGER, "chunxi", "tianfu")
    await hired(database, clock, "别店店长", Role.MANAGER, "jinli")
    await hired(database, clock, "小李", Role.WAITER, "chunxi")
    owner = await hired(database, clock, "老板", Role.OWNER)
    await database.transaction(add_staff, "没绑的店长", Role.MANAGER, ["chunxi"], now=clock.now())

    found = await database.read(bound_staff, "chunxi", IN_CHARGE)

    assert {diner for _, diner in found} == {manager, owner}


async def test_the_list_says_who_works_where_and_whose_phone_is_bound(database: Database, clock: SettableClock) -> None:
    await hired(database, clock, "b", Role.COOK, "chunxi")
    await database.transaction(add_staff, "a", Role.WAITER, ["tianfu"], now=clock.now())

    assert [(staff.name, bound) for staff, bound in await database.read(list_staff)] == [("a", False), ("b", True)]
    assert [staff.name for staff, _ in await database.read(list_staff, "chunxi")] == ["b"]


async def test_an_act_is_on_record(database: Database, clock: SettableClock) -> None:
    cook = await hired(database, clock, "老王", Role.COOK, "chunxi")
    staff = await database.read(require_staff, cook, Act.SELL, "chunxi")
    await database.transaction(record_act, staff, Act.SELL, "pork out", store_id="chunxi", now=clock.now())

    row = await database.read(lambda session: session.execute(select(StaffAct)).scalar_one())
    assert (row.staff_id, row.act, row.subject, row.store_id, row.done_at) == (staff.id, "sell", "pork out", "chunxi", clock.now())


@pytest.mark.parametrize("role", Role)
def test_everybody_may_serve_bind_and_unbind(role: Role) -> None:
    assert {Act.SERVE, Act.BIND, Act.UNBIND} <= MAY[role]


@pytest.mark.parametrize("role", Role)
def test_everybody_but_a_cook_may_work_at_the_door(role: Role) -> None:
    assert (Act.DOOR in MAY[role]) is (role is not Role.COOK)
