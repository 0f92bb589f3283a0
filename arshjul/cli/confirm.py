"""`arshjul confirm`: which dates are waiting to be announced, and taking an announced one into the file."""

from __future__ import annotations

import argparse
import codecs
import difflib
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from arshjul.cli.commands import today, with_files
from arshjul.disk import ChangedMeanwhileError, replace_file
from arshjul.keys import item_of, key_of, split_full_id, split_key
from arshjul.organisation import Organisation
from arshjul.plan.announced import announcement_as_toml, event_number, with_announcement
from arshjul.plan.files import read_toml
from arshjul.plan.model import Announcement, Calendar, Catalogue, Item, KnownBy
from arshjul.plan.parse import parse
from arshjul.plan.problems import Place, Problem
from arshjul.plan.shapes import clean
from arshjul.printable import why
from arshjul.timing.days import Clock, Span, Status, can_be_announced, day_period, is_period, nearest
from arshjul.words import STATUS_WORDS, clock_in_words, day_in_words, span_in_words
from arshjul.year.assemble import assemble
from arshjul.year.awaited import ToConfirm, dates_to_confirm
from arshjul.year.dating import WITHOUT_SOURCE, Dated, Dating, meant_in


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


class _WrongUseError(Exception):
    """What is wrong with what was asked for, in Norwegian."""


@with_files
def confirm(arguments: argparse.Namespace, organisation: Organisation) -> int:
    """List the dates to confirm or, with a key and a date, write that date into the calendar file."""
    if arguments.key is None:
        print(waiting_text(dates_to_confirm(organisation.catalogue, today(arguments))))
        return 0
    try:
        return _write(arguments, organisation)
    except _WrongUseError as error:
        print(error, file=sys.stderr)
        return 2


def waiting_text(waiting: Sequence[ToConfirm]) -> str:
    """Return the list of dates to confirm, each with where to look and what to type."""
    if not waiting:
        return "Ingen datoer venter på å bli bekreftet."
    count = (
        "Én dato er foreløpig, men skulle" if len(waiting) == 1 else f"{len(waiting)} datoer er foreløpige, men skulle"
    )
    return "\n\n".join([f"{count} vært kunngjort nå.", *("\n".join(_waiting(one)) for one in waiting)])


def _waiting(one: ToConfirm) -> Iterator[str]:
    yield one.title
    rule = f" (etter regelen «{one.rule}»)" if one.rule else ""
    yield f"    Nå står det:  {'senest ' if one.is_deadline else ''}{span_in_words(one.days)}{rule}"
    yield f"    Ventet:       kunngjort innen {day_in_words(one.public_by)}"
    if one.source:
        yield f"    Se etter her: {one.source}"
    if one.note:
        yield f"    Merk:         {one.note}"
    yield f"    Skriv så:     arshjul confirm {one.key} DATO --source ADRESSE"


def _write(arguments: argparse.Namespace, organisation: Organisation) -> int:
    item, period = _asked_item(organisation.catalogue, arguments.key)
    dated = _dated(organisation.catalogue, item, period)
    before = dated.get(period)
    new = NewDate(item, _as_written(item, period, dated), _announcement(arguments, item, period))
    if before is None:
        _refuse_odd_period(item, period, list(dated), arguments.key)
    changed, problems = announce(organisation.settings.folder / new.file, new, organisation.catalogue, today(arguments))
    if problems:
        print("\n".join(map(str, problems)), file=sys.stderr)
        print("\nIngenting er skrevet.", file=sys.stderr)
        return 1
    (renewed,) = (one for one in changed.calendars[item.calendar].items if one.id == item.id)
    print(f"Skrevet i {new.file}.")
    after = _dated(changed, renewed, period)[period]
    print(f"{item.title}: {_known(after)}.")
    print(f"Før: {_known(before)}." if before else f"Regelen gir ingen dato for {period}; datoen står nå likevel.")
    if after.known_by is KnownBy.TYPED:
        print(f"Den blir bekreftet av sin egen kilde: arshjul confirm {arguments.key} DATO --source ADRESSE")
    return 0


