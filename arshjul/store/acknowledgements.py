"""Reports of what is done, put off or not relevant: added and looked up, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, func, insert, select

from arshjul.core.acknowledged import Acknowledgement, Report
from arshjul.store.engine import Store
from arshjul.store.tables import ACKNOWLEDGEMENT

COLUMNS = tuple(ACKNOWLEDGEMENT.c[name] for name in ("key", "state", "by", "note", "deadline", "reported_at"))


def acknowledge(store: Store, report: Acknowledgement) -> None:
    """Add a report; the latest of a key counts."""
    row = {
        "key": report.key,
        "state": report.state,
        "by": report.by,
        "note": report.note,
        "deadline": report.deadline,
        "reported_at": report.at,
    }
    with store.writing() as connection:
        connection.execute(insert(ACKNOWLEDGEMENT).values(row))


def acknowledgements_of(store: Store, key: str) -> tuple[Acknowledgement, ...]:
    """Return every report of a thing, the first first."""
    statement = select(*COLUMNS).where(ACKNOWLEDGEMENT.c.key == key).order_by(ACKNOWLEDGEMENT.c.id)
    with store.reading() as connection:
        return tuple(_report(row) for row in connection.execute(statement))


def latest(connection: Connection) -> tuple[Acknowledgement, ...]:
    """Return the last report of each thing."""
    newest = select(func.max(ACKNOWLEDGEMENT.c.id)).group_by(ACKNOWLEDGEMENT.c.key)
    statement = select(*COLUMNS).where(ACKNOWLEDGEMENT.c.id.in_(newest)).order_by(ACKNOWLEDGEMENT.c.id)
    return tuple(_report(row) for row in connection.execute(statement))


def _report(row: Sequence[Any]) -> Acknowledgement:
    key, state, by, note, deadline, at = row
    return Acknowledgement(key, Report(state), by, note, deadline, at)
