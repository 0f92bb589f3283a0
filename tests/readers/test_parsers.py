"""Six parsers read the shipped feeds and any calendar without complaint, and see the same titles and instants."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from arshjul.keys import uid_of
from arshjul.plan.model import Kind, Occurrence
from arshjul.timing.days import Clock, Span, Status
from tests.clock import main
from tests.conftest import ROOT
from tests.core.feeds import feed
from tests.readers.parsers import PARSERS, Ical, Parser, Seen

pytestmark = pytest.mark.clients

SHIPPED = sorted(path.stem for path in (ROOT / "calendars").glob("*.toml"))
EXAMPLES = int(os.environ.get("ARSHJUL_TESTS_EXAMPLES", "20"))
"""Generated calendars for each parser; CI asks for 500."""

STAMP = datetime(2026, 11, 2, 7, 30, tzinfo=UTC)


@pytest.fixture(scope="module", params=[name for name in PARSERS if name != "ical"])
def parser(request: pytest.FixtureRequest) -> Iterator[Parser]:
    started = PARSERS[request.param]()
    yield started
    started.close()


def without_uid(events: list[Seen]) -> list[Seen]:
    return sorted(Seen(one.start, one.end, one.title) for one in events)


def assert_alike(parser: Parser, body: bytes) -> None:
    """Compare with what Home Assistant's parser sees; two that share no code seldom err alike."""
    expected, found = Ical().read(body), parser.read(body)
    assert found == (expected if parser.gives_uid else without_uid(expected))


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_feed_is_read_alike(
    name: str, parser: Parser, site: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["-C", str(site), "feed", name]) == 0
    body = capsysbinary.readouterr().out
    assert body.count(b"BEGIN:VEVENT") > 5
    assert_alike(parser, body)


# A lone surrogate or a control character is nothing that TOML can hold, but nothing hinders the texts' way here.
TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
WORDS = st.sampled_from(
    ["Styremøte", "Frist; merknader, innspill", "Årsmøte \\ «1:2»", "😀 “q” ‘s’ —", "a\nb\tc", "|!>{1D}"]
)
DAYS = st.builds(
    lambda first, length: Span(first, first + timedelta(days=length)),
    st.dates(date(2000, 1, 1), date(2037, 11, 1)),
    st.one_of(st.integers(1, 8), st.integers(9, 120)),
)
CLOCKS = st.builds(
    Clock,
    st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59])),
    st.none() | st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59])),
)


@st.composite
def occurrences(draw: st.DrawFn) -> list[Occurrence]:
    """Draw a calendar's occurrences, of every kind and status, with any text anywhere."""
    return [
        Occurrence(
            calendar="kalender",
            id=f"{number}",
            period=draw(st.sampled_from(["2027", "2026-12", "2027-Q3", "2027-W12"])),
            title="T" + draw(WORDS | TEXT),
            kind=(kind := draw(st.sampled_from(Kind))),
            days=None if kind is Kind.UNDATED else draw(DAYS),
            clock=draw(st.none() | CLOCKS),
            status=draw(st.sampled_from(Status)),
            responsible=draw(st.sampled_from([(), ("Styret",), ("Styret", "A, B; C"), ("Å\\",)])),
            source=draw(TEXT | st.sampled_from(["https://www.example.no/møter?a=1&b=æ", "vedtak 12/26"])),
            rule=draw(TEXT),
            area=draw(WORDS | TEXT),
            location=draw(WORDS | TEXT),
            note=draw(TEXT),
        )
        for number in range(draw(st.integers(1, 6)))
    ]


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(found=occurrences())
def test_any_calendar_is_read_alike(parser: Parser, found: list[Occurrence]) -> None:
    assume(not (parser.misreads and any(parser.misreads.search(occurrence.title) for occurrence in found)))
    body = feed(found, name="Vårt år; 2027", uid_domain="example.no", stamp=STAMP).body
    assert_alike(parser, body)
    assert {one.uid for one in Ical().read(body)} == {uid_of(one.key, "example.no") for one in found if one.days}


def test_parsers_agree_on_what_is_known(parser: Parser) -> None:
    """What the parser sees is held against the dates as a person would write them down, not against another parser."""
    board = Occurrence(
        "k", "styremote", "2026-12", "Styremøte; åpent", Kind.DAY, Span.of(date(2026, 12, 4)),
        clock=Clock(time(10), time(12, 30)), status=Status.CONFIRMED,
    )  # fmt: skip
    trip = Occurrence("k", "reise", "2027", "Reise", Kind.WINDOW, Span.of(date(2027, 6, 1), date(2027, 6, 3)))
    seen = parser.read(feed([trip, board], name="K", uid_domain="example.no", stamp=STAMP).body)
    expected = [
        Seen(
            "2026-12-04T09:00:00+00:00",
            "2026-12-04T11:30:00+00:00",
            "Styremøte; åpent",
            "k~styremote~2026-12@example.no",
        ),
        Seen("2027-06-01", "2027-06-04", "Reise (foreløpig)", "k~reise~2027@example.no"),
    ]
    assert seen == (expected if parser.gives_uid else without_uid(expected))


def test_parser_that_complains_fails_the_test(parser: Parser, tmp_path: Path) -> None:
    """A reader that takes anything would show nothing."""
    board = Occurrence("k", "styremote", "2026", "Styremøte", Kind.DAY, Span.of(date(2026, 12, 4)))
    body = feed([board], name="K", uid_domain="example.no", stamp=STAMP).body
    broken = body.replace(b"DTSTART;VALUE=DATE:20261204", b"DTSTART;VALUE=DATE:i morgen")
    with pytest.raises(Exception, match=r"."):  # each library has its own error
        parser.read(broken)
