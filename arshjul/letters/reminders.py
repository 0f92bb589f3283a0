"""Occurrences + what has been told → reminders, and one letter per person per send day; their causes and reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import groupby
from typing import Final

from arshjul.keys import awaited_period, service_period
from arshjul.letters.history import EXPECTED_AHEAD, Expected, Known, normalize_address
from arshjul.letters.rules import STEPS, LetterRules
from arshjul.plan.leads import choose, kind_of
from arshjul.plan.model import CHANGES, GONE, Catalogue, Kind, Letter, Occurrence, Recipient, Reminder, Said
from arshjul.plan.parties import items_by_name
from arshjul.timing.days import DAY, Offset, Span, Status, Unit, local_day, workdays_between
from arshjul.wording import SAY
from arshjul.words import day_in_words, instant_in_words, lead_in_words, list_in_words, short_day_in_words
from arshjul.year.awaited import AHEAD, ToConfirm, announcements_awaited


def reason(reminder: Reminder, day: date) -> str:
    """Return the chain from the key to the person, as told on a day, in the recipient's language."""
    language = reminder.recipient.language
    say = SAY[language]
    return say["sent_because"].format(day=short_day_in_words(day, language), chain=" → ".join(_links(reminder)))


def _links(reminder: Reminder) -> Iterator[str]:
    it, language = reminder.occurrence, reminder.recipient.language
    say = SAY[language]
    yield it.key
    if it.rule and reminder.said not in GONE:
        yield say["quoted"].format(phrase=it.rule)
    if it.deadline and reminder.said not in GONE:
        name = f"{say['deadline']} " if it.kind is not Kind.DAY else ""
        yield name + day_in_words(it.deadline, language)
    yield from _why_now(reminder, language)
    yield f"{say['main' if reminder.recipient.address in it.main else 'other']}: {way(it, reminder.recipient)}"


def _why_now(reminder: Reminder, language: str) -> Iterator[str]:
    say, before = SAY[language], reminder.before
    if before is not None:
        yield say["told"].format(before=day_in_words(before, language))
    if reminder.said in GONE:
        yield say["gone"]
    elif reminder.said is Said.OVERDUE:
        yield say["not_done"]
    elif before is None:
        yield _lead(reminder, language)


def _lead(reminder: Reminder, language: str) -> str:
    """Return "20 virkedager før", and where that is no day for letters, which day it is and which is: they differ."""
    lead, wished = lead_in_words(reminder.lead, language), reminder.lead.before(reminder.day)
    if reminder.due >= wished:
        return SAY[language]["before"].format(lead=lead)
    days = (short_day_in_words(day, language) for day in (wished, reminder.due))
    return SAY[language]["rolled_back"].format(lead=lead, **dict(zip(("wished", "day"), days, strict=True)))


def way(occurrence: Occurrence, recipient: Recipient) -> str:
    """Return how a person holds the task: "Delregionene → Folloregionen"."""
    found = (path for address, path in occurrence.ways if address == recipient.address)
    return next(found, ", ".join(occurrence.responsible))


WEEK = 7 * DAY

FURTHEST = 440
"""Days ahead that planning looks: the longest lead time (`leads.LONGEST`), moved back past the longest silence."""

BACK = 366
"""Days back that planning looks for what is overdue, or has moved into the past."""


def leads_of(catalogue: Catalogue, rules: LetterRules) -> Mapping[tuple[str, str], tuple[Offset, ...]]:
    """Return the lead times of each (calendar, item): its own, else its calendar's, else those of the config."""
    found = {}
    for calendar in catalogue.calendars.values():
        names = items_by_name(catalogue, calendar)
        for item in calendar.items:
            leads, _ = choose(item, calendar, kind_of(item, names), rules.leads, rules.leads_for)
            found[calendar.id, item.id] = leads
    return found


