"""`arshjul check` and `arshjul read`: are the files in order, and how is a text understood? Both answer at once."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from datetime import date

from arshjul.cli.commands import with_files
from arshjul.letters.templating import PACKAGED, are_as_shipped, has_templates, lost_templates
from arshjul.organisation import Organisation
from arshjul.plan.files import overlooked
from arshjul.plan.model import Catalogue
from arshjul.printable import printable
from arshjul.timing.answer import answer
from arshjul.timing.cadences import leans_on
from arshjul.timing.days import Span, local_day
from arshjul.timing.phrases import read as read_phrase
from arshjul.words import count_in_words, day_in_words, span_in_words
from arshjul.year.edits import questions, remarks


def read(arguments: argparse.Namespace) -> int:
    """Print each phrase's reading; exit code 1 if any has none (with --json always 0: the answer says it)."""
    year = arguments.year or local_day(arguments.now()).year
    answers = (answer(phrase, year) for phrase in _phrases(arguments.phrase))
    return _as_json(answers) if arguments.json else _in_words(answers)


def _phrases(given: list[str]) -> Iterable[str]:
    return given or (line.rstrip("\n") for line in sys.stdin)


def _as_json(answers: Iterable[dict[str, object]]) -> int:
    for found in answers:
        print(json.dumps(found, ensure_ascii=False), flush=True)
    return 0


def _in_words(answers: Iterable[dict[str, object]]) -> int:
    unread = 0
    for found in answers:
        print(f"«{found['phrase']}»")
        unread += not found["understood"]
        for line in _lines(found):
            print(f"    {line}")
    return int(unread > 0)


def _lines(found: dict[str, object]) -> Iterator[str]:
    if not found["understood"]:
        yield "Ingen sikker lesning: skriv det på en annen måte, eller som en dato (2027-03-12)."
        return
    yield f"forstås som: {found['reading']}"
    first, last, deadline = (_date(found[key]) for key in ("start", "end", "deadline"))
    if first:
        yield span_in_words(Span.of(first, last or first))
    if deadline and deadline != first:
        yield f"frist: {day_in_words(deadline)}"
    if first or deadline:
        return
    cadence = read_phrase(str(found["phrase"]))
    names = [f"«{name}»" for name in leans_on(cadence) if name] if cadence else []
    yield f"følger {' og '.join(names)}, der kalenderen har den" if names else "uten dato"


def _date(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None


USELESS = "Malene som følger med programmet, kan ikke brukes. Installer programmet på nytt. {error}"


@with_files
def check(arguments: argparse.Namespace, organisation: Organisation) -> int:
    """Print all problems, or that there are none. Templates that have been edited are tried on every kind of letter."""
    if asked := questions(organisation.catalogue):
        print("\n".join(map(str, asked)), file=sys.stderr)
        print("\nDette må besvares i filene. Til da brukes de forrige.", file=sys.stderr)
        return 1
    if problem := _template_problem(organisation):
        print(f"{problem}\n\nÉn feil. Ingenting er gjort.", file=sys.stderr)
        return 1
    if gone := lost_templates(organisation.settings.templates, organisation.settings.folder):
        print(f"{gone}\n\nÉn feil. Ingenting er gjort.", file=sys.stderr)
        return 1
    for path in overlooked(organisation.settings.calendars):
        print(f"{printable(path.name)}: Filen leses ikke, for navnet slutter ikke på .toml.")
    if organisation.settings.rules.coordinator is None:
        print("Ingen koordinator: ingen får vite om frister som gikk uten varsel. Sett coordinator under [letters].")
    for note in sorted({*organisation.notes, *remarks(organisation.catalogue)}):
        print(note)
    warned = _warnings(organisation, arguments)
    for said in warned:
        print(said)
    print(summary(organisation.catalogue, "Filene er i orden." if warned else "Alt er i orden."))
    return 0


def _warnings(organisation: Organisation, arguments: argparse.Namespace) -> list[str]:
    """Return what stands in the way of letters, or will; to look is no reason to make a database."""
    if not organisation.settings.has_store:
        return []
    from arshjul.cli.work import warnings  # noqa: PLC0415  (slow to import, and many have no database)

    return warnings(organisation, arguments.now())


def _template_problem(organisation: Organisation) -> str:
    """Return what is wrong with the templates; those that are as we ship them have been tried by the tests."""
    own, is_packaged_whole = organisation.settings.templates, are_as_shipped(PACKAGED)
    if is_packaged_whole and (are_as_shipped(own) or not has_templates(own)):
        return ""
    from arshjul.letters.render import Templates  # noqa: PLC0415  (slow to import, and most need no try)
    from arshjul.rounds.write import failing, writer_of  # noqa: PLC0415  (as above)

    writer = writer_of(organisation)
    is_apart = own.resolve() != PACKAGED.resolve()
    if not is_packaged_whole and is_apart and (error := failing(Templates(()), writer.head)):
        return USELESS.format(error=error)
    return failing(writer.templates, writer.head)


def summary(catalogue: Catalogue, verdict: str) -> str:
    """Return one line per calendar with what is in it, and the verdict."""
    lines = []
    for calendar in catalogue.calendars.values():
        measures = sum(item.is_measure for item in calendar.items)
        events = len(calendar.items) - measures
        counted = [
            (events, "hendelse", "hendelser og milepæler"),
            (measures, "tiltak", "tiltak"),
            (len(calendar.parties), "part", "parter"),
        ]
        lines.append(f"{calendar.name}: " + ", ".join(count_in_words(*one) for one in counted if one[0]))
    return "\n".join([*lines, verdict])
