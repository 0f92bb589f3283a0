"""What has been published: revisions of entries, when each feed changed, which turn of which item had which days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, insert, select, text

from arshjul.feeds.revisions import Revision
from arshjul.keys import History, TurnRecord
from arshjul.store import facts
from arshjul.store.engine import Store
from arshjul.store.tables import PUBLISHED_FEED, REVISION, TURN
from arshjul.timing.days import Span, read_clock

REMEMBERED: Final = timedelta(days=400)
"""What ended longer ago is not read: feeds reach a quarter back, and planning a year."""
RECORDED: Final = "turns-recorded"
"""The fact that says which state of the files was recorded last, and on which day."""


def turn_history(store: Store, today: date) -> History:
    """Return what has been in force, as far back as anything asks for it. Raises StoreError."""
    statement = select(TURN).where(TURN.c.end >= today - REMEMBERED).order_by(TURN.c.first, TURN.c.period)
    with store.reading() as connection:
        found = [_record(row) for row in connection.execute(statement)]
    records: dict[tuple[str, str], list[TurnRecord]] = {}
    for record in found:
        records.setdefault(record.owner, []).append(record)
    return History(today, records)


def last_recorded(store: Store) -> str:
    """Return the mark of what was recorded last, "" before the first time."""
    with store.reading() as connection:
        return facts.get(connection, RECORDED) or ""


def write_turns(store: Store, records: Iterable[TurnRecord], mark: str) -> None:
    """Write records in place of those with the same key, and the mark of what they were made from."""
    new: Sequence[TurnRecord] = list(records)
    with store.writing() as connection:
        for record in new:
            same = (TURN.c.calendar == record.calendar, TURN.c.item == record.item, TURN.c.period == record.period)
            connection.execute(delete(TURN).where(*same))
        if new:
            connection.execute(insert(TURN), [_turn_row(record) for record in new])
        facts.put(connection, RECORDED, mark)


def _record(row: Row[Any]) -> TurnRecord:
    return TurnRecord(
        calendar=row.calendar,
        item=row.item,
        period=row.period,
        natural=row.natural,
        ruled=Span(row.ruled_first, row.ruled_end),
        days=Span(row.first, row.end),
        status=row.status,
        deadline=row.is_deadline,
        is_due=row.is_due,
        clock=read_clock(row.clock) if row.clock else None,
        because=row.because,
        known_by=row.known_by,
        marker=row.marker,
        rule=row.rule,
        source=row.source,
        title=row.title,
        location=row.location,
        gone_on=row.gone_on,
    )


def _turn_row(record: TurnRecord) -> dict[str, object]:
    return {
        "calendar": record.calendar,
        "item": record.item,
        "period": record.period,
        "natural": record.natural,
        "ruled_first": record.ruled.first,
        "ruled_end": record.ruled.end,
        "first": record.days.first,
        "end": record.days.end,
        "status": record.status,
        "is_deadline": record.deadline,
        "is_due": record.is_due,
        "clock": str(record.clock or ""),
        "because": record.because,
        "known_by": record.known_by,
        "marker": record.marker,
        "rule": record.rule,
        "source": record.source,
        "title": record.title,
        "location": record.location,
        "gone_on": record.gone_on,
    }


REVISION_LOCK: Final = 0x6172_7372  # "arsr"
BATCH: Final = 500
"""Keys in one statement: a database takes a limited number of parameters."""


def all_revisions(store: Store) -> dict[str, Revision]:
    """Return all that was ever published, by key."""
    with store.reading() as connection:
        return {row.key: _revision(row) for row in connection.execute(select(REVISION))}


def write_revisions(store: Store, new: Sequence[Revision], known: Mapping[str, Revision]) -> bool:
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
            connection.execute(insert(REVISION), [_revision_row(one) for one in batch])
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


def _revision_row(one: Revision) -> dict[str, object]:
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
