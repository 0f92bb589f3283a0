"""Cadences in words: the canonical wording in bokmål, which read back gives the same cadence."""

from __future__ import annotations

from arshjul.timing.cadences import (
    MONTHS_IN,
    Annual,
    At,
    Bound,
    Cadence,
    Continuous,
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
    TimeOfDay,
    Vague,
    Weekly,
    Yearly,
)
from arshjul.timing.days import Clock, Offset, Unit
from arshjul.timing.places import (
    About,
    Condition,
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
    Season,
    Section,
    SectionOf,
    Spot,
    Stretch,
    Week,
    WholeYear,
    YearKind,
    YearPart,
    Years,
)
from arshjul.timing.vocabulary import DEFINITE, MONTHS, ORDINALS, PARTS, WEEKDAYS, WORD_LIST, Role

FEAST_NAMES = {str(key): names.split("|")[0] for role, key, names in reversed(WORD_LIST) if role is Role.FEAST} | {
    key: key
    for key in (
        *("1. påskedag", "2. påskedag", "1. pinsedag", "2. pinsedag", "1. juledag", "2. juledag"),
        *("1. advent", "2. advent", "3. advent", "4. advent"),
    )
}
"""What a feast is called first in the vocabulary."""

MONTH_NAMES = tuple(names.split("|")[0] for names in MONTHS)
WEEKDAY_NAMES = tuple(names.split("|")[0] for names in WEEKDAYS)
ORDINAL_NAMES = {number: names.split("|")[0] for number, names in enumerate(ORDINALS, 1)} | {
    -1: "siste",
    -2: "nest siste",
    -3: "tredje siste",
    -4: "fjerde siste",
}
SEASON_NAMES = {Season.WINTER: "vinteren", Season.SPRING: "våren", Season.SUMMER: "sommeren", Season.AUTUMN: "høsten"}
UNIT_NAMES = {Per.WEEK: "uke", Per.MONTH: "måned", Per.QUARTER: "kvartal", Per.TERTIAL: "tertial", Per.HALF: "halvår"}
EACH = {
    Per.MONTH: "hver måned",
    Per.QUARTER: "hvert kvartal",
    Per.TERTIAL: "hvert tertial",
    Per.HALF: "hvert halvår",
}
PER = {
    Per.DAY: "per dag",
    Per.WEEK: "i uken",
    Per.MONTH: "i måneden",
    Per.QUARTER: "i kvartalet",
    Per.TERTIAL: "i tertialet",
    Per.HALF: "i halvåret",
    Per.YEAR: "i året",
    Per.TERM: "i valgperioden",
}
OFFSET_UNITS = {
    Unit.WORKDAYS: ("virkedag", "virkedager"),
    Unit.DAYS: ("dag", "dager"),
    Unit.WEEKS: ("uke", "uker"),
    Unit.MONTHS: ("måned", "måneder"),
}
DAY_KINDS = {DayKind.WORKDAY: "virkedag", DayKind.WEEKDAY: "hverdag", DayKind.DAY: "dag"}
DAY_KINDS_PLURAL = {DayKind.WORKDAY: "virkedager", DayKind.WEEKDAY: "hverdager"}
SECTIONS = {
    Section.START: "begynnelsen av {}",
    Section.MIDDLE: "midten av {}",
    Section.END: "slutten av {}",
    Section.FIRST_HALF: "første halvdel av {}",
    Section.SECOND_HALF: "andre halvdel av {}",
}
BOUNDS = {
    Bound.BY: "innen {}",
    Bound.UNTIL: "fram til {}",
    Bound.THROUGH: "til og med {}",
    Bound.DURING: "i løpet av {}",
    Bound.FROM: "fra {}",
}
SIDES = {Side.BEFORE: "før", Side.AFTER: "etter", Side.AT: "i forbindelse med"}
YEAR_KINDS = {
    YearKind.ELECTION: "valgår",
    YearKind.STORTING_ELECTION: "stortingsvalgår",
    YearKind.LOCAL_ELECTION: "kommunevalgår",
    YearKind.BETWEEN_ELECTIONS: "mellomvalgsår",
    YearKind.EVEN: "partallsår",
    YearKind.ODD: "oddetallsår",
    YearKind.LEAP: "skuddår",
}
BESIDE = {Side.BEFORE: "på forhånd", Side.AFTER: "etterpå", Side.AT: "samme dag"}

