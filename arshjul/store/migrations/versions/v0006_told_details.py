"""The hours and the place that people were told; addresses are written as they are compared."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Of two rows that only capitals tell apart, the older keeps the address as it was written: no row is lost.


def upgrade() -> None:
    op.add_column("reminder", sa.Column("clock", sa.String()))
    op.add_column("reminder", sa.Column("location", sa.Text()))
    op.execute(
        "UPDATE reminder SET address = lower(address) WHERE address <> lower(address) AND NOT EXISTS ("
        "SELECT 1 FROM reminder AS other WHERE other.id <> reminder.id AND lower(other.address) = lower(reminder.address) "
        "AND other.key = reminder.key AND other.lead = reminder.lead "
        "AND (other.deadline = reminder.deadline OR (other.deadline IS NULL AND reminder.deadline IS NULL)))"
    )
    op.execute(
        "UPDATE outbox SET address = lower(address) WHERE address <> lower(address) AND NOT EXISTS ("
        "SELECT 1 FROM outbox AS other WHERE other.id <> outbox.id AND lower(other.address) = lower(outbox.address) "
        "AND other.send_day = outbox.send_day AND other.variant = outbox.variant)"
    )


def downgrade() -> None:
    op.drop_column("reminder", "location")
    op.drop_column("reminder", "clock")
