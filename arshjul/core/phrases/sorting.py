"""What a phrase says, sorted: dates with their bounds, repetitions, the relation. What follows from it is in `assembly`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from arshjul.core.cadences import Bound, Cadence, Condition, InSeason, Spot, YearKind
from arshjul.core.phrases.chunks import Chunk, Sort
from arshjul.core.phrases.relations import Relation, related
from arshjul.core.turns import Clock


@dataclass(slots=True)
class Dated:
    """A spot, or a list of them, with the bound that the text sets before or after it."""

    spots: list[Spot]
    bound: Bound | None


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
    names: list[Chunk] = field(default_factory=list)
    nth: int | None = None
    repeat_bound: Bound | None = None
    numbers: int = 0
    needed: bool = False
    group: str = ""
    of_other_time: bool = False


def sorted_parts(text: str, found: list[Chunk]) -> Parts:
    """Put each chunk where it belongs; a relation takes its amount and its anchor with it."""
    parts = Parts(text)
    found = _until_instead(found)
    relation = related(text, found)
    parts.needed = _is_needed(found)
    parts.of_other_time = _is_of_other_time(found)
    parts.numbers += relation is None and _after_each(found)
    parts.relation = relation
    taken = relation.taken if relation else range(0)
    bound: Bound | None = None
    for index, chunk in enumerate(found):
        if index in taken:
            continue
        bound = _sort_in(parts, found, index, chunk, bound)
        if chunk.sort is Sort.REPEAT and bound is Bound.BY:
            parts.repeat_bound = bound
    return parts


def _after_each(found: list[Chunk]) -> bool:
    """Tell whether the phrase leans on something that comes again and again: "etter hver dag" has no reading."""
    sorts = [chunk.sort for chunk in found]
    return any(one is Sort.SIDE and other is Sort.REPEAT for one, other in zip(sorts, sorts[1:], strict=False))


def _is_of_other_time(found: list[Chunk]) -> bool:
    """Tell whether it is "for kommende søknadsrunde": a time to come, and not which."""
    sorts = [chunk.sort for chunk in found if chunk.value not in OF_THE_COMING]
    return found[0].value in OF_THE_COMING and sorts[:1] == [Sort.NEXT] and set(sorts[1:]) <= {Sort.NAME, Sort.FILLER}


OF_THE_COMING = ("for", "den", "det", "de")


def _is_needed(found: list[Chunk]) -> bool:
    """Tell whether it is a clause of need: "når styret finner det nødvendig"."""
    clause = next(
        (n for n, chunk in enumerate(found) if chunk.sort is Sort.STOP and chunk.value in {"når", "dersom", "hvis"}),
        None,
    )
    return clause is not None and any(str(chunk.value).lower() in NEEDS for chunk in found[clause:])


NEEDS = frozenset(
    ["nødvendig", "naudsynt", "trenger", "treng", "trengs", "trengst", "behov", "hensiktsmessig", "føremålstenleg", "forlanger", "krever", "krev", "ønsker", "ønskjer", "passer", "passar", "bestemmer", "bestemt", "kreves"]
)


def _until_instead(found: list[Chunk]) -> list[Chunk]:
    """Cut what "i stedet for" says is no longer true, and what "se" only refers to."""
    at = next((n for n, chunk in enumerate(found) if chunk.sort is Sort.INSTEAD and n), None)
    return found if at is None else found[:at]


def _sort_in(parts: Parts, found: list[Chunk], index: int, chunk: Chunk, bound: Bound | None) -> Bound | None:
    """Sort one chunk in and return the bound that the next date stands under."""
    value = chunk.value
    match chunk.sort:
        case Sort.SPOTS:
            if _spared(found, index):
                parts.spared += cast("list[Spot]", value)
            else:
                parts.dates.append(Dated(cast("list[Spot]", value), bound))
            return None
        case Sort.BOUND | Sort.LIMIT:
            return _stricter(parts, found, index, cast(Bound, value), bound)
        case Sort.UNTIL:
            return Bound.THROUGH if value == "til" and _limits(found, index) else bound
        case Sort.REPEAT | Sort.QUOTA:
            parts.repeats.append(cast(Cadence, value))
        case Sort.OPEN:
            parts.opens.append(cast(Cadence, value))
        case Sort.CLOCK:
            parts.clock = parts.clock or cast(Clock, value)
        case Sort.CONDITION:
            parts.condition = Condition(cast(YearKind, value), negated=_spared(found, index))
        case Sort.ROLL:
            parts.later = cast(bool, value)
        case Sort.ANCHOR:
            parts.anchor = cast(int, value)
        case Sort.YEAR:
            parts.year = cast(int, value), bound
        case Sort.NAME:
            parts.names.append(chunk)
        case Sort.GROUP:
            parts.group = cast(str, value)
        case Sort.NTH:
            parts.nth = cast(int, value)
        case Sort.NUMBER:
            parts.numbers += not _is_tail(found, index)
    return bound


def _stricter(parts: Parts, found: list[Chunk], index: int, value: Bound, bound: Bound | None) -> Bound:
    """Return the bound to come; "1. mai: frist" sets the one of the date before."""
    if found[index].sort is Sort.LIMIT and parts.dates and parts.dates[-1].bound is None:
        parts.dates[-1].bound = value
    return bound if bound is Bound.BY and value is Bound.DURING else value


def _limits(found: list[Chunk], index: int) -> bool:
    """Tell whether "til" sets a limit: "til 31. mars", not "til høsten"."""
    following = next((chunk for chunk in found[index + 1 :] if chunk.sort is not Sort.FILLER), None)
    if following is None or following.sort is not Sort.SPOTS:
        return False
    return not isinstance(cast("list[Spot]", following.value)[0], InSeason)


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
