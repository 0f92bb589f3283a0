"""The schema: the migrations give what the tables say, and nothing older or newer is used by mistake."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from arshjul.store.engine import Store, StoreError, open_store
from arshjul.store.tables import METADATA
from arshjul.store.upkeep import HEAD, upgrade


def test_migrations_give_the_tables(any_store: Store) -> None:
    with any_store.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_upgrade_a_second_time_does_nothing(database_url: str, tmp_path: Path) -> None:
    store = open_store(database_url, tmp_path)
    assert [upgrade(store), upgrade(store)] == [True, False]
    store.close()


def test_head_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", "arshjul.store:migrations")
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_upgrade_refuses_a_newer_schema(any_store: Store) -> None:
    with any_store.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="nyere utgave av arshjul"):
        upgrade(any_store)
    with any_store.reading() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "9999"


def test_upgrade_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/arshjul.db", tmp_path)
    with store.writing() as connection:
        connection.execute(text("CREATE TABLE reminder (id INTEGER)"))  # in the way of the migration
    with pytest.raises(StoreError):
        upgrade(store)
    with store.reading() as connection:
        assert inspect(connection).get_table_names() == ["reminder"]
    store.close()


ROW = "INSERT INTO reminder (id, key, lead, address, due, deadline, title, passed_over, created_at) VALUES "


def test_upgrade_writes_addresses_as_they_are_compared_and_loses_no_row(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/arshjul.db", tmp_path)
    config = Config()
    config.set_main_option("script_location", "arshjul.store:migrations")
    with store.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0005")
        for number, key, address in [(1, "k/a/2026", "Kari@example.no"), (2, "k/a/2026", "kari@example.no")]:
            row = f"({number}, '{key}', '20 virkedager', '{address}', '2026-11-17', '2026-12-15', 'A', false, 0)"
            connection.execute(text(ROW + row))
        other = "(3, 'k/b/2026', '20 virkedager', 'Kari@example.no', '2026-11-17', '2026-12-15', 'B', false, 0)"
        connection.execute(text(ROW + other))
    assert upgrade(store)

    with store.reading() as connection:
        rows = connection.execute(text("SELECT id, address, clock, location FROM reminder ORDER BY id")).all()
    assert [tuple(row) for row in rows] == [
        (1, "Kari@example.no", None, None),
        (2, "kari@example.no", None, None),
        (3, "kari@example.no", None, None),
    ]
    store.close()
