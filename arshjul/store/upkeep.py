"""The database looked after: its schema, copies and the way back, and whether it is fit to be trusted with letters."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

from arshjul import SCHEMA, disk
from arshjul.mail.checkup import Finding, well, wrong
from arshjul.printable import why
from arshjul.store import facts
from arshjul.store.engine import Store, StoreError

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
        draft.chmod(disk.FILE)
        disk.put_in_place(draft, into)


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
        draft.chmod(disk.FILE)
        moved = [(Path(f"{path}{end}"), Path(f"{aside}{end}")) for end in BESIDE if Path(f"{path}{end}").exists()]
        for old, new in moved:
            old.rename(new)
        disk.put_in_place(draft, path)
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


HEAD: Final = SCHEMA

MIGRATION_LOCK: Final = 0x6172_736D  # "arsm"


def upgrade(store: Store) -> bool:
    """Bring the schema up to date; True if anything was done. Raises StoreError for a schema newer than the program.

    An SQLite database that has one already is copied first, beside it: there is no way down.
    """
    found = version(store)
    if found == HEAD:
        return False
    if found is not None and store.path is not None:
        back_up(store.path, _free(store.path.with_name(f"{store.path.name}.before-{HEAD}")))
    with store.writing() as connection:
        if not store.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        _migrate(connection, _version(connection))
    return True


def require(store: Store) -> None:
    """See that the schema is the program's; a new database gets it. StoreError for an older or a newer one."""
    found = version(store)
    if found is None or (found != HEAD and found > HEAD):
        upgrade(store)
    elif found != HEAD:
        raise StoreError(
            f"Databasen er fra en eldre utgave av arshjul (skjema {found}, denne utgaven vil ha {HEAD}). Går tjenesten "
            "i den gamle utgaven, så stopp den. Kjør «arshjul migrate»; «serve» og «send» gjør det også."
        )


def version(store: Store) -> str | None:
    """Return the schema's revision, None for an empty database. Raises StoreError."""
    with store.reading() as connection:
        return _version(connection)


def _free(path: Path) -> Path:
    """Return the path, or one like it that nothing has: no copy is written over."""
    names = (path.with_name(f"{path.name}-{number}") for number in count(2))
    return path if not path.exists() else next(name for name in names if not name.exists())


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return version


def _migrate(connection: Connection, found: str | None) -> None:
    # Alembic is slow to import, and needed only the first time and after an upgrade of the program.
    from alembic import command  # noqa: PLC0415  (slow, see above)
    from alembic.config import Config  # noqa: PLC0415  (slow, see above)
    from alembic.script import ScriptDirectory  # noqa: PLC0415  (slow, see above)

    config = Config()
    config.set_main_option("script_location", "arshjul.store:migrations")
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise StoreError(
            f"Databasen er laget av en nyere utgave av arshjul (skjema {found}, denne utgaven kjenner {HEAD}). "
            "Bruk den nyere utgaven, eller hent frem en sikkerhetskopi fra før oppgraderingen."
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


LEAST_FREE: Final = 100_000_000
KEY: Final = ("store", "url")
PRAGMAS: Final = {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"}


def look(store: Store) -> Iterator[Finding]:
    """Yield what is found; a database that fails is a finding too."""
    try:
        with store.writing() as connection:
            facts.put(connection, "doctor", "was here")
            facts.forget(connection, "doctor")
        yield well("Databasen kan skrives.")
        if store.is_sqlite:
            yield from _sqlite(store)
        yield from _folder(store)
        if not facts.is_writable(store):
            text_ = f"«{store.witness}» kan ikke skrives. Settes «var» tilbake fra en kopi, blir det ikke oppdaget."
            yield wrong(
                text_, "store", "witness", ask="Sett witness under [store] til en fil som tjenesten kan skrive."
            )
    except StoreError as error:
        yield wrong(str(error), *KEY, ask="Se etter at disken ikke er full, og at tjenestens bruker eier mappen.")


def _sqlite(store: Store) -> Iterator[Finding]:
    with store.reading() as connection:
        found = {name: str(connection.execute(text(f"PRAGMA {name}")).scalar()) for name in PRAGMAS}
        whole = connection.execute(text("PRAGMA quick_check(1)")).scalar()
    if found == PRAGMAS:
        yield well("Databasen tåler strømbrudd (WAL, synchronous = FULL).")
    else:
        ask = "Ligger databasen på en nettverksdisk? Flytt den til en disk i maskinen."
        yield wrong(f"Databasen tåler kanskje ikke strømbrudd: {found}", *KEY, ask=ask)
    if whole != "ok":
        yield wrong(f"Databasen er skadet: {whole}", *KEY, ask="Hent frem den siste sikkerhetskopien.")


def _folder(store: Store) -> Iterator[Finding]:
    """Look at the folder of the small files, where SQLite has the database too."""
    folder = store.folder
    where = "der databasen ligger" if store.is_sqlite else f"i «{folder}», der det noteres hva som er sendt"
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE:
        yield wrong(f"Bare {free // 1_000_000} MB ledig {where}.", *KEY, ask="Gjør plass på disken.")
    else:
        yield well(f"{free // 1_000_000_000} GB ledig {where}.")
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        yield wrong(f"Mappen «{folder}» kan ikke skrives: {why(error)}", *KEY, ask=f"Kjør: chmod u+w {folder}")
