"""What the chunks of a phrase mean together. A reading is given only where there is one; None for everything else."""

from __future__ import annotations

from dataclasses import replace

from arshjul.core.cadences import (
    Annual,
    At,
    Bound,
    Cadence,
    Continuous,
    Date,
    Due,
    Each,
    EveryYears,
    Except,
    Feast,
    ForEach,
    InYear,
    Meeting,
    Meetings,
    OnDemand,
    Only,
    Part,
    Quota,
    Related,
    Rolled,
    Several,
    Side,
    Spot,
    Stretch,
    TimeOfDay,
    Vague,
    Week,
    Weekly,
    WholeYear,
    Yearly,
    YearPart,
    Years,
)
from arshjul.core.phrases.chunks import Chunk, Sort
from arshjul.core.phrases.grammar_spots import between, is_day
from arshjul.core.phrases.relations import Relation
from arshjul.core.phrases.sorting import Dated, Parts, sorted_parts


def assembled(text: str, found: list[Chunk]) -> Cadence | None:
    """Return what the chunks say, what stands in brackets only where the rest names no place in the year."""
    main = [chunk for chunk in found if not chunk.inside or chunk.sort in KEPT]
    if any(chunk.inside for chunk in found) and not any(chunk.sort is Sort.SPOTS for chunk in main):
        whole = _reading(text, found)
        return whole if whole is not None else _reading(text, main)
    return _reading(text, main)


KEPT = {Sort.LIMIT, Sort.CLOCK, Sort.CONDITION, Sort.ROLL}
"""What counts in brackets too: "15. mars (frist)"."""


def _reading(text: str, found: list[Chunk]) -> Cadence | None:
    parts = sorted_parts(text, found)
    if parts.numbers:
        return None
    core = _core(parts)
    return None if core is None else _qualified(core, parts)


def _core(parts: Parts) -> Cadence | None:
    """Return the reading without clock, condition and exceptions: a date first, then a relation, then how often."""
    dates = [dated for dated in parts.dates if dated.bound in LIMITING or not _is_year(dated.spots[0])]
    best = _best(dates) if dates else None
    if dates and best is None:
        return None
    if best is not None and _outweighs(best, parts.relation):
        return _dated(parts, best)
    if parts.relation is not None and not any(isinstance(repeat, Quota) for repeat in parts.repeats):
        return parts.relation.cadence
    if parts.repeats:
        return _repeated(parts)
    if parts.year is not None:
        return _of_year(parts, *parts.year)
    return _without_date(parts)


LIMITING = {Bound.BY, Bound.DURING}


def _outweighs(best: Dated, relation: Relation | None) -> bool:
    """Tell whether a date says more than the relation beside it: "en måned før landsmøtet – ca. 15. januar"."""
    return relation is None or relation.named or best.bound in LIMITING or any(is_day(spot) for spot in best.spots)


def _without_date(parts: Parts) -> Cadence | None:
    """Read what names no day: a need, "løpende", the first meeting, a sort of year, a clock time, "for neste sesong"."""
    if parts.needed:
        return OnDemand()
    if parts.opens:
        return max(parts.opens, key=lambda state: isinstance(state, Continuous) and state.within is not None)
    if parts.nth is not None and parts.names and str(parts.names[-1].value).lower().endswith(MEETINGS):
        return Meeting(Meetings(parts.text[parts.names[0].first : parts.names[-1].end]), parts.nth)
    if parts.condition:
        return Yearly()
    if parts.clock:
        return TimeOfDay(parts.clock)
    return Vague(parts.text.lower()) if parts.dates or parts.of_other_time else None


def _best(dates: list[Dated]) -> Dated | None:
    """Return the one date that counts: days before weeks before months before seasons. None where two compete."""
    sharpest = max(_sharpness(dated.spots[0]) for dated in dates)
    found = [dated for dated in dates if _sharpness(dated.spots[0]) == sharpest]
    if len(found) == 1 or all(dated.spots == found[0].spots for dated in found):
        return found[0]
    if len(found) == 2 and found[0].bound is Bound.FROM and len(found[0].spots) == len(found[1].spots) == 1:  # noqa: PLR2004
        return Dated([between(found[0].spots[0], found[1].spots[0])], None)
    due = [dated for dated in found if dated.bound is Bound.BY]
    return due[0] if len(due) == 1 else None


def _is_year(spot: Spot) -> bool:
    return isinstance(spot, WholeYear) or (isinstance(spot, InYear) and isinstance(spot.spot, WholeYear))


def _sharpness(spot: Spot) -> int:
    match spot:
        case InYear(_, inner):
            return _sharpness(inner)
        case Stretch(first):
            return _sharpness(first)
        case Years():
            return 0
        case Week():
            return 4
        case YearPart(Part.MONTH):
            return 3
        case YearPart():
            return 2
    return 5 if is_day(spot) else 1 if type(spot).__name__ in {"InSeason", "Feast"} else 3


