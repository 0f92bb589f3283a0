"""The service answers to its own names: a page elsewhere cannot read it by letting another name mean 127.0.0.1."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest

from arshjul.web.app import hosts_of
from tests.web.conftest import Running

HOSTS = hosts_of("https://kalender.example.no", "127.0.0.1", ["gammel.example.no"])
TITLE = b"rsmelding"


def answer_to(running: Running, request: bytes) -> bytes:
    """Return all that is answered to octets that no HTTP library would send."""
    with socket.create_connection(("127.0.0.1", running.port), timeout=5) as client:
        client.sendall(request)
        client.shutdown(socket.SHUT_WR)
        found = b""
        while more := client.recv(65536):
            found += more
    return found


@pytest.mark.parametrize("path", ["/", "/f/politisk-aar.ics", "/robots.txt", "/finnes-ikke", "/static/style.css"])
@pytest.mark.parametrize(
    "host",
    [
        "rebind.example",
        "127.0.0.1.rebind.example",
        "localhost.rebind.example:8000",
        "kalender.example.no.rebind.example",
    ],
)
def test_foreign_name_is_misdirected(running: Running, host: str, path: str) -> None:
    running.site.state = replace(running.site.state, hosts=HOSTS)
    found = running.client.get(path, headers={"Host": host})
    assert found.status_code == 421
    assert "Tjenesten heter noe annet" in found.text
    assert "rebind" not in found.text


@pytest.mark.parametrize(
    "host",
    [
        "kalender.example.no",
        "KALENDER.example.no.:443",
        "gammel.example.no",
        "localhost:8000",
        "127.0.0.1:80",
        "10.0.3.7",
        "[::1]:8000",
    ],
)
def test_own_name_alias_and_address_are_answered(running: Running, host: str) -> None:
    running.site.state = replace(running.site.state, hosts=HOSTS)
    assert running.client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["rebind.example", "10-0-0-7.arshjul.svc.cluster.local"])
@pytest.mark.parametrize("path", ["/livez", "/readyz", "/healthz"])
def test_probe_is_answered_whatever_name_it_asks_by(running: Running, host: str, path: str) -> None:
    assert running.client.get(path, headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        b"",
        b"Host: 127.0.0.1\r\nHost: 127.0.0.1\r\n",
        b"Host: 127.0.0.1\r\nHost: rebind.example\r\n",
        b"host: rebind.example\r\nHOST: 127.0.0.1\r\n",
    ],
)
def test_request_without_exactly_one_host_is_refused(running: Running, headers: bytes) -> None:
    found = answer_to(running, b"GET / HTTP/1.1\r\n" + headers + b"Connection: close\r\n\r\n")
    assert found.startswith(b"HTTP/1.1 400 ")
    assert TITLE not in found


def test_old_client_needs_no_host(running: Running) -> None:
    assert b" 200 OK\r\n" in answer_to(running, b"GET /f/politisk-aar.ics HTTP/1.0\r\n\r\n")


@pytest.mark.parametrize(
    "host", [b"", b"[::1", b"a b", "kal\u00e9nder".encode(), b"user@rebind.example", b"//x", b":80"]
)
def test_host_that_is_no_name_is_not_ours(running: Running, host: bytes) -> None:
    found = answer_to(running, b"GET / HTTP/1.1\r\nHost: " + host + b"\r\nConnection: close\r\n\r\n")
    assert found[9:12] in {b"421", b"400"}
    assert TITLE not in found
