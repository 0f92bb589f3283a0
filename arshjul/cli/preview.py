"""`arshjul preview`: every letter that would go, to whom, when, and with what in it."""

from __future__ import annotations

import argparse
import json
import sys

from arshjul.cli.ahead import coming
from arshjul.cli.files import asked_span, unknown, with_files
from arshjul.cli.text import letters_text
from arshjul.core import plan
from arshjul.core.dates import DAY, Span
from arshjul.core.expand import expand
from arshjul.core.interchange import letter_data
from arshjul.core.lookup import directory, find_party_loosely, party_names
from arshjul.core.model import Catalogue, Party
from arshjul.mail.render import TemplateProblemError
from arshjul.rounds.reload import Loaded
from arshjul.rounds.write import writer_of
from arshjul.service.parts import opted_out
from arshjul.store.engine import StoreError


@with_files
def preview(arguments: argparse.Namespace, loaded: Loaded) -> int:
    """Print every letter that would go in a span of send days; with --html write a sample of every kind instead."""
    if arguments.html is not None:
        from arshjul.cli.letters import write_samples  # noqa: PLC0415  (only who asks for it waits for it)

        return write_samples(loaded, arguments.html)
    span = asked_span(arguments)
    party = find_party_loosely(loaded.catalogue, arguments.party or "")
    if arguments.party and not party:
        return unknown("Parten", arguments.party, party_names(loaded.catalogue))
    wide = Span(span.first, span.end + plan.FURTHEST * DAY)
    silent = _opted_out(loaded)
    found = plan.preview(loaded.catalogue, expand(loaded.catalogue, wide), span, loaded.settings.rules, silent)
    people = _people(loaded.catalogue, party) if party else None
    letters = [letter for letter in found if people is None or letter.to.address in people]
    writer = writer_of(loaded)
    try:
        subjects = [writer.subject(letter) for letter in letters]
    except TemplateProblemError as error:
        print(error, file=sys.stderr)
        return 1
    if arguments.json:
        data = [letter_data(letter, subject) for letter, subject in zip(letters, subjects, strict=True)]
        print(json.dumps(data, ensure_ascii=False, indent=1))
    else:
        if said := coming(loaded, arguments.now()):
            print("\n".join(said) + "\n")
        print(letters_text(letters, subjects) if letters else "Ingen brev i denne perioden.")
        print("I tillegg kommer det som blir endret underveis, og ukebrevet til koordinatoren.", file=sys.stderr)
    if writer.trouble:
        print(writer.trouble, file=sys.stderr)
    return 0


def _opted_out(loaded: Loaded) -> set[str]:
    """Return who gets none of the letters, and say so: whoever counts them would miss theirs."""
    try:
        found = set(opted_out(loaded.settings))
    except StoreError as error:
        print(error, file=sys.stderr)
        return set()
    if found:
        print(f"Har sagt nei til brev: {', '.join(sorted(found))}. Se «arshjul opt-out list».", file=sys.stderr)
    return found


def _people(catalogue: Catalogue, party: Party) -> set[str]:
    who = directory(catalogue, catalogue.calendars[party.calendar])
    return {person.address for person in who.resolve(party.name).recipients}
