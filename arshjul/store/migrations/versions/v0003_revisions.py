"""What feeds have shown: revisions, the feeds' own changes, and who fetches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Instants are microseconds since 1970 UTC. A migration never imports the tables of the day, which change.


def upgrade() -> None:
    op.create_table(
        "revision",
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.Column("first_seen", sa.BigInteger(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("end", sa.Date(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger()),
    )
    op.create_table(
        "published_feed",
        sa.Column("feed", sa.String(), primary_key=True),
        sa.Column("etag", sa.String(64), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "feed_fetch",
        sa.Column(
            "token_hash",
            sa.String(64),
            sa.ForeignKey("feed_token.hash", name="fk_feed_fetch_token_hash"),
            primary_key=True,
        ),
        sa.Column("client", sa.String(16), primary_key=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
    )


def downgrade() -> None:
    for table in ("feed_fetch", "published_feed", "revision"):
        op.drop_table(table)
