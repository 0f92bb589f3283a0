"""`arshjul done` and `arshjul undo`: what somebody reports of a thing. Its reminders stop, or go on."""

from __future__ import annotations

import argparse
import sys
from datetime import date

from arshjul.cli.explain import all_known, find, not_found
from arshjul.cli.files import today
from arshjul.cli.work import with_store
from arshjul.core.acknowledged import Acknowledgement, Report, in_words, note_until
from arshjul.core.model import Occurrence
from arshjul.core.words import day_in_words
from arshjul.rounds.reload import Loaded
from arshjul.store import acknowledgements, told
from arshjul.store.engine import Store

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
def done(arguments: argparse.Namespace, loaded: Loaded, store: Store) -> int:
    """Record that a thing is done, not relevant or put off: that takes a date, or a word that there is none yet."""
    is_dated = arguments.until is not None or arguments.without_date
    if (arguments.state == Report.PUT_OFF) != is_dated:
        print(ONLY_PUT_OFF if is_dated else ASK.format(key=arguments.key), file=sys.stderr)
        return 2 if is_dated else 1
    return _report(arguments, loaded, store, Report(arguments.state))


@with_store
def undo(arguments: argparse.Namespace, loaded: Loaded, store: Store) -> int:
    """Record that a thing is open after all."""
    reports = acknowledgements.acknowledgements_of(store, arguments.key)
    if not reports or reports[-1].state is Report.OPEN:
        print(f"«{arguments.key}» er ikke meldt ferdig, så det er ingenting å angre.")
        return 1
    return _report(arguments, loaded, store, Report.OPEN)


def _report(arguments: argparse.Namespace, loaded: Loaded, store: Store, state: Report) -> int:
    everything = all_known(loaded.catalogue, today(arguments))
    occurrence = find(everything, arguments.key)
    tellings = told.tellings(store, arguments.key) if occurrence is None and loaded.problems else ()
    if occurrence is None and state is not Report.OPEN and not tellings:
        return not_found(everything, arguments.key)
    deadline = occurrence.deadline if occurrence else next((one.deadline for one in reversed(tellings)), None)
    until: date | None = getattr(arguments, "until", None)
    if until is not None and until <= max(today(arguments), deadline or date.min):
        print(_too_soon(until, deadline), file=sys.stderr)
        return 2
    note = note_until(until, arguments.note or "")
    report = Acknowledgement(arguments.key, state, arguments.by or "", note, deadline, arguments.now())
    acknowledgements.acknowledge(store, report)
    print(_title(occurrence, deadline, has_files=not loaded.problems))
    for one in acknowledgements.acknowledgements_of(store, arguments.key):
        print(f"  {in_words(one)}")
    print(AFTER[state].format(date=day_in_words(deadline) if deadline else "som var"))
    if state is Report.PUT_OFF:
        print(LISTED if loaded.settings.rules.coordinator else UNLISTED)
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
