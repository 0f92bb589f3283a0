"""Opening the database: durable, and with an error that an admin understands."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError

from arshjul.store import facts
from arshjul.store.engine import Store, StoreError, open_store
from arshjul.store.tables import FACT
from arshjul.store.upkeep import upgrade


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 5000)]
)
def test_sqlite_is_durable_and_strict(store: Store, pragma: str, value: object) -> None:
    with store.reading() as connection:
        assert connection.execute(text(f"PRAGMA {pragma}")).scalar() == value


def test_a_writing_transaction_takes_the_lock_before_its_first_statement(store: Store) -> None:
    other = open_store(f"sqlite:///{store.path}", store.folder)
    with store.writing(), other.engine.connect() as connection:
        connection.execution_options(reading=True)
        connection.exec_driver_sql("PRAGMA busy_timeout=1")
        assert connection.exec_driver_sql("SELECT count(*) FROM outbox").scalar() == 0  # readers go on
        with pytest.raises(Exception, match="database is locked"):
            connection.exec_driver_sql("DELETE FROM fact")
    other.close()


def test_a_writing_transaction_is_undone_by_an_exception(any_store: Store) -> None:
    with pytest.raises(IntegrityError), any_store.writing() as connection:
        connection.execute(insert(FACT), [{"key": "a", "value": "b"}, {"key": "a", "value": "c"}])
    with any_store.reading() as connection:
        assert facts.get(connection, "a") is None


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("arshjul.db", "Databaseadressen er ikke forstått"),
        ("postgresql://h:notport/x", "Databaseadressen er ikke forstått"),
        ("mysql://localhost/arshjul", "må være SQLite eller PostgreSQL, ikke «mysql»"),
        ("sqlite://", "må ligge i en fil"),
        ("sqlite:///:memory:", "må ligge i en fil"),
        ("sqlite:////dev/null/arshjul.db", "kan ikke lages"),
    ],
)
def test_a_wrong_address_is_explained(tmp_path: Path, url: str, message: str) -> None:
    with pytest.raises(StoreError, match=message):
        open_store(url, tmp_path)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a\x1b[2J", r"a\x1b[2J"),
        ("a\nArshjul: Falsk", "a Arshjul: Falsk"),
        ("a\u202eb", r"a\u202eb"),
    ],
)
def test_a_folder_is_named_as_text_that_can_be_printed(tmp_path: Path, name: str, shown: str) -> None:
    (tmp_path / name).write_text("ingen mappe")
    with pytest.raises(StoreError) as raised:
        open_store(f"sqlite:///{tmp_path}/{name}/arshjul.db", tmp_path)
    assert str(raised.value).startswith(f"Mappen «{tmp_path}/{shown}» til databasen kan ikke lages: ")


def test_a_file_that_is_no_database_is_explained(tmp_path: Path) -> None:
    (tmp_path / "arshjul.db").write_text("Dette er ikke en database, men et brev som noen har lagt her. " * 20)
    store = open_store(f"sqlite:///{tmp_path}/arshjul.db", tmp_path)
    with pytest.raises(StoreError, match="Databasen kan ikke brukes nå: file is not a database"):
        upgrade(store)
    store.close()


def test_a_server_that_is_away_is_explained(tmp_path: Path) -> None:
    store = open_store("postgresql://arshjul@127.0.0.1:1/arshjul", tmp_path)
    with pytest.raises(StoreError, match="Databasen kan ikke brukes nå"), store.reading():
        pass
    store.close()
