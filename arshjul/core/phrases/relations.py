"""Relations to something else: "3 uker før styremøtet", "første virkedag etter trontaledebatten", "styremøtene"."""

from __future__ import annotations

from typing import NamedTuple, cast

from arshjul.core.cadences import (
    Annual,
    Bound,
    Cadence,
    Due,
    Feast,
    InARow,
    Meeting,
    Meetings,
    NearDay,
    NearWeek,
    Related,
    Side,
)
from arshjul.core.offsets import Unit
from arshjul.core.phrases.anchors import EVENT_ENDS, MEETINGS, anchor_at, is_due_date, is_event
from arshjul.core.phrases.chunks import Chunk, Sort
from arshjul.core.phrases.grammar_amounts import Amount, Day, Row, Weeks

OWNER = Meetings("")
EASTERS = (Annual(Feast("påske")), Annual(Feast("pinse")))
LIMITING = {Bound.BY, Bound.DURING}
CLAUSES = ("der", "hvis", "dersom", "når", "hvor", "om")
BESIDE = {Sort.CLOCK, Sort.CONDITION, Sort.ROLL, Sort.GROUP}
"""What a series can have beside its name: "styremøtene kl. 18"."""
OF_SERIES = {Sort.NAME, Sort.FILLER, Sort.BOUND, Sort.NEXT, Sort.STOP, Sort.UNTIL, *BESIDE}
MOST_NAMES = 4
"""Words in the name of a series; more is a sentence."""
MONTHS_OF_YEAR = 12


class Relation(NamedTuple):
    """A reading that leans on an anchor, and which chunks it has used.

    `named` tells whether it leans on an event, so that a place in the year that stands beside it says more.
    """

    cadence: Cadence
    taken: frozenset[int]
    named: bool = False


def related(text: str, found: list[Chunk]) -> Relation | None:
    """Return the first relation in the phrase."""
    for index, chunk in enumerate(found):
        match chunk.sort:
            case Sort.SIDE:
                return _at_side(text, found, index, cast(Side, chunk.value))
            case Sort.BOUND if chunk.value is Bound.BY and _sort_at(found, index - 1) is Sort.AMOUNT:
                return _at_side(text, found, index, Side.BEFORE)  # "minst sju dager innen årsmøtet"
            case Sort.OWNER:
                return _of_owner(found, index)
            case Sort.NOTICE:
                return _of_notice(found, index)
            case Sort.DAY if index + 1 == len(found) and isinstance(chunk.value, Day):
                return Relation(NearDay(OWNER, chunk.value.day, 1), frozenset({index}))
    return _of_limit(found) or _of_series(text, found)


def _sort_at(found: list[Chunk], index: int) -> Sort | None:
    return found[index].sort if index >= 0 else None


def _at_side(text: str, found: list[Chunk], index: int, side: Side) -> Relation | None:
    before = _before(found, index)
    anchor, end = anchor_at(text, found, index + 1)
    if before is not None and found[before].sort is Sort.NAME:
        return _particular(text, found, before, Relation(anchor, frozenset(range(index, end))), side)
    value = found[before].value if before is not None else None
    cadence = _placed(side, value, anchor)
    stressed = found[index].end - found[index].first > len("etter")
    if cadence is None or is_due_date(found, anchor, index) or not (value or is_event(anchor, side, stressed=stressed)):
        return None
    first, cadence = _limited(found, index if before is None else before, cadence)
    return Relation(cadence, frozenset(range(first, end)), isinstance(anchor, Meetings))


def _before(found: list[Chunk], index: int) -> int | None:
    """Return where the amount, the sought day or the series stands that belongs to a relation."""
    at = index - 1
    while at >= 0 and found[at].sort is Sort.FILLER:
        at -= 1
    if at < 0 or found[at].sort not in {Sort.AMOUNT, Sort.DAY, Sort.ROW, Sort.NAME}:
        return None
    if found[at].sort is Sort.NAME and not any(chunk.sort is Sort.NTH for chunk in found[max(0, at - 3) : at]):
        return None
    return at


def _placed(side: Side, value: object, anchor: Cadence) -> Cadence | None:
    """Return the relation with what stands before it: a distance, a day to seek, days in a row, or nothing."""
    if value is not None and side is Side.AT:
        return None
    match value:
        case Amount(near, far):
            return Related(anchor, side, near, far)
        case Day(day, nth):
            count = abs(nth) or 1
            return NearDay(anchor, day, count if side is Side.AFTER else -count)
        case Weeks() if anchor in EASTERS and side is Side.AFTER:
            return None  # some mean the week that Easter Monday begins
        case Weeks(nth):
            return NearWeek(anchor, abs(nth) if side is Side.AFTER else -abs(nth))
        case Row(count, day):
            return InARow(anchor, count, day) if side is Side.AFTER else None
    return Related(anchor, side)


