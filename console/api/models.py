"""Table of the API: api_answer."""

from datetime import datetime

from sqlalchemy import SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.storage import Base, LongText, UtcDateTime, not_personal, personal


class ApiAnswer(Base):
    """What was answered to a request that changed something: the same request under the same key is answered with it again.

    The row stands before the act begins (`status` 0), so that of two at once the second waits for the first one's answer.
    """

    __tablename__ = "api_answer"

    store_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True, info=not_personal("made up by a device for one request"))
    fingerprint: Mapped[str] = mapped_column(String(64), info=not_personal("hash of the request"))
    token_id: Mapped[str] = mapped_column(String(26))
    status: Mapped[int] = mapped_column(SmallInteger)
    body: Mapped[str] = mapped_column(
        LongText, info=personal("answer a repeated request", basis="contract", retention="48 hours", erase="delete")
    )
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
