"""Who has said no to letters, the token by which a letter lets its reader say so, and since when it waits no more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Instants are microseconds since 1970 UTC. A migration never imports the tables of the day, which change.


def upgrade() -> None:
    op.create_table(
        "opt_out",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("is_out", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("reported_at", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_opt_out_address", "opt_out", ["address"])
    op.add_column("outbox", sa.Column("opt_out_hash", sa.String(64)))
    op.add_column("outbox", sa.Column("settled_at", sa.BigInteger()))
    op.execute(
        "UPDATE outbox SET settled_at = COALESCE(accepted_at, "
        "(SELECT MAX(ended_at) FROM attempt WHERE attempt.outbox_id = outbox.id), created_at) "
        "WHERE next_at IS NULL AND lease_until IS NULL"
    )
    op.create_index("ix_outbox_opt_out_hash", "outbox", ["opt_out_hash"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_outbox_opt_out_hash", table_name="outbox")
    op.drop_column("outbox", "settled_at")
    op.drop_column("outbox", "opt_out_hash")
    op.drop_table("opt_out")
