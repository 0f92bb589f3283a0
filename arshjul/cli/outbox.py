"""The command `outbox`: what has become of the letters, and what a person decides about them."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import partial

from arshjul.cli.commands import Need, with_calendars
from arshjul.cli.work import faults_of_letters, with_store
from arshjul.health import HELD, RESTING, Fault, faults_of_secret
from arshjul.letters.brakes import Hold, HoldKind
from arshjul.mail.checkup import Mark
from arshjul.mail.verdicts import WORDS, State
from arshjul.organisation import Organisation
from arshjul.printable import printable, printable_lines
from arshjul.rounds import holds
from arshjul.rounds.holds import look
from arshjul.rounds.planning import owed_reminders
from arshjul.service.parts import relay_of
from arshjul.store import decisions, facts, queue
from arshjul.store.decisions import DecisionError
from arshjul.store.engine import Store
from arshjul.store.queue import AttemptInfo, LetterInfo
from arshjul.timing.days import local_day
from arshjul.words import count_in_words, day_in_words, instant_in_words

SHOWN = 8
"""So many characters of a letter's name are shown, its last ones."""

OUTCOMES = {
    "accepted": "tatt imot",
    "not_sent": "ikke sendt",
    "relay": "e-posttjeneren kan ikke nå",
    "setup": "e-posttjeneren avviser oss, ikke mottakeren",
    "temporary": "prøves igjen",
    "rejected": "adressen avvist",
    "refused": "brevet avvist",
    "unknown": "usikkert om det kom frem",
    "returned": "venter likevel",
    "resend": "sendes på nytt",
    "held": "holdt tilbake",
    "suppressed": "stanset: mottakeren har sagt nei til brev",
    "withdrawn": "trukket",
    "released": "går likevel: mottakeren vil ha brev igjen",
}
AGAIN = (State.UNKNOWN, State.HELD)


@partial(with_store, need=Need.SETTINGS)
def outbox(arguments: argparse.Namespace, organisation: Organisation, store: Store) -> int:
    """Do what is asked for with the outbox."""
    actions = {"list": _list, "show": _show, "resend": _resend, "accept": _accept, "hold": _hold, "release": _release}
    try:
        return actions[arguments.action](arguments, organisation, store)
    except DecisionError as error:
        print(error, file=sys.stderr)
        return 1


def _list(arguments: argparse.Namespace, organisation: Organisation, store: Store) -> int:
    faults = _faults(organisation, store, arguments.now())
    print("\n".join(_status(store, faults, arguments.now())))
    wanted = [state for state, name in WORDS.items() if name == arguments.state] if arguments.state else list(WORDS)
    if not arguments.state and not arguments.all:
        wanted.remove(State.ACCEPTED)
    found = queue.letters_by_state(store, *wanted, limit=arguments.limit)
    if found:
        print("\n" + "\n".join(table(found)))
    return int(bool(faults))


def _faults(organisation: Organisation, store: Store, now: datetime) -> list[Fault]:
    """Return what keeps letters from going, after a look whether anything does."""
    look(store, now, relay="" if organisation.problems else relay_of(organisation.settings))
    secret = faults_of_secret(organisation.settings.secret_expires, local_day(now))
    return [*faults_of_letters(store, now), *secret]


def _status(store: Store, faults: list[Fault], now: datetime) -> Iterator[str]:
    for fault in faults:
        yield f"{Mark.WRONG} {fault.words}"
        yield from (f"    {said}" for said in (*_cause(store, fault, now), fault.ask))
    if not faults:
        yield "Utsendingen går."
    if waiting := queue.unanswered(store):
        count, since = waiting
        said = f"E-posttjeneren har ikke svart på {count_in_words(count, 'brev', 'brev')}"
        got = "som den fikk" if count == 1 else "og fikk det første"
        yield f"{said}, {got} {instant_in_words(since)}."
    counts = queue.counts(store)
    yield ", ".join(f"{counts[state]} {name}" for state, name in WORDS.items() if state in counts) or "Ingen brev."


def _cause(store: Store, fault: Fault, now: datetime) -> Iterator[str]:
    """Yield since when it is so and why, in full: what only those may read who may use the database."""
    hold, pause = holds.current(store), facts.pause(store)
    if hold is not None and fault.words == HELD[hold.kind]:
        yield f"Siden {instant_in_words(hold.since)}: {hold.reason}"
    elif pause is not None and pause.is_on(now) and fault.words == RESTING:
        yield f"Til {instant_in_words(pause.until)}. E-posttjeneren: {pause.reason}"


