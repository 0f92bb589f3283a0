"""`arshjul token`: the links of feeds that are not open to all, one for each who subscribes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from arshjul.cli.files import Need, with_calendars
from arshjul.cli.work import with_store
from arshjul.core.printable import printable
from arshjul.core.senddays import local_day
from arshjul.core.subscriptions import FeedNameError, FeedSpec, asked_spec, parse_spec, unchecked_spec
from arshjul.core.words import count_in_words, date_in_words
from arshjul.rounds.reload import Loaded
from arshjul.store import tokens
from arshjul.store.engine import Store
from arshjul.store.tokens import TokenInfo


@partial(with_store, need=Need.SETTINGS)
def token(arguments: argparse.Namespace, loaded: Loaded, store: Store) -> int:
    """Make, list, renew or revoke the links of feeds."""
    actions: dict[str, Callable[[argparse.Namespace, Loaded, Store], int]] = {
        "add": _add,
        "list": _list,
        "rotate": _rotate,
        "revoke": _revoke,
    }
    return actions[arguments.action](arguments, loaded, store)


def _add(arguments: argparse.Namespace, loaded: Loaded, store: Store) -> int:
    catalogue = with_calendars(arguments, loaded).catalogue
    try:
        asked = asked_spec(arguments.feed, catalogue) if catalogue.calendars else unchecked_spec(arguments.feed)
        spec = _with_options(asked, arguments)
    except FeedNameError as error:
        print(error, file=sys.stderr)
        return 2
    if not catalogue.calendars:
        print(f"Det er ikke sett etter om «{spec}» finnes.", file=sys.stderr)
    return _show_once(loaded, spec, tokens.add(store, str(spec), arguments.label, arguments.now()))


def _with_options(spec: FeedSpec, arguments: argparse.Namespace) -> FeedSpec:
    return replace(
        parse_spec(f"{spec};lang={arguments.language}"),
        milestones=spec.milestones and not arguments.no_milestones,
        deadlines=spec.deadlines or arguments.deadlines,
        leads=spec.leads or arguments.leads,
        alarms=spec.alarms or arguments.alarms,
    )


def _show_once(loaded: Loaded, spec: FeedSpec, plain: str) -> int:
    print(f"{loaded.settings.site.url}/f/{plain}/{spec.slug}.ics")
    print("Lenken vises bare nå. Den som har den, kan lese abonnementet.", file=sys.stderr)
    return 0


def _list(arguments: argparse.Namespace, _: Loaded, store: Store) -> int:
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


def _rotate(arguments: argparse.Namespace, loaded: Loaded, store: Store) -> int:
    now: datetime = arguments.now()
    until = now + timedelta(days=arguments.days)
    renewed = tokens.rotate(store, arguments.prefix, now, until)
    if renewed is None:
        print("Ingen gyldig lenke begynner slik, eller flere gjør det.", file=sys.stderr)
        return 1
    feed, plain = renewed
    print(f"Den gamle lenken virker til {date_in_words(local_day(until))}.", file=sys.stderr)
    return _show_once(loaded, parse_spec(feed), plain)


def _revoke(arguments: argparse.Namespace, _: Loaded, store: Store) -> int:
    feeds = {info.feed for info in tokens.all_tokens(store) if arguments.prefix.startswith(info.prefix)}
    gone = sum(tokens.revoke(store, feed, arguments.prefix, arguments.now()) for feed in feeds)
    print(
        f"{count_in_words(gone, 'lenke', 'lenker')} gjelder ikke lenger."
        if gone
        else "Ingen gyldig lenke begynner slik."
    )
    return int(not gone)
