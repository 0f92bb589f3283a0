"""`arshjul check`: are the files in order? It answers at once, so it imports little."""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path

from arshjul.cli.files import with_files
from arshjul.core.edits import questions, remarks
from arshjul.core.model import Catalogue
from arshjul.core.printable import printable
from arshjul.core.words import count_in_words
from arshjul.files.read import overlooked
from arshjul.files.templates import lost_templates, templates_digest
from arshjul.rounds.reload import Loaded

SHIPPED = "SHIPPED"
"""The file beside the templates that holds their digest as we ship them; `make snapshots` writes it."""

NONE = hashlib.sha256().hexdigest()


@with_files
def check(arguments: argparse.Namespace, loaded: Loaded) -> int:
    """Print all problems, or that there are none. Templates that have been edited are tried on every kind of letter."""
    if asked := questions(loaded.catalogue):
        print("\n".join(map(str, asked)), file=sys.stderr)
        print("\nDette må besvares i filene. Til da brukes de forrige.", file=sys.stderr)
        return 1
    if is_edited(loaded.settings.templates / "email") and (problem := _template_problem(loaded)):
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
    from arshjul.cli.ahead import warnings  # noqa: PLC0415  (slow to import, and many have no database)

    return warnings(loaded, arguments.now())


def is_edited(folder: Path) -> bool:
    """Tell whether a folder's templates are other than those that we ship, which the tests have tried."""
    shipped = folder / SHIPPED
    return templates_digest(folder) != (shipped.read_text(encoding="ascii").strip() if shipped.exists() else NONE)


def _template_problem(loaded: Loaded) -> str:
    from arshjul.mail.render import TemplateProblemError  # noqa: PLC0415  (slow to import, and most have none)
    from arshjul.mail.samples import sample_drafts  # noqa: PLC0415  (as above)
    from arshjul.rounds.write import writer_of  # noqa: PLC0415  (as above)

    writer = writer_of(loaded)
    try:
        for _ in sample_drafts(writer.templates, writer.head):
            pass
    except TemplateProblemError as error:
        return str(error)
    return ""


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
