"""`arshjul lint` of what means us ill: files that never end, servers that lead astray, signs that act on a terminal."""

from __future__ import annotations

import os
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from arshjul.cli.fetch import FetchError, Net, fetch
from tests.clock import main
from tests.core.feeds import BOARD, feed_of
from tests.smtp_servers import Certificate, certificate

__all__ = ["certificate"]

FEED = feed_of(BOARD).body
TOKEN = "Xq3_vN8-kZt0bLw2RrYc7HdJ5mPfS1uGeA9oTiKxQ4E"
OPEN, CLOSED = "127.0.0.1", "127.0.0.2"
"""Two addresses of this machine; in the tests one is of the open net and one of a closed one."""


@dataclass
class RawServer:
    """A server that answers each connection with the bytes it is told, whatever is asked; `trickle` without end."""

    answer: bytes
    trickle: bytes = b""
    secured: ssl.SSLContext | None = None
    asked: list[bytes] = field(default_factory=list)
    port: int = 0

    @contextmanager
    def running(self, host: str = OPEN, port: int = 0) -> Iterator[RawServer]:
        with socket.create_server((host, port)) as listening:
            self.port = listening.getsockname()[1]
            thread = threading.Thread(target=self._serve, args=(listening,))
            thread.start()
            try:
                yield self
            finally:
                listening.shutdown(socket.SHUT_RDWR)
                thread.join()

    def _serve(self, listening: socket.socket) -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:  # the test is over
                return
            with connection, suppress(OSError):  # the client has had enough
                self._answer(self.secured.wrap_socket(connection, True) if self.secured else connection)

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            self.asked.append(connection.recv(65536))
            connection.sendall(self.answer)
            while self.trickle:
                connection.sendall(self.trickle)

    @property
    def url(self) -> str:
        return f"http{'s' if self.secured else ''}://{OPEN}:{self.port}/f/{TOKEN}/aaret.ics"


def redirecting(location: str) -> RawServer:
    return RawServer(f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode("latin-1"))


