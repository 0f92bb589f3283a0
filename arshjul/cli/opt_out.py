"""`arshjul opt-out`: who has said no to letters, by a letter's link or to a person who notes it here."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from arshjul.cli.explain import all_known
from arshjul.cli.files import Need, today, with_calendars
from arshjul.cli.work import with_store
from arshjul.core.addresses import read_address
from arshjul.core.model import Occurrence, Recipient
from arshjul.core.opt_outs import folded
from arshjul.core.printable import printable
from arshjul.core.senddays import local_day
from arshjul.core.shapes import suggestion
from arshjul.core.words import day_in_words, list_in_words
from arshjul.rounds.reload import Loaded
from arshjul.rounds.unreached import unreached_now
from arshjul.store import opt_outs
from arshjul.store.engine import Store


@partial(with_store, need=Need.SETTINGS)
def opt_out(arguments: argparse.Namespace, loaded: Loaded, store: Store) -> int:
    """List, note or take back that somebody wants no letters."""
    actions: dict[str, Callable[[argparse.Namespace, Loaded, Store], int]] = {"list": _list, "add": _add, "undo": _undo}
    return actions[arguments.action](arguments, loaded, store)


def _list(arguments: argparse.Namespace, loaded: Loaded, store: Store) -> int:
    found = opt_outs.opt_outs(store)
    for one in found:
        print(f"{one.address}: siden {day_in_words(local_day(one.at))}, {printable(one.by)}")
    if not found:
        print("Ingen har sagt nei til brev.")
    _warn(with_calendars(arguments, loaded), store, arguments.now())
    return 0


def _add(arguments: argparse.Namespace, loaded: Loaded, store: Store) -> int:
    coordinator = loaded.settings.rules.coordinator
    try:
        address = read_address(arguments.address).address
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    if coordinator is not None and folded(address) == folded(coordinator.address):
        print(f"{address} er koordinator og må få brev. Sett en annen som coordinator i config.toml.", file=sys.stderr)
        return 1
    year = with_calendars(arguments, loaded)
    known = sorted(_addresses(all_known(year.catalogue, today(arguments))))
    if folded(address) not in map(folded, known) and not year.problems:  # whoever says no is heard, files or none
        print(f"Ingen mottaker har adressen {address}. {suggestion(address, known, {})}", file=sys.stderr)
        return 1
    if not opt_outs.opt_out(store, address, f"meldt av {getpass.getuser()}", arguments.now()):
        print(f"{address} får ingen brev fra før.")
        return 1
    print(f"{address} får ikke flere brev. Oppgavene er fortsatt deres.")
    _warn(year, store, arguments.now())
    return 0


def _undo(arguments: argparse.Namespace, _: Loaded, store: Store) -> int:
    try:
        address = read_address(arguments.address).address
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    if not opt_outs.opt_in(store, address, f"meldt av {getpass.getuser()}", arguments.now()):
        print(f"{address} har ikke sagt nei til brev.")
        return 1
    print(f"{address} får brev igjen.")
    return 0


def _addresses(occurrences: Sequence[Occurrence]) -> set[str]:
    people: set[Recipient] = {person for one in occurrences for person in one.recipients}
    return {person.address for person in people}


def _warn(loaded: Loaded, store: Store, now: datetime) -> None:
    """Name what nobody is told of any more."""
    if lost := unreached_now(loaded, store, now):
        print("\nIngen får brev om dette nå. Skriv inn en annen mottaker i kalenderfilen:")
    for one in lost:
        when = day_in_words(one.deadline) if one.deadline else "uten dato"
        print(f"  {when}: {one.title} – {list_in_words(one.responsible)} ({one.key})")
