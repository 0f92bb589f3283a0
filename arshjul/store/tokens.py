"""Tokens that open one feed each. The plain token is shown once; the store keeps its SHA-256 and six first characters.

A token has 256 random bits, so a slow hash would add nothing.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import insert, select, update

from arshjul.store.engine import Store
from arshjul.store.tables import FEED_TOKEN

PREFIX_LENGTH: Final = 6


@dataclass(frozen=True, slots=True)
class TokenInfo:
    """A token as it may be shown: never itself, only how it begins."""

    prefix: str
    feed: str
    label: str
    created_at: datetime
    revoked_at: datetime | None


def hash_of(token: str) -> str:
    """Return what the store knows a token by."""
    return hashlib.sha256(token.encode()).hexdigest()


def add(store: Store, feed: str, label: str, now: datetime) -> str:
    """Make a token for a feed and return it; it cannot be read again."""
    token = secrets.token_urlsafe(32)
    row = {"hash": hash_of(token), "prefix": token[:PREFIX_LENGTH], "feed": feed, "label": label, "created_at": now}
    with store.writing() as connection:
        connection.execute(insert(FEED_TOKEN).values(row))
    return token


def revoke(store: Store, feed: str, prefix: str, now: datetime) -> int:
    """Revoke the feed's tokens that begin so ("" for all of them); returns how many were open until now."""
    statement = (
        update(FEED_TOKEN)
        .where(FEED_TOKEN.c.feed == feed, FEED_TOKEN.c.revoked_at.is_(None))
        .where(FEED_TOKEN.c.prefix == prefix[:PREFIX_LENGTH] if prefix else FEED_TOKEN.c.prefix.is_not(None))
        .values(revoked_at=now)
    )
    with store.writing() as connection:
        return connection.execute(statement).rowcount


def all_tokens(store: Store, feed: str | None = None) -> tuple[TokenInfo, ...]:
    """Return the tokens of a feed, or of all feeds, the revoked among them."""
    table = FEED_TOKEN.c
    statement = select(table.prefix, table.feed, table.label, table.created_at, table.revoked_at)
    if feed is not None:
        statement = statement.where(table.feed == feed)
    with store.reading() as connection:
        rows = connection.execute(statement.order_by(table.feed, table.created_at, table.prefix))
        return tuple(TokenInfo(*row) for row in rows)


def all_hashes(store: Store) -> Mapping[str, str]:
    """Return the hashes of all tokens that are not revoked, each with the feed that it opens."""
    statement = select(FEED_TOKEN.c.hash, FEED_TOKEN.c.feed).where(FEED_TOKEN.c.revoked_at.is_(None))
    with store.reading() as connection:
        return {row[0]: row[1] for row in connection.execute(statement)}
