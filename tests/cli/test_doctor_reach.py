"""What doctor says of the site's address: the service really served, and servers in its place that misbehave."""

from __future__ import annotations

import gzip
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from arshjul.cli.doctor import KEY, look
from arshjul.feeds.ics import etag
from arshjul.loading import load
from arshjul.mail.checkup import Finding, Mark
from tests.clock import main
from tests.core.feeds import BOARD, feed_of
from tests.files_of import TODAY_OF_FILES
from tests.serving import free_port, serving
from tests.small_site import write_site
from tests.smtp_servers import Certificate, certificate

__all__ = ["certificate"]

FEED = feed_of(BOARD)
READY = {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}
CALENDAR = {"Content-Type": "text/calendar; charset=utf-8", "Last-Modified": "Mon, 02 Nov 2026 07:30:15 GMT"}


class Proxy(BaseHTTPRequestHandler):
    """A web server before the service, as it should be; each test spoils one thing of it."""

    spoil: ClassVar[Callable[[Proxy], bool]] = lambda _: False
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(f"{self.path} {self.headers['Accept-Encoding']}")
        if Proxy.spoil(self):
            return
        if self.path == "/readyz":
            self.answer(200, READY, b"klar\n")
        else:
            self.answer(200, {**CALENDAR, "ETag": etag(FEED.body)}, FEED.body)

    def answer(self, status: int, headers: dict[str, str], body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@contextmanager
def proxy(spoil: Callable[[Proxy], bool] = lambda _: False, secured: ssl.SSLContext | None = None) -> Iterator[int]:
    """Run the web server, and give its port."""
    Proxy.spoil, Proxy.asked = spoil, []
    with ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as server:
        if secured is not None:
            server.socket = secured.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def found(site: Path, url: str) -> list[Finding]:
    """Return what is found, without the line on who can reach the address."""
    if not (site / "config.toml").exists():
        write_site(site)
    (site / "config.toml").write_text(f'[site]\nurl = "{url}"\nport = 8123\n', encoding="utf-8")
    first, *rest = look(load(site, TODAY_OF_FILES))
    assert (first.mark, "er bare for denne maskinen" in first.what) == (Mark.UNSEEN, True)
    return rest


def well(url: str) -> Finding:
    return Finding(Mark.WELL, f"{url} svarer, og svaret mellomlagres ikke.")


@pytest.mark.faults
def test_the_service_itself_is_found_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_site(tmp_path)
    config = tmp_path / "config.toml"
    config.write_text(config.read_text("utf-8").replace("port = 8000", 'url = "http:"\nport = 8000'), "utf-8")
    with serving(tmp_path) as served:
        assert main(["-C", str(tmp_path), "doctor"]) == 0
        said = capsys.readouterr().out.splitlines()
        assert said[-5:-2] == [
            f"– {served.url} er bare for denne maskinen: ingen andre kan abonnere, og brevene er uten lenke.",
            f"✓ {served.url} svarer, og svaret mellomlagres ikke.",
            "✓ Abonnementet region.ics kommer uendret frem.",
        ]


def test_a_good_web_server_is_asked_for_two_things_plainly(tmp_path: Path) -> None:
    with proxy() as port:
        url = f"http://127.0.0.1:{port}"
        feed = Finding(Mark.WELL, "Abonnementet region.ics kommer uendret frem.")
        assert found(tmp_path, f"{url}/") == [well(url), feed]
        assert Proxy.asked == ["/readyz identity", "/f/region.ics identity"]


def test_without_a_public_calendar_no_feed_is_asked_for(tmp_path: Path) -> None:
    calendar = write_site(tmp_path)
    calendar.write_text(calendar.read_text("utf-8").replace('visibility = "public"\n', ""), "utf-8")
    with proxy() as port:
        assert found(tmp_path, f"http://127.0.0.1:{port}") == [well(f"http://127.0.0.1:{port}")]
        assert Proxy.asked == ["/readyz identity"]


def test_a_service_that_is_not_started_is_not_wrong(tmp_path: Path) -> None:
    stopped = Finding(Mark.UNSEEN, "Tjenesten kjører ikke nå. Start den med «arshjul serve».")
    assert found(tmp_path, f"http://127.0.0.1:{free_port()}") == [stopped]


def _moves(request: Proxy) -> bool:
    request.answer(302, {"Location": "https://example.no/hemmelig"})
    return True


def _logs_in(request: Proxy) -> bool:
    request.answer(200, READY, b"<!doctype html><title>Logg inn</title>")
    return True


def _has_nothing(request: Proxy) -> bool:
    request.answer(404, READY, b"klar\n")
    return True


def _has_no_backend(request: Proxy) -> bool:
    request.answer(502, {}, b"Bad gateway")
    return True


def _is_loading(request: Proxy) -> bool:
    request.answer(503, READY, b"leser inn\n")
    return True


def _caches(request: Proxy) -> bool:
    request.answer(200, {"Cache-Control": "max-age=600"}, b"klar\n")
    return True


STRANGER = "Går alt under {url} til 127.0.0.1:8123? Oppsett for nettjeneren ligger i docs/webserver."


@pytest.mark.parametrize(
    ("spoil", "what", "ask"),
    [
        (
            _moves,
            "{url} viser videre til en annen adresse (302).",
            "Kan nettjeneren svare på {url} selv, uten å vise videre? Ellers: sett url til den endelige adressen.",
        ),
        (_logs_in, "Det er noe annet enn årshjulet som svarer på {url} (200).", STRANGER),
        (_has_nothing, "Det er noe annet enn årshjulet som svarer på {url} (404).", STRANGER),
        (
            _has_no_backend,
            "Nettjeneren på {url} får ikke tak i årshjulet (502).",
            "Kjører «arshjul serve», og sender nettjeneren videre til 127.0.0.1:8123?",
        ),
        (
            _is_loading,
            "{url} svarer, men kalenderne er ikke lest inn ennå.",
            "Vent litt og prøv igjen. Hjelper det ikke, så les det tjenesten skriver der den er startet.",
        ),
        (
            _caches,
            "Svaret fra {url} har mistet «Cache-Control: no-store».",
            "Kan nettjeneren la Cache-Control stå slik årshjulet skriver det, og ikke mellomlagre svarene?",
        ),
    ],
)
def test_an_answer_that_is_not_ours_is_told_and_what_to_ask(
    tmp_path: Path, spoil: Callable[[Proxy], bool], what: str, ask: str
) -> None:
    with proxy(spoil) as port:
        url = f"http://127.0.0.1:{port}"
        assert found(tmp_path, url) == [Finding(Mark.WRONG, what.format(url=url), KEY, ask.format(url=url))]
        assert Proxy.asked == ["/readyz identity"]


def _feed(change: dict[str, str], body: bytes = FEED.body, status: int = 200) -> Callable[[Proxy], bool]:
    def spoil(request: Proxy) -> bool:
        if request.path == "/readyz":
            return False
        headers = {**CALENDAR, "ETag": etag(FEED.body), **change}
        request.answer(status, {name: value for name, value in headers.items() if value}, body)
        return True

    return spoil


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_feed({}, status=404), "Tjeneren svarer 404, ikke 200."),
        (_feed({"Location": "/f/hemmelig/a.ics"}, status=301), "Tjeneren svarer 301, ikke 200."),
        (_feed({"Content-Type": "text/html"}), "Content-Type er text/html; den skal være text/calendar."),
        (_feed({"Content-Encoding": "br"}), "Svaret er pakket, enda det ble bedt om uten."),
        (_feed({"ETag": ""}), "Svaret mangler en sterk ETag, så alt hentes på nytt hver gang."),
        (_feed({}, FEED.body.replace(b"\r\n", b"\n")), "Innholdet er ikke det som ETag gjelder for."),
    ],
)
def test_a_feed_that_is_changed_on_its_way_is_told(tmp_path: Path, spoil: Callable[[Proxy], bool], said: str) -> None:
    with proxy(spoil) as port:
        url = f"http://127.0.0.1:{port}"
        ask = f"Kan nettjeneren la abonnementene være som de er? Mer sier: arshjul lint {url}/f/region.ics"
        what = f"Abonnementet region.ics kommer ikke uendret frem. {said}"
        assert found(tmp_path, url) == [well(url), Finding(Mark.WRONG, what, KEY, ask)]