def _limited(found: list[Chunk], first: int, cadence: Cadence) -> tuple[int, Cadence]:
    """Take in "senest" or "minst" before the relation."""
    at = first - 1
    while at >= 0 and found[at].sort is Sort.FILLER:
        at -= 1
    if at < 0:
        return first, cadence
    if found[at].sort is Sort.BOUND and found[at].value is Bound.FROM:
        return at, Due(cadence, Bound.FROM)
    is_bound = found[at].sort in {Sort.BOUND, Sort.LIMIT} and found[at].value in LIMITING
    return (at, Due(cadence)) if is_bound or found[at].sort is Sort.LEAST else (first, cadence)


def _particular(text: str, found: list[Chunk], before: int, anchor: Relation, side: Side) -> Relation | None:
    """Read "første styremøte etter 1. oktober", "siste styremøte før sommeren"."""
    if not isinstance(anchor.cadence, Annual) or side is Side.AT:
        return None
    if not str(found[before].value).lower().endswith(MEETINGS):
        return None
    start = max(n for n in range(max(0, before - 3), before) if found[n].sort is Sort.NTH)
    series = Meetings(text[found[start + 1].first : found[before].end])
    nth, spot = cast(int, found[start].value), anchor.cadence.spot
    meeting = Meeting(series, nth, after=spot) if side is Side.AFTER else Meeting(series, nth, before=spot)
    first, cadence = _limited(found, start, meeting)
    return Relation(cadence, frozenset(range(first, max(anchor.taken) + 1)))


def _of_owner(found: list[Chunk], index: int) -> Relation | None:
    """Read "14 dager i forveien", "tre veker på førehand"."""
    before = _before(found, index)
    if before is not None and found[before].sort is Sort.NAME:
        return None
    value = found[before].value if before is not None else None
    cadence = _placed(cast(Side, found[index].value), value, OWNER)
    if cadence is None:
        return None
    first, cadence = _limited(found, index if before is None else before, cadence)
    return Relation(cadence, frozenset(range(first, index + 1)))


def _of_notice(found: list[Chunk], index: int) -> Relation | None:
    """Read "med minst 14 dagers varsel"."""
    before = next((n for n in range(index - 1, -1, -1) if found[n].sort is Sort.AMOUNT), None)
    if before is None:
        return None
    cadence = Due(Related(OWNER, Side.BEFORE, cast(Amount, found[before].value).near))
    first = before - (_sort_at(found, before - 1) is Sort.LEAST)
    return Relation(cadence, frozenset(range(first, index + 1)))


def _of_limit(found: list[Chunk]) -> Relation | None:
    """Read "innen 14 dager", "i løpet av 8 dager": after the event that owns the phrase. Years are no such limit."""
    for index, chunk in enumerate(found):
        if chunk.sort is not Sort.AMOUNT or _sort_at(found, index - 1) is not Sort.BOUND:
            continue
        offset = cast(Amount, chunk.value).near
        short = offset.unit is not Unit.MONTHS or offset.amount < MONTHS_OF_YEAR
        if short and found[index - 1].value in LIMITING:
            return Relation(Due(Related(OWNER, Side.AFTER, offset)), frozenset({index - 1, index}))
    return None


def _of_series(text: str, found: list[Chunk]) -> Relation | None:
    """Read "styremøtene", "frem til landsmøtet", "på regionrådsmøter", where nothing but the name is said."""
    names = [chunk for chunk in found if chunk.sort is Sort.NAME]
    if not 1 <= len(names) <= MOST_NAMES or any(not _is_of_series(chunk) for chunk in found):
        return None
    words = [str(chunk.value) for chunk in names]
    starts = words[0].lower().endswith(MEETINGS) or words[0].isupper() or len(words) == 1
    bound = next((chunk.value for chunk in found if chunk.sort is Sort.BOUND and chunk.first < names[0].first), None)
    ends = EVENT_ENDS if bound else SERIES
    if not starts or not any(word.lower().endswith(ends) for word in words):
        return None
    series: Cadence = Meetings(text[names[0].first : names[-1].end])
    taken = frozenset(n for n, chunk in enumerate(found) if chunk.sort not in BESIDE)
    return Relation(Due(series, cast(Bound, bound)) if bound else series, taken)


SERIES = ("møtet", "møtene", "møter", "tinget", "møta")
"""How the name of a series ends where it stands alone; a bare "styremøte" is a heading and no time."""


def _is_of_series(chunk: Chunk) -> bool:
    return chunk.sort in OF_SERIES and not (chunk.sort is Sort.STOP and chunk.value in CLAUSES)
