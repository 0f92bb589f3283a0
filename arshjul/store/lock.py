"""One sender at a time for each database, over all processes. The system, or PostgreSQL, frees a dead one's."""

from __future__ import annotations

import fcntl
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from arshjul import disk
from arshjul.printable import why
from arshjul.store.engine import Store, StoreError, norwegian_errors
from arshjul.store.facts import beside

SENDER_LOCK: Final = 0x6172_736A  # "arsj"


_ONE_AT_A_TIME: Final = threading.Lock()
"""For the connection that holds it: a connection is not for several threads."""


class AnotherSenderError(Exception):
    """Somebody else sends letters from this database; the message is Norwegian and says so."""


class SenderLock(Protocol):
    """What makes this process the sender, for as long as it holds it."""

    def hold(self) -> None:
        """See that it is still held, or take it anew. Raises AnotherSenderError or StoreError: nothing may be sent."""


@contextmanager
def sender_lock(store: Store) -> Iterator[SenderLock]:
    """Be the sender of this database for as long as the block lasts. Raises AnotherSenderError or StoreError."""
    with _file_locks(store) if store.is_sqlite else closing(_PostgresqlLock(store)) as lock:
        lock.hold()
        yield lock


@dataclass(frozen=True, slots=True)
class _FileLocks:
    """Kept by the system, for the file that is open; `hold` asks whether that is still the one by its name."""

    store: Store

    def hold(self) -> None:
        self.store.check_file()


@contextmanager
def _file_locks(store: Store) -> Iterator[_FileLocks]:
    """Lock a file beside the database, which names the holder, and the database itself.

    The file beside it can be removed as stale while letters go, and the next sender would make a new one.
    """
    with _database_lock(store), _beside(store):
        yield _FileLocks(store)


@contextmanager
def _beside(store: Store) -> Iterator[None]:
    path = beside(store, "sender")
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, disk.FILE)
    except OSError as error:
        raise StoreError(f"Låsefilen «{path}» kan ikke åpnes: {why(error)}") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AnotherSenderError(_busy(f"låsefilen er «{path}», prosess {_holder(descriptor)}")) from error
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)  # the file stays: to remove it could take away a lock that somebody just took


@contextmanager
def locked_beside(store: Store) -> Iterator[None]:
    """Keep senders out by the file beside an SQLite database, which may be damaged or away. AnotherSenderError."""
    with _beside(store):
        yield


@contextmanager
def _database_lock(store: Store) -> Iterator[None]:
    """Lock the database file with flock, which SQLite does not use; only on Linux, where the two kinds do not meet.

    The descriptor is closed with the store and no sooner: to close one of a file lets go of all POSIX locks that this
    process has on it, SQLite's among them (sqlite.org/howtocorrupt.html, 2.2).
    """
    if store.file is None or sys.platform != "linux":
        yield
        return
    store.check_file()
    with norwegian_errors(), store.engine.connect():  # so that there is a file, and it is known which
        descriptor = _opened(store.file.path)
    store.descriptors.append(descriptor)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = beside(store, "sender")
        named = holder.read_text(encoding="ascii", errors="replace").strip() if holder.is_file() else ""
        raise AnotherSenderError(_busy(f"databasen er «{store.file.path}», prosess {named or 'ukjent'}")) from error
    try:
        yield
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


def _opened(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except OSError as error:
        raise StoreError(f"Databasen «{path}» kan ikke låses: {why(error)}") from error


def _holder(descriptor: int) -> str:
    return os.pread(descriptor, 20, 0).decode("ascii", "replace").strip() or "ukjent"


@dataclass(frozen=True, slots=True)
class _PostgresqlLock:
    """A lock of the server's, on a connection of its own. A server that is started anew has forgotten it."""

    store: Store

    def hold(self) -> None:
        with _ONE_AT_A_TIME:
            if not (self.store.sender and _is_alive(self.store.sender[0])):
                self._take()

    def _take(self) -> None:
        with norwegian_errors():
            connection = self.store.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            taken = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": SENDER_LOCK}).scalar()
        if not taken:
            connection.close()
            raise AnotherSenderError(_busy("databasen er felles for flere prosesser"))
        self.close()
        self.store.sender.append(connection)

    def close(self) -> None:
        """Let go of it. A connection that the server has closed meanwhile has done so."""
        while self.store.sender:
            connection = self.store.sender.pop()
            with suppress(DBAPIError):
                connection.invalidate()
                connection.close()


def _is_alive(connection: Connection) -> bool:
    """Tell whether a connection is still the one that took the lock, which lasts as long as it does."""
    try:
        if not connection.invalidated:  # an invalid one would connect anew, without the lock
            connection.execute(text("SELECT 1"))
    except DBAPIError:
        connection.invalidate()
    return not connection.invalidated


def is_held(store: Store) -> bool:
    """Tell whether this process is the sender of its PostgreSQL, which it may have to become anew.

    Raises StoreError when somebody else is by now.
    """
    if not store.sender:
        return False
    try:
        _PostgresqlLock(store).hold()
    except AnotherSenderError as error:
        raise StoreError(str(error)) from error
    return True


def _busy(detail: str) -> str:
    return f"En annen arshjul sender allerede brev fra denne databasen ({detail}). Stopp den først."