def reminders(
    occurrences: Iterable[Occurrence], leads: Mapping[tuple[str, str], tuple[Offset, ...]], rules: LetterRules
) -> Iterator[Reminder]:
    """Yield every reminder of the occurrences, one for each lead time and recipient; none of what is called off.

    Their reasons are put in once they are told.
    """
    for occurrence in occurrences:
        if occurrence.deadline is None or occurrence.status is Status.CANCELLED:
            continue
        for lead in leads[occurrence.calendar, occurrence.id]:
            due = send_day(lead, occurrence.deadline, rules)
            for recipient in occurrence.recipients:
                yield Reminder(occurrence, lead, recipient, due, "")


def with_reason(reminder: Reminder, day: date) -> Reminder:
    """Return the reminder with the reason why it is told on that day."""
    return reminder if reminder.is_to_confirm else replace(reminder, reason=reason(reminder, day))


def confirmations(awaited: ToConfirm, coordinator: Recipient, rules: LetterRules) -> Iterator[Reminder]:
    """Yield what the coordinator is told of a tentative date: once it should be public, and each four weeks after.

    The lead times count back from the date itself. A date that is announced by then is no longer awaited, so what is
    left of its reminders is gone with it.
    """
    language = coordinator.language
    asked = _asked(awaited, language)
    why = SAY[language]["confirm_why"].format(day=day_in_words(awaited.public_by, language))
    mark = min(awaited.public_by + WEEK, awaited.wanted)
    while awaited.public_by < mark <= awaited.wanted:
        due = rules.send_days.on_or_before(mark)
        if due <= awaited.public_by:  # what is not yet late is not asked for, even when the week has no other send day
            due = rules.send_days.on_or_after(awaited.public_by + DAY)
        lead = Offset((awaited.wanted - mark).days, Unit.DAYS)
        yield Reminder(asked, lead, coordinator, due, why, is_to_confirm=True)
        mark += 4 * WEEK


def secret_reminders(expires: date, coordinator: Recipient, rules: LetterRules) -> Iterator[Reminder]:
    """Yield what the coordinator is told of the secret for the mail server: without it no letter goes."""
    say = SAY[coordinator.language]
    it = Occurrence(
        calendar="arshjul",
        id="hemmelighet",
        period=service_period(expires),
        title=say["secret_title"],
        kind=Kind.DEADLINE,
        days=Span.of(expires),
        deadline=expires,
        status=Status.CONFIRMED,
        responsible=(say["the_coordinator"],),
        recipients=(coordinator,),
        main=frozenset({coordinator.address}),
        source="config.toml",
        note=say["secret_note"],
    )
    for days in STEPS:
        lead = Offset(days, Unit.DAYS)
        yield Reminder(it, lead, coordinator, send_day(lead, expires, rules), "")


def _asked(awaited: ToConfirm, language: str) -> Occurrence:
    """Return what the coordinator has to do as if it were an occurrence; no feed or agenda knows it."""
    say = SAY[language]
    return Occurrence(
        calendar=awaited.calendar,
        id=awaited.id,
        period=awaited_period(awaited.period),
        title=say["confirm_title"].format(title=awaited.title),
        kind=Kind.DAY,
        days=awaited.days,
        deadline=awaited.wanted,
        rule=awaited.rule,
        source=awaited.source,
        note="\n".join(filter(None, [awaited.note, say["confirm_note"]])),
    )


def send_day(lead: Offset, deadline: date, rules: LetterRules) -> date:
    """Return the day to write, so long before the deadline: rolled back, never forward."""
    wished = lead.before(deadline)
    urgent = workdays_between(wished, deadline) <= rules.urgent
    return rules.send_days.on_or_before(wished, urgent=urgent)


def letters(found: Iterable[Reminder], rules: LetterRules) -> list[Letter]:
    """Gather reminders into one letter per recipient per due day, in order of time and address."""
    return _gather(((one.due, with_reason(one, one.due)) for one in found), rules)


