"""At most once: a request under a key acts once, and the same request again gets the same answer, byte for byte.

The key's row is written in the transaction of the act. A refusal changed nothing and is not kept: the same request may
succeed later, under the same key. Source: draft-ietf-httpapi-idempotency-key-header.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from console.api.models import ApiAnswer
from console.api.problems import KEY_REUSED, ProblemError
from domain.staff.service import Device
from domain.storage import Prepared, insert_once

KEPT = timedelta(hours=48)  # a till that was offline for a day still learns what became of its request
_FIND = Prepared(
    select(ApiAnswer.fingerprint, ApiAnswer.status, ApiAnswer.body).where(
        ApiAnswer.store_id == bindparam("at_store"), ApiAnswer.key == bindparam("under")
    )
)
_ANSWERED = Prepared(
    update(ApiAnswer)
    .where(ApiAnswer.store_id == bindparam("at_store"), ApiAnswer.key == bindparam("under"))
    .values(status=bindparam("with_status"), body=bindparam("with_body"))
)


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and a body. Attributes: again: It was given before, and nothing was done now."""

    status: int
    body: str
    again: bool = False


def once(session: Session, device: Device, key: str, fingerprint: str, act: Callable[[], tuple[int, str]], *, now: datetime) -> Answer:
    """Act, or answer as before. Of two at once in two processes the second waits for the first.

    Args:
        key: Of this store; other devices of the store share its keys.
        act: Does it in this transaction, and gives status and body.

    Raises:
        ProblemError: The key was used for another request.
        DomainError: The act was refused; nothing is kept.
    """
    which = {"at_store": device.store_id, "under": key}
    known = _FIND.first(session, **which)
    if known is None:
        row = {
            "store_id": device.store_id,
            "key": key,
            "fingerprint": fingerprint,
            "token_id": device.id,
            "status": 0,
            "body": "",
            "made_at": now,
        }
        if insert_once(session, ApiAnswer, row):
            status, body = act()
            _ANSWERED.run(session, **which, with_status=status, with_body=body)
            return Answer(status, body)
        known = _FIND.first(session, **which)
        assert known is not None  # whoever had it has committed, else the insert would have been ours
    if known[0] != fingerprint:
        raise ProblemError(KEY_REUSED)
    return Answer(known[1], known[2], again=True)


def forgets_answers(session: Session, payload: dict[str, Any], *, event_id: str, now: datetime) -> None:
    """Whenever a night has come: answers older than 48 hours are deleted."""
    session.execute(delete(ApiAnswer).where(ApiAnswer.made_at < now - KEPT), execution_options={"synchronize_session": False})
