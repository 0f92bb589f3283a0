"""There is one sender for a database, and the next one may begin when it is gone, however it went."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from arshjul.store.engine import Store, StoreError
from arshjul.store.lock import AnotherSenderError, sender_lock

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
