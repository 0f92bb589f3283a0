"""`arshjul confirm`: which dates are waiting to be announced, and taking an announced one into its calendar file."""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from arshjul.cli.files import today, with_files
from arshjul.core.confirm import ToConfirm, dates_to_confirm
from arshjul.core.dates import Span
from arshjul.core.dating import Dated, Dating, meant_in
from arshjul.core.keys import split_key
from arshjul.core.model import Announcement, Catalogue, Item, KnownBy, Status
from arshjul.core.periods import can_be_announced, is_period, nearest
from arshjul.core.shapes import clean
from arshjul.core.sureness import WITHOUT_SOURCE
from arshjul.core.turns import Clock, day_period
from arshjul.core.words import STATUS_WORDS, clock_in_words, day_in_words, span_in_words
from arshjul.files.announce import NewDate, announce
from arshjul.rounds.reload import Loaded


class _WrongUseError(Exception):
    """What is wrong with what was asked for, in Norwegian."""


@with_files
def confirm(arguments: argparse.Namespace, loaded: Loaded) -> int:
    """List the dates to confirm or, with a key and a date, write that date into the calendar file."""
    if arguments.key is None:
        print(waiting_text(dates_to_confirm(loaded.catalogue, today(arguments))))
        return 0
    try:
        return _write(arguments, loaded)
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


def _write(arguments: argparse.Namespace, loaded: Loaded) -> int:
    item, period = _asked_item(loaded.catalogue, arguments.key)
    dated = _dated(loaded.catalogue, item, period)
    before = dated.get(period)
    new = NewDate(item, _as_written(item, period, dated), _announcement(arguments, item, period))
    if before is None:
        _refuse_odd_period(item, period, list(dated), arguments.key)
    changed, problems = announce(loaded.settings.folder / new.file, new, loaded.catalogue, today(arguments))
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
    items = {f"{item.calendar}/{item.id}": item for known in catalogue.calendars.values() for item in known.items}
    item = items.get(f"{calendar}/{name}")
    if item is None:
        near = difflib.get_close_matches(f"{calendar}/{name}", items, n=1)
        hint = f"Mente du «{near[0]}/{period or '2027'}»?" if near else "«arshjul agenda --json» viser alle nøkler."
        raise _WrongUseError(f"Nøkkelen «{key}» finnes ikke. {hint}")
    if item.is_measure:
        raise _WrongUseError(
            f"«{item.id}» er et tiltak. Når det skal gjøres, står i planen: endre timing i kalenderfilen."
        )
    if item.parent:
        raise _WrongUseError(f"«{item.id}» følger «{item.parent}». Bekreft {calendar}/{item.parent}/{period} i stedet.")
    if not is_period(period):
        raise _WrongUseError(f"Nøkkelen «{key}» mangler perioden: {calendar}/{name}/2027.")
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
        these = ", ".join(f"{item.calendar}/{item.id}/{one}" for one in nearest(period, known))
        raise _WrongUseError(f"Nøkkelen «{key}» finnes ikke. Mente du en av disse? {these}")


def _known(dated: Dated) -> str:
    turn = dated.turn
    at = f" {clock_in_words(turn.clock)}" if turn.clock else ""
    is_typed = dated.status is Status.TENTATIVE and dated.known_by is KnownBy.TYPED
    how = f"{STATUS_WORDS[dated.status]}: {WITHOUT_SOURCE}" if is_typed else STATUS_WORDS[dated.status]
    return f"{'senest ' if turn.deadline else ''}{span_in_words(turn.days)}{at}, {how}"
