"""Files that were in force one after the other, each with what is then remembered of the ones before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from arshjul.keys import NO_HISTORY, History, TurnRecord
from arshjul.plan.model import Catalogue
from arshjul.timing.days import Span
from arshjul.year.edits import records_to_write
from arshjul.year.expand import expand
from tests.files_of import catalogue_of

TODAY = date(2026, 11, 26)
ALL = Span(date(2026, 1, 1), date(2029, 1, 1))


def in_force(text: str, before: History = NO_HISTORY, today: date = TODAY) -> Catalogue:
    """Return the catalogue of a text, with what was in force before it and is now."""
    known = Catalogue(catalogue_of(text).calendars, replace(before, today=today))
    records = {(one.owner, one.period): one for found in before.records.values() for one in found}
    records |= {(one.owner, one.period): one for one in records_to_write(known, ALL)}
    by_owner: dict[tuple[str, str], list[TurnRecord]] = {}
    for record in sorted(records.values(), key=lambda one: (one.days, one.period)):
        by_owner.setdefault(record.owner, []).append(record)
    return Catalogue(known.calendars, History(today, by_owner))


def edited(*texts: str, today: date = TODAY) -> Catalogue:
    """Return the catalogue after files with these texts were in force, one after the other."""
    catalogue = in_force(texts[0], today=today)
    for text in texts[1:]:
        catalogue = in_force(text, catalogue.history, today)
    return catalogue


def event(when: str, more: str = "") -> str:
    return f'[[event]]\nid = "a"\ntitle = "A"\nwhen = {when}\n{more}\n'


def days_by_key(catalogue: Catalogue, span: Span = ALL, item: str = "a") -> dict[str, str]:
    found = [one for one in expand(catalogue, span) if one.id == item and one.days]
    by_key = {one.period: str(one.days.first) for one in found if one.days}
    assert len(by_key) == len(found)
    return by_key
