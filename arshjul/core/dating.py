"""When each item of a catalogue comes round, and how that is known: rule, law, announcement or the plan itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from arshjul.core.cadences import holds, is_dated, leans_on, turns
from arshjul.core.dates import Span
from arshjul.core.lookup import items_by_name
from arshjul.core.measures import planned, rule_of
from arshjul.core.model import CONFIRMING, Catalogue, Item, KnownBy, Phrase, Status
from arshjul.core.names import stem
from arshjul.core.phrases import read_condition
from arshjul.core.sureness import known_by_plan, known_by_rule
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
    known_by: KnownBy = KnownBy.RULE


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
            # Without its own source it stays tentative; but no rule has computed it, and nobody shall be told so.
            known = KnownBy.ANNOUNCEMENT if announcement.source else KnownBy.TYPED
            rule = found[period].rule if announcement.source and period in found else ""
            found[period] = Dated(turn, _status(known), rule, announcement.source or item.source, known_by=known)
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
                    renamed = replace(turn, period=_period(turn, seen, listed=item.listed or bool(phrase.plan)))
                    known_by = self._rule_status(item, phrase, renamed.period)
                    source = phrase.plan.source if phrase.plan else item.source
                    yield Dated(renamed, _status(known_by), self._rule(item, phrase), source, known_by=known_by)

    def _rule(self, item: Item, phrase: Phrase) -> str:
        """Return the phrase in words that stand alone: a milestone's says before or after what."""
        parents = [other.title for other in self.named(item.calendar, item.parent)[:1]] if item.parent else []
        return " ".join([phrase.text, *(f"{title[0].lower()}{title[1:]}" for title in parents)])

    def _rule_status(self, item: Item, phrase: Phrase, period: str) -> KnownBy:
        """Tell how a rule's date is known. A law that counts from an event fixes no date before that one is."""
        known_by = known_by_rule(item, phrase)
        if known_by is not KnownBy.LAW:
            return known_by
        anchors = [other for name in leans_on(phrase.cadence) for other in self.named(item.calendar, name)[:1]]
        same = [[dated.status for dated in self.dated(one) if dated.turn.period == period] for one in anchors]
        return KnownBy.LAW if all(Status.CONFIRMED in statuses for statuses in same) else KnownBy.RULE

    def _measure(self, item: Item) -> Iterator[Dated]:
        years = range(self.horizon.first.year, self.horizon.last.year + 1)
        for found in planned(item, years, lambda phrase: self.turns(item, phrase)):
            known_by = known_by_plan(item, found.phrase, found.marker)
            rule, source = rule_of(item, found), self.source(item)
            yield Dated(found.turn, _status(known_by), rule, source, found.marker, known_by)


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


def _status(known_by: KnownBy) -> Status:
    return Status.CONFIRMED if known_by in CONFIRMING else Status.TENTATIVE


def _period(turn: Turn, seen: dict[str, int], *, listed: bool) -> str:
    """Return the period that goes into the key: the month for one of a list, the year for a day that stands alone."""
    if listed:
        month = month_period(turn.days.first)
        seen[month] = seen.get(month, 0) + 1
        return month if seen[month] == 1 else f"{month}.{seen[month]}"
    return turn.period[:4] if turn.period == day_period(turn.days.first) else turn.period
