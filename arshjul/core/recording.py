"""Catalogue + what has been in force → what is to be remembered of its turns. What has begun is not written anew."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from arshjul.core.dates import Span
from arshjul.core.dating import Dated, Dating
from arshjul.core.history import History, TurnRecord
from arshjul.core.model import Catalogue, Item


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
