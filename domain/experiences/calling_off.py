"""A session that does not take place: decided by staff, or because too few have booked. Everybody is told and gets the money back."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from domain.experiences.events import ExperienceCalledOff
from domain.experiences.listing import guests_of, line_of
from domain.experiences.models import ExperienceSession
from domain.experiences.offering import end_waiting, hold_session
from domain.experiences.paying import CALLED_OFF, give_back
from domain.experiences.places import give_back as give_places_back
from domain.experiences.reminders import about
from domain.experiences.rules import ExperienceState, WaitingState
from domain.experiences.sessions import SessionNow, get_session, lock_session
from domain.experiences.writing import move
from domain.messaging import emit
from domain.shop.snapshot import ShopSnapshot

STAFF = "staff"
MINIMUM = "minimum"
_UNSYNCHRONIZED = {"synchronize_session": False}


def call_off(session: Session, session_id: str, *, by: str, now: datetime) -> SessionNow:
    """Staff call a session off: also one that the shop file no longer has.

    Args:
        by: Who does: a staff id.

    Returns:
        The session; called off again, nothing changes.

    Raises:
        NoSuchSessionError.

    Emits: ExperienceCalledOff for each party; RefundRequested; ExperienceWaitingEnded.
    """
    lock_session(session, session_id)
    return _call_off(session, session_id, STAFF, by=by, now=now)


def decide(session: Session, shop: ShopSnapshot, session_id: str, *, now: datetime) -> bool:
    """At the hour of the decision: a session with too few places taken is called off; any other takes place, whoever cancels then.

    One that has begun takes place: an outage calls nobody back who is there.

    Returns:
        False when there was nothing to decide.

    Raises:
        NoSuchSessionError.

    Emits: As `call_off`.
    """
    there = hold_session(session, shop, session_id, now=now)
    if there.called_off_at is not None or there.decided_at is not None or not there.minimum or now < there.decide_at:
        return False
    if there.places_taken < there.minimum and now < there.starts_at:
        _call_off(session, session_id, MINIMUM, by=None, now=now)
        return True
    decided = update(ExperienceSession).where(ExperienceSession.id == session_id, ExperienceSession.decided_at.is_(None))
    session.execute(decided.values(decided_at=now), execution_options=_UNSYNCHRONIZED)
    return True


def _call_off(session: Session, session_id: str, reason: str, *, by: str | None, now: datetime) -> SessionNow:
    off = update(ExperienceSession).where(ExperienceSession.id == session_id, ExperienceSession.called_off_at.is_(None))
    called = session.execute(off.values(called_off_at=now, called_off_by=by), execution_options=_UNSYNCHRONIZED)
    if called.rowcount == 1:  # type: ignore[attr-defined]
        for booked in guests_of(session, session_id):
            ended = move(session, booked, ExperienceState.CALLED_OFF, settled_at=now, end_reason=reason)
            give_places_back(session, session_id, booked.amount)
            refunded = give_back(session, booked, reason=CALLED_OFF, now=now)
            emit(session, ExperienceCalledOff(**about(ended), reason=reason, refunded_fen=refunded), now=now)
        for place in line_of(session, session_id):
            end_waiting(session, place, WaitingState.ENDED, "called_off", now=now)
    return get_session(session, session_id)
