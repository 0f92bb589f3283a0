"""Occurrences + now + what is known → reminders → one letter per person per send day. Its words are elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

from arshjul.core.confirm import AHEAD, ToConfirm, announcements_awaited
from arshjul.core.dates import DAY, Span
from arshjul.core.known import Known
from arshjul.core.model import Calendar, Catalogue, Item, Kind, Letter, Occurrence, Recipient, Reminder, Status
from arshjul.core.offsets import Offset, Unit
from arshjul.core.senddays import SendDays, local_day
from arshjul.core.words import day_in_words
from arshjul.core.workdays import workdays_between

WEEK = 7 * DAY

FURTHEST = 400
"""Days ahead that a lead time may reach; expansion for planning looks this far."""


@dataclass(frozen=True, slots=True)
class LetterRules:
    """How letters are sent: the lead times where calendar and item name none, and on which days.

    A lead of at most `urgent` workdays does not wait for the weekly send day. The `coordinator` is told of dates that
    wait for an announcement.
    """

    leads: tuple[Offset, ...] = (Offset(20), Offset(5))
    send_days: SendDays = field(default_factory=SendDays)
    urgent: int = 5
    coordinator: Recipient | None = None


def leads_of(catalogue: Catalogue, rules: LetterRules) -> Mapping[tuple[str, str], tuple[Offset, ...]]:
    """Return the lead times of each (calendar, item): its own, else its calendar's, else those of the config."""
    return {
        (calendar.id, item.id): _leads(item, calendar, rules)
        for calendar in catalogue.calendars.values()
        for item in calendar.items
    }


def _leads(item: Item, calendar: Calendar, rules: LetterRules) -> tuple[Offset, ...]:
    return next(leads for leads in (item.leads, calendar.leads, rules.leads) if leads is not None)


def reminders(
    occurrences: Iterable[Occurrence], leads: Mapping[tuple[str, str], tuple[Offset, ...]], rules: LetterRules
) -> Iterator[Reminder]:
    """Yield every reminder of the occurrences, one for each lead time and recipient; none of what is called off."""
    for occurrence in occurrences:
        if occurrence.deadline is None or occurrence.status is Status.CANCELLED:
            continue
        for lead in leads[occurrence.calendar, occurrence.id]:
            due = send_day(lead, occurrence.deadline, rules)
            for recipient in occurrence.recipients:
                yield Reminder(occurrence, lead, recipient, due, reason(occurrence, recipient, lead))


def confirmations(awaited: ToConfirm, coordinator: Recipient, rules: LetterRules) -> Iterator[Reminder]:
    """Yield what the coordinator is told of a tentative date: once it should be public, and each four weeks after.

    The lead times count back from the date itself. A date that is announced by then is no longer awaited, so what is
    left of its reminders is gone with it.
    """
    asked = _asked(awaited)
    reason = f"Du er koordinator. Datoen skulle vært kunngjort innen {day_in_words(awaited.public_by)}."
    mark = min(awaited.public_by + WEEK, awaited.wanted)
    while awaited.public_by < mark <= awaited.wanted:
        due = rules.send_days.on_or_before(mark)
        if due <= awaited.public_by:  # what is not yet late is not asked for, even when the week has no other send day
            due = rules.send_days.on_or_after(awaited.public_by + DAY)
        lead = Offset((awaited.wanted - mark).days, Unit.DAYS)
        yield Reminder(asked, lead, coordinator, due, reason, is_to_confirm=True)
        mark += 4 * WEEK


def _asked(awaited: ToConfirm) -> Occurrence:
    """Return what the coordinator has to do as if it were an occurrence; no feed or agenda knows it."""
    return Occurrence(
        calendar=awaited.calendar,
        id=awaited.id,
        period=f"{awaited.period}#bekreft",
        title=f"Bekreft datoen: {awaited.title}",
        kind=Kind.DAY,
        days=awaited.days,
        deadline=awaited.wanted,
        rule=awaited.rule,
        source=awaited.source,
        note="\n".join(filter(None, [awaited.note, "Når den er kunngjort: skriv den inn med «arshjul confirm»."])),
    )


def send_day(lead: Offset, deadline: date, rules: LetterRules) -> date:
    """Return the day to write, so long before the deadline: rolled back, never forward."""
    wished = lead.before(deadline)
    urgent = workdays_between(wished, deadline) <= rules.urgent
    return rules.send_days.on_or_before(wished, urgent=urgent)


