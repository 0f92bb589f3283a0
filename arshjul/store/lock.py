"""One sender at a time for each database, over all processes. The system, or PostgreSQL, frees a dead one's."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from arshjul.core.system_errors import why
from arshjul.disk import private
from arshjul.store.beside import beside
from arshjul.store.engine import Store, StoreError, norwegian_errors

SENDER_LOCK: Final = 0x6172_736A  # "arsj"


class AnotherSenderError(Exception):
    """Somebody else sends letters from this database; the message is Norwegian and says so."""


@contextmanager
def sender_lock(store: Store) -> Iterator[None]:
    """Be the sender of this database for as long as the block lasts. Raises AnotherSenderError."""
    if store.is_sqlite:
        with _file_lock(beside(store, "sender")):
            yield
    else:
        with _postgresql_lock(store):
            yield


@contextmanager
def _file_lock(path: Path) -> Iterator[None]:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, private.FILE)
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


def _holder(descriptor: int) -> str:
    return os.pread(descriptor, 20, 0).decode("ascii", "replace").strip() or "ukjent"


def is_held(store: Store) -> bool:
    """Tell whether this process is the sender of its PostgreSQL.

    A server that was started anew has let go of the lock, and it is taken again. StoreError: somebody else has it now.
    """
    if not store.sender:
        return False
    if not _is_alive(store.sender[0]):
        try:
            anew = _locked(store)
        except AnotherSenderError as error:
            raise StoreError(str(error)) from error
        _let_go(store)
        store.sender.append(anew)
    return True


def _is_alive(connection: Connection) -> bool:
    """Tell whether a connection is still the one that took the lock, which lasts as long as it does."""
    try:
        if not connection.invalidated:  # an invalid one would connect anew, without the lock
            connection.execute(text("SELECT 1"))
    except DBAPIError:
        connection.invalidate()
    return not connection.invalidated


@contextmanager
def _postgresql_lock(store: Store) -> Iterator[None]:
    store.sender.append(_locked(store))
    try:
        yield
    finally:
        _let_go(store)


def _locked(store: Store) -> Connection:
    with norwegian_errors():
        connection = store.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        taken = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": SENDER_LOCK}).scalar()
    if not taken:
        connection.close()
        raise AnotherSenderError(_busy("databasen er felles for flere prosesser"))
    return connection


def _let_go(store: Store) -> None:
    """Close the connection with the lock: what the server has closed meanwhile holds none."""
    while store.sender:
        connection = store.sender.pop()
        with suppress(DBAPIError):
            connection.invalidate()
            connection.close()


def _busy(detail: str) -> str:
    return f"En annen arshjul sender allerede brev fra denne databasen ({detail}). Stopp den først."