def _dated(parts: Parts, best: Dated) -> Cadence | None:
    if any(state in OTHER_YEARS for state in parts.opens):
        return None
    meeting = _meeting(parts, best) if best.bound is None else None
    if meeting:
        return meeting
    base = _repeating(parts, best)
    if base is None:
        return None
    if best.bound is Bound.FROM and _is_stretch(best.spots[0]):
        return base
    if best.bound in {Bound.BY, Bound.UNTIL} and best.spots == [Feast("årsskiftet")]:
        return Related(base, Side.BEFORE)
    return Due(base, best.bound) if best.bound else base


def _is_stretch(spot: Spot) -> bool:
    return isinstance(spot, Stretch | Years) or (isinstance(spot, InYear) and _is_stretch(spot.spot))


def _repeating(parts: Parts, best: Dated) -> Cadence | None:
    """Return the dates as often as the repetition beside them says."""
    spots = best.spots
    whole = spots[0] if len(spots) == 1 else None
    wide = whole if whole is not None and not isinstance(whole, Date) else None
    for repeat in parts.repeats:
        match repeat:
            case EveryYears(every, anchor):
                start = parts.anchor or anchor or (parts.year[0] if parts.year else 0)
                if isinstance(whole, Years):
                    return EveryYears(every, start or None)
                return _each_spot(spots, every, start or None)
            case Quota(least, most, per) if wide is not None:
                return Quota(least, most, per, wide)
            case Weekly(days) if days and isinstance(wide, Week) and wide.days == (0, 6):
                return Annual(Week(wide.number, (days[0], days[-1])))
            case Weekly() if wide is not None and not _one_day(wide):
                return replace(repeat, within=wide)
            case Each() if wide is not None and not _one_day(wide):
                return replace(repeat, within=wide)
            case Each() | Quota() if len(spots) == 1:
                return None
    for state in parts.opens:
        if isinstance(state, Continuous) and wide is not None:
            return Continuous(wide)
    return _each_spot(spots, 1, None)


def _each_spot(spots: list[Spot], every: int, anchor: int | None) -> Cadence:
    found = tuple(Annual(spot, every, anchor) for spot in spots)
    return found[0] if len(found) == 1 else Several(found)


def _one_day(spot: Spot) -> bool:
    return isinstance(spot, Date) or (isinstance(spot, InYear) and isinstance(spot.spot, Date))


OTHER_YEARS = {
    Vague(words)
    for words in ("neste år", "til neste år", "forrige år", "førre år", "kommende år", "komande år", "påfølgende år")
}


DEFINITE = ("møtet", "møta", "møtene", "tinget", "samlinga", "samlingen", "seminaret", "konferansen", "forumet")


MEETINGS = (*DEFINITE, "møte", "møter", "ting", "samling", "seminar", "konferanse", "forum")


def _meeting(parts: Parts, best: Dated) -> Cadence | None:
    """Read "styremøtet i september", "September styremøte", "det første møtet på høsten"."""
    if any(isinstance(state, Vague) for state in parts.opens):
        return None
    if len(parts.names) > 2 or not parts.names or len(best.spots) > 1 or is_day(best.spots[0]) or parts.repeats:  # noqa: PLR2004
        return None
    name = str(parts.names[-1].value)
    first, last = parts.names[0], parts.names[-1]
    before = parts.text[: first.first].rstrip()
    starts_with_it = before[-1:].isalpha() and first is last and parts.text.lower().endswith(MEETINGS)
    if (
        parts.nth is None
        and not name.lower().endswith(DEFINITE)
        and not (name.lower().endswith(MEETINGS) and starts_with_it)
    ):
        return None
    series = Meetings(parts.text[first.first : last.end])
    return Meeting(series, parts.nth, within=best.spots[0]) if name.lower().endswith(MEETINGS) else None


def _repeated(parts: Parts) -> Cadence | None:
    """Return the one repetition; a quota beside an open one ("etter behov, og minst to ganger i året") wins."""
    kinds = [repeat for repeat in parts.repeats if not isinstance(repeat, Yearly)] or parts.repeats
    first = kinds[0]
    if isinstance(first, EveryYears):
        return EveryYears(first.every, parts.anchor or first.anchor or (parts.year[0] if parts.year else None))
    if isinstance(first, Each) and first.on is not None and parts.repeat_bound:
        return Due(first, parts.repeat_bound)
    if isinstance(first, Quota) and parts.year:
        return replace(first, within=InYear(parts.year[0], WholeYear()))
    return first


def _of_year(parts: Parts, year: int, bound: Bound | None) -> Cadence | None:
    """Return the end of a year as a limit; only a year by its number is no time."""
    if bound in {Bound.BY, Bound.DURING, Bound.THROUGH}:
        return Due(Annual(InYear(year, WholeYear())), Bound.BY)
    return Vague(parts.text.lower())


def _qualified(core: Cadence, parts: Parts) -> Cadence:
    for spot in parts.spared:
        core = Except(core, spot)
    if parts.clock and not isinstance(core, TimeOfDay):
        core = At(core, parts.clock)
    if parts.later is not None:
        core = Rolled(core, parts.later)
    if parts.group:
        core = ForEach(core, parts.group)
    if parts.condition is None:
        return core
    if isinstance(core, Annual) and core.every == 2 and core.anchor is None:  # noqa: PLR2004
        core = Annual(core.spot)  # the condition says which of every two years
    return Only(core, parts.condition)
