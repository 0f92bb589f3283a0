"""Writing an announced date into a calendar file's text: nothing else moves, whatever the file looks like."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from textwrap import dedent

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from arshjul.plan.announced import Fault, announcement_as_toml, event_number, read_announcement, with_announcement
from arshjul.plan.files import read_toml
from arshjul.plan.model import Announcement
from arshjul.plan.shapes import AnnouncementShape
from arshjul.timing.days import Clock, Span

MAY = Announcement(Span.of(date(2027, 5, 11)), source="https://example.no/a", checked=date(2026, 11, 20))
MAY_TEXT = '{ date = "2027-05-11", source = "https://example.no/a", checked = "2026-11-20" }'
MAY_DATA = {"date": "2027-05-11", "source": "https://example.no/a", "checked": "2026-11-20"}


def announced(text: str, event: str = "rnb", period: str = "2027", announcement: Announcement = MAY) -> str:
    document, problems = read_toml(text, "x.toml")
    number = event_number(document, event)
    assert problems == []
    assert number is not None
    return with_announcement(text, document, number, period, announcement)


def test_announcement_is_written_on_one_line_in_a_fixed_order() -> None:
    week = Announcement(
        Span.of(date(2026, 8, 10), date(2026, 8, 14)), Clock(time(10), time(12)), 'si "hei"\\', date(2026, 11, 20)
    )

    text = announcement_as_toml(week)

    assert (
        text == '{ date = "2026-08-10/2026-08-14", time = "10:00/12:00", '
        'source = "si \\"hei\\"\\\\", checked = "2026-11-20" }'
    )
    assert tomli.loads(f"a = {text}")["a"]["source"] == 'si "hei"\\'


@pytest.mark.parametrize("text", ["10:00/12:00", "10:00–12:00", "10.00-12.00", "10 – 12"])
def test_clock_with_an_end_is_read_whole_and_written_as_json_spells_it(text: str) -> None:
    said = AnnouncementShape(date="2027-05-11", time=text)

    found = read_announcement(said, "2027")

    assert found == Announcement(Span.of(date(2027, 5, 11)), Clock(time(10), time(12)))
    assert announcement_as_toml(found) == '{ date = "2027-05-11", time = "10:00/12:00" }'


@pytest.mark.parametrize("text", ["10:00/10:00", "10:00/", "10:00+02:00", "10:00/12:00/14:00", "kl. 10"])
def test_clock_that_is_none_is_refused(text: str) -> None:
    assert read_announcement(AnnouncementShape(date="2027-05-11", time=text), "2027") == Fault(
        f"«{text}» er ikke noe klokkeslett.", "Skriv «10:00» eller «10:00/12:00».", ("time",)
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (  # below the last key, before what has a heading of its own
            """\
            [[event]]
            id = "rnb" # stays
              when = "15. mai"
            # the budget comes next

            [[event.milestones]]
            id = "x"
            [[event]]
            id = "b"
            """,
            """\
            [[event]]
            id = "rnb" # stays
              when = "15. mai"
              announced.2027 = VALUE
            # the budget comes next

            [[event.milestones]]
            id = "x"
            [[event]]
            id = "b"
            """,
        ),
        (  # below the other announced lines
            """\
            [[event]]
            id = "rnb"
            announced.2025 = "2025-05-15" # seen
            announced.2024 = { date = "2024-05-14" }
            note = "n"
            """,
            """\
            [[event]]
            id = "rnb"
            announced.2025 = "2025-05-15" # seen
            announced.2024 = { date = "2024-05-14" }
            announced.2027 = VALUE
            note = "n"
            """,
        ),
        (  # an inline table grows
            '[[event]]\nannounced = { 2025 = "2025-05-15" } # seen\nid = "rnb"\n',
            '[[event]]\nannounced = { 2025 = "2025-05-15", 2027 = VALUE } # seen\nid = "rnb"\n',
        ),
        ('[[event]]\nid = "rnb"\nannounced = {}\n', '[[event]]\nid = "rnb"\nannounced = { 2027 = VALUE }\n'),
        (  # a table with a heading
            '[[event]]\nid = "rnb"\n[event.announced]\n2025 = "2025-05-15"\n\n[[event]]\nid = "b"\n',
            '[[event]]\nid = "rnb"\n[event.announced]\n2025 = "2025-05-15"\n2027 = VALUE\n\n[[event]]\nid = "b"\n',
        ),
        (
            '[[event]]\nid = "rnb"\n[event.announced] # none yet\n',
            '[[event]]\nid = "rnb"\n[event.announced] # none yet\n2027 = VALUE\n',
        ),
        (  # what is there already is replaced
            '[[event]]\nid = "rnb"\nannounced.2027 = "2027-05-13"   # first\nnote = "n"\n',
            '[[event]]\nid = "rnb"\nannounced.2027 = VALUE   # first\nnote = "n"\n',
        ),
        (
            '[[event]]\nid = "rnb"\nannounced = { "2027" = { date = "2027-05-13" }, 2028 = "2028-05-11" }\n',
            '[[event]]\nid = "rnb"\nannounced = { "2027" = VALUE, 2028 = "2028-05-11" }\n',
        ),
        (  # also where each key has a line
            '[[event]]\nid = "rnb"\nannounced.2027.source = "old"\nannounced.2027.date = "2027-05-13" # a Thursday\n',
            """\
            [[event]]
            id = "rnb"
            announced.2027.source = "https://example.no/a"
            announced.2027.date = "2027-05-11" # a Thursday
            announced.2027.checked = "2026-11-20"
            """,
        ),
        (  # a list over several lines is the last key
            '[[event]]\nid = "rnb"\nwhen = [\n    "15. mai", # latest\n]\n\n',
            '[[event]]\nid = "rnb"\nwhen = [\n    "15. mai", # latest\n]\nannounced.2027 = VALUE\n\n',
        ),
    ],
)
def test_date_is_put_where_a_person_would_put_it(before: str, after: str) -> None:
    assert announced(dedent(before)) == dedent(after).replace("VALUE", MAY_TEXT)


def test_line_ends_are_those_of_the_file() -> None:
    assert announced('[[event]]\r\nid = "rnb"\r\nnote = "n"\r\n') == (
        f'[[event]]\r\nid = "rnb"\r\nnote = "n"\r\nannounced.2027 = {MAY_TEXT}\r\n'
    )
    assert announced('[[event]]\nid = "rnb"') == f'[[event]]\nid = "rnb"\nannounced.2027 = {MAY_TEXT}'


def test_period_with_a_full_stop_is_quoted() -> None:
    assert announced('[[event]]\nid = "rnb"\n', period="2027-05.2").endswith(f'announced."2027-05.2" = {MAY_TEXT}\n')


@dataclass(frozen=True)
class Written:
    """A file as somebody may have written it, and the id of the event that is announced."""

    text: str
    event: str


REMARKS = st.sampled_from(["", "  # æøå «sitat»", "\t# = [ ] { } \" '", " "])
FILLERS = st.lists(
    st.sampled_from(["", "   ", "# en merknad", '#announced.2027 = "2027-01-01"', "\t# [[event]]"]), max_size=2
)
VALUES = st.sampled_from(
    [
        '"tekst"',
        '"blå # ikke en merknad"',
        "'rå \\ tekst'",
        '"""\nflere\n\n[linjer]\n"""',
        '[\n  "a", # b\n  "c"\n]',
        '{ a = "b" }',
        "3",
    ]
)
OTHERS = st.sampled_from(
    [
        [],
        ['announced.2025 = "2025-05-15"'],
        ['announced.2024 = { date = "2024-05-14", source = "å" }', 'announced."2026-05" = "2026-05-12"'],
        ['announced = { 2025 = "2025-05-15" }'],
        ['announced = {2024={date="2024-05-14"},2025="2025-05-15"  }'],
        ["announced = { }"],
    ]
)
TABLES = st.sampled_from([[], ["[[event.milestones]]", 'id = "m"'], ["[event.in]", '"valgår" = "12. mai"']])


@st.composite
def events(draw: st.DrawFn, name: str) -> list[str]:
    keys = [
        f'id = "{name}"',
        *(f"k{number} = {value}" for number, value in enumerate(draw(st.lists(VALUES, max_size=3)))),
    ]
    keys = draw(st.permutations(keys))
    at = draw(st.integers(0, len(keys)))
    indent = draw(st.sampled_from(["", "", "  ", "\t"]))
    lines = ["[[event]]"]
    for key in [*keys[:at], *draw(OTHERS), *keys[at:]]:
        lines += [*draw(FILLERS), f"{indent}{key}{draw(REMARKS)}"]
    return [*lines, *draw(FILLERS), *draw(TABLES), *draw(FILLERS)]


@st.composite
def files(draw: st.DrawFn) -> Written:
    names = draw(st.lists(st.sampled_from("abcd"), unique=True, min_size=1))
    lines = ["# øverst", "[calendar]", 'id = "k"']
    for name in names:
        lines += draw(events(name))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    text = "\n".join(lines).replace("\n", end) + draw(st.sampled_from(["", end, end + end]))
    return Written(text, draw(st.sampled_from(names)))


@given(files())
def test_every_other_byte_stays_and_the_value_is_right(written: Written) -> None:
    old = written.text
    wanted = tomli.loads(old)
    (event,) = (one for one in wanted["event"] if one["id"] == written.event)

    new = announced(old, written.event)

    event.setdefault("announced", {})["2027"] = MAY_DATA
    start = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), len(old))
    added = new[start : start + len(new) - len(old)]
    assert tomli.loads(new) == wanted
    assert new == old[:start] + added + old[start:]
    assert added.count("\n") <= 1


@given(files(), st.sampled_from(["2024", "2025", "2026-05"]))
def test_date_that_is_there_is_replaced_and_nothing_else(written: Written, period: str) -> None:
    once = announced(written.text, written.event, period)
    wanted = tomli.loads(once)
    (event,) = (one for one in wanted["event"] if one["id"] == written.event)

    later = Announcement(Span.of(date(2027, 5, 13)), source="https://example.no/a", checked=date(2026, 11, 20))
    twice = announced(once, written.event, period, later)

    event["announced"][period]["date"] = "2027-05-13"
    assert tomli.loads(twice) == wanted
    assert len(twice) == len(once)
    assert [n for n, (a, b) in enumerate(zip(once, twice, strict=True)) if a != b] == [
        once.index(MAY_TEXT) + MAY_TEXT.index("11") + 1
    ]
