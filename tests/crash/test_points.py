"""Every labelled place at which the program may die, by itself: what becomes of the letter is as in the crash table."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from arshjul.disk import CRASH_POINTS
from tests.crash.bench import Bench, bench, week

KILLED = 137
HALF_HOUR = timedelta(minutes=31)

FIRST_TIME = {
    # label: (what the crash leaves, then at once, half an hour later, copies that the server took)
    "planned": ("", "accepted", "accepted", 1),
    "queued": ("queued", "accepted", "accepted", 1),
    "claimed": ("sending", "accepted", "accepted", 1),
    "connected": ("sending", "accepted", "accepted", 1),
    "mail": ("sending", "accepted", "accepted", 1),
    "rcpt": ("sending", "accepted", "accepted", 1),
    "data_started": ("data_started", "unknown", "accepted", 1),
    "go_ahead": ("data_started", "unknown", "accepted", 1),
    "sent": ("data_started", "unknown", "accepted", 2),
    "replied": ("data_started", "unknown", "accepted", 2),
    "journaled": ("data_started", "accepted", "accepted", 1),
    "accepted": ("accepted", "accepted", "accepted", 1),
}

IN_DOUBT = {
    # the same, for a letter that was in doubt before, and of which the server had taken no copy
    "planned": ("unknown", "unknown", "accepted", 1),
    "queued": ("unknown", "unknown", "accepted", 1),
    "claimed": ("sending", "accepted", "accepted", 1),
    "connected": ("sending", "accepted", "accepted", 1),
    "mail": ("sending", "accepted", "accepted", 1),
    "rcpt": ("sending", "accepted", "accepted", 1),
    "data_started": ("data_started", "held", "held", 0),
    "go_ahead": ("data_started", "held", "held", 0),
    "sent": ("data_started", "held", "held", 1),
    "replied": ("data_started", "held", "held", 1),
    "journaled": ("data_started", "accepted", "accepted", 1),
    "accepted": ("accepted", "accepted", "accepted", 1),
}


@pytest.fixture
def one_letter(tmp_path: Path, driver: subprocess.Popen[str]) -> Iterator[Bench]:
    with bench(tmp_path, driver, parties=1, weeks=1) as ready:
        yield ready


def states(program: Bench) -> str:
    return " ".join(row.state for row in program.rows())


def test_tables_name_every_place() -> None:
    assert (tuple(FIRST_TIME), tuple(IN_DOUBT)) == (CRASH_POINTS, CRASH_POINTS)


@pytest.mark.parametrize("label", CRASH_POINTS)
def test_crash_at_the_first_attempt(one_letter: Bench, label: str) -> None:
    at = week(0)
    assert one_letter.send(at, crash_at=label) == KILLED, one_letter.said()
    left = states(one_letter)
    one_letter.send(at)
    then = states(one_letter)
    one_letter.send(at + HALF_HOUR)
    later = states(one_letter)
    assert (left, then, later, len(one_letter.taken())) == FIRST_TIME[label]
    assert all(digest == row.sha256 for _, digest in one_letter.taken() for row in one_letter.rows())


@pytest.mark.parametrize("label", CRASH_POINTS)
def test_crash_when_the_letter_is_in_doubt_already(one_letter: Bench, label: str) -> None:
    at = week(0)
    if label in ("planned", "queued"):  # they are long behind: the letter's next crash comes before it is due again
        assert one_letter.send(at, crash_at=label) == KILLED
    assert one_letter.send(at, crash_at="go_ahead") == KILLED
    one_letter.send(at)
    if label not in ("planned", "queued"):
        at += HALF_HOUR
        assert one_letter.send(at, crash_at=label) == KILLED, one_letter.said()
    left = states(one_letter)
    one_letter.send(at)
    then = states(one_letter)
    one_letter.send(at + HALF_HOUR)
    later = states(one_letter)
    assert (left, then, later, len(one_letter.taken())) == IN_DOUBT[label]
    assert all(digest == row.sha256 for _, digest in one_letter.taken() for row in one_letter.rows())
