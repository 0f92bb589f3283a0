"""Cadences in words: the canonical wording in bokmål, which read back gives the same cadence."""

from __future__ import annotations

from dataclasses import dataclass, replace

from arshjul.timing.cadences import (
    MONTHS_IN,
    Annual,
    At,
    Bound,
    Cadence,
    Condition,
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
    YearKind,
    Yearly,
)
from arshjul.timing.days import Clock, Offset, Unit
from arshjul.timing.english import FEASTS as EN_FEASTS
from arshjul.timing.english import MONTHS as EN_MONTHS
from arshjul.timing.english import ORDINALS as EN_ORDINALS
from arshjul.timing.english import WEEKDAYS as EN_WEEKDAYS
from arshjul.timing.places import (
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
    Season,
    Section,
    SectionOf,
    Spot,
    Stretch,
    Week,
    WholeYear,
    YearPart,
    Years,
)
from arshjul.timing.vocabulary import DEFINITE, MONTHS, ORDINALS, PARTS, WEEKDAYS, WORD_LIST, Role


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language. A `{}` in a text is where the other part goes."""

    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    ordinals: dict[int, str]
    feasts: dict[str, str]
    seasons: dict[Season, str]
    units: dict[Per, str]
    each: dict[Per, str]
    per: dict[Per, str]
    offsets: dict[Unit, tuple[str, str]]
    day_kinds: dict[DayKind, str]
    many_days: dict[DayKind, str]
    sections: dict[Section, str]
    bounds: dict[Bound, str]
    sides: dict[Side, str]
    years: dict[YearKind, str]
    in_: str
    in_season: str
    and_: str
    or_: str
    about: str
    day_of_month: str
    date: str
    last_day: str
    first_day: str
    turn_of_month: str
    whole_year: str
    the_year: str
    week: str
    weeks: str
    each_one: str
    every_other: str
    each_calendar_year: str
    in_meeting: str
    each_meeting: str
    every_nth: str
    every_years: str
    next_in: str
    from_week: str
    times: str
    once: str
    least: str
    most: str
    yearly: str
    continuous: str
    on_demand: str
    beside: dict[Side, str]
    day_beside: str
    in_a_row: str
    in_years: str
    not_in_years: str
    except_: str
    later: str
    earlier: str
    clock: str
    nth_week: str


NB_FEASTS = {str(key): names.split("|")[0] for role, key, names in reversed(WORD_LIST) if role is Role.FEAST} | {
    key: key
    for key in (
        *("1. påskedag", "2. påskedag", "1. pinsedag", "2. pinsedag", "1. juledag", "2. juledag"),
        *("1. advent", "2. advent", "3. advent", "4. advent"),
    )
}
"""What a feast is called first in the vocabulary."""

NB = Tongue(
    months=tuple(names.split("|")[0] for names in MONTHS),
    weekdays=tuple(names.split("|")[0] for names in WEEKDAYS),
    ordinals={number: names.split("|")[0] for number, names in enumerate(ORDINALS, 1)}
    | {-1: "siste", -2: "nest siste", -3: "tredje siste", -4: "fjerde siste"},
    feasts=NB_FEASTS,
    seasons={Season.WINTER: "vinteren", Season.SPRING: "våren", Season.SUMMER: "sommeren", Season.AUTUMN: "høsten"},
    units={Per.WEEK: "uke", Per.MONTH: "måned", Per.QUARTER: "kvartal", Per.TERTIAL: "tertial", Per.HALF: "halvår"},
    each={
        Per.MONTH: "hver måned",
        Per.QUARTER: "hvert kvartal",
        Per.TERTIAL: "hvert tertial",
        Per.HALF: "hvert halvår",
    },
    per={
        Per.DAY: "per dag",
        Per.WEEK: "i uken",
        Per.MONTH: "i måneden",
        Per.QUARTER: "i kvartalet",
        Per.TERTIAL: "i tertialet",
        Per.HALF: "i halvåret",
        Per.YEAR: "i året",
        Per.TERM: "i valgperioden",
    },
    offsets={
        Unit.WORKDAYS: ("virkedag", "virkedager"),
        Unit.DAYS: ("dag", "dager"),
        Unit.WEEKS: ("uke", "uker"),
        Unit.MONTHS: ("måned", "måneder"),
    },
    day_kinds={DayKind.WORKDAY: "virkedag", DayKind.WEEKDAY: "hverdag", DayKind.DAY: "dag"},
    many_days={DayKind.WORKDAY: "virkedager", DayKind.WEEKDAY: "hverdager"},
    sections={
        Section.START: "begynnelsen av {}",
        Section.MIDDLE: "midten av {}",
        Section.END: "slutten av {}",
        Section.FIRST_HALF: "første halvdel av {}",
        Section.SECOND_HALF: "andre halvdel av {}",
    },
    bounds={
        Bound.BY: "innen {}",
        Bound.UNTIL: "fram til {}",
        Bound.THROUGH: "til og med {}",
        Bound.DURING: "i løpet av {}",
        Bound.FROM: "fra {}",
    },
    sides={Side.BEFORE: "før", Side.AFTER: "etter", Side.AT: "i forbindelse med"},
    years={
        YearKind.ELECTION: "valgår",
        YearKind.STORTING_ELECTION: "stortingsvalgår",
        YearKind.LOCAL_ELECTION: "kommunevalgår",
        YearKind.BETWEEN_ELECTIONS: "mellomvalgsår",
        YearKind.EVEN: "partallsår",
        YearKind.ODD: "oddetallsår",
        YearKind.LEAP: "skuddår",
    },
    in_="i",
    in_season="på",
    and_="og",
    or_="eller",
    about="ca. {}",
    day_of_month="den {}. i {}",
    date="{}. {}",
    last_day="utgangen av {}",
    first_day="inngangen til {}",
    turn_of_month="månedsskiftet {}/{}",
    whole_year="hele året",
    the_year="året",
    week="uke {}",
    weeks="uke {}–{}",
    each_one="hver {}",
    every_other="annenhver {}",
    each_calendar_year="hvert kalenderår",
    in_meeting="i",
    each_meeting="hvert {}",
    every_nth="hver {}. {}",
    every_years="hvert {}. år",
    next_in="neste gang {}",
    from_week="fra uke {}",
    times="{} ganger",
    once="{} gang",
    least="minst {}",
    most="maks {}",
    yearly="årlig",
    continuous="løpende",
    on_demand="ved behov",
    beside={Side.BEFORE: "på forhånd", Side.AFTER: "etterpå", Side.AT: "samme dag"},
    day_beside="dagen {} {}",
    in_a_row="{} {} på rad {} {}",
    in_years="{} i {}",
    not_in_years="{} unntatt i {}",
    except_="{} unntatt {}",
    later="{}, flyttes til neste virkedag",
    earlier="{}, flyttes til forrige virkedag",
    clock="{} kl. {}",
    nth_week="{} uke {}",
)

NN = replace(
    NB,
    weekdays=("måndag", "tysdag", "onsdag", "torsdag", "fredag", "laurdag", "sundag"),
    ordinals=NB.ordinals | {1: "fyrste", 7: "sjuande", 8: "åttande", 9: "niande", 10: "tiande"},
    feasts=NB.feasts
    | {
        "palmesøndag": "palmesundag",
        "påskeuken": "påskeveka",
        "påske": "påska",
        "påskeaften": "påskeaftan",
        "pinseaften": "pinseaftan",
        "pinse": "pinsa",
        "arbeidernes dag": "arbeidardagen",
        "sankthans": "jonsok",
        "sommerferien": "sommarferien",
        "høstferien": "haustferien",
        "advent": "adventstida",
        "julaften": "julaftan",
        "jul": "jula",
        "romjulen": "romjula",
        "nyttårsaften": "nyttårsaftan",
        "høsthalvåret": "hausthalvåret",
        "høstsemesteret": "haustsemesteret",
    },
    seasons={Season.WINTER: "vinteren", Season.SPRING: "våren", Season.SUMMER: "sommaren", Season.AUTUMN: "hausten"},
    units=NB.units | {Per.WEEK: "veke", Per.MONTH: "månad"},
    each={
        Per.MONTH: "kvar månad",
        Per.QUARTER: "kvart kvartal",
        Per.TERTIAL: "kvart tertial",
        Per.HALF: "kvart halvår",
    },
    per=NB.per | {Per.WEEK: "i veka", Per.MONTH: "i månaden", Per.TERM: "i valperioden"},
    offsets={
        Unit.WORKDAYS: ("yrkedag", "yrkedagar"),
        Unit.DAYS: ("dag", "dagar"),
        Unit.WEEKS: ("veke", "veker"),
        Unit.MONTHS: ("månad", "månader"),
    },
    day_kinds={DayKind.WORKDAY: "yrkedag", DayKind.WEEKDAY: "kvardag", DayKind.DAY: "dag"},
    many_days={DayKind.WORKDAY: "yrkedagar", DayKind.WEEKDAY: "kvardagar"},
    sections=NB.sections | {Section.START: "byrjinga av {}", Section.FIRST_HALF: "fyrste halvdel av {}"},
    bounds=NB.bounds | {Bound.BY: "innan {}", Bound.FROM: "frå {}"},
    sides=NB.sides | {Side.AT: "i samband med"},
    years={
        YearKind.ELECTION: "valår",
        YearKind.STORTING_ELECTION: "stortingsvalår",
        YearKind.LOCAL_ELECTION: "kommunevalår",
        YearKind.BETWEEN_ELECTIONS: "mellomvalår",
        YearKind.EVEN: "partalsår",
        YearKind.ODD: "oddetalsår",
        YearKind.LEAP: "skotår",
    },
    turn_of_month="månadsskiftet {}/{}",
    whole_year="heile året",
    week="veke {}",
    weeks="veke {}–{}",
    each_one="kvar {}",
    every_other="annankvar {}",
    each_calendar_year="kvart kalenderår",
    each_meeting="kvart {}",
    every_nth="kvar {}. {}",
    every_years="kvart {}. år",
    next_in="neste gong {}",
    from_week="frå veke {}",
    times="{} gonger",
    once="{} gong",
    yearly="årleg",
    continuous="løpande",
    beside={Side.BEFORE: "på førehand", Side.AFTER: "etterpå", Side.AT: "same dag"},
    not_in_years="{} unnateke i {}",
    except_="{} unnateke {}",
    later="{}, flyttast til neste yrkedag",
    earlier="{}, flyttast til førre yrkedag",
    nth_week="{} veke {}",
)

EN = Tongue(
    months=EN_MONTHS,
    weekdays=EN_WEEKDAYS,
    ordinals=dict(enumerate(EN_ORDINALS, 1)) | {-1: "last", -2: "second last", -3: "third last", -4: "fourth last"},
    feasts=EN_FEASTS,
    seasons={season: f"the {season}" for season in Season},
    units={Per.WEEK: "week", Per.MONTH: "month", Per.QUARTER: "quarter", Per.TERTIAL: "tertial", Per.HALF: "half-year"},
    each={
        Per.MONTH: "every month",
        Per.QUARTER: "every quarter",
        Per.TERTIAL: "every tertial",
        Per.HALF: "every half-year",
    },
    per={
        Per.DAY: "per day",
        Per.WEEK: "per week",
        Per.MONTH: "per month",
        Per.QUARTER: "per quarter",
        Per.TERTIAL: "per tertial",
        Per.HALF: "per half-year",
        Per.YEAR: "per year",
        Per.TERM: "per council term",
    },
    offsets={
        Unit.WORKDAYS: ("workday", "workdays"),
        Unit.DAYS: ("day", "days"),
        Unit.WEEKS: ("week", "weeks"),
        Unit.MONTHS: ("month", "months"),
    },
    day_kinds={DayKind.WORKDAY: "workday", DayKind.WEEKDAY: "weekday", DayKind.DAY: "day"},
    many_days={DayKind.WORKDAY: "workdays", DayKind.WEEKDAY: "weekdays"},
    sections={
        Section.START: "the beginning of {}",
        Section.MIDDLE: "the middle of {}",
        Section.END: "the end of {}",
        Section.FIRST_HALF: "the first half of {}",
        Section.SECOND_HALF: "the second half of {}",
    },
    bounds={
        Bound.BY: "by {}",
        Bound.UNTIL: "until {}",
        Bound.THROUGH: "through {}",
        Bound.DURING: "during {}",
        Bound.FROM: "from {}",
    },
    sides={Side.BEFORE: "before", Side.AFTER: "after", Side.AT: "in connection with"},
    years={
        YearKind.ELECTION: "election years",
        YearKind.STORTING_ELECTION: "Storting election years",
        YearKind.LOCAL_ELECTION: "local election years",
        YearKind.BETWEEN_ELECTIONS: "years between elections",
        YearKind.EVEN: "even years",
        YearKind.ODD: "odd years",
        YearKind.LEAP: "leap years",
    },
    in_="of",
    in_season="of",
    and_="and",
    or_="or",
    about="about {}",
    day_of_month="the {}. of {}",
    date="{} {}",
    last_day="the close of {}",
    first_day="the opening of {}",
    turn_of_month="the turn of {}/{}",
    whole_year="the whole year",
    the_year="the year",
    week="week {}",
    weeks="week {}–{}",
    each_one="every {}",
    every_other="every other {}",
    each_calendar_year="every calendar year",
    in_meeting="in",
    each_meeting="every {}",
    every_nth="every {}. {}",
    every_years="every {}. year",
    next_in="next in {}",
    from_week="from week {}",
    times="{} times",
    once="{}",
    least="at least {}",
    most="at most {}",
    yearly="yearly",
    continuous="continuously",
    on_demand="as needed",
    beside={Side.BEFORE: "beforehand", Side.AFTER: "afterwards", Side.AT: "the same day"},
    day_beside="the day {} {}",
    in_a_row="{} {} in a row {} {}",
    in_years="{} in {}",
    not_in_years="{} except in {}",
    except_="{} except {}",
    later="{}, moved to the next workday",
    earlier="{}, moved to the previous workday",
    clock="{}, {}",
    nth_week="{} week {}",
)

TONGUES = {"nb": NB, "nn": NN, "en": EN}


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
