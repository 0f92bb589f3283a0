"""Calendars whose days are known, the edits that people make of them, and the file's text.

A calendar has a board whose dates stand in a list, with steps before and after them, what follows it, two meetings that
are alike, and one whose dates are a text or a list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from hypothesis import strategies as st

from tests.properties.almanac import DAY, MONTHS, is_workday, workdays_from
from tests.properties.phrases import apart, listed

FIRST: Final = date(2026, 11, 26)
LISTED: Final = ("styremote", "tvilling-a", "tvilling-b", "tekst")

BY: Final = 'responsible = "Kontoret"'
HEAD: Final = """[calendar]
id = "k"
name = "Kalenderen"
visibility = "public"

[[party]]
id = "kontoret"
name = "Kontoret"
members = ["Kontoret <kontoret@example.no>"]
"""


def toml_list(texts: Iterable[str]) -> str:
    return "[" + ", ".join(f'"{text}"' for text in texts) + "]"


@dataclass(frozen=True)
class Announced:
    """A day in place of the one in the list."""

    day: date
    time: str = ""
    has_source: bool = True


@dataclass(frozen=True)
class Listed:
    """An event whose dates are written out. `is_text` writes those of one year as "4. mars og 12. mars 2027"."""

    id: str
    title: str
    days: tuple[date, ...]
    is_text: bool = False
    announced: dict[date, Announced] = field(default_factory=dict)
    cancelled: frozenset[date] = frozenset()
    held: dict[date, date] = field(default_factory=dict)
    by_month: frozenset[date] = frozenset()
    """The dates that are named by their month in `announced` and `cancelled`, as long as that is enough."""

    @property
    def turns(self) -> tuple[date, ...]:
        """All days that it means: a text that names no year means every year."""
        if not self.is_text:
            return tuple(dict.fromkeys(self.days))
        return tuple(date(year, day.month, day.day) for year in range(2025, 2030) for day in self.days)

    def shown_on(self, day: date) -> date:
        return self.announced[day].day if day in self.announced else day

    def selector(self, day: date) -> str:
        is_only = sum((other.year, other.month) == (day.year, day.month) for other in self.turns) == 1
        return f"{day:%Y-%m}" if is_only and day in self.by_month else str(day)

    def lines(self) -> Iterator[str]:
        yield f'[[event]]\nid = "{self.id}"\ntitle = "{self.title}"\n{BY}'
        if self.is_text:
            said = listed([f"{day.day}. {MONTHS[day.month - 1]}" for day in sorted(self.days)])
            yield f'when = "{said}"'
        else:
            yield f"when = {toml_list(str(day) for day in self.days)}"
        for day, announced in sorted(self.announced.items()):
            more = f', time = "{announced.time}"' if announced.time else ""
            more += ', source = "https://example.no/sak"' if announced.has_source else ""
            yield f'announced.{self.selector(day)} = {{ date = "{announced.day}"{more} }}'
        if self.cancelled:
            yield f"cancelled = {toml_list(self.selector(day) for day in sorted(self.cancelled))}"
        for day, held in sorted(self.held.items()):
            yield f'held.{day} = "{held}"'


@dataclass(frozen=True)
class Follower:
    """What follows the board's meetings: so many days before or after them, workdays where it is a step."""

    id: str
    amount: int
    is_step: bool = False
    is_measure: bool = False

    def day(self, anchor: date) -> date:
        if self.is_step:
            return workdays_from(anchor, self.amount)
        return anchor + self.amount * DAY

    @property
    def title(self) -> str:
        if self.is_measure:
            return "Tiltak"
        return f"Steg {self.id.split('.')[1]}" if self.is_step else f"Følger {self.id}"

    @property
    def phrase(self) -> str:
        what, side = abs(self.amount), "før" if self.amount < 0 else "etter"
        return f"{what} virkedager {side}" if self.is_step else f"{what} dager {side} styremote"

    def lines(self) -> Iterator[str]:
        if self.is_measure:
            yield f'[[measure]]\nid = "{self.id}"\ntitle = "{self.title}"\ncadence = "Hvert styremøte"\n{BY}'
        elif self.is_step:
            step = self.id.split(".")[1]
            yield f'{{ id = "{step}", title = "{self.title}", when = "{self.phrase}", {BY} }},'
        else:
            yield f'[[event]]\nid = "{self.id}"\ntitle = "{self.title}"\nwhen = "{self.phrase}"\n{BY}'


