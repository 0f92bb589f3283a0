"""`arshjul lint`: files, addresses, exit codes and words. The rules for the bytes are in tests/core/test_lint.py."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from tests.clock import main
from tests.core.feeds import BOARD, BUDGET_DEBATE, INPUT, feed_of
from tests.serving import free_port, serving

FEED = feed_of(BOARD, INPUT, BUDGET_DEBATE)


class Answering(BaseHTTPRequestHandler):
    """Serves one good feed rightly; each test spoils one thing of it."""

    spoil: ClassVar[Callable[[Answering], bool]] = lambda _: False
    body: ClassVar[bytes] = FEED.body
    headers_sent: ClassVar[dict[str, str]] = {}

    def do_GET(self) -> None:
        if Answering.spoil(self):
            return
        same = self.headers.get("If-None-Match") == FEED.etag
        self.answer(304 if same else 200, {"Content-Type": "text/calendar; charset=utf-8", **self.headers_sent})

    do_HEAD = do_GET  # noqa: N815  (the name that http.server looks for)

    def answer(self, status: int, headers: dict[str, str], body: bytes | None = None) -> None:
        shared = {"ETag": FEED.etag, "Last-Modified": "Mon, 02 Nov 2026 07:30:15 GMT"}
        body = self.body if body is None else body
        headers = {"Content-Length": str(len(body)), **shared, **headers}
        self.send_response(status)
        for name, value in headers.items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD" and status == 200:
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Return the feed's address on a real server, put right again for each test."""
    for name in ("spoil", "body", "headers_sent"):
        monkeypatch.setattr(Answering, name, Answering.__dict__[name])
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/f/hemmelig/aaret.ics"
        server.shutdown()
        thread.join()


def found(capsys: pytest.CaptureFixture[str]) -> set[str]:
    """Return the rules that the command has named."""
    return {line.rpartition("[")[2][:-1] for line in capsys.readouterr().out.splitlines() if line.endswith("]")}


def test_lint_says_line_level_and_rule_and_counts_the_rest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "aaret.ics"
    bad.write_bytes(FEED.body.replace(b"TRANSP:", b"TRANSP:X-").replace(b"SEQUENCE:0\r\n", b"").replace(b"\r\n", b"\n"))
    assert main(["lint", str(bad)]) == 1
    count, first = (part.count(b"\n") for part in (FEED.body, FEED.body.partition(b"VEVENT")[0] + b"\n"))
    count -= FEED.body.count(b"SEQUENCE")
    lines = capsys.readouterr().out.splitlines()
    assert lines[:4] == [
        *(f"{bad}:{line}: MÅ Linjen slutter ikke med CRLF (\\r\\n). [linjeskift]" for line in (1, 2, 3)),
        f"{bad}: MÅ … det samme {count - 3} steder til. [linjeskift]",
    ]
    assert lines[4] == (
        f"{bad}:{first}: BØR Hendelsen mangler SEQUENCE. Google kan overse at den er endret. [mangler-sequence]"
    )
    assert lines[-1] == f"{bad}: {count + 3} MÅ og 3 BØR."


def test_lint_of_a_good_file_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = tmp_path / "aaret.ics"
    good.write_bytes(FEED.body)
    assert main(["lint", str(good)]) == 0
    assert capsys.readouterr().out == f"{good}: Ingen feil funnet.\n"


def test_lint_fails_on_what_should_be_better_only_when_strict(tmp_path: Path) -> None:
    empty = tmp_path / "tom.ics"
    empty.write_bytes(feed_of().body)
    assert main(["lint", str(empty)]) == 0
    assert main(["lint", "--strict", str(empty)]) == 1


def test_lint_takes_several_and_tells_of_a_file_that_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, gone = tmp_path / "aaret.ics", tmp_path / "borte.ics"
    good.write_bytes(FEED.body)
    assert main(["lint", str(gone), str(good)]) == 2
    said = capsys.readouterr()
    assert said.out == f"{good}: Ingen feil funnet.\n"
    assert said.err == f"{gone}: filen finnes ikke.\n"


@pytest.mark.parametrize("name", ["politisk-aar", "osloregionen", "osloregionen-arbeid", "akershus-sp"])
def test_shipped_feed_is_clean(name: str, site: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["-C", str(site), "feed", name]) == 0
    path = site / f"{name}.ics"
    path.write_bytes(capsysbinary.readouterr().out)
    assert main(["lint", "--strict", str(path)]) == 0
    assert capsysbinary.readouterr().out.decode() == f"{path}: Ingen feil funnet.\n"


