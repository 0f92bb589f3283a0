"""What an open calendar shows of one that is not: dates that count from it, and names of its parties."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from arshjul.keys import calendar_of
from arshjul.plan.model import Calendar, Catalogue, Item, Occurrence
from arshjul.plan.parties import Directory, directory, items_by_name, reachable, stem
from arshjul.plan.problems import Note, note_at
from arshjul.timing.cadences import leans_on
from arshjul.words import list_in_words
from arshjul.year.assemble import times_left_out
from arshjul.year.check_dates import phrases_of


def shown_of_closed(catalogue: Catalogue, _: date) -> Iterator[Note]:
    """Yield a note for each open calendar that tells of one that is not open."""
    for calendar in catalogue.calendars.values():
        for closed in _closed(catalogue, calendar):
            dated = [item.title for item in calendar.items if closed.id in _leans_on(catalogue, calendar, item)]
            who = directory(catalogue, calendar)
            named = {name: None for item in calendar.items for name in _named(item, who, closed.id)}
            if dated or named:
                yield _note(calendar, closed, dated, list(named))


def opened(catalogue: Catalogue, occurrences: Iterable[Occurrence]) -> Iterator[Occurrence]:
    """Yield each as the open feeds and pages show it: of an open calendar without what is another's and not open.

    Its day stays, and so does who gets letters of it; a title that names a part of a group does too.
    """
    views = {calendar.id: _View.of(catalogue, calendar) for calendar in catalogue.calendars.values()}
    for one in occurrences:
        view = views.get(one.calendar)
        yield view.of_open(one) if view else one


class _View:
    """An open calendar as others see it. Only made where it uses one that is not open, and may not show of it."""

    def __init__(self, who: Directory, closed: frozenset[str], ours: Mapping[str, bool]) -> None:
        self.who, self.closed, self.is_ours = who, closed, ours

    @classmethod
    def of(cls, catalogue: Catalogue, calendar: Calendar) -> _View | None:
        closed = frozenset(one.id for one in _closed(catalogue, calendar))
        if not closed or calendar.shows_private:
            return None
        ours = {item.id: closed.isdisjoint(_leans_on(catalogue, calendar, item)) for item in calendar.items}
        return cls(directory(catalogue, calendar), closed, ours)

    def of_open(self, one: Occurrence) -> Occurrence:
        """Return it without closed names; of an item that is gone it is not known what its rule counted from."""
        is_ours = self.is_ours.get(one.id, False)
        return replace(
            one,
            responsible=tuple(name for name in one.responsible if not self._is_closed(name)),
            contributors=tuple(name for name in one.contributors if not self._is_closed(name)),
            rule=one.rule if is_ours else "",
            phrase=one.phrase if is_ours else None,
            because=one.because if one.because and calendar_of(one.because.key) not in self.closed else None,
        )

    def _is_closed(self, name: str) -> bool:
        return any(calendar_of(party) in self.closed for party in self.who.resolve(name).parties)


def _closed(catalogue: Catalogue, calendar: Calendar) -> Iterator[Calendar]:
    if calendar.public:
        yield from (one for one in reachable(catalogue, calendar) if not one.public)


def _leans_on(catalogue: Catalogue, calendar: Calendar, item: Item) -> set[str]:
    """Return the ids of the calendars that an item's dates are counted from."""
    names = {name for phrase in phrases_of(item) for name in leans_on(phrase.cadence) if name}
    if not names:
        return set()
    known = items_by_name(catalogue, calendar)
    return {found[0].calendar for name in names if (found := known.get(stem(name)))}


def _named(item: Item, who: Directory, closed: str) -> Iterator[str]:
    for cell in (item.responsible, item.contributors):
        for name in who.resolve(cell).names:
            if any(calendar_of(party) == closed for party in who.resolve(name).parties):
                yield name


def _note(calendar: Calendar, closed: Calendar, dated: list[str], named: list[str]) -> Note:
    parts = [f"dager som følger den ({_some(dated)})"] if dated else []
    parts += [f"navn på parter i den ({_some(named)})"] if named else []
    text = f"«{calendar.name}» er åpen for alle, og har noe fra «{closed.name}», som ikke er det: "
    text += f"{list_in_words(tuple(parts))}."
    if calendar.shows_private:
        return note_at(calendar.place, text, "Alt dette vises, for shows_private = true.")
    hint = "Dagene vises for alle, navn og regler ikke. Skal de også vises, skriv shows_private = true i [calendar]."
    return note_at(calendar.place, text, hint)


def _some(names: list[str]) -> str:
    shown, more = names[:3], len(names) - 3
    return list_in_words((*shown, f"{more} til") if more > 0 else tuple(shown))


WATCHES: Final[tuple[Callable[[Catalogue, date], Iterable[Note]], ...]] = (times_left_out, shown_of_closed)


def notes_of(catalogue: Catalogue, today: date) -> tuple[Note, ...]:
    """Return all notes, in the order of the files. The catalogue must be without problems."""
    return tuple(sorted({note for watch in WATCHES for note in watch(catalogue, today)}))
