"""How the server is set up."""

from __future__ import annotations

import socket
import time
from importlib.util import find_spec

import pytest

from arshjul.web.server import ListenError, listen, new_loop
from tests.conftest import need
from tests.web.conftest import Running


def test_answers_on_a_kept_connection_do_not_wait_for_the_clients_acknowledgement(running: Running) -> None:
    running.client.get("/f/politisk-aar.ics")
    start = time.perf_counter()
    for _ in range(10):
        running.client.get("/f/politisk-aar.ics")
    # With Nagle's algorithm on it is ten times 40 ms.
    assert time.perf_counter() - start < 0.3


def test_taken_port_is_an_error_and_leaves_no_socket_open() -> None:
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        assert first.proto == socket.IPPROTO_TCP
        with pytest.raises(ListenError) as refused:
            listen("127.0.0.1", port)
    assert str(refused.value) == f"Kan ikke lytte på 127.0.0.1:{port}: adressen er i bruk av et annet program."


def test_server_does_not_name_itself(running: Running) -> None:
    assert "server" not in running.client.get("/livez").headers


def test_loop_is_the_fast_one_where_there_is_one() -> None:
    need("uvloop", "" if find_spec("uvloop") else None)
    loop = new_loop()
    assert type(loop).__module__ == "uvloop"
    loop.close()


@pytest.mark.parametrize("start", [b"GET /livez HTTP/1.1\r\nHost: x\r\nX-A: ", b"GET /", b"POST /livez HTTP/1.1\r\n"])
def test_request_that_never_ends_is_ended_for_it(start: bytes, running: Running) -> None:
    with socket.create_connection(("127.0.0.1", running.port), timeout=10) as client:
        client.sendall(start)
        with pytest.raises(OSError, match=r"reset|pipe|aborted"):
            client.sendall(b"a" * 50_000_000)
    assert running.client.get("/livez").status_code == 200


def test_long_connection_of_short_requests_is_kept(running: Running) -> None:
    asked = b"GET /livez HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 4000 + b"\r\n\r\n"
    with socket.create_connection(("127.0.0.1", running.port), timeout=10) as client:
        for _ in range(40):
            client.sendall(asked)
            answer = b""
            while not answer.endswith(b"lever\n"):
                answer += client.recv(4096)
            assert answer.startswith(b"HTTP/1.1 200")
