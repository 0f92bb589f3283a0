"""The log as a terminal and its reader get it."""

from __future__ import annotations

import io
import logging

import pytest

from arshjul.service.logs import PrintableFormatter


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
