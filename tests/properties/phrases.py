"""Phrases as plans have them, each written from the days that it means."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from hypothesis import strategies as st

from tests.properties.almanac import DAY, MONTHS, WEEKDAYS, days_between, days_of_month

YEARS = (2025, 2026, 2027, 2028, 2029)
ORDINALS = ("første", "andre", "tredje", "fjerde")

Days = tuple[date, date]
"""The first and the last day of one time round."""


@dataclass(frozen=True)
class Written:
    """A phrase and the days that it was written from. `clock` is its hour, `is_due` says that it names a deadline."""

    text: str
    turns: tuple[Days, ...] = field(repr=False)
    clock: str = ""
    is_due: bool = False
    is_of_one_year: bool = False

    def _repr_pretty_(self, printer: object, _cycle: bool) -> None:
        """Print the phrase, where hypothesis would print all its days."""
        printer.text(repr(self.text))  # type: ignore[attr-defined]  # hypothesis's own, which has no public type


def written(text: str, of: Callable[[int], Iterable[date | Days]], years: Sequence[int] = YEARS) -> Written:
    found = [one if isinstance(one, tuple) else (one, one) for year in years for one in of(year)]
    return Written(text, tuple(sorted(set(found))), is_of_one_year=len(years) == 1)


def listed(parts: Sequence[str]) -> str:
    """Return "3., 10. og 17."."""
    return " og ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))


def apart(numbers: Iterable[int], least: int = 2) -> bool:
    """Tell whether no two are neighbours: "5. og 6. mars" is one meeting of two days."""
    found = sorted(numbers)
    return all(later - earlier >= least for earlier, later in itertools.pairwise(found))


months = st.integers(1, 12)
some_days = st.lists(st.integers(1, 28), min_size=2, max_size=4, unique=True).filter(apart).map(sorted)


@st.composite
def days_with_months(draw: st.DrawFn) -> Written:
    found = draw(st.lists(st.tuples(months, st.integers(1, 28)), min_size=2, max_size=6, unique=True))
    pairs = sorted(found)
    if draw(st.booleans()):  # two in one month, which is where they were lost
        month = pairs[0][0]
        pairs = sorted({*pairs, (month, (pairs[0][1] + 9) % 28 + 1)})
    pairs = [pair for at, pair in enumerate(pairs) if not at or date(2027, *pair) - date(2027, *pairs[at - 1]) > DAY]
    return written(
        listed([f"{day}. {MONTHS[month - 1]}" for month, day in pairs]),
        lambda year: [date(year, month, day) for month, day in pairs],
    )


@st.composite
def days_of_one_month(draw: st.DrawFn) -> Written:
    month, days = draw(months), draw(some_days)
    text = f"{listed([f'{day}.' for day in days])} {MONTHS[month - 1]}"
    return written(text, lambda year: [date(year, month, day) for day in days])


@st.composite
def weeks(draw: st.DrawFn) -> Written:
    numbers = draw(st.lists(st.integers(2, 51), min_size=1, max_size=4, unique=True).map(sorted))
    if len(numbers) == 2 and numbers[1] == numbers[0] + 1:  # "uke 2 og 3" is one stretch, as "5. og 6. mars" is
        numbers.pop()
    return written(
        f"uke {listed([str(number) for number in numbers])}",
        lambda year: [
            (date.fromisocalendar(year, number, 1), date.fromisocalendar(year, number, 7)) for number in numbers
        ],
    )


@st.composite
def weekdays_in_a_month(draw: st.DrawFn) -> Written:
    weekday, month = draw(st.integers(0, 6)), draw(months)
    return written(
        f"hver {WEEKDAYS[weekday]} i {MONTHS[month - 1]}",
        lambda year: [day for day in days_of_month(year, month) if day.weekday() == weekday],
    )


@st.composite
def days_of_every_month(draw: st.DrawFn) -> Written:
    days = draw(some_days)
    return written(
        f"{listed([f'{day}.' for day in days])} i hver måned",
        lambda year: [date(year, month, day) for month in range(1, 13) for day in days],
    )


def nth(year: int, month: int, weekday: int, number: int) -> date:
    return [day for day in days_of_month(year, month) if day.weekday() == weekday][number]


@st.composite
def nths_of_every_month(draw: st.DrawFn) -> Written:
    weekday, numbers = draw(st.integers(0, 6)), draw(st.lists(st.integers(0, 3), min_size=1, max_size=2, unique=True))
    numbers.sort()
    return written(
        f"{listed([ORDINALS[number] for number in numbers])} {WEEKDAYS[weekday]} i måneden",
        lambda year: [nth(year, month, weekday, number) for month in range(1, 13) for number in numbers],
    )


@st.composite
def last_of_every_month(draw: st.DrawFn) -> Written:
    weekday = draw(st.integers(0, 6))
    return written(
        f"siste {WEEKDAYS[weekday]} i hver måned",
        lambda year: [nth(year, month, weekday, -1) for month in range(1, 13)],
    )


@st.composite
def every_weekday(draw: st.DrawFn) -> Written:
    found = draw(st.lists(st.integers(0, 6), min_size=1, max_size=2, unique=True).map(sorted))
    return written(
        f"hver {listed([WEEKDAYS[weekday] for weekday in found])}",
        lambda year: [day for day in days_between(date(year, 1, 1), date(year, 12, 31)) if day.weekday() in found],
    )


@st.composite
def nth_of_a_month(draw: st.DrawFn) -> Written:
    number, weekday, month = draw(st.integers(0, 3)), draw(st.integers(0, 6)), draw(months)
    text = f"{ORDINALS[number]} {WEEKDAYS[weekday]} i {MONTHS[month - 1]}"
    return written(text, lambda year: [nth(year, month, weekday, number)])


@st.composite
def whole_date(draw: st.DrawFn) -> Written:
    day = draw(st.dates(date(2027, 1, 1), date(2027, 12, 31)))
    said = f"{day.day}. {MONTHS[day.month - 1]} {day.year}"
    text = draw(st.sampled_from([str(day), said, f"{WEEKDAYS[day.weekday()]} {said}"]))
    return written(text, lambda _: [day], (day.year,))


@st.composite
def stretch(draw: st.DrawFn) -> Written:
    first = draw(st.dates(date(2027, 1, 1), date(2027, 10, 31)).filter(lambda day: (day.month, day.day) != (2, 29)))
    last = first + draw(st.integers(1, 50)) * DAY
    if first.month == last.month:
        text = f"{first.day}.–{last.day}. {MONTHS[last.month - 1]}"
    else:
        text = f"{first.day}. {MONTHS[first.month - 1]}–{last.day}. {MONTHS[last.month - 1]}"
    return written(text, lambda year: [(first.replace(year=year), last.replace(year=year))])


@st.composite
def month_or_quarter(draw: st.DrawFn) -> Written:
    size, number = draw(st.sampled_from([(1, 0), (3, 0), (6, 0)])), draw(months)
    length = size[0]
    first_month = (number - 1) // length * length + 1
    text = {1: MONTHS[first_month - 1], 3: f"Q{first_month // 3 + 1}", 6: f"{first_month // 6 + 1}. halvår"}[length]
    return written(text, lambda year: [(date(year, first_month, 1), days_of_month(year, first_month + length - 1)[-1])])


@st.composite
def deadlines(draw: st.DrawFn) -> Written:
    month, days = draw(months), draw(some_days)
    chosen = days[: draw(st.integers(1, 2))]
    text = f"{draw(st.sampled_from(['innen', 'senest']))} {listed([f'{day}.' for day in chosen])} {MONTHS[month - 1]}"
    found = written(text, lambda year: [date(year, month, day) for day in chosen])
    return Written(found.text, found.turns, is_due=True)


days_only = st.one_of(
    days_with_months(),
    days_of_one_month(),
    weekdays_in_a_month(),
    days_of_every_month(),
    nths_of_every_month(),
    last_of_every_month(),
    every_weekday(),
    nth_of_a_month(),
    whole_date(),
)


@st.composite
def with_an_hour(draw: st.DrawFn) -> Written:
    found, hour, minute = draw(days_only), draw(st.integers(6, 22)), draw(st.sampled_from(["00", "30"]))
    clock = f"{hour:02}:{minute}"
    text = f"{found.text} kl. {hour}.{minute}"
    return Written(text, found.turns, clock=clock, is_of_one_year=found.is_of_one_year)


phrases = st.one_of(days_only, with_an_hour(), weeks(), stretch(), month_or_quarter(), deadlines())
