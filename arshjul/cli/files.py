"""What commands that read the files share: they stop at the first look when there is something wrong in them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import date

from arshjul.core.dates import DAY, Span
from arshjul.core.shapes import suggestion
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


def asked_span(arguments: argparse.Namespace) -> Span:
    first = arguments.first or today()
    last = arguments.last or first + AHEAD * DAY
    return Span.of(first, max(first, last))


def today() -> date:
    return date.today()  # noqa: DTZ011  (the user's own day)


def unknown(what: str, name: str, known: list[str]) -> int:
    print(f"{what} «{name}» finnes ikke. {suggestion(name, known, {})}", file=sys.stderr)
    return 2
