"""Real databases for the tests: a fresh SQLite file, and PostgreSQL where a server is installed."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psycopg
import pytest

from arshjul.store.engine import Store, open_store
from arshjul.store.upkeep import upgrade
from tests.conftest import need
from tests.serving import free_port

PLACES = os.pathsep.join([os.environ.get("PATH", os.defpath), *map(str, Path("/usr/lib/postgresql").glob("*/bin"))])
"""Debian keeps the server's programs out of the path."""


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """A PostgreSQL server of our own; gives its address without a database."""
    with _postgresql("") as address:
        yield address


@pytest.fixture
def postgresql_with_password() -> Iterator[tuple[str, str]]:
    """A PostgreSQL server that asks for a password; gives the address of a database without it, and the password."""
    password = secrets.token_urlsafe(12)
    with _postgresql(password) as address:
        yield f"{address}/postgres", password


@pytest.fixture
def own_postgresql() -> Iterator[Postgresql]:
    """A PostgreSQL server for one test alone, to be stopped and started."""
    with _set_up("") as server:
        server.start()
        try:
            yield server
        finally:
            server.stop()


@dataclass(slots=True)
class Postgresql:
    """A server with its data in a folder; `address` is without a database."""

    command: Sequence[str]
    folder: Path
    address: str
    password: str
    as_user: Mapping[str, str]
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        log = self.folder / "log"
        with log.open("ab") as out:
            self._process = subprocess.Popen(self.command, stdout=out, stderr=out, cwd=self.folder, **self.as_user)  # type: ignore[call-overload]  # user= or nothing
        _wait_for(self.address, log, self.password)

    def processes(self) -> list[int]:
        """Return its processes: the one that takes in connections, and its children."""
        assert self._process is not None
        status = {int(path.parent.name): path for path in Path("/proc").glob("[0-9]*/status")}
        parents = {}
        for pid, path in status.items():
            with suppress(OSError):  # ended meanwhile
                parents[pid] = int(path.read_text(encoding="utf-8").partition("PPid:")[2].split()[0])
        return [self._process.pid, *(pid for pid, parent in parents.items() if parent == self._process.pid)]

    def stop(self) -> None:
        """Stop it and let its clients go, as a restart of the machine does."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
            self._process.wait(timeout=20)
            self._process = None


@contextmanager
def _postgresql(password: str) -> Iterator[str]:
    """Run a server that asks for a password, or that lets everybody on this machine in where there is none."""
    with _set_up(password) as server:
        server.start()
        try:
            yield server.address
        finally:
            server.stop()


@contextmanager
def _set_up(password: str) -> Iterator[Postgresql]:
    postgres, initdb = (need("postgresql", shutil.which(name, path=PLACES)) for name in ("postgres", "initdb"))
    with _server_folder() as folder:
        port = free_port()
        as_user = {"user": _unprivileged()} if os.getuid() == 0 else {}
        data, secret = folder / "data", folder / "password"
        secret.write_text(password, encoding="ascii")
        way_in = ["-A", "scram-sha-256", "--pwfile", str(secret)] if password else ["-A", "trust"]
        create = [initdb, "-D", str(data), "-U", "arshjul", *way_in, "-E", "UTF8", "--no-locale", "--no-sync"]
        subprocess.run(create, check=True, capture_output=True, cwd=folder, **as_user)  # type: ignore[call-overload]  # user= or nothing
        settings = (
            *("listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "full_page_writes=off"),
            "autovacuum=off",  # it would go round hundreds of databases that nobody comes back to
        )
        command = [postgres, "-D", str(data), "-p", str(port), *(part for s in settings for part in ("-c", s))]
        yield Postgresql(command, folder, f"postgresql://arshjul@127.0.0.1:{port}", password, as_user)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/arshjul.db"
    return str(request.getfixturevalue("postgresql_url"))


@pytest.fixture
def postgresql_url(request: pytest.FixtureRequest, postgresql_server: str) -> str:
    """The address of a database on PostgreSQL, empty but for the schema where the test asks for a store in it too."""
    has_schema = not {"any_store", "postgresql_store"}.isdisjoint(request.fixturenames)
    return new_database(postgresql_server, _migrated_on(postgresql_server) if has_schema else "template1")


def new_database(server: str, template: str = "template1") -> str:
    """Make a database on a PostgreSQL server, empty if no other is to be copied, and return its address."""
    url = f"{server}/t{time.monotonic_ns()}"
    _tell_server(url, f"CREATE DATABASE {_name(url)} TEMPLATE {template}")
    return url


@cache
def _migrated_on(server: str) -> str:
    """Return the name of a database on a server with its schema up to date, to be copied: see _migrated."""
    url = new_database(server)
    with tempfile.TemporaryDirectory() as folder:
        made = open_store(url, Path(folder))
        upgrade(made)
        made.close()
    return _name(url)


@pytest.fixture
def any_store(database_url: str, tmp_path: Path) -> Iterator[Store]:
    """An open database of each kind, its schema up to date."""
    yield from opened(database_url, tmp_path)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An open SQLite file, its schema up to date."""
    yield from opened(f"sqlite:///{tmp_path}/arshjul.db", tmp_path)


