"""`serve` on a PostgreSQL that is not up yet, is started anew, or stands still: it serves, says so, and recovers."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from arshjul.service.guard import OPENING
from arshjul.store.engine import StoreError, open_store
from arshjul.store.lock import AnotherSenderError, sender_lock
from tests.clock import command
from tests.conftest import ROOT
from tests.databases import Postgresql, own_postgresql
from tests.serving import Served, serving, until
from tests.small_site import write_site

__all__ = ["own_postgresql"]
SOON = 90.0
"""Seconds: what hangs is given up after thirty, and tried again after at most ten."""


@pytest.fixture
def site(tmp_path: Path, own_postgresql: Postgresql) -> Path:
    write_site(tmp_path)
    with (tmp_path / "config.toml").open("a", encoding="utf-8") as config:
        config.write(f'[store]\nurl = "{own_postgresql.address}/postgres"\n')
    return tmp_path


def faults(served: Served) -> list[str]:
    answer = httpx.get(f"{served.url}/healthz", trust_env=False, timeout=10)
    return [one["words"] for one in answer.json()["faults"]]


def feed(served: Served) -> int:
    return httpx.get(served.feed("region"), trust_env=False, timeout=5).status_code


def is_another_let_in(server: Postgresql, folder: Path) -> bool:
    """Tell whether a second sender gets the lock."""
    store = open_store(f"{server.address}/postgres", folder / "another")
    try:
        with sender_lock(store):
            return True
    except AnotherSenderError:
        return False
    finally:
        store.close()


@contextmanager
def standing_still(server: Postgresql) -> Iterator[None]:
    """Stop the server's processes where they are: connections stay open, and nothing answers."""
    processes = server.processes()
    for one in processes:
        os.kill(one, signal.SIGSTOP)
    try:
        yield
    finally:
        for one in processes:
            os.kill(one, signal.SIGCONT)


def test_server_that_comes_up_after_the_service_is_used(site: Path, own_postgresql: Postgresql) -> None:
    own_postgresql.stop()
    with serving(site) as served:
        assert OPENING in faults(served)
        assert feed(served) == 200
        own_postgresql.start()
        until(lambda: faults(served) == [], "the database is used", SOON)


def test_server_that_is_started_anew_has_one_sender_still(site: Path, own_postgresql: Postgresql) -> None:
    with serving(site) as served:
        until(lambda: faults(served) == [], "all is well", SOON)
        assert not is_another_let_in(own_postgresql, site)
        own_postgresql.stop()
        until(lambda: StoreError.words in faults(served), "it is said", SOON)
        assert feed(served) == 200
        own_postgresql.start()
        until(lambda: faults(served) == [], "it is used again", SOON)
        assert not is_another_let_in(own_postgresql, site)


def test_server_that_stands_still_keeps_no_feed_waiting_and_no_stop(site: Path, own_postgresql: Postgresql) -> None:
    with serving(site) as served:
        until(lambda: faults(served) == [], "all is well", SOON)
        with standing_still(own_postgresql):
            until(lambda: StoreError.words in faults(served), "it is said", SOON)
            before = time.monotonic()
            assert feed(served) == 200
            assert time.monotonic() - before < 3
        until(lambda: faults(served) == [], "it is used again", SOON)


def test_stop_while_the_server_stands_still_is_bounded(site: Path, own_postgresql: Postgresql) -> None:
    with serving(site) as served:
        until(lambda: faults(served) == [], "all is well", SOON)
        with standing_still(own_postgresql):
            time.sleep(2)
            os.kill(served.pid, signal.SIGTERM)
            until(lambda: has_ended(served.pid), "it has ended", SOON)


def has_ended(pid: int) -> bool:
    """Tell whether a child of ours has ended, waited for or not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True
    return state == "Z"


def test_reading_command_on_a_server_that_stands_still_ends_with_a_sentence(
    site: Path, own_postgresql: Postgresql
) -> None:
    assert subprocess.run(command("-C", str(site), "send"), check=False, cwd=ROOT, capture_output=True).returncode == 0
    with standing_still(own_postgresql):
        done = subprocess.run(
            command("-C", str(site), "outbox", "list"), check=False, cwd=ROOT, capture_output=True, timeout=SOON
        )
    assert done.returncode == 1
    assert "Databasen kan ikke brukes nå" in done.stderr.decode()
    assert b"Traceback" not in done.stderr
