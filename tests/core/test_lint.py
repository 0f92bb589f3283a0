"""The linter: two good feeds in which nothing is found, and each rule found by one edit in one of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arshjul.lint.answers import lint_feed
from arshjul.lint.rows import Finding, Level
from tests.core.feeds import BOARD, BUDGET_DEBATE, INPUT, feed_of

OURS = feed_of(BOARD, INPUT, BUDGET_DEBATE).body

FOREIGN = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Eksempel//Kor//NO
X-WR-CALNAME:Koret
REFRESH-INTERVAL;VALUE=DURATION:PT12H
BEGIN:VTIMEZONE
TZID:Europe/Oslo
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
UID:ovelse@kor.example.no
DTSTAMP:20260801T100000Z
LAST-MODIFIED:20260801T100000Z
SEQUENCE:3
DTSTART;TZID="Europe/Oslo":20260901T180000
DTEND;TZID=Europe/Oslo:20260901T200000
RRULE:FREQ=WEEKLY;BYDAY=TU;UNTIL=20261215T235959Z
EXDATE;TZID=Europe/Oslo:20260929T180000,20261006T180000
SUMMARY:Korøvelse\\, alle stemmer
CATEGORIES:Kor,Øvelse
END:VEVENT
BEGIN:VEVENT
UID:seminar@kor.example.no
DTSTAMP:20260801T100000Z
LAST-MODIFIED:20260801T100000Z
SEQUENCE:0
DTSTART;VALUE=DATE:20261017
DURATION:P2D
SUMMARY:Seminarhelg
URL:mailto:kor@example.no
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n").encode()


def rules(data: bytes) -> set[str]:
    return {finding.rule for finding in lint_feed(data)}


def edited(good: bytes, old: str, new: str) -> bytes:
    """Return the feed with the first place of a text changed, line ends as CRLF."""
    before, after = (text.replace("\n", "\r\n").encode() for text in (old, new))
    assert before in good
    return good.replace(before, after, 1)


@pytest.mark.parametrize("good", [OURS, FOREIGN], ids=["ours", "foreign"])
def test_nothing_is_found_in_a_good_feed(good: bytes) -> None:
    assert lint_feed(good) == []


IN_OURS = [
    ("ikke-kalender", "BEGIN:VCALENDAR", "<html>BEGIN:VCALENDAR"),
    ("bom", "BEGIN:VCALENDAR", "\ufeffBEGIN:VCALENDAR"),
    ("ugyldig-linje", "SEQUENCE:0", "SEQUENCE 0\nSEQUENCE:0"),
    ("tom-linje", "SEQUENCE:0\n", "SEQUENCE:0\n\n"),
    ("lang-linje", "SUMMARY:", f"SUMMARY:{'x' * 70}"),
    ("styretegn", "SUMMARY:", "SUMMARY:\x0b"),
    ("styretegn", "SUMMARY:", "SUMMARY:\x9f"),
    ("styretegn", "SUMMARY:", "SUMMARY:\x7f"),
    ("styretegn", "SUMMARY:", "SUMMARY:\ufeff"),
    ("skjult-linjeskift", "SUMMARY:", "SUMMARY:\u2028"),
    ("skjult-linjeskift", "SUMMARY:", "SUMMARY:\u0085"),
    ("flere-kalendere", "END:VCALENDAR\n", "END:VCALENDAR\n" + FOREIGN.decode().replace("\r", "")),
    ("utenfor-kalenderen", "END:VCALENDAR\n", "END:VCALENDAR\nNAME:Etterpå\n"),
    ("ikke-avsluttet", "END:VEVENT\n", ""),
    ("ikke-avsluttet", "END:VEVENT\n", "END:VEVENT\nEND:VEVENT\n"),
    ("version", "VERSION:2.0\n", ""),
    ("version", "VERSION:2.0\n", "VERSION:1.0\n"),
    ("mangler-prodid", "PRODID:-//arshjul//arshjul//NB\n", ""),
    ("kalender-uid", "VERSION:2.0\n", "VERSION:2.0\nUID:kalender@example.no\n"),
    ("calscale", "CALSCALE:GREGORIAN", "CALSCALE:JULIAN"),
    ("metode", "METHOD:PUBLISH", "METHOD:REQUEST"),
    ("mangler-navn", "X-WR-CALNAME:Osloregionen IPR\n", ""),
    ("x-wr-timezone", "VERSION:2.0\n", "VERSION:2.0\nX-WR-TIMEZONE:Europe/Oslo\n"),
    ("refresh-uten-type", "REFRESH-INTERVAL;VALUE=DURATION:", "REFRESH-INTERVAL:"),
    ("ugyldig-varighet", "X-PUBLISHED-TTL:PT6H\nBEGIN", "X-PUBLISHED-TTL:6:00:00\nBEGIN"),
    ("ulik-refresh", "X-PUBLISHED-TTL:PT6H", "X-PUBLISHED-TTL:PT1H"),
    ("dobbel-egenskap", "CALSCALE:GREGORIAN\n", "CALSCALE:GREGORIAN\nCALSCALE:GREGORIAN\n"),
    ("dobbel-egenskap", "TRANSP:OPAQUE\n", "TRANSP:OPAQUE\nTRANSP:OPAQUE\n"),
    ("mangler-uid", "UID:osloregionen~styremote~2026-12@kalender.example.no\n", ""),
    ("dobbel-uid", "UID:osloregionen~styremote~2026-12@", "UID:politisk-aar~finansdebatt~2026@"),
    ("uid-form", "UID:osloregionen~styremote~2026-12@", "UID:osloregionen~styremøte~2026-12@"),
    ("mangler-dtstamp", "DTSTAMP:20261102T073015Z\n", ""),
    ("ikke-utc", "DTSTAMP:20261102T073015Z\n", "DTSTAMP:20261102T073015\n"),
    ("ikke-utc", "CATEGORIES:", "CREATED:20261102T073015\nCATEGORIES:"),
    ("ugyldig-tid", "DTSTAMP:20261102T073015Z\n", "DTSTAMP:20261102T253015Z\n"),
    ("ugyldig-tid", "DTSTART;VALUE=DATE:20261201", "DTSTART;VALUE=DATE:20261301"),
    ("mangler-sequence", "SEQUENCE:0\n", ""),
    ("ugyldig-sequence", "SEQUENCE:0\n", "SEQUENCE:-1\n"),
    ("mangler-dtstart", "DTSTART;VALUE=DATE:20261201\n", ""),
    ("mangler-dtend", "DTEND;VALUE=DATE:20261206\n", ""),
    ("slutt-foer-start", "DTEND;VALUE=DATE:20261206", "DTEND;VALUE=DATE:20261201"),
    ("slutt-foer-start", "DTEND:20261204T113000Z", "DTEND:20261204T090000Z"),
    ("ulike-tider", "DTEND:20261204T113000Z", "DTEND;VALUE=DATE:20261205"),
    ("dtend-og-duration", "DTEND:20261204T113000Z", "DTEND:20261204T113000Z\nDURATION:PT1H"),
    ("feil-verditype", "DTSTART;VALUE=DATE:20261201", "DTSTART:20261201"),
    ("ugyldig-verdi", "TRANSP:TRANSPARENT", "TRANSP:FREE"),
    ("ugyldig-verdi", "STATUS:CONFIRMED", "STATUS:PROVISIONAL"),
    ("ugyldig-verdi", "X-MICROSOFT-CDO-BUSYSTATUS:BUSY", "X-MICROSOFT-CDO-BUSYSTATUS:OPAQUE"),
    ("mangler-summary", "SUMMARY:Styremøte\n", ""),
    ("mangler-skraastrek", "SUMMARY:Styremøte", "SUMMARY:Styremøte, utvidet"),
    ("mangler-skraastrek", "SUMMARY:Styremøte", "SUMMARY:Styremøte\\\\; utvidet"),
    ("feil-skraastrek", "SUMMARY:Styremøte", "SUMMARY:Styremøte\\t"),
    ("kategori-tegn", "CATEGORIES:Osloregionen IPR", "CATEGORIES:Osloregionen\\, IPR"),
    ("ugyldig-url", "URL:https://www.example.no/moter", "URL:www.example.no/møter"),
    ("ugyldig-url", "URL:https://www.example.no/moter", "URL:https://www.example.no/alle møter"),
    ("personer", "TRANSP:OPAQUE", "TRANSP:OPAQUE\nORGANIZER:mailto:a@example.no"),
    ("personer", "TRANSP:OPAQUE", "TRANSP:OPAQUE\nATTENDEE:mailto:a@example.no"),
    ("vedlegg", "TRANSP:OPAQUE", "TRANSP:OPAQUE\nATTACH:https://example.no/a.pdf"),
    (
        "varsel",
        "TRANSP:OPAQUE\n",
        "TRANSP:OPAQUE\nBEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT1H\nDESCRIPTION:Snart\nEND:VALARM\n",
    ),
]

ZONE = (
    "BEGIN:VTIMEZONE" + FOREIGN.decode().replace("\r", "").partition("BEGIN:VTIMEZONE")[2].partition("BEGIN:VEVENT")[0]
)
HALF = "BEGIN:STANDARD" + ZONE.partition("BEGIN:STANDARD")[2].partition("BEGIN:DAYLIGHT")[0]

IN_FOREIGN = [
    ("mangler-refresh", "REFRESH-INTERVAL;VALUE=DURATION:PT12H\n", ""),
    ("ukjent-tidssone", "EXDATE;TZID=Europe/Oslo", "EXDATE;TZID=Europe/Paris"),
    ("tzid-og-utc", "DTEND;TZID=Europe/Oslo:20260901T200000", "DTEND;TZID=Europe/Oslo:20260901T200000Z"),
    ("flytende-tid", "DTSTART;VALUE=DATE:20261017", "DTSTART:20261017T100000"),
    ("slutt-foer-start", "20260901T200000", "20260901T170000"),
    ("sone-med-rdate", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "RDATE:20261025T030000,20271031T030000"),
    ("sone-regel", "BYMONTH=10;BYDAY=-1SU", "BYMONTH=10"),
    ("sone-regel", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=SU"),
    ("sone-deler", "BEGIN:DAYLIGHT", HALF + "BEGIN:DAYLIGHT"),
    ("sone-deler", HALF, ""),
    ("ufullstendig-sone", "TZOFFSETTO:+0100\n", ""),
    ("ufullstendig-sone", "TZOFFSETFROM:+0200", "TZOFFSETFROM:CEST"),
    ("ufullstendig-sone", "DTSTART:19701025T030000\n", ""),
    ("rrule", "UNTIL=20261215T235959Z", "COUNT=1"),
    ("rrule", "UNTIL=20261215T235959Z", "COUNT=1000"),
    ("rrule", "UNTIL=20261215T235959Z", "UNTIL=20261215T235959Z;COUNT=9"),
    ("rrule", "UNTIL=20261215T235959Z", "UNTIL=20261215"),
    ("rrule", "FREQ=WEEKLY;BYDAY=TU", "FREQ=WEEKLY;BYDAY=1TU"),
    ("rrule", "FREQ=WEEKLY;BYDAY=TU", "FREQ=HOURLY"),
    ("rrule", "FREQ=WEEKLY;BYDAY=TU", "FREQ=WEEKLY;INTERVAL=0"),
    ("rrule", "FREQ=WEEKLY;BYDAY=TU", "FREQ=MONTHLY;BYDAY=TU;BYSETPOS=5"),
    ("rrule", "FREQ=WEEKLY;BYDAY=TU", "FREQ=MONTHLY;BYMONTHDAY=1,15"),
    ("rrule", "FREQ=WEEKLY;BYDAY=TU", "FREQ=YEARLY;BYWEEKNO=20"),
    ("flere-rrule", "SUMMARY:Kor", "RRULE:FREQ=WEEKLY;BYDAY=FR\nSUMMARY:Kor"),
    ("exrule", "SUMMARY:Kor", "EXRULE:FREQ=MONTHLY\nSUMMARY:Kor"),
    ("dato-uten-rrule", "DURATION:P2D", "DURATION:P2D\nRDATE;VALUE=DATE:20261024"),
    ("ulike-tider", "EXDATE;TZID=Europe/Oslo:20260929T180000,20261006T180000", "EXDATE;VALUE=DATE:20260929"),
    ("ugyldig-tid", "20261006T180000", "2026-10-06"),
    ("ugyldig-varighet", "DURATION:P2D", "DURATION:-P2D"),
    ("ugyldig-varighet", "DURATION:P2D", "DURATION:PT48H"),
    ("ikke-hendelse", "END:VCALENDAR", "BEGIN:VTODO\nUID:1\nDTSTAMP:20260801T100000Z\nEND:VTODO\nEND:VCALENDAR"),
    ("mangler-last-modified", "LAST-MODIFIED:20260801T100000Z\n", ""),
    ("dobbel-sone", "BEGIN:VTIMEZONE", ZONE + "BEGIN:VTIMEZONE"),
]


@pytest.mark.parametrize(("rule", "old", "new"), IN_OURS)
def test_one_defect_in_our_feed_is_found_by_its_rule_alone(rule: str, old: str, new: str) -> None:
    assert rules(edited(OURS, old, new)) == {rule}


@pytest.mark.parametrize(("rule", "old", "new"), IN_FOREIGN)
def test_one_defect_in_anybodys_feed_is_found_by_its_rule_alone(rule: str, old: str, new: str) -> None:
    assert rules(edited(FOREIGN, old, new)) == {rule}


def test_empty_answer_is_no_calendar() -> None:
    assert rules(b"") == rules(b"\r\n \r\n") == {"tom-fil"}


def test_line_ends_are_crlf() -> None:
    unix = OURS.replace(b"\r\n", b"\n")
    assert rules(unix) == {"linjeskift"}
    assert rules(OURS.replace(b"\r\n", b"\r")) == {"linjeskift"}
    assert [finding.line for finding in lint_feed(unix)] == list(range(1, unix.count(b"\n") + 1))
    assert [finding.line for finding in lint_feed(OURS[:-2])] == [OURS.count(b"\r\n")]


@pytest.mark.parametrize("length", [len(OURS) - 16, len(OURS) // 2, len(OURS) // 2 + 7, 200, 17])
def test_feed_that_was_cut_off_is_only_cut_off(length: int) -> None:
    assert rules(OURS[:length]) == {"avkuttet"}


def test_text_in_another_character_set_is_found() -> None:
    assert rules(OURS.decode().encode("latin-1", "replace")) == {"ikke-utf8"}


def test_replacement_character_is_a_character_like_any_other() -> None:
    assert rules(edited(OURS, "SUMMARY:Styremøte", "SUMMARY:Styrem\ufffdte")) == set()


def test_character_that_a_fold_cuts_in_two_is_found() -> None:
    assert rules(OURS.replace("SUMMARY:Styremøte".encode(), b"SUMMARY:Styrem\xc3\r\n \xb8te")) == {"delt-tegn"}


def test_long_texts_are_counted_as_outlook_counts() -> None:
    # One of these is two units in UTF-16 and four octets in UTF-8.
    fits, cut = "\n ".join(["😀"] * 127), "\n ".join(["😀"] * 128)
    assert rules(edited(OURS, "SUMMARY:Styremøte", f"SUMMARY:{fits}")) == set()
    assert rules(edited(OURS, "SUMMARY:Styremøte", f"SUMMARY:{cut}")) == {"lang-tekst"}


def test_too_many_events_and_too_many_bytes_are_found() -> None:
    start, end = FOREIGN.index(b"BEGIN:VEVENT"), FOREIGN.index(b"END:VCALENDAR")
    event = FOREIGN[FOREIGN.rindex(b"BEGIN:VEVENT") : end]

    def feed(count: int, padding: bytes = b"") -> bytes:
        events = [event.replace(b"UID:", b"UID:%d-" % number) + padding for number in range(count)]
        return FOREIGN[:start] + b"".join(events) + FOREIGN[end:]

    assert rules(feed(1000)) == set()
    assert rules(feed(1001)) == {"mange-hendelser"}
    assert rules(feed(900, b"X-FYLL:1\r\n" * 100)) == {"stor-fil"}


def test_calendar_without_events_is_only_warned_about() -> None:
    assert [(one.rule, one.level) for one in lint_feed(feed_of().body)] == [("ingen-hendelser", Level.SHOULD)]


def test_moved_instance_shares_its_uid_with_the_series() -> None:
    series = FOREIGN[FOREIGN.index(b"BEGIN:VEVENT") : FOREIGN.index(b"BEGIN:VEVENT\r\nUID:seminar")]
    moved = edited(series, "SEQUENCE:3", "SEQUENCE:4\nRECURRENCE-ID;TZID=Europe/Oslo:20260908T180000")
    once = b"".join(line for line in moved.splitlines(keepends=True) if not line.startswith((b"RRULE", b"EXDATE")))
    end = b"END:VCALENDAR"
    assert rules(FOREIGN.replace(end, once + end)) == set()
    assert rules(FOREIGN.replace(end, once + once + end)) == {"dobbel-uid"}


def test_past_of_a_zone_only_makes_it_longer_than_it_need_be() -> None:
    past = HALF.replace("19701025", "19180916").replace(
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "RDATE:19180916T030000"
    )
    found = lint_feed(edited(FOREIGN, HALF, past + HALF))
    assert [(one.rule, one.level) for one in found] == [("sone-deler", Level.SHOULD)]


def test_finding_says_where_it_is_and_how_bad() -> None:
    data = edited(OURS, "SUMMARY:Styremøte", "SUMMARY:Styremøte, utvidet")
    line = data[: data.index(b"SUMMARY:Styrem")].count(b"\r\n") + 1
    assert lint_feed(data) == [Finding(line, "mangler-skraastrek", Level.MUST, "I SUMMARY skal «,» skrives «\\,».")]


@given(st.binary(max_size=300))
def test_any_bytes_are_judged(data: bytes) -> None:
    assert lint_feed(data)
    assert lint_feed(b"BEGIN:VCALENDAR\r\n" + data)


@given(st.integers(0, len(FOREIGN) - 1), st.binary(max_size=12))
def test_any_change_in_a_feed_is_judged(place: int, piece: bytes) -> None:
    assert isinstance(lint_feed(FOREIGN[:place] + piece + FOREIGN[place + len(piece) :]), list)
