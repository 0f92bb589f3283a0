"""`arshjul feed`, `publish`, `accept` and `token`: feeds to the screen or into a folder, vanishing dates, links."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from arshjul import disk
from arshjul.cli.commands import Need, unknown, with_calendars, with_files
from arshjul.cli.work import with_store
from arshjul.disk import write_folder
from arshjul.feeds.revisions import vanishing_digest
from arshjul.feeds.subscriptions import (
    FeedNameError,
    FeedSpec,
    Scope,
    areas,
    asked_spec,
    parse_spec,
    slug,
    unchecked_spec,
)
from arshjul.keys import full_id
from arshjul.organisation import Organisation
from arshjul.plan.parties import party_names
from arshjul.printable import printable, why
from arshjul.rounds.publish import Published, Publisher, public_specs, year_of
from arshjul.rounds.remember import remember
from arshjul.service.parts import store_of
from arshjul.service.publishing import HeldBackError, good_year, held_back, keep_published
from arshjul.store import facts, tokens
from arshjul.store.engine import Store, StoreError
from arshjul.store.published import all_revisions
from arshjul.store.tokens import TokenInfo, token_of
from arshjul.timing.days import local_day
from arshjul.words import count_in_words, date_in_words

PUBLISH_KEY = "publish.key"
"""In `var`: what the tokens in a published folder are made from, so that their paths stay the same."""

SHOWN = 10
"""Dates that are named when leave is given; the rest are counted."""


@with_files
def feed(arguments: argparse.Namespace, organisation: Organisation) -> int:
    """Write one feed as bytes to the screen. What is published here is remembered, as by the service."""
    try:
        spec = asked_spec(arguments.id, organisation.catalogue)
        found = _published(organisation, [spec], arguments.now()).feeds.get(str(spec))
    except FeedNameError as error:
        return _no_feed(error, arguments.id, organisation)
    except (HeldBackError, StoreError) as error:
        print(error, file=sys.stderr)
        return 1
    if found is None:
        print("Abonnementet finnes ikke i den utgaven som sist ble publisert.", file=sys.stderr)
        return 1
    sys.stdout.buffer.write(found.feed.body)
    return 0


@with_files
def publish(arguments: argparse.Namespace, organisation: Organisation) -> int:
    """Write feeds as files into a folder that any web server can show; what is not open to all has a token in its path.

    Without the database it is not known what was published before, and nothing is written.
    """
    try:
        asked = [asked_spec(text, organisation.catalogue) for text in arguments.feed]
        specs = [*public_specs(organisation), *(_all(organisation) if arguments.all else ()), *asked]
        published = _published(organisation, specs, arguments.now())
        opened = set(public_specs(organisation))
        paths = {
            one.spec: f"{one.slug}.ics" if one.spec in opened else secret_path(one.spec, organisation)
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
def accept(arguments: argparse.Namespace, organisation: Organisation, store: Store) -> int:
    """Give leave for what is held back, and for nothing else."""
    year = year_of(organisation, local_day(arguments.now()))
    held = held_back(year, all_revisions(store), None)
    if not held:
        rest = "" if organisation.problems else " Alt som står i filene, er publisert eller blir det."
        print(f"Ingenting er holdt tilbake.{rest}")
        return 0
    facts.release(store, vanishing_digest(held))
    gone = [key for one in held for key in one.gone]
    print("\n".join(gone[:SHOWN]) + (f"\n… og {len(gone) - SHOWN} til" if len(gone) > SHOWN else ""))
    dates = count_in_words(len(gone), "kommende dato", "kommende datoer")
    print(f"{dates} forsvinner fra abonnementene neste gang de publiseres.")
    return 0


def secret_path(spec: FeedSpec, organisation: Organisation) -> str:
    """Return the path of a feed that is not open to all: a token, the same each time, and its name.

    Raises OSError where the key of the tokens cannot be kept.
    """
    key = disk.secret_of(organisation.settings.state / PUBLISH_KEY)
    return f"{token_of(key, str(spec))}/{slug(str(spec))}.ics"


def _published(organisation: Organisation, specs: Sequence[FeedSpec], now: datetime) -> Published:
    """Publish with the store. Raises StoreError, HeldBackError."""
    with contextlib.closing(store_of(organisation.settings)) as store:
        publisher = Publisher(store)
        good = good_year(organisation, store, publisher.revisions, local_day(now))
        for problem in good.problems:
            print(problem, file=sys.stderr)
        published = publisher.publish(good.year, specs, now)
        try:
            if not good.problems:
                keep_published(organisation, store)
        except OSError as error:
            print(f"De publiserte filene kan ikke tas vare på: {why(error)}.", file=sys.stderr)
        remember(good.year.organisation, store, now)
    for one in published.feeds.values():
        if one.left_out:
            left_out = count_in_words(one.left_out, "hendelse", "hendelser")
            print(f"«{one.name}» er for stort: {left_out} er utelatt.", file=sys.stderr)
    return published


def _all(organisation: Organisation) -> Iterator[FeedSpec]:
    for calendar in organisation.catalogue.calendars.values():
        yield FeedSpec(Scope.CALENDAR, calendar.id)
        yield from (FeedSpec(Scope.AREA, full_id(calendar.id, name)) for name in areas(calendar))
        yield from (FeedSpec(Scope.PARTY, party.full_id) for party in calendar.parties)


def _no_feed(error: FeedNameError, asked: str, organisation: Organisation) -> int:
    if ":" not in asked and ";" not in asked:
        return unknown("Abonnementet", asked, [*organisation.catalogue.calendars, *party_names(organisation.catalogue)])
    print(error, file=sys.stderr)
    return 2


@partial(with_store, need=Need.SETTINGS)
def token(arguments: argparse.Namespace, organisation: Organisation, store: Store) -> int:
    """Make, list, renew or revoke the links of feeds."""
    actions: dict[str, Callable[[argparse.Namespace, Organisation, Store], int]] = {
        "add": _add,
        "list": _list,
        "rotate": _rotate,
        "revoke": _revoke,
    }
    return actions[arguments.action](arguments, organisation, store)


def _add(arguments: argparse.Namespace, organisation: Organisation, store: Store) -> int:
    catalogue = with_calendars(arguments, organisation).catalogue
    try:
        asked = asked_spec(arguments.feed, catalogue) if catalogue.calendars else unchecked_spec(arguments.feed)
        spec = _with_options(asked, arguments)
    except FeedNameError as error:
        print(error, file=sys.stderr)
        return 2
    if not catalogue.calendars:
        print(f"Det er ikke sett etter om «{spec}» finnes.", file=sys.stderr)
    return _show_once(organisation, spec, tokens.add(store, str(spec), arguments.label, arguments.now()))


def _with_options(spec: FeedSpec, arguments: argparse.Namespace) -> FeedSpec:
    return replace(
        parse_spec(f"{spec};lang={arguments.language}"),
        milestones=spec.milestones and not arguments.no_milestones,
        deadlines=spec.deadlines or arguments.deadlines,
        leads=spec.leads or arguments.leads,
        alarms=spec.alarms or arguments.alarms,
    )


def _show_once(organisation: Organisation, spec: FeedSpec, plain: str) -> int:
    print(f"{organisation.settings.site.url}/f/{plain}/{spec.slug}.ics")
    print("Lenken vises bare nå. Den som har den, kan lese abonnementet.", file=sys.stderr)
    return 0


def _list(arguments: argparse.Namespace, _: Organisation, store: Store) -> int:
    for info in tokens.all_tokens(store):
        made = f"laget {date_in_words(local_day(info.created_at))}"
        state = f"{made}  {_validity(info, arguments.now())}  {_fetched(info)}"
        print(f"{info.prefix}…  {info.feed}  {printable(info.label) or '–'}  {state}")
    return 0


def _validity(info: TokenInfo, now: datetime) -> str:
    if info.revoked_at is None:
        return "gyldig"
    word = "ugyldig fra" if info.revoked_at <= now else "gyldig til"
    return f"{word} {date_in_words(local_day(info.revoked_at))}"


def _fetched(info: TokenInfo) -> str:
    if not info.fetched:
        return "ikke hentet ennå"
    return "hentet " + ", ".join(
        f"av {printable(one.client)} {date_in_words(one.day)} ({one.times} g.)" for one in info.fetched
    )


def _rotate(arguments: argparse.Namespace, organisation: Organisation, store: Store) -> int:
    now: datetime = arguments.now()
    until = now + timedelta(days=arguments.days)
    renewed = tokens.rotate(store, arguments.prefix, now, until)
    if renewed is None:
        print("Ingen gyldig lenke begynner slik, eller flere gjør det.", file=sys.stderr)
        return 1
    feed, plain = renewed
    print(f"Den gamle lenken virker til {date_in_words(local_day(until))}.", file=sys.stderr)
    return _show_once(organisation, parse_spec(feed), plain)


def _revoke(arguments: argparse.Namespace, _: Organisation, store: Store) -> int:
    feeds = {info.feed for info in tokens.all_tokens(store) if arguments.prefix.startswith(info.prefix)}
    gone = sum(tokens.revoke(store, feed, arguments.prefix, arguments.now()) for feed in feeds)
    print(
        f"{count_in_words(gone, 'lenke', 'lenker')} gjelder ikke lenger."
        if gone
        else "Ingen gyldig lenke begynner slik."
    )
    return int(not gone)
