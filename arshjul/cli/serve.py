"""The command `serve`."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from secrets import token_urlsafe

from arshjul.cli.commands import Need, with_files
from arshjul.lint.answers import LOOPBACK
from arshjul.organisation import Organisation
from arshjul.plan.addresses import database_in_words
from arshjul.plan.parties import party_names
from arshjul.printable import why
from arshjul.service.clock import read_clocks
from arshjul.service.guard import PrintableFormatter, Sparing
from arshjul.service.parts import store_of
from arshjul.service.publishing import HeldBackError, Waiting
from arshjul.service.running import Service
from arshjul.settings import Settings
from arshjul.store.engine import StoreError
from arshjul.store.lock import AnotherSenderError, sender_lock
from arshjul.timing.days import local_day
from arshjul.web.server import ListenError, new_loop, raise_file_limit, serving
from arshjul.web.site import Site, SiteState
from arshjul.words import day_in_words

KEY_OCTETS = 16
"""Of the key to the page with all that is private: it lives for one run, and only who sees its output has it."""

log = logging.getLogger("arshjul")


@partial(with_files, need=Need.LAST_GOOD)
def serve(arguments: argparse.Namespace, organisation: Organisation) -> int:
    """Serve until Ctrl-C. A database that cannot be used yet is waited for, while the files are served."""
    _set_up_log()
    raise_file_limit()
    try:
        with contextlib.ExitStack() as held, asyncio.Runner(loop_factory=new_loop) as runner:
            runner.run(_serve(organisation, held, arguments.now))
    except (ListenError, AnotherSenderError, HeldBackError) as error:
        print(error, file=sys.stderr)
        return 1
    _say("Stoppet. Brev som ikke er sendt, ligger i utboksen.")
    return 0


def _set_up_log() -> None:
    printed = logging.StreamHandler()
    printed.setFormatter(PrintableFormatter("%(asctime)s %(levelname)s %(message)s", datefmt="%H:%M:%S"))
    printed.addFilter(Sparing())
    logging.basicConfig(level=logging.INFO, handlers=[printed])
    for noisy in ("apscheduler", "alembic", "uvicorn", "watchfiles"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


async def _serve(organisation: Organisation, held: contextlib.ExitStack, now: Callable[[], datetime]) -> None:
    """Serve with the database, or until it can be used without it; `held` is let go when all else has ended."""
    place, service, waiting = organisation.settings.site, None, None
    key = token_urlsafe(KEY_OCTETS) if place.host in LOOPBACK else ""
    site = Site(SiteState(place.name, place.url, local_day(now())), key=key)
    start = partial(_start, held, site, now)
    try:
        service = await start(organisation)
    except StoreError as error:
        waiting = Waiting(site, organisation, start, now, error)
    async with serving(site, place.host, place.port):
        _say("\n".join(_greeting(organisation, site)))
        if waiting is not None:
            service = await waiting.run()
        if service is not None:
            await service.run()


async def _start(
    held: contextlib.ExitStack, site: Site, now: Callable[[], datetime], organisation: Organisation
) -> Service:
    """Return the service, with its database open and locked until all is let go. Raises StoreError and its like."""
    with contextlib.ExitStack() as attempt:
        service = await asyncio.to_thread(_opened, attempt, site, now, organisation)
        held.enter_context(attempt.pop_all())
    log.info("I bruk: %s.", database_in_words(organisation.settings.store_url))
    return service


def _opened(
    attempt: contextlib.ExitStack, site: Site, now: Callable[[], datetime], organisation: Organisation
) -> Service:
    store = attempt.enter_context(contextlib.closing(store_of(organisation.settings, migrate=True)))
    lock = attempt.enter_context(sender_lock(store))
    return Service(organisation, store, now, partial(read_clocks, now), lock, site)


def _say(text: str) -> None:
    """Print what nothing depends on: a full disk behind the output is no reason not to serve."""
    try:
        print(text, flush=True)
    except OSError as error:
        log.warning("Det kan ikke skrives til standard ut: %s.", why(error))
        sys.stdout = None  # what it still holds would be tried again at the end


def _greeting(organisation: Organisation, site: Site) -> Iterator[str]:
    """Yield where everything is, and what is sent next."""
    settings, state = organisation.settings, site.state
    yield f"Årshjulet:    {settings.site.url}"
    if site.key:
        yield f"Hele året:    {_address(settings)}/alt/{site.key}"
        yield "              med det som ikke er åpent for alle; lenken virker til tjenesten stoppes"
    for slug in state.feeds:
        yield f"Abonnement:   {settings.site.url}/f/{slug}.ics"
    if parties := party_names(organisation.catalogue):
        yield f"              og ett for hver part: arshjul token add {parties[0]}"
    is_folder = settings.mail.transport == "maildir"
    yield f"Brev:         {f'legges i {settings.maildir}' if is_folder else f'sendes med {settings.mail.host}'}"
    if state.letters:
        first = state.letters[0]
        yield f"Neste brev:   {day_in_words(first.send_day)}, til {first.to}"
    yield "Stopp med Ctrl-C."


def _address(settings: Settings) -> str:
    """Return where this machine reaches it, whatever name others know it by."""
    host, port = settings.site.host, settings.site.port
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
