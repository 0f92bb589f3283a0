"""The last good files, the planned letters and the tokens → all that the web shows, computed once and then served."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from arshjul.core.dates import DAY, Span
from arshjul.core.expand import expand
from arshjul.core.model import Occurrence, Party
from arshjul.core.plan import preview
from arshjul.core.problems import Problem
from arshjul.core.senddays import local_day
from arshjul.core.words import list_in_words
from arshjul.rounds.feeds import calendar_feed, feed_span, party_feed
from arshjul.rounds.reload import Loaded
from arshjul.web.feeds import ServedFeed, served
from arshjul.web.state import NextLetter, SiteState, next_letter

PAGE_DAYS = 365
LETTER_DAYS = 90


def site_state(loaded: Loaded, problems: Sequence[Problem], tokens: Mapping[str, str], now: datetime) -> SiteState:
    """Return what is served from the last good files; `problems` are those of the files as they now are.

    `tokens` are the hashes of feed tokens with the full id of the party whose feed each opens.
    """
    today = local_day(now)
    found = expand(loaded.catalogue, feed_span(today))
    calendars = {calendar.id: calendar for calendar in loaded.catalogue.calendars.values()}
    return SiteState(
        title=loaded.settings.site.name,
        base_url=loaded.settings.site.url.rstrip("/"),
        today=today,
        loaded_at=now,
        public_only=loaded.settings.site.index == "public",
        calendars=calendars,
        occurrences=tuple(_shown(found, today)),
        letters=tuple(_letters(loaded, found, today)),
        problems=tuple(problems),
        feeds=dict(_public(loaded, today, found)),
        private_feeds=dict(_private(loaded, today, found, tokens)),
    )


def _letters(loaded: Loaded, found: Sequence[Occurrence], today: date) -> Iterator[NextLetter]:
    """Yield the letters of the coming months, by name and never by address; those that say the same as one."""
    span = Span(today, today + LETTER_DAYS * DAY)
    same: dict[tuple[date, tuple[str, ...]], list[str]] = {}
    for letter in map(next_letter, preview(loaded.catalogue, found, span, loaded.settings.rules)):
        same.setdefault((letter.send_day, letter.titles), []).append(letter.to)
    for (day, titles), names in same.items():
        yield NextLetter(day, list_in_words(tuple(names)), titles)


def _shown(found: Sequence[Occurrence], today: date) -> Iterator[Occurrence]:
    span = Span(today, today + PAGE_DAYS * DAY)
    for one in found:
        if one.days.overlaps(span) if one.days else one.period[:4] == str(today.year):
            yield one


def _public(loaded: Loaded, today: date, found: list[Occurrence]) -> Iterator[tuple[str, ServedFeed]]:
    for calendar in loaded.catalogue.calendars.values():
        if calendar.public:
            feed = calendar_feed(loaded, calendar, today, found)
            yield calendar.id, served(feed, calendar.id, name=calendar.name, description=calendar.description)


def _private(
    loaded: Loaded, today: date, found: list[Occurrence], tokens: Mapping[str, str]
) -> Iterator[tuple[str, ServedFeed]]:
    parties = {party.full_id: party for calendar in loaded.catalogue.calendars.values() for party in calendar.parties}
    for token_hash, full_id in tokens.items():
        if party := parties.get(full_id):
            feed = party_feed(loaded, party, today, found)
            yield token_hash, served(feed, party.id, name=_title(party), token_hash=token_hash)


def _title(party: Party) -> str:
    return f"Årshjulet for {party.name}"
