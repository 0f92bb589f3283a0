"""`arshjul explain`: the whole chain from a line in a file to a person's letter, for one thing."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from arshjul.cli.files import Need, today, with_files
from arshjul.core.addresses import read_address
from arshjul.core.dates import Span
from arshjul.core.expand import expand
from arshjul.core.explain import Case, case_of, gone
from arshjul.core.explain import explain as lines_of
from arshjul.core.known import Telling
from arshjul.core.model import Catalogue, Occurrence
from arshjul.core.senddays import local_day
from arshjul.core.shapes import suggestion
from arshjul.rounds.reload import Loaded
from arshjul.service.parts import store_of
from arshjul.store import acknowledgements, opt_outs, told
from arshjul.store.engine import StoreError

YEAR_DAYS = 800


@partial(with_files, need=Need.NONE)
def explain(arguments: argparse.Namespace, loaded: Loaded) -> int:
    """Print why a thing is told, when and to whom."""
    everything = all_known(loaded.catalogue, today(arguments))
    occurrence = find(everything, arguments.key)
    if occurrence is None:
        return _not_there(everything, arguments.key, loaded)
    case = case_of(loaded.catalogue, everything, occurrence)
    try:
        case = _with_history(case, loaded)
    except StoreError as error:
        print(error, file=sys.stderr)
    print("\n".join(lines_of(case, loaded.settings.rules, _address(arguments.to or ""))))
    return 0


def _address(text: str) -> str:
    """Return the address as letters have it, or as it was given where it is none."""
    try:
        return read_address(text).address if text else ""
    except ValueError:
        return text.strip()


def all_known(catalogue: Catalogue, today: date) -> list[Occurrence]:
    """Return every occurrence of the years around today."""
    return expand(catalogue, Span.of(today).widened(YEAR_DAYS))


def find(occurrences: Sequence[Occurrence], key: str) -> Occurrence | None:
    """Return the occurrence with that key."""
    return next((one for one in occurrences if one.key == key), None)


def not_found(occurrences: Sequence[Occurrence], key: str) -> int:
    """Say which keys there are that may be meant: those of the same item, else one that looks alike."""
    same = [one.key for one in occurrences if one.key.rpartition("/")[0] == key or one.key.startswith(f"{key}/")]
    if same:
        print(f"«{key}» kommer flere ganger. Si hvilken: {', '.join(same)}", file=sys.stderr)
        return 2
    near = suggestion(key, [one.key for one in occurrences], {})
    if near.startswith("Her kan stå"):
        near = "«arshjul agenda --json» viser alle nøkler."
    print(f"«{key}» finnes ikke. {near}", file=sys.stderr)
    return 2


def _not_there(occurrences: Sequence[Occurrence], key: str, loaded: Loaded) -> int:
    """Say what has been told of what is no longer in the files, or that there never was such a thing."""
    tellings: Sequence[Telling] = ()
    if loaded.settings.has_store:
        try:
            with contextlib.closing(store_of(loaded.settings)) as store:
                tellings = told.tellings(store, key)
        except StoreError as error:
            print(error, file=sys.stderr)
    if not tellings:
        return not_found(occurrences, key)
    print("\n".join(gone(key, tellings)))
    return 0


def _with_history(case: Case, loaded: Loaded) -> Case:
    """Return the case with what the store remembers of it; to look is no reason to make a database."""
    if not loaded.settings.has_store:
        return case
    key = case.occurrence.key
    with contextlib.closing(store_of(loaded.settings)) as store:
        reports = acknowledgements.acknowledgements_of(store, key)
        silent = {one.address: local_day(one.at) for one in opt_outs.opt_outs(store)}
        return replace(case, tellings=told.tellings(store, key), reports=reports, opted_out=silent)