UNITS = {part: per for per, part in PARTS.items()}


def spot_words(spot: Spot) -> str:  # noqa: PLR0911  (one line for each kind)
    """Return the spot as it stands in a phrase: "15. juni", "andre fredag i juni"."""
    match spot:
        case Date(month, day):
            return f"{day}. {MONTH_NAMES[month - 1]}"
        case YearPart(part, number):
            return _part(part, number)
        case Week():
            return _week(spot)
        case InSeason(season):
            return SEASON_NAMES[season]
        case Feast(key):
            return FEAST_NAMES[key]
        case Stretch(first, last):
            return _stretch(first, last)
        case Years(first_year, last_year):
            return f"{first_year}–{last_year}"
        case WholeYear():
            return "året"
        case InYear(year, WholeYear()):
            return f"{year}"
        case InYear(year, inner):
            return f"{spot_words(inner)} {year}"
    return _narrowed(spot)


def _narrowed(spot: Spot) -> str:
    match spot:
        case Nth(nth, day, within, until):
            last = f"–{WEEKDAY_NAMES[until]}" if until is not None else ""
            return f"{ordinal(nth)} {counted_day(day)}{last} {inside(within)}"
        case NthWeek(nth, within):
            return f"{ordinal(nth)} uke {inside(within)}"
        case OneOf(days, within):
            return f"{weekday_words(days, 'eller')} {spot_words(within)}"
        case SectionOf(section, within):
            return SECTIONS[section].format(spot_words(within))
        case LastDay(within):
            return f"utgangen av {spot_words(within)}"
        case FirstDay(within):
            return f"inngangen til {spot_words(within)}"
        case About(Stretch(LastDay(before), FirstDay(after))):
            return f"månedsskiftet {spot_words(before)}/{spot_words(after)}"
        case About(InYear(year, Stretch(LastDay(before), FirstDay(after)))):
            return f"månedsskiftet {spot_words(before)}/{spot_words(after)} {year}"
        case About(inner):
            return f"ca. {spot_words(inner)}"
    raise TypeError(f"{spot!r} is no spot")


def inside(spot: Spot) -> str:
    """Return "i juni", "på høsten", "i året"."""
    bare = spot.spot if isinstance(spot, InYear) else spot
    return f"{'på' if isinstance(bare, InSeason) else 'i'} {spot_words(spot)}"


def ordinal(number: int) -> str:
    return ORDINAL_NAMES.get(number, f"{number}.")


def counted_day(day: Countable) -> str:
    return DAY_KINDS[day] if isinstance(day, DayKind) else WEEKDAY_NAMES[day]


def joined(parts: list[str], joint: str) -> str:
    """Return "a, b og c"."""
    return f" {joint} ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]


def weekday_words(days: tuple[int, ...], joint: str) -> str:
    return joined([WEEKDAY_NAMES[day] for day in days], joint)


def _part(part: Part, number: int) -> str:
    if part is Part.MONTH:
        return MONTH_NAMES[number - 1]
    return f"{number}. {UNIT_NAMES[UNITS[part]]}"


def _week(week: Week) -> str:
    name = f"uke {week.number}"
    first, last = week.days
    if week.days == (0, 6):
        return name
    days = WEEKDAY_NAMES[first] if first == last else f"{WEEKDAY_NAMES[first]}–{WEEKDAY_NAMES[last]}"
    return f"{days} i {name}"


def _stretch(first: Spot, last: Spot) -> str:
    match first, last:
        case Date(month, day), Date(last_month, _) if month == last_month:
            return f"{day}.–{spot_words(last)}"
        case Week(number, (0, 6)), Week(last_number, (0, 6)):
            return f"uke {number}–{last_number}"
        case YearPart(part, number), YearPart(last_part, _) if part is last_part and part is not Part.MONTH:
            return f"{number}.–{spot_words(last)}"
    dash = "–" if isinstance(first, Date | YearPart) and isinstance(last, Date | YearPart) else " – "
    return f"{spot_words(first)}{dash}{spot_words(last)}"


