"""Relations to something else: "3 uker før styremøtet", "første virkedag etter trontaledebatten", "hvert møte"."""

from __future__ import annotations

from typing import NamedTuple, cast

from arshjul.core.cadences import (
    Annual,
    Bound,
    Cadence,
    Due,
    EveryYears,
    InARow,
    Meeting,
    Meetings,
    NearDay,
    Related,
    Several,
    Side,
    Spot,
)
from arshjul.core.offsets import Unit
from arshjul.core.phrases.chunks import Chunk, Sort
from arshjul.core.phrases.grammar_amounts import Amount, Day, Row
from arshjul.core.phrases.grammar_spots import is_day


class Relation(NamedTuple):
    """A reading that leans on an anchor, and which chunks it has used."""

    cadence: Cadence
    taken: frozenset[int]
    named: bool = False
    """Whether it leans on an event, so that a place in the year that stands beside it says more."""


QUIET = {Sort.FILLER, Sort.NEXT}
ENDS_NAME = {
    Sort.STOP,
    Sort.SPOTS,
    Sort.BOUND,
    Sort.LIMIT,
    Sort.CLOCK,
    Sort.REPEAT,
    Sort.QUOTA,
    Sort.CONDITION,
    Sort.ROLL,
    Sort.SIDE,
    Sort.OWNER,
    Sort.YEAR,
}


def related(text: str, found: list[Chunk]) -> Relation | None:
    """Return the first relation in the phrase."""
    for index, chunk in enumerate(found):
        if chunk.sort is Sort.SIDE:
            return _at_side(text, found, index)
        if chunk.sort is Sort.BOUND and chunk.value is Bound.BY and index and found[index - 1].sort is Sort.AMOUNT:
            return _at_side(
                text, [*found[:index], chunk._replace(sort=Sort.SIDE, value=Side.BEFORE), *found[index + 1 :]], index
            )
        if chunk.sort is Sort.OWNER:
            return _of_owner(found, index)
        if chunk.sort is Sort.NOTICE:
            return _of_notice(found, index)
        if chunk.sort is Sort.DAY and index + 1 == len(found):
            return Relation(NearDay(Meetings(""), cast(Day, chunk.value).day, 1), frozenset({index}))
    return _of_limit(found) or _limit_of_name(text, found)


def _of_limit(found: list[Chunk]) -> Relation | None:
    """Read "innen 14 dager", "i løpet av 8 dager": after the event that owns the phrase. Years are no such limit."""
    for index, chunk in enumerate(found[1:], 1):
        if (
            chunk.sort is Sort.AMOUNT
            and found[index - 1].sort is Sort.BOUND
            and found[index - 1].value in {Bound.BY, Bound.DURING}
        ):
            offset = cast(Amount, chunk.value).near
            if offset.unit is not Unit.MONTHS or offset.amount < 12:  # noqa: PLR2004  (a year)
                cadence = Due(Related(Meetings(""), Side.AFTER, offset))
                return Relation(cadence, frozenset({index - 1, index}))
    return None


def _at_side(text: str, found: list[Chunk], index: int) -> Relation | None:
    side = cast(Side, found[index].value)
    before = _before(found, index)
    if any(chunk.sort is Sort.LIMIT for chunk in found[index + 1 : index + 3]):
        return None  # before a due date that the phrase does not tell
    anchor, end = _anchor(text, found, index + 1)
    if before is not None and found[before].sort is Sort.NAME:
        return _particular(text, found, before, index, side, anchor, end)
    value = found[before].value if before is not None else None
    cadence = _placed(side, value, anchor)
    if cadence is None:
        return None
    first = index if before is None else before
    first, cadence = _limited(found, first, cadence)
    name = anchor.name if isinstance(anchor, Meetings) else ""
    if (
        value is not None
        and isinstance(anchor, Meetings)
        and anchor.name.lower().endswith(("frist", "fristen", "forfall"))
    ):
        return None  # a due date that the phrase does not tell
    if value is None and isinstance(anchor, Meetings) and not _is_event(found, name, index, side):
        return None
    return Relation(cadence, frozenset(range(first, end)), isinstance(anchor, Meetings))


def _is_event(found: list[Chunk], name: str, index: int, side: Side) -> bool:
    """Tell whether the name is that of something that takes place: "etter instruks" and "etter søknad" are not."""
    if side is not Side.AFTER or found[index].first + len("etter") < found[index].end or not name:
        return bool(name)
    words = name.lower().split()
    return words[0] == "at" or words[0].endswith(EVENT_ENDS) or words[-1].endswith(EVENT_ENDS)


EVENT_ENDS = (
    "møte",
    "møter",
    "ting",
    "valg",
    "val",
    "en",
    "et",
    "a",
    "ene",
    "ane",
    "i",
    "start",
    "slutt",
    "samling",
    "møta",
    "avslutning",
)


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
    match value:
        case Amount(near, far):
            return Related(anchor, side, near, far) if side is not Side.AT else None
        case Day(day, nth):
            if side is Side.AT:
                return None
            count = abs(nth) or 1
            return NearDay(anchor, day, count if side is Side.AFTER else -count)
        case Row(count, day):
            return InARow(anchor, count, day) if side is Side.AFTER else None
    return Related(anchor, side)


