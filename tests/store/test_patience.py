"""A PostgreSQL that holds a lock, is slow, stands still or says nothing is waited for so long and no longer."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from arshjul.store import told
from arshjul.store.engine import Patience, Store, StoreError, open_store
from tests.serving import free_port

pytestmark = pytest.mark.faults

SHORT = Patience(connect=2, lock=0.5, statement=1.0, answer=2.0)
LONGEST = 8.0
"""Seconds; far less than for ever, on a busy machine too."""


@pytest.fixture
def impatient(postgresql_store: Store, postgresql_url: str, tmp_path: Path) -> Iterator[Store]:
    store = open_store(postgresql_url, tmp_path, patience=SHORT)
    yield store
    store.close()


@contextmanager
def soon() -> Iterator[None]:
    before = time.monotonic()
    yield
    assert time.monotonic() - before < LONGEST


@pytest.mark.parametrize("table", ["outbox", "fact"])
def test_lock_that_somebody_holds_is_waited_for_so_long(impatient: Store, postgresql_url: str, table: str) -> None:
    with psycopg.connect(postgresql_url) as other:
        other.execute(f"LOCK TABLE {table}")
        with soon(), pytest.raises(StoreError, match="lock timeout"), impatient.writing() as connection:
            connection.execute(text(f"SELECT count(*) FROM {table}"))

    assert told.known(impatient).baseline is False


def test_statement_that_takes_too_long_is_ended(impatient: Store) -> None:
    with soon(), pytest.raises(StoreError, match="statement timeout"), impatient.reading() as connection:
        connection.execute(text("SELECT pg_sleep(60)"))

    assert told.known(impatient).baseline is False


@contextmanager
def frozen(*processes: int) -> Iterator[None]:
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)


def processes_of(store: Store) -> tuple[int, int]:
    """Return the server's process for our connection, and the one that takes in new connections."""
    with store.reading() as connection:
        worker: int = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    status = Path(f"/proc/{worker}/status").read_text(encoding="ascii")
    return worker, int(status.partition("PPid:")[2].split()[0])


def test_connection_that_stands_still_is_given_up_for_a_new_one(impatient: Store) -> None:
    worker, _ = processes_of(impatient)
    with frozen(worker), soon():
        assert told.known(impatient).baseline is False


def test_server_that_stands_still_is_given_up_and_found_again(impatient: Store) -> None:
    with frozen(*processes_of(impatient)), soon(), pytest.raises(StoreError, match="Databasen kan ikke brukes nå"):
        told.known(impatient)

    assert told.known(impatient).baseline is False


def test_server_that_stops_in_a_transaction_is_given_up(impatient: Store) -> None:
    worker, _ = processes_of(impatient)

    def stop_and_ask() -> None:
        with impatient.writing() as connection, frozen(worker):
            connection.execute(text("SELECT 1"))

    with soon(), pytest.raises(StoreError):
        stop_and_ask()

    assert told.known(impatient).baseline is False


def test_server_that_says_nothing_is_not_waited_for(tmp_path: Path) -> None:
    port = free_port()
    with socket.create_server(("127.0.0.1", port)) as silent:
        taken: list[socket.socket] = []
        threading.Thread(target=lambda: taken.append(silent.accept()[0]), daemon=True).start()
        store = open_store(f"postgresql://arshjul@127.0.0.1:{port}/arshjul", tmp_path, patience=SHORT)
        with soon(), pytest.raises(StoreError, match="timeout"):
            told.known(store)
        store.close()
        for one in taken:
            one.close()
