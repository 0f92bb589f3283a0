"""Opening the database, and its two kinds of transaction; which file was opened, how long a server is waited for."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from arshjul import disk
from arshjul.printable import printable, why

Mark = tuple[tuple[int, int, int], ...]


@dataclass(slots=True)
class OpenedFile:
    """A database file by its name, and which file that was when it was first opened: its device and number."""

    path: Path
    identity: tuple[int, int] | None = None

    def note(self) -> None:
        """Note which file has been opened, the first time."""
        if self.identity is None:
            self.identity = self._found()

    def is_there(self) -> bool:
        """Tell whether the name means that file still; before it is opened there is nothing to be another."""
        return self.identity is None or self._found() == self.identity

    def mark(self) -> Mark:
        """Return what changes when anybody writes to the database: sizes and times of the file and of its log."""
        return tuple(_mark(path) for path in (self.path, self.path.with_name(f"{self.path.name}-wal")))

    def _found(self) -> tuple[int, int] | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino


def _mark(path: Path) -> tuple[int, int, int]:
    try:
        found = path.stat()
    except OSError:
        return (0, 0, 0)
    return found.st_ino, found.st_size, found.st_mtime_ns


KEEPALIVE: Final = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 20_000}
"""Seconds, and milliseconds: a machine that is gone without a word is noticed within half a minute."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait: for a connection, for a lock, for a statement at the server, and here for any answer at all."""

    connect: int = 5
    lock: float = 10.0
    statement: float = 20.0
    answer: float = 30.0


def wait_no_longer(engine: Engine, patience: Patience) -> None:
    """Let each connection of a PostgreSQL engine wait so long and no longer; then the error is the driver's own."""
    settings = f"SET lock_timeout = {patience.lock * 1000:.0f}; SET statement_timeout = {patience.statement * 1000:.0f}"

    def connect(_: object, _record: object, arguments: Sequence[Any], named: dict[str, Any]) -> Any:  # noqa: ANN401  (the driver's)
        asked = KEEPALIVE | {"connect_timeout": patience.connect} | named
        connection = _connection_class(patience.answer).connect(*arguments, **asked)
        connection.autocommit = True
        connection.execute(settings)
        connection.autocommit = False
        return connection

    event.listen(engine, "do_connect", connect)


def _connection_class(answer_s: float) -> Any:  # noqa: ANN401  (a class of the driver, which is not everywhere)
    from psycopg import Connection, OperationalError  # noqa: PLC0415  (only those with PostgreSQL have it)
    from psycopg.pq import TransactionStatus  # noqa: PLC0415

    class PatientConnection(Connection[Any]):
        """Gives up a server that does not answer; what becomes of the statement is then not known."""

        def wait(self, gen: Any, *more: Any, **named: Any) -> Any:  # noqa: ANN401  (as the driver has it)
            try:
                return super().wait(gen, *more, **{"timeout": answer_s} | named)
            except OperationalError:
                if not self.closed and self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                    self.pgconn.finish()  # else the pool would hand out a connection that still waits
                raise

    return PatientConnection


TRIES, PAUSE_S = 3, 0.3
"""Another command may be writing while we copy: what is seen then is looked at again."""

REFUSED: Final = (
    "Ved siden av «{path}» ligger «{log}», som hører til en annen database, eller til denne slik den var før. "
    "Leses den inn, er databasen ødelagt. Flytt «{log}» (og «{index}») bort, og prøv igjen. Kast dem ikke før alt er i "
    "orden."
)


def foreign_log(path: Path) -> str:
    """Say what is wrong when the log beside an SQLite file is not its own, "" when it is or there is none.

    Nothing is touched: copies of both are opened together. Not looked at while a sender has the database open, who has
    looked.
    """
    log = Path(f"{path}-wal")
    if not _has_content(log) or not _has_content(path) or _is_in_use(path.with_name(f"{path.name}.sender")):
        return ""
    for _ in range(TRIES):
        if _fits(path, log):
            return ""
        time.sleep(PAUSE_S)
    return REFUSED.format(path=path, log=log.name, index=f"{path.name}-shm")


def _has_content(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except OSError:
        return False


def _is_in_use(lock: Path) -> bool:
    try:
        with lock.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _fits(path: Path, log: Path) -> bool:
    """Tell whether the database is whole and itself with its log; one that is damaged without it is another matter."""
    with tempfile.TemporaryDirectory(prefix="arshjul-") as place:
        both, alone = Path(place) / "both.db", Path(place) / "alone.db"
        # The log first: what a checkpoint moves from it meanwhile is then in both, and no harm.
        try:
            shutil.copyfile(log, f"{both}-wal")
            shutil.copyfile(path, both)
            shutil.copyfile(both, alone)
        except OSError:  # gone meanwhile, or no room: whoever opens it says so
            return True
        together, apart = _look(both), _look(alone)
    if apart is None:
        return True
    return together is not None and (not apart[0] or together[0] == apart[0]) and together[1] >= apart[1]


def _look(path: Path) -> tuple[str, int] | None:
    """Return the name of a database and how often letters were claimed from it; None for one that is damaged."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            if connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
                return None
            known: dict[str, str] = {}
            with suppress(sqlite3.OperationalError):  # no tables yet
                known = dict(connection.execute("SELECT key, value FROM fact WHERE key IN ('identity', 'epoch')"))
            return known.get("identity", ""), int(known.get("epoch", 0))
    except sqlite3.DatabaseError:
        return None


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

    def mark(self) -> Mark | None:
        """Return what changes when anybody writes to the database, None where only a question tells: PostgreSQL.

        Two commits within the few milliseconds that a disk tells apart have the same mark. Raises StoreGoneError.
        """
        self.check_file()
        return self.file.mark() if self.file else None

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
        disk.make_folder(folder)
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
    disk.make_file(Path(arguments[0]))
    for ending in ("-wal", "-shm"):  # of a database that was made before its mode was seen to
        disk.narrow(Path(f"{arguments[0]}{ending}"))


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