def _asked_item(catalogue: Catalogue, key: str) -> tuple[Item, str]:
    calendar, name, period = split_key(key)
    items = {item.full_id: item for known in catalogue.calendars.values() for item in known.items}
    item = items.get(item_of(key))
    if item is None:
        near = difflib.get_close_matches(item_of(key), items, n=1)
        hint = (
            f"Mente du «{key_of(*split_full_id(near[0]), period or '2027')}»?"
            if near
            else "«arshjul agenda --json» viser alle nøkler."
        )
        raise _WrongUseError(f"Nøkkelen «{key}» finnes ikke. {hint}")
    if item.is_measure:
        raise _WrongUseError(
            f"«{item.id}» er et tiltak. Når det skal gjøres, står i planen: endre timing i kalenderfilen."
        )
    if item.parent:
        raise _WrongUseError(
            f"«{item.id}» følger «{item.parent}». Bekreft {key_of(calendar, item.parent, period)} i stedet."
        )
    if not is_period(period):
        raise _WrongUseError(f"Nøkkelen «{key}» mangler perioden: {key_of(calendar, name, '2027')}.")
    return item, period


def _announcement(arguments: argparse.Namespace, item: Item, period: str) -> Announcement:
    """Return what is announced; a time and a source that are known already stay while the day does."""
    days: Span | None = arguments.days
    if days is None:
        raise _WrongUseError(f"Skriv også datoen: arshjul confirm {arguments.key} DATO --source ADRESSE")
    if abs(days.first.year - int(period[:4])) > 1:
        raise _WrongUseError(f"{span_in_words(days)} ligger langt fra {period}. Er året riktig?")
    taken = next((other for other, one in item.announced.items() if other != period and one.days == days), "")
    if taken:
        raise _WrongUseError(f"{span_in_words(days)} er alt kunngjort for {taken}. Er året riktig?")
    old = item.announced.get(period)
    if old and old.days != days:
        old = None
    clock: Clock | None = arguments.time or (old.clock if old else None)
    source = clean(arguments.source or "") or (old.source if old else "")
    return Announcement(days, clock, source, arguments.checked or today(arguments), clean(arguments.even_so or ""))


def _dated(catalogue: Catalogue, item: Item, period: str) -> dict[str, Dated]:
    year = int(period[:4])
    dating = Dating(catalogue, Span(date(year - 1, 1, 1), date(year + 2, 1, 1)))
    return {dated.turn.period: dated for dated in dating.dated(item)}


def _as_written(item: Item, period: str, dated: Mapping[str, Dated]) -> str:
    """Return the period as the file must have it: the day, where the key's own month has two dates."""
    ruled = dated[period].ruled if period in dated else None
    is_clear = len(meant_in(item, period, dated.values())) <= 1
    return period if ruled is None or is_clear else day_period(ruled.first)


def _refuse_odd_period(item: Item, period: str, known: list[str], key: str) -> None:
    """A date may be announced for a year that the rule passes over, never beside the one that the rule gives."""
    if not can_be_announced(period, known):
        these = ", ".join(key_of(item.calendar, item.id, one) for one in nearest(period, known))
        raise _WrongUseError(f"Nøkkelen «{key}» finnes ikke. Mente du en av disse? {these}")


def _known(dated: Dated) -> str:
    turn = dated.turn
    at = f" {clock_in_words(turn.clock)}" if turn.clock else ""
    is_typed = dated.status is Status.TENTATIVE and dated.known_by is KnownBy.TYPED
    how = f"{STATUS_WORDS[dated.status]}: {WITHOUT_SOURCE}" if is_typed else STATUS_WORDS[dated.status]
    return f"{'senest ' if turn.deadline else ''}{span_in_words(turn.days)}{at}, {how}"