LENGTHS = {months: per for per, months in MONTHS_IN.items()}


def describe(cadence: Cadence) -> str:  # noqa: C901, PLR0911, PLR0912  (one line for each kind)
    """Return the cadence in words (bokmål)."""
    match cadence:
        case Annual():
            return _annual(cadence)
        case Several(parts):
            return _several(parts)
        case Weekly():
            return _weekly(cadence)
        case Each():
            return _each(cadence)
        case Quota():
            return _quota(cadence)
        case EveryYears(every, anchor):
            return f"hvert {every}. år" + (f", neste gang {anchor}" if anchor else "")
        case Continuous(within):
            return _continuous(within)
        case Meetings(name):
            return _meetings(name)
        case Meeting():
            return _meeting(cadence)
        case Related():
            return _related(cadence)
        case NearDay():
            return _near_day(cadence)
        case NearWeek(anchor, nth):
            side = Side.AFTER if nth > 0 else Side.BEFORE
            week = f"{ordinal(nth)} {UNIT_NAMES[Per.WEEK]}"
            return f"{week} {SIDES[side]} {_anchor(anchor)}".rstrip()
        case InARow(anchor, count, day):
            days = DAY_KINDS_PLURAL[day]
            return f"{count} {days} på rad {SIDES[Side.AFTER]} {_anchor(anchor)}".rstrip()
        case TimeOfDay(clock):
            return f"kl. {_clock(clock)}"
        case Vague(text):
            return text
    return _wrapped(cadence)


def _wrapped(cadence: Cadence) -> str:
    match cadence:
        case Due(Continuous(within), Bound.FROM) if within is not None:
            return f"løpende {BOUNDS[Bound.FROM].format(spot_words(within))}"
        case Due(Meetings(name), bound):
            return BOUNDS[bound].format(name)
        case Due(inner, bound):
            return BOUNDS[bound].format(describe(inner))
        case At(inner, clock):
            return f"{describe(inner)} kl. {_clock(clock)}"
        case Only(inner, condition):
            return f"{describe(inner)} {'unntatt i' if condition.negated else 'i'} {_condition(condition)}"
        case Except(inner, spot):
            return f"{describe(inner)} unntatt {spot_words(spot)}"
        case Rolled(inner, later):
            return f"{describe(inner)}, flyttes til {'neste' if later else 'forrige'} virkedag"
        case ForEach(inner, group):
            return f"{describe(inner)} per {group}"  # "for hver" would ask for the gender of the name
    return _plain(cadence)


def _plain(cadence: Cadence) -> str:
    match cadence:
        case Yearly():
            return "årlig"
        case OnDemand():
            return "ved behov"
        case Nothing():
            return "–"
    raise TypeError(f"{cadence!r} is no cadence")


def _condition(condition: Condition) -> str:
    return YEAR_KINDS[condition.kind] if isinstance(condition.kind, YearKind) else f"{condition.kind}"


def _clock(clock: Clock) -> str:
    return f"{clock.start:%H:%M}" + (f"–{clock.end:%H:%M}" if clock.end else "")


def _annual(cadence: Annual) -> str:
    spot = spot_words(cadence.spot)
    if cadence.every == 1:
        return spot
    rhythm = f"{spot}, hvert {cadence.every}. år"
    return rhythm if cadence.anchor is None else f"{rhythm}, neste gang {cadence.anchor}"


def _continuous(within: Spot | None) -> str:
    if within is None:
        return "løpende"
    return "hele året" if within == WholeYear() else f"løpende, {spot_words(within)}"


def _several(parts: tuple[Cadence, ...]) -> str:
    """Say "første og tredje tirsdag i hver måned" of repetitions that differ in their number alone."""
    days = [part.on.day for part in parts if isinstance(part, Each) and isinstance(part.on, DayOf)]
    ordinals = [part.on for part in parts if isinstance(part, Each) and isinstance(part.on, NthOf)]
    last = parts[-1]
    if len(ordinals) == len(parts) and isinstance(last, Each):
        numbers = joined([ordinal(on.nth) for on in ordinals], "og")
        return f"{numbers} {counted_day(ordinals[-1].day)} i {_length(last.months)}"
    if len(days) == len(parts) and isinstance(last, Each):
        numbers = joined([f"{day}." for day in days], "og").removesuffix(".")
        return f"den {numbers}. i {_length(last.months)}"
    return joined([describe(part) for part in parts], "og")


