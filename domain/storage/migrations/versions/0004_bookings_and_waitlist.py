"""bookings and waitlist."""

import sqlalchemy as sa
from alembic import op

from domain import storage

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "booking_book",
        sa.Column("store_id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("store_id", name=op.f("pk_booking_book")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "booking_pace",
        sa.Column("store_id", sa.String(length=32), nullable=False),
        sa.Column("unit_start", storage.UtcDateTime(), nullable=False),
        sa.Column("arriving", sa.Integer(), nullable=False),
        sa.Column("present", sa.Integer(), nullable=False),
        sa.CheckConstraint("arriving >= 0", name=op.f("ck_booking_pace_arriving_not_negative")),
        sa.CheckConstraint("present >= 0", name=op.f("ck_booking_pace_present_not_negative")),
        sa.PrimaryKeyConstraint("store_id", "unit_start", name=op.f("pk_booking_pace")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "channel_day",
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("full", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "day", name=op.f("pk_channel_day")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "queue_day",
        sa.Column("store_id", sa.String(length=32), nullable=False),
        sa.Column("business_day", sa.Date(), nullable=False),
        sa.Column("last_turn", sa.BigInteger(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("calls_since_jump", sa.Integer(), nullable=False),
        sa.Column("turns", storage.Json(), nullable=False),
        sa.Column("stretch_low", sa.SmallInteger(), nullable=False),
        sa.Column("stretch_high", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "business_day", name=op.f("pk_queue_day")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "table_unit",
        sa.Column("store_id", sa.String(length=32), nullable=False),
        sa.Column("table_code", sa.String(length=16), nullable=False),
        sa.Column("unit_start", storage.UtcDateTime(), nullable=False),
        sa.Column("booking_id", sa.String(length=26), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "table_code", "unit_start", name=op.f("pk_table_unit")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("table_unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_table_unit_booking_id"), ["booking_id"], unique=False)

    op.create_table(
        "booking",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("key", sa.String(length=96), nullable=False),
        sa.Column("store_id", sa.String(length=32), nullable=False),
        sa.Column("diner_id", sa.String(length=26), nullable=True),
        sa.Column("number", sa.String(length=8), nullable=False),
        sa.Column("business_day", sa.Date(), nullable=False),
        sa.Column("starts_at", storage.UtcDateTime(), nullable=False),
        sa.Column("ends_at", storage.UtcDateTime(), nullable=False),
        sa.Column("held_from", storage.UtcDateTime(), nullable=False),
        sa.Column("held_until", storage.UtcDateTime(), nullable=False),
        sa.Column("units", sa.SmallInteger(), nullable=False),
        sa.Column("people", sa.SmallInteger(), nullable=False),
        sa.Column("kids", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("scene", sa.String(length=8), nullable=True),
        sa.Column("room", sa.String(length=40), nullable=True),
        sa.Column("area", sa.String(length=40), nullable=True),
        sa.Column("notes", sa.String(length=200), nullable=True),
        sa.Column("name", sa.String(length=40), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deposit_fen", storage.FenColumn(), nullable=False),
        sa.Column("deposit_order_id", sa.String(length=26), nullable=True),
        sa.Column("refund_until", storage.UtcDateTime(), nullable=True),
        sa.Column("hold_until", storage.UtcDateTime(), nullable=True),
        sa.Column("late_minutes", sa.SmallInteger(), nullable=False),
        sa.Column("acknowledged_at", storage.UtcDateTime(), nullable=True),
        sa.Column("booked_at", storage.UtcDateTime(), nullable=False),
        sa.Column("settled_at", storage.UtcDateTime(), nullable=True),
        sa.Column("end_reason", sa.String(length=16), nullable=True),
        sa.CheckConstraint("people > 0", name=op.f("ck_booking_somebody_comes")),
        sa.ForeignKeyConstraint(["diner_id"], ["diner.id"], name=op.f("fk_booking_diner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
        sa.UniqueConstraint("key", name=op.f("uq_booking_key")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.create_index("ix_booking_day", ["store_id", "business_day"], unique=False)
        batch_op.create_index("ix_booking_diner", ["diner_id", "starts_at"], unique=False)
        batch_op.create_index("ix_booking_state", ["state", "ends_at"], unique=False)

    op.create_table(
        "mass_quota",
        sa.Column("diner_id", sa.String(length=26), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("sent", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["diner_id"], ["diner.id"], name=op.f("fk_mass_quota_diner_id")),
        sa.PrimaryKeyConstraint("diner_id", "month", name=op.f("pk_mass_quota")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "message_consent",
        sa.Column("diner_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("refused_at", storage.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["diner_id"], ["diner.id"], name=op.f("fk_message_consent_diner_id")),
        sa.PrimaryKeyConstraint("diner_id", "kind", name=op.f("pk_message_consent")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "message_reach",
        sa.Column("diner_id", sa.String(length=26), nullable=False),
        sa.Column("unreachable_at", storage.UtcDateTime(), nullable=True),
        sa.Column("templates_refused_at", storage.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["diner_id"], ["diner.id"], name=op.f("fk_message_reach_diner_id")),
        sa.PrimaryKeyConstraint("diner_id", name=op.f("pk_message_reach")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "staff_bind_try",
        sa.Column("diner_id", sa.String(length=26), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("since", storage.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["diner_id"], ["diner.id"], name=op.f("fk_staff_bind_try_diner_id")),
        sa.PrimaryKeyConstraint("diner_id", name=op.f("pk_staff_bind_try")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "staff_member",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=8), nullable=False),
        sa.Column("diner_id", sa.String(length=26), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("added_at", storage.UtcDateTime(), nullable=False),
        sa.Column("bound_at", storage.UtcDateTime(), nullable=True),
        sa.Column("left_at", storage.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["diner_id"], ["diner.id"], name=op.f("fk_staff_member_diner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_member")),
        sa.UniqueConstraint("diner_id", name=op.f("uq_staff_member_diner_id")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "booking_strike",
        sa.Column("booking_id", sa.String(length=26), nullable=False),
        sa.Column("diner_id", sa.String(length=26), nullable=False),
        sa.Column("struck_at", storage.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_booking_strike_booking_id")),
        sa.ForeignKeyConstraint(["diner_id"], ["diner.id"], name=op.f("fk_booking_strike_diner_id")),
        sa.PrimaryKeyConstraint("booking_id", name=op.f("pk_booking_strike")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("booking_strike", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_booking_strike_diner_id"), ["diner_id"], unique=False)

    op.create_table(
        "booking_table",
        sa.Column("booking_id", sa.String(length=26), nullable=False),
        sa.Column("table_code", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_booking_table_booking_id")),
        sa.PrimaryKeyConstraint("booking_id", "table_code", name=op.f("pk_booking_table")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "service_call",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("store_id", sa.String(length=32), nullable=False),
        sa.Column("table_code", sa.String(length=16), nullable=False),
        sa.Column("session_id", sa.String(length=26), nullable=True),
        sa.Column("diner_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("words", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("active_key", sa.String(length=72), nullable=True),
        sa.Column("nudges", sa.SmallInteger(), nullable=False),
        sa.Column("escalations", sa.SmallInteger(), nullable=False),
        sa.Column("called_at", storage.UtcDateTime(), nullable=False),
        sa.Column("taken_by", sa.String(length=32), nullable=True),
        sa.Column("taken_at", storage.UtcDateTime(), nullable=True),
        sa.Column("settled_at", storage.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["diner_id"], ["diner.id"], name=op.f("fk_service_call_diner_id")),
        sa.ForeignKeyConstraint(["session_id"], ["table_session.id"], name=op.f("fk_service_call_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_call")),
        sa.UniqueConstraint("active_key", name=op.f("uq_service_call_active_key")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("service_call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_call_diner_id"), ["diner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_service_call_session_id"), ["session_id"], unique=False)
        batch_op.create_index("ix_service_call_store", ["store_id", "state", "called_at"], unique=False)

    op.create_table(
        "staff_act",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("staff_id", sa.String(length=26), nullable=False),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=48), nullable=False),
        sa.Column("store_id", sa.String(length=32), nullable=True),
        sa.Column("done_at", storage.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("fk_staff_act_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_act")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("staff_act", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_act_staff_id"), ["staff_id"], unique=False)
        batch_op.create_index("ix_staff_act_store", ["store_id", "done_at"], unique=False)

    op.create_table(
        "staff_bind_code",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("staff_id", sa.String(length=26), nullable=False),
        sa.Column("code_digest", sa.String(length=64), nullable=False),
        sa.Column("guesses", sa.SmallInteger(), nullable=False),
        sa.Column("expires_at", storage.UtcDateTime(), nullable=False),
        sa.Column("used_at", storage.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("fk_staff_bind_code_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_bind_code")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_staff_bind_code_code_digest")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("staff_bind_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_bind_code_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "staff_store",
        sa.Column("staff_id", sa.String(length=26), nullable=False),
        sa.Column("store_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("fk_staff_store_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", "store_id", name=op.f("pk_staff_store")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("staff_store", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_store_store_id"), ["store_id"], unique=False)

    op.create_table(
        "queue_ticket",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("store_id", sa.String(length=32), nullable=False),
        sa.Column("business_day", sa.Date(), nullable=False),
        sa.Column("letter", sa.String(length=1), nullable=False),
        sa.Column("number", sa.String(length=8), nullable=False),
        sa.Column("diner_id", sa.String(length=26), nullable=True),
        sa.Column("live_key", sa.String(length=26), nullable=True),
        sa.Column("people", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("turn", sa.BigInteger(), nullable=False),
        sa.Column("priority", sa.Boolean(), nullable=False),
        sa.Column("told", sa.SmallInteger(), nullable=False),
        sa.Column("misses", sa.SmallInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("table_code", sa.String(length=16), nullable=True),
        sa.Column("table_key", sa.String(length=64), nullable=True),
        sa.Column("call_reason", sa.String(length=10), nullable=True),
        sa.Column("order_id", sa.String(length=26), nullable=True),
        sa.Column("presence_tries", sa.SmallInteger(), nullable=False),
        sa.Column("present_at", storage.UtcDateTime(), nullable=True),
        sa.Column("taken_at", storage.UtcDateTime(), nullable=False),
        sa.Column("called_at", storage.UtcDateTime(), nullable=True),
        sa.Column("missed_at", storage.UtcDateTime(), nullable=True),
        sa.Column("seated_at", storage.UtcDateTime(), nullable=True),
        sa.Column("ended_at", storage.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["diner_id"], ["diner.id"], name=op.f("fk_queue_ticket_diner_id")),
        sa.ForeignKeyConstraint(["order_id"], ["customer_order.id"], name=op.f("fk_queue_ticket_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_ticket")),
        sa.UniqueConstraint("live_key", name=op.f("uq_queue_ticket_live_key")),
        sa.UniqueConstraint("store_id", "business_day", "number", name=op.f("uq_queue_ticket_store_id_business_day_number")),
        sa.UniqueConstraint("table_key", name=op.f("uq_queue_ticket_table_key")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("queue_ticket", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_queue_ticket_diner_id"), ["diner_id"], unique=False)
        batch_op.create_index("ix_queue_ticket_line", ["store_id", "business_day", "state", "turn"], unique=False)
        batch_op.create_index(batch_op.f("ix_queue_ticket_order_id"), ["order_id"], unique=False)

    op.create_table(
        "queue_move",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("ticket_id", sa.String(length=26), nullable=False),
        sa.Column("store_id", sa.String(length=32), nullable=False),
        sa.Column("business_day", sa.Date(), nullable=False),
        sa.Column("move", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("at", storage.UtcDateTime(), nullable=False),
        sa.Column("table_code", sa.String(length=16), nullable=True),
        sa.Column("other_id", sa.String(length=26), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["queue_ticket.id"], name=op.f("fk_queue_move_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_move")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("queue_move", schema=None) as batch_op:
        batch_op.create_index("ix_queue_move_day", ["store_id", "business_day", "move"], unique=False)
        batch_op.create_index(batch_op.f("ix_queue_move_ticket_id"), ["ticket_id"], unique=False)

    op.create_table(
        "queue_promise",
        sa.Column("ticket_id", sa.String(length=26), nullable=False),
        sa.Column("store_id", sa.String(length=32), nullable=False),
        sa.Column("low", sa.SmallInteger(), nullable=False),
        sa.Column("high", sa.SmallInteger(), nullable=False),
        sa.Column("raw_low_s", sa.Integer(), nullable=False),
        sa.Column("raw_high_s", sa.Integer(), nullable=False),
        sa.Column("made_at", storage.UtcDateTime(), nullable=False),
        sa.Column("judged_at", storage.UtcDateTime(), nullable=True),
        sa.Column("waited_s", sa.Integer(), nullable=True),
        sa.Column("kept", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["queue_ticket.id"], name=op.f("fk_queue_promise_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_queue_promise")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("queue_promise", schema=None) as batch_op:
        batch_op.create_index("ix_queue_promise_judged", ["store_id", "judged_at"], unique=False)

    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("zone", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("platform_id", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("leaves_at", storage.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("departed_at", storage.UtcDateTime(), nullable=True))
        batch_op.create_index("ix_message_departed", ["diner_id", "purpose", "departed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_platform_id"), ["platform_id"], unique=False)

    with op.batch_alter_table("table_session", schema=None) as batch_op:
        batch_op.create_index("ix_table_session_store", ["store_id", "opened_at"], unique=False)
