"""A copy of an SQLite database that can be trusted, and the way back. PostgreSQL has programs of its own for both."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from arshjul import SCHEMA
from arshjul.core.system_errors import why
from arshjul.disk import private
from arshjul.store import durable
from arshjul.store.engine import StoreError

SQLITE_LOCKS: Final = (0x40000000, 512)
"""Where in its file SQLite has its locks, and how many octets of them (sqlite.org/fileformat2.html, 1.3)."""

BESIDE: Final = ("", "-wal", "-shm", "-journal")
"""What belongs to a database file: put back without these, or with another's, it is damaged."""


def back_up(path: Path, into: Path) -> None:
    """Write a copy of a database that may be in use; on return it is whole and on the disk. Raises StoreError."""
    if into.resolve() in {Path(f"{path}{end}").resolve() for end in BESIDE}:
        raise StoreError(f"«{into}» er databasen selv. Skriv kopien et annet sted.")
    with _told(f"Kopien «{into}» kan ikke skrives"), _draft(into) as draft:
        with closing(sqlite3.connect(f"file:{path}?mode=rw", uri=True)) as connection:
            connection.execute("VACUUM INTO ?", (str(draft),))
        check(draft)
        draft.chmod(private.FILE)
        durable.put_in_place(draft, into)


def put_back(copy: Path, path: Path, now: datetime) -> list[Path]:
    """Put a copy in the place of a database that nobody has open; returns where what was there lies now.

    Raises StoreError, and then what was there is where it was.
    """
    if copy.resolve() in {Path(f"{path}{end}").resolve() for end in BESIDE}:
        raise StoreError(f"«{copy}» er databasen selv.")
    aside = path.with_name(f"{path.name}.replaced-{now:%Y%m%dT%H%M%S}")
    with _told(f"«{copy}» kan ikke settes inn"), _draft(path) as draft:
        check(copy)
        shutil.copyfile(copy, draft)
        draft.chmod(private.FILE)
        moved = [(Path(f"{path}{end}"), Path(f"{aside}{end}")) for end in BESIDE if Path(f"{path}{end}").exists()]
        for old, new in moved:
            old.rename(new)
        durable.put_in_place(draft, path)
    return [new for _, new in moved]


@contextmanager
def unused(path: Path) -> Iterator[None]:
    """Keep everybody out of a database file, if it is there: senders, and whoever has it open through SQLite.

    Not for a process that has it open itself. Raises StoreError when it is in use.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        yield
        return
    except OSError as error:
        raise StoreError(f"Databasen «{path}» kan ikke låses: {why(error)}.") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, SQLITE_LOCKS[1], SQLITE_LOCKS[0])
    except OSError as error:
        os.close(descriptor)
        raise StoreError(f"Databasen «{path}» er i bruk. Stopp tjenesten og andre som har den åpen.") from error
    try:
        yield
    finally:
        os.close(descriptor)


def check(path: Path) -> None:
    """Raise StoreError unless a file is a whole database of ours, and of no later program."""
    if Path(f"{path}-wal").is_file() and Path(f"{path}-wal").stat().st_size:
        raise StoreError(f"Ved siden av «{path}» ligger en «-wal» med noe i. Ta kopien med «arshjul backup».")
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as connection:
            whole = connection.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",)
            found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise StoreError(f"«{path}» er ikke en database fra arshjul, eller den er skadet: {error}") from error
    if not whole or found is None:
        raise StoreError(f"«{path}» er skadet.")
    if found[0] > SCHEMA:
        raise StoreError(f"«{path}» er fra en nyere utgave av arshjul (skjema {found[0]}, denne kjenner {SCHEMA}).")


@contextmanager
def _draft(path: Path) -> Iterator[Path]:
    """Give the name of a draft beside a file; what is left of it is gone at the end."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    draft.unlink(missing_ok=True)
    try:
        yield draft
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


@contextmanager
def _told(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(f"{what}: {why(error)}.") from error
    except sqlite3.Error as error:
        raise StoreError(f"{what}: {error}.") from error