def preview(
    catalogue: Catalogue,
    occurrences: Iterable[Occurrence],
    span: Span,
    rules: LetterRules,
    opted_out: Collection[str] = (),
) -> list[Letter]:
    """Return every letter that would go in the span of send days, if nothing changed; none to those `opted_out`."""
    found = all_reminders(catalogue, occurrences, span, rules)
    return letters((one for one in found if one.due in span and is_wanted(one, opted_out, rules)), rules)


def all_reminders(
    catalogue: Catalogue, occurrences: Iterable[Occurrence], span: Span, rules: LetterRules
) -> Iterator[Reminder]:
    """Yield the reminders of the occurrences, and those of dates to confirm that may fall due in the span."""
    yield from reminders(occurrences, leads_of(catalogue, rules), rules)
    if rules.coordinator:
        for awaited in announcements_awaited(catalogue, Span(span.first, span.end + AHEAD)):
            yield from confirmations(awaited, rules.coordinator, rules)
        if rules.secret_expires:
            yield from secret_reminders(rules.secret_expires, rules.coordinator, rules)


def plan(
    found: Iterable[Reminder], now: datetime, known: Known, rules: LetterRules, news: Iterable[Reminder] = ()
) -> list[Letter]:
    """Return the letters that should be in the outbox now and are not. `now` is in UTC.

    `news` is what has changed or is overdue (see `changes`). Of several reminders of one thing that are due, only the
    nearest to its deadline is said: after downtime nobody needs four. What is new, has changed or is overdue waits for
    the weekly send day, unless it is urgent or its recipient gets a letter anyway. A deadline that is past is no longer
    reminded of. Nobody gets a second letter on one day, and those who have said no to letters get none.
    """
    today = writing_day(now, rules)
    if today is None:
        return []
    wanted = (one for one in _candidates(found, today, known, news) if is_wanted(one, known.opted_out, rules))
    open_to = [one for one in wanted if _is_open_to(one, today, known)]
    getting = {one.recipient.address for one in open_to if _goes(one, today, rules, known)}
    said = (one for one in open_to if one.recipient.address in getting)
    return _gather(((today, with_reason(one, today)) for one in said), rules)


def owed(found: Iterable[Reminder], today: date, known: Known, news: Iterable[Reminder]) -> list[Reminder]:
    """Return what is to be told by a day and is not, whether or not letters are written on it."""
    return list(_candidates(found, today, known, news))


def _candidates(found: Iterable[Reminder], today: date, known: Known, news: Iterable[Reminder]) -> Iterator[Reminder]:
    """Yield what is to be told and is not: a change first, for who is told the new date needs no reminder of it."""
    changed = {_thing(one): one for one in news}
    due = (one for one in found if one.due <= today <= one.day and _is_unsettled(one, known))
    for one in _nearest(due):
        if _is_untold(one, known):
            change = changed.pop(_thing(one), None)
            yield replace(change, due=one.due) if change else replace(one, said=_said(one, today, known))
    yield from changed.values()


def _said(reminder: Reminder, today: date, known: Known) -> Said:
    """What could have gone on a day that a round has planned, and did not, was not there then: it is new."""
    if reminder.due == today or reminder.is_to_confirm:
        return Said.DUE
    is_new = known.planned is not None and reminder.due <= known.planned and _thing(reminder) not in known.withdrawn
    return Said.NEW if is_new else Said.LATE


def _is_untold(reminder: Reminder, known: Known) -> bool:
    """Tell whether nobody has told this: neither the reminder nor, since it was due, the same date in another way."""
    last = known.last.get(_thing(reminder))
    has_date = last is not None and not last.gone and last.deadline == reminder.day and last.day >= reminder.due
    return reminder.id not in known.told and not has_date


def _is_unsettled(reminder: Reminder, known: Known) -> bool:
    return not known.is_settled(reminder.occurrence.key, reminder.occurrence.deadline)


def _is_open_to(reminder: Reminder, today: date, known: Known) -> bool:
    return (reminder.recipient.address, today) not in known.written


