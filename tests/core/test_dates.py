from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arshjul.timing.days import (
    Offset,
    Span,
    Unit,
    add_months,
    add_workdays,
    days_in_month,
    easter,
    is_weekday,
    is_workday,
    iso_week,
    month_span,
    public_holidays,
    workday_on_or_after,
    workday_on_or_before,
    workdays_between,
    year_span,
)

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@given(DAYS, DAYS)
def test_span_counts_the_days_from_first_to_end(one: date, other: date) -> None:
    span = Span.of(min(one, other), max(one, other))

    assert len(span) == len(list(span)) == abs((one - other).days) + 1
    assert one in span
    assert span.end not in span


def test_span_without_a_day_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one day"):
        Span(date(2026, 1, 2), date(2026, 1, 2))


def test_spans_share_what_lies_in_both() -> None:
    june = month_span(2026, 6)

    assert june.common(Span.of(date(2026, 6, 20), date(2026, 7, 5))) == Span.of(date(2026, 6, 20), date(2026, 6, 30))
    assert june.common(month_span(2026, 7)) is None


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [("2026-01-31", 1, "2026-02-28"), ("2027-12-15", 2, "2028-02-15"), ("2028-02-29", -12, "2027-02-28")],
)
def test_add_months_stays_within_the_month(day: str, months: int, expected: str) -> None:
    assert add_months(date.fromisoformat(day), months).isoformat() == expected


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (2000, "04-23"),
        (2024, "03-31"),
        (2026, "04-05"),
        (2027, "03-28"),
        (2028, "04-16"),
        (2038, "04-25"),
        (2100, "03-28"),
    ],
)
def test_easter_is_the_published_sunday(year: int, expected: str) -> None:
    assert easter(year).isoformat() == f"{year}-{expected}"


def test_week_53_exists_only_in_long_years() -> None:
    assert iso_week(2026, 53) == Span.of(date(2026, 12, 28), date(2027, 1, 3))
    with pytest.raises(ValueError, match="week"):
        iso_week(2027, 53)


def test_public_holidays_of_2027_are_the_laws() -> None:
    assert sorted(day.isoformat()[5:] for day in public_holidays(2027)) == [
        "01-01", "03-25", "03-26", "03-28", "03-29", "05-01", "05-06", "05-16", "05-17", "12-25", "12-26",
    ]  # fmt: skip


def test_saturday_is_a_weekday_but_no_workday() -> None:
    opening = date(2027, 10, 2)

    assert (is_weekday(opening), is_workday(opening)) == (True, False)


@given(DAYS, st.integers(-60, 60).filter(bool))
def test_add_workdays_lands_on_a_workday_and_counts_them(day: date, count: int) -> None:
    landed = add_workdays(day, count)

    assert is_workday(landed)
    if count > 0:
        assert workdays_between(day, landed) == count


@given(DAYS)
def test_nearest_workdays_have_none_between_them_and_the_day(day: date) -> None:
    before, after = workday_on_or_before(day), workday_on_or_after(day)

    assert before <= day <= after
    assert not any(is_workday(one) for one in Span.of(before, after) if one not in (before, after))


def test_workdays_before_easter_skip_the_holy_days() -> None:
    # NTP 2024: presented 22 March, note due 8 April. Seventeen days, and only eight workdays.
    assert workdays_between(date(2024, 3, 22), date(2024, 4, 8)) == 8
    assert Offset(8).before(date(2024, 4, 8)) == date(2024, 3, 22)


@pytest.mark.parametrize(
    ("offset", "expected", "name"),
    [
        (Offset(1), "2027-05-14", "1 virkedag"),
        (Offset(3, Unit.WEEKS), "2027-04-27", "3 uker"),
        (Offset(1, Unit.MONTHS), "2027-04-18", "1 måned"),
        (Offset(4, Unit.DAYS), "2027-05-14", "4 dager"),
    ],
)
def test_offset_lies_so_far_before_and_says_its_name(offset: Offset, expected: str, name: str) -> None:
    assert offset.before(date(2027, 5, 18)).isoformat() == expected
    assert str(offset) == name


@given(st.integers(2000, 2100))
def test_months_fill_the_year(year: int) -> None:
    assert sum(days_in_month(year, month) for month in range(1, 13)) == len(year_span(year))
