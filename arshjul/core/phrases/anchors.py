"""What relations lean on: a place in the year, each meeting of a series, an event by its name."""

from __future__ import annotations

from typing import cast

from arshjul.core.cadences import Annual, Cadence, Each, EveryYears, Meeting, Meetings, Several, Side, Spot
from arshjul.core.phrases.chunks import Chunk, Sort
from arshjul.core.phrases.grammar_spots import is_day

QUIET = {Sort.FILLER, Sort.NEXT}
ENDS_NAME = {
    *(Sort.STOP, Sort.SPOTS, Sort.BOUND, Sort.LIMIT, Sort.CLOCK, Sort.REPEAT, Sort.QUOTA),
    *(Sort.CONDITION, Sort.ROLL, Sort.SIDE, Sort.OWNER, Sort.YEAR),
}
DEFINITE = ("møtet", "møta", "møtene", "tinget", "samlinga", "samlingen", "seminaret", "konferansen", "forumet")
MEETINGS = (*DEFINITE, "møte", "møter", "ting", "samling", "seminar", "konferanse", "forum")
"""How the names of meetings end; the definite ones are particular meetings."""
DUE_DATES = ("frist", "fristen", "forfall")
EVENT_ENDS = (
    *("møte", "møter", "møta", "ting", "ing", "valg", "val", "budsjett", "vedtak", "start", "slutt"),
    *("en", "et", "a", "ene", "ane", "i"),
)
"""How names end of what takes place: definite forms, meetings, decisions. "etter instruks" has none of these."""


def anchor_at(text: str, found: list[Chunk], index: int) -> tuple[Cadence, int]:
    """Return what a relation leans on and the index after it; the event that owns the phrase where nothing is named."""
    at = index
    while at < len(found) and found[at].sort in QUIET:
        at += 1
    if at < len(found) and found[at].sort is Sort.SPOTS:
        spots = tuple(Annual(spot) for spot in cast("list[Spot]", found[at].value))
        return (spots[0] if len(spots) == 1 else Several(spots)), at + 1
    if at < len(found) and isinstance(found[at].value, Meetings | Each):
        return cast(Cadence, found[at].value), at + 1
    end = _end_of_name(found, at)
    if end == at:
        return Meetings(""), index
    return _meeting_within(Meetings(text[found[at].first : found[end - 1].end]), found, end)


def _end_of_name(found: list[Chunk], start: int) -> int:
    """Return the index after the last word of a name; "de 4-årige føringer" is all name."""
    end = start
    while end < len(found) and (found[end].sort not in ENDS_NAME or isinstance(found[end].value, EveryYears)):
        end += 1
    while end > start and found[end - 1].sort is not Sort.NAME:
        end -= 1
    return end


def _meeting_within(series: Meetings, found: list[Chunk], end: int) -> tuple[Cadence, int]:
    """Take in "i oktober" after "styremøtet"."""
    beside = found[end : end + 2]
    if len(beside) == 2 and beside[0].value in ("i", "på") and beside[1].sort is Sort.SPOTS:
        spots = cast("list[Spot]", beside[1].value)
        if len(spots) == 1 and not is_day(spots[0]):
            return Meeting(series, within=spots[0]), end + 2
    return series, end


def is_due_date(found: list[Chunk], anchor: Cadence, index: int) -> bool:
    """Tell whether a relation leans on a due date that the phrase does not tell ("seks uker før fristen")."""
    named = isinstance(anchor, Meetings) and anchor.name.lower().endswith(DUE_DATES)
    return named or any(chunk.sort is Sort.LIMIT for chunk in found[index + 1 : index + 3])


def is_event(anchor: Cadence, side: Side, *, stressed: bool) -> bool:
    """Tell whether something takes place by that name, so that it can be leant on without a distance.

    `stressed` is "rett etter" and its like, which only events have: "etter instruks" and "etter søknad" name none.
    """
    if not isinstance(anchor, Meetings):
        return True
    if side is not Side.AFTER or stressed or not anchor.name:
        return bool(anchor.name)
    words = anchor.name.lower().split()
    is_id_or_clause = words[0] == "at" or not "".join(words).isalpha()
    return is_id_or_clause or words[0].endswith(EVENT_ENDS) or words[-1].endswith(EVENT_ENDS)
