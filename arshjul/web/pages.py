"""The pages that people read. They show what lies in the state; nothing is computed from calendar files here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from arshjul.core.health import Area, Fault
from arshjul.core.problems import told
from arshjul.core.words import count_in_words, day_in_words, instant_in_words
from arshjul.web.agenda import months, undated
from arshjul.web.feeds import ServedFeed
from arshjul.web.state import SiteState

STATIC = Path(__file__).parent / "static"
STALE = frozenset({Area.FILES, Area.STORE, Area.FEEDS})
"""A fault in these may keep what is shown from being up to date."""

MOST_NOTES = 100
"""So many are shown; `arshjul check` prints them all."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A feed on the page: an address to copy, and one that opens in a calendar program."""

    name: str
    description: str
    address: str
    webcal: str


@dataclass(frozen=True, slots=True)
class Failure:
    """An error page's words."""

    title: str
    text: str


NOT_FOUND = Failure("Siden finnes ikke", "Adressen kan være skrevet feil, eller siden er flyttet.")
FEED_NOT_FOUND = Failure(
    "Abonnementet finnes ikke",
    "Lenken kan være skrevet feil, eller den er byttet ut med en ny. Spør den som ga deg lenken, om en ny.",
)
NOT_ALLOWED = Failure("Dette går ikke an her", "Adressen kan ikke brukes slik.")
NOT_READY = Failure("Kalenderen leses inn", "Prøv igjen om et øyeblikk.")
WRONG_HOST = Failure(
    "Tjenesten heter noe annet",
    "Den svarer bare for navnet i url, og for dem i aliases, under [site] i config.toml.",
)
BAD_HOST = Failure("Forespørselen kan ikke leses", "Den må si ett, og bare ett, navn på tjenesten (Host).")
TOO_MANY = Failure("For mange forsøk", "Ingenting er endret. Vent noen minutter, og prøv igjen.")
BUSY = Failure("Det gikk ikke akkurat nå", "Ingenting er endret. Prøv igjen om et øyeblikk.")
BROKEN = Failure("Noe gikk galt hos oss", "Feilen er skrevet i loggen. Prøv igjen senere.")


@cache
def environment() -> Environment:
    """Return the templates: everything is escaped, and a name that does not exist is an error, not a blank."""
    loaded = Environment(
        loader=PackageLoader("arshjul.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    loaded.filters["day_in_words"] = day_in_words
    loaded.filters["instant_in_words"] = instant_in_words
    return loaded


@lru_cache(maxsize=32)
def index_page(state: SiteState, calendar: str = "", failing: tuple[Fault, ...] = (), key: str = "") -> str:
    """Return the page with the coming months, the feeds and the next letters; written once for each state.

    `failing` is what goes wrong at this moment. Behind a `key` it shows all, at /alt/<key>.
    With the id of a calendar, which must be one of `choices`, the months are only those of that calendar.
    """
    public_only = state.public_only and not key
    names = choices(state, public_only=public_only)
    shown = [one for one in state.occurrences if one.calendar in names and calendar in ("", one.calendar)]
    return (
        environment()
        .get_template("index.html")
        .render(
            state=state,
            public_only=public_only,
            here=f"/alt/{key}" if key else "/",
            names=names,
            calendar=calendar,
            months=months(shown, names, state.today),
            undated=undated(shown, names, state.today),
            subscriptions=[subscription(state, each) for each in state.feeds.values()],
            failing=failing,
            is_stale=any(fault.area in STALE for fault in failing),
            letters=() if public_only else state.letters,
            problems=() if public_only else told(state.problems),
            notes=() if public_only else state.notes[:MOST_NOTES],
            more_notes=max(len(state.notes) - MOST_NOTES, 0),
            notes_counted=count_in_words(len(state.notes), "merknad", "merknader"),
        )
    )


def error_page(failure: Failure) -> str:
    """Return a page that says what is wrong. It never repeats the address: that may hold a token."""
    return environment().get_template("error.html").render(failure=failure)


def choices(state: SiteState, *, public_only: bool) -> dict[str, str]:
    """Return the names of the calendars that the page may show, by id: on a public page only public ones."""
    return {each.id: each.name for each in state.calendars.values() if each.public or not public_only}


def subscription(state: SiteState, feed: ServedFeed) -> Subscription:
    """Return the addresses of a public feed."""
    address = f"{state.base_url}/f/{feed.slug}.ics"
    return Subscription(feed.name or feed.slug, feed.description, address, f"webcal:{address.partition(':')[2]}")