@dataclass(frozen=True)
class Plan:
    """A whole file."""

    listed: dict[str, Listed]
    followers: tuple[Follower, ...]

    def __repr__(self) -> str:
        return f"Plan({self.text().removeprefix(HEAD)})"

    def _repr_pretty_(self, printer: object, _cycle: bool) -> None:
        """Print the file, where hypothesis would print every field of it."""
        printer.text(repr(self))  # type: ignore[attr-defined]  # hypothesis's own, which has no public type

    def text(self) -> str:
        return HEAD + "\n".join(line for line in self._lines())

    def _lines(self) -> Iterator[str]:
        for one in self.listed.values():
            yield ""
            yield from one.lines()
            if one.id == "styremote" and (steps := [step for step in self.followers if step.is_step]):
                yield "milestones = ["
                yield from (line for step in steps for line in step.lines())
                yield "]"
        for follower in self.followers:
            if not follower.is_step:
                yield ""
                yield from follower.lines()


# Edits. Numbers choose among what there is, so that a story that shrinks stays one.


@dataclass(frozen=True)
class Insert:
    """An extra meeting, somewhere in the list."""

    item: str
    day: date
    at: int

    def __call__(self, one: Listed) -> Listed:
        if one.is_text or self.day in one.days:
            return one
        at = self.at % (len(one.days) + 1)
        return replace(one, days=(*one.days[:at], self.day, *one.days[at:]))


@dataclass(frozen=True)
class Remove:
    item: str
    at: int

    def __call__(self, one: Listed) -> Listed:
        if len(one.days) < 2:
            return one
        return without(one, one.days[self.at % len(one.days)])


@dataclass(frozen=True)
class Move:
    """A date of the list is written over with another one."""

    item: str
    at: int
    day: date

    def __call__(self, one: Listed) -> Listed:
        if one.is_text or self.day in one.days:
            return one
        at = self.at % len(one.days)
        old = one.days[at]
        bare = without(one, old)
        return replace(bare, days=(*one.days[:at], self.day, *one.days[at + 1 :]))


@dataclass(frozen=True)
class Sort:
    item: str
    is_backwards: bool

    def __call__(self, one: Listed) -> Listed:
        return replace(one, days=tuple(sorted(one.days, reverse=self.is_backwards)))


@dataclass(frozen=True)
class Cancel:
    """A date is called off, or on again."""

    item: str
    at: int

    def __call__(self, one: Listed) -> Listed:
        return replace(one, cancelled=one.cancelled ^ {one.days[self.at % len(one.days)]})


@dataclass(frozen=True)
class Announce:
    """A date is announced on a day near by, in its own month; or the announcement is taken back."""

    item: str
    at: int
    shift: int
    time: str
    has_source: bool

    def __call__(self, one: Listed) -> Listed:
        old = one.days[self.at % len(one.days)]
        if one.is_text:
            return one
        announced = {day: there for day, there in one.announced.items() if day != old}
        if old not in one.announced:
            day = old + self.shift * DAY
            taken = {one.shown_on(other) for other in one.days if other != old}
            if day.month != old.month or not is_workday(day) or day in taken:
                return one
            announced[old] = Announced(day, self.time, self.has_source)
        return replace(one, announced=announced)


@dataclass(frozen=True)
class Rewrite:
    """A text becomes a list of the same days of the coming two years, and a list a text when it can."""

    item: str

    def __call__(self, one: Listed) -> Listed:
        if one.is_text:
            days = tuple(day for day in one.turns if day.year in (2026, 2027, 2028))
            return replace(one, days=days, is_text=False)
        return one


