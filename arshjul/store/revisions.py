"""What has been published, remembered over restarts: revisions of entries, and when each feed last changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, insert, select, text

from arshjul.core.dates import Span
from arshjul.core.revisions import Revision
from arshjul.store.engine import Store
from arshjul.store.tables import PUBLISHED_FEED, REVISION

REVISION_LOCK: Final = 0x6172_7372  # "arsr"
BATCH: Final = 500
"""Keys in one statement: a database takes a limited number of parameters."""


def all_revisions(store: Store) -> dict[str, Revision]:
    """Return all that was ever published, by key."""
    with store.reading() as connection:
        return {row.key: _revision(row) for row in connection.execute(select(REVISION))}


def write(store: Store, new: Sequence[Revision], known: Mapping[str, Revision]) -> bool:
    """Write revisions that were decided from what was `known`.

    False, and nothing is written, when another service has written any of them since: read again and decide anew.
    """
    keys = [one.key for one in new]
    with store.writing() as connection:
        _take_turns(store, connection)
        if _found(connection, keys) != {key: known[key] for key in keys if key in known}:
            return False
        for batch in _batches(new):
            connection.execute(delete(REVISION).where(REVISION.c.key.in_([one.key for one in batch])))
            connection.execute(insert(REVISION), [_row(one) for one in batch])
    return True


def feed_changes(store: Store) -> dict[str, tuple[str, datetime]]:
    """Return the ETag that each feed last had, and since when."""
    with store.reading() as connection:
        return {row.feed: (row.etag, row.changed_at) for row in connection.execute(select(PUBLISHED_FEED))}


def note_feed_changes(store: Store, new: Mapping[str, tuple[str, datetime]]) -> dict[str, tuple[str, datetime]]:
    """Remember the ETags of feeds that have changed, and return what holds: another service may have been first."""
    held: dict[str, tuple[str, datetime]] = {}
    with store.writing() as connection:
        _take_turns(store, connection)
        for names in _batches(list(new)):
            here = PUBLISHED_FEED.c.feed.in_(names)
            rows = connection.execute(select(PUBLISHED_FEED).where(here))
            found = {row.feed: (row.etag, row.changed_at) for row in rows}
            same = {name: found[name] for name in names if name in found and found[name][0] == new[name][0]}
            agreed = {name: new[name] for name in names} | same
            connection.execute(delete(PUBLISHED_FEED).where(here))
            values = [{"feed": name, "etag": tag, "changed_at": at} for name, (tag, at) in agreed.items()]
            connection.execute(insert(PUBLISHED_FEED), values)
            held |= agreed
    return held


def _take_turns(store: Store, connection: Connection) -> None:
    """Let one service write at a time; SQLite's own lock, taken at BEGIN, does the same."""
    if not store.is_sqlite:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": REVISION_LOCK})


def _found(connection: Connection, keys: Sequence[str]) -> dict[str, Revision]:
    statements = (select(REVISION).where(REVISION.c.key.in_(batch)) for batch in _batches(keys))
    return {row.key: _revision(row) for statement in statements for row in connection.execute(statement)}


def _batches(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))


def _revision(row: Row[Any]) -> Revision:
    return Revision(
        key=row.key,
        digest=row.digest,
        sequence=row.sequence,
        modified_at=row.modified_at,
        first_seen=row.first_seen,
        days=Span(row.first, row.end),
        withdrawn_at=row.withdrawn_at,
    )


def _row(one: Revision) -> dict[str, object]:
    return {
        "key": one.key,
        "digest": one.digest,
        "sequence": one.sequence,
        "modified_at": one.modified_at,
        "first_seen": one.first_seen,
        "first": one.days.first,
        "end": one.days.end,
        "withdrawn_at": one.withdrawn_at,
    }
