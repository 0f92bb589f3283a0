"""The coordinator's weekly letter as values: what went out, what needs a person. Its words are in templates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from arshjul.core.changes import is_overdue, untold
from arshjul.core.dates import DAY, Span, year_span
from arshjul.core.known import Known
from arshjul.core.lookup import directory
from arshjul.core.model import Catalogue, Occurrence, Recipient
from arshjul.core.offsets import Offset
from arshjul.core.opt_outs import unreached
from arshjul.core.quotas import Unmet, unmet
from arshjul.core.words import day_in_words, list_in_words, span_in_words

LONGEST = 40
"""Lines under one heading; of more, the number is said."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, what to do about it, and one line for each thing."""

    title: str
    advice: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Post:
    """How it went with letters since the last overview: `sent` and `doubtful` are lines to read, `waiting` a count.

    `notices` are sentences on what stands in the way of sending, or soon will.
    """

    sent: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    unknown: int = 0
    waiting: int = 0
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole letter. `since` is the day of the one before, or of the first start."""

    to: Recipient
    day: date
    since: date
    post: Post
    sections: tuple[Section, ...]
    coming: tuple[str, ...] = ()


def sections(
    catalogue: Catalogue,
    occurrences: Sequence[Occurrence],
    leads: Mapping[tuple[str, str], Sequence[Offset]],
    known: Known,
    past: Span,
) -> tuple[Section, ...]:
    """Return what needs a person, the most pressing first; only headings that have something under them.

    `past` are the days whose untold deadlines are listed, up to today. The dates to confirm come as reminders.
    """
    today = past.end
    missed = untold(occurrences, leads, known, past)
    late = [one for one in occurrences if _is_late(one, known, today)]
    found = (
        Section(
            "Frister som gikk uten at noen fikk vite det",
            "De var nær da tjenesten startet, ble lagt inn for sent, eller brevet kom ikke frem. Ring dem det gjelder.",
            tuple(f"{_dated(one)} – {_people(people)}" for one, people in missed),
        ),
        Section(
            "Over fristen og ikke meldt ferdig",
            "De ansvarlige er påminnet én gang. Ring dem; meld så «arshjul done NØKKEL».",
            tuple(f"{_dated(one)} – {list_in_words(one.responsible)} ({one.key})" for one in late),
        ),
        Section(
            "Roller uten mottaker",
            "Ingen får brev for disse. Skriv inn hvem det er i kalenderfilen.",
            tuple(vacancies(catalogue)),
        ),
        Section(
            "Har sagt nei til brev",
            "Oppgavene er fortsatt deres. Avtal hvordan de får vite om fristene, eller skriv inn en annen mottaker.",
            tuple(_silent(occurrences, known)),
        ),
        Section(
            "Ingen får brev om dette",
            "Alle mottakerne har sagt nei til brev. Skriv inn en annen i kalenderfilen, eller ring dem.",
            tuple(
                f"{_dated(one)} – {list_in_words(one.responsible)}"
                for one in unreached(occurrences, known.opted_out, today)
            ),
        ),
        Section(
            "Antall som ikke stemmer",
            "Planen sier hvor mange det skal være; så mange har dato.",
            tuple(quota_line(one) for one in unmet(catalogue, today)),
        ),
    )
    return tuple(_shortened(section) for section in found if section.lines)


def vacancies(catalogue: Catalogue) -> Iterator[str]:
    """Yield the roles that nobody has, and the parties that no letter reaches."""
    for calendar in catalogue.calendars.values():
        who = directory(catalogue, calendar)
        for party in calendar.parties:
            yield from (f"{role}: {party.name} ({calendar.name})" for role, people in party.roles.items() if not people)
            if not any(party.roles.values()) and not who.resolve(party.name).recipients:
                yield f"{party.name} ({calendar.name})"


def quota_line(one: Unmet) -> str:
    """Return "Gruppelederforum: «fire ganger i året», 1 har dato i 2026"."""
    days = one.days
    when = f"i {days.first.year}" if days == year_span(days.first.year) else span_in_words(days)
    return f"{one.item.title}: «{one.phrase.text}», {one.planned} har dato {when}"


def _is_late(occurrence: Occurrence, known: Known, today: date) -> bool:
    """Tell whether it is overdue and somebody was told of it; what nobody was told has a heading of its own."""
    is_told = any((occurrence.key, person.address) in known.last for person in occurrence.recipients)
    return is_told and is_overdue(occurrence, known, today)


def _silent(occurrences: Iterable[Occurrence], known: Known) -> Iterator[str]:
    """Yield "Ola <ola@example.no>, siden tirsdag 1. desember 2026" for each recipient who wants no letters."""
    people = sorted({person for one in occurrences for person in one.recipients if person.address in known.opted_out})
    for person in {person.address: person for person in people}.values():
        yield f"{person}, siden {day_in_words(known.opted_out[person.address])}"


def _dated(occurrence: Occurrence) -> str:
    return f"{day_in_words(occurrence.deadline) if occurrence.deadline else 'uten dato'}: {occurrence.title}"


def _people(people: Iterable[Recipient]) -> str:
    return list_in_words(tuple(person.name or person.address for person in people))


def _shortened(section: Section) -> Section:
    more = len(section.lines) - LONGEST
    if more <= 0:
        return section
    return Section(section.title, section.advice, (*section.lines[:LONGEST], f"… og {more} til"))


def past_days(since: date, today: date) -> Span:
    """Return the days from one overview to the next, today not among them; yesterday where there are none."""
    return Span(min(since, today - DAY), today)
