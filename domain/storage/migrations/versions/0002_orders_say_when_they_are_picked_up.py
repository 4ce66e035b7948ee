"""orders say when they are picked up."""

import sqlalchemy as sa
from alembic import op

from domain import storage

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("customer_order", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pickup_at", storage.UtcDateTime(), nullable=True))
