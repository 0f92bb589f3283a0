"""The journal of accepted letters: how much of it is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from arshjul.rounds import ledger
from arshjul.store.engine import Store
from arshjul.store.facts import beside
from tests.databases import store

__all__ = ["store"]
MORNING = datetime(2027, 3, 2, 7, 0, tzinfo=UTC)


def write(store: Store, count: int, day: datetime, first: int = 0) -> Path:
    """Write lines as of so many letters, one each second."""
    path = beside(store, "accepted")
    with path.open("a", encoding="ascii") as file:
        for number in range(first, first + count):
            file.write(f"{number:026d} 1 {(day + timedelta(seconds=number - first)).isoformat()} 250\n")
    return path


def days_in(path: Path) -> dict[str, int]:
    found: dict[str, int] = {}
    for line in path.read_text(encoding="ascii").splitlines():
        day = line.split()[2][:10]
        found[day] = found.get(day, 0) + 1
    return found


@pytest.mark.parametrize("mornings", [2, 3])
def test_mornings_of_the_week_are_kept_whole(store: Store, mornings: int) -> None:
    for number in range(mornings):
        path = write(store, 13_600, MORNING + timedelta(days=number), number * 13_600)
    ledger.replay(store, "sender")
    assert list(days_in(path).values()) == [13_600] * mornings


def test_lines_of_weeks_ago_go_but_the_youngest_stay(store: Store) -> None:
    for number in range(30):
        path = write(store, 1_000, MORNING + timedelta(days=number), number * 1_000)
    ledger.replay(store, "sender")
    found = days_in(path)
    assert (len(found), set(found.values()), min(found)) == (10, {1_000}, "2027-03-22")


def test_line_of_a_clock_that_was_wrong_drives_none_out(store: Store) -> None:
    write(store, 15_000, MORNING)
    write(store, 1, MORNING + timedelta(days=4000), 15_000)
    path = write(store, 6_000, MORNING + timedelta(days=1), 15_001)
    ledger.replay(store, "sender")
    assert days_in(path) == {"2027-03-02": 15_000, "2038-02-12": 1, "2027-03-03": 6_000}
