"""members points coupons grants pricing."""

import sqlalchemy as sa
from alembic import op

from domain import storage

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "budget_line",
        sa.Column("campaign", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=48), nullable=False),
        sa.Column("store_id", sa.String(length=32), nullable=True),
        sa.Column("business_day", sa.Date(), nullable=True),
        sa.Column("limit_fen", storage.FenColumn(), nullable=True),
        sa.Column("spent_fen", storage.FenColumn(), nullable=False),
        sa.CheckConstraint("limit_fen IS NULL OR spent_fen <= limit_fen", name=op.f("ck_budget_line_spent_within_limit")),
        sa.CheckConstraint("spent_fen >= 0", name=op.f("ck_budget_line_spent_not_negative")),
        sa.PrimaryKeyConstraint("campaign", "scope", name=op.f("pk_budget_line")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "dish_portions",
        sa.Column("store_id", sa.String(length=32), nullable=False),
        sa.Column("dish_id", sa.String(length=32), nullable=False),
        sa.Column("business_day", sa.Date(), nullable=False),
        sa.Column("taken", storage.QuantityColumn(), nullable=False),
        sa.Column("sold_out_at", storage.UtcDateTime(), nullable=True),
        sa.CheckConstraint("taken >= 0", name=op.f("ck_dish_portions_taken_not_negative")),
        sa.PrimaryKeyConstraint("store_id", "dish_id", "business_day", name=op.f("pk_dish_portions")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "staff_task",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("store_id", sa.String(length=32), nullable=True),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("key", sa.String(length=96), nullable=False),
        sa.Column("due_at", storage.UtcDateTime(), nullable=False),
        sa.Column("opened_at", storage.UtcDateTime(), nullable=False),
        sa.Column("done_at", storage.UtcDateTime(), nullable=True),
        sa.Column("done_by", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_task")),
        sa.UniqueConstraint("key", name=op.f("uq_staff_task_key")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("staff_task", schema=None) as batch_op:
        batch_op.create_index("ix_staff_task_due", ["state", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_staff_task_subject"), ["subject"], unique=False)

    op.create_table(
        "used_member_code",
        sa.Column("nonce", sa.String(length=32), nullable=False),
        sa.Column("used_at", storage.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("nonce", name=op.f("pk_used_member_code")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("used_member_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_used_member_code_used_at"), ["used_at"], unique=False)

    op.create_table(
        "benefit",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("diner_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=48), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("key", sa.String(length=96), nullable=False),
        sa.Column("created_at", storage.UtcDateTime(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_benefit_ends_after_start")),
        sa.ForeignKeyConstraint(["diner_id"], ["diner.id"], name=op.f("fk_benefit_diner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_benefit")),
        sa.UniqueConstraint("key", name=op.f("uq_benefit_key")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("benefit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_benefit_diner_id"), ["diner_id"], unique=False)

    op.create_table(
        "coupon",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("diner_id", sa.String(length=26), nullable=False),
        sa.Column("template_id", sa.String(length=32), nullable=False),
        sa.Column("campaign", sa.String(length=32), nullable=False),
        sa.Column("terms", storage.Json(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("good_from", sa.Date(), nullable=False),
        sa.Column("good_until", sa.Date(), nullable=False),
        sa.Column("held_for", sa.String(length=26), nullable=True),
        sa.Column("used_for", sa.String(length=26), nullable=True),
        sa.Column("returned_from", sa.String(length=26), nullable=True),
        sa.Column("key", sa.String(length=96), nullable=False),
        sa.Column("issued_at", storage.UtcDateTime(), nullable=False),
        sa.Column("used_at", storage.UtcDateTime(), nullable=True),
        sa.Column("changed_at", storage.UtcDateTime(), nullable=False),
        sa.CheckConstraint("good_from <= good_until", name=op.f("ck_coupon_days_in_order")),
        sa.ForeignKeyConstraint(["diner_id"], ["diner.id"], name=op.f("fk_coupon_diner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coupon")),
        sa.UniqueConstraint("key", name=op.f("uq_coupon_key")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("coupon", schema=None) as batch_op:
        batch_op.create_index("ix_coupon_diner", ["diner_id", "state"], unique=False)
        batch_op.create_index("ix_coupon_good_until", ["state", "good_until"], unique=False)
        batch_op.create_index(batch_op.f("ix_coupon_held_for"), ["held_for"], unique=False)
        batch_op.create_index(batch_op.f("ix_coupon_used_for"), ["used_for"], unique=False)

    op.create_table(
        "invoice_request",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("order_id", sa.String(length=26), nullable=False),
        sa.Column("diner_id", sa.String(length=26), nullable=False),
        sa.Column("store_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=8), nullable=False),
        sa.Column("fen", storage.FenColumn(), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=True),
        sa.Column("tax_number", sa.String(length=20), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=True),
        sa.Column("asked_at", storage.UtcDateTime(), nullable=False),
        sa.Column("settled_at", storage.UtcDateTime(), nullable=True),
        sa.Column("done_by", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["diner_id"], ["diner.id"], name=op.f("fk_invoice_request_diner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_request")),
        sa.UniqueConstraint("order_id", name=op.f("uq_invoice_request_order_id")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("invoice_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invoice_request_diner_id"), ["diner_id"], unique=False)

    op.create_table(
        "member_favourite",
        sa.Column("diner_id", sa.String(length=26), nullable=False),
        sa.Column("place", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("dish_id", sa.String(length=32), nullable=True),
        sa.Column("chosen_on", sa.Date(), nullable=False),
        sa.CheckConstraint("place BETWEEN 1 AND 3", name=op.f("ck_member_favourite_three_places")),
        sa.ForeignKeyConstraint(["diner_id"], ["diner.id"], name=op.f("fk_member_favourite_diner_id")),
        sa.PrimaryKeyConstraint("diner_id", "place", name=op.f("pk_member_favourite")),
        sa.UniqueConstraint("diner_id", "dish_id", name=op.f("uq_member_favourite_diner_id_dish_id")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "member_preference",
        sa.Column("diner_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("word", sa.String(length=32), nullable=False),
        sa.Column("noted_at", storage.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["diner_id"], ["diner.id"], name=op.f("fk_member_preference_diner_id")),
        sa.PrimaryKeyConstraint("diner_id", "kind", "word", name=op.f("pk_member_preference")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "member_profile",
        sa.Column("diner_id", sa.String(length=26), nullable=False),
        sa.Column("birthday", sa.SmallInteger(), nullable=True),
        sa.Column("birthday_set_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["diner_id"], ["diner.id"], name=op.f("fk_member_profile_diner_id")),
        sa.PrimaryKeyConstraint("diner_id", name=op.f("pk_member_profile")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("member_profile", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_member_profile_birthday"), ["birthday"], unique=False)

    op.create_table(
        "member_spending",
        sa.Column("order_id", sa.String(length=26), nullable=False),
        sa.Column("diner_id", sa.String(length=26), nullable=False),
        sa.Column("visit", sa.String(length=64), nullable=False),
        sa.Column("business_day", sa.Date(), nullable=False),
        sa.Column("net_fen", storage.FenColumn(), nullable=False),
        sa.Column("recorded_at", storage.UtcDateTime(), nullable=False),
        sa.CheckConstraint("net_fen >= 0", name=op.f("ck_member_spending_net_not_negative")),
        sa.ForeignKeyConstraint(["diner_id"], ["diner.id"], name=op.f("fk_member_spending_diner_id")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_member_spending")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("member_spending", schema=None) as batch_op:
        batch_op.create_index("ix_member_spending_diner", ["diner_id", "business_day"], unique=False)

    op.create_table(
        "phone_proof",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("diner_id", sa.String(length=26), nullable=False),
        sa.Column("phone_digest", sa.String(length=64), nullable=False),
        sa.Column("code_digest", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("sent_at", storage.UtcDateTime(), nullable=False),
        sa.Column("expires_at", storage.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["diner_id"], ["diner.id"], name=op.f("fk_phone_proof_diner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_proof")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("phone_proof", schema=None) as batch_op:
        batch_op.create_index("ix_phone_proof_diner", ["diner_id", "sent_at"], unique=False)
        batch_op.create_index("ix_phone_proof_phone", ["phone_digest", "sent_at"], unique=False)

    op.create_table(
        "points_hold",
        sa.Column("key", sa.String(length=96), nullable=False),
        sa.Column("diner_id", sa.String(length=26), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("order_id", sa.String(length=26), nullable=True),
        sa.Column("held_at", storage.UtcDateTime(), nullable=False),
        sa.Column("settled_at", storage.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["diner_id"], ["diner.id"], name=op.f("fk_points_hold_diner_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_points_hold")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("points_hold", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_points_hold_diner_id"), ["diner_id"], unique=False)

    op.create_table(
        "proven_identity",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("diner_id", sa.String(length=26), nullable=False),
        sa.Column("proven_at", storage.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["diner_id"], ["diner.id"], name=op.f("fk_proven_identity_diner_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_proven_identity")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("proven_identity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proven_identity_diner_id"), ["diner_id"], unique=False)

    op.create_table(
        "granted",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("diner_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("coupon_id", sa.String(length=26), nullable=True),
        sa.Column("campaign", sa.String(length=32), nullable=False),
        sa.Column("rule_version", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=96), nullable=False),
        sa.Column("cost_fen", storage.FenColumn(), nullable=False),
        sa.Column("store_id", sa.String(length=32), nullable=True),
        sa.Column("business_day", sa.Date(), nullable=False),
        sa.Column("good_until", sa.Date(), nullable=False),
        sa.Column("at", storage.UtcDateTime(), nullable=False),
        sa.Column("taken_back_at", storage.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["coupon_id"], ["coupon.id"], name=op.f("fk_granted_coupon_id")),
        sa.ForeignKeyConstraint(["diner_id"], ["diner.id"], name=op.f("fk_granted_diner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_granted")),
        sa.UniqueConstraint("key", name=op.f("uq_granted_key")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("granted", schema=None) as batch_op:
        batch_op.create_index("ix_granted_campaign_business_day", ["campaign", "business_day"], unique=False)
        batch_op.create_index(batch_op.f("ix_granted_diner_id"), ["diner_id"], unique=False)

    op.create_table(
        "payment_refund",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("payment_id", sa.String(length=26), nullable=False),
        sa.Column("fen", storage.FenColumn(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=96), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("fault", sa.String(length=64), nullable=True),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("external_no", sa.String(length=64), nullable=True),
        sa.Column("asked_at", storage.UtcDateTime(), nullable=False),
        sa.Column("settled_at", storage.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_payment_refund_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_refund")),
        sa.UniqueConstraint("external_no", name=op.f("uq_payment_refund_external_no")),
        sa.UniqueConstraint("key", name=op.f("uq_payment_refund_key")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("payment_refund", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payment_refund_payment_id"), ["payment_id"], unique=False)

    op.create_table(
        "points_hold_lot",
        sa.Column("hold_key", sa.String(length=96), nullable=False),
        sa.Column("lot_id", sa.String(length=26), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("returned", sa.Integer(), nullable=False),
        sa.CheckConstraint("returned >= 0 AND returned <= points", name=op.f("ck_points_hold_lot_returned_is_part_of_points")),
        sa.ForeignKeyConstraint(["hold_key"], ["points_hold.key"], name=op.f("fk_points_hold_lot_hold_key")),
        sa.ForeignKeyConstraint(["lot_id"], ["points_lot.id"], name=op.f("fk_points_hold_lot_lot_id")),
        sa.PrimaryKeyConstraint("hold_key", "lot_id", name=op.f("pk_points_hold_lot")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("points_hold_lot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_points_hold_lot_lot_id"), ["lot_id"], unique=False)

    op.create_table(
        "bill_wish",
        sa.Column("order_id", sa.String(length=26), nullable=False),
        sa.Column("diner_id", sa.String(length=26), nullable=False),
        sa.Column("coupons", storage.Json(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["diner_id"], ["diner.id"], name=op.f("fk_bill_wish_diner_id")),
        sa.ForeignKeyConstraint(["order_id"], ["customer_order.id"], name=op.f("fk_bill_wish_order_id")),
        sa.PrimaryKeyConstraint("order_id", "diner_id", name=op.f("pk_bill_wish")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "order_refund",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("order_id", sa.String(length=26), nullable=False),
        sa.Column("fen", storage.FenColumn(), nullable=False),
        sa.Column("goods_fen", storage.FenColumn(), nullable=False),
        sa.Column("points_taken", sa.Integer(), nullable=False),
        sa.Column("points_owed", sa.Integer(), nullable=False),
        sa.Column("points_returned", sa.Integer(), nullable=False),
        sa.Column("coupons_returned", storage.Json(), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=96), nullable=False),
        sa.Column("at", storage.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["customer_order.id"], name=op.f("fk_order_refund_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_refund")),
        sa.UniqueConstraint("key", name=op.f("uq_order_refund_key")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("order_refund", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_refund_order_id"), ["order_id"], unique=False)

    op.create_table(
        "order_void",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("key", sa.String(length=96), nullable=False),
        sa.Column("order_id", sa.String(length=26), nullable=False),
        sa.Column("voided_by", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("lines", storage.Json(), nullable=False),
        sa.Column("voided_at", storage.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["customer_order.id"], name=op.f("fk_order_void_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_void")),
        sa.UniqueConstraint("key", name=op.f("uq_order_void_key")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("order_void", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_void_order_id"), ["order_id"], unique=False)

    op.create_table(
        "order_refund_line",
        sa.Column("refund_id", sa.String(length=26), nullable=False),
        sa.Column("line_id", sa.String(length=26), nullable=False),
        sa.Column("quantity", storage.QuantityColumn(), nullable=False),
        sa.Column("fen", storage.FenColumn(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name=op.f("fk_order_refund_line_line_id")),
        sa.ForeignKeyConstraint(["refund_id"], ["order_refund.id"], name=op.f("fk_order_refund_line_refund_id")),
        sa.PrimaryKeyConstraint("refund_id", "line_id", name=op.f("pk_order_refund_line")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("order_refund_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_refund_line_line_id"), ["line_id"], unique=False)

    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sealed_phone", sa.String(length=512), nullable=True))
        batch_op.add_column(sa.Column("met_at", storage.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("unfollowed_at", storage.UtcDateTime(), nullable=True))
        batch_op.create_index(batch_op.f("ix_contact_diner_id"), ["diner_id"], unique=False)
        batch_op.drop_constraint(batch_op.f("uq_contact_diner_id"), type_="unique")

    with op.batch_alter_table("customer_order", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rushes", sa.SmallInteger(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("rushed_at", storage.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("split_from", sa.String(length=26), nullable=True))
        batch_op.add_column(sa.Column("merged_into", sa.String(length=26), nullable=True))
        batch_op.alter_column("payment_status", existing_type=sa.VARCHAR(length=8), type_=sa.String(length=16), existing_nullable=False)
        batch_op.create_index(batch_op.f("ix_customer_order_merged_into"), ["merged_into"], unique=False)
        batch_op.create_index(batch_op.f("ix_customer_order_split_from"), ["split_from"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_customer_order_merged_into"), "customer_order", ["merged_into"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_customer_order_split_from"), "customer_order", ["split_from"], ["id"])

    with op.batch_alter_table("diner", schema=None) as batch_op:
        batch_op.add_column(sa.Column("merged_into", sa.String(length=26), nullable=True))
        batch_op.create_index(batch_op.f("ix_diner_merged_into"), ["merged_into"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_diner_merged_into"), "diner", ["merged_into"], ["id"])

    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.add_column(sa.Column("level", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("level_since", sa.Date(), nullable=True))

    with op.batch_alter_table("order_line", schema=None) as batch_op:
        batch_op.add_column(sa.Column("voided", storage.QuantityColumn(), server_default="0", nullable=False))

    with op.batch_alter_table("order_round", schema=None) as batch_op:
        batch_op.add_column(sa.Column("fire_state", sa.String(length=8), server_default="fired", nullable=False))

    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("refunded_fen", storage.FenColumn(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("refunds", sa.SmallInteger(), server_default="0", nullable=False))

    with op.batch_alter_table("points_account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("held", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("owed", sa.Integer(), server_default="0", nullable=False))

    with op.batch_alter_table("points_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("owed_delta", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("order_id", sa.String(length=26), nullable=True))
        batch_op.add_column(sa.Column("part", sa.SmallInteger(), server_default="0", nullable=False))
        batch_op.alter_column("lot_id", existing_type=sa.VARCHAR(length=26), nullable=True)
        batch_op.alter_column("key", existing_type=sa.VARCHAR(length=96), type_=sa.String(length=128), existing_nullable=False)
        batch_op.drop_constraint(batch_op.f("uq_points_entry_key"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_points_entry_key_part"), ["key", "part"])

    with op.batch_alter_table("points_lot", schema=None) as batch_op:
        batch_op.add_column(sa.Column("held", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("reversed", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("usable_from", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("open_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("source", sa.String(length=16), server_default="order_paid", nullable=False))
        batch_op.add_column(sa.Column("order_id", sa.String(length=26), nullable=True))
        batch_op.create_index(batch_op.f("ix_points_lot_diner_id_points_lot_open_until"), ["diner_id", "open_until"], unique=False)
        batch_op.create_index(batch_op.f("ix_points_lot_open_until"), ["open_until"], unique=False)

    # What was earned before is good now; bills that were open before hold nothing, and are asked for again.
    op.execute("UPDATE points_lot SET usable_from = earned_on, open_until = CASE WHEN remaining > 0 THEN expires_on END")
    op.execute("UPDATE customer_order SET payment_status = 'none', bill = NULL WHERE payment_status = 'pending'")
    op.execute("UPDATE payment SET state = 'closed', pending_key = NULL WHERE state = 'pending'")
    with op.batch_alter_table("points_lot", schema=None) as batch_op:
        batch_op.alter_column("usable_from", existing_type=sa.Date(), nullable=False)
        batch_op.create_check_constraint(op.f("ck_points_lot_held_is_part_of_remaining"), "held >= 0 AND held <= remaining")
        batch_op.create_check_constraint(op.f("ck_points_lot_reversed_is_part_of_points"), "reversed >= 0 AND reversed <= points")

    with op.batch_alter_table("points_account", schema=None) as batch_op:
        batch_op.create_check_constraint(op.f("ck_points_account_held_is_part_of_balance"), "held >= 0 AND held <= balance")
        batch_op.create_check_constraint(op.f("ck_points_account_owed_not_negative"), "owed >= 0")
