"""What commands say of how it stands, in the words of health, and by their exit codes."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from arshjul.cli.work import faults_of_service
from arshjul.health import AGAIN, HELD, RESTING, Area, Fault, Queue, faults_of_hold, faults_of_queue
from arshjul.letters.brakes import HoldKind
from arshjul.settings import Settings, SiteShape
from arshjul.store import facts
from arshjul.store.engine import open_store
from tests.cli.test_commands import run
from tests.clock import going
from tests.small_site import write_site

NOW = datetime(2027, 3, 10, 9, 0, tzinfo=UTC)


@contextmanager
def answering(body: bytes, status: int = 200) -> Iterator[int]:
    """Answer every request with the same."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def settings_at(port: int, host: str = "127.0.0.1") -> Settings:
    return Settings(Path(), site=SiteShape(host=host, port=port))


def test_every_kind_of_hold_has_words_without_a_name() -> None:
    assert set(HELD) == set(HoldKind)
    said = [list(faults_of_hold(Queue(hold=kind), NOW)) for kind in HoldKind]
    assert [[fault.words for fault in one] for one in said] == [[HELD[kind]] for kind in HoldKind]


def test_letters_that_wait_long_and_planning_that_stopped_are_faults() -> None:
    def words(queue: Queue) -> list[str]:
        return [fault.words for fault in faults_of_queue(queue, NOW)]

    assert words(Queue(waiting_since=NOW.replace(hour=5), planned=NOW.date())) == []
    assert words(Queue(waiting_since=NOW.replace(hour=4))) == ["Brev har ventet siden onsdag 10. mars 2027 kl. 05.00."]
    assert words(Queue(planned=NOW.date().replace(day=9))) == []
    assert words(Queue(planned=NOW.date().replace(day=8))) == ["Brev ble sist planlagt mandag 8. mars 2027."]
    assert words(Queue(undecided=2)) == ["2 brev venter på en avgjørelse."]


def test_weekend_without_planning_is_no_fault() -> None:
    sunday, tuesday = NOW.replace(day=14), NOW.replace(day=16)
    queue = Queue(planned=NOW.date().replace(day=12))
    assert list(faults_of_queue(queue, sunday)) == []
    assert [fault.area for fault in faults_of_queue(queue, tuesday)] == [Area.PLANNING]


def test_service_says_itself_what_is_wrong() -> None:
    body = json.dumps({"status": "fault", "faults": [{"area": "store", "words": "Databasen kan ikke brukes."}]})
    with answering(body.encode(), 503) as port:
        for host in ("127.0.0.1", "0.0.0.0"):
            assert faults_of_service(settings_at(port, host)) == [Fault(Area.STORE, "Databasen kan ikke brukes.")]


@pytest.mark.parametrize("body", [b"klar\n", b"[]", b"{}", b'{"faults": [{"area": "annet", "words": ""}]}', b"7", b""])
def test_something_else_that_answers_is_no_service(body: bytes) -> None:
    with answering(body) as port:
        assert faults_of_service(settings_at(port)) is None


def test_queue_that_rests_is_told_and_let_go(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_site(tmp_path)
    assert run(tmp_path, "send") == 0
    with closing(open_store(f"sqlite:///{tmp_path}/var/arshjul.db", tmp_path / "var")) as store:
        facts.order_pause(store, going(), "421 4.7.0 Try again later")
    capsys.readouterr()

    assert run(tmp_path, "outbox", "list") == 1
    fault, cause, ask, letters = capsys.readouterr().out.splitlines()
    assert (fault, ask, letters) == (f"✗ {RESTING}", f"    {AGAIN}", "Ingen brev.")
    assert re.fullmatch(r"    Til .* kl\. \d\d\.\d\d\. E-posttjeneren: 421 4\.7\.0 Try again later", cause)
    assert run(tmp_path, "outbox", "release") == 0
    reason = "Den hvilte etter en feil hos e-posttjeneren: 421 4.7.0 Try again later"
    assert capsys.readouterr().out == f"Utsendingen går igjen. {reason}\n"
    assert run(tmp_path, "outbox", "list") == 0
    assert run(tmp_path, "outbox", "release") == 0
    assert capsys.readouterr().out.endswith("Utsendingen sto ikke.\n")
