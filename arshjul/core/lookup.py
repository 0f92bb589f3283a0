"""Which items and parties a calendar can name: its own before those of the calendars that it uses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from arshjul.core.model import Calendar, Catalogue, Item, Party
from arshjul.core.names import stem
from arshjul.core.parties import Directory

_WAYS: tuple[Callable[[Party], tuple[str, ...]], ...] = (
    lambda party: (party.full_id,),
    lambda party: (party.id,),
    lambda party: (party.name, *party.also),
)
"""The names by which a party is meant for certain, the surest first."""


def reachable(catalogue: Catalogue, calendar: Calendar) -> Iterator[Calendar]:
    """Yield the calendar and those that it uses, in that order."""
    yield calendar
    yield from (catalogue.calendars[used] for used in calendar.uses if used in catalogue.calendars)


def directory(catalogue: Catalogue, calendar: Calendar) -> Directory:
    return Directory([party for known in reachable(catalogue, calendar) for party in known.parties])


def items_by_name(catalogue: Catalogue, calendar: Calendar) -> Mapping[str, Sequence[Item]]:
    """Return the items by the stem of each of their names: id, calendar/id, title and `also`."""
    found: dict[str, list[Item]] = {}
    for known in reachable(catalogue, calendar):
        for item in known.items:
            for name in {stem(name) for name in (item.id, f"{item.calendar}/{item.id}", item.title, *item.also)}:
                found.setdefault(name, []).append(item)
    return found


def find_party(catalogue: Catalogue, text: str) -> Party | None:
    """Return the party that has a full id ("osloregionen/styret"), an id or a name, to the letter.

    None where nobody has it, or several: a link must never open the wrong party's calendar.
    """
    parties = [party for calendar in catalogue.calendars.values() for party in calendar.parties]
    for names_of in _WAYS:
        if named := [party for party in parties if text in names_of(party)]:
            return named[0] if len(named) == 1 else None
    return None


def find_party_loosely(catalogue: Catalogue, text: str) -> Party | None:
    """Return the party that a person who looks something up most likely means: by an inflected name too."""
    parties = [party for calendar in catalogue.calendars.values() for party in calendar.parties]
    exact = (party for party in parties if text in (party.full_id, party.id))
    loose = (party for party in parties if stem(text) in {stem(name) for name in (party.name, *party.also)})
    return next(exact, None) or next(loose, None)


def party_names(catalogue: Catalogue) -> list[str]:
    return [party.full_id for calendar in catalogue.calendars.values() for party in calendar.parties]
