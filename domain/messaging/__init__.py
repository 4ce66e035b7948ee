"""Events are rows: outbox, inbox, deliveries with lease and fence, schedule, wake-up.

A service emits in its own transaction: `emit(session, OrderPaid(...), now=now)` writes one event and one
delivery for each consumer that haowei/routing.py names. Source: ARCHITECTURE, decision 2.
"""

from domain.messaging.events import Event
from domain.messaging.outbox import emit

__all__ = ["Event", "emit"]
