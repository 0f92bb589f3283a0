"""The commands that only look: `agenda`, `feed`. They write nothing but to the screen."""

from __future__ import annotations

import argparse
import json
import sys

from arshjul.cli.files import asked_span, today, unknown, with_files
from arshjul.cli.text import agenda_text
from arshjul.core.entries import shown_days
from arshjul.core.expand import expand
from arshjul.core.interchange import occurrence_data
from arshjul.core.lookup import find_party, party_names
from arshjul.rounds.feeds import calendar_feed, party_feed
from arshjul.rounds.reload import Loaded


@with_files
def agenda(arguments: argparse.Namespace, loaded: Loaded) -> int:
    """Print what happens in a span of days."""
    if arguments.calendar and arguments.calendar not in loaded.catalogue.calendars:
        return unknown("Kalenderen", arguments.calendar, list(loaded.catalogue.calendars))
    party = find_party(loaded.catalogue, arguments.party or "")
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


@with_files
def feed(arguments: argparse.Namespace, loaded: Loaded) -> int:
    """Write a calendar's or a party's feed as bytes."""
    day = today()
    calendar, party = loaded.catalogue.calendars.get(arguments.id), find_party(loaded.catalogue, arguments.id)
    if calendar:
        sys.stdout.buffer.write(calendar_feed(loaded, calendar, day).body)
    elif party:
        sys.stdout.buffer.write(party_feed(loaded, party, day).body)
    else:
        known = [*loaded.catalogue.calendars, *party_names(loaded.catalogue)]
        return unknown("Abonnementet", arguments.id, known)
    return 0
