"""A database file that is moved, removed or replaced while it is open: nothing is written to what nobody will find."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from arshjul.store import facts
from arshjul.store.engine import Store, StoreGoneError, open_store
from arshjul.store.upkeep import upgrade

NOW = datetime(2027, 3, 1, 8, tzinfo=UTC)


def remove_folder(store: Store) -> None:
    shutil.rmtree(store.folder)


def remove_file(store: Store) -> None:
    path_of(store).unlink()


def replace_file(store: Store) -> None:
    """As by a backup that is put in place under a service that runs."""
    copy = path_of(store).with_name("copy")
    shutil.copy(path_of(store), copy)
    copy.replace(path_of(store))


def move_folder(store: Store) -> None:
    store.folder.rename(store.folder.with_name("moved"))


def path_of(store: Store) -> Path:
    assert store.path
    return store.path


@pytest.fixture
def used(tmp_path: Path) -> Store:
    """A store that has been written to, in a folder of its own."""
    store = open_store(f"sqlite:///{tmp_path}/var/arshjul.db", tmp_path / "var")
    upgrade(store)
    facts.order_pause(store, NOW, "før")
    return store


@pytest.mark.parametrize("lose", [remove_folder, remove_file, replace_file, move_folder])
def test_file_that_is_gone_is_neither_written_nor_read_nor_made_anew(used: Store, lose: object) -> None:
    assert callable(lose)
    lose(used)
    before = sorted(used.folder.parent.rglob("*"))

    with pytest.raises(StoreGoneError, match="flyttet, fjernet eller byttet ut mens den var i bruk"):
        facts.order_pause(used, NOW, "etter")
    with pytest.raises(StoreGoneError):
        facts.pause(used)

    assert sorted(used.folder.parent.rglob("*")) == before
    used.close()


def test_file_that_is_put_back_as_it_was_is_used_again(used: Store) -> None:
    move_folder(used)
    with pytest.raises(StoreGoneError):
        facts.pause(used)
    used.folder.with_name("moved").rename(used.folder)

    facts.order_pause(used, NOW, "etter")

    pause = facts.pause(used)
    assert pause is not None
    assert (pause.count, pause.reason) == (2, "etter")
    used.close()
