"""What commands that read the files share: they stop at the first look when there is something wrong in them."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from enum import Enum

from arshjul.core.addresses import database_in_words
from arshjul.core.dates import DAY, Span
from arshjul.core.problems import told
from arshjul.core.senddays import local_day
from arshjul.core.shapes import suggestion
from arshjul.core.words import date_in_words
from arshjul.rounds.reload import Loaded, load, load_settings_to_act, load_to_act

AHEAD = 365
"""Days that are shown when no last day is asked for."""


class Need(Enum):
    """What a command needs of the files."""

    IN_ORDER = "in order"
    LAST_GOOD = "last good"
    NONE = "none"
    SETTINGS = "settings"


def with_files(
    command: Callable[[argparse.Namespace, Loaded], int], *, need: Need = Need.IN_ORDER
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
        loaded = load_to_act(folder, today(arguments)) if need is not Need.IN_ORDER else load(folder, today(arguments))
        is_recalled = need is not Need.LAST_GOOD  # else the command does it, from a database that it brings up to date
        if not loaded.problems:
            return command(arguments, recalled(loaded, arguments) if is_recalled else loaded)
        has_files = bool(loaded.catalogue.calendars) and need is not Need.IN_ORDER
        _tell(loaded, _instead(need, has_files=has_files))
        if not has_files and need is not Need.NONE:
            return 1
        return command(arguments, recalled(loaded, arguments) if is_recalled else loaded)

    return run


def with_calendars(arguments: argparse.Namespace, settings: Loaded) -> Loaded:
    """Return the settings with the calendars as far as they are of help: the last good ones, or none; say which."""
    loaded = load_to_act(settings.settings.folder, today(arguments))
    if loaded.problems:
        last = "De siste som var i orden, brukes." if loaded.catalogue.calendars else "Det gjøres uten dem."
        print(f"Kalenderne kan ikke brukes som de er (se «arshjul check»). {last}", file=sys.stderr)
    return recalled(replace(loaded, settings=settings.settings), arguments)


def _settings(arguments: argparse.Namespace) -> Loaded:
    """Return the settings, the last good ones where config.toml is broken, or those that hold without it; say which."""
    loaded, is_kept = load_settings_to_act(arguments.folder.resolve())
    if loaded.problems:
        database = f"Det gjøres i {database_in_words(loaded.settings.store_url)}, uten config.toml."
        _tell(loaded, "Den siste config.toml som var i orden, brukes." if is_kept else database)
    return loaded


def _tell(loaded: Loaded, instead: str) -> None:
    count = "Én" if len(loaded.problems) == 1 else len(loaded.problems)
    print("\n".join(map(str, told(loaded.problems))), file=sys.stderr)
    print(f"\n{count} feil. {instead}", file=sys.stderr)


def _instead(need: Need, *, has_files: bool) -> str:
    if has_files:
        return "De siste filene som var i orden, brukes."
    return "Det gjøres uten kalenderne." if need is Need.NONE else "Ingenting er gjort."


def recalled(loaded: Loaded, arguments: argparse.Namespace) -> Loaded:
    """Return the files with what has been in force of them; without a database, or one that cannot be read, as is."""
    if not loaded.settings.has_store:
        return loaded
    from arshjul.rounds.remember import with_history  # noqa: PLC0415  (slow to import, and many have no database)
    from arshjul.service.parts import store_of  # noqa: PLC0415  (as above)
    from arshjul.store.engine import StoreError  # noqa: PLC0415  (as above)

    try:
        with contextlib.closing(store_of(loaded.settings)) as store:
            return with_history(loaded, store, today(arguments))
    except StoreError as error:
        print(f"{error}\nDatoene er derfor som filene alene sier.", file=sys.stderr)
        return loaded


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
