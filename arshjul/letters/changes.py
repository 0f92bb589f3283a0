"""What has changed since each person was last told, what is overdue, and which queued letters are obsolete."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from arshjul.keys import is_in_files, split_key
from arshjul.letters.history import Known, Told
from arshjul.plan.model import CHANGES, Kind, Occurrence, Recipient, Reminder, ReminderId, ReminderKind, Said
from arshjul.printable import one_line
from arshjul.timing.days import Offset, Span, Status, read_clock
from arshjul.wording import SAY
from arshjul.words import clock_in_words, day_in_words, short_day_in_words


def change_word(reminder: Reminder, language: str) -> str:
    """Return the word for a change: "Flyttet", "Ny tid", "Avlyst"; "" for a reminder."""
    say = SAY[language]
    if reminder.said is Said.CHANGED:
        return say["new_place"] if reminder.clock_before is None else say["new_time"]
    return say[f"{reminder.said}_word"] if reminder.said in CHANGES or reminder.said is Said.OVERDUE else ""


def arrow(reminder: Reminder, language: str) -> str:
    """Return "mandag 8. desember → torsdag 11. desember", with the years where they differ."""
    days = [day for day in (reminder.before, reminder.occurrence.deadline) if day]
    spoken = short_day_in_words if len({day.year for day in days}) == 1 else day_in_words
    return " → ".join(spoken(day, language) for day in days)


def hours(reminder: Reminder, language: str) -> tuple[str, str] | None:
    """Return the hours before and now in words, None where they are the same or not known."""
    if reminder.clock_before is None:
        return None
    now, before = reminder.occurrence.clock, read_clock(reminder.clock_before) if reminder.clock_before else None
    none = SAY[language]["no_time"]
    return (
        clock_in_words(before, language) if before else none,
        clock_in_words(now, language) if now and reminder.occurrence.hour else none,
    )


def details(reminder: Reminder, language: str) -> Iterator[str]:
    """Yield a sentence each on a new hour and a new place."""
    say = SAY[language]
    if found := hours(reminder, language):
        yield say["time_changed"].format(before=found[0], after=found[1])
    if reminder.location_before is not None:
        before, after = (one_line(place) for place in (reminder.location_before, reminder.occurrence.location))
        yield say["place_changed"].format(before=before or say["no_place"], after=after or say["no_place"])


class Obsolete(StrEnum):
    """Why a queued reminder no longer holds; the values are the words of a letter's log, after the key."""

    ON_AFTER_ALL = "gjelder likevel"
    GONE = "gjelder ikke lenger"
    ANOTHER_DATE = "har fått en annen dato"
    ANOTHER_TIME_OR_PLACE = "har fått en annen tid eller et annet sted"
    REPORTED = "er meldt ferdig, uaktuell eller utsatt"
    ANOTHERS_TASK = "er ikke lenger mottakerens oppgave"


def obsolete(
    reminder: ReminderId,
    occurrences: Mapping[str, Occurrence],
    known: Known,
    clock: str | None = None,
    location: str | None = None,
) -> Obsolete | None:
    """Decide whether a queued reminder is obsolete, and why; `occurrences` are by key, from today's files.

    `clock` and `location` are the hours and the place that it would tell, None where that is not known.
    """
    if not is_in_files(reminder.key):  # a date that has been found meanwhile costs its reader nothing
        return None
    occurrence = occurrences.get(reminder.key)
    is_on = occurrence and occurrence.status is not Status.CANCELLED and occurrence.deadline is not None
    if reminder.kind is ReminderKind.GONE:
        return Obsolete.ON_AFTER_ALL if is_on else None
    if occurrence is None or not is_on:
        return Obsolete.GONE
    if occurrence.deadline != reminder.deadline:
        return Obsolete.ANOTHER_DATE
    if clock not in (None, occurrence.hour) or location not in (None, occurrence.location):
        return Obsolete.ANOTHER_TIME_OR_PLACE
    if known.is_settled(reminder.key, reminder.deadline) and reminder.kind is not ReminderKind.CHANGE:
        return Obsolete.REPORTED
    is_theirs = any(person.address == reminder.address for person in occurrence.recipients)
    return None if is_theirs else Obsolete.ANOTHERS_TASK


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
