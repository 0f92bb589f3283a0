"""What holds for every reading and every text: it says itself, its turns are in order, and reading is never slow."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arshjul.timing.cadences import (
    Annual,
    At,
    Bound,
    Cadence,
    Continuous,
    DayOf,
    Due,
    Each,
    EveryYears,
    Except,
    ForEach,
    InARow,
    Meeting,
    Meetings,
    NearDay,
    NearWeek,
    Nothing,
    NthOf,
    OnDemand,
    Only,
    Per,
    Quota,
    Related,
    Rolled,
    Side,
    TimeOfDay,
    Weekly,
    Yearly,
    is_dated,
    leans_on,
    turns,
)
from arshjul.timing.days import Clock, NoEvents, Offset, Span, Turn, Unit, days_in_month, year_span
from arshjul.timing.describe import describe
from arshjul.timing.phrases import read, read_offset
from arshjul.timing.places import (
    FEASTS,
    About,
    Condition,
    Date,
    DayKind,
    Feast,
    InSeason,
    InYear,
    LastDay,
    Nth,
    NthWeek,
    OneOf,
    Part,
    Season,
    Section,
    SectionOf,
    Spot,
    Stretch,
    Week,
    WholeYear,
    YearKind,
    YearPart,
    Years,
    place,
)
from tests.examples import some

MOST = {Part.MONTH: 12, Part.QUARTER: 4, Part.TERTIAL: 3, Part.HALF: 2}
NAMES = ("styremøtet", "trontaledebatten", "stortinget-apner", "revidert nasjonalbudsjett", "stortingets åpning")
years = st.integers(2000, 2100)
weekdays = st.integers(0, 6)


@st.composite
def dates(draw: st.DrawFn) -> Date:
    month = draw(st.integers(1, 12))
    return Date(month, draw(st.integers(1, days_in_month(2028, month))))


@st.composite
def parts(draw: st.DrawFn) -> YearPart:
    part = draw(st.sampled_from(Part))
    return YearPart(part, draw(st.integers(1, MOST[part])))


@st.composite
def stretches(draw: st.DrawFn) -> Stretch:
    first, last = draw(dates()), draw(dates())
    return Stretch(first, last if last != first else Date(first.month % 12 + 1, 1))


def is_in_order(stretch: Stretch) -> bool:
    days = place(stretch, 2028)
    return days is not None and days.first.year == days.last.year == 2028


@st.composite
def week_days(draw: st.DrawFn) -> Week:
    first = draw(weekdays)
    return Week(draw(st.integers(1, 53)), (first, draw(st.integers(first, 6))))


@st.composite
def part_stretches(draw: st.DrawFn) -> Stretch:
    part = draw(st.sampled_from(Part))
    first, last = draw(st.lists(st.integers(1, MOST[part]), min_size=2, max_size=2, unique=True))
    return Stretch(YearPart(part, first), YearPart(part, last))


def names_a_season(spot: Spot) -> bool:
    """Tell whether "innen" would not be sure of it ("innen sommeren") or mean the day before ("innen jul")."""
    return isinstance(spot.spot if isinstance(spot, InYear) else spot, InSeason | Feast)


def is_in_its_year(spot: InYear) -> bool:
    """Tell whether the year has the day or the week: "29. februar 2027" and "uke 53 2027" are refused."""
    inner = spot.spot
    ends = (inner.first, inner.last) if isinstance(inner, Stretch) else (inner,)
    weeks_of_year = date(spot.year, 12, 28).isocalendar().week
    has_week = not isinstance(inner, Week) or inner.number <= weeks_of_year
    return has_week and all(one.day <= days_in_month(spot.year, one.month) for one in ends if isinstance(one, Date))


months = st.builds(YearPart, st.just(Part.MONTH), st.integers(1, 12))
seasons = st.builds(InSeason, st.sampled_from(Season))
weeks = st.builds(Week, st.integers(1, 53))
feasts = st.builds(Feast, st.sampled_from(sorted(set(FEASTS) - {"årsskiftet", "påske", "pinse"})))
wholes = st.one_of(months, seasons, parts(), st.just(WholeYear()))
countable = st.one_of(weekdays, st.sampled_from([DayKind.WORKDAY, DayKind.WEEKDAY]))
nths = st.builds(Nth, st.sampled_from([1, 2, 3, 4, 5, -1, -2]), countable, wholes)
simple = st.one_of(dates(), months, parts(), seasons, weeks, feasts)
spots: st.SearchStrategy[Spot] = st.one_of(
    simple,
    stretches(),
    week_days(),
    nths,
    part_stretches(),
    st.builds(NthWeek, st.sampled_from([1, 2, 3, -1]), months),
    st.builds(
        lambda days, whole: OneOf(tuple(sorted(days)), whole), st.sets(weekdays, min_size=2, max_size=4), stretches()
    ),
    st.builds(SectionOf, st.sampled_from(Section), wholes),
    st.builds(LastDay, wholes),
    st.builds(About, st.one_of(dates(), months, weeks, feasts)),
    st.builds(
        InYear, st.integers(1970, 2100), st.one_of(dates(), months, seasons, weeks, stretches().filter(is_in_order))
    ).filter(is_in_its_year),
)
annual = st.builds(Annual, spots)
rhythms = st.builds(Annual, simple, st.integers(2, 10), st.one_of(st.none(), years))
offsets = st.builds(Offset, st.integers(1, 99), st.sampled_from(Unit))
named = st.builds(Meetings, st.sampled_from(("", *NAMES)))
anchors: st.SearchStrategy[Cadence] = st.one_of(
    named, st.builds(Annual, st.one_of(dates(), months, weeks, feasts, nths))
)


@st.composite
def related(draw: st.DrawFn) -> Related:
    near = draw(offsets)
    far = draw(st.one_of(st.none(), st.integers(near.amount + 1, near.amount + 30)))
    side = draw(st.sampled_from([Side.BEFORE, Side.AFTER]))
    return Related(draw(anchors), side, near, Offset(far, near.unit) if far else None)


@st.composite
def quotas(draw: st.DrawFn) -> Quota:
    least = draw(st.integers(2, 12))
    most = draw(st.one_of(st.none(), st.integers(least, 20)))
    within = draw(st.one_of(st.none(), months, st.builds(Stretch, months, months).filter(lambda s: s.first != s.last)))
    return Quota(least, most, draw(st.sampled_from(Per)), within)


weekly = st.builds(
    lambda days, every, first: Weekly(tuple(sorted(days)), every, first if every > 1 else None),
    st.sets(weekdays, max_size=3),
    st.integers(1, 4),
    st.one_of(st.none(), st.integers(1, 52)),
)
each = st.one_of(
    st.builds(Each, st.sampled_from([1, 2, 3, 4, 6])),
    st.builds(Each, st.just(1), st.builds(DayOf, st.integers(1, 31))),
    st.builds(Each, st.sampled_from([1, 3, 4, 6]), st.builds(NthOf, st.sampled_from([1, 2, 3, 4, -1]), countable)),
    st.builds(Each, st.sampled_from([1, 3, 4, 6]), st.just(NthOf(-1, DayKind.DAY))),
)
relations: st.SearchStrategy[Cadence] = st.one_of(
    related(),
    st.builds(Related, st.builds(Meetings, st.sampled_from(NAMES)), st.sampled_from(Side)),
    st.builds(NearDay, anchors, countable, st.sampled_from([1, 2, 3, -1, -2])),
    st.builds(NearDay, anchors, st.just(DayKind.DAY), st.sampled_from([1, -1])),
    st.builds(NearWeek, anchors, st.sampled_from([1, 2, -1])),
    st.builds(InARow, anchors, st.integers(2, 5), st.sampled_from([DayKind.WORKDAY, DayKind.WEEKDAY])),
    st.builds(Meeting, st.just(Meetings("styremøtet")), st.one_of(st.none(), st.integers(1, 4)), months),
    st.builds(Meeting, st.just(Meetings("styremøte")), st.sampled_from([1, 2, -1]), st.none(), simple),
    st.builds(Meeting, st.just(Meetings("styremøte")), st.sampled_from([1, 2, -1]), st.none(), st.none(), simple),
)
undated: st.SearchStrategy[Cadence] = st.one_of(
    st.sampled_from([Continuous(), OnDemand(), Nothing(), Yearly(), Meetings("styremøte"), Meetings("styremøtene")]),
    quotas(),
    st.builds(EveryYears, st.integers(2, 12), st.one_of(st.none(), years)),
    st.builds(Years, st.integers(2000, 2040), st.integers(2041, 2100)).map(Annual),
    st.builds(
        Continuous,
        st.one_of(st.just(WholeYear()), st.builds(Stretch, months, months).filter(lambda s: s.first != s.last)),
    ),
)
clocks = st.builds(
    Clock,
    st.times().map(lambda t: time(t.hour, t.minute)),
    st.one_of(st.none(), st.times().map(lambda t: time(t.hour, t.minute))),
)
bounds = st.sampled_from([Bound.BY, Bound.UNTIL, Bound.THROUGH])
limits: st.SearchStrategy[Cadence] = st.one_of(
    st.builds(Due, spots.filter(lambda spot: not names_a_season(spot)).map(Annual), bounds),
    st.builds(Due, annual, st.just(Bound.DURING)),
)
plain = st.one_of(annual, rhythms, weekly, each, relations, limits, st.builds(Due, related(), st.just(Bound.BY)))


def lasts(cadence: Cadence) -> bool:
    """Tell whether it may be a stretch of days, from which nothing is excepted."""
    return isinstance(cadence.of if isinstance(cadence, Due) else cadence, Annual)


@st.composite
def qualified(draw: st.DrawFn) -> Cadence:
    cadence: Cadence = draw(plain)
    if draw(st.booleans()) and not lasts(cadence):
        cadence = Except(cadence, draw(months))
    if draw(st.booleans()):
        cadence = At(cadence, draw(clocks))
    if draw(st.booleans()):
        cadence = Rolled(cadence, draw(st.booleans()))
    if draw(st.booleans()):
        cadence = ForEach(cadence, "delregion")
    if draw(st.booleans()) and not (isinstance(cadence, Annual) and cadence.every == 2):
        kind = draw(st.sampled_from(YearKind))
        cadence = Only(cadence, Condition(kind, draw(st.booleans())))
    return cadence


cadences: st.SearchStrategy[Cadence] = st.one_of(plain, undated, clocks.map(TimeOfDay), qualified())


@given(cadence=cadences)
@settings(max_examples=some(600), deadline=None)
def test_reading_says_itself_and_is_read_back(cadence: Cadence) -> None:
    assert read(describe(cadence)) == cadence


class EveryThirdWednesday:
    """The third Wednesday of each month, whatever the name."""

    def turns(self, name: str, span: Span) -> Sequence[Turn] | None:  # noqa: ARG002  (the protocol's signature)
        return turns(Each(1, NthOf(3, 2)), span, self)


@given(cadence=cadences, year=years, months=st.integers(1, 30))
@settings(max_examples=some(300), deadline=None)
def test_turns_of_a_short_span_are_those_of_a_long_one(cadence: Cadence, year: int, months: int) -> None:
    short = Span(date(year, 1, 1), date(year, 1, 1) + timedelta(days=30 * months))

    found = turns(cadence, short, EveryThirdWednesday())
    long = turns(cadence, short.widened(500), EveryThirdWednesday())

    assert found == [turn for turn in long if turn.days.overlaps(short)]
    assert found == sorted(found, key=lambda turn: (turn.days.first, turn.days.end, turn.period))


@given(spot=spots, year=years)
@settings(max_examples=some(300), deadline=None)
def test_spot_lies_in_its_year_or_reaches_into_a_neighbour(spot: Spot, year: int) -> None:
    days = place(spot, year)

    assert days is None or days.overlaps(year_span(year).widened(31))


@given(cadence=relations)
def test_relation_without_a_known_event_has_no_turns(cadence: Cadence) -> None:
    assert not leans_on(cadence) or turns(cadence, year_span(2027), NoEvents()) == []


@given(cadence=cadences, year=years)
@settings(deadline=None)
def test_cadence_without_days_has_no_turns(cadence: Cadence, year: int) -> None:
    assert is_dated(cadence) or turns(cadence, year_span(year), EveryThirdWednesday()) == []


@given(offset=offsets)
def test_offset_says_itself_and_is_read_back(offset: Offset) -> None:
    assert read_offset(str(offset)) == offset


@given(text=st.text(max_size=80))
@settings(max_examples=some(500), deadline=None)
def test_any_text_is_read_or_left_unread(text: str) -> None:
    cadence = read(text)

    assert cadence is None or isinstance(describe(cadence), str)


WORDS_OF_TIME = (
    *(
        "1.",
        "2",
        "12",
        "2027",
        "10:00",
        "–",
        "-",
        "/",
        ",",
        ".",
        "(",
        ")",
        "og",
        "eller",
        "til",
        "fra",
        "hver",
        "annenhver",
    ),
    *("første", "siste", "mandag", "tirsdager", "virkedag", "uke", "måned", "år", "mai", "juni", "vår", "jul", "Q3"),
    *("kvartal", "innen", "før", "etter", "senest", "i", "på", "av", "ca.", "kl.", "ganger", "minst", "møter"),
    *("styremøtet", "løpende", "frist", "unntatt"),
)


@given(words=st.lists(st.sampled_from(WORDS_OF_TIME), max_size=12))
@settings(max_examples=some(500), deadline=None)
def test_any_words_of_time_have_turns_or_none(words: list[str]) -> None:
    cadence = read(" ".join(words))

    assert cadence is None or all(
        turn.days.overlaps(year_span(2027)) for turn in turns(cadence, year_span(2027), EveryThirdWednesday())
    )


def calls(text: str) -> int:
    """Count the calls that reading makes: a measure of its cost that no busy machine disturbs."""
    count = 0

    def profile(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(profile)
    try:
        read(text)
    finally:
        sys.setprofile(None)
    return count


PIECES = (
    *(
        "1. ",
        "den ",
        "1., ",
        "første ",
        "ca. ",
        "hver ",
        "1. mai, ",
        "innen ",
        "før ",
        "tidlig i ",
        "uke 1, ",
        "mandag–",
    ),
    *("3 uker før ", "(", "x ", "i løpet av ", "minst ", "10:00 ", "1-", "2027 ", "første mandag i ", "frist "),
    *("unntatt mai ", "tirsdag eller ", "møter ", "til ", "etter hver ", "Q3–", "neste ", "og ", "1/2 ", "januar/"),
)


@pytest.mark.parametrize("piece", PIECES)
def test_cost_grows_no_faster_than_the_text(piece: str) -> None:
    once, twice = (piece * (length // len(piece)) for length in (290, 580))
    read(once)

    assert calls(twice) <= 2.3 * calls(once)


@given(words=st.lists(st.sampled_from(WORDS_OF_TIME), min_size=8, max_size=20))
@settings(max_examples=some(60), deadline=None)
def test_cost_of_any_words_stays_in_proportion(words: list[str]) -> None:
    text = (" ".join(words) + " ") * 4

    assert calls(text[:580]) <= 150 * len(text[:580])
