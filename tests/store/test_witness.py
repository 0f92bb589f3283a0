"""A database folder that is put back whole gives itself away by a file outside it."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from arshjul.letters.brakes import HoldKind
from arshjul.plan.model import Recipient
from arshjul.rounds import holds
from arshjul.rounds.sending import recover
from arshjul.store import claims, facts, queue
from arshjul.store.engine import Store, open_store
from arshjul.store.upkeep import upgrade
from tests.databases import back_up, fetch_back, new_database
from tests.sample_letters import NOW, queued

ME = "me"


def opened(folder: Path, name: str = "var") -> Store:
    store = open_store(f"sqlite:///{folder}/{name}/a.db", folder, folder / "witness")
    upgrade(store)
    return store


def send(store: Store, number: int) -> None:
    queue.queue(store, [queued(number, Recipient(f"m{number}@example.no"))], NOW)
    assert len(claims.claim_due(store, NOW + timedelta(hours=1), ME, 10)) == 1


def test_folder_that_is_put_back_is_seen_and_let_go_by_a_person(tmp_path: Path) -> None:
    store = opened(tmp_path)
    send(store, 1)
    store.close()
    shutil.copytree(tmp_path / "var", tmp_path / "copy")
    store = opened(tmp_path)
    send(store, 2)
    store.close()
    shutil.rmtree(tmp_path / "var")
    (tmp_path / "copy").rename(tmp_path / "var")

    restored = opened(tmp_path)
    hold = holds.look(restored, NOW)
    assert hold is not None
    assert hold.kind is HoldKind.RESTORED

    holds.release(restored, NOW)
    assert holds.look(restored, NOW) is None
    restored.close()


def test_folder_that_nothing_was_sent_from_since_is_no_older(tmp_path: Path) -> None:
    store = opened(tmp_path)
    send(store, 1)
    store.close()
    shutil.copytree(tmp_path / "var", tmp_path / "copy")
    shutil.rmtree(tmp_path / "var")
    (tmp_path / "copy").rename(tmp_path / "var")

    restored = opened(tmp_path)
    assert not facts.is_behind(restored)
    restored.close()


def test_new_database_has_nothing_to_do_with_the_witness_of_another(tmp_path: Path) -> None:
    store = opened(tmp_path)
    send(store, 1)
    store.close()

    other = opened(tmp_path, "other")
    assert not facts.is_behind(other)
    send(other, 2)
    assert facts.witnessed(other) == 1
    other.close()


@pytest.mark.parametrize("text", ["", "noe annet enn et vitne", "abc def", "x ²"])
def test_witness_that_says_nothing_holds_nothing(tmp_path: Path, text: str) -> None:
    store = opened(tmp_path)
    send(store, 1)
    (tmp_path / "witness").write_text(text, encoding="utf-8")

    assert not facts.is_behind(store)
    store.close()


def test_witness_that_cannot_be_written_stops_no_letter(tmp_path: Path) -> None:
    store = opened(tmp_path)
    (tmp_path / "witness").mkdir()

    send(store, 1)
    assert facts.witnessed(store) == 0
    store.close()


def at(url: str, folder: Path) -> Store:
    """Open a database of either kind as a site does: small files in `var`, the witness beside the folder."""
    store = open_store(url, folder / "var", folder / "witness")
    upgrade(store)
    return store


def without_folder(folder: Path) -> None:
    """Take what lies beside the database away, as with a new container."""
    shutil.rmtree(folder / "var", ignore_errors=True)
    (folder / "arshjul.db.epoch").unlink(missing_ok=True)


def test_database_put_back_with_an_empty_folder_is_seen(database_url: str, tmp_path: Path) -> None:
    store = at(database_url, tmp_path)
    send(store, 1)
    store.close()
    copy = back_up(database_url)
    send(store, 2)
    store.close()
    fetch_back(copy, database_url)
    without_folder(tmp_path)

    restored = at(database_url, tmp_path)
    hold = holds.look(restored, NOW)
    assert hold is not None
    assert hold.kind is HoldKind.RESTORED

    holds.release(restored, NOW)
    assert holds.look(restored, NOW) is None
    send(restored, 3)
    assert (facts.witnessed(restored), facts.is_behind(restored)) == (3, False)
    restored.close()


def test_backup_from_before_the_first_letter_is_seen(database_url: str, tmp_path: Path) -> None:
    """The first start has named the database, though nothing was sent."""
    store = at(database_url, tmp_path)
    recover(store, NOW, ME)
    store.close()
    copy = back_up(database_url)
    send(store, 1)
    store.close()
    fetch_back(copy, database_url)
    without_folder(tmp_path)

    restored = at(database_url, tmp_path)
    assert facts.is_behind(restored)
    restored.close()


def test_name_of_a_database_is_its_own_and_stays(database_url: str, tmp_path: Path) -> None:
    store = at(database_url, tmp_path)
    name = facts.name_database(store)
    recover(store, NOW, ME)
    again = at(database_url, tmp_path)

    assert (facts.name_database(store), facts.name_database(again)) == (name, name)
    store.close()
    again.close()


def test_database_on_another_server_address_with_the_same_witness_is_another(
    postgresql_url: str, postgresql_server: str, tmp_path: Path
) -> None:
    store, other = at(postgresql_url, tmp_path), at(new_database(postgresql_server), tmp_path)
    send(store, 1)
    send(store, 2)

    recover(other, NOW, ME)
    assert (facts.witnessed(store), facts.witnessed(other), facts.is_behind(other)) == (2, 0, False)
    store.close()
    other.close()
