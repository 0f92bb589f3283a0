"""There is one sender for a database, and the next one may begin when it is gone, however it went."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from arshjul.store import facts
from arshjul.store.engine import Store, StoreError, StoreGoneError, open_store
from arshjul.store.lock import AnotherSenderError, sender_lock
from arshjul.store.upkeep import upgrade

HOLD = """
import sys
from pathlib import Path
from arshjul.store.engine import open_store
from arshjul.store.lock import sender_lock
with sender_lock(open_store(sys.argv[1], Path(sys.argv[2]))):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_a_second_sender_is_told_and_the_next_may_go_on_after_a_kill(any_store: Store, database_url: str) -> None:
    command = [sys.executable, "-c", HOLD, database_url, str(any_store.folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with (
            pytest.raises(AnotherSenderError, match="En annen arshjul sender allerede brev") as told,
            sender_lock(any_store),
        ):
            pass
        assert any_store.path is None or f"prosess {holder.pid}" in str(told.value)
        holder.kill()
    for _ in range(100):  # PostgreSQL sees the dead connection a moment later
        try:
            with sender_lock(any_store):
                return
        except AnotherSenderError:
            time.sleep(0.02)
    pytest.fail("the lock of a dead sender was not let go")


def test_the_lock_is_free_after_use(any_store: Store) -> None:
    for _ in range(2):
        with sender_lock(any_store):
            pass


def test_a_lock_file_that_cannot_be_opened_is_explained(store: Store) -> None:
    assert store.path is not None
    store.path.with_name("arshjul.db.sender").mkdir()
    with pytest.raises(StoreError, match=r"Låsefilen .* kan ikke åpnes"), sender_lock(store):
        pass


def test_the_lock_file_that_is_removed_as_stale_lets_nobody_in(store: Store) -> None:
    assert store.path is not None
    other = open_store(f"sqlite:///{store.path}", store.folder)
    with sender_lock(store) as lock:
        store.path.with_name("arshjul.db.sender").unlink()
        with pytest.raises(AnotherSenderError, match="databasen er «"), sender_lock(other):
            pass
        lock.hold()
    with sender_lock(other):
        pass
    other.close()


@pytest.mark.parametrize("link", ["symbolic", "hard"])
def test_the_lock_is_the_databases_by_whichever_name_it_is_opened(store: Store, tmp_path: Path, link: str) -> None:
    assert store.path is not None
    elsewhere = tmp_path / "annet" / "arshjul.db"
    elsewhere.parent.mkdir()
    elsewhere.symlink_to(store.path) if link == "symbolic" else elsewhere.hardlink_to(store.path)
    other = open_store(f"sqlite:///{elsewhere}", elsewhere.parent)
    assert (other.folder == store.folder) is (link == "symbolic")
    with sender_lock(store), pytest.raises(AnotherSenderError, match="En annen arshjul"), sender_lock(other):
        pass
    other.close()


def test_the_lock_of_a_file_that_is_gone_holds_nothing(store: Store) -> None:
    assert store.path is not None
    with sender_lock(store) as lock:
        lock.hold()
        store.path.unlink()
        with pytest.raises(StoreGoneError):
            lock.hold()


CONNECT_AND_LEAVE = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("SELECT count(*) FROM fact").fetchone()
connection.close()
"""


def test_sqlite_keeps_its_own_locks_when_the_senders_lock_is_let_go(store: Store) -> None:
    """To close a descriptor of the file would let go of them: the next to leave would take the log away under us."""
    assert store.path is not None
    with store.writing() as connection:
        facts.put(connection, "a", "b")
    with sender_lock(store):
        pass
    log = store.path.with_name("arshjul.db-wal")
    before = log.stat().st_ino

    subprocess.run([sys.executable, "-c", CONNECT_AND_LEAVE, str(store.path)], check=True)

    assert log.stat().st_ino == before


def test_the_lock_that_a_server_has_forgotten_is_taken_anew_unless_another_has_it(
    postgresql_url: str, tmp_path: Path
) -> None:
    ours, others = (open_store(postgresql_url, tmp_path / name) for name in ("a", "b"))
    upgrade(ours)
    with sender_lock(ours) as lock:
        _end_connections(postgresql_url)
        lock.hold()
        with pytest.raises(AnotherSenderError), sender_lock(others):
            pass

        _end_connections(postgresql_url)
        with sender_lock(others), pytest.raises(AnotherSenderError, match="felles for flere prosesser"):
            lock.hold()
        lock.hold()
        with pytest.raises(AnotherSenderError), sender_lock(others):
            pass
    ours.close()
    others.close()


def _end_connections(url: str) -> None:
    """End all connections to a database, as a server does that is restarted, and wait until they are gone."""
    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"SELECT pg_terminate_backend(pid) {others}")
        for _ in range(200):
            (left,) = connection.execute(f"SELECT count(*) {others}").fetchone() or (0,)
            if not left:
                return
            time.sleep(0.02)
    pytest.fail("connections are still there")
