"""What the store remembers, as it is seen on a day: marks of a later one say nothing of it."""

from __future__ import annotations

from datetime import date

import pytest

from arshjul.letters.history import EXPECTED_AHEAD, Expected, Known

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("marked", "counts"),
    [(date(2026, 11, 20), True), (TODAY, True), (date(2026, 11, 25), False), (date(2027, 6, 29), False)],
)
def test_marks_of_a_later_day_do_not_count_until_then(marked: date, counts: bool) -> None:
    known = Known(planned=marked, expected=Expected(marked + EXPECTED_AHEAD, frozenset()))

    assert known.as_of(TODAY) == (known if counts else Known())
    assert known.as_of(marked) == known
