"""Databases of earlier versions, with the rows that the program of that version wrote, carried over to this one.

`tests/data/schemas/0001.json` and so on hold the rows of each table as the last program with that schema left them
after a story of ten mornings: two reminders told, a date moved, a deadline missed, a report, an event taken out. Of
each letter's bytes only the beginning is kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Date, LargeBinary, MetaData, Table, insert, inspect, select

from arshjul.plan.model import ReminderId, ReminderKind
from arshjul.store import told
from arshjul.store.engine import Store, open_store
from arshjul.store.tables import ATTEMPT, OUTBOX, REMINDER, identity_of, reminder_id
from arshjul.store.upkeep import upgrade
from arshjul.timing.days import Offset, Unit

SCHEMAS = ["0001", "0002", "0003", "0004", "0005", "0006", "0007"]
ROWS = Path(__file__).parents[1] / "data" / "schemas"
IDENTITIES: dict[str, tuple[ReminderKind, Offset | None, int]] = {
    "20 virkedager": (ReminderKind.LEAD, Offset(20), 0),
    "5 virkedager": (ReminderKind.LEAD, Offset(5), 0),
    "1 virkedag": (ReminderKind.LEAD, Offset(1), 0),
    "33 dager": (ReminderKind.LEAD, Offset(33, Unit.DAYS), 0),
    "1 dag": (ReminderKind.LEAD, Offset(1, Unit.DAYS), 0),
    "1 uke": (ReminderKind.LEAD, Offset(1, Unit.WEEKS), 0),
    "3 uker": (ReminderKind.LEAD, Offset(3, Unit.WEEKS), 0),
    "1 måned": (ReminderKind.LEAD, Offset(1, Unit.MONTHS), 0),
    "2 måneder": (ReminderKind.LEAD, Offset(2, Unit.MONTHS), 0),
    "etter fristen": (ReminderKind.OVERDUE, None, 0),
    "endring 1": (ReminderKind.CHANGE, None, 1),
    "endring 12": (ReminderKind.CHANGE, None, 12),
    "bortfall 1": (ReminderKind.GONE, None, 1),
}
"""What the texts of `reminder.lead` up to schema 0007 mean."""


def rows_of(schema: str) -> dict[str, list[dict[str, Any]]]:
    rows: dict[str, list[dict[str, Any]]] = json.loads((ROWS / f"{schema}.json").read_text(encoding="utf-8"))
    return rows


def migrations(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", "arshjul.store:migrations")
    config.attributes["connection"] = connection
    return config


def typed(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as the database wants it: JSON has no days, octets or truth values of SQLite."""
    values: dict[str, Any] = {}
    for name, value in row.items():
        kind = table.c[name].type
        if value is None:
            values[name] = None
        elif isinstance(kind, Date):
            values[name] = date.fromisoformat(value)
        elif isinstance(kind, LargeBinary):
            values[name] = bytes.fromhex(value)
        else:
            values[name] = kind.python_type(value)
    return values


def fill(store: Store, schema: str, rows: Mapping[str, list[dict[str, Any]]]) -> None:
    """Make the tables of an earlier schema, and put rows into them."""
    with store.writing() as connection:
        command.upgrade(migrations(connection), schema)
        tables = MetaData()
        tables.reflect(connection)
        for name, given in rows.items():
            table = tables.tables[name]
            if given:
                connection.execute(insert(table), [typed(table, row) for row in given])


def identity(row: Mapping[str, Any]) -> ReminderId:
    kind, lead, number = IDENTITIES[row["lead"]]
    deadline = date.fromisoformat(row["deadline"]) if row["deadline"] else None
    return ReminderId(row["key"], row["address"].lower(), kind, lead, number, deadline)


@pytest.mark.parametrize("schema", SCHEMAS)
def test_database_of_an_earlier_version_keeps_what_was_told(database_url: str, tmp_path: Path, schema: str) -> None:
    store, before = open_store(database_url, tmp_path), rows_of(schema)
    fill(store, schema, before)

    assert upgrade(store)

    with store.reading() as connection:
        found = connection.execute(select(REMINDER.c.id, REMINDER.c.withdrawn_by, *identity_of(REMINDER)))
        reminders = {row_id: (by, reminder_id(values)) for row_id, by, *values in found}
        letters = set(connection.execute(select(OUTBOX.c.id, OUTBOX.c.state, OUTBOX.c.subject)).all())
        attempts = connection.execute(select(ATTEMPT.c.id)).scalars().all()
    assert reminders == {row["id"]: ("", identity(row)) for row in before["reminder"]}
    assert letters == {(row["id"], row["state"], row["subject"]) for row in before["outbox"]}
    assert len(attempts) == len(before["attempt"])
    known = told.known(store)
    assert known.told == {identity(row) for row in before["reminder"]}
    assert known.baseline
    if expected := before.get("expected"):
        assert known.expected
        assert known.expected.reminders == {identity(row) for row in expected}
    store.close()


def test_every_text_of_an_earlier_version_has_its_columns(database_url: str, tmp_path: Path) -> None:
    store, letter = open_store(database_url, tmp_path), "01JD000000000000000000000A"
    outbox = [rows_of("0007")["outbox"][0] | {"id": letter}]
    texts = [*IDENTITIES, *(f"trukket {letter} {text}" for text in IDENTITIES)]
    shared = {"key": "k/a/2027", "address": "kari@example.no", "due": "2027-02-01", "deadline": "2027-03-01"}
    more = {"title": "A", "clock": "", "location": "", "passed_over": 0, "created_at": 0, "outbox_id": letter}
    rows = [shared | more | {"id": number, "lead": text} for number, text in enumerate(texts, 1)]
    fill(store, "0007", {"outbox": outbox, "reminder": rows})

    assert upgrade(store)

    with store.reading() as connection:
        found = connection.execute(
            select(REMINDER.c.withdrawn_by, *identity_of(REMINDER)).order_by(REMINDER.c.id)
        ).all()
    meant = [identity(shared | {"lead": text}) for text in IDENTITIES]
    assert [(by, reminder_id(values)) for by, *values in found] == [
        *(("", reminder) for reminder in meant),
        *((letter, reminder) for reminder in meant),
    ]
    store.close()


def compared(row: Mapping[str, Any]) -> str:
    """Return a row as text; addresses are written in small letters since schema 0006, and stay so."""
    return repr(sorted((name, value.lower() if name == "address" else value) for name, value in row.items()))


@pytest.mark.parametrize("schema", SCHEMAS)
def test_upgrade_can_be_undone(database_url: str, tmp_path: Path, schema: str) -> None:
    store, before = open_store(database_url, tmp_path), rows_of(schema)
    fill(store, schema, before)
    with store.writing() as connection:
        command.upgrade(migrations(connection), "head")

        command.downgrade(migrations(connection), schema)

        tables = MetaData()
        tables.reflect(connection)
        assert set(inspect(connection).get_table_names()) == {*before, "alembic_version"}
        for name, rows in before.items():
            if name in ("expected", "fact"):  # worked out anew at the next hour of letters
                continue
            table = tables.tables[name]
            found = connection.execute(select(table)).mappings()
            assert sorted(compared(dict(row)) for row in found) == sorted(compared(typed(table, row)) for row in rows)
    store.close()
