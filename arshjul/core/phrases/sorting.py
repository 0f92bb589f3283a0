"""What a phrase says, sorted: dates with their bounds, repetitions, the relation. What it means is in `assembly`."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import cast

from arshjul.core.cadences import Bound, Cadence, Condition, InSeason, Spot, Stretch, YearKind
from arshjul.core.phrases.chunks import Chunk, Sort
from arshjul.core.phrases.relations import CLAUSES, Relation, related
from arshjul.core.phrases.roles import Role
from arshjul.core.turns import Clock


@dataclass(slots=True)
class Dated:
    """A spot, or a list of them, with the bound that the text sets before or after it."""

    spots: list[Spot]
    bound: Bound | None
    at: int = 0
    """Which chunk of the phrase it is."""
    first: int = 0
    bound_at: int = 0
    """Where in the text it begins, and where its bound does."""
    strict: bool = False
    """Whether the bound is a "frist", which may have a name of its own."""


@dataclass(slots=True)
class Parts:
    """What a phrase says, sorted."""

    text: str
    dates: list[Dated] = field(default_factory=list)
    repeats: list[Cadence] = field(default_factory=list)
    opens: list[Cadence] = field(default_factory=list)
    relation: Relation | None = None
    clock: Clock | None = None
    condition: Condition | None = None
    spared: list[Spot] = field(default_factory=list)
    later: bool | None = None
    anchor: int | None = None
    year: tuple[int, Bound | None] | None = None
    school_year: bool = False
    """Whether the year is "2027/28"."""
    names: list[Chunk] = field(default_factory=list)
    nth: int | None = None
    repeat_bound: Bound | None = None
    open_bound: Bound | None = None
    """The bound that no date has followed: "innen andre styremøte"."""
    unread: int = 0
    needed: bool = False
    group: str = ""
    of_other_time: bool = False
    clause: bool = False
    """Whether a clause says more: "når året er omme"."""
    unplaced: bool = False
    """Whether a relation is left unread: then only a day by its date is sure."""


def sorted_parts(text: str, found: list[Chunk]) -> Parts:
    """Put each chunk where it belongs; a relation takes its amount and its anchor with it."""
    parts = Parts(text)
    found = _after_moved(_until_instead(found))
    relation = related(text, found)
    parts.needed = _is_needed(found)
    parts.clause = any(chunk.sort is Sort.STOP and chunk.value in CLAUSES for chunk in found)
    parts.of_other_time = _is_of_other_time(found)
    parts.unread += relation is None and _after_each(found)
    parts.unplaced = relation is None and any(chunk.sort is Sort.SIDE for chunk in found)
    parts.unread += _excepts_something_else(found)
    parts.relation = relation
    taken = relation.taken if relation else range(0)
    bound: Bound | None = None
    for index, chunk in enumerate(found):
        if index in taken:
            continue
        parts.unread += _is_left(found, index)
        bound = _sort_in(parts, found, index, bound)
        if chunk.sort is Sort.REPEAT and bound is Bound.BY:
            parts.repeat_bound = bound
    _end(parts, found, bound)
    parts.unread += _is_in_the_evening(parts, found)
    return parts


def _is_in_the_evening(parts: Parts, found: list[Chunk]) -> bool:
    """Tell whether a morning hour is said of the evening: "kl. 7 om kvelden"."""
    return (
        parts.clock is not None
        and parts.clock.start.hour < NOON
        and any(chunk.sort is Sort.FILLER and chunk.value in LATE for chunk in found)
    )


NOON = 12
LATE = {"kveld", "kvelden", "ettermiddag", "ettermiddagen"}


def _end(parts: Parts, found: list[Chunk], bound: Bound | None) -> None:
    """Give a bound that nothing follows to the date before: "1. mars senest"."""
    parts.open_bound = bound
    last = next((chunk for chunk in reversed(found) if chunk.sort not in {Sort.FILLER, Sort.STOP}), None)
    if last is None or last.sort is not Sort.BOUND or not parts.dates:
        return
    if bound is Bound.BY and parts.dates[-1].bound in {None, bound}:
        parts.dates[-1].bound = bound
    else:
        parts.unread += 1


def _after_each(found: list[Chunk]) -> bool:
    """Tell whether the phrase leans on something that comes again and again: "etter hver dag" has no reading."""
    sorts = [chunk.sort for chunk in found]
    return any(one is Sort.SIDE and other is Sort.REPEAT for one, other in pairwise(sorts))


def _is_of_other_time(found: list[Chunk]) -> bool:
    """Tell whether it is "for kommende søknadsrunde": a time to come, and not which."""
    sorts = [chunk.sort for chunk in found if chunk.value not in OF_THE_COMING]
    return (
        bool(found)
        and found[0].value in OF_THE_COMING
        and sorts[:1] == [Sort.NEXT]
        and set(sorts[1:]) <= {Sort.NAME, Sort.FILLER}
    )


OF_THE_COMING = ("for", "den", "det", "de")


def _excepts_something_else(found: list[Chunk]) -> bool:
    """Tell whether something is excepted that is no place in the year: "utenom skolens ferier"."""
    sorts = [chunk.sort for chunk in found if chunk.sort is not Sort.FILLER]
    after = pairwise([*sorts, None])
    return any(one is Sort.EXCEPT and other not in {Sort.SPOTS, Sort.CONDITION} for one, other in after)


def _is_needed(found: list[Chunk]) -> bool:
    """Tell whether it is a clause of need: "når styret finner det nødvendig"."""
    clause = next(
        (n for n, chunk in enumerate(found) if chunk.sort is Sort.STOP and chunk.value in {"når", "dersom", "hvis"}),
        None,
    )
    return clause is not None and any(str(chunk.value).lower() in NEEDS for chunk in found[clause:])


NEEDS = {
    *("nødvendig", "naudsynt", "trenger", "treng", "trengs", "trengst", "behov", "hensiktsmessig"),
    *("føremålstenleg", "forlanger", "krever", "krev", "kreves", "ønsker", "ønskjer", "passer", "passar"),
    *("bestemmer", "bestemt"),
}


def _until_instead(found: list[Chunk]) -> list[Chunk]:
    """Cut what "i stedet for" and "ikke" say is not true, and what "se" only refers to.

    Where no time stands on both sides of it, it is not known what is denied: it stays, and nothing is read.
    """
    at = next((n for n, chunk in enumerate(found) if chunk.sort is Sort.INSTEAD), None)
    if at is None:
        return found
    denied = [chunk.sort for chunk in found[at + 1 :] if chunk.sort is not Sort.FILLER]
    excepts = denied[:1] == [Sort.SPOTS] and not any(chunk.sort is Sort.SPOTS for chunk in found[:at])
    if found[at].value in {"ikke", "ikkje"} and excepts and any(chunk.sort is Sort.REPEAT for chunk in found[:at]):
        return [*found[:at], found[at]._replace(sort=Sort.EXCEPT), *found[at + 1 :]]  # "hver måned, ikke juli"
    refers = found[at].value in REFERRING and at
    both = all(any(chunk.sort in TIMES for chunk in side) for side in (found[:at], found[at:]))
    return found[:at] if refers or both else found


REFERRING = {"se", "sjå", "se også"}
TIMES = {Sort.SPOTS, Sort.REPEAT, Sort.YEAR}


def _after_moved(found: list[Chunk]) -> list[Chunk]:
    """Cut the day that something is moved from. Where none follows, or only if something happens, nothing is read."""
    at = next((n for n in reversed(range(len(found))) if found[n].sort is Sort.MOVED), None)
    if at is None or any(chunk.sort is Sort.STOP and chunk.value in CLAUSES for chunk in found[:at]):
        return found
    following = [chunk.sort for chunk in found[at + 1 :] if chunk.sort is not Sort.FILLER]
    return found[at + 1 :] if following[:1] == [Sort.SPOTS] else found


def _is_left(found: list[Chunk], index: int) -> bool:
    """Tell whether the chunk says something about the time that no part of the reading has used."""
    match found[index].sort:
        case Sort.OR:
            return not _is_harmless(found, index)
        case Sort.SIDE:
            return not _is_explained(found, index)
        case sort:
            return sort in LEFT


LEFT = {Sort.INSTEAD, Sort.MOVED, Sort.OWNER, Sort.NOTICE, Sort.AMOUNT, Sort.DAY, Sort.ROW, Sort.LEAST}


NEAR = 8
"""How many chunks away a neighbour is sought, so that reading stays linear."""


def _is_explained(found: list[Chunk], index: int) -> bool:
    """Tell whether a day stands beside the relation that says which it is: "etter nyttår, 12. januar"."""
    near = found[index + 1 : index + 1 + NEAR]
    following = [chunk.sort for chunk in near if chunk.sort not in {Sort.FILLER, Sort.STOP}]
    return following[:2] == [Sort.SPOTS, Sort.SPOTS]


def _is_harmless(found: list[Chunk], index: int) -> bool:
    """Tell whether "eller" stands between two names, or beside something without dates: "eller ved behov"."""
    near = found[max(0, index - NEAR) : index], found[index + 1 : index + 1 + NEAR]
    before = next((chunk.sort for chunk in reversed(near[0]) if chunk.sort is not Sort.FILLER), None)
    after = next((chunk.sort for chunk in near[1] if chunk.sort is not Sort.FILLER), None)
    return Sort.OPEN in {before, after} or before is after is Sort.NAME


def _sort_in(parts: Parts, found: list[Chunk], index: int, bound: Bound | None) -> Bound | None:
    """Sort one chunk in and return the bound that the next date stands under."""
    sort, value = found[index].sort, found[index].value
    match sort:
        case Sort.SPOTS if _spared(found, index):
            parts.spared += cast("list[Spot]", value)
        case Sort.SPOTS:
            parts.dates.append(_under(found, index, bound))
            parts.unread += bound is Bound.FROM and _is_earliest_of_stretch(parts)
            return None
        case Sort.BOUND | Sort.LIMIT:
            return _stricter(parts, found, index, cast(Bound, value), bound)
        case Sort.UNTIL:
            parts.unread += bound is Bound.FROM and value == "til"  # "fra årsmøtet til jul": from when?
            return (_limit(found, index) or bound) if value == "til" else bound
        case Sort.CONDITION:
            parts.condition = Condition(cast(YearKind, value), negated=_spared(found, index))
        case Sort.YEAR:
            parts.year = cast(int, value), bound
            bound = None
            parts.school_year = found[index].end - found[index].first > len("2027")
        case Sort.UNREAD:
            parts.unread += not _is_tail(found, index)
        case _:
            _take(parts, found[index])
    return bound


def _under(found: list[Chunk], index: int, bound: Bound | None) -> Dated:
    """Return a date with the bound that it stands under."""
    near = range(index - 1, max(-1, index - 1 - NEAR), -1)
    at = next((n for n in near if found[n].sort in BOUNDING), index)
    spots = cast("list[Spot]", found[index].value)
    return Dated(spots, bound, index, found[index].first, found[at].first, found[at].sort is Sort.LIMIT)


def _is_earliest_of_stretch(parts: Parts) -> bool:
    """Tell whether it is "ikke før uke 12–14": "fra uke 12–14" is said of the stretch itself."""
    dated = parts.dates[-1]
    words = parts.text[dated.bound_at :].lower()
    return isinstance(dated.spots[0], Stretch) and not words.startswith(
        ("fra", "frå", "fom", "f.o.m", "med opp", "from")
    )


BOUNDING = {Sort.BOUND, Sort.LIMIT, Sort.UNTIL}


def _take(parts: Parts, chunk: Chunk) -> None:
    value = chunk.value
    match chunk.sort:
        case Sort.REPEAT | Sort.QUOTA:
            parts.repeats.append(cast(Cadence, value))
        case Sort.OPEN:
            parts.opens.append(cast(Cadence, value))
        case Sort.CLOCK:
            _set_clock(parts, cast(Clock, value))
        case Sort.ROLL:
            parts.later = value is Role.LATER
        case Sort.ANCHOR:
            parts.anchor = cast(int, value)
        case Sort.NAME:
            parts.names.append(chunk)
        case Sort.GROUP:
            parts.group = cast(str, value)
        case Sort.NTH:
            parts.nth = cast(int, value)


def _set_clock(parts: Parts, clock: Clock) -> None:
    """Keep the clock. Of two the second is the end where both are of one day: "1. mars kl. 12–1. mars kl. 16"."""
    if parts.clock is None or parts.clock == clock:
        parts.clock = clock
        return
    days = [dated.spots for dated in parts.dates]
    one_day = len(days) == 2 and days[0] == days[1] and parts.clock.end is None and clock.end is None
    parts.unread += not one_day
    parts.clock = Clock(parts.clock.start, clock.start)


def _stricter(parts: Parts, found: list[Chunk], index: int, value: Bound, bound: Bound | None) -> Bound:
    """Return the bound to come; "1. mai: frist" sets the one of the date before."""
    before_clock = index + 1 < len(found) and found[index + 1].sort is Sort.CLOCK and value is Bound.BY
    if (found[index].sort is Sort.LIMIT or before_clock) and parts.dates and parts.dates[-1].bound is None:
        parts.dates[-1].bound = value
    return bound if bound is Bound.BY and value is Bound.DURING else value


def _limit(found: list[Chunk], index: int) -> Bound | None:
    """Return the limit that "til" sets: "til 31. mars", not "til høsten"; "til 2030" does not say which day."""
    following = next((chunk for chunk in found[index + 1 :] if chunk.sort is not Sort.FILLER), None)
    if following is None or following.sort not in {Sort.SPOTS, Sort.YEAR}:
        return None
    if following.sort is Sort.YEAR:
        return Bound.UNTIL
    return None if isinstance(cast("list[Spot]", following.value)[0], InSeason) else Bound.THROUGH


def _spared(found: list[Chunk], index: int) -> bool:
    index -= 1
    while index >= 0 and found[index].sort is Sort.FILLER:
        index -= 1
    return index >= 0 and found[index].sort is Sort.EXCEPT


def _is_tail(found: list[Chunk], index: int) -> bool:
    """Tell whether a number is the beginning of a date that a line break cut off: "uke 12, 19.-"."""
    return (
        index > 0
        and all(chunk.sort in {Sort.STOP, Sort.UNTIL, Sort.FILLER} for chunk in found[index + 1 :])
        and found[-1].sort is Sort.UNTIL
    )
