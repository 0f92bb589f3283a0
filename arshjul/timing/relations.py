"""What stands before, after or by something else, and the sorting of a phrase's chunks by what they do."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple, cast

from arshjul.timing.cadences import (
    Annual,
    Bound,
    Cadence,
    Due,
    Each,
    EveryYears,
    InARow,
    Meeting,
    Meetings,
    NearDay,
    NearWeek,
    Related,
    Several,
    Side,
)
from arshjul.timing.days import Clock, Unit
from arshjul.timing.grammar_parts import Amount, Day, Row, Weeks
from arshjul.timing.grammar_spots import is_day
from arshjul.timing.lexer import Chunk, Sort
from arshjul.timing.places import Condition, Feast, InSeason, Spot, Stretch, YearKind
from arshjul.timing.vocabulary import MEETINGS, Role

QUIET = {Sort.FILLER, Sort.NEXT}
ENDS_NAME = {
    *(Sort.STOP, Sort.SPOTS, Sort.BOUND, Sort.LIMIT, Sort.CLOCK, Sort.REPEAT, Sort.QUOTA),
    *(Sort.CONDITION, Sort.ROLL, Sort.SIDE, Sort.OWNER, Sort.YEAR),
}
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