def linted(server: RawServer, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what the command prints of the server's feed; its exit code is always 1."""
    with server.running():
        assert main(["lint", server.url]) == 1
    said = capsys.readouterr()
    assert said.err == ""
    return said.out


@pytest.mark.parametrize(
    "location",
    [
        f"http://[::1/f/{TOKEN}/a.ics",
        f"http://127.0.0.1:port/f/{TOKEN}/a.ics",
        f"http://127.0.0.1:99999/f/{TOKEN}/a.ics",
        f"/f/{TOKEN}/a b.ics",
        f"/f/{TOKEN}/\x1b[2Ja.ics",
        f"/f/{TOKEN}/å.ics",
        f"http://127.0.0.1%0d%0a/{TOKEN}\x7f",
    ],
)
def test_redirect_to_what_is_no_address_does_not_repeat_it(location: str, capsys: pytest.CaptureFixture[str]) -> None:
    first, last = linted(redirecting(location), capsys).splitlines()
    assert first in (
        f"aaret.ics: MÅ Adressen kan ikke hentes: {said}. [uten-svar]"
        for said in (
            "tjeneren viser videre til noe som ikke er noen adresse",
            "adressen er ikke skrevet slik en adresse skal",
        )
    )
    assert last == "aaret.ics: 1 MÅ."


@pytest.mark.parametrize(
    "address", [f"http://[::1/f/{TOKEN}/a.ics", f"http://127.0.0.1:x/f/{TOKEN}.ics", f"http:///u/{TOKEN}"]
)
def test_address_that_is_none_is_told_without_its_key(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", address]) == 1
    out = capsys.readouterr().out
    assert "Adressen kan ikke hentes: adressen er ikke skrevet slik en adresse skal. [uten-svar]" in out
    assert TOKEN not in out


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://example.no/a.ics", "gopher://127.0.0.1:25/_HELO"])
def test_redirect_out_of_http_is_not_followed(location: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = "aaret.ics: MÅ Adressen kan ikke hentes: bare http og https kan hentes. [uten-svar]\naaret.ics: 1 MÅ.\n"
    assert linted(redirecting(location), capsys) == said


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 \x1b[2J\r\n\r\n",
        b"\x1b]0;eid\x07\r\n\r\n",
        b"HTTP/1.1 404 \x1b[2J\x9b1A\r\nContent-Type: \x1b[8m\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/\x1b[8m\x9b\r\nContent-Length: 5\r\n\r\na\x1b[2J",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/calendar\r\n\r\n"
        + FEED.replace(b"\r\nVERSION:2.0", b"\r\nVERSION:\x1b[2J")
        .replace(b"\r\nUID:", b"\r\nUID\x1b[1A:")
        .replace(b"TZID=", b"TZID=\xe2\x80\xae\x1b"),
    ],
)
def test_nothing_that_a_server_says_acts_on_the_terminal(answer: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    out = linted(RawServer(answer), capsys)
    assert [char for char in out if not char.isprintable() and char != "\n"] == []
    assert [line for line in out.splitlines() if not line.startswith("aaret.ics:")] == []


def test_header_of_a_server_is_shown_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/\x1b[8m\r\nContent-Length: 0\r\n\r\n"
    assert r"MÅ Content-Type er text/\x1b[8m; den skal være text/calendar. [innholdstype]" in linted(
        RawServer(answer), capsys
    )


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("answer", "trickle"),
    [
        (CHUNKED, b"1\r\nx\r\n"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 302 Found\r\nLocation: /\r\n", b"x"),
    ],
)
def test_answer_that_never_ends_is_ended(answer: bytes, trickle: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("arshjul.cli.fetch.MOST_OCTETS", 100_000_000_000)  # so that only the time can end it
    with RawServer(answer, trickle).running() as server, pytest.raises((TimeoutError, FetchError)) as raised:
        fetch(server.url, seconds=0.5)
    is_endless_header = trickle == b"x" and b"Location" in answer  # which http.client gives up by itself
    assert (type(raised.value) is FetchError) == is_endless_header


@pytest.mark.parametrize(
    "head", [CHUNKED, b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n"]
)
def test_answer_is_read_up_to_the_bound(head: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("arshjul.cli.fetch.MOST_OCTETS", 1_000_000)
    server = RawServer(head, b"8\r\nxxxxxxxx\r\n" * 1000)
    with server.running(), pytest.raises(FetchError, match=r"^svaret er på over 1 MB$"):
        fetch(server.url)


def test_encrypted_answer_is_read_and_one_that_never_ends_is_ended(
    certificate: Certificate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (trusted,) = certificate.client.get_ca_certs(binary_form=True)
    (tmp_path / "trusted.pem").write_text(ssl.DER_cert_to_PEM_cert(trusted), encoding="ascii")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "trusted.pem"))
    with RawServer(CHUNKED + b"3\r\nabc\r\n0\r\n\r\n", secured=certificate.server).running() as server:
        full = fetch(server.url).full
    assert (full.status, full.body, full.cut) == (200, b"abc", False)
    server = RawServer(CHUNKED, b"1\r\nx\r\n", certificate.server)
    with server.running(), pytest.raises(TimeoutError):
        fetch(server.url, seconds=0.5)


def test_all_answers_together_have_one_time() -> None:
    """Each answer is quick enough by itself, and there are five redirects."""
    slow = threading.Event()

    class Slow(RawServer):
        def _answer(self, connection: socket.socket) -> None:
            slow.wait(0.2)
            super()._answer(connection)

    with Slow(redirecting("/a.ics").answer).running() as server, pytest.raises(TimeoutError):
        fetch(server.url, seconds=0.5)
    assert len(server.asked) <= 3


EMPTY = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


def net(names: dict[str, list[str]]) -> Net:
    """Return a net with names of our own, of which only one address is open to all."""
    return Net(lambda host, _: names.get(host, [host]), lambda address: address == OPEN)


@pytest.mark.parametrize("host", [CLOSED, "inne.example.no", "begge.example.no"])
def test_redirect_from_the_open_net_into_a_closed_one_is_refused(host: str) -> None:
    names = {"ute.example.no": [OPEN], "inne.example.no": [CLOSED], "begge.example.no": [OPEN, CLOSED]}
    said = "^tjeneren viser videre til en maskin på et lukket nett, og dit går vi ikke$"
    with (
        RawServer(EMPTY).running(CLOSED) as inside,
        redirecting(f"http://{host}:{inside.port}/secret").running() as outside,
        pytest.raises(FetchError, match=said),
    ):
        fetch(f"http://ute.example.no:{outside.port}/a.ics", net(names))
    assert (len(outside.asked), inside.asked) == (1, [])


def test_redirect_within_a_closed_net_is_followed() -> None:
    closed = Net(lambda host, _: [host], lambda _: False)
    with (
        RawServer(EMPTY).running(CLOSED) as inside,
        redirecting(f"http://{CLOSED}:{inside.port}/b.ics").running() as outside,
    ):
        answers = fetch(f"http://{OPEN}:{outside.port}/a.ics", closed)
    assert (answers.full.url, answers.full.status) == (f"http://{CLOSED}:{inside.port}/b.ics", 200)


def test_name_is_connected_to_at_the_address_that_was_checked() -> None:
    """A name that changes between the check and the connection leads nowhere else: it is asked for once each time."""
    asked: list[str] = []

    def changing(host: str, _: int) -> list[str]:
        asked.append(host)
        return [OPEN] if len(asked) == 1 else [CLOSED]

    with (
        RawServer(EMPTY).running() as outside,
        RawServer(EMPTY).running(CLOSED, outside.port) as inside,
        pytest.raises(FetchError, match="på et lukket nett"),
    ):
        fetch(f"http://ute.example.no:{outside.port}/a.ics", Net(changing, lambda address: address == OPEN))
    assert (len(outside.asked), inside.asked, len(asked)) == (1, [], 2)
    assert b"Host: ute.example.no:" in outside.asked[0]


def test_a_device_is_no_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "/dev/zero"]) == 2
    assert capsys.readouterr().err == "/dev/zero: filen kan ikke leses (det er ingen vanlig fil).\n"


def test_a_pipe_is_not_waited_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(tmp_path / "rør")
    (tmp_path / "lenke.ics").symlink_to(tmp_path / "rør")
    for name in ("rør", "lenke.ics"):
        assert main(["lint", str(tmp_path / name)]) == 2
        assert capsys.readouterr().err == f"{tmp_path / name}: filen kan ikke leses (det er ingen vanlig fil).\n"


def test_a_folder_is_told_as_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"{tmp_path}: filen kan ikke leses (det er en mappe).\n"


def test_a_file_is_read_up_to_the_bound(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    large = tmp_path / "stor.ics"
    large.touch()
    os.truncate(large, 10**12)  # it takes no room
    assert main(["lint", str(large)]) == 2
    assert capsys.readouterr().err == f"{large}: filen er på over 50 MB.\n"


@pytest.mark.parametrize("name", ["a\x1b[2J.ics", "a\n\u202eb.ics", "a\udcff.ics"])
@pytest.mark.parametrize("content", [None, b"a\x1b[2J", FEED.replace(b"\r\nUID:", b"\r\n\x1b[1AUID:")])
def test_nothing_in_a_file_or_its_name_acts_on_the_terminal(
    name: str, content: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    assert main(["lint", str(file)]) == (2 if content is None else 1)
    said = capsys.readouterr()
    shown = said.out + said.err
    assert [char for char in shown if not char.isprintable() and char != "\n"] == []
    assert [line for line in shown.splitlines() if not line.startswith(f"{tmp_path}/a")] == []
