"""Where conversations are kept: one JSON row a diner, with an optimistic version. The one place in dialogue with SQL."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Integer, and_, bindparam, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.dialogue.state import State
from domain.kernel.errors import DomainError
from domain.members.models import Contact
from domain.shop.snapshot import NEWEST_VERSION
from domain.staff.models import StaffMember
from domain.storage import Base, Json, Prepared, UtcDateTime, insert_once, personal


class Dialogue(Base):
    """A diner's conversation as it stands."""

    __tablename__ = "dialogue"

    diner_id: Mapped[str] = mapped_column(ForeignKey("diner.id"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    state: Mapped[dict[str, Any]] = mapped_column(
        Json, info=personal("go on where the diner stopped", basis="contract", retention="until erased", erase="delete")
    )
    touched_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StateMovedError(DomainError):
    """Another turn of the same diner was quicker; this one starts again from the new state."""

    code = "dialogue.state_moved"


_FIND = Prepared(
    select(Contact.diner_id, Dialogue.state, Dialogue.version, NEWEST_VERSION, StaffMember.id)
    .outerjoin(Dialogue, Dialogue.diner_id == Contact.diner_id)
    .outerjoin(StaffMember, and_(StaffMember.diner_id == Contact.diner_id, StaffMember.active.is_(True)))
    .where(Contact.openid_digest == bindparam("digest"))
)
_LOAD = Prepared(select(Dialogue.state, Dialogue.version).where(Dialogue.diner_id == bindparam("diner_id")))
_SAVE = Prepared(
    update(Dialogue)
    .where(Dialogue.diner_id == bindparam("of"), Dialogue.version == bindparam("read_version"))
    .values(version=bindparam("version"), state=bindparam("state"), touched_at=bindparam("touched_at"))
)


def find_state(session: Session, openid_digest: str) -> tuple[str | None, State, int, int | None, bool]:
    """Who writes from an address, their state and its version as `load_state` gives them, the version of the shop, and whether
    they work here.

    Of an address that we never met nothing is known: neither the diner nor, from this statement, the shop's version (None).
    """
    diner_id, stored, version, shop_version, staff_id = _FIND.first(session, digest=openid_digest) or (None, None, None, None, None)
    return diner_id, State() if stored is None else State.from_json(stored), version or 0, shop_version, staff_id is not None


def load_state(session: Session, diner_id: str) -> tuple[State, int]:
    """The state and its version; (State(), 0) before the first turn."""
    row = _LOAD.first(session, diner_id=diner_id)
    return (State(), 0) if row is None else (State.from_json(row[0]), row[1])


def take_back_talk(session: Session, diner_id: str, *, now: datetime) -> bool:
    """A member of staff gives a diner's talk back to the bot. Returns: False when no person had it. Raises: StateMovedError."""
    state, version = load_state(session, diner_id)
    if not state.with_person(now):
        return False
    save_state(session, diner_id, replace(state, person_until=None), read_version=version, now=now)
    return True


def save_state(session: Session, diner_id: str, state: State, *, read_version: int, now: datetime) -> None:
    """Write a state over the version that was read. Raises: StateMovedError."""
    values = {"version": read_version + 1, "state": state.to_json(), "touched_at": now}
    if read_version == 0:
        saved = insert_once(session, Dialogue, {"diner_id": diner_id} | values)
    else:
        saved = _SAVE.run(session, of=diner_id, read_version=read_version, **values) == 1
    if not saved:
        raise StateMovedError
