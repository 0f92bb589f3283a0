"""`arshjul check`: are the files in order? It answers at once, so it imports little."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from arshjul.cli.files import with_files
from arshjul.core.model import Catalogue
from arshjul.files.read import overlooked
from arshjul.rounds.reload import Loaded


@with_files
def check(_: argparse.Namespace, loaded: Loaded) -> int:
    """Print all problems, or that there are none. An organisation's own templates are tried on every kind of letter."""
    if _has_own_templates(loaded.settings.templates) and (problem := _template_problem(loaded)):
        print(f"{problem}\n\nÉn feil. Ingenting er gjort.", file=sys.stderr)
        return 1
    for path in overlooked(loaded.settings.calendars):
        print(f"{path.name}: Filen leses ikke, for navnet slutter ikke på .toml.")
    print(summary(loaded.catalogue))
    return 0


def _has_own_templates(folder: Path) -> bool:
    return any(path.suffix in (".txt", ".html") for path in (folder / "email").rglob("*"))


def _template_problem(loaded: Loaded) -> str:
    from arshjul.mail.render import TemplateProblemError  # noqa: PLC0415  (slow to import, and most have none)
    from arshjul.mail.samples import sample_drafts  # noqa: PLC0415
    from arshjul.rounds.write import writer_of  # noqa: PLC0415

    writer = writer_of(loaded)
    try:
        for _ in sample_drafts(writer.templates, writer.head):
            pass
    except TemplateProblemError as error:
        return str(error)
    return ""


def summary(catalogue: Catalogue) -> str:
    """Return one line per calendar with what is in it."""
    lines = []
    for calendar in catalogue.calendars.values():
        measures = sum(item.is_measure for item in calendar.items)
        events = len(calendar.items) - measures
        counted = [(events, "hendelser og milepæler"), (measures, "tiltak"), (len(calendar.parties), "parter")]
        lines.append(f"{calendar.name}: " + ", ".join(f"{count} {what}" for count, what in counted if count))
    return "\n".join([*lines, "Alt er i orden."])
