"""What a phrase says, as the JSON object that `arshjul read` prints."""

from __future__ import annotations

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
    Several,
    TimeOfDay,
    Vague,
    Weekly,
    Wrapper,
    Yearly,
    turns,
)
from arshjul.timing.days import MONDAY, Span, Turn, year_span
from arshjul.timing.describe import describe
from arshjul.timing.phrases import read
from arshjul.timing.places import (
    Condition,
    Date,
    DayKind,
    Feast,
    InSeason,
    InYear,
    Nth,
    Part,
    Spot,
    Stretch,
    Week,
    YearKind,
    YearPart,
    Years,
    own_year,
)


class Elections:
    """What every reader knows without a calendar: the election days (the second Monday of September)."""

    def turns(self, name: str, span: Span) -> list[Turn] | None:
        kind = ELECTIONS.get(name.lower().removesuffix("et"))
        if kind is None:
            return None
        monday = Only(Annual(Nth(2, MONDAY, YearPart(Part.MONTH, 9))), Condition(kind))
        return turns(monday, span, self)


ELECTIONS = {
    "valg": YearKind.ELECTION,
    "kommunevalg": YearKind.LOCAL_ELECTION,
    "lokalvalg": YearKind.LOCAL_ELECTION,
    "fylkestingsvalg": YearKind.LOCAL_ELECTION,
    "stortingsvalg": YearKind.STORTING_ELECTION,
}


def answer(text: str, year: int) -> dict[str, object]:
    """Return the reading of a phrase with its days in the year; None for each day that it has not."""
    cadence = read(text)
    said: dict[str, object] = {
        "phrase": text,
        "understood": cadence is not None,
        "kind": None,
        "reading": None,
        "start": None,
        "end": None,
        "deadline": None,
    }
    if cadence is None:
        return said
    said |= {"kind": kind_of(cadence), "reading": describe(cadence)}
    found = _dates(cadence, year)
    if not found:
        return said
    last = max(turn.days.last for turn in found)
    if _bound(cadence) is Bound.FROM:
        return said | {"start": f"{found[0].days.first}"}
    if all(turn.deadline for turn in found):
        during = _bound(cadence) is Bound.DURING
        return said | {
            "start": f"{found[0].days.first}" if during else None,
            "end": f"{last}" if during else None,
            "deadline": f"{last}",
        }
    return said | {"start": f"{found[0].days.first}", "end": f"{last}", "deadline": f"{last}"}


def _bound(cadence: Cadence) -> Bound | None:
    match cadence:
        case Due(_, bound):
            return bound
        case _ if isinstance(cadence, Wrapper):
            return _bound(cadence.of)
    return None


def _dates(cadence: Cadence, year: int) -> list[Turn]:
    """Return the turns that the phrase has in the year, in its own year if it names one."""
    spot = _within(cadence)
    if spot is not None:
        cadence = Annual(spot)
    elif _recurs(cadence):
        return []
    own = _own_year(cadence)
    span = year_span(own if own is not None else year)
    found = turns(
        cadence,
        Span(span.first.replace(year=span.first.year - 1), span.end.replace(year=span.end.year + 1)),
        Elections(),
    )
    if own is not None:
        return found
    return [turn for turn in found if turn.period[:4] == f"{year}"]


def _within(cadence: Cadence) -> Spot | None:
    match cadence:
        case Continuous(spot) | Weekly(within=spot) | Quota(within=spot) | Each(within=spot):
            return spot
        case At(inner) | ForEach(inner) | Except(inner):
            return _within(inner)
    return None


def _recurs(cadence: Cadence) -> bool:
    """Tell whether it comes round within the year, so that it has no first and last day of its own."""
    match cadence:
        case Weekly() | Each():
            return True
        case _ if isinstance(cadence, Wrapper):
            return _recurs(cadence.of)
        case Related(inner) | NearDay(inner) | NearWeek(inner) | InARow(inner):
            return _recurs(inner)
        case Several(parts):
            return any(_recurs(part) for part in parts)
    return False


def _own_year(cadence: Cadence) -> int | None:
    match cadence:
        case Annual(spot):
            return own_year(spot)
        case _ if isinstance(cadence, Wrapper):
            return _own_year(cadence.of)
        case Several(parts):
            return _own_year(parts[0])
        case Related(anchor):
            return _own_year(anchor)
    return None


def kind_of(cadence: Cadence) -> str:
    """Return the name of the kind, as the corpus of phrases calls it."""
    match cadence:
        case Due(inner, bound):
            inner_kind = kind_of(inner)
            keeps = bound is Bound.FROM or _recurs(inner) or (bound is Bound.DURING and inner_kind == "fuzzy")
            return inner_kind if keeps else "deadline"
        case Only(Yearly(), condition):
            return "vague" if condition.kind is YearKind.BETWEEN_ELECTIONS else "every-n-years"
        case _ if isinstance(cadence, Wrapper):
            return kind_of(cadence.of)
        case Several(parts):
            return kind_of(parts[0])
        case Annual(spot):
            return spot_kind(spot)
        case Weekly(_, every):
            return "weekly" if every == 1 else "n-weekly"
        case Each(months, on):
            return (
                "weekday-ordinal"
                if isinstance(on, NthOf) and on.day is not DayKind.DAY
                else {3: "quarter", 4: "tertial", 6: "half-year"}.get(months, "monthly")
            )
        case Quota(_, _, per):
            return {Per.WEEK: "weekly", Per.MONTH: "monthly", Per.HALF: "half-year", Per.QUARTER: "quarter"}.get(
                per, "n-per-year"
            )
    return NAMES.get(type(cadence), "relative-to-event")


NAMES: dict[type[Cadence], str] = {
    Continuous: "continuous",
    OnDemand: "on-demand",
    Nothing: "none",
    Vague: "vague",
    TimeOfDay: "time-of-day",
    Yearly: "yearly",
    EveryYears: "every-n-years",
    Meetings: "per-meeting",
    Meeting: "per-meeting",
}


def spot_kind(spot: Spot) -> str:
    """Return the name of the kind for a place in the year."""
    match spot:
        case InYear(_, inner):
            return "date" if spot_kind(inner) == "date-without-year" else spot_kind(inner)
        case Stretch(first, last):
            kinds = {spot_kind(first), spot_kind(last)}
            return "month-range" if kinds == {"month"} else spot_kind(first)
        case Date():
            return "date-without-year"
        case YearPart(part):
            return {Part.MONTH: "month", Part.QUARTER: "quarter", Part.TERTIAL: "tertial", Part.HALF: "half-year"}[part]
        case Week():
            return "week"
        case Nth():
            return "weekday-ordinal"
        case InSeason():
            return "season"
        case Feast(key):
            return "season" if key.endswith(("halvåret", "semesteret")) else "relative-to-event"
        case Years():
            return "every-n-years"
    return "fuzzy"