def _hangs(_: Proxy) -> bool:
    time.sleep(1.5)
    return True


def _trickles(request: Proxy) -> bool:
    request.send_response(200)
    request.end_headers()
    for _ in range(30):
        request.wfile.write(b".")
        time.sleep(0.05)
    return True


def _trickles_headers(request: Proxy) -> bool:
    for octet in b"HTTP/1.0 200 OK\r\nX: 234567890123456789":
        request.wfile.write(bytes([octet]))
        time.sleep(0.05)
    return True


@pytest.mark.parametrize("spoil", [_hangs, _trickles, _trickles_headers])
def test_a_server_that_never_ends_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[Proxy], bool]
) -> None:
    monkeypatch.setattr("arshjul.cli.doctor.PATIENCE", 0.4)

    def careless(request: Proxy) -> bool:
        try:
            return spoil(request)
        except ConnectionError:
            return True

    with proxy(careless) as port:
        url = f"http://127.0.0.1:{port}"
        started = time.monotonic()
        ask = f"Viser en nettleser på en annen maskin «klar» på {url}/readyz? Er navnet og brannmuren i orden?"
        what = f"{url} svarer ikke: hele svaret kom ikke innen 0.4 sekunder."
        assert found(tmp_path, url) == [Finding(Mark.WRONG, what, KEY, ask)]
        assert time.monotonic() - started < 1.2


@pytest.mark.parametrize("is_packed", [False, True])
def test_an_answer_without_end_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_packed: bool) -> None:
    body = b"klar\n" * 300_000
    monkeypatch.setattr("arshjul.cli.fetch.MOST_OCTETS", 1_000_000)

    def floods(request: Proxy) -> bool:
        if is_packed:
            request.answer(200, {**READY, "Content-Encoding": "gzip"}, gzip.compress(body, mtime=0))
        else:
            request.answer(200, READY, body)
        return True

    with proxy(floods) as port:
        (finding,) = found(tmp_path, f"http://127.0.0.1:{port}")
        assert finding.what == f"http://127.0.0.1:{port} svarer ikke: svaret er på over 1 MB."


def test_what_is_no_web_server_is_told(tmp_path: Path) -> None:
    def talks_smtp(request: Proxy) -> bool:
        request.wfile.write(b"220 mail.example.no ESMTP\r\n")
        return True

    with proxy(talks_smtp) as port:
        (finding,) = found(tmp_path, f"http://127.0.0.1:{port}")
        assert finding.what == f"http://127.0.0.1:{port} svarer ikke: det som svarer, snakker ikke HTTP."


def test_a_certificate_that_nobody_trusts_is_told(tmp_path: Path, certificate: Certificate) -> None:
    with proxy(secured=certificate.server) as port:
        (finding,) = found(tmp_path, f"https://127.0.0.1:{port}")
    assert (finding.mark, finding.key) == (Mark.WRONG, KEY)
    told = f"https://127.0.0.1:{port} svarer ikke: sertifikatet er ikke gyldig for navnet, eller er gått ut."
    assert finding.what == told
