"""When each item of a catalogue comes round, and how that is known: rule, law, announcement or the plan's own words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from arshjul.keys import Nameless, TurnRecord, key_of, meant_by, name_turns, split_key
from arshjul.plan.model import CONFIRMING, Announcement, Because, Catalogue, Item, KnownBy, Occurrence, Phrase
from arshjul.plan.parties import items_by_name, stem
from arshjul.printable import lower_first, one_line
from arshjul.timing.cadences import Annual, At, Cadence, Continuous, Due, ForEach, Several, is_dated, leans_on, turns
from arshjul.timing.days import Span, Status, Turn, month_period, month_span, quarter_period, year_span
from arshjul.timing.places import Date, InYear, Spot, Stretch, holds, own_year
from arshjul.words import date_in_words

START, STATUS = "Start", "Status"

TurnsOf = Callable[[Phrase], Sequence[Turn]]


@dataclass(frozen=True, slots=True)
class Planned:
    """A measure's turn, the phrase that it comes from, and the word before its title.

    `natural` is the period that it has in the plan where that is coarser than its own: the year of its column, the
    quarter in which a continuous one starts.
    """

    turn: Turn
    phrase: Phrase
    marker: str = ""
    natural: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The periods that would do, the best first."""
        return tuple(dict.fromkeys(filter(None, (self.natural, self.turn.period))))


def planned(item: Item, years: Iterable[int], turns_of: TurnsOf) -> Iterator[Planned]:
    """Yield a measure's turns. A year's column wins over the cadence; the first year with a column begins it."""
    (cadence,) = item.when
    is_continuous = isinstance(cadence.cadence, Continuous)
    for year in (year for year in years if year >= begins(item)):
        timed = _timed(item, year, turns_of)
        if is_continuous:
            yield from _continuous(item, year, timed, turns_of)
        else:
            yield from _recurring(cadence, year, timed, turns_of)


def rule_of(item: Item, found: Planned) -> str:
    """Return in words what a turn follows from: "Årlig: Q3", "Hvert styremøte", "Løpende: status hvert kvartal"."""
    (cadence,) = item.when
    if found.phrase is not cadence:
        return f"{cadence.text}: {found.phrase.text}"
    return f"{cadence.text}: status hvert kvartal" if found.marker == STATUS else cadence.text


def begins(item: Item) -> int:
    """Return the first year that the plan has a column for; 0 when it has none."""
    return min(item.timing, default=0)


def _timed(item: Item, year: int, turns_of: TurnsOf) -> list[Planned] | None:
    """Return what the column of the year says, nothing when it says "-"; None when there is no column for the year."""
    phrase = item.timing.get(year)
    if phrase is None:
        return None
    found = [turn for turn in turns_of(phrase) if turn.days.overlaps(year_span(year))]
    if len(found) == 1:
        return [Planned(found[0], phrase, natural=str(year))]
    return [Planned(turn, phrase) for turn in found]


def _recurring(cadence: Phrase, year: int, timed: list[Planned] | None, turns_of: TurnsOf) -> Iterator[Planned]:
    series = [turn for turn in turns_of(cadence) if turn.period.startswith(str(year))]
    if timed and len(series) > 1:
        start = timed[0].turn.days.first  # "Hvert styremøte", from the September meeting on
        yield from (Planned(turn, cadence) for turn in series if turn.days.first >= start)
    elif timed is not None:
        yield from timed
    else:
        yield from (Planned(turn, cadence) for turn in series)


def _continuous(item: Item, year: int, timed: list[Planned] | None, turns_of: TurnsOf) -> Iterator[Planned]:
    """Yield the start where the plan puts it, and a look at how it goes in each quarter after."""
    start = next((known for known in sorted(item.timing) if _timed(item, known, turns_of)), None)
    if start is None or year < start or timed == []:
        return
    marker = START if year == start else STATUS
    for first in timed or ():
        yield replace(first, marker=marker, natural=quarter_period(first.turn.days.first))
    if timed is None or year == start:
        after = timed[-1].turn.days.last if timed else date.min
        quarters = [month_span(year, month, 3) for month in (1, 4, 7, 10)]
        (cadence,) = item.when
        yield from (Planned(Turn(quarter_period(q.first), q), cadence, STATUS) for q in quarters if q.first > after)


def years_without_date(item: Item, years: Iterable[int], turns: Sequence[Turn], *, follows: bool) -> Iterator[int]:
    """Yield the years in which a measure belongs to the plan but has no date. What follows an event waits for it."""
    if follows and not any(turn.period.startswith(str(year)) for year in item.timing for turn in turns):
        return
    for year in (year for year in years if year >= begins(item)):
        if not any(turn.days.overlaps(year_span(year)) or turn.period.startswith(str(year)) for turn in turns):
            yield year


