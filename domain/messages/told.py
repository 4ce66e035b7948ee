"""Whether the house has said something to a diner of its own accord: what they say next may be meant for that."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.messages.models import Message
from domain.messages.rules import Purpose


def was_told_since(session: Session, diner_id: str, moment: datetime) -> bool:
    """Whether a message to a diner has left since an instant, late answers to what they said left out."""
    told = select(Message.id).where(Message.diner_id == diner_id, Message.departed_at > moment, Message.purpose != Purpose.REPLY.value)
    return session.execute(told.limit(1)).first() is not None
