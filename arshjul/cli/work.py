"""Commands that use the database, and the first of them: `send`."""

from __future__ import annotations

import argparse
import contextlib
import logging
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from arshjul.cli.files import Need, with_files
from arshjul.cli.now import send_now
from arshjul.cli.once import MEND, send_once, sent_text
from arshjul.cli.text import letters_text
from arshjul.core.senddays import local_day
from arshjul.core.system_errors import why
from arshjul.core.words import count_in_words, instant_in_words
from arshjul.mail.render import TemplateProblemError
from arshjul.rounds.plan import due_letters, plan_round
from arshjul.rounds.publish import Publisher
from arshjul.rounds.reload import Loaded
from arshjul.rounds.send import SendReport, recover
from arshjul.rounds.urgent import tell_coordinator, urgent_now
from arshjul.rounds.vanishing import Good, HeldBackError, good_year, keep_unedited
from arshjul.rounds.write import TemplateWatch, writer_of
from arshjul.service.clock import read_clocks
from arshjul.service.faults import ALARMING
from arshjul.service.parts import crash_of, new_owner, relay_of, store_of
from arshjul.store.engine import Store, StoreError
from arshjul.store.lock import AnotherSenderError, sender_lock

TOO_EARLY = (
    "{at} er frem i tid, og brevene ville gått til mottakerne på ordentlig nå. Se dem med --dry-run, "
    "eller skriv --even-so hvis det er meningen."
)

log = logging.getLogger("arshjul")

Command = Callable[[argparse.Namespace, Loaded, Store], int]


def with_store(
    command: Command, *, need: Need = Need.NONE, migrates: Callable[[argparse.Namespace], bool] = lambda _: False
) -> Callable[[argparse.Namespace], int]:
    """Read the files and open the store before a command; what keeps it from working is said in a sentence.

    No mistake in a file locks what stops, revokes, says no or reports: see `Need`. Only what sends `migrates`.
    """

    @partial(with_files, need=need)
    def run(arguments: argparse.Namespace, loaded: Loaded) -> int:
        try:
            with contextlib.closing(store_of(loaded.settings, migrate=migrates(arguments))) as store:
                return command(arguments, loaded, store)
        except (StoreError, AnotherSenderError, HeldBackError, TemplateProblemError) as error:
            print(error, file=sys.stderr)
            return 1

    return run


@partial(with_store, need=Need.LAST_GOOD, migrates=lambda arguments: not arguments.dry_run)
def send(arguments: argparse.Namespace, loaded: Loaded, store: Store) -> int:
    """Plan and send once; with --dry-run only show what would be sent, with --now only what one thing asks for."""
    if wrong := _misused(arguments):
        print(wrong, file=sys.stderr)
        return 2
    now: datetime = arguments.at or arguments.now()
    is_real = loaded.settings.mail.transport == "smtp" and not (arguments.dry_run or arguments.even_so)
    if is_real and now > arguments.now():
        print(TOO_EARLY.format(at=instant_in_words(now)), file=sys.stderr)
        return 2
    good = _trusted(loaded, store, now)
    is_wrong, loaded = bool(loaded.problems or good.problems), good.year.loaded
    if arguments.key is not None:
        return send_now(arguments, loaded, store) or int(is_wrong)
    templates = TemplateWatch()
    template_trouble = templates.look(loaded)
    if arguments.dry_run:
        letters = due_letters(loaded, store, now)
        writer = writer_of(loaded)
        subjects = [writer.subject(letter) for letter in letters]
        print(letters_text(letters, subjects) if letters else "Ingen brev skal gå nå.")
        if template_trouble := writer.trouble or template_trouble:
            print(template_trouble, file=sys.stderr)
        return int(templates.is_stuck)
    with sender_lock(store):
        reading, crash = None if arguments.at else read_clocks(arguments.now), crash_of(loaded.settings)
        owner, relay = new_owner(), relay_of(loaded.settings)
        recover(store, now, owner, reading, relay)
        planned = plan_round(loaded, store, now, reading=reading, crash=crash)

        def send_waiting() -> SendReport:
            clock = (lambda: arguments.at) if arguments.at else arguments.now
            return send_once(loaded, store, clock, owner=owner, reading=reading)

        report, is_told = _with_alarms(loaded, store, now, send_waiting)
    if planned.passed_over:
        passed = count_in_words(planned.passed_over, "påminnelse", "påminnelser")
        print(f"Første gang: {passed} fra før i dag er notert og blir ikke sendt.")
    print(sent_text(planned.queued, report, planned.unwritten))
    if template_trouble := planned.template_trouble or template_trouble:
        print(f"{template_trouble}\n{MEND}", file=sys.stderr)
    if held := planned.held or (report.hold.reason if report.hold else ""):
        print(f"Utsendingen står: {held} Slipp den løs med «arshjul outbox release».", file=sys.stderr)
    is_unwritten = planned.unwritten or templates.is_stuck or not is_told
    return int(bool(report.trouble or held or is_wrong or is_unwritten))


def _misused(arguments: argparse.Namespace) -> str:
    """Return what is wrong where options do not go together."""
    if arguments.key is None:
        return "--yes hører til --now." if arguments.yes else ""
    return "--now sender nå; --at kan ikke stå sammen med den." if arguments.at else ""


def _with_alarms(
    loaded: Loaded, store: Store, now: datetime, send_waiting: Callable[[], SendReport]
) -> tuple[SendReport, bool]:
    """Send what waits, with what the coordinator must hear today; once more for what came up in the sending.

    Returns False beside the report when what she must hear could not be written.
    """
    is_told = True

    def tell() -> bool:
        nonlocal is_told
        found, crash = urgent_now(loaded, store, now), crash_of(loaded.settings)
        try:
            return tell_coordinator(loaded, store, now, found, crash=crash)
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


def _trusted(loaded: Loaded, store: Store, now: datetime) -> Good:
    """Return the year of the files, or the last good one where something must be asked first, and say so.

    So does the service. Files that are in order are kept, for a day when they are not.
    """
    good = good_year(loaded, store, Publisher(store).revisions, local_day(now))
    if good.problems:
        print("\n".join(map(str, good.problems)), file=sys.stderr)
    elif not loaded.problems:
        try:
            keep_unedited(loaded)
        except OSError as error:
            print(f"Filene er i orden, men kan ikke tas vare på: {why(error)}.", file=sys.stderr)
    return good
