"""Opening the database, and its two kinds of transaction. The schema is brought up to date in `schema`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from arshjul.core.printable import printable
from arshjul.core.system_errors import why
from arshjul.disk import private
from arshjul.store.opened import OpenedFile
from arshjul.store.patience import Patience, wait_no_longer
from arshjul.store.stale_log import foreign_log

BUSY_TIMEOUT_MS = 5_000
PATIENCE = Patience()
LONGEST_MESSAGE = 2000
OUR_OWN_MISTAKES = (IntegrityError, ProgrammingError, DataError)


class StoreError(Exception):
    """The database cannot be used as it stands; the message is Norwegian and for the admin, `words` for anybody.

    The database's own words and paths are in the message.
    """

    words: ClassVar[str] = "Databasen kan ikke brukes."

    def __str__(self) -> str:
        return printable(super().__str__(), LONGEST_MESSAGE)


class StoreGoneError(StoreError):
    """The file was moved, removed or replaced while it was open. It is well again when it is put back as it was."""

    words = "Databasefilen er flyttet, fjernet eller byttet ut mens den var i bruk."


@dataclass(frozen=True, slots=True)
class Store:
    """An open database, and the folder of its small files (see `beside`). Safe to use from several threads.

    `known` keeps what was read from it once and never changes. `witness` is a file elsewhere (see there), `file` that
    of SQLite, None for PostgreSQL. `descriptors` of that file are closed after all its connections; `sender` has the
    connection that holds the sender's lock, while this process has it on PostgreSQL (see `lock`).
    """

    engine: Engine
    folder: Path
    witness: Path | None = None
    file: OpenedFile | None = None
    known: dict[str, str] = field(default_factory=dict, compare=False, repr=False)
    descriptors: list[int] = field(default_factory=list, compare=False, repr=False)
    sender: list[Connection] = field(default_factory=list, compare=False, repr=False)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @property
    def path(self) -> Path | None:
        """The SQLite file; None for PostgreSQL."""
        return self.file.path if self.file else None

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open a transaction that may write: committed durably at the end, undone by an exception.

        Raises StoreError when the database is locked, full, read-only or gone.
        """
        self.check_file()
        with norwegian_errors(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a transaction that only reads, and so never waits for a writer. Raises StoreError as `writing` does."""
        self.check_file()
        with norwegian_errors(), self.engine.connect() as connection:
            connection = connection.execution_options(reading=True)  # noqa: PLW2901  (the same connection, marked)
            with connection.begin():
                yield connection

    def check_file(self) -> None:
        """Raise StoreGoneError when the file that is open is not the one that the next start would open."""
        if self.file is not None and not self.file.is_there():
            raise StoreGoneError(
                f"{StoreGoneError.words} Legg «{self.file.path}» tilbake, eller start tjenesten på nytt."
            )

    def close(self) -> None:
        self.engine.dispose()
        if self.file is not None:
            self.file.identity = None
        while self.descriptors:
            os.close(self.descriptors.pop())


def open_store(
    url: str, folder: Path, witness: Path | None = None, patience: Patience = PATIENCE, *, looked_at: bool = True
) -> Store:
    """Open the database; an SQLite file, and the folder of the small files, are made where missing. Raises StoreError.

    A link to an SQLite file is followed, so that whoever opens it has the same small files. A log beside it that is
    another's is refused, unless it is not `looked_at`.

    `patience` is for PostgreSQL, `folder` too: the small files of an SQLite file lie beside it. The schema is as it was
    found: `schema.upgrade` brings it up to date.
    """
    address, file = _address(url), None
    if address.get_backend_name() == "sqlite":
        file = OpenedFile(Path(_sqlite_file(address)).resolve())
        folder, address = file.path.parent, address.set(database=str(file.path))
    try:
        private.make_folder(folder)
    except OSError as error:
        raise StoreError(f"Mappen «{folder}» til databasen kan ikke lages: {why(error)}") from error
    if file is not None and looked_at and (foreign := foreign_log(file.path)):
        raise StoreError(foreign)
    try:
        engine = _sqlite(address, file) if file else _postgresql(address, patience)
    except ModuleNotFoundError as error:
        raise StoreError(f"Databasen krever Python-pakken «{error.name}»: pip install 'arshjul[postgresql]'") from error
    return Store(engine, folder, witness, file)


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as error:  # the second of a port that is no number
        raise StoreError("Databaseadressen er ikke forstått. Skriv for eksempel «sqlite:///var/arshjul.db»") from error
    kind = address.get_backend_name()
    if kind not in ("sqlite", "postgresql"):
        raise StoreError(f"Databasen må være SQLite eller PostgreSQL, ikke «{kind}»")
    return address.set(drivername="postgresql+psycopg") if kind == "postgresql" else address


def _sqlite_file(address: URL) -> str:
    if not address.database or address.database == ":memory:" or "mode" in address.query:
        raise StoreError("Databasen må ligge i en fil, for eksempel «sqlite:///var/arshjul.db»")
    return address.database


def _postgresql(address: URL, patience: Patience) -> Engine:
    engine = create_engine(address, pool_pre_ping=True, pool_timeout=patience.answer, hide_parameters=True)
    wait_no_longer(engine, patience)
    return engine


def _sqlite(address: URL, file: OpenedFile) -> Engine:
    engine = create_engine(address, hide_parameters=True)
    event.listen(engine, "do_connect", _keep_private)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "connect", lambda _connection, _record: file.note())
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _keep_private(_dialect: object, _record: object, arguments: Sequence[Any], _: object) -> None:
    """Make the file before SQLite does, for us alone; what SQLite puts beside it gets the same mode."""
    private.make_file(Path(arguments[0]))
    for ending in ("-wal", "-shm"):  # of a database that was made before its mode was seen to
        private.narrow(Path(f"{arguments[0]}{ending}"))


def _set_up_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401  (the driver's connection)
    """Make each SQLite connection durable; we say BEGIN ourselves, see `_begin_sqlite`."""
    connection.isolation_level = None
    for pragma in (f"busy_timeout={BUSY_TIMEOUT_MS}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once: a transaction that reads first and writes later fails without waiting for it."""
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


@contextmanager
def norwegian_errors() -> Iterator[None]:
    """Raise StoreError for what the database says, but for our own mistakes."""
    try:
        yield
    except OUR_OWN_MISTAKES:
        raise
    except DBAPIError as error:
        raise StoreError(f"Databasen kan ikke brukes nå: {str(error.orig).strip()}") from error
    except PoolTimeoutError as error:
        raise StoreError("Databasen kan ikke brukes nå: alle forbindelser er opptatt") from error
