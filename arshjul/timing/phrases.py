"""Norwegian time phrases → cadences. A reading is given only where there is one; None for everything else."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from arshjul.timing.cadences import (
    Annual,
    At,
    Bound,
    Cadence,
    Continuous,
    Due,
    Each,
    EveryYears,
    Except,
    ForEach,
    Meeting,
    Meetings,
    Nothing,
    OnDemand,
    Only,
    Quota,
    Related,
    Rolled,
    Several,
    Side,
    TimeOfDay,
    Vague,
    Weekly,
    Yearly,
)
from arshjul.timing.chunks import TIMES, chunks, has_slip
from arshjul.timing.days import Offset
from arshjul.timing.grammar_parts import amount
from arshjul.timing.grammar_spots import adjoining, between, is_day, meet
from arshjul.timing.lexer import END, Chunk, Kind, Sort, full_dates, lex, never, normal, year_number
from arshjul.timing.places import (
    About,
    Condition,
    Date,
    Feast,
    FirstDay,
    InSeason,
    InYear,
    LastDay,
    Nth,
    NthWeek,
    OneOf,
    Part,
    SectionOf,
    Spot,
    Stretch,
    Week,
    WholeYear,
    YearKind,
    YearPart,
    Years,
    own_year,
)
from arshjul.timing.relations import LIMITING, Dated, Parts, Relation, sorted_parts
from arshjul.timing.vocabulary import DEFINITE, MEETINGS, Role

TIMES += ["kvartal", "tertial", "virkedag", "virkedager"]
"""What a word may be rather like to be a slip: "tredje torsdg i mars" is not all of March.

