"""The pages that people read: the agenda month by month, how to subscribe, how to say no to letters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

from arshjul.feeds.entries import heading, shown_days, web_address
from arshjul.health import Area, Fault
from arshjul.plan.model import Kind, Occurrence
from arshjul.plan.problems import told
from arshjul.printable import clean
from arshjul.timing.days import Span, Status
from arshjul.web.site import ServedFeed, SiteState, Standing
from arshjul.words import (
    STATUS_WORDS,
    clock_in_words,
    count_in_words,
    day_in_words,
    instant_in_words,
    month_in_words,
    span_in_words,
    weekday_in_words,
)
from arshjul.year.dating import where_from


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the agenda: what the calendars show, and beside it how the date is known."""

    days: Span | None
    number: str
    weekday: str
    heading: str
    details: tuple[str, ...]
    responsible: tuple[str, ...]
    contributors: tuple[str, ...]
    note: str
    status: str
    status_word: str
    rule: str
    source: str
    source_url: str
    now: str


@dataclass(frozen=True, slots=True)
class Month:
    """A month that something falls in; `id` is its anchor on the page, `2026-12`."""

    id: str
    name: str
    short: str
    rows: tuple[Row, ...]


def months(occurrences: Iterable[Occurrence], calendar_names: dict[str, str], today: date) -> tuple[Month, ...]:
    """Return what is not over on the day, by the month that it starts in, or this month when it is under way."""
    coming = [(days, each) for each in occurrences if (days := shown_days(each)) and days.end > today]
    coming.sort(key=lambda pair: (max(pair[0].first, today).replace(day=1), pair[0], pair[1].key))
    by_month = groupby(coming, key=lambda pair: max(pair[0].first, today).replace(day=1))
    return tuple(
        _month(first, today, tuple(_row(each, calendar_names, today) for _, each in group)) for first, group in by_month
    )


def undated(occurrences: Iterable[Occurrence], calendar_names: dict[str, str], today: date) -> tuple[Row, ...]:
    """Return what is listed without a date."""
    return tuple(_row(each, calendar_names, today) for each in occurrences if each.days is None)


def _month(first: date, today: date, rows: tuple[Row, ...]) -> Month:
    """Return the month; its short name has the year where it could be taken for this year's."""
    name = month_in_words(first)
    is_plain = first.year == today.year or 1 < first.month < today.month
    return Month(f"{first:%Y-%m}", name, name.split()[0] if is_plain else name, rows)


def _row(occurrence: Occurrence, calendar_names: dict[str, str], today: date) -> Row:
    days, url = shown_days(occurrence), web_address(occurrence.source)
    return Row(
        days=days,
        number=_number(days) if days else "",
        weekday=_weekday(days) if days else "",
        heading=heading(occurrence),
        details=tuple(_details(occurrence, days, calendar_names)),
        responsible=occurrence.responsible,
        contributors=occurrence.contributors,
        note=clean(occurrence.note),
        status=occurrence.status.value,
        status_word=STATUS_WORDS[occurrence.status] if days else "",
        rule=where_from(occurrence) if occurrence.status is Status.TENTATIVE or not days else "",
        source=_host(url) or occurrence.source,
        source_url=url,
        now=_now(days, today) if days else "",
    )


def _number(days: Span) -> str:
    first, last = days.first, days.last
    if first == last:
        return f"{first.day}."
    return (
        f"{first.day}.–{last.day}."
        if first.month == last.month
        else f"{first.day}.{first.month}.–{last.day}.{last.month}."
    )


def _weekday(days: Span) -> str:
    first = weekday_in_words(days.first)
    return first if len(days) == 1 else f"{first}–{weekday_in_words(days.last)}"