@pytest.fixture
def postgresql_store(postgresql_url: str, tmp_path: Path) -> Iterator[Store]:
    """An open database on PostgreSQL, its schema up to date."""
    yield from opened(postgresql_url, tmp_path)


def opened(url: str, folder: Path) -> Iterator[Store]:
    if url.startswith("sqlite:"):
        _file(url).write_bytes(_migrated())
    opened = open_store(url, folder)
    upgrade(opened)
    yield opened
    opened.close()


@cache
def _migrated() -> bytes:
    """Return an SQLite file with its schema up to date: to migrate anew for each test would take half of its time."""
    with tempfile.TemporaryDirectory() as folder:
        made = open_store(f"sqlite:///{folder}/arshjul.db", Path(folder))
        upgrade(made)
        made.close()
        return (Path(folder) / "arshjul.db").read_bytes()


def back_up(url: str) -> str:
    """Copy a database as a backup does, and return the address of the copy. PostgreSQL's may be open nowhere."""
    copy = f"{url}_backup"
    if url.startswith("sqlite:"):
        with closing(sqlite3.connect(_file(url))) as connection:
            connection.execute("VACUUM INTO ?", [str(_file(copy))])
    else:
        _tell_server(url, f"CREATE DATABASE {_name(copy)} TEMPLATE {_name(url)}")
    return copy


def fetch_back(copy: str, url: str) -> None:
    """Put a copy in the place of the database."""
    if url.startswith("sqlite:"):
        for ending in ("-wal", "-shm"):
            Path(f"{_file(url)}{ending}").unlink(missing_ok=True)
        _file(copy).replace(_file(url))
    else:
        _tell_server(url, f"DROP DATABASE {_name(url)}", f"ALTER DATABASE {_name(copy)} RENAME TO {_name(url)}")


@contextmanager
def away(url: str) -> Iterator[None]:
    """Let nobody use a database: another program has locked the file, or the server shuts everybody out."""
    if url.startswith("sqlite:"):
        with closing(sqlite3.connect(_file(url), isolation_level=None, check_same_thread=False)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield
        return
    leave = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{_name(url)}'"
    _tell_server(url, f"ALTER DATABASE {_name(url)} ALLOW_CONNECTIONS false", leave)
    try:
        yield
    finally:
        _tell_server(url, f"ALTER DATABASE {_name(url)} ALLOW_CONNECTIONS true")


def _file(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def _name(url: str) -> str:
    return url.rpartition("/")[2]


def _tell_server(url: str, *statements: str) -> None:
    with psycopg.connect(f"{url.rpartition('/')[0]}/postgres", autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


@contextmanager
def _server_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="arshjul-postgresql-"))
    if os.getuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(folder, _unprivileged())
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _unprivileged() -> str:
    names = {user.pw_name for user in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _wait_for(address: str, log: Path, password: str) -> None:
    for _ in range(200):
        try:
            psycopg.connect(f"{address}/postgres", password=password or None).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"PostgreSQL did not start: {log.read_text()}")