_SENTENCES: Final = {
    KnownBy.TYPED: "Den er skrevet inn i årshjulet, uten en kilde som kunngjør den.",
    KnownBy.PLAN: "Den er fra planen: «{rule}».",
    KnownBy.RULE: "Den er regnet ut etter regelen «{rule}».",
    KnownBy.FOLLOWS: "Den følger det som planen viser til: «{rule}».",
    KnownBy.STEP: "Den er regnet ut: «{rule}».",
}
WITHOUT_SOURCE: Final = "skrevet inn, uten kilde"
_ON_A_PAGE: Final = {
    KnownBy.TYPED: WITHOUT_SOURCE,
    KnownBy.PLAN: "fra planen: «{rule}»",
}


def known_by_rule(item: Item, phrase: Phrase) -> KnownBy:
    """Tell how a date is known that one of an event's phrases gives: a source of the event confirms none of them."""
    if phrase.plan:
        return KnownBy.ANNOUNCEMENT if phrase.plan.source else KnownBy.TYPED
    if item.fixed_by:
        return KnownBy.LAW
    if _is_typed(phrase.cadence, named_year=_is_for_one_year(item, phrase)):
        return KnownBy.TYPED
    return KnownBy.STEP if item.parent and leans_on(phrase.cadence) else KnownBy.RULE


def known_by_plan(item: Item, phrase: Phrase, marker: str) -> KnownBy:
    """Tell how a measure's date is known: the looks at how it goes are ours, all else stands in the plan."""
    if leans_on(phrase.cadence):
        return KnownBy.FOLLOWS
    return KnownBy.RULE if marker == STATUS and phrase is item.when[0] else KnownBy.PLAN


def how_known(occurrence: Occurrence) -> str:
    """Return a sentence or two in bokmål: called off, confirmed by what, or tentative and where it comes from."""
    if occurrence.status is Status.CANCELLED:
        because = occurrence.because
        day = date_in_words(because.day) if because else ""
        return f"Avlyst, fordi {lower_first(one_line(because.title))} {day} er avlyst." if because else "Avlyst."
    if occurrence.status is Status.CONFIRMED:
        return "Datoen er bekreftet: loven fastsetter den." if _is_by_law(occurrence) else "Datoen er bekreftet."
    rule = one_line(occurrence.rule)
    if not rule and occurrence.known_by is not KnownBy.TYPED:
        return "Datoen er foreløpig."
    return f"Datoen er foreløpig. {_SENTENCES[occurrence.known_by].format(rule=rule)}"


def where_from(occurrence: Occurrence) -> str:
    """Return in few words, for a page, where a date that is not confirmed comes from: "fra planen: «Q3»"."""
    rule = one_line(occurrence.rule)
    if occurrence.days and occurrence.known_by in _ON_A_PAGE:
        return _ON_A_PAGE[occurrence.known_by].format(rule=rule)
    return f"«{rule}»" if rule else ""


def _is_by_law(occurrence: Occurrence) -> bool:
    return occurrence.known_by is KnownBy.LAW


def _is_for_one_year(item: Item, phrase: Phrase) -> bool:
    """Tell whether it is the variant of a year by its number: `in.2027 = "7. oktober"`."""
    return any(variant.year is not None for variant in item.variants if variant.phrase is phrase)


def _is_typed(cadence: Cadence, *, named_year: bool) -> bool:
    """Tell whether a phrase is a day, or from one day to another, of one year: written down, with nothing computed."""
    match cadence:
        case At(inner) | Due(inner) | ForEach(inner):
            return _is_typed(inner, named_year=named_year)
        case Several(parts):
            return all(_is_typed(part, named_year=named_year) for part in parts)
        case Annual(spot):
            return _names_days(spot) and (named_year or own_year(spot) is not None)
    return False


def _names_days(spot: Spot) -> bool:
    match spot:
        case InYear(_, inner):
            return _names_days(inner)
        case Stretch(first, last):
            return _names_days(first) and _names_days(last)
    return isinstance(spot, Date)


