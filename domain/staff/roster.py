"""Who works here, where, and what they may do; and the record of what they did."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, or_, select, update
from sqlalchemy.orm import Session

from domain.kernel.ids import new_id
from domain.staff.errors import NoStoreError, NotAllowedError, NotStaffError, UnknownStaffError, WrongStoreError
from domain.staff.models import StaffAct, StaffMember, StaffStore
from domain.staff.rules import MAY, ROLE_TITLES, Act, Role
from domain.storage import Prepared


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff. `stores` are ids; None means every store."""

    id: str
    name: str
    role: Role
    stores: frozenset[str] | None

    def works_in(self, store_id: str) -> bool:
        """Whether a store is theirs."""
        return self.stores is None or store_id in self.stores


_BY_DINER = Prepared(
    select(StaffMember.id, StaffMember.name, StaffMember.role).where(
        StaffMember.diner_id == bindparam("diner_id"), StaffMember.active.is_(True)
    )
)


def add_staff(session: Session, name: str, role: Role, store_ids: Iterable[str], *, now: datetime) -> str:
    """Somebody new works here. Their phone is bound with a code of `binding.make_code`.

    Args:
        name: As colleagues call them; at most 40 characters.
        store_ids: Stores that exist; an owner needs none.

    Returns:
        The id of the member of staff.

    Raises:
        NoStoreError: Not an owner, and no store.
    """
    stores = sorted(set(store_ids))
    if role is not Role.OWNER and not stores:
        raise NoStoreError
    staff_id = new_id(now)
    session.execute(insert(StaffMember), {"id": staff_id, "name": name[:40], "role": role.value, "active": True, "added_at": now})
    for store_id in stores if role is not Role.OWNER else ():
        session.execute(insert(StaffStore), {"staff_id": staff_id, "store_id": store_id})
    return staff_id


def remove_staff(session: Session, staff_id: str, *, now: datetime) -> str:
    """Somebody leaves: their phone is a diner's again, and what they did stays on record.

    Returns:
        Their name.

    Raises:
        UnknownStaffError: No such member, or they have left already.
    """
    gone = session.execute(
        update(StaffMember)
        .where(StaffMember.id == staff_id, StaffMember.active.is_(True))
        .values(active=False, diner_id=None, left_at=now)
        .execution_options(synchronize_session=False)
    )
    if gone.rowcount != 1:  # type: ignore[attr-defined]
        raise UnknownStaffError
    return session.execute(select(StaffMember.name).where(StaffMember.id == staff_id)).scalar_one()


def find_staff(session: Session, diner_id: str) -> Staff | None:
    """The active member of staff whose phone this is, or None."""
    row = _BY_DINER.first(session, diner_id=diner_id)
    return None if row is None else _staff(session, row[0], row[1], Role(row[2]))


def require_staff(session: Session, diner_id: str, act: Act, store_id: str | None = None) -> Staff:
    """Whoever speaks, when they may do this.

    Args:
        store_id: Where; None for what belongs to no store.

    Raises:
        NotStaffError: Not bound, or no longer active.
        NotAllowedError: Their role does something else.
        WrongStoreError: They work elsewhere.
    """
    staff = find_staff(session, diner_id)
    if staff is None:
        raise NotStaffError
    if act not in MAY[staff.role]:
        raise NotAllowedError(role=ROLE_TITLES[staff.role])
    if store_id is not None and not staff.works_in(store_id):
        raise WrongStoreError(name=staff.name)
    return staff


def bound_staff(session: Session, store_id: str, roles: Collection[Role]) -> Sequence[tuple[str, str]]:
    """(staff id, diner id) of everybody of these roles who can be reached by chat and works in a store; the longest here first."""
    here = select(StaffStore.staff_id).where(StaffStore.store_id == store_id)
    rows = session.execute(
        select(StaffMember.id, StaffMember.diner_id)
        .where(
            StaffMember.active.is_(True),
            StaffMember.diner_id.is_not(None),
            StaffMember.role.in_([role.value for role in roles]),
            or_(StaffMember.role == Role.OWNER.value, StaffMember.id.in_(here)),
        )
        .order_by(StaffMember.added_at, StaffMember.id)
    )
    return [(staff_id, diner_id) for staff_id, diner_id in rows if diner_id is not None]


def list_staff(session: Session, store_id: str | None = None) -> Sequence[tuple[Staff, bool]]:
    """Everybody who works here, by name, and whether their phone is bound. Args: store_id: Only of this store."""
    rows = session.execute(
        select(StaffMember.id, StaffMember.name, StaffMember.role, StaffMember.diner_id)
        .where(StaffMember.active.is_(True))
        .order_by(StaffMember.name, StaffMember.id)
    )
    everybody = [(_staff(session, row[0], row[1], Role(row[2])), row[3] is not None) for row in rows.all()]
    return [(staff, bound) for staff, bound in everybody if store_id is None or staff.works_in(store_id)]


def names_of(session: Session, staff_ids: Collection[str]) -> dict[str, str]:
    """Names of members of staff by id, of those who left too."""
    rows = session.execute(select(StaffMember.id, StaffMember.name).where(StaffMember.id.in_(set(staff_ids))))
    return {staff_id: name for staff_id, name in rows}  # noqa: C416 - rows are no tuples to mypy


def record_act(session: Session, staff: Staff, act: Act, subject: str, *, store_id: str | None, now: datetime) -> None:
    """Write down who did what, to what, where and when. Every act of staff does, in its own transaction.

    Args:
        subject: Id or code of what it was done to, and a word on what became of it ("0087 ready"); no words of diners;
            48 characters are kept.
    """
    row = {"id": new_id(now), "staff_id": staff.id, "act": act.value, "subject": subject[:48], "store_id": store_id, "done_at": now}
    session.execute(insert(StaffAct), row)


def _staff(session: Session, staff_id: str, name: str, role: Role) -> Staff:
    if role is Role.OWNER:
        return Staff(staff_id, name, role, None)
    stores = session.execute(select(StaffStore.store_id).where(StaffStore.staff_id == staff_id)).scalars()
    return Staff(staff_id, name, role, frozenset(stores))
