"""`arshjul agenda`: what happens in a span of days."""

from __future__ import annotations

import argparse
import json

from arshjul.cli.files import asked_span, unknown, with_files
from arshjul.cli.text import agenda_text
from arshjul.core.entries import shown_days
from arshjul.core.expand import expand
from arshjul.core.interchange import occurrence_data
from arshjul.core.lookup import find_party_loosely, party_names
from arshjul.rounds.reload import Loaded


@with_files
def agenda(arguments: argparse.Namespace, loaded: Loaded) -> int:
    """Print what happens in a span of days."""
    if arguments.calendar and arguments.calendar not in loaded.catalogue.calendars:
        return unknown("Kalenderen", arguments.calendar, list(loaded.catalogue.calendars))
    party = find_party_loosely(loaded.catalogue, arguments.party or "")
    if arguments.party and not party:
        return unknown("Parten", arguments.party, party_names(loaded.catalogue))
    span = asked_span(arguments)
    found = [
        one
        for one in expand(loaded.catalogue, span)
        if arguments.calendar in (None, one.calendar) and (party is None or party.full_id in one.parties)
    ]
    if arguments.json:
        print(json.dumps([occurrence_data(one) for one in found], ensure_ascii=False, indent=1))
    else:
        # A window that only passes through these days is not what somebody looks for in them.
        print(agenda_text([one for one in found if (days := shown_days(one)) is None or days.overlaps(span)]))
    return 0
