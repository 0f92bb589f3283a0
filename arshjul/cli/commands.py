"""What commands share that read the files: they stop when something is wrong; the year and letters in a terminal."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from enum import Enum
from itertools import groupby

from arshjul.feeds.entries import heading, shown_days
from arshjul.loading import load, load_settings_to_act, load_to_act
from arshjul.organisation import Organisation
from arshjul.plan.addresses import database_in_words
from arshjul.plan.model import CHANGES, Letter, Occurrence, Reminder, Said
from arshjul.plan.problems import told
from arshjul.plan.shapes import suggestion
from arshjul.timing.days import DAY, Span, Status, local_day
from arshjul.wording import SAY
from arshjul.words import (
    STATUS_WORDS,
    clock_in_words,
    count_in_words,
    date_in_words,
    day_in_words,
    list_in_words,
    month_in_words,
    weekday_in_words,
)

MARKS = {Status.CONFIRMED: "●", Status.TENTATIVE: "○", Status.CANCELLED: "×"}
LEGEND = "   ".join(f"{mark} {STATUS_WORDS[status]}" for status, mark in MARKS.items())


def agenda_text(occurrences: Sequence[Occurrence]) -> str:
    """Return the occurrences month by month, what has no date last, and what the marks mean."""
    dated = [(days, one) for one in occurrences if (days := shown_days(one))]
    undated = [one for one in occurrences if one.days is None]
    if not occurrences:
        return "Ingenting i denne perioden."
    blocks = [
        "\n".join([month_in_words(month).capitalize(), *(_row(one, days) for days, one in same)])
        for month, same in groupby(sorted(dated, key=_days), key=lambda pair: pair[0].first.replace(day=1))
    ]
    if undated:
        blocks.append("\n".join(["Uten dato", *(_row(one, None) for one in undated)]))
    return "\n\n".join([*blocks, LEGEND])


def letters_text(letters: Sequence[Letter], subjects: Sequence[str]) -> str:
    """Return the letters by send day, each with its reminders, and how many there are. There must be one."""
    lines: list[str] = []
    for day, group in groupby(zip(letters, subjects, strict=True), key=lambda pair: pair[0].send_day):
        lines += [day_in_words(day).capitalize(), *_sheets(dict(group)), ""]
    people = len({letter.to.address for letter in letters})
    return "\n".join([*lines, f"{len(letters)} brev til {count_in_words(people, 'mottaker', 'mottakere')}."])


def _sheets(letters: dict[Letter, str]) -> Iterator[str]:
    """Yield the letters of a day; those that say the same to several are shown once, with all whom they go to."""
    same: dict[tuple[str, ...], list[Letter]] = {}
    for letter, subject in letters.items():
        said = (f"  Emne: {subject}", *(f"    · {_said(reminder)}" for reminder in letter.reminders))
        same.setdefault(said, []).append(letter)
    for said, sheets in same.items():
        yield f"  Til {', '.join(str(letter.to) for letter in sheets)}"
        yield from said


def _row(occurrence: Occurrence, days: Span | None) -> str:
    clock = f" {clock_in_words(occurrence.clock)}" if occurrence.clock else ""
    who = f"  [{list_in_words(occurrence.responsible)}]" if occurrence.responsible else ""
    when = occurrence.period if days is None else _when(days)
    return f"  {MARKS[occurrence.status]} {when:11} {heading(occurrence)}{clock}{who}"


def _when(days: Span) -> str:
    if len(days) == 1:
        return f"{weekday_in_words(days.first)[:3]} {days.first.day:2}."
    last = f"{days.last.day}." if days.last.month == days.first.month else f"{days.last.day}.{days.last.month}."
    return f"{days.first.day}.–{last}"


def _said(reminder: Reminder) -> str:
    before = day_in_words(reminder.before) if reminder.before else ""
    if reminder.said in CHANGES:
        return f"{SAY['nb'][f'{reminder.said}_word']}: {before}{_to(reminder)}: {reminder.occurrence.title}"
    when = f"{day_in_words(reminder.day)}: "
    how = SAY["nb"]["overdue_word"].lower() if reminder.said is Said.OVERDUE else f"{reminder.lead} før"
    return f"{when}{reminder.occurrence.title} ({how})"


def _to(reminder: Reminder) -> str:
    deadline = reminder.occurrence.deadline
    return f" → {day_in_words(deadline)}" if reminder.said is Said.MOVED and deadline else ""


def _days(pair: tuple[Span, Occurrence]) -> Span:
    return pair[0]


AHEAD = 365
"""Days that are shown when no last day is asked for."""


class Need(Enum):
    """What a command needs of the files."""

    IN_ORDER = "in order"
    LAST_GOOD = "last good"
    NONE = "none"
    SETTINGS = "settings"


def with_files(
    command: Callable[[argparse.Namespace, Organisation], int], *, need: Need = Need.IN_ORDER
) -> Callable[[argparse.Namespace], int]:
    """Read the files before a command; the catalogue knows what has been in force, where a database remembers it.

    With a problem in them, say what it is, and go on only with what the command needs: nothing less than files in
    order, the last ones that were, or none at all. What it is given tells of the problems. For `Need.SETTINGS` only
    config.toml is read: the catalogue is empty, and `with_calendars` reads the calendars where they are of help.
    """

    def run(arguments: argparse.Namespace) -> int:
        if wrong := _swapped_days(arguments):
            print(wrong, file=sys.stderr)
            return 2
        if need is Need.SETTINGS:
            return command(arguments, _settings(arguments))
        folder = arguments.folder.resolve()
        organisation = (
            load_to_act(folder, today(arguments)) if need is not Need.IN_ORDER else load(folder, today(arguments))
        )
        is_recalled = need is not Need.LAST_GOOD  # else the command does it, from a database that it brings up to date
        if not organisation.problems:
            return command(arguments, recalled(organisation, arguments) if is_recalled else organisation)
        has_files = bool(organisation.catalogue.calendars) and need is not Need.IN_ORDER
        _tell(organisation, _instead(need, has_files=has_files))
        if not has_files and need is not Need.NONE:
            return 1
        return command(arguments, recalled(organisation, arguments) if is_recalled else organisation)

    return run


def with_calendars(arguments: argparse.Namespace, settings: Organisation) -> Organisation:
    """Return the settings with the calendars as far as they are of help: the last good ones, or none; say which."""
    organisation = load_to_act(settings.settings.folder, today(arguments))
    if organisation.problems:
        last = "De siste som var i orden, brukes." if organisation.catalogue.calendars else "Det gjøres uten dem."
        print(f"Kalenderne kan ikke brukes som de er (se «arshjul check»). {last}", file=sys.stderr)
    return recalled(replace(organisation, settings=settings.settings), arguments)


def _settings(arguments: argparse.Namespace) -> Organisation:
    """Return the settings, the last good ones where config.toml is broken, or those that hold without it; say which."""
    organisation, is_kept = load_settings_to_act(arguments.folder.resolve())
    if organisation.problems:
        database = f"Det gjøres i {database_in_words(organisation.settings.store_url)}, uten config.toml."
        _tell(organisation, "Den siste config.toml som var i orden, brukes." if is_kept else database)
    return organisation


def _tell(organisation: Organisation, instead: str) -> None:
    count = "Én" if len(organisation.problems) == 1 else len(organisation.problems)
    print("\n".join(map(str, told(organisation.problems))), file=sys.stderr)
    print(f"\n{count} feil. {instead}", file=sys.stderr)


def _instead(need: Need, *, has_files: bool) -> str:
    if has_files:
        return "De siste filene som var i orden, brukes."
    return "Det gjøres uten kalenderne." if need is Need.NONE else "Ingenting er gjort."


def recalled(organisation: Organisation, arguments: argparse.Namespace) -> Organisation:
    """Return the files with what has been in force of them; without a database, or one that cannot be read, as is."""
    if not organisation.settings.has_store:
        return organisation
    from arshjul.rounds.remember import with_history  # noqa: PLC0415  (slow to import, and many have no database)
    from arshjul.service.parts import store_of  # noqa: PLC0415  (as above)
    from arshjul.store.engine import StoreError  # noqa: PLC0415  (as above)

    try:
        with contextlib.closing(store_of(organisation.settings)) as store:
            return with_history(organisation, store, today(arguments))
    except StoreError as error:
        print(f"{error}\nDatoene er derfor som filene alene sier.", file=sys.stderr)
        return organisation


def asked_span(arguments: argparse.Namespace) -> Span:
    """Return the days that are asked for: from today, and for a year, where nothing else is said."""
    first = arguments.first or today(arguments)
    return Span.of(first, arguments.last or first + AHEAD * DAY)


def _swapped_days(arguments: argparse.Namespace) -> str:
    """Return what is wrong when the last day asked for is before the first, as for days that the command knows."""
    last, given = getattr(arguments, "last", None), getattr(arguments, "first", None)
    if last is None or last >= (given or today(arguments)):
        return ""
    if given:
        return f"--to ({date_in_words(last)}) er før --from ({date_in_words(given)})."
    return f"--to ({date_in_words(last)}) er før i dag. Skriv også --from."


def today(arguments: argparse.Namespace) -> date:
    """Return the day in Norway by the clock that the command was given."""
    return local_day(arguments.now())


def unknown(what: str, name: str, known: list[str]) -> int:
    print(f"{what} «{name}» finnes ikke. {suggestion(name, known, {})}", file=sys.stderr)
    return 2
