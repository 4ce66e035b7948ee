"""Tables of staff: store_token with its acts, staff_task; staff_member with its stores, bind codes, tries and acts."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.storage import Base, UtcDateTime, not_personal, personal


class TokenScope(StrEnum):
    """What a store token may do."""

    TILL = "till"
    AGENT = "agent"
    SCREEN = "screen"


class StoreToken(Base):
    """A device's key to one store. Only its hash is kept; revoked, never deleted."""

    __tablename__ = "store_token"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    store_id: Mapped[str] = mapped_column(String(32), index=True)
    scope: Mapped[str] = mapped_column(String(8))
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True, info=not_personal("hash of a device's key"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DeviceAct(Base):
    """What was done at a device of a store, under which token, to what and when. Never edited. StaffAct is what people did by chat."""

    __tablename__ = "device_act"
    __table_args__ = (Index("ix_device_act_store", "store_id", "done_at"), Base.__table_args__)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    token_id: Mapped[str] = mapped_column(ForeignKey("store_token.id"), index=True)
    act: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(48), info=not_personal("id of a booking, a number, a table, a call; what became of it"))
    store_id: Mapped[str] = mapped_column(String(32))
    done_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TaskKind(StrEnum):
    """What a task is about; `subject` names the one."""

    REFUND = "refund"  # money that could not be given back by itself
    INVOICE = "invoice"  # an invoice to be written
    PROOF = "proof"  # sums that do not agree
    BOOKING = "booking"  # a booking that waits for a yes


class TaskState(StrEnum):
    """Life of a task."""

    OPEN = "open"
    DONE = "done"


class StaffTask(Base):
    """Something that a member of staff must do. It says what; whose names and numbers these are stands with the subject."""

    __tablename__ = "staff_task"
    __table_args__ = (Index("ix_staff_task_due", "state", "due_at"), Base.__table_args__)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    store_id: Mapped[str | None] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(32), index=True)
    text: Mapped[str] = mapped_column(String(200), info=not_personal("what to do; the person stands with the subject"))
    state: Mapped[str] = mapped_column(String(8))
    key: Mapped[str] = mapped_column(String(96), unique=True, info=not_personal("idempotency key of ids"))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by: Mapped[str | None] = mapped_column(String(32))


class StaffMember(Base):
    """Somebody who works here, and the phone that is theirs: `diner_id` is bound by a code of their own. Who leaves stays on record."""

    __tablename__ = "staff_member"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    name: Mapped[str] = mapped_column(
        String(40), info=personal("know who did what", basis="contract", retention="while employed and a year after", erase="blank")
    )
    role: Mapped[str] = mapped_column(String(8))
    diner_id: Mapped[str | None] = mapped_column(ForeignKey("diner.id"), unique=True)
    active: Mapped[bool]
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    bound_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class StaffStore(Base):
    """A store in which a member of staff works. An owner needs none: every store is theirs."""

    __tablename__ = "staff_store"

    staff_id: Mapped[str] = mapped_column(ForeignKey("staff_member.id"), primary_key=True)
    store_id: Mapped[str] = mapped_column(String(32), primary_key=True, index=True)


class StaffBindCode(Base):
    """A code that binds a phone to a member of staff, once. `guesses` counts wrong codes that anybody typed while it lived."""

    __tablename__ = "staff_bind_code"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff_member.id"), index=True)
    code_digest: Mapped[str] = mapped_column(String(64), unique=True, info=not_personal("keyed hash of a code"))
    guesses: Mapped[int] = mapped_column(SmallInteger)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class StaffBindTry(Base):
    """How often a diner has typed a code since `since`."""

    __tablename__ = "staff_bind_try"

    diner_id: Mapped[str] = mapped_column(ForeignKey("diner.id"), primary_key=True)
    tries: Mapped[int] = mapped_column(SmallInteger)
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class StaffAct(Base):
    """What a member of staff did, to what, where and when. Never edited."""

    __tablename__ = "staff_act"
    __table_args__ = (Index("ix_staff_act_store", "store_id", "done_at"), Base.__table_args__)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff_member.id"), index=True)
    act: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(48), info=not_personal("id of a dish, an order, a call, a task; what became of it"))
    store_id: Mapped[str | None] = mapped_column(String(32))
    done_at: Mapped[datetime] = mapped_column(UtcDateTime)
