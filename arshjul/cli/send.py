"""`arshjul send`: what is due is planned and sent once; with `--now KEY` what cannot wait is shown and sent."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial
from typing import Final

from arshjul.cli.commands import Need, letters_text, today
from arshjul.cli.work import TOO_EARLY, _misused, _trusted, _with_alarms, all_known, find, not_found, with_store
from arshjul.letters.brakes import OF_PLANNING, ClockSample
from arshjul.mail.verdicts import WORDS, State
from arshjul.organisation import Organisation
from arshjul.rounds import holds
from arshjul.rounds.immediate import letters_now, queue_now
from arshjul.rounds.planning import due_letters, plan_round
from arshjul.rounds.sending import SendReport, recover, send_round
from arshjul.rounds.write import TemplateWatch, writer_of
from arshjul.service.clock import read_clocks
from arshjul.service.parts import at_once, crash_of, new_owner, relay_of, spare, transport_of
from arshjul.store import told
from arshjul.store.engine import Store
from arshjul.store.lock import AnotherSenderError, sender_lock
from arshjul.words import count_in_words, instant_in_words

MEND: Final = "Rett malen, og kjør «arshjul check»."


def send_once(
    organisation: Organisation,
    store: Store,
    now: Callable[[], datetime],
    *,
    owner: str,
    reading: ClockSample | None,
    only: Collection[str] | None = None,
) -> SendReport:
    """Send what waits, or `only` the letters of these ids. To be called by the one sender."""
    settings = organisation.settings
    round_ = send_round(
        store,
        transport_of(settings),
        now,
        owner=owner,
        at_once=at_once(settings),
        spare=spare(settings),
        reading=reading,
        relay=relay_of(settings),
        only=only,
        crash=crash_of(settings),
    )
    return asyncio.run(round_)


def unwritten_text(count: int) -> str:
    return f"{count_in_words(count, 'brev', 'brev')} kunne ikke skrives."


def sent_text(queued: int, report: SendReport, unwritten: int = 0) -> str:
    """Return "2 brev sendt, 1 venter.", and why the queue rests, if it does, and how many letters were not written."""
    more = f"\n{unwritten_text(unwritten)}" if unwritten else ""
    return _sent(queued, report) + more


def _sent(queued: int, report: SendReport) -> str:
    others = {state: count for state, count in report.states.items() if state is not State.ACCEPTED}
    more = "".join(f", {count} {WORDS[state]}" for state, count in others.items())
    sent = f"{report.accepted} brev sendt{more}."
    if not report.trouble or report.hold:
        return sent
    fresh = f"{count_in_words(queued, 'nytt', 'nye')} brev i utboksen."
    return f"{fresh}{f' {sent}' if report.states else ''} Utsendingen hviler: {report.trouble}"


YES = ("j", "ja")
UNASKED = "Ingenting er sendt: her kan det ikke spørres. Skriv --yes for å sende uten å bli spurt."
ALREADY = "Ingenting er sendt: det ble nettopp sendt av en annen arshjul."


def send_now(arguments: argparse.Namespace, organisation: Organisation, store: Store) -> int:
    """Show who gets a letter on the thing, and send these letters alone once a person has said yes."""
    now, key = arguments.now(), arguments.key
    found = letters_now(organisation, store, now, key)
    if found.silent:
        print(f"Har sagt nei til brev: {', '.join(map(str, found.silent))}.", file=sys.stderr)
    if not found.letters:
        return _nothing(arguments, organisation, store)
    writer = writer_of(organisation)
    print(letters_text(found.letters, [writer.subject(letter) for letter in found.letters]))
    if arguments.dry_run:
        return 0
    if stands := _stands(arguments, organisation, store):
        print(stands, file=sys.stderr)
        return 1
    if not arguments.yes and not _is_agreed():
        return 1
    queued = queue_now(organisation, store, now, found.letters, writer, crash=crash_of(organisation.settings))
    if writer.trouble:
        print(f"{writer.trouble}\n{MEND}", file=sys.stderr)
    if not queued:
        print(unwritten_text(writer.unwritten) if writer.unwritten else ALREADY, file=sys.stderr)
        return 1
    return _send(arguments, organisation, store, queued, writer.unwritten)


def _send(
    arguments: argparse.Namespace, organisation: Organisation, store: Store, letters: tuple[str, ...], unwritten: int
) -> int:
    """Send the letters, or leave them to the service where it runs: it is then the one that sends.

    So many more were `unwritten`.
    """
    try:
        with sender_lock(store):
            reading, owner = read_clocks(arguments.now), new_owner()
            report = send_once(organisation, store, arguments.now, owner=owner, reading=reading, only=letters)
    except AnotherSenderError:
        count = count_in_words(len(letters), "brev", "brev")
        print(f"{count} lagt i utboksen. Tjenesten, som går, sender innen et minutt.")
        return int(unwritten > 0)
    print(sent_text(len(letters), report, unwritten))
    if report.hold:
        print(f"Utsendingen står: {report.hold.reason}", file=sys.stderr)
    return int(bool(report.trouble or unwritten))


def _nothing(arguments: argparse.Namespace, organisation: Organisation, store: Store) -> int:
    """Say that nobody is to be told anything, or that there is no such thing."""
    everything = all_known(organisation.catalogue, today(arguments))
    if find(everything, arguments.key) is None and not told.tellings(store, arguments.key):
        return not_found(everything, arguments.key)
    print(f"Ingen skal ha brev om «{arguments.key}» nå: de som skal vite noe, har fått vite det. Se «arshjul explain».")
    return 0


def _stands(arguments: argparse.Namespace, organisation: Organisation, store: Store) -> str:
    """Return why nothing may be sent, "" if it may. What a brake keeps out of the outbox a person may send even so."""
    hold = holds.look(store, arguments.now(), read_clocks(arguments.now), relay_of(organisation.settings))
    if hold is None or (hold.kind in OF_PLANNING and arguments.even_so):
        return ""
    if hold.kind in OF_PLANNING:
        return f"Ingenting er sendt. Brev holdes tilbake: {hold.reason} Skriv --even-so for å sende disse likevel."
    return f"Ingenting er sendt. Utsendingen står: {hold.reason} Slipp den løs med «arshjul outbox release»."


def _is_agreed() -> bool:
    """Ask whoever sits at the terminal; what runs without one must have said yes beforehand."""
    if not sys.stdin.isatty():
        print(UNASKED, file=sys.stderr)
        return False
    try:
        is_agreed = input("Send nå? [j/N] ").strip().casefold() in YES
    except EOFError:
        is_agreed = False
    if not is_agreed:
        print("Ingenting er sendt.")
    return is_agreed


@partial(with_store, need=Need.LAST_GOOD, migrates=lambda arguments: not arguments.dry_run)
def send(arguments: argparse.Namespace, organisation: Organisation, store: Store) -> int:
    """Plan and send once; with --dry-run only show what would be sent, with --now only what one thing asks for."""
    if wrong := _misused(arguments):
        print(wrong, file=sys.stderr)
        return 2
    now: datetime = arguments.at or arguments.now()
    is_real = organisation.settings.mail.transport == "smtp" and not (arguments.dry_run or arguments.even_so)
    if is_real and now > arguments.now():
        print(TOO_EARLY.format(at=instant_in_words(now)), file=sys.stderr)
        return 2
    good = _trusted(organisation, store, now)
    is_wrong, organisation = bool(organisation.problems or good.problems), good.year.organisation
    if arguments.key is not None:
        return send_now(arguments, organisation, store) or int(is_wrong)
    templates = TemplateWatch()
    template_trouble = templates.look(organisation)
    if arguments.dry_run:
        letters = due_letters(organisation, store, now)
        writer = writer_of(organisation)
        subjects = [writer.subject(letter) for letter in letters]
        print(letters_text(letters, subjects) if letters else "Ingen brev skal gå nå.")
        if template_trouble := writer.trouble or template_trouble:
            print(template_trouble, file=sys.stderr)
        return int(templates.is_stuck)
    with sender_lock(store):
        reading, crash = None if arguments.at else read_clocks(arguments.now), crash_of(organisation.settings)
        owner, relay = new_owner(), relay_of(organisation.settings)
        recover(store, now, owner, reading, relay)
        planned = plan_round(organisation, store, now, reading=reading, crash=crash)

        def send_waiting() -> SendReport:
            clock = (lambda: arguments.at) if arguments.at else arguments.now
            return send_once(organisation, store, clock, owner=owner, reading=reading)

        report, is_told = _with_alarms(organisation, store, now, send_waiting)
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
