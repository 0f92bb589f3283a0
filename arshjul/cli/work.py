"""What commands share that use the database: opening it, what lies ahead for letters, an occurrence by its key."""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from http.client import HTTPException

from arshjul.cli.commands import Need, with_files
from arshjul.cli.fetch import ask
from arshjul.health import Area, Fault, faults_of_hold, faults_of_queue
from arshjul.keys import calendar_of, item_of
from arshjul.letters.brakes import brake_ahead_in_words
from arshjul.letters.render import TemplateProblemError
from arshjul.organisation import Organisation
from arshjul.plan.model import Catalogue, Occurrence
from arshjul.plan.shapes import suggestion
from arshjul.printable import why
from arshjul.rounds.holds import queue_of
from arshjul.rounds.immediate import tell_coordinator, urgent_now
from arshjul.rounds.planning import ahead_by_edit, brake_ahead
from arshjul.rounds.publish import Publisher
from arshjul.rounds.sending import SendReport
from arshjul.service.guard import ALARMING
from arshjul.service.parts import crash_of, store_of
from arshjul.service.publishing import Good, HeldBackError, good_year, keep_unedited
from arshjul.settings import Settings
from arshjul.store.engine import Store, StoreError
from arshjul.store.lock import AnotherSenderError
from arshjul.timing.days import Span, local_day
from arshjul.year.expand import expand


def warnings(organisation: Organisation, now: datetime) -> list[str]:
    """Return what must be heard today, and the brake that will hold letters; nothing without a database."""
    return _asked(organisation, lambda store: _warnings(organisation, store, now))


def coming(organisation: Organisation, now: datetime) -> list[str]:
    """Return which letters an edit will cause, and all warnings; without a database nobody has been told anything."""

    def lines(store: Store) -> Iterator[str]:
        if said := ahead_by_edit(organisation, store, now):
            yield f"{said} Rettes filene før da, går de ikke."
        yield from _warnings(organisation, store, now)

    return _asked(organisation, lines)


def _warnings(organisation: Organisation, store: Store, now: datetime) -> Iterator[str]:
    yield from (one.words("nb") for one in urgent_now(organisation, store, now))
    if hold := brake_ahead(organisation, store, now):
        yield " ".join(filter(None, brake_ahead_in_words(hold)))


def _asked(organisation: Organisation, lines: Callable[[Store], Iterator[str]]) -> list[str]:
    if not organisation.settings.has_store:
        return []
    try:
        with contextlib.closing(store_of(organisation.settings)) as store:
            return list(lines(store))
    except StoreError as error:
        print(error, file=sys.stderr)
        return []


PATIENCE = 5.0
"""Seconds for a service on this machine to say how it is."""

MOST_FAULTS = 50
"""Of a service: it has far fewer, and whatever else listens there is not printed without end."""


def faults_of_letters(store: Store, now: datetime) -> list[Fault]:
    """Return what keeps letters from going. Raises StoreError."""
    queue = queue_of(store, now)
    return [*faults_of_hold(queue, now), *faults_of_queue(queue, now)]


def faults_of_service(settings: Settings) -> list[Fault] | None:
    """Return what the service that runs on this machine says of itself; None when none answers."""
    site = settings.site
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(site.host, site.host)  # noqa: S104  (compared, not listened on)
    address = f"http://{f'[{host}]' if ':' in host else host}:{site.port}/healthz"
    try:
        return list(_faults(ask("GET", address, seconds=PATIENCE).body))
    except (OSError, HTTPException, ValueError, KeyError, TypeError):  # not there, or something else that listens
        return None


def _faults(body: bytes) -> Iterator[Fault]:
    """Yield the faults in an answer of /healthz. Raises ValueError, KeyError or TypeError when it is none."""
    for one in json.loads(body)["faults"][:MOST_FAULTS]:
        yield Fault(Area(one["area"]), str(one["words"]))


YEAR_DAYS = 800


