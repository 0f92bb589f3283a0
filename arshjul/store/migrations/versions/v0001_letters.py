"""The first schema: letters, reminders, attempts, feed tokens, facts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Instants are microseconds since 1970 UTC. A migration never imports the tables of the day, which change.


def upgrade() -> None:
    _outbox()
    _reminder()
    _attempt()
    _others()


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("send_day", sa.Date(), nullable=False),
        sa.Column("variant", sa.String(), nullable=False),
        sa.Column("send_at", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("wire", sa.LargeBinary(), nullable=False),
        sa.Column("wire_sha256", sa.String(64), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.BigInteger()),
        sa.Column("expires_at", sa.BigInteger()),
        sa.Column("lease_owner", sa.String()),
        sa.Column("lease_until", sa.BigInteger()),
        sa.Column("last_code", sa.Integer()),
        sa.Column("last_text", sa.Text(), nullable=False),
        sa.Column("accepted_at", sa.BigInteger()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("message_id", name="uq_outbox_message_id"),
        sa.UniqueConstraint("address", "send_day", "variant", name="uq_outbox_address_send_day_variant"),
        sa.CheckConstraint("(next_at IS NOT NULL) = (state IN ('queued', 'unknown'))", name="ck_outbox_next_at"),
        sa.CheckConstraint(
            "(lease_until IS NOT NULL) = (state IN ('sending', 'data_started'))", name="ck_outbox_lease"
        ),
    )
    op.create_index("ix_outbox_state", "outbox", ["state"])
    _partial("ix_outbox_waiting", ["next_at", "id"], "next_at IS NOT NULL")
    _partial("ix_outbox_out", ["lease_until"], "lease_until IS NOT NULL")


def _reminder() -> None:
    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("lead", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("deadline", sa.Date()),
        sa.Column("passed_over", sa.Boolean(), nullable=False),
        sa.Column("outbox_id", sa.String(26), sa.ForeignKey("outbox.id", name="fk_reminder_outbox_id")),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("address", "key", "lead", name="uq_reminder_address_key_lead"),
    )
    op.create_index("ix_reminder_outbox_id", "reminder", ["outbox_id"])


def _attempt() -> None:
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("outbox_id", sa.String(26), sa.ForeignKey("outbox.id", name="fk_attempt_outbox_id"), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(16), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("code", sa.Integer()),
        sa.Column("enhanced", sa.String(16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_attempt_outbox_id", "attempt", ["outbox_id"])


def _others() -> None:
    op.create_table(
        "feed_token",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("prefix", sa.String(6), nullable=False),
        sa.Column("feed", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger()),
    )
    op.create_index("ix_feed_token_feed", "feed_token", ["feed"])
    op.create_table(
        "fact",
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("value", sa.Text(), nullable=False),
    )


def _partial(name: str, columns: list[str], where: str) -> None:
    op.create_index(name, "outbox", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    for table in ("fact", "feed_token", "attempt", "reminder", "outbox"):
        op.drop_table(table)
