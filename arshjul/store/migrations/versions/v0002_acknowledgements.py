"""Acknowledgements; and the deadline as part of what a reminder is, with the title that was told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("reminder") as reminder:
        reminder.add_column(sa.Column("title", sa.String(), nullable=False, server_default=""))
        reminder.drop_constraint("uq_reminder_address_key_lead", type_="unique")
        reminder.create_unique_constraint(
            "uq_reminder_address_key_lead_deadline", ["address", "key", "lead", "deadline"]
        )
    with op.batch_alter_table("reminder") as reminder:
        reminder.alter_column("title", server_default=None)
    op.create_table(
        "acknowledgement",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("deadline", sa.Date()),
        sa.Column("reported_at", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_acknowledgement_key", "acknowledgement", ["key"])


def downgrade() -> None:
    op.drop_table("acknowledgement")
    # A thing that was told for two dates keeps only the first row: the old schema has room for one.
    op.execute("DELETE FROM reminder WHERE id NOT IN (SELECT MIN(id) FROM reminder GROUP BY address, key, lead)")
    with op.batch_alter_table("reminder") as reminder:
        reminder.drop_constraint("uq_reminder_address_key_lead_deadline", type_="unique")
        reminder.create_unique_constraint("uq_reminder_address_key_lead", ["address", "key", "lead"])
        reminder.drop_column("title")