HORIZON_DAYS = 800
"""How far beyond the asked span turns are computed: an event may lean on another, that on a third, of another year."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A turn of an item, with how its date is known. `marker` is the word before the title ("Start").

    `ruled` are the days that its rule gives, `natural` is what its rule alone would call it, whatever has been
    announced since; both are empty where no rule gives it. `because` is the key of the cancelled event that it follows.
    `phrase` is the phrase of the item that gives it, None where the files no longer have one that does.
    """

    turn: Turn
    status: Status
    rule: str = ""
    source: str = ""
    marker: str = ""
    known_by: KnownBy = KnownBy.RULE
    ruled: Span | None = None
    natural: str = ""
    because: str = ""
    phrase: Phrase | None = field(default=None, compare=False)


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
            found = self._as_it_was(item, self.as_written(item))
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

    def because(self, dated: Dated) -> Because | None:
        """Return the cancelled event that a cancelled turn was to follow, None where it is off by itself."""
        calendar, name, period = split_key(dated.because)
        items = self.catalogue.calendars[calendar].items if calendar in self.catalogue.calendars else ()
        known = ((item, one) for item in items if item.id == name for one in self.dated(item))
        found = next(((item, one) for item, one in known if one.turn.period == period), None)
        return Because(dated.because, found[0].title, found[1].turn.days.last) if found else None

    def source(self, item: Item) -> str:
        """Return where the item is written down: its own source, or the plan that its calendar is."""
        return item.source or self.catalogue.calendars[item.calendar].source

    def ruled(self, item: Item) -> list[Dated]:
        """Return the turns that an item's rules give, whatever is announced or cancelled, each with its period."""
        raw = self._measure(item) if item.is_measure else self._event(item)
        # Two phrases may give the same day: that is one turn, and only one key.
        in_force_last = sorted(raw, key=lambda one: not one.turn.called_off)
        found = list({(one.turn.days, one.turn.clock, one.names[0]): one for one in in_force_last}.values())
        turns_ = [Nameless(one.turn.days, one.names, one.follows, str(one.turn.clock or "")) for one in found]
        records = self.catalogue.history.of(item.calendar, item.id)
        periods = name_turns(turns_, records, self.catalogue.history.today)
        return [one.named(period) for one, period in zip(found, periods, strict=True)]

    def as_written(self, item: Item) -> list[Dated]:
        """Return an item's turns as the files have them now: by rule or announced, cancelled or not."""
        found = {dated.turn.period: dated for dated in self.ruled(item)}
        meant = {period: next(iter(meant_in(item, period, found.values())), period) for period in item.announced}
        for period, announcement in item.announced.items():
            found[meant[period]] = self._announced(item, meant[period], announcement, found.get(meant[period]))
        called_off = {name for period in item.cancelled for name in meant_in(item, period, found.values())[:1]}
        return [_called_off(dated, is_own=period in called_off) for period, dated in found.items()]

    def _announced(self, item: Item, period: str, announcement: Announcement, ruled: Dated | None) -> Dated:
        turn = Turn(period, announcement.days, clock=announcement.clock, length=len(announcement.days))
        # Without its own source it stays tentative; but no rule has computed it, and nobody shall be told so.
        known_by = KnownBy.ANNOUNCEMENT if announcement.source else KnownBy.TYPED
        rule = ruled.rule if announcement.source and ruled else ""
        days, natural = (ruled.ruled, ruled.natural) if ruled else (None, "")
        source = announcement.source or item.source
        phrase = ruled.phrase if announcement.source and ruled else None
        return Dated(
            turn, _status(known_by), rule, source, known_by=known_by, ruled=days, natural=natural, phrase=phrase
        )

    def _as_it_was(self, item: Item, found: Sequence[Dated]) -> list[Dated]:
        """Return the turns, those that have begun as they were when they began: no later edit changes the past.

        Only `held` in the file does.
        """
        begun = {record.period: record for record in self.catalogue.history.begun(item.calendar, item.id)}
        phrases = {dated.turn.period: dated.phrase for dated in found}
        past = [
            replace(_from_record(record), phrase=phrases.get(period))
            for period, record in begun.items()
            if record.days.overlaps(self.horizon)
        ]
        all_ = [*(dated for dated in found if dated.turn.period not in begun), *past]
        held = {name: by for period, by in item.held.items() for name in meant_in(item, period, all_)[:1]}
        return [_held(dated, held.get(dated.turn.period)) for dated in all_]

    def _event(self, item: Item) -> Iterator[_Raw]:
        """Yield the turns that an event's rules give. In the years that a variant names, it stands in their place."""
        variants = [(variant.condition, variant.phrase) for variant in item.variants]
        for number, (own, phrase) in enumerate([*((None, phrase) for phrase in item.when), *variants]):
            for turn in self.turns(item, phrase):
                year = int(turn.period[:4])
                if own == next((known for known, _ in variants if holds(known, year)), None):
                    names = _names(item, phrase, number, turn)
                    known_by = self._rule_status(item, phrase, turn.period)
                    source = phrase.plan.source if phrase.plan else item.source
                    follows = bool(leans_on(phrase.cadence))
                    yield _Raw(turn, names, follows, known_by, phrase, self._rule(item, phrase), source)

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

    def _measure(self, item: Item) -> Iterator[_Raw]:
        years = range(self.horizon.first.year, self.horizon.last.year + 1)
        for found in planned(item, years, lambda phrase: self.turns(item, phrase)):
            known_by = known_by_plan(item, found.phrase, found.marker)
            rule, source, follows = rule_of(item, found), self.source(item), bool(leans_on(found.phrase.cadence))
            yield _Raw(found.turn, found.names, follows, known_by, found.phrase, rule, source, found.marker)


