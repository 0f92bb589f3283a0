"""`arshjul send --now KEY`: what cannot wait for the hour of letters is shown, asked about, and sent."""

from __future__ import annotations

import argparse
import sys

from arshjul.cli.explain import all_known, find, not_found
from arshjul.cli.files import today
from arshjul.cli.once import MEND, send_once, sent_text, unwritten_text
from arshjul.cli.text import letters_text
from arshjul.core.brakes import OF_PLANNING
from arshjul.core.words import count_in_words
from arshjul.rounds import brakes
from arshjul.rounds.now import letters_now, queue_now
from arshjul.rounds.reload import Loaded
from arshjul.rounds.write import writer_of
from arshjul.service.clock import read_clocks
from arshjul.service.parts import crash_of, new_owner, relay_of
from arshjul.store import told
from arshjul.store.engine import Store
from arshjul.store.lock import AnotherSenderError, sender_lock

YES = ("j", "ja")
UNASKED = "Ingenting er sendt: her kan det ikke spørres. Skriv --yes for å sende uten å bli spurt."
ALREADY = "Ingenting er sendt: det ble nettopp sendt av en annen arshjul."


def send_now(arguments: argparse.Namespace, loaded: Loaded, store: Store) -> int:
    """Show who gets a letter on the thing, and send these letters alone once a person has said yes."""
    now, key = arguments.now(), arguments.key
    found = letters_now(loaded, store, now, key)
    if found.silent:
        print(f"Har sagt nei til brev: {', '.join(map(str, found.silent))}.", file=sys.stderr)
    if not found.letters:
        return _nothing(arguments, loaded, store)
    writer = writer_of(loaded)
    print(letters_text(found.letters, [writer.subject(letter) for letter in found.letters]))
    if arguments.dry_run:
        return 0
    if stands := _stands(arguments, loaded, store):
        print(stands, file=sys.stderr)
        return 1
    if not arguments.yes and not _is_agreed():
        return 1
    queued = queue_now(loaded, store, now, found.letters, writer, crash=crash_of(loaded.settings))
    if writer.trouble:
        print(f"{writer.trouble}\n{MEND}", file=sys.stderr)
    if not queued:
        print(unwritten_text(writer.unwritten) if writer.unwritten else ALREADY, file=sys.stderr)
        return 1
    return _send(arguments, loaded, store, queued, writer.unwritten)


def _send(arguments: argparse.Namespace, loaded: Loaded, store: Store, letters: tuple[str, ...], unwritten: int) -> int:
    """Send the letters, or leave them to the service where it runs: it is then the one that sends.

    So many more were `unwritten`.
    """
    try:
        with sender_lock(store):
            reading, owner = read_clocks(arguments.now), new_owner()
            report = send_once(loaded, store, arguments.now, owner=owner, reading=reading, only=letters)
    except AnotherSenderError:
        count = count_in_words(len(letters), "brev", "brev")
        print(f"{count} lagt i utboksen. Tjenesten, som går, sender innen et minutt.")
        return int(unwritten > 0)
    print(sent_text(len(letters), report, unwritten))
    if report.hold:
        print(f"Utsendingen står: {report.hold.reason}", file=sys.stderr)
    return int(bool(report.trouble or unwritten))


def _nothing(arguments: argparse.Namespace, loaded: Loaded, store: Store) -> int:
    """Say that nobody is to be told anything, or that there is no such thing."""
    everything = all_known(loaded.catalogue, today(arguments))
    if find(everything, arguments.key) is None and not told.tellings(store, arguments.key):
        return not_found(everything, arguments.key)
    print(f"Ingen skal ha brev om «{arguments.key}» nå: de som skal vite noe, har fått vite det. Se «arshjul explain».")
    return 0


def _stands(arguments: argparse.Namespace, loaded: Loaded, store: Store) -> str:
    """Return why nothing may be sent, "" if it may. What a brake keeps out of the outbox a person may send even so."""
    hold = brakes.look(store, arguments.now(), read_clocks(arguments.now), relay_of(loaded.settings))
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
