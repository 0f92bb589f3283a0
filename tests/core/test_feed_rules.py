"""What must hold for every feed: the rules M1 to M14 and S1 to S3 of the feeds guide, each by its number."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream

from arshjul.keys import uid_of
from arshjul.plan.model import Kind, Occurrence
from arshjul.timing.days import Clock, Span, Status
from tests.core.feeds import BOARD, BUDGET_DEBATE, INPUT, STAMP, feed, feed_of, lines, values


def test_m01_uid_is_the_key_whatever_the_text_and_date() -> None:
    moved = Occurrence("osloregionen", "styremote", "2026-12", "Annet", Kind.DAY, Span.of(date(2027, 1, 7)))
    uid = ":osloregionen~styremote~2026-12@kalender.example.no"
    assert values(feed_of(BOARD), "UID") == values(feed_of(moved), "UID") == [uid]


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=300))
def test_m01_uid_is_short_ascii(key: str) -> None:
    uid = uid_of(key, "kalender.example.no")
    assert uid.isascii()
    assert uid.isprintable()
    assert len(uid) <= 200
    assert uid.endswith("@kalender.example.no")


def test_m01_long_keys_stay_apart() -> None:
    assert uid_of("å" * 99 + "a", "example.no") != uid_of("å" * 99 + "b", "example.no")


def test_m03_feed_is_sorted_by_start_then_uid_whatever_the_order() -> None:
    same_day = Occurrence("osloregionen", "styremote-b", "2026", "B", Kind.DAY, Span.of(date(2026, 12, 1)))
    given_order, other_order = (BOARD, same_day, INPUT, BUDGET_DEBATE), (BUDGET_DEBATE, INPUT, BOARD, same_day)
    assert feed_of(*given_order).body == feed_of(*other_order).body
    assert values(feed_of(*given_order), "UID") == [
        ":osloregionen~styremote-b~2026@kalender.example.no",
        ":politisk-aar~finansdebatt~2026@kalender.example.no",
        ":osloregionen~styremote~2026-12@kalender.example.no",
        ":osloregionen~1.2~2026-12@kalender.example.no",
    ]


def test_m03_feed_is_the_same_bytes_under_every_hash_seed() -> None:
    code = "from tests.core.feeds import *; print(feed_of(INPUT, BUDGET_DEBATE, BOARD).etag)"
    etags = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            check=True,
            text=True,
        ).stdout.strip()
        for seed in ("0", "1", "4242")
    }
    assert etags == {feed_of(INPUT, BUDGET_DEBATE, BOARD).etag}


def test_m06_days_end_on_the_day_after_the_last() -> None:
    feed = feed_of(BUDGET_DEBATE, INPUT)
    assert values(feed, "DTSTART") == [";VALUE=DATE:20261201", ";VALUE=DATE:20261215"]
    assert values(feed, "DTEND") == [";VALUE=DATE:20261206", ";VALUE=DATE:20261216"]


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2026, 3, 28), ":20260328T090000Z"),
        (date(2026, 3, 29), ":20260329T080000Z"),
        (date(2026, 10, 24), ":20261024T080000Z"),
        (date(2026, 10, 25), ":20261025T090000Z"),
    ],
)
def test_m07_time_of_day_is_an_instant_in_utc_on_both_sides_of_summer_time(day: date, written: str) -> None:
    occurrence = Occurrence("o", "1", "2026", "Møte", Kind.DAY, Span.of(day), clock=Clock(time(10)))
    feed = feed_of(occurrence)
    assert values(feed, "DTSTART") == [written]
    assert values(feed, "DTEND") == []
    assert "kl. 10.00 (norsk tid)" in values(feed, "DESCRIPTION")[0]


def test_m07_meeting_past_midnight_ends_on_the_next_day() -> None:
    night = Occurrence(
        "o", "1", "2026", "Valgvake", Kind.DAY, Span.of(date(2027, 9, 13)), clock=Clock(time(20), time(1))
    )
    assert values(feed_of(night), "DTEND") == [":20270913T230000Z"]


FORBIDDEN = (
    "VALARM",
    "VTIMEZONE",
    "TZID",
    "RRULE",
    "RDATE",
    "EXDATE",
    "RECURRENCE-ID",
    "ORGANIZER",
    "ATTENDEE",
    "RSVP",
)


@pytest.mark.parametrize("name", FORBIDDEN)
def test_m08_m13_feed_holds_single_events_without_people_or_alarms(name: str) -> None:
    assert name not in feed_of(BOARD, INPUT, BUDGET_DEBATE).body.decode()


def test_m12_text_cannot_end_its_line() -> None:
    title, note = "x\r\nEND:VEVENT\r\nBEGIN:VALARM", "\r\n END:VCALENDAR\n"
    odd = Occurrence("o", "1", "2026", title, Kind.DAY, Span.of(date(2026, 1, 2)), note=note, location=title)
    assert [line for line in lines(feed_of(odd)) if line.startswith(("BEGIN:", "END:"))] == [
        "BEGIN:VCALENDAR",
        "BEGIN:VEVENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ]


def test_m12_controls_are_gone_and_line_ends_are_newlines() -> None:
    note = "En\r\nto\rtre\u2028fire\u0085fem\x0bseks\ufeff\x00\x1b\x7f\x9f\ud800\tsju"
    odd = Occurrence("o", "1", "2026", "Å\u2029r\x07s", Kind.DAY, Span.of(date(2026, 1, 2)), note=note)
    feed = feed_of(odd)
    assert values(feed, "SUMMARY") == [":Å rs (foreløpig)"]
    assert r"\nEn\nto\ntre\nfire\nfem\nseks sju\n" in values(feed, "DESCRIPTION")[0]


ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=400)


@given(title=ANY_TEXT, note=ANY_TEXT, area=ANY_TEXT, location=ANY_TEXT, source=ANY_TEXT, name=ANY_TEXT, party=ANY_TEXT)
def test_m12_any_text_gives_clean_lines_of_at_most_75_octets(
    *, title: str, note: str, area: str, location: str, source: str, name: str, party: str
) -> None:
    odd = Occurrence(
        "o",
        "1",
        "2026",
        "T" + title,
        Kind.DAY,
        Span.of(date(2026, 1, 2)),
        responsible=(party, name),
        contributors=(party,),
        rule=title,
        note=note,
        area=area,
        location=location,
        source=source,
    )
    body = feed([odd], name="N" + name, uid_domain="example.no", stamp=STAMP, description=note).body
    text = body.decode()
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert text.count("\r") == text.count("\n") == text.count("\r\n")
    assert not [char for char in text if (char < " " and char not in "\r\n") or "\x7f" <= char <= "\x9f"]
    assert not set("\u2028\u2029\ufeff") & set(text)
    (event,) = IcsCalendarStream.calendar_from_ics(text).events
    assert (event.dtstart, event.uid) == (date(2026, 1, 2), "o~1~2026@example.no")


@given(st.text(min_size=100, max_size=600))
def test_s3_heading_is_at_most_255_utf16_units_and_keeps_its_status(title: str) -> None:
    due = Occurrence("o", "1", "2026", "😀" + title + "😀", Kind.DEADLINE, Span.of(date(2026, 1, 2)), location=title)
    (event,) = IcsCalendarStream.calendar_from_ics(feed_of(due).body.decode()).events
    assert event.summary
    assert len(event.summary.encode("utf-16-le")) <= 510
    assert event.summary.startswith("Frist: 😀")
    assert event.summary.endswith(" (foreløpig)")
    assert len((event.location or "").encode("utf-16-le")) <= 510


def test_s1_tentative_is_said_in_three_places() -> None:
    feed = feed_of(BUDGET_DEBATE)
    assert values(feed, "STATUS") == [":TENTATIVE"]
    assert values(feed, "X-MICROSOFT-CDO-BUSYSTATUS") == [":TENTATIVE"]
    assert values(feed, "SUMMARY") == [":Finansdebatt (foreløpig)"]


def test_s2_only_meetings_take_peoples_time() -> None:
    statutory = Occurrence("o", "1", "2026", "B", Kind.DAY, Span.of(date(2026, 12, 31)), status=Status.CONFIRMED)
    cancelled = Occurrence("o", "2", "2027", "C", Kind.DAY, Span.of(date(2027, 1, 2)), status=Status.CANCELLED)
    feed = feed_of(BOARD, statutory, cancelled)
    assert values(feed, "TRANSP") == [":OPAQUE", ":TRANSPARENT", ":TRANSPARENT"]
    assert values(feed, "X-MICROSOFT-CDO-BUSYSTATUS") == [":BUSY", ":FREE", ":FREE"]
    assert values(feed, "STATUS") == [":CONFIRMED", ":CONFIRMED", ":CANCELLED"]


def test_s3_description_of_a_long_note_stays_short() -> None:
    talkative = Occurrence("o", "1", "2026", "B", Kind.DAY, Span.of(date(2026, 12, 31)), note="å " * 2000)
    assert len(values(feed_of(talkative), "DESCRIPTION")[0]) < 1000


def test_m14_calendar_says_once_what_it_is() -> None:
    head = lines(feed_of(BOARD))
    for line in (
        "VERSION:2.0",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
        "NAME:Osloregionen IPR",
        "X-WR-CALNAME:Osloregionen IPR",
        "BEGIN:VCALENDAR",
    ):
        assert head.count(line) == 1


def test_m14_description_falls_back_on_the_name() -> None:
    head = lines(feed([], name="Året; vårt", uid_domain="example.no", stamp=STAMP))
    assert r"DESCRIPTION:Året\; vårt" in head
    assert r"X-WR-CALDESC:Året\; vårt" in head
