"""`arshjul done`, `undo` and `opt-out`: what somebody reports of a thing, and who has said no to letters."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial

from arshjul.cli.commands import Need, today, with_calendars
from arshjul.cli.work import all_known, find, not_found, with_store
from arshjul.letters.history import Acknowledgement, Report, in_words, normalize_address, note_until
from arshjul.organisation import Organisation
from arshjul.plan.addresses import read_address
from arshjul.plan.model import Occurrence, Recipient
from arshjul.plan.shapes import suggestion
from arshjul.printable import printable
from arshjul.rounds.planning import unreached_now
from arshjul.store import told
from arshjul.store.engine import Store
from arshjul.timing.days import local_day
from arshjul.words import day_in_words, list_in_words

AFTER = {
    Report.DONE: "Ingen påminnes mer om dette.",
    Report.NOT_RELEVANT: "Ingen påminnes om dette denne gangen.",
    Report.PUT_OFF: "Ingen påminnes om fristen {date}. Skriv den nye datoen i kalenderfilen, så påminnes de på nytt.",
    Report.OPEN: "De ansvarlige påminnes igjen.",
}

ASK = """Utsatt til når? Ingenting er gjort. Skriv en av disse:
    arshjul done {key} --as utsatt --until 2027-01-31
    arshjul done {key} --as utsatt --without-date     (ikke kjent ennå: saken står i hvert ukebrev til den får en)"""
ONLY_PUT_OFF = "--until og --without-date hører til --as utsatt."
LISTED = "Til da står saken i hvert ukebrev til koordinatoren."
UNLISTED = "Ingen koordinator er satt, så ingen får vite at saken venter. Sett coordinator under [letters]."


@with_store
def done(arguments: argparse.Namespace, organisation: Organisation, store: Store) -> int:
    """Record that a thing is done, not relevant or put off: that takes a date, or a word that there is none yet."""
    is_dated = arguments.until is not None or arguments.without_date
    if (arguments.state == Report.PUT_OFF) != is_dated:
        print(ONLY_PUT_OFF if is_dated else ASK.format(key=arguments.key), file=sys.stderr)
        return 2 if is_dated else 1
    return _report(arguments, organisation, store, Report(arguments.state))


@with_store
def undo(arguments: argparse.Namespace, organisation: Organisation, store: Store) -> int:
    """Record that a thing is open after all."""
    reports = told.acknowledgements_of(store, arguments.key)
    if not reports or reports[-1].state is Report.OPEN:
        print(f"«{arguments.key}» er ikke meldt ferdig, så det er ingenting å angre.")
        return 1
    return _report(arguments, organisation, store, Report.OPEN)


def _report(arguments: argparse.Namespace, organisation: Organisation, store: Store, state: Report) -> int:
    everything = all_known(organisation.catalogue, today(arguments))
    occurrence = find(everything, arguments.key)
    tellings = told.tellings(store, arguments.key) if occurrence is None and organisation.problems else ()
    if occurrence is None and state is not Report.OPEN and not tellings:
        return not_found(everything, arguments.key)
    last = tellings[-1].reminder.deadline if tellings else None
    deadline = occurrence.deadline if occurrence else last
    until: date | None = getattr(arguments, "until", None)
    if until is not None and until <= max(today(arguments), deadline or date.min):
        print(_too_soon(until, deadline), file=sys.stderr)
        return 2
    note = note_until(until, arguments.note or "")
    report = Acknowledgement(arguments.key, state, arguments.by or "", note, deadline, arguments.now())
    told.acknowledge(store, report)
    print(_title(occurrence, deadline, has_files=not organisation.problems))
    for one in told.acknowledgements_of(store, arguments.key):
        print(f"  {in_words(one)}")
    print(AFTER[state].format(date=day_in_words(deadline) if deadline else "som var"))
    if state is Report.PUT_OFF:
        print(LISTED if organisation.settings.rules.coordinator else UNLISTED)
    return 0


def _too_soon(until: date, deadline: date | None) -> str:
    """Say why a thing cannot be put off to that day."""
    other = f"fristen som er ({day_in_words(deadline)})" if deadline and until <= deadline else "i dag"
    return f"--until ({day_in_words(until)}) er ikke etter {other}. Ingenting er gjort."


def _title(occurrence: Occurrence | None, deadline: date | None, *, has_files: bool) -> str:
    when = f", {day_in_words(deadline)}" if deadline else ""
    if occurrence is not None:
        return f"{occurrence.title}{when}:"
    return "Ikke lenger i filene:" if has_files else f"Kjent fra brev som er sendt{when}:"


@partial(with_store, need=Need.SETTINGS)
def opt_out(arguments: argparse.Namespace, organisation: Organisation, store: Store) -> int:
    """List, note or take back that somebody wants no letters."""
    actions: dict[str, Callable[[argparse.Namespace, Organisation, Store], int]] = {
        "list": _list,
        "add": _add,
        "undo": _undo,
    }
    return actions[arguments.action](arguments, organisation, store)


def _list(arguments: argparse.Namespace, organisation: Organisation, store: Store) -> int:
    found = told.opt_outs(store)
    for one in found:
        print(f"{one.address}: siden {day_in_words(local_day(one.at))}, {printable(one.by)}")
    if not found:
        print("Ingen har sagt nei til brev.")
    _warn(with_calendars(arguments, organisation), store, arguments.now())
    return 0


def _add(arguments: argparse.Namespace, organisation: Organisation, store: Store) -> int:
    coordinator = organisation.settings.rules.coordinator
    try:
        address = read_address(arguments.address).address
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    if coordinator is not None and normalize_address(address) == normalize_address(coordinator.address):
        print(f"{address} er koordinator og må få brev. Sett en annen som coordinator i config.toml.", file=sys.stderr)
        return 1
    year = with_calendars(arguments, organisation)
    known = sorted(_addresses(all_known(year.catalogue, today(arguments))))
    if (
        normalize_address(address) not in map(normalize_address, known) and not year.problems
    ):  # whoever says no is heard, files or none
        print(f"Ingen mottaker har adressen {address}. {suggestion(address, known, {})}", file=sys.stderr)
        return 1
    if not told.opt_out(store, address, f"meldt av {getpass.getuser()}", arguments.now()):
        print(f"{address} får ingen brev fra før.")
        return 1
    print(f"{address} får ikke flere brev. Oppgavene er fortsatt deres.")
    _warn(year, store, arguments.now())
    return 0


def _undo(arguments: argparse.Namespace, _: Organisation, store: Store) -> int:
    try:
        address = read_address(arguments.address).address
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    if not told.opt_in(store, address, f"meldt av {getpass.getuser()}", arguments.now()):
        print(f"{address} har ikke sagt nei til brev.")
        return 1
    print(f"{address} får brev igjen.")
    return 0


def _addresses(occurrences: Sequence[Occurrence]) -> set[str]:
    people: set[Recipient] = {person for one in occurrences for person in one.recipients}
    return {person.address for person in people}


def _warn(organisation: Organisation, store: Store, now: datetime) -> None:
    """Name what nobody is told of any more."""
    if lost := unreached_now(organisation, store, now):
        print("\nIngen får brev om dette nå. Skriv inn en annen mottaker i kalenderfilen:")
    for one in lost:
        when = day_in_words(one.deadline) if one.deadline else "uten dato"
        print(f"  {when}: {one.title} – {list_in_words(one.responsible)} ({one.key})")