@pytest.mark.faults
def test_running_service_is_clean(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(site) as served:
        assert main(["lint", "--strict", served.feed("politisk-aar")]) == 0
        assert main(["lint", served.feed("finnes-ikke")]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "politisk-aar.ics: Ingen feil funnet.",
        "finnes-ikke.ics: MÅ Tjeneren svarer 404, ikke 200. [status]",
        "finnes-ikke.ics: 1 MÅ.",
    ]


def test_good_answers_are_clean_and_the_key_in_the_address_is_not_repeated(
    address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lint", "--strict", address]) == 0
    assert capsys.readouterr().out == "aaret.ics: Ingen feil funnet.\n"


@pytest.mark.parametrize(
    ("rule", "header"),
    [
        ("innholdstype", ("Content-Type", "text/plain; charset=utf-8")),
        ("innholdstype", ("Content-Type", "")),
        ("tegnsett", ("Content-Type", "text/calendar")),
        ("mangler-etag", ("ETag", "")),
        ("mangler-etag", ("ETag", f"W/{FEED.etag}")),
        ("mangler-last-modified-hode", ("Last-Modified", "")),
        ("mangler-lengde", ("Content-Length", "")),
        ("avkuttet-svar", ("Content-Length", str(len(FEED.body) + 9))),
        ("informasjonskapsel", ("Set-Cookie", "a=b")),
    ],
)
def test_one_bad_header_is_found_by_its_rule_alone(
    rule: str,
    header: tuple[str, str],
    address: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def same_etag(request: Answering) -> bool:
        if (asked := request.headers.get("If-None-Match")) and FEED.etag in asked:
            request.answer(304, {})
            return True
        if request.headers.get("If-Modified-Since"):
            request.answer(304, {})
            return True
        return False

    monkeypatch.setattr(Answering, "headers_sent", dict([header]))
    monkeypatch.setattr(Answering, "spoil", same_etag)
    main(["lint", address])
    assert found(capsys) == {rule}


def _packed(request: Answering) -> bool:
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return False
    headers = {"Content-Type": "text/calendar; charset=utf-8", "Content-Encoding": "gzip"}
    request.answer(200, headers, gzip.compress(FEED.body, mtime=0))
    return True


def _always_packed(request: Answering) -> bool:
    if request.headers.get("If-None-Match"):
        return False
    headers = {"Content-Type": "text/calendar; charset=utf-8", "Content-Encoding": "gzip"}
    request.answer(200, headers, gzip.compress(FEED.body, mtime=0))
    return True


def _never_304(request: Answering) -> bool:
    request.answer(200, {"Content-Type": "text/calendar; charset=utf-8"})
    return True


def _ever_changing(request: Answering) -> bool:
    body = FEED.body if not request.headers.get("If-None-Match") else FEED.body.replace(b"073015Z", b"073016Z")
    request.answer(200, {"Content-Type": "text/calendar; charset=utf-8"}, body)
    return True


def _no_head(request: Answering) -> bool:
    if request.command == "HEAD":
        request.answer(405, {})
    return request.command == "HEAD"


def _no_bearer(request: Answering) -> bool:
    if request.headers.get("Authorization"):
        request.answer(401, {})
    return bool(request.headers.get("Authorization"))


def _broken_when_conditional(request: Answering) -> bool:
    if request.headers.get("If-None-Match"):
        request.answer(412, {})
    return bool(request.headers.get("If-None-Match"))


def _moved(request: Answering) -> bool:
    if request.path.endswith("aaret.ics"):
        request.answer(302, {"Location": "/f/ny.ics"})
    return request.path.endswith("aaret.ics")


@pytest.mark.parametrize(
    ("rules", "spoil"),
    [
        ({"gzip"}, _packed),
        ({"gzip", "pakket-uspurt"}, _always_packed),
        ({"mangler-304"}, _never_304),
        ({"ustabilt"}, _ever_changing),
        ({"head"}, _no_head),
        ({"authorization"}, _no_bearer),
        ({"betinget"}, _broken_when_conditional),
        ({"viderevisning"}, _moved),
    ],
)
def test_one_bad_answer_is_found_by_its_rule_alone(
    rules: set[str],
    spoil: Callable[[Answering], bool],
    address: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Answering, "spoil", spoil)
    main(["lint", address])
    assert found(capsys) == rules


@pytest.mark.parametrize("ending", ["?key=1", "x"])
def test_address_that_some_clients_dislike_is_found(
    ending: str, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lint", address + ending]) == 0
    assert found(capsys) == {"adresseform"}


def test_page_in_place_of_a_feed_is_found(
    address: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Answering, "body", b"<!doctype html><title>Logg inn</title>")
    assert main(["lint", address]) == 1
    assert found(capsys) == {"ikke-kalender"}


def test_address_that_nobody_answers_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", f"http://127.0.0.1:{free_port()}/f/hemmelig/aaret.ics"]) == 1
    out = capsys.readouterr().out
    assert out.startswith("aaret.ics: MÅ Ingen svarer på adressen (")
    assert "hemmelig" not in out


PACKED = gzip.compress(FEED.body, mtime=0)


@pytest.mark.parametrize("packed", [PACKED[:-20], b"BEGIN:VCALENDAR", PACKED[:10] + b"\xff" * 30])
def test_packed_answer_that_cannot_be_unpacked_is_told_in_a_sentence(
    packed: bytes, address: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoil(self: Answering) -> bool:
        if self.headers["Accept-Encoding"] != "gzip":
            return False
        self.answer(200, {"Content-Encoding": "gzip"}, packed)
        return True

    monkeypatch.setattr(Answering, "spoil", spoil)
    assert main(["lint", address]) == 1
    said = "Adressen kan ikke hentes: det pakkede svaret (gzip) er avkortet eller ødelagt."
    assert said in capsys.readouterr().out