def is_wanted(reminder: Reminder, opted_out: Collection[str], rules: LetterRules) -> bool:
    """Tell whether its recipient takes letters; the coordinator, who hears of those who do not, always does."""
    address = normalize_address(reminder.recipient.address)
    return address not in opted_out or (
        rules.coordinator is not None and address == normalize_address(rules.coordinator.address)
    )


def _goes(reminder: Reminder, today: date, rules: LetterRules, known: Known) -> bool:
    """Tell whether it is worth a letter today by itself. What a letter had that was taken back has waited already."""
    if (
        reminder.said in (Said.DUE, Said.LATE)
        or _thing(reminder) in known.withdrawn
        or rules.send_days.is_regular(today)
    ):
        return True
    return reminder.said is not Said.OVERDUE and (reminder.due == today or is_near(reminder, today, rules.urgent))


def is_near(reminder: Reminder, today: date, urgent: int) -> bool:
    """Tell whether the date, or the one that was told before, is only so many workdays away."""
    days = (day for day in (reminder.day, reminder.before) if day is not None and day >= today)
    return any(workdays_between(today, day) <= urgent for day in days)


def largest_day(letters: Iterable[Letter]) -> int:
    """Return how many letters go on the day that has most of them."""
    return max(Counter(letter.send_day for letter in letters).values(), default=0)


def without(letters: Iterable[Letter], left_out: Callable[[Reminder], bool]) -> list[Letter]:
    """Return the letters without some of what they tell; those that then tell nothing are gone."""
    kept = (replace(one, reminders=tuple(r for r in one.reminders if not left_out(r))) for one in letters)
    return [letter for letter in kept if letter.reminders]


def missed_days(planned: date, today: date, rules: LetterRules) -> int:
    """Return how many days on which letters may go lie between the last planned day and today."""
    return sum(rules.send_days.is_open(day) for day in (planned + n * DAY for n in range(1, (today - planned).days)))


def is_missed(reminder: Reminder, planned: date | None, today: date) -> bool:
    """Tell whether it is told late because no round ran, after the last `planned` day, on the day that it was due."""
    return planned is not None and reminder.said is Said.LATE and planned < reminder.due < today


def already_past(found: Iterable[Reminder], now: datetime, rules: LetterRules) -> list[Reminder]:
    """Return the reminders whose time to go was before `now`: at first start they are known, never sent."""
    return [reminder for reminder in found if rules.send_days.instant(reminder.due) < now]


def horizon(now: datetime) -> Span:
    """Return the days whose deadlines can have a reminder due now."""
    today = local_day(now)
    return Span(today, today + FURTHEST * DAY)


def outlook(now: datetime) -> Span:
    """Return the days in which a thing can have moved, or be overdue: some before and some after the horizon."""
    return Span(local_day(now) - BACK * DAY, horizon(now).end + FURTHEST * DAY)


def writing_day(now: datetime, rules: LetterRules) -> date | None:
    """Return the day whose letters may be written at `now` (UTC); None before its time and on closed days."""
    today = local_day(now)
    return today if rules.send_days.is_open(today) and now >= rules.send_days.instant(today) else None


def next_opening(now: datetime, rules: LetterRules) -> datetime:
    """Return the next instant (UTC) after `now` from which letters may be written."""
    days = (local_day(now) + n * DAY for n in range(FURTHEST))
    return next(at for day in days if rules.send_days.is_open(day) and (at := rules.send_days.instant(day)) > now)


def _thing(reminder: Reminder) -> tuple[str, str]:
    return reminder.occurrence.key, reminder.recipient.address


def _nearest(due: Iterable[Reminder]) -> Iterator[Reminder]:
    ordered = sorted(due, key=lambda reminder: (*_thing(reminder), reminder.lead.before(reminder.day)))
    for _, same in groupby(ordered, key=_thing):
        *_, nearest = same
        yield nearest


