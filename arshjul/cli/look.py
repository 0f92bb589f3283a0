"""The commands that only look: `check`, `agenda`, `preview`, `feed`. They write nothing but to the screen."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from datetime import date

from arshjul.cli.text import agenda_text, letters_text, summary
from arshjul.core.dates import DAY, Span
from arshjul.core.expand import expand
from arshjul.core.interchange import letter_data, occurrence_data
from arshjul.core.lookup import directory, find_party, party_names
from arshjul.core.model import Catalogue, Party
from arshjul.core.plan import FURTHEST
from arshjul.core.plan import preview as previewed
from arshjul.core.shapes import suggestion
from arshjul.rounds.feeds import calendar_feed, party_feed
from arshjul.rounds.plan import writer_of
from arshjul.rounds.reload import Loaded, load

AHEAD = 365
"""Days that are shown when no last day is asked for."""


def with_files(command: Callable[[argparse.Namespace, Loaded], int]) -> Callable[[argparse.Namespace], int]:
    """Read the files before a command; with a problem in them, say what it is and do nothing else."""

    def run(arguments: argparse.Namespace) -> int:
        loaded = load(arguments.folder.resolve())
        for problem in loaded.problems:
            print(problem, file=sys.stderr)
        if loaded.problems:
            count = len(loaded.problems)
            print(
                f"\n{count} feil. Ingenting er gjort." if count > 1 else "\nÉn feil. Ingenting er gjort.",
                file=sys.stderr,
            )
            return 1
        return command(arguments, loaded)

    return run


@with_files
def check(_: argparse.Namespace, loaded: Loaded) -> int:
    """Print all problems, or that there are none."""
    print(summary(loaded.catalogue))
    return 0


@with_files
def agenda(arguments: argparse.Namespace, loaded: Loaded) -> int:
    """Print what happens in a span of days."""
    if arguments.calendar and arguments.calendar not in loaded.catalogue.calendars:
        return unknown("Kalenderen", arguments.calendar, list(loaded.catalogue.calendars))
    party = find_party(loaded.catalogue, arguments.party or "")
    if arguments.party and not party:
        return unknown("Parten", arguments.party, party_names(loaded.catalogue))
    found = [
        one
        for one in expand(loaded.catalogue, _span(arguments))
        if arguments.calendar in (None, one.calendar) and (party is None or party.full_id in one.parties)
    ]
    if arguments.json:
        print(json.dumps([occurrence_data(one) for one in found], ensure_ascii=False, indent=1))
    else:
        print(agenda_text(found))
    return 0


@with_files
def preview(arguments: argparse.Namespace, loaded: Loaded) -> int:
    """Print every letter that would go in a span of send days."""
    span = _span(arguments)
    party = find_party(loaded.catalogue, arguments.party or "")
    if arguments.party and not party:
        return unknown("Parten", arguments.party, party_names(loaded.catalogue))
    wide = Span(span.first, span.end + FURTHEST * DAY)
    found = previewed(loaded.catalogue, expand(loaded.catalogue, wide), span, loaded.settings.rules)
    people = _people(loaded.catalogue, party) if party else None
    letters = [letter for letter in found if people is None or letter.to.address in people]
    subjects = [writer_of(loaded).subject(letter) for letter in letters]
    if arguments.json:
        data = [letter_data(letter, subject) for letter, subject in zip(letters, subjects, strict=True)]
        print(json.dumps(data, ensure_ascii=False, indent=1))
    else:
        print(letters_text(letters, subjects))
    return 0


@with_files
def feed(arguments: argparse.Namespace, loaded: Loaded) -> int:
    """Write a calendar's or a party's feed as bytes."""
    day = today()
    calendar, party = loaded.catalogue.calendars.get(arguments.id), find_party(loaded.catalogue, arguments.id)
    if calendar:
        sys.stdout.buffer.write(calendar_feed(loaded, calendar, day).body)
    elif party:
        sys.stdout.buffer.write(party_feed(loaded, party, day).body)
    else:
        known = [*loaded.catalogue.calendars, *party_names(loaded.catalogue)]
        return unknown("Abonnementet", arguments.id, known)
    return 0


def _span(arguments: argparse.Namespace) -> Span:
    first = arguments.first or today()
    last = arguments.last or first + AHEAD * DAY
    return Span.of(first, max(first, last))


def today() -> date:
    return date.today()  # noqa: DTZ011  (the user's own day)


def _people(catalogue: Catalogue, party: Party) -> set[str]:
    who = directory(catalogue, catalogue.calendars[party.calendar])
    return {person.address for person in who.resolve(party.name).recipients}


def unknown(what: str, name: str, known: list[str]) -> int:
    print(f"{what} «{name}» finnes ikke. {suggestion(name, known, {})}", file=sys.stderr)
    return 2
