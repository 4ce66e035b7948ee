"""experiences and the api."""

import sqlalchemy as sa
from alembic import op

from domain import storage

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "api_answer",
        sa.Column("store_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("token_id", sa.String(length=26), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("body", storage.LongText, nullable=False),
        sa.Column("made_at", storage.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "key", name=op.f("pk_api_answer")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("api_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_answer_made_at"), ["made_at"], unique=False)

    op.create_table(
        "experience_session",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("store_id", sa.String(length=32), nullable=False),
        sa.Column("experience_id", sa.String(length=32), nullable=False),
        sa.Column("starts_at", storage.UtcDateTime(), nullable=False),
        sa.Column("ends_at", storage.UtcDateTime(), nullable=False),
        sa.Column("business_day", sa.Date(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("called_off_at", storage.UtcDateTime(), nullable=True),
        sa.Column("called_off_by", sa.String(length=32), nullable=True),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("adult_fen", storage.FenColumn(), nullable=False),
        sa.Column("child_fen", storage.FenColumn(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("adults_most", sa.Integer(), nullable=True),
        sa.Column("children_most", sa.Integer(), nullable=True),
        sa.Column("kits_most", sa.Integer(), nullable=True),
        sa.Column("kit_name", sa.String(length=40), nullable=False),
        sa.Column("kit_per", sa.String(length=8), nullable=False),
        sa.Column("places_taken", sa.Integer(), nullable=False),
        sa.Column("adults_taken", sa.Integer(), nullable=False),
        sa.Column("children_taken", sa.Integer(), nullable=False),
        sa.Column("kits_taken", sa.Integer(), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("decide_at", storage.UtcDateTime(), nullable=False),
        sa.Column("decided_at", storage.UtcDateTime(), nullable=True),
        sa.Column("closes_at", storage.UtcDateTime(), nullable=False),
        sa.Column("cancel_hours", sa.SmallInteger(), nullable=False),
        sa.Column("offer_minutes", sa.SmallInteger(), nullable=False),
        sa.Column("last_place", sa.Integer(), nullable=False),
        sa.CheckConstraint("adults_taken >= 0 AND adults_taken <= adults_most", name=op.f("ck_experience_session_adults_within")),
        sa.CheckConstraint("children_taken >= 0 AND children_taken <= children_most", name=op.f("ck_experience_session_children_within")),
        sa.CheckConstraint("kits_taken >= 0 AND kits_taken <= kits_most", name=op.f("ck_experience_session_kits_within")),
        sa.CheckConstraint("places_taken >= 0 AND places_taken <= places", name=op.f("ck_experience_session_places_within")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experience_session")),
        sa.UniqueConstraint("store_id", "experience_id", "starts_at", name=op.f("uq_experience_session_store_id_experience_id_starts_at")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("experience_session", schema=None) as batch_op:
        batch_op.create_index("ix_experience_session_day", ["store_id", "business_day"], unique=False)
        batch_op.create_index("ix_experience_session_start", ["starts_at"], unique=False)

    op.create_table(
        "device_act",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("token_id", sa.String(length=26), nullable=False),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=48), nullable=False),
        sa.Column("store_id", sa.String(length=32), nullable=False),
        sa.Column("done_at", storage.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["token_id"], ["store_token.id"], name=op.f("fk_device_act_token_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device_act")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("device_act", schema=None) as batch_op:
        batch_op.create_index("ix_device_act_store", ["store_id", "done_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_device_act_token_id"), ["token_id"], unique=False)

    op.create_table(
        "experience_booking",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("key", sa.String(length=96), nullable=False),
        sa.Column("changed_key", sa.String(length=96), nullable=True),
        sa.Column("living_key", sa.String(length=96), nullable=True),
        sa.Column("session_id", sa.String(length=26), nullable=False),
        sa.Column("diner_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("adults", sa.SmallInteger(), nullable=False),
        sa.Column("children", sa.SmallInteger(), nullable=False),
        sa.Column("kits", sa.SmallInteger(), nullable=False),
        sa.Column("ages", storage.Json(), nullable=True),
        sa.Column("name", sa.String(length=40), nullable=True),
        sa.Column("notes", sa.String(length=200), nullable=True),
        sa.Column("adult_fen", storage.FenColumn(), nullable=False),
        sa.Column("child_fen", storage.FenColumn(), nullable=False),
        sa.Column("fen", storage.FenColumn(), nullable=False),
        sa.Column("refund_until", storage.UtcDateTime(), nullable=True),
        sa.Column("hold_until", storage.UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("booked_at", storage.UtcDateTime(), nullable=False),
        sa.Column("settled_at", storage.UtcDateTime(), nullable=True),
        sa.Column("end_reason", sa.String(length=16), nullable=True),
        sa.Column("checked_in_at", storage.UtcDateTime(), nullable=True),
        sa.Column("checked_in_by", sa.String(length=32), nullable=True),
        sa.CheckConstraint("adults >= 0 AND children >= 0 AND adults + children > 0", name=op.f("ck_experience_booking_somebody_comes")),
        sa.ForeignKeyConstraint(["diner_id"], ["diner.id"], name=op.f("fk_experience_booking_diner_id")),
        sa.ForeignKeyConstraint(["session_id"], ["experience_session.id"], name=op.f("fk_experience_booking_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experience_booking")),
        sa.UniqueConstraint("key", name=op.f("uq_experience_booking_key")),
        sa.UniqueConstraint("living_key", name=op.f("uq_experience_booking_living_key")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("experience_booking", schema=None) as batch_op:
        batch_op.create_index("ix_experience_booking_diner", ["diner_id", "state"], unique=False)
        batch_op.create_index("ix_experience_booking_session", ["session_id", "state"], unique=False)

    op.create_table(
        "experience_waiting",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("key", sa.String(length=96), nullable=False),
        sa.Column("living_key", sa.String(length=64), nullable=True),
        sa.Column("session_id", sa.String(length=26), nullable=False),
        sa.Column("diner_id", sa.String(length=26), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("adults", sa.SmallInteger(), nullable=False),
        sa.Column("children", sa.SmallInteger(), nullable=False),
        sa.Column("kits", sa.SmallInteger(), nullable=False),
        sa.Column("ages", storage.Json(), nullable=True),
        sa.Column("name", sa.String(length=40), nullable=True),
        sa.Column("notes", sa.String(length=200), nullable=True),
        sa.Column("passed", sa.String(length=24), nullable=True),
        sa.Column("offered_at", storage.UtcDateTime(), nullable=True),
        sa.Column("offer_until", storage.UtcDateTime(), nullable=True),
        sa.Column("joined_at", storage.UtcDateTime(), nullable=False),
        sa.Column("settled_at", storage.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["diner_id"], ["diner.id"], name=op.f("fk_experience_waiting_diner_id")),
        sa.ForeignKeyConstraint(["session_id"], ["experience_session.id"], name=op.f("fk_experience_waiting_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experience_waiting")),
        sa.UniqueConstraint("key", name=op.f("uq_experience_waiting_key")),
        sa.UniqueConstraint("living_key", name=op.f("uq_experience_waiting_living_key")),
        sa.UniqueConstraint("session_id", "place", name=op.f("uq_experience_waiting_session_id_place")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("experience_waiting", schema=None) as batch_op:
        batch_op.create_index("ix_experience_waiting_diner", ["diner_id", "state"], unique=False)
        batch_op.create_index("ix_experience_waiting_state", ["session_id", "state", "place"], unique=False)

    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.add_column(sa.Column("answer", sa.String(length=60), nullable=True))
        batch_op.drop_column("deposit_order_id")

    with op.batch_alter_table("queue_ticket", schema=None) as batch_op:
        batch_op.add_column(sa.Column("name", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("order_version", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("distance", sa.String(length=4), nullable=True))

    with op.batch_alter_table("service_call", schema=None) as batch_op:
        batch_op.alter_column("diner_id", existing_type=sa.VARCHAR(length=26), nullable=True)
