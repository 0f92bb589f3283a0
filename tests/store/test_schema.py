"""The schema: the migrations give what the tables say, and nothing older or newer is used by mistake."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from arshjul.store.engine import Store, StoreError, open_store
from arshjul.store.schema import HEAD, upgrade
from arshjul.store.tables import METADATA


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
