"""Feeds from the occurrences of a stretch of days: what changed is noted in the store, encoded anew, and joined."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from arshjul.feeds.entries import Entry, entry, lead_entries
from arshjul.feeds.ics import EncodedEvent, Feed, Head, Joined, Kept, encoded, joined
from arshjul.feeds.revisions import Revision, digest, is_still_shown, revise
from arshjul.feeds.subscriptions import FeedSpec, Index, Scope, indexed, milestone_ids, selected, title
from arshjul.keys import is_lead, without_lead
from arshjul.letters.reminders import leads_of
from arshjul.organisation import Organisation
from arshjul.plan.model import Occurrence
from arshjul.store import published
from arshjul.store.engine import Store, StoreError
from arshjul.timing.days import Span
from arshjul.year.expand import expand
from arshjul.year.openness import opened

BEHIND, AHEAD = timedelta(days=90), timedelta(days=730)
"""A feed reaches from a quarter back to two years ahead: too short angers people, too long is dropped by Google."""


@dataclass(frozen=True, slots=True)
class Year:
    """The files, expanded: what comes round in the days of the feeds, and what is shown of each by key."""

    organisation: Organisation
    today: date
    span: Span
    occurrences: tuple[Occurrence, ...]
    entries: dict[str, Entry]


def feed_span(today: date) -> Span:
    """Return the days that feeds show; it moves by whole months, so that the bytes do not change every midnight."""
    month = today.replace(day=1)
    return Span(month - BEHIND, month + AHEAD)


def year_of(organisation: Organisation, today: date) -> Year:
    """Return what feeds are made from on a day."""
    span = feed_span(today)
    found = tuple(opened(organisation.catalogue, expand(organisation.catalogue, span)))
    names = {calendar.id: calendar.name for calendar in organisation.catalogue.calendars.values()}
    shown = ((one.key, entry(one, names.get(one.calendar, ""))) for one in found)
    return Year(organisation, today, span, found, {key: seen for key, seen in shown if seen})


def lead_entries_of(year: Year) -> dict[str, Entry]:
    """Return the entries that come so long before deadlines, by key."""
    leads = leads_of(year.organisation.catalogue, year.organisation.settings.rules)
    return {
        early.key: early
        for one in year.occurrences
        if one.key in year.entries
        for early in lead_entries(one, year.entries[one.key], leads[one.calendar, one.id])
        if early.days.overlaps(year.span)
    }


def public_specs(organisation: Organisation) -> Iterable[FeedSpec]:
    """Yield the feeds that everybody may read."""
    calendars = organisation.catalogue.calendars.values()
    return (FeedSpec(Scope.CALENDAR, calendar.id) for calendar in calendars if calendar.public)


TRIES = 3
"""How often another service may come between before we give up."""


@dataclass(frozen=True, slots=True)
class PublishedFeed:
    """A feed with its name in the address and its title; `left_out` events did not fit into what clients take."""

    spec: FeedSpec
    slug: str
    name: str
    description: str
    feed: Feed
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Published:
    """The feeds by the text that names them. `fresh` events were encoded anew; `revised` keys have a new revision."""

    feeds: Mapping[str, PublishedFeed]
    fresh: int = 0
    revised: tuple[str, ...] = ()


@dataclass(slots=True)
class Publisher:
    """Publishes again and again, and keeps what has not changed since the last time.

    Without a store nothing is remembered: all that is shown then counts as changed when the youngest file was saved.
    """

    store: Store | None
    _revisions: dict[str, Revision] = field(init=False, default_factory=dict)
    _changes: dict[str, tuple[str, datetime]] = field(init=False, default_factory=dict)
    _digests: dict[Entry, str] = field(init=False, default_factory=dict)
    _kept: dict[bool, Kept] = field(init=False, default_factory=dict)
    _joined: dict[str, Joined] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._read()

    @property
    def revisions(self) -> Mapping[str, Revision]:
        """What is remembered, by key."""
        return self._revisions

    def publish(self, year: Year, specs: Iterable[FeedSpec], now: datetime) -> Published:
        """Return the feeds that are asked for, those that still can be made. Raises StoreError."""
        wanted = list(dict.fromkeys(specs))
        leads = any(spec.leads for spec in wanted)
        entries = year.entries | (lead_entries_of(year) if leads else {})
        revised = self._revise(entries, year, now, leads=leads)
        fresh = self._encode(entries, year, alarms=any(spec.alarms for spec in wanted))
        found = self._join(year, wanted)
        self._note(found, now)
        made = {name: self._published(spec, found[name]) for spec in wanted if (name := str(spec)) in found}
        return Published(made, fresh, tuple(one.key for one in revised))

    def _read(self) -> None:
        if self.store:
            self._revisions = published.all_revisions(self.store)
            self._changes = published.feed_changes(self.store)

    def _revise(self, entries: Mapping[str, Entry], year: Year, now: datetime, *, leads: bool) -> Sequence[Revision]:
        """Give every entry its revision and write down the new ones."""
        at = now if self.store else year.organisation.changed
        self._digests = {one: self._digests.get(one) or digest(one) for one in entries.values()}
        digests = {key: self._digests[one] for key, one in entries.items()}
        for _ in range(TRIES):
            new = revise(digests, entries, self._revisions, at, year.span, leads=leads)
            if not new or self.store is None or published.write_revisions(self.store, new, self._revisions):
                self._revisions.update((one.key, one) for one in new)
                return new
            self._revisions = published.all_revisions(self.store)
        raise StoreError("Flere tjenester skriver til databasen samtidig, og de er ikke enige. Stopp alle unntatt én.")

    def _encode(self, entries: Mapping[str, Entry], year: Year, *, alarms: bool) -> int:
        """Encode what has changed; returns how many events that was."""
        settings = year.organisation.settings
        shown = [
            (one, revision)
            for key, one in entries.items()
            if is_still_shown(one, revision := self._revisions[key], year.today, settings.feeds.cancelled_days)
        ]
        self._kept = {
            alarm: encoded(shown, uid_domain=settings.site.uid_domain, kept=self._kept.get(alarm, Kept()), alarm=alarm)
            for alarm in ((False, True) if alarms else (False,))
        }
        return sum(kept.fresh for kept in self._kept.values())

    def _join(self, year: Year, specs: Sequence[FeedSpec]) -> dict[str, Joined]:
        index, milestones = indexed(year.occurrences, specs), milestone_ids(year.organisation.catalogue)
        places = {alarm: _Places(kept.events) for alarm, kept in self._kept.items()}
        found = {}
        for spec in specs:
            if (titles := title(spec, year.organisation.catalogue)) is None:
                continue
            head = Head(*titles)
            events = places[spec.alarms].of(spec, index, milestones)
            found[str(spec)] = joined(head, events, year.today, self._joined.get(str(spec)))
        self._joined = found
        return found

    def _note(self, found: Mapping[str, Joined], now: datetime) -> None:
        """Note which feeds have changed, and when: the last change may be that something left."""
        new = {}
        for name, one in found.items():
            tag, at = self._changes.get(name, ("", one.feed.last_modified))
            if tag != one.feed.etag:
                changed = now.replace(microsecond=0) if self.store else one.feed.last_modified
                new[name] = (one.feed.etag, max(changed, at + timedelta(seconds=1)) if tag else changed)
        if new:
            self._changes.update(published.note_feed_changes(self.store, new) if self.store else new)

    def _published(self, spec: FeedSpec, one: Joined) -> PublishedFeed:
        feed = replace(one.feed, last_modified=self._changes[str(spec)][1])
        return PublishedFeed(spec, spec.slug, one.head.name, one.head.description, feed, one.left_out)


class _Places:
    """The encoded events in their order, found by the key of what they are about."""

    def __init__(self, events: Sequence[EncodedEvent]) -> None:
        self._events = events
        self._own = {event.key: place for place, event in enumerate(events)}
        self._early: dict[str, list[int]] = {}
        for place, event in enumerate(events):
            if is_lead(event.key):
                self._early.setdefault(without_lead(event.key), []).append(place)

    def of(self, spec: FeedSpec, index: Index, milestones: frozenset[tuple[str, str]]) -> list[EncodedEvent]:
        keys = [one.key for one in selected(spec, index, milestones)]
        places = [self._own[key] for key in keys if key in self._own]
        if spec.leads:
            places += [place for key in keys for place in self._early.get(key, ())]
        return [self._events[place] for place in sorted(places)]
