"""Emit events: one row for the event, one delivery for each consumer, in the caller's transaction."""

from datetime import datetime

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from domain.kernel.ids import new_id
from domain.messaging.events import Event
from domain.messaging.models import Delivery, OutboxEvent
from domain.storage import Prepared, insert_once
from domain.storage.database import ROUTES, WOKEN

_WRITE = Prepared(insert(OutboxEvent.__table__))  # type: ignore[arg-type]
_DELIVER = Prepared(insert(Delivery.__table__))  # type: ignore[arg-type]


def emit(session: Session, event: Event, *, now: datetime, due_at: datetime | None = None, key: str | None = None) -> None:
    """Write down that something happened, for everyone who listens.

    Args:
        due_at: Deliver not before this instant (a reminder); at once when None.
        key: At most one delivery a consumer under this key, ever: a second emit with it is a no-op.

    Raises:
        LookupError: routing.py does not name the event, so nobody decided who hears it.
    """
    routes = session.info[ROUTES]
    if event.name not in routes:
        raise LookupError(f"no route for event {event.name!r}: add it to haowei/routing.py")
    consumers = routes[event.name]
    event_id = new_id(now)
    _WRITE.run(session, id=event_id, name=event.name, version=event.version, payload=event.payload(), occurred_at=now)
    heard = not consumers
    for consumer in consumers:
        row = {
            "id": new_id(now),
            "event_id": event_id,
            "consumer": consumer,
            "key": key,
            "state": "pending",
            "due_at": due_at or now,
            "attempts": 0,
        }
        if key is None:
            _DELIVER.run(session, **row)
            heard = True
        else:
            heard = insert_once(session, Delivery, row) or heard
    if not heard:
        session.execute(delete(OutboxEvent).where(OutboxEvent.id == event_id))
    elif due_at is None or due_at <= now:
        session.info[WOKEN].update(consumers)
