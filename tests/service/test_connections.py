"""Connections that ask for nothing, for ever or without end: the service stays, and others are let in."""

from __future__ import annotations

import contextlib
import resource
import socket
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
import pytest

from arshjul.web.server import MOST_CONNECTIONS, MOST_PIPELINED, REQUEST_SECONDS
from tests.serving import Served, serving, until
from tests.small_site import edit, write_site

pytestmark = pytest.mark.faults

USUAL_FILES = 1024
"""What a process may have open at most, where nobody has raised it."""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    write_site(tmp_path)
    with serving(tmp_path) as one:
        resource.prlimit(one.pid, resource.RLIMIT_NOFILE, (USUAL_FILES, USUAL_FILES))
        yield one


@contextlib.contextmanager
def connections(served: Served, count: int, says: bytes = b"") -> Iterator[list[socket.socket]]:
    """Open so many connections that each say the same."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    url = httpx.URL(served.url)
    with contextlib.ExitStack() as stack:
        stack.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        opened = []
        for _ in range(count):
            one = stack.enter_context(socket.create_connection((url.host, url.port or 0), timeout=5))
            with contextlib.suppress(ConnectionError):  # it may be one too many already
                one.sendall(says)
            opened.append(one)
        yield opened


def is_open(one: socket.socket) -> bool:
    """Tell whether the other end has not hung up."""
    one.setblocking(False)
    with contextlib.suppress(ConnectionError):
        try:
            while one.recv(65536):
                pass
        except BlockingIOError:
            return True
    return False


def still_open(opened: Sequence[socket.socket]) -> int:
    return sum(map(is_open, opened))


def log_of(served: Served) -> str:
    return (served.folder / "serve.log").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "says", [b"", b"GET / HTTP/1.1\r\nHost: 127.0", b"POST /u/x HTTP/1.1\r\nContent-Length: 9\r\n\r\n"]
)
def test_more_connections_than_files_keep_nobody_out_and_end_nothing(served: Served, says: bytes) -> None:
    with connections(served, 1010, says) as opened:
        assert httpx.get(f"{served.url}/readyz", timeout=5).text == "klar\n"
        edit(served.calendar("region"), 'title = "Styremøte"', 'title = "Møte i styret"')
        until(lambda: "Møte i styret" in httpx.get(served.feed("region"), timeout=5).text)
        assert still_open(opened) <= MOST_CONNECTIONS
        until(lambda: still_open(opened) == 0, "all of them are given up", REQUEST_SECONDS + 10)

    assert "Traceback" not in log_of(served)


def test_connection_that_asks_in_time_is_kept(served: Served) -> None:
    with httpx.Client(base_url=served.url) as client:
        for _ in range(3):
            assert client.get("/livez").status_code == 200
            time.sleep(1)


def test_request_that_comes_an_octet_at_a_time_is_given_up(served: Served) -> None:
    with connections(served, 1, b"GET / HTTP/1.1\r\nX-Long: ") as (one,):
        start = time.monotonic()
        with contextlib.suppress(ConnectionError):
            while time.monotonic() - start < REQUEST_SECONDS + 10 and is_open(one):
                one.send(b"a")
                time.sleep(0.2)
        assert REQUEST_SECONDS - 1 < time.monotonic() - start < REQUEST_SECONDS + 5


def test_many_requests_whose_answers_nobody_reads_are_ended(served: Served) -> None:
    request = b"GET /f/region.ics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with connections(served, 100, request * 10 * MOST_PIPELINED) as opened:
        assert httpx.get(f"{served.url}/readyz", timeout=5).status_code == 200
        del opened

    until(lambda: httpx.get(f"{served.url}/readyz", timeout=5).status_code == 200)
    assert "Traceback" not in log_of(served)


def test_a_few_requests_at_once_are_all_answered(served: Served) -> None:
    request = b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with connections(served, 1, request * MOST_PIPELINED) as (one,):
        answers = b""
        while answers.count(b"lever") < MOST_PIPELINED:
            answers += one.recv(65536)
    assert answers.count(b"HTTP/1.1 200 OK") == MOST_PIPELINED
