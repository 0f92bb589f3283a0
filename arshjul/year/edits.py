"""What an edit of the files means, held against what has been in force: what is asked, and which turns are recorded."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from arshjul.keys import History, TurnRecord
from arshjul.plan.model import Calendar, Catalogue, Item
from arshjul.plan.parties import stem
from arshjul.plan.problems import Note, Problem, note_at, problem_at
from arshjul.timing.days import Span, year_span
from arshjul.words import date_in_words, list_in_words, span_in_words
from arshjul.year.dating import Dated, Dating, meant_in

REMARKED: Final = timedelta(days=7)
"""So long after a date has left the files `check` still says so: a service has taken the edit in within seconds."""
RECENT: Final = timedelta(days=60)
"""So long after a day that has been, an edit of it is worth a remark."""
FEW: Final = 5
"""Dates that are written out."""


def questions(catalogue: Catalogue) -> list[Problem]:
    """Return what the files do not say for certain, and may not be guessed; in order of place."""
    return sorted([*_renamed(catalogue), *_held_wrong(catalogue)])


def remarks(catalogue: Catalogue) -> list[Note]:
    """Return what somebody who has edited the files should see before others do; nothing of it stops the files."""
    return sorted([*_emptied(catalogue), *_past_edited(catalogue)])


def _renamed(catalogue: Catalogue) -> Iterator[Problem]:
    """Ask of each new item that looks like one that is gone: with its id went the identity of all its dates."""
    history = catalogue.history
    for calendar in catalogue.calendars.values():
        here = {item.id for item in calendar.items}
        lost = {
            item: records
            for (owner, item) in history.records
            if owner == calendar.id and item not in here and (records := _lost(history.of(owner, item), history.today))
        }
        for item in calendar.items if lost else ():
            if item.was is None and not history.of(calendar.id, item.id) and _is_of_known(catalogue, item):
                yield from (_is_it(item, old) for old, records in lost.items() if _is_like(catalogue, item, records))


def _is_of_known(catalogue: Catalogue, item: Item) -> bool:
    """Tell whether it stands alone, or is a milestone of an event that itself is known: else the event is asked of."""
    return not item.parent or bool(catalogue.history.of(item.calendar, item.parent))


def _is_like(catalogue: Catalogue, item: Item, records: Sequence[TurnRecord]) -> bool:
    if stem(item.title) in {stem(record.title) for record in records}:
        return True
    span = Span(min(record.ruled.first for record in records), max(record.ruled.end for record in records))
    days = {dated.ruled for dated in Dating(catalogue, span).dated(item)}
    return len(records) > 1 and all(record.ruled in days for record in records)


def _is_it(item: Item, old: str) -> Problem:
    text = f"«{item.id}» er ny, og «{old}», som ligner, er borte. Er det den samme?"
    hint = f'Har den bare fått ny id, skriv was = "{old}", så følger datoene med. Er den en annen, skriv was = "".'
    return problem_at(item.place, text, hint)


def _lost(records: Sequence[TurnRecord], today: date) -> list[TurnRecord]:
    """Return the records of what lay ahead, and is in the files no more or has just left them."""
    ahead = (record for record in records if record.days.first > today)
    return [one for one in ahead if one.gone_on is None or today - one.gone_on <= REMARKED]


def _held_wrong(catalogue: Catalogue) -> Iterator[Problem]:
    """Yield the corrections of what has been that are of nothing, or of a day that is still to come."""
    today = catalogue.history.today
    for item in (item for calendar in catalogue.calendars.values() for item in calendar.items):
        for period, held in item.held.items():
            place = item.places.get(f"held.{period}") or item.place
            year = int(period[:4])
            dating = Dating(catalogue, Span(date(year - 1, 1, 1), date(year + 2, 1, 1)))
            found = meant_in(item, period, dating.dated(item))
            if not found:
                yield problem_at(place, f"Ingen forekomst av «{item.id}» har perioden «{period}».")
            elif len(found) > 1:
                yield problem_at(place, f"«{period}» kan være {list_in_words(tuple(found))}.", "Skriv hele dagen.")
            elif held.days.last > today > date.min:
                hint = f"Skriv announced.{period} = … om det som kommer."
                yield problem_at(place, f"{span_in_words(held.days)} har ikke vært ennå.", hint)


def _emptied(catalogue: Catalogue) -> Iterator[Note]:
    """Yield the items that had dates ahead in a year, and have none there now; and those that are gone with all."""
    history = catalogue.history
    for calendar in catalogue.calendars.values():
        items = {item.id: item for item in calendar.items}
        for owner, name in sorted(history.records):
            lost = _lost(history.of(owner, name), history.today) if owner == calendar.id else []
            for year in sorted({record.days.first.year for record in lost}):
                of_year = [record for record in lost if record.days.first.year == year]
                yield from _year_emptied(catalogue, calendar, items.get(name), of_year)


def _year_emptied(
    catalogue: Catalogue, calendar: Calendar, item: Item | None, lost: Sequence[TurnRecord]
) -> Iterator[Note]:
    year, days = lost[0].days.first.year, [date_in_words(record.days.last) for record in lost]
    shown = [*days[:FEW], *([f"{len(days) - FEW} til"] if len(days) > FEW else [])]
    had = f"hadde {list_in_words(tuple(shown))}"
    if item is None:
        text = f"«{lost[0].item}» ({lost[0].title}) er tatt ut. I {year} {had}."
        yield note_at(calendar.place, text.replace(f"I {year} hadde", f"I {year} hadde den"))
        return
    now = [dated for dated in Dating(catalogue, year_span(year)).dated(item) if dated.turn.days.first.year == year]
    if not any(dated.turn.days.last >= catalogue.history.today for dated in now):
        text = f"«{item.id}» {had} i {year}, og har nå ingen flere datoer det året."
        yield note_at(item.place, text, "Er det meningen? Ellers skriv dem inn igjen.")


def _past_edited(catalogue: Catalogue) -> Iterator[Note]:
    """Yield what the files now put on another day than the one it was held on: that day stays until `held` says so."""
    history = catalogue.history
    for item in (item for calendar in catalogue.calendars.values() for item in calendar.items):
        begun = [one for one in history.begun(item.calendar, item.id) if history.today - one.days.last <= RECENT]
        if not begun:
            continue
        dating = Dating(catalogue, Span(min(one.days.first for one in begun), max(one.days.end for one in begun)))
        written = {dated.turn.period: dated.turn for dated in dating.as_written(item)}
        corrected = {name for period in item.held for name in meant_in(item, period, dating.dated(item))}
        for record in begun:
            turn = written.get(record.period)
            if turn and turn.days != record.days and record.period not in corrected:
                text = f"«{item.id}» var {span_in_words(record.days)}. Nå står det {span_in_words(turn.days)}."
                line = f'held.{record.period} = "{turn.days.last}"'
                yield note_at(item.place, text, f"Det som har vært, endres ikke. Var det den dagen, skriv {line}.")


def records_to_write(catalogue: Catalogue, span: Span) -> list[TurnRecord]:
    """Return the records of turns in the span that are new or have changed, and of those that are gone from the files.

    What is past when it is first seen is recorded only with a calendar that has never been seen: a day that is typed
    in afterwards can still be put right in the file. What an edit moves into the past was never in force before that
    day: the day that it had is taken for gone, and comes back with its key when the slip is put right.
    """
    history, dating = catalogue.history, Dating(catalogue, span)
    items = [item for calendar in catalogue.calendars.values() for item in calendar.items]
    now = {(one.owner, one.period): one for item in items for one in _of_item(item, dating, span)}
    before = {(one.owner, one.period): one for records in history.records.values() for one in records}
    known_calendars = {calendar for calendar, _ in history.records}
    new = [_as_seen(one, before.get(name), history) for name, one in now.items()]
    worth = [one for one in new if _is_worth(one, before.get((one.owner, one.period)), known_calendars, history)]
    return [*worth, *_gone(now.keys(), before.values(), span, history)]


def _as_seen(record: TurnRecord, before: TurnRecord | None, history: History) -> TurnRecord:
    """Return the record of a turn, or the one before as gone where an edit has put the turn on a day that is past."""
    if before is None or record.days == before.days or not record.has_begun(history.today):
        return record
    return before if before.has_begun(history.today) else replace(before, gone_on=before.gone_on or history.today)


def _of_item(item: Item, dating: Dating, span: Span) -> Iterator[TurnRecord]:
    for dated in dating.dated(item):
        if dated.turn.days.overlaps(span):
            yield _record(item, dated)


def _is_worth(record: TurnRecord, before: TurnRecord | None, known_calendars: set[str], history: History) -> bool:
    if before is None:
        return not record.has_begun(history.today) or record.calendar not in known_calendars
    return record != before and not before.has_begun(history.today)


def _gone(
    now: Collection[tuple[tuple[str, str], str]], before: Iterable[TurnRecord], span: Span, history: History
) -> Iterator[TurnRecord]:
    for one in before:
        is_there = (one.owner, one.period) in now
        if not is_there and one.gone_on is None and one.days.overlaps(span) and not one.has_begun(history.today):
            yield replace(one, gone_on=history.today)


def _record(item: Item, dated: Dated) -> TurnRecord:
    turn = dated.turn
    return TurnRecord(
        calendar=item.calendar,
        item=item.id,
        period=turn.period,
        natural=dated.natural,
        ruled=dated.ruled or turn.days,
        days=turn.days,
        status=str(dated.status),
        deadline=turn.deadline,
        is_due=turn.deadline or bool(item.responsible),
        clock=turn.clock,
        because=dated.because,
        known_by=str(dated.known_by),
        marker=dated.marker,
        rule=dated.rule,
        source=dated.source,
        title=item.title,
        location=item.location,
    )