@dataclass(frozen=True, slots=True)
class _Neighbours:
    """What one item's phrases may lean on; the empty name is the event that a milestone belongs to."""

    dating: Dating
    item: Item

    def turns(self, name: str, span: Span) -> Sequence[Turn] | None:
        items = self.dating.named(self.item.calendar, name or self.item.parent)
        if not items:
            return None
        known = (dated for dated in self.dating.dated(items[0]) if dated.turn.days.overlaps(span))
        return [self._anchor(items[0], dated) for dated in known]

    def _anchor(self, item: Item, dated: Dated) -> Turn:
        """Return the turn that is leaned on; what follows a cancelled one is cancelled too, and knows why."""
        key = key_of(item.calendar, item.id, dated.turn.period) if dated.status is Status.CANCELLED else ""
        return replace(dated.turn, called_off=key)


def is_undated(item: Item) -> bool:
    """Tell whether an item is only listed: its words name no time ("jevnlig", "4–6 møter", "ved behov")."""
    phrases = [*item.when, *(variant.phrase for variant in item.variants)]
    return bool(phrases) and not any(is_dated(phrase.cadence) for phrase in phrases)


def _status(known_by: KnownBy) -> Status:
    return Status.CONFIRMED if known_by in CONFIRMING else Status.TENTATIVE


@dataclass(frozen=True, slots=True)
class _Raw:
    """A turn that has no period yet, only names that would do (see `keys.Nameless`)."""

    turn: Turn
    names: tuple[str, ...]
    follows: bool
    known_by: KnownBy
    phrase: Phrase
    rule: str
    source: str
    marker: str = ""

    def named(self, period: str) -> Dated:
        return Dated(
            replace(self.turn, period=period),
            _status(self.known_by),
            self.rule,
            self.source,
            self.marker,
            self.known_by,
            ruled=self.turn.days,
            natural=self.names[0],
            because=self.turn.called_off,
            phrase=self.phrase,
        )


def _names(item: Item, phrase: Phrase, number: int, turn: Turn) -> tuple[str, ...]:
    """Return the periods that would do for a turn of an event: of a follower that of its meeting, in a list the month.

    Two phrases of one milestone have the meeting's period, and the second with a number: their days move with it.
    """
    own = turn.period
    if leans_on(phrase.cadence):
        return (own, f"{own}_{number + 1}" if number else own)
    if item.listed or phrase.plan:
        month = month_period(turn.days.first)
        return (month, own) if len(own) > len("2027") else (month,)
    return (own,)


def meant_in(item: Item, period: str, turns_: Iterable[Dated]) -> list[str]:
    """Return the periods of the item's turns that a period in its file can mean; see `keys.meant_by`.

    An announced day says itself which of two dates it is about.
    """
    dated = list(turns_)
    known = [(one.turn.period, one.natural, one.ruled or one.turn.days) for one in dated]
    found = meant_by(period, known)
    days = item.announced[period].days if period in item.announced else None
    same = [name for name, _, ruled in known if name in found and ruled == days]
    return same if len(same) == 1 else found


def _called_off(dated: Dated, *, is_own: bool) -> Dated:
    """Return the turn as cancelled when its own file says so, or when what it follows is."""
    if is_own:
        return replace(dated, status=Status.CANCELLED, because="")
    return replace(dated, status=Status.CANCELLED) if dated.because else dated


def _held(dated: Dated, held: Announcement | None) -> Dated:
    if held is None:
        return dated
    turn = replace(dated.turn, days=held.days, clock=held.clock or dated.turn.clock, deadline=False)
    return replace(dated, turn=turn, status=Status.CONFIRMED, known_by=KnownBy.ANNOUNCEMENT, because="")


def _from_record(record: TurnRecord) -> Dated:
    turn = Turn(record.period, record.days, record.deadline, record.clock)
    return Dated(
        turn,
        Status(record.status),
        record.rule,
        record.source,
        record.marker,
        KnownBy(record.known_by),
        ruled=record.ruled,
        natural=record.natural,
        because=record.because,
    )
