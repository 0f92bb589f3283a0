"""The log as a terminal and its reader get it."""

from __future__ import annotations

import io
import logging
import socket
from pathlib import Path

import httpx
import pytest

from arshjul.service.guard import MOST_ALIKE, MOST_CAUSES, PrintableFormatter, Sparing
from tests.serving import serving
from tests.small_site import write_site


def log_to(out: io.StringIO) -> logging.Logger:
    """Return a logger with the formatter of `serve`, one of its own, so that no other test hears it."""
    handler = logging.StreamHandler(out)
    handler.setFormatter(PrintableFormatter("%(levelname)s %(message)s"))
    log = logging.Logger("arshjul")  # noqa: LOG001  (see above)
    log.addHandler(handler)
    return log


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("550 no\n12:00:00 INFO Alt er i orden.", "550 no 12:00:00 INFO Alt er i orden."),
        ("550 \x1b[2Jno", r"550 \x1b[2Jno"),
        ("550 \u2028no\u202e", r"550 no\u202e"),
        ("«/u/Xq3_vN8-kZt0bLw2RrYc7HdJ5»", "«/u/***»"),
    ],
)
def test_log_writes_a_record_on_one_line_that_can_be_printed(said: str, shown: str) -> None:
    out = io.StringIO()
    log_to(out).warning("Utsendingen hviler: %s", said)
    assert out.getvalue() == f"WARNING Utsendingen hviler: {shown}\n"


def test_log_keeps_a_trace_in_lines_that_no_error_can_forge() -> None:
    error = ValueError("nei\x1b[2J\nWARNING Falsk\npostgresql://arshjul:hemmelig@db.example.no/a")
    out = io.StringIO()
    log_to(out).error("Det gikk galt.", exc_info=error)
    first, *trace = out.getvalue().splitlines()
    assert first == "ERROR Det gikk galt."
    assert trace == [
        r"    ValueError: nei\x1b[2J",
        "    WARNING Falsk",
        "    postgresql://***@db.example.no/a",
    ]


def sparing_log(out: io.StringIO, times: list[float], name: str = "uvicorn.error") -> logging.Logger:
    log = log_to(out)
    log.name = name
    log.handlers[0].addFilter(Sparing(lambda: times[0]))
    return log


def test_log_says_a_few_of_a_kind_and_then_how_many_more_came() -> None:
    out, times = io.StringIO(), [0.0]
    log = sparing_log(out, times)
    for number in range(1000):
        log.warning("Invalid request %s", number)
    log.warning("Another")
    times[0] = 61.0
    log.warning("Invalid request %s", "late")

    first = "".join(f"WARNING Invalid request {number}\n" for number in range(MOST_ALIKE))
    last = f"WARNING Invalid request late (og {1000 - MOST_ALIKE} til slike før denne)\n"
    assert out.getvalue() == f"{first}WARNING Another\n{last}"


def test_log_of_ours_is_spared_by_what_it_says_not_by_its_form() -> None:
    out, times = io.StringIO(), [0.0]
    log = sparing_log(out, times, "arshjul")
    for number in range(100):
        log.info("%s", f"Merk {number}")
    assert len(out.getvalue().splitlines()) == 100


def test_log_remembers_so_many_causes_and_no_more() -> None:
    out, times = io.StringIO(), [0.0]
    log = sparing_log(out, times, "arshjul")
    for _ in range(MOST_ALIKE + 1):
        log.info("Den første")
    for number in range(MOST_CAUSES):
        log.info("Merk %d", number)
    log.info("Den første")
    assert out.getvalue().count("Den første") == MOST_ALIKE + 1


@pytest.mark.parametrize("nonsense", [b"\x16\x03\x01\x02\x00", b"GET /\x00 HTTP/1.1\r\n\r\n", b"A" * 70_000])
@pytest.mark.faults
def test_request_that_is_none_fills_no_log(tmp_path: Path, nonsense: bytes) -> None:
    write_site(tmp_path)
    with serving(tmp_path) as served:
        port = int(served.url.rpartition(":")[2])
        before = (tmp_path / "serve.log").stat().st_size
        for _ in range(200):
            with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
                client.sendall(nonsense)
        assert httpx.get(f"{served.url}/livez", trust_env=False).status_code == 200
    assert (tmp_path / "serve.log").stat().st_size - before < 3000
