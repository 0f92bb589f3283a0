"""What has changed since each person was last told, and what is overdue. Which of it goes in which letter is in `plan`.

Only those who have been told of a date are told that it has moved, and only as long as either date is ahead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from arshjul.core.dates import Span
from arshjul.core.keys import split_key
from arshjul.core.known import Known, Told
from arshjul.core.model import Kind, Occurrence, Recipient, Reminder, Said, Status, is_in_files
from arshjul.core.offsets import Offset

OVERDUE_DAYS: Final = 30
"""After so many days nobody is reminded of what is overdue; the coordinator's list has it."""

NO_LEAD: Final = Offset(0)


def news(occurrences: Sequence[Occurrence], known: Known, today: date) -> list[Reminder]:
    """Return what is to be told besides reminders; the reasons are put in by `plan`."""
    return [*changes(occurrences, known, today), *overdue(occurrences, known, today)]


def changes(occurrences: Sequence[Occurrence], known: Known, today: date) -> Iterator[Reminder]:
    """Yield what differs from what each person was last told. Who no longer holds the task is not written to."""
    by_key = {occurrence.key: occurrence for occurrence in occurrences}
    people = {person.address: person for occurrence in occurrences for person in occurrence.recipients}
    for (key, address), told in known.last.items():
        occurrence = by_key.get(key)
        if not is_in_files(key):  # a date that is no longer asked for has been found
            continue
        if known.is_settled(key, occurrence.deadline if occurrence else told.deadline):
            continue
        if occurrence is None:
            person = people.get(address, Recipient(address))
            yield from _removed(_ghost(key, told), person, told, today)
        elif person_of := _person(occurrence, address):
            yield from _changed(occurrence, person_of, told, today)


def overdue(occurrences: Iterable[Occurrence], known: Known, today: date) -> Iterator[Reminder]:
    """Yield what somebody was told of, is past, and nobody has reported done; a meeting that was held is no task."""
    for occurrence in occurrences:
        if not is_overdue(occurrence, known, today) or occurrence.deadline is None:
            continue
        if (today - occurrence.deadline).days > OVERDUE_DAYS:
            continue
        for recipient in occurrence.recipients:
            told = known.last.get((occurrence.key, recipient.address))
            found = Reminder(occurrence, NO_LEAD, recipient, today, "", Said.OVERDUE)
            if told and told.deadline == occurrence.deadline and not told.gone and found.id not in known.told:
                yield found


def is_overdue(occurrence: Occurrence, known: Known, today: date) -> bool:
    """Tell whether it is a task whose day has passed without anybody having reported it done; a meeting is none."""
    is_task = occurrence.kind is not Kind.DAY or occurrence.is_milestone
    if occurrence.deadline is None or occurrence.deadline >= today or not is_task:
        return False
    is_on = occurrence.status is not Status.CANCELLED
    return is_on and not known.is_settled(occurrence.key, occurrence.deadline)


def untold(
    occurrences: Iterable[Occurrence], leads: Mapping[tuple[str, str], Sequence[Offset]], known: Known, past: Span
) -> list[tuple[Occurrence, tuple[Recipient, ...]]]:
    """Return what had its deadline in the span, with the recipients whom no letter has told of it."""
    found = []
    for occurrence in occurrences:
        is_past = occurrence.deadline is not None and occurrence.deadline in past
        is_told_of = bool(leads.get((occurrence.calendar, occurrence.id))) and occurrence.status is not Status.CANCELLED
        if is_past and is_told_of and not known.is_settled(occurrence.key, occurrence.deadline):
            missed = tuple(one for one in occurrence.recipients if not _is_told(occurrence, one, known))
            if missed:
                found.append((occurrence, missed))
    return found


def _is_told(occurrence: Occurrence, person: Recipient, known: Known) -> bool:
    """Tell whether any letter has told somebody the date that it has, in time; another date does not help."""
    day = occurrence.deadline
    return day is not None and (occurrence.key, person.address, day) in known.in_time


def _changed(occurrence: Occurrence, person: Recipient, told: Told, today: date) -> Iterator[Reminder]:
    if occurrence.status is Status.CANCELLED or occurrence.deadline is None:
        said = Said.CANCELLED if occurrence.status is Status.CANCELLED else Said.UNDATED
        if not told.gone and told.deadline >= today:
            yield _change(occurrence, person, told, said, today)
        return
    if told.gone and occurrence.deadline >= today:
        yield _change(occurrence, person, told, Said.BACK, today)
    elif occurrence.deadline != told.deadline and max(occurrence.deadline, told.deadline) >= today and not told.gone:
        yield _change(occurrence, person, told, Said.MOVED, today)
    elif occurrence.deadline >= today and not told.gone and _differs(occurrence, told):
        yield _change(occurrence, person, told, Said.CHANGED, today)


def _differs(occurrence: Occurrence, told: Told) -> bool:
    """Tell whether hour or place is another one than was told; what older letters said of them is not known."""
    is_other_hour = told.clock is not None and told.clock != occurrence.hour
    return is_other_hour or (told.location is not None and told.location != occurrence.location)


def _removed(ghost: Occurrence, person: Recipient, told: Told, today: date) -> Iterator[Reminder]:
    if not told.gone and told.deadline >= today:
        yield _change(ghost, person, told, Said.REMOVED, today)


def _change(occurrence: Occurrence, person: Recipient, told: Told, said: Said, today: date) -> Reminder:
    # Never due by itself, so that it waits for the weekly send day unless it is near.
    due = today + timedelta(days=1)
    is_on = said in (Said.MOVED, Said.CHANGED)
    clock = told.clock if is_on and told.clock != occurrence.hour else None
    location = told.location if is_on and told.location != occurrence.location else None
    change = Reminder(occurrence, NO_LEAD, person, due, "", said, told.deadline, told.changes + 1)
    return replace(change, clock_before=clock, location_before=location)


def _person(occurrence: Occurrence, address: str) -> Recipient | None:
    return next((person for person in occurrence.recipients if person.address == address), None)


def _ghost(key: str, told: Told) -> Occurrence:
    """Return what a thing that is no longer in the files is known by."""
    calendar, name, period = split_key(key)
    title = told.title or key
    return Occurrence(calendar, name, period, title, Kind.DEADLINE, Span.of(told.deadline), deadline=told.deadline)
