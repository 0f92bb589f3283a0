"""When each item of a catalogue comes round, and how that is known: rule, law, announcement or the plan itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from arshjul.core.cadences import (
    Annual,
    At,
    Cadence,
    Due,
    InYear,
    holds,
    is_dated,
    leans_on,
    turns,
)
from arshjul.core.dates import Span
from arshjul.core.lookup import items_by_name
from arshjul.core.measures import planned, rule_of
from arshjul.core.model import Catalogue, Item, Phrase, Status
from arshjul.core.names import stem
from arshjul.core.phrases import read_condition
from arshjul.core.turns import Turn, day_period, month_period

HORIZON_DAYS = 800
"""How far beyond the asked span turns are computed: an event may lean on another, that on a third, of another year."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A turn of an item, with how its date is known. `marker` is the word before the title ("Start")."""

    turn: Turn
    status: Status
    rule: str = ""
    source: str = ""
    marker: str = ""


@dataclass(slots=True)
class Dating:
    """The turns of every item around a span, each computed once, when somebody first asks for it."""

    catalogue: Catalogue
    span: Span
    horizon: Span = field(init=False)
    _dated: dict[tuple[str, str], Sequence[Dated]] = field(init=False, default_factory=dict)
    _names: dict[str, Mapping[str, Sequence[Item]]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.horizon = self.span.widened(HORIZON_DAYS)

    def dated(self, item: Item) -> Sequence[Dated]:
        """Return all turns of an item within the horizon, in order, cancelled ones too."""
        key = (item.calendar, item.id)
        if key not in self._dated:
            self._dated[key] = ()  # an event that leans on itself, which `check` refuses, has no turn of its own here
            found = self._measure(item) if item.is_measure else self._event(item)
            self._dated[key] = sorted(found, key=lambda dated: (dated.turn.days, dated.turn.period))
        return self._dated[key]

    def named(self, calendar: str, name: str) -> Sequence[Item]:
        """Return the items that a calendar's phrases can mean by a name, the nearest first."""
        if calendar not in self._names:
            self._names[calendar] = items_by_name(self.catalogue, self.catalogue.calendars[calendar])
        return self._names[calendar].get(stem(name), ())

    def turns(self, item: Item, phrase: Phrase) -> Sequence[Turn]:
        """Return the turns of one of an item's phrases."""
        return turns(phrase.cadence, self.horizon, _Neighbours(self, item))

    def source(self, item: Item) -> str:
        """Return where the item is written down: its own source, or the plan that its calendar is."""
        return item.source or self.catalogue.calendars[item.calendar].source

    def _event(self, item: Item) -> Iterator[Dated]:
        found = {dated.turn.period: dated for dated in self.ruled(item)}
        for period, announcement in item.announced.items():
            turn = Turn(period, announcement.days, clock=announcement.clock, length=len(announcement.days))
            source = announcement.source or item.source
            # Without a source it stays tentative; but no rule has computed it, and nobody shall be told that one has.
            rule = found[period].rule if source and period in found else ""
            found[period] = Dated(turn, Status.CONFIRMED if source else Status.TENTATIVE, rule, source)
        for period, dated in found.items():
            yield replace(dated, status=Status.CANCELLED) if period in item.cancelled else dated

    def ruled(self, item: Item) -> Iterator[Dated]:
        """Yield the turns that an event's rules give, whatever is announced.

        In the years that a variant names, it stands in the rule's place.
        """
        variants = [(read_condition(text), phrase) for text, phrase in item.variants]
        seen: dict[str, int] = {}
        for own, phrase in [*((None, phrase) for phrase in item.when), *variants]:
            for turn in self.turns(item, phrase):
                year = int(turn.period[:4])
                if own == next((known for known, _ in variants if known is not None and holds(known, year)), None):
                    renamed = replace(turn, period=_period(item, turn, seen))
                    status = self._rule_status(item, phrase, renamed.period)
                    yield Dated(renamed, status, self._rule(item, phrase), item.source)

    def _rule(self, item: Item, phrase: Phrase) -> str:
        """Return the phrase in words that stand alone: a milestone's says before or after what."""
        parents = [other.title for other in self.named(item.calendar, item.parent)[:1]] if item.parent else []
        return " ".join([phrase.text, *(f"{title[0].lower()}{title[1:]}" for title in parents)])

    def _rule_status(self, item: Item, phrase: Phrase, period: str) -> Status:
        """A law fixes a computed date, a source a day written out in full; a milestone is known as its event is."""
        if item.fixed_by or (_is_written_out(phrase.cadence) and item.source):
            return Status.CONFIRMED
        parents = [other for other in self.named(item.calendar, item.parent) if other.id == item.parent]
        known = (dated.status for parent in parents for dated in self.dated(parent) if dated.turn.period == period)
        return next(known, Status.TENTATIVE)

    def _measure(self, item: Item) -> Iterator[Dated]:
        years = range(self.horizon.first.year, self.horizon.last.year + 1)
        for found in planned(item, years, lambda phrase: self.turns(item, phrase)):
            status = self._plan_status(item, found.phrase, found.turn)
            yield Dated(found.turn, status, rule_of(item, found), self.source(item), found.marker)

    def _plan_status(self, item: Item, phrase: Phrase, turn: Turn) -> Status:
        """The plan's own words are known by the plan; what follows a meeting is known as that meeting is."""
        names = leans_on(phrase.cadence)
        if not names:
            return Status.CONFIRMED if self.source(item) else Status.TENTATIVE
        meetings = [
            dated for name in names for other in self.named(item.calendar, name)[:1] for dated in self.dated(other)
        ]
        near = {dated.status for dated in meetings if dated.turn.days.overlaps(turn.days)}
        return Status.CONFIRMED if near == {Status.CONFIRMED} else Status.TENTATIVE


@dataclass(frozen=True, slots=True)
class _Neighbours:
    """What one item's phrases may lean on; the empty name is the event that a milestone belongs to."""

    dating: Dating
    item: Item

    def turns(self, name: str, span: Span) -> Sequence[Turn] | None:
        items = self.dating.named(self.item.calendar, name or self.item.parent)
        if not items:
            return None
        known = (dated for dated in self.dating.dated(items[0]) if dated.status is not Status.CANCELLED)
        return [dated.turn for dated in known if dated.turn.days.overlaps(span)]


def is_undated(item: Item) -> bool:
    """Tell whether an item is only listed: its words name no time ("jevnlig", "4–6 møter", "ved behov")."""
    phrases = [*item.when, *(phrase for _, phrase in item.variants)]
    return bool(phrases) and not any(is_dated(phrase.cadence) for phrase in phrases)


def _is_written_out(cadence: Cadence) -> bool:
    """Tell whether a phrase is a date with its year: somebody has written it down, nothing is computed."""
    while isinstance(cadence, At | Due):
        cadence = cadence.of
    return isinstance(cadence, Annual) and isinstance(cadence.spot, InYear)


def _period(item: Item, turn: Turn, seen: dict[str, int]) -> str:
    """Return the period that goes into the key: the month for one of a list, the year for a day that stands alone."""
    if item.listed:
        month = month_period(turn.days.first)
        seen[month] = seen.get(month, 0) + 1
        return month if seen[month] == 1 else f"{month}.{seen[month]}"
    return turn.period[:4] if turn.period == day_period(turn.days.first) else turn.period
