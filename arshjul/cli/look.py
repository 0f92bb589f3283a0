"""`arshjul agenda` and `explain`: what happens in a span of days, and why a letter goes."""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from arshjul.cli.commands import Need, agenda_text, asked_span, today, unknown, with_files
from arshjul.cli.work import all_known, find, not_found
from arshjul.feeds.entries import shown_days
from arshjul.letters.explanation import Case, case_of, gone
from arshjul.letters.explanation import explain as lines_of
from arshjul.letters.history import Telling
from arshjul.organisation import Organisation
from arshjul.plan.addresses import read_address
from arshjul.plan.model import Occurrence
from arshjul.plan.parties import find_party_loosely, party_names
from arshjul.service.parts import store_of
from arshjul.store import told
from arshjul.store.engine import StoreError
from arshjul.timing.days import local_day
from arshjul.year.expand import expand, occurrence_data


@partial(with_files, need=Need.NONE)
def explain(arguments: argparse.Namespace, organisation: Organisation) -> int:
    """Print why a thing is told, when and to whom."""
    everything = all_known(organisation.catalogue, today(arguments))
    occurrence = find(everything, arguments.key)
    if occurrence is None:
        return _not_there(everything, arguments.key, organisation)
    case = case_of(organisation.catalogue, everything, occurrence)
    try:
        case = _with_history(case, organisation)
    except StoreError as error:
        print(error, file=sys.stderr)
    print("\n".join(lines_of(case, organisation.settings.rules, _address(arguments.to or ""))))
    return 0


def _address(text: str) -> str:
    """Return the address as letters have it, or as it was given where it is none."""
    try:
        return read_address(text).address if text else ""
    except ValueError:
        return text.strip()


def _not_there(occurrences: Sequence[Occurrence], key: str, organisation: Organisation) -> int:
    """Say what has been told of what is no longer in the files, or that there never was such a thing."""
    tellings: Sequence[Telling] = ()
    if organisation.settings.has_store:
        try:
            with contextlib.closing(store_of(organisation.settings)) as store:
                tellings = told.tellings(store, key)
        except StoreError as error:
            print(error, file=sys.stderr)
    if not tellings:
        return not_found(occurrences, key)
    print("\n".join(gone(key, tellings)))
    return 0


def _with_history(case: Case, organisation: Organisation) -> Case:
    """Return the case with what the store remembers of it; to look is no reason to make a database."""
    if not organisation.settings.has_store:
        return case
    key = case.occurrence.key
    with contextlib.closing(store_of(organisation.settings)) as store:
        reports = told.acknowledgements_of(store, key)
        silent = {one.address: local_day(one.at) for one in told.opt_outs(store)}
        return replace(case, tellings=told.tellings(store, key), reports=reports, opted_out=silent)


@with_files
def agenda(arguments: argparse.Namespace, organisation: Organisation) -> int:
    """Print what happens in a span of days."""
    if arguments.calendar and arguments.calendar not in organisation.catalogue.calendars:
        return unknown("Kalenderen", arguments.calendar, list(organisation.catalogue.calendars))
    party = find_party_loosely(organisation.catalogue, arguments.party or "")
    if arguments.party and not party:
        return unknown("Parten", arguments.party, party_names(organisation.catalogue))
    span = asked_span(arguments)
    found = [
        one
        for one in expand(organisation.catalogue, span)
        if arguments.calendar in (None, one.calendar) and (party is None or party.full_id in one.parties)
    ]
    if arguments.json:
        print(json.dumps([occurrence_data(one) for one in found], ensure_ascii=False, indent=1))
    else:
        # A window that only passes through these days is not what somebody looks for in them.
        print(agenda_text([one for one in found if (days := shown_days(one)) is None or days.overlaps(span)]))
    return 0
