"""Catalogue + span of days → occurrences, and occurrences and letters as plain data for other programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from arshjul.keys import TurnRecord, part_period
from arshjul.plan.model import Because, Calendar, Catalogue, Item, Kind, KnownBy, Letter, Occurrence, Party, Recipient
from arshjul.plan.parties import Directory, Resolved, directory
from arshjul.timing.cadences import ForEach, leans_on
from arshjul.timing.days import Span, Status, Turn, year_span
from arshjul.year.dating import Dated, Dating, is_undated, years_without_date


def expand(catalogue: Catalogue, span: Span) -> list[Occurrence]:
    """Return what touches the span in order of days, then what has no date in each of the span's years."""
    dating = Dating(catalogue, span)
    found = [one for calendar in catalogue.calendars.values() for one in _of(calendar, dating)]
    found += _of_items_that_are_gone(catalogue, span)
    # The sort keeps the order of the files within a day: the meeting first, then what is done at it.
    return sorted(found, key=lambda one: (one.days is None, one.days or span))


def _of(calendar: Calendar, dating: Dating) -> Iterator[Occurrence]:
    who = directory(dating.catalogue, calendar)
    for item in calendar.items:
        dated = dating.dated(item)
        near = (one for one in dated if one.turn.days.overlaps(dating.span))
        found = (_occurrence(item, one, who, dating.because(one)) for one in near)
        within = [one for one in found if one.days and one.days.overlaps(dating.span)]
        within += [_undated(item, year, dating, who) for year in _years_without_date(item, dated, dating.span)]
        yield from (part for one in within for part in _for_each(one, group_of(item, who), who))


def _of_items_that_are_gone(catalogue: Catalogue, span: Span) -> Iterator[Occurrence]:
    """Yield what had begun before its item was taken out of the files: deleting a line removes its future only."""
    history = catalogue.history
    there = {(item.calendar, item.id) for calendar in catalogue.calendars.values() for item in calendar.items}
    for owner in history.records.keys() - there:
        for record in history.begun(*owner):
            if record.calendar in catalogue.calendars and record.days.overlaps(span):
                yield _past(record)


def _past(record: TurnRecord) -> Occurrence:
    """Return an occurrence as it is remembered; it is nobody's task any more."""
    kind = Kind.DEADLINE if record.deadline else Kind.DAY if len(record.days) == 1 else Kind.WINDOW
    return Occurrence(
        calendar=record.calendar,
        id=record.item,
        period=record.period,
        title=f"{record.marker}: {record.title}" if record.marker else record.title,
        kind=kind,
        days=Span.of(record.days.last) if kind is Kind.DEADLINE else record.days,
        clock=record.clock,
        status=Status(record.status),
        known_by=KnownBy(record.known_by),
        source=record.source,
        rule=record.rule,
        location=record.location,
    )


def group_of(item: Item, who: Directory) -> Party | None:
    """Return the party for each part of which an item comes ("for hver delregion")."""
    names = [phrase.cadence.group for phrase in item.when if isinstance(phrase.cadence, ForEach)]
    return who.find(names[0]) if names else None


def _for_each(one: Occurrence, group: Party | None, who: Directory) -> Iterator[Occurrence]:
    """Yield one for each part of the group, held by that part where the group holds it; else only the one."""
    if group is None:
        yield one
        return
    contributing = who.resolve(", ".join(one.contributors)).parties
    for part in (holder.party for holder in who.parts(group)):
        held = who.resolve(", ".join(part.name if who.find(name) is group else name for name in one.responsible))
        yield replace(
            one,
            period=part_period(one.period, part.id),
            title=f"{one.title}: {part.name}",
            responsible=held.names,
            recipients=held.recipients,
            ways=held.ways,
            main=_main(held, who),
            parties=held.parties | contributing | {part.full_id},
        )


def _main(responsible: Resolved, who: Directory) -> frozenset[str]:
    """Return the addresses that the first named holds."""
    people = who.resolve(responsible.names[0]).recipients if responsible.names else ()
    return frozenset(person.address for person in people)


def _years_without_date(item: Item, dated: Sequence[Dated], span: Span) -> Iterable[int]:
    years = range(span.first.year, span.last.year + 1)
    if not item.is_measure:
        return years if is_undated(item) and not dated else ()
    (cadence,) = item.when
    return years_without_date(item, years, [one.turn for one in dated], follows=bool(leans_on(cadence.cadence)))


def _occurrence(item: Item, dated: Dated, who: Directory, because: Because | None = None) -> Occurrence:
    turn = dated.turn
    responsible, contributors = who.resolve(item.responsible), who.resolve(item.contributors)
    kind = Kind.DEADLINE if turn.deadline else Kind.DAY if len(turn.days) == 1 else Kind.WINDOW
    return Occurrence(
        calendar=item.calendar,
        id=item.id,
        period=turn.period,
        title=f"{dated.marker}: {item.title}" if dated.marker else item.title,
        kind=kind,
        days=Span.of(turn.days.last) if kind is Kind.DEADLINE else turn.days,
        clock=turn.clock,
        deadline=turn.days.last if kind is Kind.DEADLINE or item.responsible else None,
        status=dated.status,
        responsible=responsible.names,
        contributors=contributors.names,
        parties=responsible.parties | contributors.parties,
        recipients=responsible.recipients,
        contributing=contributors.recipients,
        main=_main(responsible, who),
        ways=responsible.ways,
        source=dated.source,
        rule=dated.rule,
        area=item.area,
        location=item.location,
        note=item.note,
        place=item.place,
        is_milestone=bool(item.parent),
        because=because,
        known_by=dated.known_by,
        phrase=dated.phrase,
    )


def _undated(item: Item, year: int, dating: Dating, who: Directory) -> Occurrence:
    phrase = item.when[0]
    turn = Turn(str(year), year_span(year))
    dated = Dated(turn, Status.TENTATIVE, phrase.text, dating.source(item), phrase=phrase)
    return replace(_occurrence(item, dated, who), kind=Kind.UNDATED, days=None, clock=None, deadline=None)


Plain = dict[str, object]


def occurrence_data(occurrence: Occurrence) -> Plain:
    """Return an occurrence; days are inclusive ISO dates, `time` is local ("10:00" or "10:00/12:00")."""
    return {
        "key": occurrence.key,
        "calendar": occurrence.calendar,
        "id": occurrence.id,
        "title": occurrence.title,
        "kind": str(occurrence.kind),
        "start": _day(occurrence.days.first if occurrence.days else None),
        "end": _day(occurrence.days.last if occurrence.days else None),
        "time": str(occurrence.clock) if occurrence.clock else None,
        "deadline": _day(occurrence.deadline),
        "status": str(occurrence.status),
        "responsible": list(occurrence.responsible),
        "contributors": list(occurrence.contributors),
        "recipients": [recipient_data(recipient) for recipient in occurrence.recipients],
        "source": occurrence.source or None,
    }


def letter_data(letter: Letter, subject: str) -> Plain:
    """Return a letter; `send_at` is an instant in UTC, `lead` as in "20 virkedager"."""
    return {
        "to": recipient_data(letter.to),
        "send_at": letter.send_at.isoformat().replace("+00:00", "Z"),
        "subject": subject,
        "reminders": [
            {
                "key": reminder.occurrence.key,
                "title": reminder.occurrence.title,
                "deadline": _day(reminder.occurrence.deadline),
                "lead": str(reminder.lead),
                "reason": reminder.reason,
            }
            for reminder in letter.reminders
        ],
    }


def recipient_data(recipient: Recipient) -> str:
    return str(recipient)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