The words for before and after are not among them, nor the seasons: they have neighbours in plans, "etater" and "våre".
"""


ENDING = {Bound.BY, Bound.UNTIL, Bound.THROUGH}
MOST_PAIRS = 24
"""Places compared with each other, so that reading stays linear."""


def best_of(dates: list[Dated]) -> Dated | None:
    """Return the one date that counts: days before weeks before months before seasons. None where two compete."""
    plain = [dated.spots[0] for dated in dates if dated.bound is None and not isinstance(dated.spots[0], Feast)]
    if not all(meet(plain[0], spot) for spot in plain[1:MOST_PAIRS]):
        return None  # "1. mars (uke 30)"
    sharpest = max(_sharpness(dated.spots[0]) for dated in dates)
    found = [dated for dated in dates if _sharpness(dated.spots[0]) == sharpest]
    if len(found) == 1 or all(dated.spots == found[0].spots for dated in found):
        return found[0]
    pair = found if len(found) == 2 else []
    from_to = pair and pair[0].bound is Bound.FROM and pair[1].bound in ENDING
    if from_to and all(len(dated.spots) == 1 for dated in pair):
        return Dated([between(found[0].spots[0], found[1].spots[0])], None)
    due = [dated for dated in found if dated.bound is Bound.BY]
    return due[0] if len(due) == 1 else None


def is_year(spot: Spot) -> bool:
    return isinstance(spot, WholeYear) or (isinstance(spot, InYear) and isinstance(spot.spot, WholeYear))


def _sharpness(spot: Spot) -> int:
    """Rank the kinds of places: days before weeks before months before longer parts before seasons before years."""
    match spot:
        case InYear(_, inner):
            return _sharpness(inner)
        case Stretch(first):
            return _sharpness(first)
        case Week():
            return 4
        case YearPart(part):
            return 3 if part is Part.MONTH else 2
        case InSeason() | Feast():
            return 1
    return 0 if isinstance(spot, Years) else 5 if is_day(spot) else 3


def in_told_year(parts: Parts, best: Dated) -> Dated | None:
    """Give a year that stands by itself to the date: "2028: 1. mars". None where that day is not in that year."""
    if parts.year is None or parts.school_year or any(own_year(spot) is not None for spot in best.spots):
        return best
    spots = [_in_year(parts.year[0], spot) for spot in best.spots]
    return None if never(lex(parts.text), spots) else replace(best, spots=spots)


def _in_year(year: int, spot: Spot) -> Spot:
    """Return the spot in the year, as the grammar does where they stand together: "slutten av mars 2027"."""
    match spot:
        case About(inner):
            return About(_in_year(year, inner))
        case Nth() | NthWeek() | OneOf() | SectionOf() | LastDay() | FirstDay():
            return replace(spot, within=_in_year(year, spot.within))
    return InYear(year, spot)


def assembled(text: str, found: list[Chunk]) -> Cadence | None:
    """Return what the chunks say, what stands in brackets only where the rest names no place in the year."""
    main = [chunk for chunk in found if not chunk.inside or chunk.sort in KEPT]
    inside = [chunk for chunk in found if chunk.inside and chunk.sort not in KEPT | IDLE]
    if not inside or _agree(main, inside):
        return _reading(text, main)
    return _reading(text, found)


IDLE = {Sort.NAME, Sort.FILLER, Sort.STOP, Sort.NTH, Sort.GROUP, Sort.YEAR, Sort.UNTIL}
"""What says nothing about the time where it stands in brackets."""


def _agree(main: list[Chunk], inside: list[Chunk]) -> bool:
    """Tell whether the brackets say again which days are meant: "1. mars (uke 9)"."""
    if any(chunk.sort is not Sort.SPOTS for chunk in inside):
        return False
    said, again = _spots_of(main), _spots_of(inside)
    known = said and all(is_day(spot) or isinstance(spot, Feast) for spot in said)
    if not known or len(said) * len(again) > MOST_PAIRS:
        return False
    return all(any(meet(one, other) for one in said) for other in again)


def _spots_of(found: list[Chunk]) -> list[Spot]:
    return [spot for chunk in found if chunk.sort is Sort.SPOTS for spot in cast("list[Spot]", chunk.value)]


KEPT = {Sort.LIMIT, Sort.CLOCK, Sort.CONDITION, Sort.ROLL}
"""What counts in brackets too: "15. mars (frist)"."""


def _reading(text: str, found: list[Chunk]) -> Cadence | None:
    parts = sorted_parts(text, found)
    if parts.unread:
        return None
    core = _core(parts)
    if parts.open_bound not in {None, Bound.DURING} and _is_unlimited(core):
        return None  # "hver uke fra årsmøtet": from when on is not known
    return None if core is None else _qualified(core, parts)


UNLIMITED = (Weekly, Each, Quota, Yearly, EveryYears, Continuous, Meetings, Meeting)
"""What a bound would shorten."""


def _is_unlimited(core: Cadence | None) -> bool:
    return isinstance(core, UNLIMITED) or (isinstance(core, Several) and any(map(_is_unlimited, core.parts)))


def _is_rhythm(repeat: Cadence) -> bool:
    """Tell whether it comes round in the year by itself; "1. og 15. i hver måned" is two that do."""
    return isinstance(repeat, Weekly | Each) or (isinstance(repeat, Several) and any(map(_is_rhythm, repeat.parts)))


def _core(parts: Parts) -> Cadence | None:
    """Return the reading without clock, condition and exceptions: a date first, then a relation, then how often."""
    dates = [dated for dated in parts.dates if dated.bound in LIMITING or not is_year(dated.spots[0])]
    best = best_of(dates) if dates else None
    if dates and best is None:
        return None
    if _is_unsure(parts, best):
        return None
    if best is not None and _outweighs(best, parts.relation):
        return _dated(parts, best)
    if parts.relation is not None:
        return None if any(isinstance(repeat, Quota) for repeat in parts.repeats) else parts.relation.cadence
    if parts.repeats:
        return _repeated(parts)
    if parts.year is not None:
        return _of_year(parts, *parts.year)
    return _without_date(parts)


def _is_unsure(parts: Parts, best: Dated | None) -> bool:
    """Tell whether words are left that may change the time: a relation, a part of it, a second rhythm, a long sentence.

    A day by its date stands whatever is around it.
    """
    if best is not None and any(is_day(spot) for spot in best.spots):
        return False
    names = [str(name.value).lower() for name in parts.names]
    names += [state.words for state in parts.opens if isinstance(state, Vague)]
    rhythms = [repeat for repeat in parts.repeats if isinstance(repeat, Meetings) or _is_rhythm(repeat)]
    which_part = best is not None and any(parts.text[name.end : best.first].strip() == "av" for name in parts.names)
    modified = best is not None and parts.relation is not None and min(parts.relation.taken) == best.at + 1
    return bool(
        parts.unplaced
        or which_part
        or modified
        or len(names) > MOST_NAMES
        or len(set(rhythms)) > 1
        or (rhythms and (parts.relation or any(name.endswith(PERIODS) for name in names)))
    )


MOST_NAMES = 3
"""Unknown words beside a reading that is no day by its date: with more it is a sentence about something else."""
PERIODS = ("sesongen", "perioden", "året", "semesteret", "terminen", "ferien", "ferier", "tiden", "tida")
"""How names of periods end, which would say when in the year a rhythm is kept."""


def _outweighs(best: Dated, relation: Relation | None) -> bool:
    """Tell whether a date says more than the relation beside it: "en måned før landsmøtet – ca. 15. januar"."""
    return relation is None or relation.named or best.bound in LIMITING or any(is_day(spot) for spot in best.spots)


def _without_date(parts: Parts) -> Cadence | None:
    """Read what names no day: a need, "løpende", the first meeting, a sort of year, a clock time, a time to come."""
    if parts.needed:
        return OnDemand()
    if parts.opens:
        return max(parts.opens, key=lambda state: isinstance(state, Continuous) and state.within is not None)
    if parts.nth is not None and parts.names and str(parts.names[-1].value).lower().endswith(MEETINGS):
        meeting = Meeting(Meetings(parts.text[parts.names[0].first : parts.names[-1].end]), parts.nth)
        return Due(meeting, parts.open_bound) if parts.open_bound else meeting
    if parts.condition:
        return Yearly()
    if parts.clock:
        return TimeOfDay(parts.clock)
    return Vague(parts.text.lower()) if (parts.dates and not parts.clause) or parts.of_other_time else None


def _dated(parts: Parts, best: Dated) -> Cadence | None:
    """Return the dates with their rhythm and their limit."""
    if any(state in OTHER_YEARS or isinstance(state, Nothing) for state in parts.opens):
        return None
    if _is_dropped(parts) or any(isinstance(repeat, Several) and _is_rhythm(repeat) for repeat in parts.repeats):
        return None  # "1. og 15. i hver måned i september": two rhythms are not kept within a part of the year
    bound = None if best.bound is Bound.FROM and _is_stretch(best.spots[0]) else best.bound
    rhythm = next((repeat for repeat in parts.repeats if not isinstance(repeat, Yearly)), None)
    told = in_told_year(parts, best) if rhythm is None else best
    if told is None:
        return None
    best = told
    if bound in {Bound.UNTIL, Bound.THROUGH} and any(isinstance(state, Continuous) for state in parts.opens):
        return None  # "løpende til 1. mars" is no limit
    if isinstance(rhythm, Weekly | Each | Quota):
        # "hver tirsdag fra 1. mars" does not say until when.
        return None if bound not in {None, Bound.DURING} else _in_rhythm(rhythm, best.spots)
    if bound is None and (meeting := _meeting(parts, best)):
        return meeting
    if bound is not None and _is_of_event(parts, best):
        meeting = _meeting(parts, best) if bound in ENDING else None
        return Due(meeting, bound) if meeting else None
    base = _base(parts, best, rhythm)
    whole = best.spots[0].spot if isinstance(best.spots[0], InYear) else best.spots[0]
    if bound in {Bound.BY, Bound.UNTIL} and whole in NEW_YEARS:
        return Related(base, Side.BEFORE)
    if bound is Bound.BY and isinstance(whole, InSeason):
        return None  # before it or in it?
    if bound is Bound.BY and isinstance(whole, Feast):
        bound = Bound.UNTIL  # "innen jul" is before the days off
    return Due(base, bound) if bound else base


def _is_dropped(parts: Parts) -> bool:
    """Tell whether a year is said that the reading would not keep: "1. mars, fra 2028", "neste gang i 2028"."""
    rhythm = any(isinstance(repeat, EveryYears) for repeat in parts.repeats)
    return not rhythm and (parts.anchor is not None or (parts.year is not None and parts.year[1] is not None))


def _is_of_event(parts: Parts, best: Dated) -> bool:
    """Tell whether the bound is that of something which takes place then: "innen styremøtet i september"."""
    if best.strict or not parts.names or is_day(best.spots[0]):
        return False
    between_them = all(best.bound_at < name.first < best.first for name in parts.names)
    return between_them or (_follows_month(parts) and str(parts.names[-1].value).lower().endswith(MEETINGS))


def _follows_month(parts: Parts) -> bool:
    """Tell whether the one name stands after its month, as in "september styremøte"."""
    name = parts.names[0]
    after_word = parts.text[: name.first].rstrip()[-1:].isalpha() and parts.text.endswith(str(name.value))
    return len(parts.names) == 1 and after_word


def _base(parts: Parts, best: Dated, rhythm: Cadence | None) -> Cadence:
    """Return the dates each year or every so many years, or "løpende" in a part of the year."""
    whole = best.spots[0]
    if isinstance(rhythm, EveryYears):
        anchor = parts.anchor or rhythm.anchor or (parts.year[0] if parts.year else None)
        if isinstance(whole, Years):
            return EveryYears(rhythm.every, anchor)
        return _each_spot(best.spots, rhythm.every, anchor)
    lasts = best.bound is Bound.FROM or (best.bound in {None, Bound.DURING} and not _one_day(whole))
    if len(best.spots) == 1 and lasts and any(isinstance(x, Continuous) for x in parts.opens):
        return Continuous(whole)
    return _each_spot(best.spots, 1, None)


def _is_stretch(spot: Spot) -> bool:
    return isinstance(spot, Stretch | Years) or (isinstance(spot, InYear) and _is_stretch(spot.spot))


def _in_rhythm(rhythm: Weekly | Each | Quota, spots: list[Spot]) -> Cadence | None:
    """Return a rhythm within a part of the year. Beside days by date a weekday is their name, and they alone count."""
    whole = spots[0]
    if isinstance(rhythm, Weekly) and any(day.weekday() not in rhythm.days for day in full_dates(whole)):
        return None  # "tirsdag 2027-03-03" is a Wednesday
    if len(spots) > 1 and not isinstance(rhythm, Quota) and not is_day(whole):
        both = adjoining(spots)
        return replace(rhythm, within=both) if both else None  # "hver tirsdag i mars og oktober"
    if len(spots) > 1 or _one_day(whole):
        return _each_spot(spots, 1, None) if isinstance(rhythm, Weekly) or len(spots) > 1 else None
    if isinstance(rhythm, Weekly) and isinstance(whole, Week) and rhythm.days and whole.days == (0, 6):
        first, last = rhythm.days[0], rhythm.days[-1]
        if last - first == len(rhythm.days) - 1:
            return Annual(Week(whole.number, (first, last)))
    return replace(rhythm, within=whole)


def _each_spot(spots: list[Spot], every: int, anchor: int | None) -> Cadence:
    found = tuple(Annual(spot, every, anchor) for spot in spots)
    return found[0] if len(found) == 1 else Several(found)


def _one_day(spot: Spot) -> bool:
    return isinstance(spot, Date) or (isinstance(spot, InYear) and isinstance(spot.spot, Date))


NEW_YEARS = {Feast("årsskiftet"), Feast("nyttår")}
OTHER_YEARS = {
    Vague(words)
    for words in (
        *("neste år", "til neste år", "kommende år", "komande år", "påfølgende år", "påfølgjande år", "året etter"),
        *("i fjor", "etterfølgende år", "etterfølgjande år", "forrige år", "førre år", "året før", "foregående år"),
    )
}


def _meeting(parts: Parts, best: Dated) -> Cadence | None:
    """Read "styremøtet i september", "September styremøte", "det første møtet på høsten".

    A plain "årsmøte i mars" says when the meeting is, and is no particular one of a series.
    """
    vague = any(isinstance(state, Vague) for state in parts.opens)
    if vague or not 1 <= len(parts.names) <= 2 or len(best.spots) > 1 or is_day(best.spots[0]):
        return None
    first, last = parts.names[0], parts.names[-1]
    name = str(last.value).lower()
    numbered = best.bound is not None or parts.nth is not None
    particular = numbered or name.endswith(DEFINITE) or _follows_month(parts)
    if not particular or not name.endswith(MEETINGS):
        return None
    return Meeting(Meetings(parts.text[first.first : last.end]), parts.nth, within=best.spots[0])


def _repeated(parts: Parts) -> Cadence | None:
    """Return the one repetition; a quota beside an open one ("etter behov, og minst to ganger i året") wins."""
    kinds = [repeat for repeat in parts.repeats if not isinstance(repeat, Yearly)] or parts.repeats
    first = kinds[0]
    if not isinstance(first, Quota) and _is_dropped(parts):
        return None
    if isinstance(first, EveryYears):
        return EveryYears(first.every, parts.anchor or first.anchor or (parts.year[0] if parts.year else None))
    if isinstance(first, Each) and first.on is not None and parts.repeat_bound:
        return Due(first, parts.repeat_bound)
    if isinstance(first, Several) and parts.repeat_bound:
        return None
    if isinstance(first, Quota) and parts.year:
        return replace(first, within=InYear(parts.year[0], WholeYear()))
    return first


def _of_year(parts: Parts, year: int, bound: Bound | None) -> Cadence | None:
    """Return the end of a year as a limit; only a year by its number is no time."""
    if bound in {Bound.BY, Bound.DURING, Bound.THROUGH}:
        return Due(Annual(InYear(year, WholeYear())), Bound.BY)
    return Vague(parts.text.lower())


def _lasts(core: Cadence) -> bool:
    """Tell whether it is one stretch of days, which an exception would cut in two or take away whole."""
    match core:
        case Due(inner):
            return _lasts(inner)
        case Annual(spot):
            return not _one_day(spot)
    return isinstance(core, Continuous)


def _qualified(core: Cadence, parts: Parts) -> Cadence | None:
    if isinstance(core, Vague | Nothing):
        return core
    if parts.spared and _lasts(core):
        return None  # "2. halvår unntatt juli" is two stretches
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
    if isinstance(core, Annual) and core.every == 2 and core.anchor is None:
        core = Annual(core.spot)  # the condition says which of every two years
    return Only(core, parts.condition)


LONGEST = 600
"""Characters of the longest text that is still a phrase; a longer one is prose and has no reading."""


def read(text: str) -> Cadence | None:
    """Return what the phrase says; None where there is no sure reading."""
    if len(text) > LONGEST:
        return None
    plain = normal(text)
    if not any(character.isalnum() for character in plain):
        return Nothing() if len(plain) <= len("---") else None
    tokens = lex(plain)
    return None if has_slip(tokens) else assembled(plain, chunks(tokens))


def read_condition(text: str) -> Condition | None:
    """Return the condition on the year, "stortingsvalgår", "ikke i valgår" or "2026"; None for anything else."""
    tokens = [token for token in lex(text) if token.role not in {Role.PREP, Role.NUMBER, Role.EACH}]
    negated = bool(tokens) and tokens[0].text.startswith(("ikke", "ikkje"))
    rest = tokens[1:] if negated else tokens
    if len(rest) != 1:
        return None
    if rest[0].role is Role.CONDITION and isinstance(rest[0].value, YearKind):
        return Condition(rest[0].value, negated)
    year = year_number(rest[0])
    return Condition(year, negated) if year is not None else None


def read_offset(text: str) -> Offset | None:
    """Return the distance in "15 virkedager", "3 uker før" or "6 veker"; None for anything else."""
    tokens = [*lex(text), *[END] * 8]
    found = amount(tokens, 0)
    if found is None or found[0].far is not None:
        return None
    rest = [token for token in tokens[found[1] :] if token.kind != Kind.END]
    return found[0].near if not rest or (len(rest) == 1 and rest[0].role in {Role.SIDE, Role.OWNER}) else None
