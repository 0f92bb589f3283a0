"""The last good files, the planned letters and the tokens → all that the web shows, computed once and then served."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime

from arshjul.core.dates import DAY, Span
from arshjul.core.edits import remarks
from arshjul.core.model import Occurrence
from arshjul.core.plan import preview
from arshjul.core.problems import Problem
from arshjul.core.subscriptions import FeedNameError, FeedSpec, parse_spec
from arshjul.core.words import list_in_words
from arshjul.rounds.feeds import Year, public_specs
from arshjul.rounds.publish import Published
from arshjul.rounds.reload import Loaded
from arshjul.web.feeds import ServedFeed, served
from arshjul.web.hosts import hosts_of
from arshjul.web.state import NextLetter, SiteState, next_letter

PAGE_DAYS = 365
LETTER_DAYS = 90
SOME_NAMES = 3


def site_state(  # noqa: PLR0917  (all that is shown)
    year: Year,
    published: Published,
    problems: Sequence[Problem],
    tokens: Mapping[str, str],
    loaded_at: datetime,
    opted_out: Collection[str] = (),
) -> SiteState:
    """Return what is served of the last good year; `problems` are those of the files as they now are.

    `tokens` are the hashes of feed tokens with the text that names the feed that each opens.
    `loaded_at` is when the files were taken in, `opted_out` the addresses that want no letters.
    """
    loaded, found, today = year.loaded, year.occurrences, year.today
    site = loaded.settings.site
    return SiteState(
        title=site.name,
        base_url=site.url,
        today=today,
        loaded_at=loaded_at,
        public_only=site.index == "public",
        hosts=hosts_of(site.url, site.host, site.aliases),
        calendars={calendar.id: calendar for calendar in loaded.catalogue.calendars.values()},
        occurrences=tuple(_shown(found, today)),
        letters=tuple(_letters(loaded, found, today, opted_out)),
        problems=tuple(problems),
        notes=tuple(sorted({*loaded.notes, *remarks(loaded.catalogue)})),
        feeds=dict(_public(loaded, published)),
        private_feeds=dict(_private(published, tokens)),
    )


def wanted_specs(loaded: Loaded, tokens: Mapping[str, str]) -> Iterator[FeedSpec]:
    """Yield the feeds to publish: the public ones, and those that a token opens."""
    yield from public_specs(loaded)
    for text in sorted(set(tokens.values())):
        with suppress(FeedNameError):  # made by a later version of the program; it stays closed
            yield parse_spec(text)


def _letters(
    loaded: Loaded, found: Sequence[Occurrence], today: date, opted_out: Collection[str]
) -> Iterator[NextLetter]:
    """Yield the letters of the coming months, by name and never by address."""
    span = Span(today, today + LETTER_DAYS * DAY)
    return gathered(map(next_letter, preview(loaded.catalogue, found, span, loaded.settings.rules, opted_out)))


def gathered(found: Iterable[NextLetter]) -> Iterator[NextLetter]:
    """Yield letters that say the same on the same day as one, to the first few by name."""
    same: dict[tuple[date, tuple[str, ...]], list[str]] = {}
    for letter in found:
        same.setdefault((letter.send_day, letter.titles), []).append(letter.to)
    for (day, titles), names in same.items():
        more = len(names) - SOME_NAMES
        yield NextLetter(day, list_in_words((*names[:SOME_NAMES], f"{more} til") if more > 1 else tuple(names)), titles)


def _shown(found: Sequence[Occurrence], today: date) -> Iterator[Occurrence]:
    span = Span(today, today + PAGE_DAYS * DAY)
    for one in found:
        if one.days.overlaps(span) if one.days else one.period[:4] == str(today.year):
            yield one


def _public(loaded: Loaded, published: Published) -> Iterator[tuple[str, ServedFeed]]:
    for spec in public_specs(loaded):
        if one := published.feeds.get(str(spec)):
            yield one.slug, served(one.feed, one.slug, name=one.name, description=one.description)


def _private(published: Published, tokens: Mapping[str, str]) -> Iterator[tuple[str, ServedFeed]]:
    for token_hash, text in tokens.items():
        with suppress(FeedNameError):
            if one := published.feeds.get(str(parse_spec(text))):
                yield token_hash, served(one.feed, one.slug, name=one.name, token_hash=token_hash)
