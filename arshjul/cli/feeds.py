"""`arshjul feed`, `publish` and `accept`: feeds to the screen or into a folder, and leave for much to vanish."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime

from arshjul.cli.files import unknown, with_files
from arshjul.cli.work import with_store
from arshjul.core.lookup import party_names
from arshjul.core.printable import printable
from arshjul.core.revisions import vanishing_digest
from arshjul.core.senddays import local_day
from arshjul.core.subscriptions import FeedNameError, FeedSpec, Scope, areas, asked_spec, slug
from arshjul.core.system_errors import why
from arshjul.core.tokens import token_of
from arshjul.core.words import count_in_words
from arshjul.disk import private
from arshjul.files.folder import write_folder
from arshjul.rounds.feeds import public_specs, year_of
from arshjul.rounds.publish import Published, Publisher
from arshjul.rounds.reload import Loaded
from arshjul.rounds.remember import remember
from arshjul.rounds.vanishing import HeldBackError, good_year, held_back, keep_published
from arshjul.service.parts import store_of
from arshjul.store import leave
from arshjul.store.engine import Store, StoreError
from arshjul.store.revisions import all_revisions

PUBLISH_KEY = "publish.key"
"""In `var`: what the tokens in a published folder are made from, so that their paths stay the same."""

SHOWN = 10
"""Dates that are named when leave is given; the rest are counted."""


@with_files
def feed(arguments: argparse.Namespace, loaded: Loaded) -> int:
    """Write one feed as bytes to the screen. What is published here is remembered, as by the service."""
    try:
        spec = asked_spec(arguments.id, loaded.catalogue)
        found = _published(loaded, [spec], arguments.now()).feeds.get(str(spec))
    except FeedNameError as error:
        return _no_feed(error, arguments.id, loaded)
    except (HeldBackError, StoreError) as error:
        print(error, file=sys.stderr)
        return 1
    if found is None:
        print("Abonnementet finnes ikke i den utgaven som sist ble publisert.", file=sys.stderr)
        return 1
    sys.stdout.buffer.write(found.feed.body)
    return 0


@with_files
def publish(arguments: argparse.Namespace, loaded: Loaded) -> int:
    """Write feeds as files into a folder that any web server can show; what is not open to all has a token in its path.

    Without the database it is not known what was published before, and nothing is written.
    """
    try:
        asked = [asked_spec(text, loaded.catalogue) for text in arguments.feed]
        specs = [*public_specs(loaded), *(_all(loaded) if arguments.all else ()), *asked]
        published = _published(loaded, specs, arguments.now())
        opened = set(public_specs(loaded))
        paths = {
            one.spec: f"{one.slug}.ics" if one.spec in opened else secret_path(one.spec, loaded)
            for one in published.feeds.values()
        }
        files = {paths[one.spec]: (one.feed.body, one.feed.last_modified) for one in published.feeds.values()}
        done = write_folder(arguments.into, files, prune=arguments.prune)
    except (FeedNameError, HeldBackError, StoreError) as error:
        print(error, file=sys.stderr)
        return 2 if isinstance(error, FeedNameError) else 1
    except OSError as error:
        print(f"Mappen «{printable(arguments.into)}» kan ikke skrives: {why(error)}.", file=sys.stderr)
        return 1
    print(f"{len(done.written)} skrevet, {len(done.untouched)} uendret, {len(done.pruned)} fjernet.")
    for one in published.feeds.values():
        if one.spec not in opened:
            print(f"{printable(one.name)}: {paths[one.spec]}")
    for name in done.withdrawn:
        print(f"{printable(name)} skrives ikke lenger. Kjør med --prune for å fjerne filen.", file=sys.stderr)
    return 0


@with_store
def accept(arguments: argparse.Namespace, loaded: Loaded, store: Store) -> int:
    """Give leave for what is held back, and for nothing else."""
    year = year_of(loaded, local_day(arguments.now()))
    held = held_back(year, all_revisions(store), None)
    if not held:
        rest = "" if loaded.problems else " Alt som står i filene, er publisert eller blir det."
        print(f"Ingenting er holdt tilbake.{rest}")
        return 0
    leave.release(store, vanishing_digest(held))
    gone = [key for one in held for key in one.gone]
    print("\n".join(gone[:SHOWN]) + (f"\n… og {len(gone) - SHOWN} til" if len(gone) > SHOWN else ""))
    dates = count_in_words(len(gone), "kommende dato", "kommende datoer")
    print(f"{dates} forsvinner fra abonnementene neste gang de publiseres.")
    return 0


def secret_path(spec: FeedSpec, loaded: Loaded) -> str:
    """Return the path of a feed that is not open to all: a token, the same each time, and its name.

    Raises OSError where the key of the tokens cannot be kept.
    """
    key = private.secret_of(loaded.settings.state / PUBLISH_KEY)
    return f"{token_of(key, str(spec))}/{slug(str(spec))}.ics"


def _published(loaded: Loaded, specs: Sequence[FeedSpec], now: datetime) -> Published:
    """Publish with the store. Raises StoreError, HeldBackError."""
    with contextlib.closing(store_of(loaded.settings)) as store:
        publisher = Publisher(store)
        good = good_year(loaded, store, publisher.revisions, local_day(now))
        for problem in good.problems:
            print(problem, file=sys.stderr)
        published = publisher.publish(good.year, specs, now)
        try:
            if not good.problems:
                keep_published(loaded, store)
        except OSError as error:
            print(f"De publiserte filene kan ikke tas vare på: {why(error)}.", file=sys.stderr)
        remember(good.year.loaded, store, now)
    for one in published.feeds.values():
        if one.left_out:
            left_out = count_in_words(one.left_out, "hendelse", "hendelser")
            print(f"«{one.name}» er for stort: {left_out} er utelatt.", file=sys.stderr)
    return published


def _all(loaded: Loaded) -> Iterator[FeedSpec]:
    for calendar in loaded.catalogue.calendars.values():
        yield FeedSpec(Scope.CALENDAR, calendar.id)
        yield from (FeedSpec(Scope.AREA, f"{calendar.id}/{name}") for name in areas(calendar))
        yield from (FeedSpec(Scope.PARTY, party.full_id) for party in calendar.parties)


def _no_feed(error: FeedNameError, asked: str, loaded: Loaded) -> int:
    if ":" not in asked and ";" not in asked:
        return unknown("Abonnementet", asked, [*loaded.catalogue.calendars, *party_names(loaded.catalogue)])
    print(error, file=sys.stderr)
    return 2
