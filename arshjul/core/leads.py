"""How long before a deadline to write: by item, by calendar, by kind of cadence, or as the config says for all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from arshjul.core.cadences import (
    Annual,
    At,
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
    Only,
    Related,
    Rolled,
    Several,
    Weekly,
)
from arshjul.core.model import Calendar, Item
from arshjul.core.offsets import Offset, Unit

YEARLY, LONG, QUARTERLY, BY_MEETING = "årlig", "flerårig", "kvartal", "møte"
MONTHLY, WEEKLY, CONTINUOUS = "månedlig", "ukentlig", "løpende"
KINDS: Final = (YEARLY, LONG, QUARTERLY, BY_MEETING, MONTHLY, WEEKLY, CONTINUOUS)
"""The kinds of cadence that lead times are chosen by, as administrators write them, the rarest of two last."""

MOST_OFTEN_FIRST: Final = (WEEKLY, MONTHLY, BY_MEETING, QUARTERLY, CONTINUOUS, YEARLY, LONG)
FEW_MONTHS: Final = 2
DAYS_IN: Final = {Unit.DAYS: 1.0, Unit.WORKDAYS: 1.4, Unit.WEEKS: 7.0, Unit.MONTHS: 30.4}

LeadsFor = Mapping[str, tuple[Offset, ...]]


def kind_of(item: Item) -> str:
    """Return the kind of cadence that an item has; a list of dates comes round as meetings do."""
    if item.listed and len(item.when) > 1:
        return BY_MEETING
    kinds = [_kind(phrase.cadence) for phrase in item.when]
    return min(kinds, key=MOST_OFTEN_FIRST.index, default=YEARLY)


def _kind(cadence: Cadence) -> str:  # noqa: PLR0911  (one line for each kind)
    match cadence:
        case Due(inner) | At(inner) | Only(inner) | Except(inner) | Rolled(inner) | ForEach(inner):
            return _kind(inner)
        case Related(anchor) | NearDay(anchor) | InARow(anchor):
            return _kind(anchor)
        case Several(parts):
            return min((_kind(part) for part in parts), key=MOST_OFTEN_FIRST.index)
        case Meetings() | Meeting(nth=None):
            return BY_MEETING
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


def choose(item: Item, calendar: Calendar, general: tuple[Offset, ...], by_kind: LeadsFor) -> tuple[Offset, ...]:
    """Return an item's lead times: its own, else its calendar's, else the config's; for its kind before for all.

    What comes round every week is told of once at most, with the shortest of the times.
    """
    found, _ = chosen(item, calendar, general, by_kind)
    return (min(found, key=length),) if len(found) > 1 and kind_of(item) == WEEKLY else found


def chosen(
    item: Item, calendar: Calendar, general: tuple[Offset, ...], by_kind: LeadsFor
) -> tuple[tuple[Offset, ...], str]:
    """Return the lead times as they are written, and where, in Norwegian words."""
    kind = kind_of(item)
    ways = (
        (item.leads, f"«leads» i {'tiltaket' if item.is_measure else 'hendelsen'} selv"),
        (calendar.leads_for.get(kind), f"«leads_for» i kalenderen, for det som er {kind}"),
        (calendar.leads, "«leads» i kalenderen"),
        (by_kind.get(kind), f"«leads_for» i config.toml, for det som er {kind}"),
    )
    return next(((leads, where) for leads, where in ways if leads is not None), (general, "«leads» i config.toml"))


def length(lead: Offset) -> float:
    """Return about how many days a lead time is, to compare those of different units."""
    return lead.amount * DAYS_IN[lead.unit]
