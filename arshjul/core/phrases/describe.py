"""Cadences in words: the canonical wording in bokmål, nynorsk or English, which read back gives the same cadence."""

from __future__ import annotations

from arshjul.core.cadences import (
    MONTHS_IN,
    Annual,
    At,
    Bound,
    Cadence,
    Condition,
    Continuous,
    DayKind,
    DayOf,
    Due,
    Each,
    EveryYears,
    Except,
    ForEach,
    InARow,
    Meeting,
    Meetings,
    NearDay,
    NearWeek,
    Nothing,
    NthOf,
    OnDemand,
    Only,
    Per,
    Quota,
    Related,
    Rolled,
    Several,
    Side,
    Spot,
    TimeOfDay,
    Vague,
    Weekly,
    WholeYear,
    YearKind,
    Yearly,
)
from arshjul.core.offsets import Offset
from arshjul.core.phrases.anchors import DEFINITE
from arshjul.core.phrases.describe_spots import counted_day, joined, ordinal, spot_words, weekday_words
from arshjul.core.phrases.tongues import TONGUES, Tongue
from arshjul.core.turns import Clock

LENGTHS = {months: per for per, months in MONTHS_IN.items()}


def describe(cadence: Cadence, language: str = "nb") -> str:
    """Return the cadence in words; language "nb", "nn" or "en" (KeyError for another)."""
    return _words(cadence, TONGUES[language])


def _words(cadence: Cadence, tongue: Tongue) -> str:  # noqa: C901, PLR0911, PLR0912  (one line for each kind)
    match cadence:
        case Annual():
            return _annual(cadence, tongue)
        case Several(parts):
            return _several(parts, tongue)
        case Weekly():
            return _weekly(cadence, tongue)
        case Each():
            return _each(cadence, tongue)
        case Quota():
            return _quota(cadence, tongue)
        case EveryYears(every, anchor):
            return tongue.every_years.format(every) + (f", {tongue.next_in.format(anchor)}" if anchor else "")
        case Continuous(within):
            return _continuous(within, tongue)
        case Meetings(name):
            return _meetings(name, tongue)
        case Meeting():
            return _meeting(cadence, tongue)
        case Related():
            return _related(cadence, tongue)
        case NearDay():
            return _near_day(cadence, tongue)
        case NearWeek(anchor, nth):
            side = Side.AFTER if nth > 0 else Side.BEFORE
            week = f"{ordinal(nth, tongue)} {tongue.units[Per.WEEK]}"
            return f"{week} {tongue.sides[side]} {_anchor(anchor, tongue)}".rstrip()
        case InARow(anchor, count, day):
            days = tongue.many_days[day]
            return tongue.in_a_row.format(count, days, tongue.sides[Side.AFTER], _anchor(anchor, tongue)).rstrip()
        case TimeOfDay(clock):
            return tongue.clock.format("", _clock(clock)).lstrip(", ")
        case Vague(text):
            return text
    return _wrapped(cadence, tongue)


def _wrapped(cadence: Cadence, tongue: Tongue) -> str:
    match cadence:
        case Due(Continuous(within), Bound.FROM) if within is not None:
            return f"{tongue.continuous} {tongue.bounds[Bound.FROM].format(spot_words(within, tongue))}"
        case Due(Meetings(name), bound):
            return tongue.bounds[bound].format(name)
        case Due(inner, bound):
            return tongue.bounds[bound].format(_words(inner, tongue))
        case At(inner, clock):
            return tongue.clock.format(_words(inner, tongue), _clock(clock))
        case Only(inner, condition):
            form = tongue.not_in_years if condition.negated else tongue.in_years
            return form.format(_words(inner, tongue), _condition(condition, tongue))
        case Except(inner, spot):
            return tongue.except_.format(_words(inner, tongue), spot_words(spot, tongue))
        case Rolled(inner, later):
            return (tongue.later if later else tongue.earlier).format(_words(inner, tongue))
        case ForEach(inner, group):
            return f"{_words(inner, tongue)} per {group}"  # "for hver" would ask for the gender of the name
    return _plain(cadence, tongue)


def _plain(cadence: Cadence, tongue: Tongue) -> str:
    match cadence:
        case Yearly():
            return tongue.yearly
        case OnDemand():
            return tongue.on_demand
        case Nothing():
            return "–"
    raise TypeError(f"{cadence!r} is no cadence")


def _condition(condition: Condition, tongue: Tongue) -> str:
    return tongue.years[condition.kind] if isinstance(condition.kind, YearKind) else f"{condition.kind}"


def _clock(clock: Clock) -> str:
    return f"{clock.start:%H:%M}" + (f"–{clock.end:%H:%M}" if clock.end else "")


def _annual(cadence: Annual, tongue: Tongue) -> str:
    spot = spot_words(cadence.spot, tongue)
    if cadence.every == 1:
        return spot
    rhythm = f"{spot}, {tongue.every_years.format(cadence.every)}"
    return rhythm if cadence.anchor is None else f"{rhythm}, {tongue.next_in.format(cadence.anchor)}"


def _continuous(within: Spot | None, tongue: Tongue) -> str:
    if within is None:
        return tongue.continuous
    return tongue.whole_year if within == WholeYear() else f"{tongue.continuous}, {spot_words(within, tongue)}"


