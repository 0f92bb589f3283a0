"""The rules of the political year held against what has been observed: reading, judging, and the table in docs/."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path

from arshjul.plan.model import Catalogue, Item
from arshjul.timing.days import Span, Turn
from arshjul.year.dating import Dating

DATA = Path(__file__).parent / "data"
CALENDAR = "politisk-aar"
COLLECTED = date(2026, 11, 20)
"""The day on which the observations were collected; what lies after it is no observation."""
YEARS = range(2010, 2031)
MONTH = 28
"""A window of so many days or more is noted as wide: it hits without knowing much."""


class Basis(StrEnum):
    """How an observed date is known; the last three are no evidence for a rule."""

    SEEN = "seen"
    PARTLY = "partly seen"
    MEMORY = "from memory"
    RULE = "computed by the rule itself"
    ASSUMED = "assumed to be the same day as another"
    AHEAD = "still ahead on the day of collection"


EVIDENCE = (Basis.SEEN, Basis.PARTLY, Basis.MEMORY)


@dataclass(frozen=True, slots=True)
class Observed:
    """One date of the past; `last` is None where only the first day is known."""

    event: str
    year: int
    first: date
    last: date | None
    basis: Basis

    @property
    def days(self) -> Span:
        return Span.of(self.first, self.last)


@dataclass(frozen=True, slots=True)
class Mapped:
    """Which item an observed event is, and what is compared: all its "days", only the "first", or "by" its last."""

    event: str
    item: str
    judged: str
    remark: str


@dataclass(frozen=True, slots=True)
class Row:
    """One rule against one kind of observation."""

    mapped: Mapped
    rule: str
    widest: int
    judged: Sequence[tuple[Observed, Turn | None, bool]]

    def hits(self, basis: Basis) -> tuple[int, int]:
        """Return how many are right, of how many."""
        found = [right for observed, _, right in self.judged if observed.basis is basis]
        return sum(found), len(found)

    def misses(self) -> Iterator[str]:
        for observed, turn, right in self.judged:
            if not right:
                known = "" if observed.basis is Basis.SEEN else f" ({observed.basis})"
                computed = in_words(turn.days if turn else None)
                yield f"{observed.year}: {in_words(observed.days)}{known}, computed {computed}"


def observations() -> list[Observed]:
    with (DATA / "political-year-history.csv").open(encoding="utf-8", newline="") as file:
        return [_observed(row) for row in csv.DictReader(file)]


def mapping() -> list[Mapped]:
    with (DATA / "political-year-events.csv").open(encoding="utf-8", newline="") as file:
        return [Mapped(**row) for row in csv.DictReader(file)]


def without_announcements(catalogue: Catalogue) -> Catalogue:
    """Return the political year with the rules only."""
    calendar = catalogue.calendars[CALENDAR]
    items = tuple(replace(item, announced={}) for item in calendar.items)
    return Catalogue({CALENDAR: replace(calendar, items=items)})


def is_right(turn: Turn, observed: Observed, judged: str) -> bool:
    """Tell whether the computed day is the observed one, or the computed window contains it.

    What is known to last several days must begin and, where its end was seen, end on the computed days.
    """
    if judged == "by":
        return observed.days.last <= turn.days.last
    if judged == "first":
        return observed.first in turn.days
    if turn.length == len(turn.days) > 1:
        return (observed.first, observed.last or turn.days.last) == (turn.days.first, turn.days.last)
    return observed.first in turn.days and observed.days.last in turn.days


def rows(catalogue: Catalogue) -> list[Row]:
    """Return every rule that something was observed of, in the order of the calendar file."""
    rules = without_announcements(catalogue)
    dating = Dating(rules, Span(date(YEARS[0], 1, 1), date(YEARS[-1] + 1, 1, 1)))
    items = {item.id: item for item in rules.calendars[CALENDAR].items}
    found = [_row(mapped, items[mapped.item], dating) for mapped in mapping() if mapped.item]
    return sorted((row for row in found if row.judged), key=lambda row: list(items).index(row.mapped.item))


def table(catalogue: Catalogue) -> str:
    """Return docs/political-year.md."""
    found, seen = rows(catalogue), observations()
    judged = {row.mapped.item for row in found}
    calendar = catalogue.calendars[CALENDAR]
    items = {one.event: one.item for one in mapping()}
    left_out = {basis: sum(one.basis is basis for one in seen if items[one.event]) for basis in Basis}
    parts = [
        _HEAD.format(first=YEARS[0], collected=COLLECTED),
        _COLUMNS + "".join(f"{_line(row)}\n" for row in found) + _totals(found),
        "## Observations that are left out\n\n"
        + "".join(f"- {left_out[basis]} {basis}\n" for basis in Basis if basis not in EVIDENCE),
        "## Observed, but no rule\n\n"
        + "".join(f"- `{one.event}`: {one.remark}\n" for one in mapping() if not one.item),
        "## Rules that nothing was observed of\n\n"
        + "".join(f"- `{item.id}`: {rule_of(item)}\n" for item in calendar.items if item.id not in judged),
    ]
    return "\n".join(parts)


def rule_of(item: Item) -> str:
    """Return an item's phrases as they stand in the file."""
    variants = [f"{variant.text}: {variant.phrase.text}" for variant in item.variants]
    return "; ".join([*(phrase.text for phrase in item.when), *variants])


