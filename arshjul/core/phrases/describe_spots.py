"""Places in the year in words; see `describe`."""

from __future__ import annotations

from arshjul.core.cadences import (
    About,
    Countable,
    Date,
    DayKind,
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
    YearPart,
    Years,
)
from arshjul.core.phrases.roles import PARTS
from arshjul.core.phrases.tongues import Tongue

UNITS = {part: per for per, part in PARTS.items()}


def spot_words(spot: Spot, tongue: Tongue) -> str:  # noqa: PLR0911  (one line for each kind)
    """Return the spot as it stands in a phrase: "15. juni", "andre fredag i juni"."""
    match spot:
        case Date(month, day):
            return tongue.date.format(day, tongue.months[month - 1])
        case YearPart(part, number):
            return _part(part, number, tongue)
        case Week():
            return _week(spot, tongue)
        case InSeason(season):
            return tongue.seasons[season]
        case Feast(key):
            return tongue.feasts[key]
        case Stretch(first, last):
            return _stretch(first, last, tongue)
        case Years(first_year, last_year):
            return f"{first_year}–{last_year}"
        case WholeYear():
            return tongue.the_year
        case InYear(year, WholeYear()):
            return f"{year}"
        case InYear(year, inner):
            return f"{spot_words(inner, tongue)} {year}"
    return _narrowed(spot, tongue)


def _narrowed(spot: Spot, tongue: Tongue) -> str:
    match spot:
        case Nth(nth, day, within, until):
            last = f"–{tongue.weekdays[until]}" if until is not None else ""
            return f"{ordinal(nth, tongue)} {counted_day(day, tongue)}{last} {inside(within, tongue)}"
        case NthWeek(nth, within):
            return tongue.nth_week.format(ordinal(nth, tongue), inside(within, tongue))
        case OneOf(days, within):
            return f"{weekday_words(days, tongue.or_, tongue)} {spot_words(within, tongue)}"
        case SectionOf(section, within):
            return tongue.sections[section].format(spot_words(within, tongue))
        case LastDay(within):
            return tongue.last_day.format(spot_words(within, tongue))
        case FirstDay(within):
            return tongue.first_day.format(spot_words(within, tongue))
        case About(Stretch(LastDay(before), FirstDay(after))):
            return tongue.turn_of_month.format(spot_words(before, tongue), spot_words(after, tongue))
        case About(InYear(year, Stretch(LastDay(before), FirstDay(after)))):
            return tongue.turn_of_month.format(spot_words(before, tongue), spot_words(after, tongue)) + f" {year}"
        case About(inner):
            return tongue.about.format(spot_words(inner, tongue))
    raise TypeError(f"{spot!r} is no spot")


def inside(spot: Spot, tongue: Tongue) -> str:
    """Return "i juni", "på høsten", "i året"."""
    bare = spot.spot if isinstance(spot, InYear) else spot
    return f"{tongue.in_season if isinstance(bare, InSeason) else tongue.in_} {spot_words(spot, tongue)}"


def ordinal(number: int, tongue: Tongue) -> str:
    return tongue.ordinals.get(number, f"{number}.")


def counted_day(day: Countable, tongue: Tongue) -> str:
    return tongue.day_kinds[day] if isinstance(day, DayKind) else tongue.weekdays[day]


def joined(parts: list[str], joint: str) -> str:
    """Return "a, b og c"."""
    return f" {joint} ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]


def weekday_words(days: tuple[int, ...], joint: str, tongue: Tongue) -> str:
    return joined([tongue.weekdays[day] for day in days], joint)


def _part(part: Part, number: int, tongue: Tongue) -> str:
    if part is Part.MONTH:
        return tongue.months[number - 1]
    return f"{number}. {tongue.units[UNITS[part]]}"


def _week(week: Week, tongue: Tongue) -> str:
    name = tongue.week.format(week.number)
    first, last = week.days
    if week.days == (0, 6):
        return name
    days = tongue.weekdays[first] if first == last else f"{tongue.weekdays[first]}–{tongue.weekdays[last]}"
    return f"{days} {tongue.in_} {name}"


def _stretch(first: Spot, last: Spot, tongue: Tongue) -> str:
    match first, last:
        case Date(month, day), Date(last_month, _) if month == last_month:
            return f"{day}.–{spot_words(last, tongue)}"
        case Week(number, (0, 6)), Week(last_number, (0, 6)):
            return tongue.weeks.format(number, last_number)
        case YearPart(part, number), YearPart(last_part, _) if part is last_part and part is not Part.MONTH:
            return f"{number}.–{spot_words(last, tongue)}"
    dash = "–" if isinstance(first, Date | YearPart) and isinstance(last, Date | YearPart) else " – "
    return f"{spot_words(first, tongue)}{dash}{spot_words(last, tongue)}"