def table(found: tuple[LetterInfo, ...]) -> Iterator[str]:
    """Yield a line for each letter, in columns, after a line that names them."""
    rows = [("Brev", "Tilstand", "Brevdag", "Til", "Emne")]
    rows += [
        (one.id[-SHOWN:], WORDS[one.state], one.send_day.strftime("%d.%m.%Y"), one.to.address, printable(one.subject))
        for one in found
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for *cells, last in rows:
        yield "  ".join([*(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)), last])


def _show(arguments: argparse.Namespace, _: Organisation, store: Store) -> int:
    name = _find(store, arguments.id)
    info = queue.letter(store, name)
    print("\n".join([*(_facts(info) if info else ()), *(_attempt(one) for one in queue.attempts_of(store, name))]))
    print("\n" + printable_lines(text_of(queue.wire_of(store, name) or b"")))
    return 0


def _facts(info: LetterInfo) -> Iterator[str]:
    yield f"Brev:      {info.id}"
    yield f"Til:       {printable(info.to)}"
    yield f"Emne:      {printable(info.subject)}"
    yield f"Tilstand:  {WORDS[info.state]}"
    yield f"Brevdag:   {day_in_words(info.send_day)}"
    if info.next_at:
        yield f"Sendes:    {instant_in_words(info.next_at)}"
    if info.accepted_at:
        yield f"Sendt:     {instant_in_words(info.accepted_at)}"
    if info.state in AGAIN and info.generation > 1:
        yield "           Det er usikkert om e-posttjeneren tok imot brevet. Spør mottakeren."


def _attempt(one: AttemptInfo) -> str:
    said = printable(f"{one.code or ''} {one.text}")
    return f"{instant_in_words(one.ended_at)}  {OUTCOMES.get(one.outcome, one.outcome)}{f': {said}' if said else ''}"


def text_of(wire: bytes) -> str:
    """Return the text part of a letter as its reader sees it."""
    message = message_from_bytes(wire, _class=EmailMessage, policy=default)
    body = message.get_body(("plain",))
    return str(body.get_content()).replace("\r\n", "\n") if body else ""


def _resend(arguments: argparse.Namespace, _: Organisation, store: Store) -> int:
    name = _find(store, arguments.id)
    if decisions.resend(store, name, arguments.now(), getpass.getuser()):
        print("Brevet sendes på nytt. Mottakeren kan få det to ganger.")
    else:
        print("Brevet sendes på nytt.")
    return 0


def _accept(arguments: argparse.Namespace, _: Organisation, store: Store) -> int:
    decisions.accept(store, _find(store, arguments.id), arguments.now(), getpass.getuser())
    print("Brevet regnes som kommet frem.")
    return 0


def _hold(arguments: argparse.Namespace, _: Organisation, store: Store) -> int:
    now, who = arguments.now(), getpass.getuser()
    if arguments.id:
        decisions.keep_back(store, _find(store, arguments.id), now, who)
        print("Brevet holdes tilbake. Send det med «arshjul outbox resend».")
        return 0
    held = holds.order(store, Hold(HoldKind.PERSON, f"Stanset av {who}.", now))
    print(f"Utsendingen står. {held.reason}")
    return 0


def _release(arguments: argparse.Namespace, organisation: Organisation, store: Store) -> int:
    now, passed = arguments.now(), 0
    if arguments.without_sending:
        waiting = queue.letters_by_state(store, State.QUEUED, limit=100_000)
        for one in waiting:
            decisions.accept(store, one.id, now, getpass.getuser())
        year = with_calendars(arguments, organisation)
        passed = queue.take_as_told(store, owed_reminders(year, store, now), now)
        if waiting:
            print(f"{count_in_words(len(waiting), 'brev', 'brev')} i utboksen regnes som sendt.")
    pause = facts.pause(store)
    hold = holds.release(store, now)
    if passed:
        print(f"{count_in_words(passed, 'påminnelse', 'påminnelser')} regnes som sendt.")
    print(_let_go(hold, pause if pause and pause.is_on(now) else None))
    return 0


def _let_go(hold: Hold | None, pause: facts.Pause | None) -> str:
    if hold is not None:
        return f"Utsendingen går igjen. Den sto fordi: {hold.reason}"
    if pause is not None:
        return f"Utsendingen går igjen. Den hvilte etter en feil hos e-posttjeneren: {pause.reason}"
    return "Utsendingen sto ikke."


def _find(store: Store, name: str) -> str:
    found = decisions.find(store, name)
    if len(found) == 1:
        return found[0]
    if not found:
        raise DecisionError(f"Ingen brev ender på «{name}». Se «arshjul outbox list».")
    raise DecisionError(f"Flere brev ender på «{name}». Skriv flere tegn.")