def all_known(catalogue: Catalogue, today: date) -> list[Occurrence]:
    """Return every occurrence of the years around today."""
    return expand(catalogue, Span.of(today).widened(YEAR_DAYS))


def find(occurrences: Sequence[Occurrence], key: str) -> Occurrence | None:
    """Return the occurrence with that key."""
    return next((one for one in occurrences if one.key == key), None)


def not_found(occurrences: Sequence[Occurrence], key: str) -> int:
    """Say which keys there are that may be meant: those of the same item, else one that looks alike."""
    same = [one.key for one in occurrences if key in (item_of(one.key), calendar_of(one.key))]
    if same:
        print(f"«{key}» kommer flere ganger. Si hvilken: {', '.join(same)}", file=sys.stderr)
        return 2
    near = suggestion(key, [one.key for one in occurrences], {})
    if near.startswith("Her kan stå"):
        near = "«arshjul agenda --json» viser alle nøkler."
    print(f"«{key}» finnes ikke. {near}", file=sys.stderr)
    return 2


TOO_EARLY = (
    "{at} er frem i tid, og brevene ville gått til mottakerne på ordentlig nå. Se dem med --dry-run, "
    "eller skriv --even-so hvis det er meningen."
)

log = logging.getLogger("arshjul")

Command = Callable[[argparse.Namespace, Organisation, Store], int]


def with_store(
    command: Command, *, need: Need = Need.NONE, migrates: Callable[[argparse.Namespace], bool] = lambda _: False
) -> Callable[[argparse.Namespace], int]:
    """Read the files and open the store before a command; what keeps it from working is said in a sentence.

    No mistake in a file locks what stops, revokes, says no or reports: see `Need`. Only what sends `migrates`.
    """

    @partial(with_files, need=need)
    def run(arguments: argparse.Namespace, organisation: Organisation) -> int:
        try:
            with contextlib.closing(store_of(organisation.settings, migrate=migrates(arguments))) as store:
                return command(arguments, organisation, store)
        except (StoreError, AnotherSenderError, HeldBackError, TemplateProblemError) as error:
            print(error, file=sys.stderr)
            return 1

    return run


def _misused(arguments: argparse.Namespace) -> str:
    """Return what is wrong where options do not go together."""
    if arguments.key is None:
        return "--yes hører til --now." if arguments.yes else ""
    return "--now sender nå; --at kan ikke stå sammen med den." if arguments.at else ""


def _with_alarms(
    organisation: Organisation, store: Store, now: datetime, send_waiting: Callable[[], SendReport]
) -> tuple[SendReport, bool]:
    """Send what waits, with what the coordinator must hear today; once more for what came up in the sending.

    Returns False beside the report when what she must hear could not be written.
    """
    is_told = True

    def tell() -> bool:
        nonlocal is_told
        found, crash = urgent_now(organisation, store, now), crash_of(organisation.settings)
        try:
            return tell_coordinator(organisation, store, now, found, crash=crash)
        except TemplateProblemError as error:  # the others' letters go all the same
            is_told = False
            print(f"{ALARMING} {error}", file=sys.stderr)
            return False

    tell()
    report = send_waiting()
    if report.hold is None or not tell():
        return report, is_told
    more = send_waiting()
    states = Counter(report.states) + Counter(more.states)
    return replace(more, states=states), is_told


def _trusted(organisation: Organisation, store: Store, now: datetime) -> Good:
    """Return the year of the files, or the last good one where something must be asked first, and say so.

    So does the service. Files that are in order are kept, for a day when they are not.
    """
    good = good_year(organisation, store, Publisher(store).revisions, local_day(now))
    if good.problems:
        print("\n".join(map(str, good.problems)), file=sys.stderr)
    elif not organisation.problems:
        try:
            keep_unedited(organisation)
        except OSError as error:
            print(f"Filene er i orden, men kan ikke tas vare på: {why(error)}.", file=sys.stderr)
    return good
