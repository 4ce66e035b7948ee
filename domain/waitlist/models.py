"""Tables of the waitlist: queue_day, queue_ticket, queue_move, queue_promise."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Boolean, Date, ForeignKey, Index, Integer, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.orders.models import Order
from domain.storage import Base, Json, UtcDateTime, not_personal, personal


class QueueDay(Base):
    """The lines of a store on one business day: the row that is held by whoever changes anything in them.

    `turns` are the turn times (seconds, evenly spread quantiles) of each line's tables and `stretch_low`, `stretch_high` (percent) what
    simulated ranges are stretched by: all are measured once, when the day's first number is taken.
    """

    __tablename__ = "queue_day"

    store_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    business_day: Mapped[date] = mapped_column(Date, primary_key=True)
    last_turn: Mapped[int] = mapped_column(BigInteger)
    calls: Mapped[int] = mapped_column(Integer)
    calls_since_jump: Mapped[int] = mapped_column(Integer)
    turns: Mapped[dict[str, list[int]]] = mapped_column(Json, info=not_personal("how long parties stay, by size of table"))
    stretch_low: Mapped[int] = mapped_column(SmallInteger)
    stretch_high: Mapped[int] = mapped_column(SmallInteger)


class QueueTicket(Base):
    """A number of a party. `live_key` is the diner while the number lives, so that nobody has two; a guest on paper has none.

    `table_key` is the store's table from the call until the party is gone from it: two parties are never called for one table.
    `turn` orders the line: microseconds of the time the number was taken, or where a party went back to. No two numbers are
    taken at the same one, whatever clocks say (`last_turn` of the day).
    `told` is the fewest parties ahead that the diner was told of. `order_id` is what the party chose while it waits, to be placed
    when it sits down, as it stood at the draft's `order_version`: what it said yes to. `distance` is how far
    the party said it is (domain/waitlist/distances.py): a tick, forgotten when the day is over.
    """

    __tablename__ = "queue_ticket"
    __table_args__ = (
        UniqueConstraint("store_id", "business_day", "number"),
        Index("ix_queue_ticket_line", "store_id", "business_day", "state", "turn"),
        Base.__table_args__,
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    store_id: Mapped[str] = mapped_column(String(32))
    business_day: Mapped[date] = mapped_column(Date)
    letter: Mapped[str] = mapped_column(String(1))
    number: Mapped[str] = mapped_column(String(8))
    diner_id: Mapped[str | None] = mapped_column(ForeignKey("diner.id"), index=True)
    live_key: Mapped[str | None] = mapped_column(String(26), unique=True)
    people: Mapped[int] = mapped_column(SmallInteger)
    name: Mapped[str | None] = mapped_column(
        String(40), info=personal("greet a party at the door", basis="contract", retention="until the day is over", erase="blank")
    )
    state: Mapped[str] = mapped_column(String(10))
    turn: Mapped[int] = mapped_column(BigInteger)
    priority: Mapped[bool] = mapped_column(Boolean)
    told: Mapped[int] = mapped_column(SmallInteger)
    misses: Mapped[int] = mapped_column(SmallInteger)
    version: Mapped[int] = mapped_column(Integer)
    table_code: Mapped[str | None] = mapped_column(String(16))
    table_key: Mapped[str | None] = mapped_column(String(64), unique=True, info=not_personal("store and table"))
    call_reason: Mapped[str | None] = mapped_column(String(10))
    order_id: Mapped[str | None] = mapped_column(ForeignKey(Order.id), index=True)
    order_version: Mapped[int | None] = mapped_column(Integer)
    distance: Mapped[str | None] = mapped_column(String(4))
    presence_tries: Mapped[int] = mapped_column(SmallInteger)
    present_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)
    called_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    missed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class QueueMove(Base):
    """What happened to a number, who did it, when and why. Only ever added to.

    `move` is the state it came to, or "passed" (by the call of `other_id`), "present", "people", "again" (called once more),
    "moved" (sits at another table) or "released" (its table is free).
    """

    __tablename__ = "queue_move"
    __table_args__ = (Index("ix_queue_move_day", "store_id", "business_day", "move"), Base.__table_args__)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("queue_ticket.id"), index=True)
    store_id: Mapped[str] = mapped_column(String(32))
    business_day: Mapped[date] = mapped_column(Date)
    move: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(16))
    by: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    table_code: Mapped[str | None] = mapped_column(String(16))
    other_id: Mapped[str | None] = mapped_column(String(26))


class QueuePromise(Base):
    """The time a party was told it would wait, from `low` to `high` minutes, and what became of it.

    `raw_low_s` and `raw_high_s` are the ends of the range in seconds as simulated, neither stretched nor rounded.
    `kept` and `waited_s` are empty until the party was called, or left after the promised time.
    """

    __tablename__ = "queue_promise"
    __table_args__ = (Index("ix_queue_promise_judged", "store_id", "judged_at"), Base.__table_args__)

    ticket_id: Mapped[str] = mapped_column(ForeignKey("queue_ticket.id"), primary_key=True)
    store_id: Mapped[str] = mapped_column(String(32))
    low: Mapped[int] = mapped_column(SmallInteger)
    high: Mapped[int] = mapped_column(SmallInteger)
    raw_low_s: Mapped[int] = mapped_column(Integer)
    raw_high_s: Mapped[int] = mapped_column(Integer)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    judged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    waited_s: Mapped[int | None] = mapped_column(Integer)
    kept: Mapped[bool | None] = mapped_column(Boolean)
