"""Letters of a sender that was killed: who holds the sender's lock takes them over at once, on every database."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from arshjul.mail.verdicts import State
from arshjul.rounds.sending import SendReport
from arshjul.store import claims, queue
from arshjul.store.engine import Store, StoreError, open_store
from arshjul.store.lock import AnotherSenderError, sender_lock
from tests.rounds.test_send import rounds_with
from tests.sample_letters import NOW, many
from tests.serving import until
from tests.smtp_servers import ScriptedServer
from tests.store.steps import data_started

SEND = """
import sys
from pathlib import Path
from arshjul.store import claims
from arshjul.store.engine import open_store
from arshjul.store.lock import sender_lock
from tests.sample_letters import NOW
from tests.store.steps import data_started
store = open_store(sys.argv[1], Path(sys.argv[2]))
with sender_lock(store):
    claimed = claims.claim_due(store, NOW, "maskin:17:abc", 10)
    data_started(store, claimed[0], "maskin:17:abc")
    print("claimed", flush=True)
    sys.stdin.readline()
"""
ME = "maskin:18:def"


@contextmanager
def sender(store: Store) -> Iterator[None]:
    """Be the sender; PostgreSQL sees that a process is dead a moment later."""
    for _ in range(100):
        try:
            with sender_lock(store):
                yield
                return
        except AnotherSenderError:
            time.sleep(0.02)
    pytest.fail("the lock of a dead sender was not let go")


@pytest.fixture
def left_behind(any_store: Store, database_url: str) -> Store:
    """A database in which a sender that was killed had nine letters at hand and one in DATA."""
    queue.queue(any_store, many(12), NOW)
    command = [sys.executable, "-c", SEND, database_url, str(any_store.folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "claimed\n"
        holder.kill()
    assert queue.counts(any_store) == {State.SENDING: 9, State.DATA_STARTED: 1, State.QUEUED: 2}
    return any_store


def test_letters_of_a_killed_sender_are_taken_over_at_once(left_behind: Store) -> None:
    server = ScriptedServer()
    with sender(left_behind):
        (report,) = rounds_with(left_behind, server)
    assert report == SendReport({State.ACCEPTED: 11}, recovered={State.QUEUED: 9, State.UNKNOWN: 1})
    assert queue.counts(left_behind) == {State.ACCEPTED: 11, State.UNKNOWN: 1}
    assert sorted(server.taken) == sorted(letter.wire + b".\r\n" for letter in many(12)[1:])


def terminate_all(store: Store) -> None:
    """Cut every connection of the database but our own, as a server does that is started anew."""
    # Each statement by itself: within a transaction the server shows the same activity again and again.
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        connection.execute(text(f"SELECT pg_terminate_backend(pid) {others}"))
        while connection.execute(text(f"SELECT count(*) {others} AND backend_type = 'client backend'")).scalar():
            time.sleep(0.01)


def test_lock_that_the_server_has_dropped_is_taken_again(postgresql_store: Store, postgresql_url: str) -> None:
    queue.queue(postgresql_store, many(2), NOW)
    other = open_store(postgresql_url, postgresql_store.folder)
    with sender_lock(postgresql_store):
        claims.claim_due(postgresql_store, NOW, "død", 2)
        terminate_all(other)
        assert claims.recover_orphans(postgresql_store, NOW, ME) == {State.QUEUED: 2}
        with pytest.raises(AnotherSenderError), sender_lock(other):
            pass
    with sender_lock(other):
        pass
    other.close()


HELD = """
SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
WHERE locktype = 'advisory' AND datname = current_database()
"""


def is_free(store: Store) -> bool:
    """Tell whether nobody has the sender's lock: the server lets go of it a little after a connection is closed."""
    with store.reading() as connection:
        return connection.execute(text(HELD)).scalar() == 0


def test_sender_whose_lock_another_has_taken_touches_nothing(postgresql_store: Store, postgresql_url: str) -> None:
    queue.queue(postgresql_store, many(2), NOW)
    other = open_store(postgresql_url, postgresql_store.folder)
    with sender_lock(postgresql_store):
        terminate_all(other)
        with sender_lock(other):
            claims.claim_due(other, NOW, "den andre", 2)
            with pytest.raises(StoreError, match="En annen arshjul sender allerede brev fra denne databasen"):
                claims.recover_orphans(postgresql_store, NOW, ME)
            assert queue.counts(postgresql_store) == {State.SENDING: 2}
            (report,) = rounds_with(postgresql_store, ScriptedServer())
            assert (report.states, report.trouble) == (
                {},
                "En annen arshjul sender allerede brev fra denne databasen "
                "(databasen er felles for flere prosesser). Stopp den først.",
            )
        until(lambda: is_free(other), "the server has noticed that the other is gone")
        assert claims.recover_orphans(postgresql_store, NOW, ME) == {State.QUEUED: 2}
    other.close()


def test_letter_taken_from_a_sender_that_lives_is_not_sent_by_it(postgresql_store: Store, postgresql_url: str) -> None:
    queue.queue(postgresql_store, many(1), NOW)
    other = open_store(postgresql_url, postgresql_store.folder)
    (letter,) = claims.claim_due(other, NOW, "uten lås", 1)
    with sender_lock(postgresql_store):
        assert claims.recover_orphans(postgresql_store, NOW, ME) == {State.QUEUED: 1}
        assert data_started(other, letter, "uten lås") is None
    other.close()
