"""Which turn of which item had which days: read and written. What it is for is in `core.history`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import Row, delete, insert, select

from arshjul.core.dates import Span
from arshjul.core.history import History, TurnRecord
from arshjul.core.turns import read_clock
from arshjul.store import facts
from arshjul.store.engine import Store
from arshjul.store.tables import TURN

REMEMBERED: Final = timedelta(days=400)
"""What ended longer ago is not read: feeds reach a quarter back, and planning a year."""
RECORDED: Final = "turns-recorded"
"""The fact that says which state of the files was recorded last, and on which day."""


def history(store: Store, today: date) -> History:
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


def write(store: Store, records: Iterable[TurnRecord], mark: str) -> None:
    """Write records in place of those with the same key, and the mark of what they were made from."""
    new: Sequence[TurnRecord] = list(records)
    with store.writing() as connection:
        for record in new:
            same = (TURN.c.calendar == record.calendar, TURN.c.item == record.item, TURN.c.period == record.period)
            connection.execute(delete(TURN).where(*same))
        if new:
            connection.execute(insert(TURN), [_row(record) for record in new])
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


def _row(record: TurnRecord) -> dict[str, object]:
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
