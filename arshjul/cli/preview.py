"""`arshjul preview`: every letter that would go, to whom, when, and with what in it; samples as HTML."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from arshjul.cli.commands import asked_span, letters_text, unknown, with_files
from arshjul.cli.work import coming
from arshjul.letters import reminders
from arshjul.letters.render import TemplateProblemError
from arshjul.organisation import Organisation
from arshjul.plan.model import Catalogue, Party
from arshjul.plan.parties import directory, find_party_loosely, party_names
from arshjul.rounds.write import sample_drafts, writer_of
from arshjul.service.parts import opted_out
from arshjul.store.engine import StoreError
from arshjul.timing.days import DAY, Span
from arshjul.year.expand import expand, letter_data

PAGE = """\
<!DOCTYPE html>
<html lang="nb"><head><meta charset="utf-8"><title>Alle brev</title></head>
<body><h1>Alle brev</h1>
<ul>
{rows}
</ul></body></html>
"""
ROW = '<li><a href="{name}.html">{name}</a> (<a href="{name}.txt">tekst</a>)</li>'


def write_samples(organisation: Organisation, folder: Path) -> int:
    """Write every kind of letter in every language into a folder, with a page that lists them."""
    writer = writer_of(organisation)
    try:
        drafts = dict(sample_drafts(writer.templates, writer.head))
    except TemplateProblemError as error:
        print(error, file=sys.stderr)
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    for name, draft in drafts.items():
        (folder / f"{name}.html").write_text(draft.html, encoding="utf-8")
        (folder / f"{name}.txt").write_text(f"Emne: {draft.subject}\n\n{draft.text}", encoding="utf-8")
    rows = "\n".join(ROW.format(name=name) for name in drafts)
    (folder / "index.html").write_text(PAGE.format(rows=rows), encoding="utf-8")
    print(f"{len(drafts)} brev er skrevet i {folder}. Åpne {folder / 'index.html'} i en nettleser.")
    return 0


@with_files
def preview(arguments: argparse.Namespace, organisation: Organisation) -> int:
    """Print every letter that would go in a span of send days; with --html write a sample of every kind instead."""
    if arguments.html is not None:
        return write_samples(organisation, arguments.html)
    span = asked_span(arguments)
    party = find_party_loosely(organisation.catalogue, arguments.party or "")
    if arguments.party and not party:
        return unknown("Parten", arguments.party, party_names(organisation.catalogue))
    wide = Span(span.first, span.end + reminders.FURTHEST * DAY)
    silent = _opted_out(organisation)
    found = reminders.preview(
        organisation.catalogue, expand(organisation.catalogue, wide), span, organisation.settings.rules, silent
    )
    people = _people(organisation.catalogue, party) if party else None
    letters = [letter for letter in found if people is None or letter.to.address in people]
    writer = writer_of(organisation)
    try:
        subjects = [writer.subject(letter) for letter in letters]
    except TemplateProblemError as error:
        print(error, file=sys.stderr)
        return 1
    if arguments.json:
        data = [letter_data(letter, subject) for letter, subject in zip(letters, subjects, strict=True)]
        print(json.dumps(data, ensure_ascii=False, indent=1))
    else:
        if said := coming(organisation, arguments.now()):
            print("\n".join(said) + "\n")
        print(letters_text(letters, subjects) if letters else "Ingen brev i denne perioden.")
        print("I tillegg kommer det som blir endret underveis, og ukebrevet til koordinatoren.", file=sys.stderr)
    if writer.trouble:
        print(writer.trouble, file=sys.stderr)
    return 0


def _opted_out(organisation: Organisation) -> set[str]:
    """Return who gets none of the letters, and say so: whoever counts them would miss theirs."""
    try:
        found = set(opted_out(organisation.settings))
    except StoreError as error:
        print(error, file=sys.stderr)
        return set()
    if found:
        print(f"Har sagt nei til brev: {', '.join(sorted(found))}. Se «arshjul opt-out list».", file=sys.stderr)
    return found


def _people(catalogue: Catalogue, party: Party) -> set[str]:
    who = directory(catalogue, catalogue.calendars[party.calendar])
    return {person.address for person in who.resolve(party.name).recipients}
