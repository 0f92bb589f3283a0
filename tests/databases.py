"""Real databases for the tests: a fresh SQLite file, and PostgreSQL where a server is installed."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from arshjul.store.engine import Store, open_store
from arshjul.store.schema import upgrade
from tests.conftest import need
from tests.serving import free_port

PLACES = os.pathsep.join([os.environ.get("PATH", os.defpath), *map(str, Path("/usr/lib/postgresql").glob("*/bin"))])
"""Debian keeps the server's programs out of the path."""


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """A PostgreSQL server of our own; gives its address without a database."""
    postgres, initdb = (need("postgresql", shutil.which(name, path=PLACES)) for name in ("postgres", "initdb"))
    with _server_folder() as folder:
        port = free_port()
        as_user = {"user": _unprivileged()} if os.getuid() == 0 else {}
        data = folder / "data"
        create = [initdb, "-D", str(data), "-U", "arshjul", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]
        subprocess.run(create, check=True, capture_output=True, cwd=folder, **as_user)  # type: ignore[call-overload]  # user= or nothing
        settings = ("listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off")
        command = [postgres, "-D", str(data), "-p", str(port), *(part for s in settings for part in ("-c", s))]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, **as_user)  # type: ignore[call-overload]  # user= or nothing
        try:
            address = f"postgresql://arshjul@127.0.0.1:{port}"
            _wait_for(address, folder / "log")
            yield address
        finally:
            server.send_signal(2)  # SIGINT: PostgreSQL's fast shutdown
            server.wait(timeout=20)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/arshjul.db"
        return
    server = request.getfixturevalue("postgresql_server")
    name = f"t{time.monotonic_ns()}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    yield f"{server}/{name}"


@pytest.fixture
def any_store(database_url: str) -> Iterator[Store]:
    """An open database of each kind, its schema up to date."""
    yield from _opened(database_url)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An open SQLite file, its schema up to date."""
    yield from _opened(f"sqlite:///{tmp_path}/arshjul.db")


def _opened(url: str) -> Iterator[Store]:
    opened = open_store(url)
    upgrade(opened)
    yield opened
    opened.close()


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


def _wait_for(address: str, log: Path) -> None:
    for _ in range(200):
        try:
            psycopg.connect(f"{address}/postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"PostgreSQL did not start: {log.read_text()}")
