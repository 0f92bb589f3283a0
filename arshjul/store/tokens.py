"""Tokens that open one feed each. The plain token is shown once; the store keeps its SHA-256."""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Final

from sqlalchemy import ColumnElement, Connection, insert, or_, select, update

from arshjul.store.engine import Store
from arshjul.store.tables import FEED_FETCH, FEED_TOKEN


def token_hash(token: str) -> str:
    """Return the SHA-256 of a token in hex. No slow hash is needed: a token is 256 bits of chance, not a password."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()


def token_of(key: bytes, feed: str) -> str:
    """Return the token that a feed always has in a published folder: HMAC-SHA256 of its name, 43 signs."""
    return urlsafe_b64encode(hmac.digest(key, feed.encode(), "sha256")).decode("ascii").rstrip("=")


PREFIX_LENGTH: Final = 6


@dataclass(frozen=True, slots=True)
class Fetched:
    """The last day (UTC) that a kind of client fetched, and how often on that day."""

    client: str
    day: date
    times: int


@dataclass(frozen=True, slots=True)
class TokenInfo:
    """A token as it may be shown: never itself, only how it begins. It opens its feed until `revoked_at`, if any."""

    prefix: str
    feed: str
    label: str
    created_at: datetime
    revoked_at: datetime | None
    fetched: tuple[Fetched, ...] = field(default=())


def add(store: Store, feed: str, label: str, now: datetime) -> str:
    """Make a token for a feed and return it; it cannot be read again."""
    with store.writing() as connection:
        return _add(connection, feed, label, now)


def revoke(store: Store, feed: str, prefix: str, now: datetime) -> int:
    """Revoke the feed's tokens that are named so ("" for all of them); returns how many were open until now."""
    statement = (
        update(FEED_TOKEN)
        .where(FEED_TOKEN.c.feed == feed, _is_open(now))
        .where(*[_is_named(prefix)] if prefix else [])
        .values(revoked_at=now)
    )
    with store.writing() as connection:
        return connection.execute(statement).rowcount


def rotate(store: Store, prefix: str, now: datetime, until: datetime) -> tuple[str, str] | None:
    """Make a new token for the feed and label of an open one, which then ends at `until`: (feed, new token).

    None when no open token is named so, or several are.
    """
    table = FEED_TOKEN.c
    with store.writing() as connection:
        rows = connection.execute(
            select(table.hash, table.feed, table.label).where(_is_named(prefix), _is_open(now))
        ).all()
        if len(rows) != 1:
            return None
        connection.execute(
            update(FEED_TOKEN)
            .where(table.hash == rows[0].hash, or_(table.revoked_at.is_(None), table.revoked_at > until))
            .values(revoked_at=until)
        )
        return rows[0].feed, _add(connection, rows[0].feed, rows[0].label, now)


def all_tokens(store: Store) -> tuple[TokenInfo, ...]:
    """Return the tokens of all feeds, the revoked among them, with who has fetched by them."""
    table = FEED_TOKEN.c
    statement = select(table.hash, table.prefix, table.feed, table.label, table.created_at, table.revoked_at)
    with store.reading() as connection:
        fetched = _fetched(connection)
        rows = connection.execute(statement.order_by(table.feed, table.created_at, table.prefix))
        return tuple(TokenInfo(*row[1:], fetched=fetched.get(row.hash, ())) for row in rows)


def all_hashes(store: Store, now: datetime) -> Mapping[str, str]:
    """Return the hashes of all tokens that are open at `now`, each with the feed that it opens."""
    statement = select(FEED_TOKEN.c.hash, FEED_TOKEN.c.feed).where(_is_open(now))
    with store.reading() as connection:
        return {row[0]: row[1] for row in connection.execute(statement)}


def note_fetches(store: Store, fetches: Mapping[tuple[str, str], int], day: date) -> None:
    """Write down how often each kind of client has fetched with each token on a day, beside what was noted before."""
    table = FEED_FETCH.c
    with store.writing() as connection:
        known = set(connection.execute(select(FEED_TOKEN.c.hash)).scalars())
        for (found, client), times in fetches.items():
            same = (table.token_hash == found, table.client == client)
            today = update(FEED_FETCH).where(*same, table.day == day).values(times=table.times + times)
            if found not in known or connection.execute(today).rowcount:
                continue
            if not connection.execute(update(FEED_FETCH).where(*same).values(day=day, times=times)).rowcount:
                row = {"token_hash": found, "client": client, "day": day, "times": times}
                connection.execute(insert(FEED_FETCH).values(row))


def new_token() -> str:
    """Return 256 bits of chance as text. It never begins with a dash: no command line would take it for an option."""
    token = secrets.token_urlsafe(32)
    return new_token() if token.startswith("-") else token


def _add(connection: Connection, feed: str, label: str, now: datetime) -> str:
    token = new_token()
    row = {"hash": token_hash(token), "prefix": token[:PREFIX_LENGTH], "feed": feed, "label": label, "created_at": now}
    connection.execute(insert(FEED_TOKEN).values(row))
    return token


def _is_named(token: str) -> ColumnElement[bool]:
    """A token is named by its six first characters, or by the whole of it: one that is mistyped names none."""
    table = FEED_TOKEN.c
    return table.prefix == token if len(token) <= PREFIX_LENGTH else table.hash == token_hash(token)


def _is_open(now: datetime) -> ColumnElement[bool]:
    return or_(FEED_TOKEN.c.revoked_at.is_(None), FEED_TOKEN.c.revoked_at > now)


def _fetched(connection: Connection) -> dict[str, tuple[Fetched, ...]]:
    found: dict[str, tuple[Fetched, ...]] = {}
    for row in connection.execute(select(FEED_FETCH).order_by(FEED_FETCH.c.day.desc(), FEED_FETCH.c.client)):
        found[row.token_hash] = (*found.get(row.token_hash, ()), Fetched(row.client, row.day, row.times))
    return found
