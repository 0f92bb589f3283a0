"""Days and spans in Norwegian words."""

from __future__ import annotations

from datetime import date, time

import pytest

from arshjul.timing.days import Clock, Span, month_span
from arshjul.words import clock_in_words, count_in_words, day_in_words, list_in_words, month_in_words, span_in_words


def test_day_is_said_with_its_weekday() -> None:
    assert day_in_words(date(2026, 12, 15)) == "tirsdag 15. desember 2026"
    assert day_in_words(date(2027, 5, 1)) == "lørdag 1. mai 2027"


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 12, 1), date(2026, 12, 5), "1.–5. desember 2026"),
        (date(2028, 3, 11), date(2028, 4, 12), "11. mars–12. april 2028"),
        (date(2026, 12, 20), date(2027, 1, 3), "20. desember 2026–3. januar 2027"),
        (date(2026, 12, 15), date(2026, 12, 15), "tirsdag 15. desember 2026"),
    ],
)
def test_span_says_nothing_twice(first: date, last: date, words: str) -> None:
    assert span_in_words(Span.of(first, last)) == words


def test_month_is_said_with_its_year() -> None:
    assert [month_in_words(day) for day in (date(2026, 1, 31), date(2027, 8, 1))] == ["januar 2026", "august 2027"]
    assert month_in_words(month_span(2026, 12).first) == "desember 2026"


def test_clock_is_written_with_full_stops() -> None:
    assert clock_in_words(Clock(time(8))) == "kl. 08.00"
    assert clock_in_words(Clock(time(10), time(12, 30))) == "kl. 10.00–12.30"


def test_list_ends_with_and() -> None:
    assert list_in_words(("styret",)) == "styret"
    assert list_in_words(("styret", "ordførerne", "sekretariatet")) == "styret, ordførerne og sekretariatet"


def test_one_is_counted_in_the_singular() -> None:
    assert [count_in_words(count, "mottaker", "mottakere") for count in (0, 1, 2)] == [
        "0 mottakere",
        "1 mottaker",
        "2 mottakere",
    ]
