"""How long before a deadline to write: by item, by calendar, by kind of cadence, or as the configuration has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from arshjul.plan.model import Calendar, Item
from arshjul.plan.parties import stem
from arshjul.timing.cadences import (
    Annual,
    Cadence,
    Continuous,
    Each,
    EveryYears,
    InARow,
    Meeting,
    Meetings,
    NearDay,
    Related,
    Several,
    Weekly,
    Wrapper,
)
from arshjul.timing.days import Offset, Unit

YEARLY, LONG, QUARTERLY, BY_MEETING = "årlig", "flerårig", "kvartal", "møte"
MONTHLY, WEEKLY, CONTINUOUS = "månedlig", "ukentlig", "løpende"
KINDS: Final = (YEARLY, LONG, QUARTERLY, BY_MEETING, MONTHLY, WEEKLY, CONTINUOUS)
"""The kinds of cadence that lead times are chosen by, as administrators write them, the rarest of two last."""

MOST_OFTEN_FIRST: Final = (WEEKLY, MONTHLY, BY_MEETING, QUARTERLY, CONTINUOUS, YEARLY, LONG)
FEW_MONTHS: Final = 2
LONGEST_LEAD: Final = {Unit.WORKDAYS: 250, Unit.DAYS: 366, Unit.WEEKS: 52, Unit.MONTHS: 12}
"""The longest lead time in each unit: a year. Planning looks no further ahead (`plan.FURTHEST`)."""
DAYS_IN: Final = {Unit.DAYS: 1.0, Unit.WORKDAYS: 1.4, Unit.WEEKS: 7.0, Unit.MONTHS: 30.4}

LeadsFor = Mapping[str, tuple[Offset, ...]]
Names = Mapping[str, Sequence[Item]]


def kind_of(item: Item, names: Names, seen: tuple[Item, ...] = ()) -> str:
    """Return the kind of cadence that an item has. What follows another event comes round as that does.

    A list of dates comes round as meetings do. `names` are the items that its phrases can name, by stem.
    """
    if item.listed and len(item.when) > 1:
        return BY_MEETING

    def of_other(name: str) -> str:
        others = names.get(stem(name or item.parent), ())[:1]
        return next((kind_of(one, names, (*seen, item)) for one in others if one not in (item, *seen)), BY_MEETING)

    kinds = [_kind(phrase.cadence, of_other) for phrase in item.when]
    return min(kinds, key=MOST_OFTEN_FIRST.index, default=YEARLY)


def _kind(cadence: Cadence, of_other: Callable[[str], str]) -> str:
    match cadence:
        case _ if isinstance(cadence, Wrapper):
            return _kind(cadence.of, of_other)
        case Related(inner) | NearDay(inner) | InARow(inner) | Meeting(inner, nth=None):
            return _kind(inner, of_other)
        case Several(parts):
            return min((_kind(part, of_other) for part in parts), key=MOST_OFTEN_FIRST.index)
        case Meetings(name):
            return of_other(name)
        case Weekly():
            return WEEKLY
        case Each(months):
            return MONTHLY if months <= FEW_MONTHS else QUARTERLY
        case Continuous():
            return CONTINUOUS
        case EveryYears():
            return LONG
        case Annual(every=every) if every > 1:
            return LONG
    return YEARLY


def choose(
    item: Item, calendar: Calendar, kind: str, general: tuple[Offset, ...], by_kind: LeadsFor
) -> tuple[tuple[Offset, ...], str]:
    """Return an item's lead times, and in Norwegian where they are written.

    They are the item's own, else its calendar's, else the config's; those for its kind win over those for all. What
    comes round every week is told of once at most, with the shortest of the times.
    """
    ways = (
        (item.leads, f"«leads» i {'tiltaket' if item.is_measure else 'hendelsen'} selv"),
        (calendar.leads_for.get(kind), f"«leads_for» i kalenderen, for det som er {kind}"),
        (calendar.leads, "«leads» i kalenderen"),
        (by_kind.get(kind), f"«leads_for» i config.toml, for det som er {kind}"),
    )
    known = ((leads, where) for leads, where in ways if leads is not None)
    leads, where = next(known, (general, "«leads» i config.toml"))
    if kind == WEEKLY and len(leads) > 1:
        return (min(leads, key=length),), f"{where}; det som kommer hver uke, varsles bare én gang"
    return leads, where


def length(lead: Offset) -> float:
    """Return about how many days a lead time is, to compare those of different units."""
    return lead.amount * DAYS_IN[lead.unit]
