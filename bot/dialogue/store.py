"""Where conversations are kept: one JSON row a diner, with an optimistic version. The one place in dialogue with SQL."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Integer, bindparam, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.dialogue.state import State
from domain.kernel.errors import DomainError
from domain.members.models import Contact
from domain.shop.snapshot import NEWEST_VERSION
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
    select(Contact.diner_id, Dialogue.state, Dialogue.version, NEWEST_VERSION)
    .outerjoin(Dialogue, Dialogue.diner_id == Contact.diner_id)
    .where(Contact.openid_digest == bindparam("digest"))
)
_LOAD = Prepared(select(Dialogue.state, Dialogue.version).where(Dialogue.diner_id == bindparam("diner_id")))
_SAVE = Prepared(
    update(Dialogue)
    .where(Dialogue.diner_id == bindparam("of"), Dialogue.version == bindparam("read_version"))
    .values(version=bindparam("version"), state=bindparam("state"), touched_at=bindparam("touched_at"))
)


def find_state(session: Session, openid_digest: str) -> tuple[str | None, State, int, int | None]:
    """Who writes from an address, their state and its version as `load_state` gives them, and the version of the shop.

    Of an address that we never met nothing is known: neither the diner nor, from this statement, the shop's version (None).
    """
    diner_id, stored, version, shop_version = _FIND.first(session, digest=openid_digest) or (None, None, None, None)
    return diner_id, State() if stored is None else State.from_json(stored), version or 0, shop_version


def load_state(session: Session, diner_id: str) -> tuple[State, int]:
    """The state and its version; (State(), 0) before the first turn."""
    row = _LOAD.first(session, diner_id=diner_id)
    return (State(), 0) if row is None else (State.from_json(row[0]), row[1])


def save_state(session: Session, diner_id: str, state: State, *, read_version: int, now: datetime) -> None:
    """Write a state over the version that was read. Raises: StateMovedError."""
    values = {"version": read_version + 1, "state": state.to_json(), "touched_at": now}
    if read_version == 0:
        saved = insert_once(session, Dialogue, {"diner_id": diner_id} | values)
    else:
        saved = _SAVE.run(session, of=diner_id, read_version=read_version, **values) == 1
    if not saved:
        raise StateMovedError
