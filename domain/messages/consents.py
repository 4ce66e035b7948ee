"""The stock of consents to subscription notices: one accept is one send. Source: reference wechat §1.4; peers §2."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from domain.messages.models import MessageConsent
from domain.storage import insert_once

NOT_ASKED_AGAIN: Final = timedelta(days=7)  # after a refusal


def accept_notice(session: Session, diner_id: str, kind: str) -> None:
    """The diner allows one more notice of this kind; a refusal before that is forgotten."""
    values = {"accepted": MessageConsent.accepted + 1, "refused_at": None}
    if _change(session, diner_id, kind, values) == 0 and not _first(session, diner_id, kind, accepted=1):
        _change(session, diner_id, kind, values)


def refuse_notice(session: Session, diner_id: str, kind: str, *, for_good: bool, now: datetime) -> None:
    """The diner does not want a notice of this kind.

    Args:
        for_good: They switched the kind off, so that what they allowed before is void too; False when they only said no
            to one question.
    """
    values = {"refused": MessageConsent.refused + 1, "refused_at": now} | ({"used": MessageConsent.accepted} if for_good else {})
    if _change(session, diner_id, kind, values) == 0 and not _first(session, diner_id, kind, refused=1, refused_at=now):
        _change(session, diner_id, kind, values)


def notices_left(session: Session, diner_id: str, kind: str) -> int:
    """How many notices of a kind may still be sent to a diner."""
    asked = select(MessageConsent.accepted - MessageConsent.used).where(*_mine(diner_id, kind))
    return max(0, session.execute(asked).scalar() or 0)


def may_ask(session: Session, diner_id: str, kind: str, *, now: datetime) -> bool:
    """Whether it is fair to ask: there is no consent left, and no refusal in the last seven days."""
    asked = select(MessageConsent.accepted - MessageConsent.used, MessageConsent.refused_at).where(*_mine(diner_id, kind))
    row = session.execute(asked).first()
    return row is None or (row[0] <= 0 and (row[1] is None or now - row[1] >= NOT_ASKED_AGAIN))


def take_consent(session: Session, diner_id: str, kind: str) -> bool:
    """Use one consent. Returns: False when there is none."""
    left = MessageConsent.accepted > MessageConsent.used
    return bool(_change(session, diner_id, kind, {"used": MessageConsent.used + 1}, left))


def return_consent(session: Session, diner_id: str, kind: str) -> None:
    """The notice surely did not leave: its consent is good for another."""
    _change(session, diner_id, kind, {"used": MessageConsent.used - 1}, MessageConsent.used > 0)


def void_consents(session: Session, diner_id: str, kind: str) -> None:
    """The platform says that there is no consent, whatever we counted (43101)."""
    _change(session, diner_id, kind, {"used": MessageConsent.accepted})


def _mine(diner_id: str, kind: str) -> tuple[ColumnElement[bool], ...]:
    return (MessageConsent.diner_id == diner_id, MessageConsent.kind == kind)


def _change(session: Session, diner_id: str, kind: str, values: Mapping[str, Any], *conditions: ColumnElement[bool]) -> int:
    changed = session.execute(update(MessageConsent).where(*_mine(diner_id, kind), *conditions).values(values))
    return int(changed.rowcount)  # type: ignore[attr-defined]


def _first(session: Session, diner_id: str, kind: str, *, accepted: int = 0, refused: int = 0, refused_at: datetime | None = None) -> bool:
    row = {"diner_id": diner_id, "kind": kind, "accepted": accepted, "used": 0, "refused": refused, "refused_at": refused_at}
    return insert_once(session, MessageConsent, row)