Edit = Insert | Remove | Move | Sort | Cancel | Announce | Rewrite


def without(one: Listed, day: date) -> Listed:
    """Return an event without a date, and without what was said of it."""
    return replace(
        one,
        days=tuple(other for other in one.days if other != day),
        announced={other: there for other, there in one.announced.items() if other != day},
        cancelled=one.cancelled - {day},
    )


def edited(plan: Plan, edits: tuple[Edit, ...], today: date) -> Plan:
    """Return the plan as somebody has saved it. A day that has been is not typed in: that is for `held`."""
    known = dict(plan.listed)
    for edit in edits:
        if isinstance(edit, Insert | Move) and edit.day <= today:
            continue
        known[edit.item] = edit(known[edit.item])
    return replace(plan, listed=known)


@dataclass(frozen=True)
class Step:
    """So many days later, so many edits are saved at once."""

    days: int
    edits: tuple[Edit, ...]


@dataclass(frozen=True)
class Story:
    plan: Plan
    steps: tuple[Step, ...]


workdays = st.dates(date(2026, 11, 9), date(2028, 3, 31)).filter(is_workday)
coming = st.dates(date(2026, 12, 1), date(2028, 3, 31)).filter(is_workday)
numbers = st.integers(0, 11)


@st.composite
def many_days(draw: st.DrawFn) -> tuple[date, ...]:
    """Draw six days or seven, two of them in one month."""
    days = draw(st.lists(workdays, min_size=5, max_size=6, unique=True))
    twin = workdays_from(days[0].replace(day=14), draw(st.integers(1, 6)))
    return tuple(dict.fromkeys([*days, twin]))


@st.composite
def text_days(draw: st.DrawFn) -> tuple[date, ...]:
    month = draw(st.integers(1, 12))
    own = draw(st.lists(st.integers(1, 28), min_size=2, max_size=3, unique=True).filter(apart))
    other = draw(st.tuples(st.integers(1, 12).filter(lambda m: abs(m - month) > 1), st.integers(1, 28)))
    return tuple(sorted({*(date(2027, month, day) for day in own), date(2027, *other)}))


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    alike = draw(many_days())
    board = draw(many_days())
    by_month = frozenset(draw(st.lists(st.sampled_from(board), max_size=3)))
    found = {
        "styremote": Listed("styremote", "Styremøte", board, by_month=by_month),
        "tvilling-a": Listed("tvilling-a", "Fellesmøte", alike),
        "tvilling-b": Listed("tvilling-b", "Fellesmøte", alike),
        "tekst": Listed("tekst", "Frist etter planen", draw(text_days()), is_text=True),
    }
    followers = (
        Follower("styremote.papirer", -draw(st.integers(2, 15)), is_step=True),
        Follower("styremote.referat", draw(st.integers(2, 8)), is_step=True),
        Follower("formote", -draw(st.integers(2, 20))),
        Follower("etterpa", draw(st.integers(2, 9))),
        Follower("tiltak", 0, is_measure=True),
    )
    return Plan(found, followers)


items = st.sampled_from(LISTED)
edits: st.SearchStrategy[Edit] = st.one_of(
    st.builds(Insert, items, coming, numbers),
    st.builds(Remove, items, numbers),
    st.builds(Move, items, numbers, coming),
    st.builds(Sort, items, st.booleans()),
    st.builds(Cancel, items, numbers),
    st.builds(
        Announce, items, numbers, st.integers(-4, 4), st.sampled_from(["", "10:00", "09:00/11:30"]), st.booleans()
    ),
    st.builds(Rewrite, items),
)
steps = st.builds(Step, st.sampled_from([0, 0, 1, 3, 9, 25]), st.lists(edits, min_size=1, max_size=2).map(tuple))
stories = st.builds(Story, plans(), st.lists(steps, min_size=1, max_size=3).map(tuple))
