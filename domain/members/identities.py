"""Who a diner is by now: ids of people who turned out to be someone else lead to the one who remains."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.members.errors import NotAMemberError
from domain.members.models import Diner, Membership


def resolve(session: Session, diner_id: str, *, hold: bool = False) -> str:
    """The diner who remains of a diner; the same id for one who was never merged.

    Args:
        hold: Keep it so until the transaction ends: whoever writes something for the diner holds them, so that a merge
            at the same time either carries it along or comes first.
    """
    while True:
        asked = select(Diner.merged_into).where(Diner.id == diner_id)
        into = session.execute(asked.with_for_update(read=True) if hold else asked).scalar()
        if into is None:
            return diner_id
        diner_id = into


def lock_diner(session: Session, diner_id: str) -> str:
    """Hold a diner for oneself until the transaction ends: nothing else may be written for them meanwhile.

    Returns:
        The id of the diner who remains.
    """
    while True:
        remaining = resolve(session, diner_id)
        into = session.execute(select(Diner.merged_into).where(Diner.id == remaining).with_for_update()).scalar()
        if into is None:
            return remaining


def ids_of(session: Session, diner_id: str) -> tuple[str, ...]:
    """Every id under which a person stands in the books, the present one first: for history, export and erasure."""
    remaining = resolve(session, diner_id)
    merged = select(Diner.id).where(Diner.merged_into == remaining).order_by(Diner.id)
    return (remaining, *session.execute(merged).scalars())


def lock_member(session: Session, diner_id: str) -> str:
    """Hold a member until the transaction ends, so that all that is decided about one member waits in one line.

    Returns:
        The id of the diner who remains.

    Raises:
        NotAMemberError: They have not joined.
    """
    remaining = resolve(session, diner_id, hold=True)
    if session.execute(select(Membership.diner_id).where(Membership.diner_id == remaining).with_for_update()).scalar() is None:
        raise NotAMemberError
    return remaining