def _several(parts: tuple[Cadence, ...], tongue: Tongue) -> str:
    """Say "første og tredje tirsdag i hver måned" of repetitions that differ in their number alone."""
    days = [part.on.day for part in parts if isinstance(part, Each) and isinstance(part.on, DayOf)]
    ordinals = [part.on for part in parts if isinstance(part, Each) and isinstance(part.on, NthOf)]
    last = parts[-1]
    if len(ordinals) == len(parts) and isinstance(last, Each):
        numbers = joined([ordinal(on.nth, tongue) for on in ordinals], tongue.and_)
        return f"{numbers} {counted_day(ordinals[-1].day, tongue)} {tongue.in_} {_length(last.months, tongue)}"
    if len(days) == len(parts) and isinstance(last, Each):
        numbers = joined([f"{day}." for day in days], tongue.and_).removesuffix(".")
        return tongue.day_of_month.format(numbers, _length(last.months, tongue))
    return joined([_words(part, tongue) for part in parts], tongue.and_)


def _weekly(cadence: Weekly, tongue: Tongue) -> str:
    days = weekday_words(cadence.days, tongue.and_, tongue) if cadence.days else tongue.units[Per.WEEK]
    match cadence.every:
        case 1:
            often = tongue.each_one.format(days)
        case 2:
            often = tongue.every_other.format(days)
        case _:
            often = tongue.every_nth.format(cadence.every, days)
    first = f" {tongue.from_week.format(cadence.first)}" if cadence.first is not None else ""
    return f"{often}{first}{_within(cadence.within, tongue)}"


def _within(spot: Spot | None, tongue: Tongue) -> str:
    return f", {spot_words(spot, tongue)}" if spot is not None else ""


def _length(months: int, tongue: Tongue) -> str:
    if months in LENGTHS:
        return tongue.each[LENGTHS[months]]
    return tongue.every_other.format(tongue.units[Per.MONTH])


def _each(cadence: Each, tongue: Tongue) -> str:
    length = _length(cadence.months, tongue)
    match cadence.on:
        case DayOf(day):
            said = tongue.day_of_month.format(day, length)
        case NthOf(nth, day):
            said = f"{ordinal(nth, tongue)} {counted_day(day, tongue)} {tongue.in_} {length}"
        case _:
            said = length
    return f"{said}{_within(cadence.within, tongue)}"


def _quota(cadence: Quota, tongue: Tongue) -> str:
    least, most = cadence.least, cadence.most
    if most is None:
        count = tongue.least.format(_times(f"{least}", least, tongue))
    elif least == most:
        count = _times(f"{least}", least, tongue)
    elif least == 0:
        count = tongue.most.format(_times(f"{most}", most, tongue))
    else:
        count = _times(f"{least}–{most}", most, tongue)
    if cadence.within == WholeYear():
        return f"{count} {tongue.each_calendar_year}"
    return f"{count} {tongue.per[cadence.per]}{_within(cadence.within, tongue)}"


def _times(text: str, number: int, tongue: Tongue) -> str:
    return (tongue.once if number == 1 else tongue.times).format(text)


def _meetings(name: str, tongue: Tongue) -> str:
    """Say "hvert styremøte" of a series by its plain name, other names as they are ("styremøtene")."""
    return tongue.each_meeting.format(name) if name.endswith(PLAIN_ENDS) and " " not in name else name


PLAIN_ENDS = ("møte", "ting", "forum", "råd", "seminar")


def _meeting(cadence: Meeting, tongue: Tongue) -> str:
    if cadence.nth is None and cadence.within is not None and not cadence.series.name.endswith(DEFINITE):
        return f"{spot_words(cadence.within, tongue)} {cadence.series.name}"
    number = f"{ordinal(cadence.nth, tongue)} " if cadence.nth is not None else ""
    said = f"{number}{cadence.series.name}"
    if cadence.within is not None:
        said = f"{said} {inside_meeting(cadence.within, tongue)}"
    if cadence.after is not None:
        said = f"{said} {tongue.sides[Side.AFTER]} {spot_words(cadence.after, tongue)}"
    if cadence.before is not None:
        said = f"{said} {tongue.sides[Side.BEFORE]} {spot_words(cadence.before, tongue)}"
    return said


def inside_meeting(spot: Spot, tongue: Tongue) -> str:
    return f"{tongue.in_meeting} {spot_words(spot, tongue)}"


def _anchor(anchor: Cadence, tongue: Tongue) -> str:
    return anchor.name if isinstance(anchor, Meetings) else _words(anchor, tongue)


def _related(cadence: Related, tongue: Tongue) -> str:
    anchor = _anchor(cadence.anchor, tongue)
    if cadence.offset is None and not anchor:
        return tongue.beside[cadence.side]
    distance = f"{_distance(cadence.offset, cadence.far, tongue)} " if cadence.offset is not None else ""
    return f"{distance}{tongue.sides[cadence.side]} {anchor}".rstrip()


def _distance(near: Offset, far: Offset | None, tongue: Tongue) -> str:
    one, many = tongue.offsets[near.unit]
    if far is not None:
        return f"{near.amount}–{far.amount} {many}"
    return f"{near.amount} {one if near.amount == 1 else many}"


def _near_day(cadence: NearDay, tongue: Tongue) -> str:
    side = Side.AFTER if cadence.nth > 0 else Side.BEFORE
    anchor = _anchor(cadence.anchor, tongue)
    if cadence.day is DayKind.DAY:
        return tongue.day_beside.format(tongue.sides[side], anchor).rstrip()
    number = cadence.nth if cadence.nth > 0 or cadence.nth in {-1, -2} else -cadence.nth
    return f"{ordinal(number, tongue)} {counted_day(cadence.day, tongue)} {tongue.sides[side]} {anchor}".rstrip()
