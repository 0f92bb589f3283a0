"""Why a thing is told, when and to whom, step by step in Norwegian. In one sentence, for letters: `reasons`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby

from arshjul.letters.history import Acknowledgement, Telling, in_words, normalize_address
from arshjul.letters.reminders import send_day, way
from arshjul.letters.rules import LetterRules, SendDays
from arshjul.mail.verdicts import WORDS
from arshjul.plan.leads import choose, kind_of
from arshjul.plan.model import Calendar, Catalogue, Item, Occurrence, Recipient, ReminderId, ReminderKind
from arshjul.plan.parties import Directory, directory, items_by_name, stem
from arshjul.plan.problems import Place
from arshjul.timing.cadences import leans_on, turns
from arshjul.timing.days import (
    SATURDAY,
    NoEvents,
    Offset,
    Span,
    Status,
    Unit,
    is_holiday,
    is_workday,
    public_holidays,
    workdays_between,
    year_span,
)
from arshjul.timing.describe import describe
from arshjul.words import clock_in_words, day_in_words, list_in_words, short_day_in_words, span_in_words
from arshjul.year.dating import how_known
from arshjul.year.expand import group_of


@dataclass(frozen=True, slots=True)
class Case:
    """All that is known of one occurrence: where it is written, what has been told of it, what has been reported.

    `period` is that of the key as the file writes it: without the part of a group ("2027" of "2027.follo").
    `opted_out` are the addresses that want no letters, with the day on which that was said.
    """

    occurrence: Occurrence
    item: Item
    calendar: Calendar
    kind: str
    period: str
    anchors: Sequence[Occurrence] = ()
    tellings: Sequence[Telling] = ()
    reports: Sequence[Acknowledgement] = ()
    opted_out: Mapping[str, date] = field(default_factory=dict)


def case_of(catalogue: Catalogue, occurrences: Sequence[Occurrence], occurrence: Occurrence) -> Case:
    """Return the case of an occurrence, with the turns of other events that its date follows."""
    calendar = catalogue.calendars[occurrence.calendar]
    item = next(item for item in calendar.items if item.id == occurrence.id)
    names = items_by_name(catalogue, calendar)
    leaning = leans_on(occurrence.phrase.cadence) if occurrence.phrase else ()
    others = [other for name in leaning for other in names.get(stem(name or item.parent), ())[:1]]
    period = _period_in_file(item, occurrence.period, directory(catalogue, calendar))
    found = [_nearest(other, occurrences, occurrence, period) for other in others]
    return Case(occurrence, item, calendar, kind_of(item, names), period, [one for one in found if one])


def _period_in_file(item: Item, period: str, who: Directory) -> str:
    group = group_of(item, who)
    ends = [f".{holder.party.id}" for holder in who.parts(group)] if group else []
    return period.removesuffix(max((end for end in ends if period.endswith(end)), key=len, default=""))


def _nearest(item: Item, occurrences: Sequence[Occurrence], to: Occurrence, period: str) -> Occurrence | None:
    same = [one for one in occurrences if (one.calendar, one.id) == (item.calendar, item.id) and one.days]
    if to.days is None or not same:
        return None
    day = to.days.last
    return min(same, key=lambda one: (one.period != period, abs((one.days.last if one.days else day) - day)))


def explain(case: Case, rules: LetterRules, to: str = "") -> list[str]:
    """Return the lines, of all recipients or only of the address `to`."""
    return [
        case.occurrence.title,
        case.occurrence.key,
        "",
        *_written(case),
        *_date(case.occurrence),
        *_leads(case, rules),
        *_who(case, to),
        *_reports(case.reports),
    ]


def _written(case: Case) -> Iterator[str]:
    it, item = case.occurrence, case.item
    yield f"Står i      {_at(item.place)}"
    if (phrase := it.phrase) is not None:
        at = f" ({_line(phrase.place)})" if phrase.place else ""
        yield f"Regelen     «{phrase.text}»{at}, forstått som: {describe(phrase.cadence)}"
    for anchor in case.anchors:
        when = span_in_words(anchor.days) if anchor.days else "uten dato"
        yield f"Følger      {anchor.title}, {when} ({anchor.key}, {_at(anchor.place)})"
    if by := item.announced.get(case.period):
        checked = f", kontrollert {day_in_words(by.checked)}" if by.checked else ""
        yield f"Kunngjort   {span_in_words(by.days)} for {case.period}{checked}; det går foran regelen"


def _date(it: Occurrence) -> Iterator[str]:
    if it.deadline is None:
        yield "Dato        ingen, så ingen varsles" if it.days is None else f"Dato        {span_in_words(it.days)}"
        if it.days is not None:
            yield f"            {_known(it)}"
        return
    clock = f", {clock_in_words(it.clock)}" if it.clock else ""
    yield f"Fristen     {day_in_words(it.deadline)}{clock}"
    if it.days is not None and len(it.days) > 1:
        yield f"            den siste dagen i perioden {span_in_words(it.days)}"
    yield f"            {_known(it)}"


def _known(it: Occurrence) -> str:
    if it.status is Status.CANCELLED:
        return f"{how_known(it)} Ingen påminnes."
    return how_known(it) + (f" Kilde: {it.source}" if it.source else "")


def _leads(case: Case, rules: LetterRules) -> Iterator[str]:
    it, item = case.occurrence, case.item
    leads, where = choose(item, case.calendar, case.kind, rules.leads, rules.leads_for)
    if not item.responsible:
        return
    if not leads:
        yield f"Varsles     aldri: {where} er tom"
        return
    yield f"Varsles     {list_in_words(tuple(str(lead) for lead in leads))} før ({where})"
    if it.deadline is None or it.status is Status.CANCELLED:
        return
    for lead in leads:
        yield ""
        yield from _one_lead(lead, it.deadline, rules)


def _one_lead(lead: Offset, deadline: date, rules: LetterRules) -> Iterator[str]:
    wished, due = lead.before(deadline), send_day(lead, deadline, rules)
    yield f"{lead} før {day_in_words(deadline)} er {day_in_words(wished)}."
    if lead.unit is Unit.WORKDAYS:
        yield from _skipped("Da er ikke regnet med", _free_days(wished, deadline))
    urgent = workdays_between(wished, deadline) <= rules.urgent
    yield f"Brevet går {day_in_words(due)}{' (haster, så det venter ikke på brevdagen)' if urgent else ''}."
    passed = [wished - timedelta(days=n) for n in range((wished - due).days)]
    yield from _skipped("På vei dit er hoppet over", [(day, _why_not(day, rules.send_days, urgent)) for day in passed])


def _free_days(wished: date, deadline: date) -> list[tuple[date, str]]:
    days = (deadline - timedelta(days=n) for n in range(1, (deadline - wished).days))
    return [(day, _holiday(day) or "helg") for day in days if not is_workday(day)]


def _why_not(day: date, send_days: SendDays, urgent: bool) -> str:  # noqa: FBT001  (as in `senddays`)
    if name := _holiday(day):
        return name
    if quiet := _quiet(day, send_days):
        return f"stille dag: {quiet}"
    if day.weekday() >= SATURDAY:
        return "helg"
    return "" if urgent else "ikke brevdag"


def _holiday(day: date) -> str:
    return public_holidays(day.year)[day].lower() if is_holiday(day) else ""


def _quiet(day: date, send_days: SendDays) -> str:
    span = year_span(day.year)
    names = (describe(one) for one in send_days.quiet if any(day in t.days for t in turns(one, span, NoEvents())))
    return next(names, "")


def _skipped(said: str, days: Iterable[tuple[date, str]]) -> Iterator[str]:
    """Yield one line with the days that were passed over, those with the same reason together."""
    groups = [(why, sorted(day for day, _ in same)) for why, same in groupby(sorted(days, key=_why), key=_why)]
    groups.sort(key=lambda group: group[1])
    if groups:
        yield f"  {said}: {'; '.join(_days(why, found) for why, found in groups)}."


def _why(one: tuple[date, str]) -> str:
    return one[1]


def _days(why: str, days: list[date]) -> str:
    if why in {"helg", "ikke brevdag"} and len(days) > 1:
        return f"{len(days)} dager ({why})"
    if len(days) > 2 and days[-1] - days[0] == timedelta(days=len(days) - 1):  # noqa: PLR2004  (more than a pair)
        return f"{span_in_words(Span.of(days[0], days[-1]))} ({why})"
    return f"{', '.join(short_day_in_words(day) for day in days)} ({why})"


def _who(case: Case, to: str) -> Iterator[str]:
    it = case.occurrence
    people = [person for person in it.recipients if to in ("", person.address)]
    yield ""
    if to and not people:
        yield f"{to} er ikke mottaker av dette."
    yield f"Ansvarlig   «{case.item.responsible}»" if case.item.responsible else "Ansvarlig   ingen, så ingen varsles"
    for person in people or ([] if to else it.recipients):
        yield from _person(person, case)
    gone = sorted(
        {telling.reminder.address for telling in case.tellings} - {person.address for person in it.recipients}
    )
    for address in (address for address in gone if to in ("", address)):
        yield f"  {address}: ikke lenger mottaker"
        yield from _told(address, case.tellings)


def _person(person: Recipient, case: Case) -> Iterator[str]:
    held = "hovedansvarlig" if person.address in case.occurrence.main else "medansvarlig"
    yield f"  {person}: {held}, {way(case.occurrence, person)}"
    if since := case.opted_out.get(normalize_address(person.address)):
        yield f"    har sagt nei til brev {day_in_words(since)}, så ingenting sendes"
    yield from _told(person.address, case.tellings)


def _told(address: str, tellings: Sequence[Telling]) -> Iterator[str]:
    for telling in (telling for telling in tellings if telling.reminder.address == address):
        state = WORDS[telling.state] if telling.state else "var passert da tjenesten startet, og ble ikke sendt"
        yield f"    {day_in_words(telling.day)}: {_about(telling.reminder)} ({state})"


def gone(key: str, tellings: Sequence[Telling]) -> list[str]:
    """Return what has been told of a thing that is no longer in the files, to whom."""
    addresses = sorted({telling.reminder.address for telling in tellings})
    told = [[f"  {address}", *_told(address, tellings)] for address in addresses]
    return [key, "", "Står ikke lenger i filene.", *(line for lines in told for line in lines)]


def _about(reminder: ReminderId) -> str:
    day = day_in_words(reminder.deadline) if reminder.deadline else "fristen"
    match reminder.kind:
        case ReminderKind.CHANGE:
            return f"datoen er nå {day}"
        case ReminderKind.GONE:
            return f"{day} gjelder ikke lenger"
        case ReminderKind.OVERDUE:
            return f"etter fristen {day}"
    return f"{reminder.lead} før {day}"


def _reports(reports: Sequence[Acknowledgement]) -> Iterator[str]:
    if reports:
        yield ""
    yield from map(in_words, reports)


def _at(place: Place | None) -> str:
    return f"{place.file}, linje {place.line}" if place else "ukjent sted"


def _line(place: Place) -> str:
    return f"linje {place.line}"
