"""`arshjul check`: are the files in order? It answers at once, so it imports little."""

from __future__ import annotations

import argparse
import sys

from arshjul.cli.commands import with_files
from arshjul.letters.templating import PACKAGED, are_as_shipped, has_templates, lost_templates
from arshjul.organisation import Loaded
from arshjul.plan.files import overlooked
from arshjul.plan.model import Catalogue
from arshjul.printable import printable
from arshjul.words import count_in_words
from arshjul.year.edits import questions, remarks

USELESS = "Malene som følger med programmet, kan ikke brukes. Installer programmet på nytt. {error}"


@with_files
def check(arguments: argparse.Namespace, loaded: Loaded) -> int:
    """Print all problems, or that there are none. Templates that have been edited are tried on every kind of letter."""
    if asked := questions(loaded.catalogue):
        print("\n".join(map(str, asked)), file=sys.stderr)
        print("\nDette må besvares i filene. Til da brukes de forrige.", file=sys.stderr)
        return 1
    if problem := _template_problem(loaded):
        print(f"{problem}\n\nÉn feil. Ingenting er gjort.", file=sys.stderr)
        return 1
    if gone := lost_templates(loaded.settings.templates, loaded.settings.folder):
        print(f"{gone}\n\nÉn feil. Ingenting er gjort.", file=sys.stderr)
        return 1
    for path in overlooked(loaded.settings.calendars):
        print(f"{printable(path.name)}: Filen leses ikke, for navnet slutter ikke på .toml.")
    if loaded.settings.rules.coordinator is None:
        print("Ingen koordinator: ingen får vite om frister som gikk uten varsel. Sett coordinator under [letters].")
    for note in sorted({*loaded.notes, *remarks(loaded.catalogue)}):
        print(note)
    warned = _warnings(loaded, arguments)
    for said in warned:
        print(said)
    print(summary(loaded.catalogue, "Filene er i orden." if warned else "Alt er i orden."))
    return 0


def _warnings(loaded: Loaded, arguments: argparse.Namespace) -> list[str]:
    """Return what stands in the way of letters, or will; to look is no reason to make a database."""
    if not loaded.settings.has_store:
        return []
    from arshjul.cli.work import warnings  # noqa: PLC0415  (slow to import, and many have no database)

    return warnings(loaded, arguments.now())


def _template_problem(loaded: Loaded) -> str:
    """Return what is wrong with the templates; those that are as we ship them have been tried by the tests."""
    own, is_packaged_whole = loaded.settings.templates, are_as_shipped(PACKAGED)
    if is_packaged_whole and (are_as_shipped(own) or not has_templates(own)):
        return ""
    from arshjul.letters.render import Templates  # noqa: PLC0415  (slow to import, and most need no try)
    from arshjul.rounds.write import failing, writer_of  # noqa: PLC0415  (as above)

    writer = writer_of(loaded)
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