def _details(occurrence: Occurrence, days: Span | None, calendar_names: dict[str, str]) -> Iterable[str]:
    if occurrence.kind is Kind.WINDOW and occurrence.days and occurrence.days != days:
        yield f"Periode {span_in_words(occurrence.days)}"
    if occurrence.clock:
        yield clock_in_words(occurrence.clock)
    if occurrence.location:
        yield occurrence.location
    if occurrence.area:
        yield occurrence.area
    yield calendar_names.get(occurrence.calendar, occurrence.calendar)


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _now(days: Span, today: date) -> str:
    if today not in days:
        return ""
    return "i dag" if len(days) == 1 else "pågår"


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
    organisation = Environment(
        loader=PackageLoader("arshjul.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    organisation.filters["day_in_words"] = day_in_words
    organisation.filters["instant_in_words"] = instant_in_words
    return organisation


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


_NB: Final = {
    "title": "Brev fra {site}",
    "to": "Det gjelder brev til {address}.",
    "getting": "Du får brev i god tid før det du har ansvar for.",
    "means": "Stopper du brevene, er oppgavene og fristene fortsatt dine. Kalenderen kan du abonnere på som før.",
    "who_hears": "Koordinatoren får vite det og kan høre med deg eller gi oppgaven til en annen.",
    "stop": "Stopp brevene",
    "stopped": "Brevene er stoppet.",
    "yours": "Oppgavene og fristene er fortsatt dine til noe annet er avtalt.",
    "told": "Koordinatoren får vite det.",
    "nobody": "Ingen får vite det av seg selv. Si fra til den som gir deg oppgavene.",
    "start": "Få brevene igjen",
    "coordinator": "Koordinatoren må få brevene. Skal en annen ha dem, endres «coordinator» i config.toml.",
    "home": "Til kalenderen",
}
_NN: Final = {
    "title": "Brev frå {site}",
    "to": "Det gjeld brev til {address}.",
    "getting": "Du får brev i god tid før det du har ansvar for.",
    "means": "Stoppar du breva, er oppgåvene og fristane framleis dine. Kalenderen kan du abonnere på som før.",
    "who_hears": "Koordinatoren får vite det og kan høyre med deg eller gje oppgåva til ein annan.",
    "stop": "Stopp breva",
    "stopped": "Breva er stoppa.",
    "yours": "Oppgåvene og fristane er framleis dine til noko anna er avtalt.",
    "told": "Koordinatoren får vite det.",
    "nobody": "Ingen får vite det av seg sjølv. Sei frå til den som gjev deg oppgåvene.",
    "start": "Få breva att",
    "coordinator": "Koordinatoren må få breva. Skal ein annan ha dei, blir «coordinator» endra i config.toml.",
    "home": "Til kalenderen",
}
_EN: Final = {
    "title": "Letters from {site}",
    "to": "This is about letters to {address}.",
    "getting": "You get a letter well before what you are responsible for.",
    "means": "If you stop the letters, the tasks and their deadlines are still yours. You can go on subscribing to the "
    "calendar.",
    "who_hears": "The coordinator is told, and may ask you or give the task to somebody else.",
    "stop": "Stop the letters",
    "stopped": "The letters are stopped.",
    "yours": "The tasks and deadlines are still yours until something else is agreed.",
    "told": "The coordinator is told.",
    "nobody": "Nobody is told by itself. Please tell whoever gives you the tasks.",
    "start": "Get the letters again",
    "coordinator": "The coordinator must have the letters. To give them to somebody else, change “coordinator” in "
    "config.toml.",
    "home": "To the calendar",
}
PAGE: Final[Mapping[str, Mapping[str, str]]] = {"nb": _NB, "nn": _NN, "en": _EN}


def opt_out_page(standing: Standing, token: str, language: str, site: str) -> str:
    """Return the page for whoever has the token: how it stands, and a button for the other way. `site` is its name."""
    template = environment().get_template("opt-out.html")
    return template.render(standing=standing, token=token, language=language, site=site, say=PAGE[language])


def language_of(state: SiteState, address: str) -> str:
    """Return the language that somebody gets letters in; bokmål for who is no longer in the files."""
    people = (person for one in state.occurrences for person in one.recipients if person.address == address)
    return next((person.language for person in people), "nb")
