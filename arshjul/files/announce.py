"""An announced date → a line in the calendar file; it is written only when the file then says just that and no more."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from arshjul.core.announcing import announcement_as_toml, event_number, with_announcement
from arshjul.core.check import assemble
from arshjul.core.model import Announcement, Calendar, Catalogue, Item
from arshjul.core.parse import parse
from arshjul.core.problems import Place, Problem
from arshjul.core.system_errors import why
from arshjul.files.toml import read_toml
from arshjul.files.write import ChangedMeanwhileError, replace_file


@dataclass(frozen=True, slots=True)
class NewDate:
    """What is to be written: a date for one period of an event."""

    item: Item
    period: str
    announcement: Announcement

    @property
    def file(self) -> str:
        """The calendar file, as the administrator knows it."""
        return self.item.place.file if self.item.place else ""

    def problem(self, message: str, hint: str = "") -> Problem:
        return Problem(self.item.place or Place(self.file), message, hint)

    def cannot_be_written(self) -> Problem:
        line = f"announced.{self.period} = {announcement_as_toml(self.announcement)}"
        return self.problem(
            f"Datoen kan ikke skrives inn i «{self.item.id}» slik bolken står.", f"Skriv den selv: {line}"
        )


def announce(path: Path, new: NewDate, catalogue: Catalogue, today: date) -> tuple[Catalogue, list[Problem]]:
    """Write a date into its calendar file; with a problem, nothing is written.

    Return the catalogue as it is with the date, and the problems. `catalogue` must be in order, and hold that file.
    """
    try:
        old = path.read_bytes()
        mark = codecs.BOM_UTF8 if old.startswith(codecs.BOM_UTF8) else b""
        text = _changed(old.removeprefix(mark).decode(), new)
        changed, problems = _judged(text, new, catalogue, today)
        if not problems:
            replace_file(path, old, mark + text.encode())
    except ChangedMeanwhileError:
        problems = [new.problem("Filen er endret i mellomtiden.", "Kjør kommandoen en gang til.")]
    except UnicodeDecodeError:
        problems = [new.problem("Filen er ikke lagret som UTF-8.")]
    except OSError as error:
        problems = [new.problem(f"Filen kan ikke endres: {why(error)}.")]
    return (catalogue, problems) if problems else (changed, [])


def _changed(text: str, new: NewDate) -> str:
    document, _ = read_toml(text, new.file)
    number = event_number(document, new.item.id)
    return text if number is None else with_announcement(text, document, number, new.period, new.announcement)


def _judged(text: str, new: NewDate, catalogue: Catalogue, today: date) -> tuple[Catalogue, list[Problem]]:
    """Read the new text as if it were the file, and compare what it says with what it should say."""
    document, problems = read_toml(text, new.file)
    calendar, wrong = parse(document) if not problems else (None, [])
    if calendar is None or wrong:
        return catalogue, [*problems, *wrong, new.cannot_be_written()]
    changed, between = assemble(list({**catalogue.calendars, calendar.id: calendar}.values()), today)
    if not between and _said(calendar) != _said(_wanted(new, catalogue)):
        between = [new.cannot_be_written()]
    return changed, between


def _wanted(new: NewDate, catalogue: Catalogue) -> Calendar:
    calendar = catalogue.calendars[new.item.calendar]
    wanted = replace(new.item, announced={**new.item.announced, new.period: new.announcement})
    return replace(calendar, items=tuple(wanted if item.id == wanted.id else item for item in calendar.items))


def _said(calendar: Calendar) -> Mapping[str, object]:
    """Return what a calendar says without the places in it: one line more moves all below it."""
    return {
        "calendar": replace(calendar, items=(), parties=(), place=None),
        "parties": [replace(party, place=None) for party in calendar.parties],
        "items": [_said_of(item) for item in calendar.items],
    }


def _said_of(item: Item) -> Item:
    return replace(
        item,
        place=None,
        when=tuple(replace(phrase, place=None) for phrase in item.when),
        variants=tuple(replace(variant, phrase=replace(variant.phrase, place=None)) for variant in item.variants),
        timing={year: replace(phrase, place=None) for year, phrase in item.timing.items()},
        law=item.law and replace(item.law, place=None),
        announced_by=item.announced_by and replace(item.announced_by, place=None),
    )
