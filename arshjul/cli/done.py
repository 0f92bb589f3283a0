"""`arshjul done` and `arshjul undo`: what somebody reports of a thing. Its reminders stop, or go on."""

from __future__ import annotations

import argparse
from datetime import date

from arshjul.cli.explain import all_known, find, not_found
from arshjul.cli.files import today
from arshjul.cli.work import with_store
from arshjul.core.acknowledged import Acknowledgement, Report, in_words
from arshjul.core.model import Occurrence
from arshjul.core.words import day_in_words
from arshjul.rounds.reload import Loaded
from arshjul.store import acknowledgements, told
from arshjul.store.engine import Store

AFTER = {
    Report.DONE: "Ingen påminnes mer om dette.",
    Report.NOT_RELEVANT: "Ingen påminnes om dette denne gangen.",
    Report.PUT_OFF: "Ingen påminnes om fristen {date}. Får saken en ny dato, påminnes de på nytt.",
    Report.OPEN: "De ansvarlige påminnes igjen.",
}


@with_store
def done(arguments: argparse.Namespace, loaded: Loaded, store: Store) -> int:
    """Record that a thing is done, not relevant or put off."""
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
    is_told = occurrence is None and bool(loaded.problems) and bool(told.tellings(store, arguments.key))
    if occurrence is None and state is not Report.OPEN and not is_told:
        return not_found(everything, arguments.key)
    deadline = occurrence.deadline if occurrence else None
    by, note = arguments.by or "", arguments.note or ""
    report = Acknowledgement(arguments.key, state, by, note, deadline, arguments.now())
    acknowledgements.acknowledge(store, report)
    print(_title(occurrence, deadline))
    for one in acknowledgements.acknowledgements_of(store, arguments.key):
        print(f"  {in_words(one)}")
    print(AFTER[state].format(date=day_in_words(deadline) if deadline else "som var"))
    return 0


def _title(occurrence: Occurrence | None, deadline: date | None) -> str:
    when = f", {day_in_words(deadline)}" if deadline else ""
    return f"{occurrence.title}{when}:" if occurrence else "Ikke lenger i filene:"