def in_words(days: Span | None) -> str:
    if days is None:
        return "nothing"
    if len(days) == 1:
        return f"{days.first:%a} {days.first.day} {days.first:%b}"
    return f"{days.first.day} {days.first:%b}–{days.last.day} {days.last:%b}"


def counts_in(text: str) -> Mapping[tuple[str, str], Sequence[tuple[int, int]]]:
    """Return the hits by (rule, observed as) that a table holds."""
    found = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `"):
            counts = [_count(cell) for cell in cells[3:6]]
            found[cells[0].strip("`"), cells[2].strip("`")] = counts
    return found


def _count(cell: str) -> tuple[int, int]:
    right, _, of = cell.partition("/")
    return (int(right), int(of)) if of else (0, 0)


def _observed(row: Mapping[str, str]) -> Observed:
    first, last = date.fromisoformat(row["first"]), row["last"]
    days = (first, date.fromisoformat(last) if last else None)
    return Observed(row["event"], int(row["year"]), *days, _basis(first, row["confidence"], row["note"]))


def _basis(first: date, confidence: str, note: str) -> Basis:
    if first > COLLECTED:
        return Basis.AHEAD
    if confidence == "confirmed":
        return Basis.SEEN
    if re.search(r"\brule\b", note):
        return Basis.RULE
    if note.startswith("assumed"):
        return Basis.ASSUMED
    return Basis.MEMORY if "[not seen]" in note else Basis.PARTLY


def _row(mapped: Mapped, item: Item, dating: Dating) -> Row:
    turns = {dated.turn.period: dated.turn for dated in dating.dated(item)}
    judged = []
    for one in observations():
        if one.event == mapped.event and one.basis in EVIDENCE:
            turn = turns.get(str(one.year))
            judged.append((one, turn, turn is not None and is_right(turn, one, mapped.judged)))
    widest = max((len(turn.days) for period, turn in turns.items() if int(period[:4]) in YEARS), default=0)
    return Row(mapped, rule_of(item), widest, judged)


def _line(row: Row) -> str:
    counts = [_ratio(*row.hits(basis)) for basis in EVIDENCE]
    remarks = [row.mapped.remark] if row.mapped.remark else []
    if row.widest >= MONTH:
        remarks.append("A window this wide hits without knowing much.")
    cells = [f"`{row.mapped.item}`", row.rule, f"`{row.mapped.event}`", *counts, str(row.widest)]
    return f"| {' | '.join([*cells, '<br>'.join(row.misses()), ' '.join(remarks)])} |"


def _totals(found: Sequence[Row]) -> str:
    def counted(some: Sequence[Row]) -> list[str]:
        return [
            _ratio(sum(row.hits(basis)[0] for row in some), sum(row.hits(basis)[1] for row in some))
            for basis in EVIDENCE
        ]

    narrow = [row for row in found if row.widest < MONTH]
    return (
        f"| **All** | | | {' | '.join(counted(found))} | | | |\n"
        f"| **Without the windows of {MONTH} days and more** | | | {' | '.join(counted(narrow))} | | | |\n"
    )


def _ratio(right: int, of: int) -> str:
    return f"{right}/{of}" if of else "–"


_COLUMNS = """\
| Rule | Text in the file | Observed as | Seen | Partly seen | From memory | Widest, days | Misses | Remark |
|---|---|---|---|---|---|---|---|---|
"""

_HEAD = """\
# The political year: its rules against what happened

Written by `make snapshots` from `calendars/politisk-aar.toml`, `tests/data/political-year-history.csv` and
`tests/data/political-year-events.csv`; do not edit it. A test fails when a rule gets worse than this table says.

Every date observed since {first} (collected {collected}) is held against the rule alone: announced dates are taken
out, also from the events that a rule leans on, so that a wrong opening of Stortinget is a wrong budget too. A date is
right when the computed day is the observed day, or the computed window contains all observed days. What is known to
last several days must begin and end on them. For a deadline "by" which something comes, earlier is right as well.

*Seen* dates were read in a source. *Partly seen* ones were pieced together from one (a weekday and a month, say).
Those *from memory* are weak evidence, and are counted apart. The rules were found on these dates: the table describes,
it does not forecast. "Widest" is the longest span of days that the rule gives in the years {first}–2030.
"""
