"""The counters of a session: the only place that writes them, all in one statement, so that no session is ever overbooked."""

from typing import Any

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from domain.experiences.models import ExperienceSession
from domain.experiences.rules import Amount

_UNSYNCHRONIZED = {"synchronize_session": False}


def take(session: Session, session_id: str, amount: Amount) -> bool:
    """Take places, for adults and children, and kits: all of it or nothing.

    Args:
        amount: May be less than nothing in parts, when a party becomes smaller.

    Returns:
        False when one of them does not suffice, or the session was called off; nothing was taken.
    """
    there = ExperienceSession
    within: list[Any] = [there.id == session_id, there.called_off_at.is_(None)]
    if amount.places > 0:
        within.append(there.places_taken + amount.places <= there.places)
    for more, taken, most in (
        (amount.adults, there.adults_taken, there.adults_most),
        (amount.children, there.children_taken, there.children_most),
        (amount.kits, there.kits_taken, there.kits_most),
    ):
        if more > 0:
            within.append(or_(most.is_(None), taken + more <= most))
    took = session.execute(update(there).where(*within).values(_added(amount)), execution_options=_UNSYNCHRONIZED)
    return bool(took.rowcount == 1)  # type: ignore[attr-defined]


def give_back(session: Session, session_id: str, amount: Amount) -> None:
    """Give back what a party had; whoever moved its state does so, once."""
    back = _added(Amount(0, 0, 0, 0) - amount)
    session.execute(update(ExperienceSession).where(ExperienceSession.id == session_id).values(back), execution_options=_UNSYNCHRONIZED)


def _added(amount: Amount) -> dict[str, Any]:
    return {
        "places_taken": ExperienceSession.places_taken + amount.places,
        "adults_taken": ExperienceSession.adults_taken + amount.adults,
        "children_taken": ExperienceSession.children_taken + amount.children,
        "kits_taken": ExperienceSession.kits_taken + amount.kits,
    }