def _gather(found: Iterable[tuple[date, Reminder]], rules: LetterRules) -> list[Letter]:
    def sheet(one: tuple[date, Reminder]) -> tuple[date, str]:
        return one[0], one[1].recipient.address

    ordered = sorted(found, key=lambda one: (*sheet(one), one[1].day, one[1].occurrence.key))
    return [_letter(day, [reminder for _, reminder in same], rules) for (day, _), same in groupby(ordered, key=sheet)]


def _letter(day: date, said: Sequence[Reminder], rules: LetterRules) -> Letter:
    """Return the letter to one address. A date to confirm is already in words, so then its language is the letter's."""
    to = next((one.recipient for one in said if one.is_to_confirm), said[0].recipient)
    return spoken_to(to, Letter(to, day, rules.send_days.instant(day), tuple(_once(said))))


def spoken_to(to: Recipient, letter: Letter) -> Letter:
    """Return the letter to that recipient, all its reasons in their language: two parties may give one person two."""

    def spoken(one: Reminder) -> Reminder:
        is_alike = one.recipient.language == to.language
        return one if is_alike else with_reason(replace(one, recipient=to), letter.send_day)

    return replace(letter, to=to, reminders=tuple(spoken(one) for one in letter.reminders))


def _once(said: Iterable[Reminder]) -> Iterator[Reminder]:
    """Yield each thing once, with its shortest lead, should two of its leads fall on one day."""
    shortest: dict[str, Reminder] = {}
    for reminder in said:
        other = shortest.get(reminder.occurrence.key)
        if other is None or reminder.lead.before(reminder.day) > other.lead.before(reminder.day):
            shortest[reminder.occurrence.key] = reminder
    yield from shortest.values()


NAMED: Final = 3
"""Things that are named as the cause of letters."""


def expected(catalogue: Catalogue, occurrences: Iterable[Occurrence], today: date, rules: LetterRules) -> Expected:
    """Return the reminders that the files make for the time until the next hour of letters, however late that comes."""
    until = today + EXPECTED_AHEAD
    ahead = (one for one in occurrences if one.deadline is not None and one.deadline >= today)
    found = all_reminders(catalogue, ahead, Span(today, until + DAY), rules)
    return Expected(until, frozenset(one.id for one in found if one.due <= until))


def is_caused_by_edit(reminder: Reminder, known: Known) -> bool:
    """Tell whether it is told because the files were edited, not because its time has come.

    A reminder whose time has come is caused as well when the files of the last hour of letters did not have it: a date
    that is moved to five workdays from now is "in time" the next morning.
    """
    if reminder.said in (Said.DUE, Said.LATE):
        before = known.expected
        return before is not None and reminder.due <= before.until and reminder.id not in before.reminders
    return reminder.said in CHANGES or reminder.said is Said.NEW


def caused_by_edit(letters: Iterable[Letter], known: Known) -> list[Letter]:
    """Return the letters that tell something because the files were edited."""
    return [letter for letter in letters if any(is_caused_by_edit(one, known) for one in letter.reminders)]


def ahead_in_words(letters: Sequence[Letter], known: Known, at: datetime, *, is_held: bool = False) -> str:
    """Return "17 brev går torsdag 26. november 2026 kl. 08.00 fordi «Styremøte» er endret.", "" without letters.

    While everything is held, they go once it is let go, and no sooner than that.
    """
    told = (reminder for letter in letters for reminder in letter.reminders)
    titles = list(dict.fromkeys(f"«{one.occurrence.title}»" for one in told if is_caused_by_edit(one, known)))
    if not titles:
        return ""
    more = len(titles) - NAMED
    named = list_in_words((*titles[:NAMED], *([f"{more} til"] if more > 0 else [])))
    held = "når utsendingen slippes løs, tidligst " if is_held else ""
    return f"{len(letters)} brev går {held}{instant_in_words(at)} fordi {named} er endret."