def reason(occurrence: Occurrence, recipient: Recipient, lead: Offset) -> str:
    """Return in one Norwegian sentence why this person is written to about this now."""
    held = "hovedansvarlig" if recipient.address in occurrence.main else "medansvarlig"
    follows = f"Fristen følger av «{occurrence.rule}», og du" if occurrence.rule else "Du"
    return f"Du er {held} ({', '.join(occurrence.responsible)}). {follows} varsles {lead} før."


def letters(found: Iterable[Reminder], rules: LetterRules) -> list[Letter]:
    """Gather reminders into one letter per recipient per due day, in order of time and address."""
    return _gather(((reminder.due, reminder) for reminder in found), rules)


def preview(catalogue: Catalogue, occurrences: Iterable[Occurrence], span: Span, rules: LetterRules) -> list[Letter]:
    """Return every letter that would go in the span of send days, if nothing changed."""
    found = all_reminders(catalogue, occurrences, span, rules)
    return letters((reminder for reminder in found if reminder.due in span), rules)


def all_reminders(
    catalogue: Catalogue, occurrences: Iterable[Occurrence], span: Span, rules: LetterRules
) -> Iterator[Reminder]:
    """Yield the reminders of the occurrences, and those of dates to confirm that may fall due in the span."""
    yield from reminders(occurrences, leads_of(catalogue, rules), rules)
    if rules.coordinator:
        for awaited in announcements_awaited(catalogue, Span(span.first, span.end + AHEAD)):
            yield from confirmations(awaited, rules.coordinator, rules)


def plan(found: Iterable[Reminder], now: datetime, known: Known, rules: LetterRules) -> list[Letter]:
    """Return the letters that should be in the outbox now and are not. `now` is in UTC.

    Of several reminders of one thing that are due, only the nearest to its deadline is said: after downtime nobody
    needs four. A deadline that is past is no longer reminded of. Nobody gets a second letter on one day.
    """
    today = _writing_day(now, rules)
    if today is None:
        return []
    due = (reminder for reminder in found if reminder.due <= today <= _deadline(reminder))
    nearest = _nearest(due)
    untold = (reminder for reminder in nearest if reminder.id not in known.told)
    open_to = (reminder for reminder in untold if (reminder.recipient.address, today) not in known.written)
    return _gather(((today, reminder) for reminder in open_to), rules)


def already_past(found: Iterable[Reminder], now: datetime, rules: LetterRules) -> list[Reminder]:
    """Return the reminders whose time to go was before `now`: at first start they are known, never sent."""
    return [reminder for reminder in found if rules.send_days.instant(reminder.due) < now]


def horizon(now: datetime) -> Span:
    """Return the days whose deadlines can have a reminder due now or have been reminded of lately."""
    today = local_day(now)
    return Span(today, today + FURTHEST * DAY)


def _writing_day(now: datetime, rules: LetterRules) -> date | None:
    today = local_day(now)
    return today if rules.send_days.is_open(today) and now >= rules.send_days.instant(today) else None


def _nearest(due: Iterable[Reminder]) -> Iterator[Reminder]:
    def thing(reminder: Reminder) -> tuple[str, str]:
        return reminder.occurrence.key, reminder.recipient.address

    ordered = sorted(due, key=lambda reminder: (*thing(reminder), reminder.lead.before(_deadline(reminder))))
    for _, same in groupby(ordered, key=thing):
        *_, nearest = same
        yield nearest


def _gather(found: Iterable[tuple[date, Reminder]], rules: LetterRules) -> list[Letter]:
    def sheet(one: tuple[date, Reminder]) -> tuple[date, str]:
        return one[0], one[1].recipient.address

    ordered = sorted(found, key=lambda one: (*sheet(one), _deadline(one[1]), one[1].occurrence.key))
    return [_letter(day, [reminder for _, reminder in same], rules) for (day, _), same in groupby(ordered, key=sheet)]


def _letter(day: date, said: Sequence[Reminder], rules: LetterRules) -> Letter:
    return Letter(said[0].recipient, day, rules.send_days.instant(day), tuple(_once(said)))


def _once(said: Iterable[Reminder]) -> Iterator[Reminder]:
    """Yield each thing once, with its shortest lead, should two of its leads fall on one day."""
    shortest: dict[str, Reminder] = {}
    for reminder in said:
        other = shortest.get(reminder.occurrence.key)
        if other is None or reminder.lead.before(_deadline(reminder)) > other.lead.before(_deadline(reminder)):
            shortest[reminder.occurrence.key] = reminder
    yield from shortest.values()


def _deadline(reminder: Reminder) -> date:
    deadline = reminder.occurrence.deadline
    if deadline is None:
        raise ValueError(f"{reminder.occurrence.key} has no deadline to remind of")
    return deadline
