"""Feeds as bytes: a whole one read line by line. The rules that hold for every feed are in `test_feed_rules`."""

from __future__ import annotations

from datetime import UTC, date, datetime

from arshjul.feeds.entries import entry
from arshjul.feeds.ics import entry_bytes
from arshjul.plan.model import Kind, Occurrence
from tests.core.feeds import BOARD, BUDGET_DEBATE, INPUT, STAMP, feed_of, lines, read


def test_feed_is_written_line_by_line() -> None:
    assert lines(feed_of(INPUT, BUDGET_DEBATE, BOARD)) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//arshjul//arshjul//NB",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "DESCRIPTION:Møter og frister",
        "X-WR-CALDESC:Møter og frister",
        "NAME:Osloregionen IPR",
        "X-WR-CALNAME:Osloregionen IPR",
        "LAST-MODIFIED:20261102T073015Z",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
        "BEGIN:VEVENT",
        "SUMMARY:Finansdebatt (foreløpig)",
        "DTSTART;VALUE=DATE:20261201",
        "DTEND;VALUE=DATE:20261206",
        "DTSTAMP:20261102T073015Z",
        "UID:politisk-aar~finansdebatt~2026@kalender.example.no",
        "SEQUENCE:0",
        "CATEGORIES:Det politiske året",
        (
            r"DESCRIPTION:Finansdebatt\nNår: 1.–5. desember 2026\nDatoen er foreløpig. Den er regnet ut etter regelen "
            r"«1.–5. desember».\nKilde: Stortingets budsjettsyklus"
        ),
        "LAST-MODIFIED:20261102T073015Z",
        "STATUS:TENTATIVE",
        "TRANSP:TRANSPARENT",
        "X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE",
        "END:VEVENT",
        "BEGIN:VEVENT",
        "SUMMARY:Styremøte",
        "DTSTART:20261204T090000Z",
        "DTEND:20261204T113000Z",
        "DTSTAMP:20261102T073015Z",
        "UID:osloregionen~styremote~2026-12@kalender.example.no",
        "SEQUENCE:0",
        "CATEGORIES:Osloregionen IPR",
        (
            r"DESCRIPTION:Styremøte\nNår: fredag 4. desember 2026 kl. 10.00–12.30 (norsk tid)\nAnsvarlig: Styret "
            r"(hovedansvarlig)\, Sekretariatet\nDatoen er bekreftet.\nKilde: https://www.example.no/moter?aar=2026"
        ),
        "LAST-MODIFIED:20261102T073015Z",
        r"LOCATION:Rådhuset\, Oslo",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "URL:https://www.example.no/moter?aar=2026",
        "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
        "END:VEVENT",
        "BEGIN:VEVENT",
        "SUMMARY:Frist: Status for det interessepolitiske arbeidet (foreløpig)",
        "DTSTART;VALUE=DATE:20261215",
        "DTEND;VALUE=DATE:20261216",
        "DTSTAMP:20261102T073015Z",
        "UID:osloregionen~1.2~2026-12@kalender.example.no",
        "SEQUENCE:0",
        "CATEGORIES:Felles politiske prioriteringer høring innspill",
        (
            r"DESCRIPTION:Status for det interessepolitiske arbeidet\nFrist: tirsdag 15. desember 2026\nAnsvarlig: "
            r"Sekretariatet\nMedvirkende: Delregionene\, Kommunene og Ordførerne\nOmråde: Felles politiske "
            r"prioriteringer\; høring\, innspill\nSendes samlet.\nEtt vedlegg.\nDatoen er foreløpig."
        ),
        "LAST-MODIFIED:20261102T073015Z",
        "STATUS:TENTATIVE",
        "TRANSP:TRANSPARENT",
        "X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_feed_is_read_alike_by_another_parser() -> None:
    seen = [(event.summary, event.dtstart, event.dtend) for event in read(feed_of(INPUT, BUDGET_DEBATE, BOARD)).events]
    assert seen == [
        ("Finansdebatt (foreløpig)", date(2026, 12, 1), date(2026, 12, 6)),
        ("Styremøte", datetime(2026, 12, 4, 9, 0, tzinfo=UTC), datetime(2026, 12, 4, 11, 30, tzinfo=UTC)),
        (
            "Frist: Status for det interessepolitiske arbeidet (foreløpig)",
            date(2026, 12, 15),
            date(2026, 12, 16),
        ),
    ]


def test_feed_names_no_recipient() -> None:
    body = feed_of(BOARD).body.lower()
    assert b"hemmelig" not in body
    assert b"mailto" not in body


def test_feed_without_events_is_a_whole_calendar() -> None:
    assert list(read(feed_of()).events) == []
    assert feed_of().body.endswith(b"X-PUBLISHED-TTL:PT6H\r\nEND:VCALENDAR\r\n")


def test_event_without_date_is_left_out() -> None:
    undated = Occurrence("o", "3.1", "2026", "Ved behov", Kind.UNDATED)
    assert feed_of(undated, BOARD).body == feed_of(BOARD).body


def test_event_takes_its_revision_from_the_caller() -> None:
    shown = entry(BOARD)
    assert shown
    written = entry_bytes(shown, uid_domain="example.no", stamp=STAMP, sequence=4).decode()
    assert "SEQUENCE:4\r\n" in written
    assert "LAST-MODIFIED:20261102T073015Z\r\n" in written


def test_feed_carries_the_etag_of_its_bytes_and_whole_seconds() -> None:
    first, moved = feed_of(BOARD), feed_of(INPUT)
    assert first.etag != moved.etag
    assert first.etag.startswith('"')
    assert first.last_modified == STAMP.replace(microsecond=0)