def _weekly(cadence: Weekly) -> str:
    days = weekday_words(cadence.days, "og") if cadence.days else UNIT_NAMES[Per.WEEK]
    match cadence.every:
        case 1:
            often = f"hver {days}"
        case 2:
            often = f"annenhver {days}"
        case _:
            often = f"hver {cadence.every}. {days}"
    first = f" fra uke {cadence.first}" if cadence.first is not None else ""
    return f"{often}{first}{_within(cadence.within)}"


def _within(spot: Spot | None) -> str:
    return f", {spot_words(spot)}" if spot is not None else ""


def _length(months: int) -> str:
    if months in LENGTHS:
        return EACH[LENGTHS[months]]
    return f"annenhver {UNIT_NAMES[Per.MONTH]}"


def _each(cadence: Each) -> str:
    length = _length(cadence.months)
    match cadence.on:
        case DayOf(day):
            said = f"den {day}. i {length}"
        case NthOf(nth, day):
            said = f"{ordinal(nth)} {counted_day(day)} i {length}"
        case _:
            said = length
    return f"{said}{_within(cadence.within)}"


def _quota(cadence: Quota) -> str:
    least, most = cadence.least, cadence.most
    if most is None:
        count = "minst {}".format(_times(f"{least}", least))
    elif least == most:
        count = _times(f"{least}", least)
    elif least == 0:
        count = "maks {}".format(_times(f"{most}", most))
    else:
        count = _times(f"{least}–{most}", most)
    if cadence.within == WholeYear():
        return f"{count} hvert kalenderår"
    return f"{count} {PER[cadence.per]}{_within(cadence.within)}"


def _times(text: str, number: int) -> str:
    return f"{text} gang" if number == 1 else f"{text} ganger"


def _meetings(name: str) -> str:
    """Say "hvert styremøte" of a series by its plain name, other names as they are ("styremøtene")."""
    return f"hvert {name}" if name.endswith(PLAIN_ENDS) and " " not in name else name


PLAIN_ENDS = ("møte", "ting", "forum", "råd", "seminar")


def _meeting(cadence: Meeting) -> str:
    if cadence.nth is None and cadence.within is not None and not cadence.series.name.endswith(DEFINITE):
        return f"{spot_words(cadence.within)} {cadence.series.name}"
    number = f"{ordinal(cadence.nth)} " if cadence.nth is not None else ""
    said = f"{number}{cadence.series.name}"
    if cadence.within is not None:
        said = f"{said} i {spot_words(cadence.within)}"
    if cadence.after is not None:
        said = f"{said} {SIDES[Side.AFTER]} {spot_words(cadence.after)}"
    if cadence.before is not None:
        said = f"{said} {SIDES[Side.BEFORE]} {spot_words(cadence.before)}"
    return said


def _anchor(anchor: Cadence) -> str:
    return anchor.name if isinstance(anchor, Meetings) else describe(anchor)


def _related(cadence: Related) -> str:
    anchor = _anchor(cadence.anchor)
    if cadence.offset is None and not anchor:
        return BESIDE[cadence.side]
    distance = f"{_distance(cadence.offset, cadence.far)} " if cadence.offset is not None else ""
    return f"{distance}{SIDES[cadence.side]} {anchor}".rstrip()


def _distance(near: Offset, far: Offset | None) -> str:
    one, many = OFFSET_UNITS[near.unit]
    if far is not None:
        return f"{near.amount}–{far.amount} {many}"
    return f"{near.amount} {one if near.amount == 1 else many}"


def _near_day(cadence: NearDay) -> str:
    side = Side.AFTER if cadence.nth > 0 else Side.BEFORE
    anchor = _anchor(cadence.anchor)
    if cadence.day is DayKind.DAY:
        return f"dagen {SIDES[side]} {anchor}".rstrip()
    number = cadence.nth if cadence.nth > 0 or cadence.nth in {-1, -2} else -cadence.nth
    return f"{ordinal(number)} {counted_day(cadence.day)} {SIDES[side]} {anchor}".rstrip()
