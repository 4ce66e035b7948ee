"""The proof: the counters of every session are what its guests and open offers take, none is above its limit, and money agrees."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, case, func, select, union_all
from sqlalchemy.orm import Session

from domain.experiences.models import BookedExperience, ExperienceSession, WaitingParty
from domain.experiences.paying import PAYABLE
from domain.experiences.rules import LIVING, ExperienceState, WaitingState
from domain.kernel.proofs import Discrepancy
from domain.payments.models import Payment
from domain.payments.rules import PaymentState

_COUNTED = ("places", "adults", "children", "kits")


def prove_experiences(session: Session) -> list[Discrepancy]:
    """What does not agree; nothing when all is well. Source: RESTAURANT, Bookings (offers never exceed capacity)."""
    return [*_counters(session), *_limits(session), *_prices(session), *_called_off(session)]


def _counters(session: Session) -> Iterator[Discrepancy]:
    parts = union_all(
        _parts(BookedExperience, BookedExperience.state.in_(LIVING)), _parts(WaitingParty, WaitingParty.state == WaitingState.OFFERED)
    ).subquery()
    sums = select(parts.c.session_id, *(func.sum(parts.c[name]).label(name) for name in _COUNTED)).group_by(parts.c.session_id).subquery()
    query = select(
        ExperienceSession.id,
        *(getattr(ExperienceSession, f"{name}_taken") for name in _COUNTED),
        *(func.coalesce(sums.c[name], 0) for name in _COUNTED),
    ).outerjoin(sums, sums.c.session_id == ExperienceSession.id)
    for session_id, *numbers in session.execute(query):
        for name, written, summed in zip(_COUNTED, numbers[:4], numbers[4:], strict=True):
            if written != int(summed):
                yield Discrepancy(f"{name} taken = living bookings + open offers", session_id, int(summed), written)


def _limits(session: Session) -> Iterator[Discrepancy]:
    there = ExperienceSession
    for name, most, taken in (
        ("places", there.places, there.places_taken),
        ("adults", there.adults_most, there.adults_taken),
        ("children", there.children_most, there.children_taken),
        ("kits", there.kits_most, there.kits_taken),
    ):
        for session_id, limit, found in session.execute(select(there.id, most, taken).where(taken > most)):
            yield Discrepancy(f"{name} taken are at most what the session has", session_id, limit or 0, found)


def _prices(session: Session) -> Iterator[Discrepancy]:
    """A booked party has paid what it costs; where the session was called off, nothing is left."""
    held = (
        select(Payment.payable_id.label("id"), func.sum(Payment.fen - Payment.refunded_fen).label("fen"))
        .where(Payment.payable_kind == PAYABLE, Payment.state == PaymentState.PAID)
        .group_by(Payment.payable_id)
        .subquery()
    )
    left = func.coalesce(held.c.fen, 0)
    costs = case((BookedExperience.state == ExperienceState.BOOKED, BookedExperience.fen), else_=0)
    paid = (
        select(BookedExperience.id, costs, left)
        .outerjoin(held, held.c.id == BookedExperience.id)
        .where(BookedExperience.state.in_((ExperienceState.BOOKED, ExperienceState.CALLED_OFF)), left != costs)
    )
    for booking_id, expected, found in session.execute(paid):
        yield Discrepancy("what is paid for an experience = what it costs", booking_id, int(expected), int(found))


def _called_off(session: Session) -> Iterator[Discrepancy]:
    living = (
        select(ExperienceSession.id, func.count())
        .join(BookedExperience, BookedExperience.session_id == ExperienceSession.id)
        .where(ExperienceSession.called_off_at.is_not(None), BookedExperience.state.in_(LIVING))
        .group_by(ExperienceSession.id)
    )
    for session_id, number in session.execute(living):
        yield Discrepancy("nobody is expected where a session was called off", session_id, 0, int(number))


def _parts(table: Any, counts: ColumnElement[bool]) -> Any:
    return select(
        table.session_id.label("session_id"),
        (table.adults + table.children).label("places"),
        table.adults.label("adults"),
        table.children.label("children"),
        table.kits.label("kits"),
    ).where(counts)
