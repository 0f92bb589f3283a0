"""`arshjul check`: are the files in order? It answers at once, so it imports little."""

from __future__ import annotations

import argparse

from arshjul.cli.files import with_files
from arshjul.core.model import Catalogue
from arshjul.rounds.reload import Loaded


@with_files
def check(_: argparse.Namespace, loaded: Loaded) -> int:
    """Print all problems, or that there are none."""
    print(summary(loaded.catalogue))
    return 0


def summary(catalogue: Catalogue) -> str:
    """Return one line per calendar with what is in it."""
    lines = []
    for calendar in catalogue.calendars.values():
        measures = sum(item.is_measure for item in calendar.items)
        events = len(calendar.items) - measures
        counted = [(events, "hendelser og milepæler"), (measures, "tiltak"), (len(calendar.parties), "parter")]
        lines.append(f"{calendar.name}: " + ", ".join(f"{count} {what}" for count, what in counted if count))
    return "\n".join([*lines, "Alt er i orden."])