def _limited(found: list[Chunk], first: int, cadence: Cadence) -> tuple[int, Cadence]:
    """Take in "senest" or "minst" before the relation."""
    at = first - 1
    while at >= 0 and found[at].sort is Sort.FILLER and found[at].value not in LEASTS:
        at -= 1
    if at >= 0 and found[at].sort in {Sort.BOUND, Sort.LIMIT} and found[at].value in {Bound.BY, Bound.DURING}:
        return at, Due(cadence)
    if at >= 0 and found[at].sort is Sort.FILLER:
        return at, Due(cadence)
    return first, cadence


LEASTS = {"minst", "minimum", "min", "i det minste"}


def _anchor(text: str, found: list[Chunk], index: int) -> tuple[Cadence, int]:
    """Return what the relation leans on, and where it ends: a spot, each meeting of a series, or a name."""
    at = index
    while at < len(found) and found[at].sort in QUIET:
        at += 1
    if at < len(found) and found[at].sort is Sort.SPOTS:
        spots = cast("list[Spot]", found[at].value)
        parts = tuple(Annual(spot) for spot in spots)
        return (parts[0] if len(parts) == 1 else Several(parts)), at + 1
    if at < len(found) and found[at].sort is Sort.REPEAT and isinstance(found[at].value, Meetings):
        return cast(Meetings, found[at].value), at + 1
    end = at
    while end < len(found) and (found[end].sort not in ENDS_NAME or isinstance(found[end].value, EveryYears)):
        end += 1
    while end > at and found[end - 1].sort is not Sort.NAME:
        end -= 1
    if end == at:
        return Meetings(""), index
    series = Meetings(text[found[at].first : found[end - 1].end])
    following = end + 1 if end < len(found) and found[end].value in {"i", "på"} else end
    if following < len(found) and found[following].sort is Sort.SPOTS:
        spots = cast("list[Spot]", found[following].value)
        if following > end and len(spots) == 1 and not is_day(spots[0]):
            return Meeting(series, within=spots[0]), following + 1
    return series, end


def _particular(
    text: str, found: list[Chunk], before: int, index: int, side: Side, anchor: Cadence, end: int
) -> Relation | None:
    """Read "første styremøte etter 1. oktober", "siste styremøte før sommeren"."""
    start = max(n for n in range(before) if found[n].sort is Sort.NTH)
    name = text[found[start + 1].first : found[before].end]
    nth = cast(int, found[start].value)
    if not isinstance(anchor, Annual) or side is Side.AT:
        return None
    spot = anchor.spot
    meeting = Meeting(
        Meetings(name), nth, after=spot if side is Side.AFTER else None, before=spot if side is Side.BEFORE else None
    )
    return Relation(meeting, frozenset(range(start, end)))


def _of_owner(found: list[Chunk], index: int) -> Relation | None:
    """Read "14 dager i forveien", "tre veker på førehand"."""
    before = _before(found, index)
    cadence = _placed(cast(Side, found[index].value), found[before].value if before is not None else None, Meetings(""))
    if cadence is None or (before is not None and found[before].sort is Sort.NAME):
        return None
    first, cadence = _limited(found, index if before is None else before, cadence)
    return Relation(cadence, frozenset(range(first, index + 1)))


def _of_notice(found: list[Chunk], index: int) -> Relation | None:
    """Read "med minst 14 dagers varsel"."""
    before = next((n for n in range(index - 1, -1, -1) if found[n].sort is Sort.AMOUNT), None)
    if before is None:
        return None
    cadence = Due(Related(Meetings(""), Side.BEFORE, cast(Amount, found[before].value).near))
    return Relation(cadence, frozenset(range(before, index + 1)))


CLAUSES = ("der", "hvis", "dersom", "når", "hvor", "om")
MEETING_WORDS = ("møtet", "møtene", "møter", "tinget", "møta", "møte")


def _limit_of_name(text: str, found: list[Chunk]) -> Relation | None:
    """Read "frem til landsmøtet", and the bare "styremøtene"."""
    names = [n for n, chunk in enumerate(found) if chunk.sort is Sort.NAME]
    allowed = {Sort.NAME, Sort.FILLER, Sort.BOUND, Sort.NEXT, Sort.STOP, Sort.UNTIL}
    if not names or any(
        chunk.sort not in allowed or (chunk.sort is Sort.STOP and chunk.value in CLAUSES) for chunk in found
    ):
        return None
    first = str(found[names[0]].value)
    if not first.lower().endswith(MEETING_WORDS) and not first.isupper() and len(names) > 1:
        return None
    name = text[found[names[0]].first : found[names[-1]].end]
    bounds = [chunk for chunk in found[: names[0]] if chunk.sort is Sort.BOUND]
    meeting = any(str(found[n].value).lower().endswith(("møtet", "møtene", "møter", "tinget", "møta")) for n in names)
    if not meeting or len(names) > 4:  # noqa: PLR2004  (more is a sentence)
        return None
    cadence: Cadence = Meetings(name)
    if bounds:
        cadence = Due(cadence, cast(Bound, bounds[0].value))
    return Relation(cadence, frozenset(range(len(found))))
