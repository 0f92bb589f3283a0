"""Which turn of which item had which days when it was last in force."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "turn",
        sa.Column("calendar", sa.String(), primary_key=True),
        sa.Column("item", sa.String(), primary_key=True),
        sa.Column("period", sa.String(), primary_key=True),
        sa.Column("natural", sa.String(), nullable=False),
        sa.Column("ruled_first", sa.Date(), nullable=False),
        sa.Column("ruled_end", sa.Date(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("end", sa.Date(), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("is_deadline", sa.Boolean(), nullable=False),
        sa.Column("is_due", sa.Boolean(), nullable=False),
        sa.Column("clock", sa.String(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("known_by", sa.String(16), nullable=False),
        sa.Column("marker", sa.String(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("gone_on", sa.Date()),
    )
    op.create_index("ix_turn_end", "turn", ["end"])


def downgrade() -> None:
    op.drop_table("turn")
