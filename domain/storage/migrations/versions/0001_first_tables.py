"""first tables."""

import sqlalchemy as sa
from alembic import op

from domain import storage

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "category",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired_at", storage.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_category")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "day_number",
        sa.Column("store_id", sa.String(length=32), nullable=False),
        sa.Column("business_day", sa.Date(), nullable=False),
        sa.Column("series", sa.String(length=16), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "business_day", "series", name=op.f("pk_day_number")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "diner",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("following", sa.Boolean(), nullable=False),
        sa.Column("met_at", storage.UtcDateTime(), nullable=False),
        sa.Column("followed_at", storage.UtcDateTime(), nullable=True),
        sa.Column("unfollowed_at", storage.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diner")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "inbox_message",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("diner_id", sa.String(length=26), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("message", storage.Json(), nullable=True),
        sa.Column("reply", storage.Json(), nullable=True),
        sa.Column("received_at", storage.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_inbox_message")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("inbox_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inbox_message_received_at"), ["received_at"], unique=False)

    op.create_table(
        "outbox_event",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("payload", storage.Json(), nullable=False),
        sa.Column("occurred_at", storage.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_event")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "print_job",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("store_id", sa.String(length=32), nullable=False),
        sa.Column("order_id", sa.String(length=26), nullable=False),
        sa.Column("event_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("role", sa.String(length=64), nullable=False),
        sa.Column("copy_no", sa.SmallInteger(), nullable=False),
        sa.Column("code", sa.String(length=4), nullable=False),
        sa.Column("ticket", storage.Json(), nullable=False),
        sa.Column("printer_ids", storage.Json(), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=True),
        sa.Column("lane", sa.String(length=160), nullable=True),
        sa.Column("copied", sa.Boolean(), nullable=False),
        sa.Column("printed_on", sa.String(length=32), nullable=True),
        sa.Column("last_error", sa.String(length=32), nullable=True),
        sa.Column("created_at", storage.UtcDateTime(), nullable=False),
        sa.Column("due_at", storage.UtcDateTime(), nullable=False),
        sa.Column("expires_at", storage.UtcDateTime(), nullable=False),
        sa.Column("leased_until", storage.UtcDateTime(), nullable=True),
        sa.Column("sending_at", storage.UtcDateTime(), nullable=True),
        sa.Column("settled_at", storage.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_job")),
        sa.UniqueConstraint("event_id", "role", "copy_no", name=op.f("uq_print_job_event_id_role_copy_no")),
        sa.UniqueConstraint("lane", name=op.f("uq_print_job_lane")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("print_job", schema=None) as batch_op:
        batch_op.create_index("ix_print_job_line", ["store_id", "state", "created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_print_job_order_id"), ["order_id"], unique=False)

    op.create_table(
        "shop_version",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", storage.Json(), nullable=False),
        sa.Column("imported_at", storage.UtcDateTime(), nullable=False),
        sa.Column("imported_by", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_shop_version")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "store",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("latitude", sa.String(length=16), nullable=True),
        sa.Column("longitude", sa.String(length=16), nullable=True),
        sa.Column("timezone", sa.String(length=40), nullable=True),
        sa.Column("pay", sa.String(length=8), nullable=False),
        sa.Column("details", storage.Json(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired_at", storage.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "store_token",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("store_id", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=8), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", storage.UtcDateTime(), nullable=False),
        sa.Column("revoked_at", storage.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store_token")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_store_token_token_sha256")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("store_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_store_token_store_id"), ["store_id"], unique=False)

    op.create_table(
        "wechat_token",
        sa.Column("app_id", sa.String(length=32), nullable=False),
        sa.Column("token", sa.String(length=512), nullable=False),
        sa.Column("expires_at", storage.UtcDateTime(), nullable=False),
        sa.Column("leased_by", sa.String(length=32), nullable=False),
        sa.Column("leased_until", storage.UtcDateTime(), nullable=False),
        sa.Column("forced_at", storage.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("app_id", name=op.f("pk_wechat_token")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("diner_id", sa.String(length=26), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("text_version", sa.String(length=16), nullable=False),
        sa.Column("given_at", storage.UtcDateTime(), nullable=False),
        sa.Column("withdrawn_at", storage.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["diner_id"], ["diner.id"], name=op.f("fk_consent_diner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_diner_id"), ["diner_id"], unique=False)

    op.create_table(
        "contact",
        sa.Column("openid_digest", sa.String(length=64), nullable=False),
        sa.Column("diner_id", sa.String(length=26), nullable=False),
        sa.Column("wrapped_key", sa.String(length=128), nullable=False),
        sa.Column("sealed_openid", sa.String(length=512), nullable=False),
        sa.ForeignKeyConstraint(["diner_id"], ["diner.id"], name=op.f("fk_contact_diner_id")),
        sa.PrimaryKeyConstraint("openid_digest", name=op.f("pk_contact")),
        sa.UniqueConstraint("diner_id", name=op.f("uq_contact_diner_id")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("event_id", sa.String(length=26), nullable=False),
        sa.Column("consumer", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=96), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("due_at", storage.UtcDateTime(), nullable=False),
        sa.Column("owner", sa.String(length=26), nullable=True),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("last_error", sa.String(length=200), nullable=True),
        sa.Column("settled_at", storage.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["outbox_event.id"], name=op.f("fk_delivery_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("consumer", "key", name=op.f("uq_delivery_consumer_key")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index("ix_delivery_due", ["consumer", "state", "due_at"], unique=False)

    op.create_table(
        "dialogue",
        sa.Column("diner_id", sa.String(length=26), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", storage.Json(), nullable=False),
        sa.Column("touched_at", storage.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["diner_id"], ["diner.id"], name=op.f("fk_dialogue_diner_id")),
        sa.PrimaryKeyConstraint("diner_id", name=op.f("pk_dialogue")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "dish",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("price_fen", storage.FenColumn(), nullable=False),
        sa.Column("details", storage.Json(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired_at", storage.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["category"], ["category.name"], name=op.f("fk_dish_category")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dish")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "membership",
        sa.Column("diner_id", sa.String(length=26), nullable=False),
        sa.Column("joined_at", storage.UtcDateTime(), nullable=False),
        sa.Column("member_number", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["diner_id"], ["diner.id"], name=op.f("fk_membership_diner_id")),
        sa.PrimaryKeyConstraint("diner_id", name=op.f("pk_membership")),
        sa.UniqueConstraint("member_number", name=op.f("uq_membership_member_number")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "message",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("diner_id", sa.String(length=26), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=96), nullable=False),
        sa.Column("content", storage.Json(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=True),
        sa.Column("reason", sa.String(length=64), nullable=True),
        sa.Column("sends", sa.SmallInteger(), nullable=False),
        sa.Column("requested_at", storage.UtcDateTime(), nullable=False),
        sa.Column("expires_at", storage.UtcDateTime(), nullable=False),
        sa.Column("settled_at", storage.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["diner_id"], ["diner.id"], name=op.f("fk_message_diner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("key", name=op.f("uq_message_key")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_diner_id"), ["diner_id"], unique=False)

    op.create_table(
        "payment",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("payable_kind", sa.String(length=16), nullable=False),
        sa.Column("payable_id", sa.String(length=26), nullable=False),
        sa.Column("diner_id", sa.String(length=26), nullable=False),
        sa.Column("fen", storage.FenColumn(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("pending_key", sa.String(length=48), nullable=True),
        sa.Column("method", sa.String(length=16), nullable=True),
        sa.Column("external_no", sa.String(length=64), nullable=True),
        sa.Column("created_at", storage.UtcDateTime(), nullable=False),
        sa.Column("paid_at", storage.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["diner_id"], ["diner.id"], name=op.f("fk_payment_diner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("external_no", name=op.f("uq_payment_external_no")),
        sa.UniqueConstraint("pending_key", name=op.f("uq_payment_pending_key")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payment_payable_id"), ["payable_id"], unique=False)

    op.create_table(
        "points_account",
        sa.Column("diner_id", sa.String(length=26), nullable=False),
        sa.Column("balance", sa.Integer(), nullable=False),
        sa.CheckConstraint("balance >= 0", name=op.f("ck_points_account_balance_not_negative")),
        sa.ForeignKeyConstraint(["diner_id"], ["diner.id"], name=op.f("fk_points_account_diner_id")),
        sa.PrimaryKeyConstraint("diner_id", name=op.f("pk_points_account")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "points_lot",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("diner_id", sa.String(length=26), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("remaining", sa.Integer(), nullable=False),
        sa.Column("earned_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.CheckConstraint("remaining >= 0", name=op.f("ck_points_lot_remaining_not_negative")),
        sa.ForeignKeyConstraint(["diner_id"], ["diner.id"], name=op.f("fk_points_lot_diner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_points_lot")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("points_lot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_points_lot_diner_id"), ["diner_id"], unique=False)

    op.create_table(
        "printer",
        sa.Column("store_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("connection", sa.String(length=120), nullable=False),
        sa.Column("width", sa.SmallInteger(), nullable=False),
        sa.Column("roles", storage.Json(), nullable=False),
        sa.Column("stations", storage.Json(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired_at", storage.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_printer_store_id")),
        sa.PrimaryKeyConstraint("store_id", "id", name=op.f("pk_printer")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "reply_quota",
        sa.Column("diner_id", sa.String(length=26), nullable=False),
        sa.Column("window", sa.String(length=8), nullable=False),
        sa.Column("remaining", sa.SmallInteger(), nullable=False),
        sa.Column("expires_at", storage.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["diner_id"], ["diner.id"], name=op.f("fk_reply_quota_diner_id")),
        sa.PrimaryKeyConstraint("diner_id", "window", name=op.f("pk_reply_quota")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "store_table",
        sa.Column("store_id", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("seats", sa.SmallInteger(), nullable=False),
        sa.Column("area", sa.String(length=40), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired_at", storage.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_store_table_store_id")),
        sa.PrimaryKeyConstraint("store_id", "code", name=op.f("pk_store_table")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "table_session",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("store_id", sa.String(length=32), nullable=False),
        sa.Column("table_code", sa.String(length=16), nullable=False),
        sa.Column("active_key", sa.String(length=64), nullable=True),
        sa.Column("opened_by", sa.String(length=26), nullable=False),
        sa.Column("opened_at", storage.UtcDateTime(), nullable=False),
        sa.Column("touched_at", storage.UtcDateTime(), nullable=False),
        sa.Column("ended_at", storage.UtcDateTime(), nullable=True),
        sa.Column("end_reason", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(["opened_by"], ["diner.id"], name=op.f("fk_table_session_opened_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_table_session")),
        sa.UniqueConstraint("active_key", name=op.f("uq_table_session_active_key")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "customer_order",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("store_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("session_id", sa.String(length=26), nullable=True),
        sa.Column("table_code", sa.String(length=16), nullable=True),
        sa.Column("diner_id", sa.String(length=26), nullable=False),
        sa.Column("active_key", sa.String(length=32), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("payment_status", sa.String(length=8), nullable=False),
        sa.Column("number", sa.String(length=8), nullable=True),
        sa.Column("business_day", sa.Date(), nullable=True),
        sa.Column("draft_version", sa.Integer(), nullable=False),
        sa.Column("rounds", sa.SmallInteger(), nullable=False),
        sa.Column("paid_fen", storage.FenColumn(), nullable=True),
        sa.Column("bill", storage.Json(), nullable=True),
        sa.Column("opened_at", storage.UtcDateTime(), nullable=False),
        sa.Column("placed_at", storage.UtcDateTime(), nullable=True),
        sa.Column("paid_at", storage.UtcDateTime(), nullable=True),
        sa.Column("closed_at", storage.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["diner_id"], ["diner.id"], name=op.f("fk_customer_order_diner_id")),
        sa.ForeignKeyConstraint(["session_id"], ["table_session.id"], name=op.f("fk_customer_order_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_order")),
        sa.UniqueConstraint("active_key", name=op.f("uq_customer_order_active_key")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("customer_order", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_customer_order_diner_id"), ["diner_id"], unique=False)
        batch_op.create_index("ix_customer_order_number", ["store_id", "business_day", "number"], unique=False)
        batch_op.create_index(batch_op.f("ix_customer_order_session_id"), ["session_id"], unique=False)

    op.create_table(
        "points_entry",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("diner_id", sa.String(length=26), nullable=False),
        sa.Column("lot_id", sa.String(length=26), nullable=False),
        sa.Column("delta", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=96), nullable=False),
        sa.Column("at", storage.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["diner_id"], ["diner.id"], name=op.f("fk_points_entry_diner_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["points_lot.id"], name=op.f("fk_points_entry_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_points_entry")),
        sa.UniqueConstraint("key", name=op.f("uq_points_entry_key")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("points_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_points_entry_diner_id"), ["diner_id"], unique=False)

    op.create_table(
        "store_dish",
        sa.Column("store_id", sa.String(length=32), nullable=False),
        sa.Column("dish_id", sa.String(length=32), nullable=False),
        sa.Column("price_fen", storage.FenColumn(), nullable=True),
        sa.Column("excluded", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["dish_id"], ["dish.id"], name=op.f("fk_store_dish_dish_id")),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_store_dish_store_id")),
        sa.PrimaryKeyConstraint("store_id", "dish_id", name=op.f("pk_store_dish")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "table_guest",
        sa.Column("session_id", sa.String(length=26), nullable=False),
        sa.Column("diner_id", sa.String(length=26), nullable=False),
        sa.Column("joined_at", storage.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["diner_id"], ["diner.id"], name=op.f("fk_table_guest_diner_id")),
        sa.ForeignKeyConstraint(["session_id"], ["table_session.id"], name=op.f("fk_table_guest_session_id")),
        sa.PrimaryKeyConstraint("session_id", "diner_id", name=op.f("pk_table_guest")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("table_guest", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_table_guest_diner_id"), ["diner_id"], unique=False)

    op.create_table(
        "order_line",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("order_id", sa.String(length=26), nullable=False),
        sa.Column("round_no", sa.SmallInteger(), nullable=False),
        sa.Column("dish_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("unit", sa.String(length=8), nullable=False),
        sa.Column("station", sa.String(length=16), nullable=False),
        sa.Column("quantity", storage.QuantityColumn(), nullable=False),
        sa.Column("options", storage.Json(), nullable=False),
        sa.Column("note", sa.String(length=64), nullable=False),
        sa.Column("unit_price_fen", storage.FenColumn(), nullable=False),
        sa.Column("member_price_fen", storage.FenColumn(), nullable=True),
        sa.Column("packaging_fen", storage.FenColumn(), nullable=False),
        sa.Column("diner_id", sa.String(length=26), nullable=False),
        sa.Column("added_at", storage.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["diner_id"], ["diner.id"], name=op.f("fk_order_line_diner_id")),
        sa.ForeignKeyConstraint(["order_id"], ["customer_order.id"], name=op.f("fk_order_line_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_line")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("order_line", schema=None) as batch_op:
        batch_op.create_index("ix_order_line_order", ["order_id", "round_no"], unique=False)

    op.create_table(
        "order_round",
        sa.Column("order_id", sa.String(length=26), nullable=False),
        sa.Column("round_no", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("placed_by", sa.String(length=26), nullable=False),
        sa.Column("placed_at", storage.UtcDateTime(), nullable=False),
        sa.Column("released_at", storage.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["customer_order.id"], name=op.f("fk_order_round_order_id")),
        sa.ForeignKeyConstraint(["placed_by"], ["diner.id"], name=op.f("fk_order_round_placed_by")),
        sa.PrimaryKeyConstraint("order_id", "round_no", name=op.f("pk_order_round")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
