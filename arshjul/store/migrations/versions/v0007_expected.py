"""The reminders that the files of the last hour of letters would make: what comes besides is caused by an edit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "expected",
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("lead", sa.String(), primary_key=True),
        sa.Column("address", sa.String(), primary_key=True),
        sa.Column("deadline", sa.Date(), primary_key=True),
    )


def downgrade() -> None:
    op.drop_table("expected")
