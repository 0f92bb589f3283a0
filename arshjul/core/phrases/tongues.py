"""The words with which `describe` speaks bokmål, nynorsk and English. What is said with them is not here."""

from __future__ import annotations

from dataclasses import dataclass, replace

from arshjul.core.cadences import Bound, DayKind, Per, Season, Section, Side, YearKind
from arshjul.core.offsets import Unit
from arshjul.core.phrases.english import FEASTS as EN_FEASTS
from arshjul.core.phrases.english import MONTHS as EN_MONTHS
from arshjul.core.phrases.english import ORDINALS as EN_ORDINALS
from arshjul.core.phrases.english import WEEKDAYS as EN_WEEKDAYS
from arshjul.core.phrases.roles import Role
from arshjul.core.phrases.words import ENTRIES, MONTHS, ORDINALS, WEEKDAYS


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


NB_FEASTS = {str(key): names.split("|")[0] for role, key, names in reversed(ENTRIES) if role is Role.FEAST} | {
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
