"""What a subscriber sees: headings, the days shown, the text, web addresses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from arshjul.feeds.entries import Entry, entry, web_address
from arshjul.plan.model import Kind, Occurrence
from arshjul.timing.days import Clock, Span, Status

SEASON = Occurrence(
    calendar="politisk-aar",
    id="ntp",
    period="2028",
    title="Nasjonal transportplan legges frem",
    kind=Kind.WINDOW,
    days=Span.of(date(2028, 3, 11), date(2028, 4, 9)),
    rule="11. mars–9. april",
)
DAY = Occurrence("o", "1", "2026", "Styremøte", Kind.DAY, Span.of(date(2026, 12, 4)), status=Status.CONFIRMED)
DEADLINE = Occurrence("o", "2", "2026", "Rapport", Kind.DEADLINE, Span.of(date(2026, 12, 31)), status=Status.CONFIRMED)


def seen(occurrence: Occurrence) -> Entry:
    shown = entry(occurrence)
    assert shown
    return shown


def test_long_window_is_one_entry_on_its_last_workday_and_says_its_days() -> None:
    shown = seen(SEASON)
    # 9 April 2028 is Palm Sunday; the Friday before it is the last workday.
    assert shown.days == Span.of(date(2028, 4, 7))
    assert shown.heading == "Senest: Nasjonal transportplan legges frem (foreløpig)"
    assert shown.text == (
        "Nasjonal transportplan legges frem\n"
        "Periode: 11. mars–9. april 2028\n"
        "Siste arbeidsdag: fredag 7. april 2028\n"
        "Datoen er foreløpig. Den er regnet ut etter regelen «11. mars–9. april»."
    )


def test_long_window_with_an_earlier_deadline_is_shown_on_it() -> None:
    assert seen(replace(SEASON, deadline=date(2028, 3, 31))).days == Span.of(date(2028, 3, 31))


def test_window_of_a_week_is_a_bar_and_of_eight_days_is_not() -> None:
    week, more = Span.of(date(2026, 10, 5), date(2026, 10, 11)), Span.of(date(2026, 10, 5), date(2026, 10, 12))
    assert seen(replace(SEASON, days=week)).days == week
    assert seen(replace(SEASON, days=more)).days == Span.of(date(2026, 10, 12))


def test_short_window_with_a_deadline_names_it() -> None:
    week = Span.of(date(2026, 10, 5), date(2026, 10, 11))
    text = seen(replace(SEASON, days=week, deadline=date(2026, 10, 9))).text
    assert "Når: 5.–11. oktober 2026\nFrist: fredag 9. oktober 2026\n" in text


def test_deadline_stays_on_its_day_even_on_a_holiday() -> None:
    first_of_may = seen(replace(DEADLINE, days=Span.of(date(2027, 4, 1), date(2027, 5, 1))))
    assert first_of_may.days == Span.of(date(2027, 5, 1))
    assert "Frist: lørdag 1. mai 2027" in first_of_may.text


@pytest.mark.parametrize(
    ("title", "status", "heading"),
    [
        ("Rapport", Status.CONFIRMED, "Frist: Rapport"),
        ("Rapport", Status.TENTATIVE, "Frist: Rapport (foreløpig)"),
        ("Rapport", Status.CANCELLED, "Avlyst: Rapport"),
        ("Start: Dialog", Status.CONFIRMED, "Start: Dialog"),
        ("Status: Dialog", Status.TENTATIVE, "Status: Dialog (foreløpig)"),
        ("frist: innspill", Status.CONFIRMED, "frist: innspill"),
        ("Startmøte", Status.CONFIRMED, "Frist: Startmøte"),
    ],
)
def test_heading_of_a_deadline_says_what_it_is_once(title: str, status: Status, heading: str) -> None:
    assert seen(replace(DEADLINE, title=title, status=status)).heading == heading


def test_cancelled_meeting_is_called_off_and_free() -> None:
    shown = seen(replace(DAY, clock=Clock(time(10)), status=Status.CANCELLED))
    assert (shown.heading, shown.busy) == ("Avlyst: Styremøte", False)
    assert shown.text.endswith("\nAvlyst.")


@pytest.mark.parametrize(
    ("occurrence", "busy"),
    [(DAY, False), (replace(DAY, clock=Clock(time(10))), True), (replace(DEADLINE, clock=Clock(time(12))), False)],
)
def test_only_meetings_with_a_time_of_day_take_peoples_time(occurrence: Occurrence, busy: bool) -> None:
    assert seen(occurrence).busy is busy


def test_time_of_day_over_several_days_stays_in_the_text() -> None:
    days = Span.of(date(2026, 8, 10), date(2026, 8, 14))
    shown = seen(replace(DAY, days=days, clock=Clock(time(9))))
    assert (shown.start, shown.end) == (None, None)
    assert "Når: 10.–14. august 2026 kl. 09.00 (norsk tid)" in shown.text


def test_undated_is_no_entry() -> None:
    assert entry(Occurrence("o", "3", "2026", "Ved behov", Kind.UNDATED)) is None


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://www.stortinget.no/no/?a=1;b=2,3#x", "https://www.stortinget.no/no/?a=1;b=2,3#x"),
        (" http://example.no:8080 ", "http://example.no:8080"),
        ("https://example.no/møter", "https://example.no/m%C3%B8ter"),
        ("https://example.no/a%20b c", "https://example.no/a%20b%20c"),
        ("kommuneloven § 14-6", ""),
        ("Se https://example.no", ""),
        ("ftp://example.no/x", ""),
        ("javascript:alert(1)", ""),
        ("https://blåbær.no/", ""),
        ("https://example.no/\nX-ODD:1", "https://example.no/%0AX-ODD:1"),
        ("", ""),
    ],
)
def test_web_address_is_a_whole_uri_or_nothing(text: str, address: str) -> None:
    assert web_address(text) == address
