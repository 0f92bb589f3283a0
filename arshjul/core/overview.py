"""The coordinator's weekly letter as values: what went out, what needs a person. All in the coordinator's language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from arshjul.core.changes import is_overdue, untold
from arshjul.core.confirm import ToConfirm
from arshjul.core.dates import DAY, Span, year_span
from arshjul.core.known import Known
from arshjul.core.lookup import directory
from arshjul.core.model import Catalogue, Occurrence, Recipient, Status
from arshjul.core.offsets import Offset
from arshjul.core.opt_outs import folded, unreached
from arshjul.core.outbox import State
from arshjul.core.plan import FURTHEST
from arshjul.core.quotas import Unmet, unmet
from arshjul.core.wording import SAY, counted
from arshjul.core.words import day_in_words, list_in_words, short_day_in_words, span_in_words

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
    """The whole letter. `since` is the day of the one before, or of the first start; `next_day` that of the next."""

    to: Recipient
    day: date
    since: date
    post: Post
    sections: tuple[Section, ...]
    coming: tuple[str, ...] = ()
    next_day: date | None = None


def sections(
    catalogue: Catalogue,
    occurrences: Sequence[Occurrence],
    leads: Mapping[tuple[str, str], Sequence[Offset]],
    known: Known,
    past: Span,
    *,
    awaited: Iterable[ToConfirm] = (),
    said: Collection[str] = (),
    language: str = "nb",
) -> tuple[Section, ...]:
    """Return what needs a person, the most pressing first; only headings that have something under them.

    `past` are the days whose untold deadlines are listed, up to today; `awaited` the dates to confirm. `said` are the
    keys of what the same letter tells at length: that needs no line besides.
    """
    today = past.end
    ahead = Span(today, today + FURTHEST * DAY)
    missed = untold(occurrences, leads, known, past)
    told = {key for key, _ in known.last}
    late = [one for one in occurrences if one.key in told - set(said) and is_overdue(one, known, today)]
    found = (
        section("untold", (_untold(one, people, language) for one, people in missed), language),
        section("unfinished", (_unfinished(one, language) for one in late), language),
        section("put_off", put_off_lines(occurrences, known, language), language),
        section("awaited", (awaited_line(one, language) for one in awaited if one.key not in said), language),
        section("vacant", vacancies(catalogue), language),
        section("silent", _silent(occurrences, known, language), language),
        section(
            "unreached",
            (_responsible(one, language) for one in unreached(occurrences, leads, known, ahead)),
            language,
        ),
        section("quotas", (quota_line(one, language) for one in unmet(catalogue, today)), language),
    )
    return tuple(one for one in found if one.lines)


def section(name: str, lines: Iterable[str], language: str) -> Section:
    """Return the section whose words go by that name, with the first LONGEST of its lines."""
    say, rows = SAY[language], tuple(lines)
    if len(rows) > LONGEST:
        rows = (*rows[:LONGEST], say["more_lines"].format(count=len(rows) - LONGEST))
    return Section(say[name], say[f"{name}_advice"], rows)


def vacancies(catalogue: Catalogue) -> Iterator[str]:
    """Yield the roles that nobody has, and the parties that no letter reaches."""
    for calendar in catalogue.calendars.values():
        who = directory(catalogue, calendar)
        for party in calendar.parties:
            yield from (f"{role}: {party.name} ({calendar.name})" for role, people in party.roles.items() if not people)
            if not any(party.roles.values()) and not who.resolve(party.name).recipients:
                yield f"{party.name} ({calendar.name})"


def put_off_lines(occurrences: Iterable[Occurrence], known: Known, language: str = "nb") -> Iterator[str]:
    """Yield a line for each thing that is put off and has no other date in the files: else nobody would hear of it.

    Those that are no longer in the files, or too old to be looked for, stay until somebody reports them otherwise.
    """
    by_key = {one.key: one for one in occurrences}
    titles = {key: told.title for (key, _), told in known.last.items()}
    for report in known.put_off:
        occurrence = by_key.get(report.key)
        if occurrence is None:
            day = day_in_words(report.deadline, language) if report.deadline else SAY[language]["no_date"]
            line = f"{day}: {titles.get(report.key) or report.key} ({report.key})"
        elif occurrence.status is Status.CANCELLED or occurrence.deadline not in {None, report.deadline}:
            continue
        else:
            line = _unfinished(occurrence, language)
        yield f"{line} – {report.note}" if report.note else line


def quota_line(one: Unmet, language: str = "nb") -> str:
    """Return "Gruppelederforum: «fire ganger i året», 1 har dato i 2026"."""
    say, days = SAY[language], one.days
    if days == year_span(days.first.year):
        when = say["in_year"].format(year=days.first.year)
    else:
        when = say["in_days_of"].format(days=span_in_words(days, language))
    return say["quota"].format(title=one.item.title, phrase=one.phrase.text, planned=one.planned, when=when)


def letter_line(day: date, to: Recipient, subject: str, language: str) -> str:
    """Return "tirsdag 17. november til Styret <styret@example.no>: Påminnelse: Styremøte"."""
    return SAY[language]["letter_to"].format(day=short_day_in_words(day, language), to=to, subject=subject)


def doubt_line(line: str, state: State, code: int | None, answer: str, language: str) -> str:
    """Return a letter's line with what has become of it, and what the server answered: "… – avvist (550 5.1.1)"."""
    said = f" ({' '.join(filter(None, [str(code or ''), answer]))})" if answer else ""
    return f"{line} – {SAY[language][f'state_{state}']}{said}"


def coming_lines(days: Iterable[date], language: str) -> tuple[str, ...]:
    """Return "tirsdag 1. desember 2026: 12 brev" for each send day; `days` has one for each letter."""
    letters = sorted(Counter(days).items())
    return tuple(counted(language, "letters_on", count, day=day_in_words(day, language)) for day, count in letters)


def _dated(occurrence: Occurrence, language: str) -> str:
    day = day_in_words(occurrence.deadline, language) if occurrence.deadline else SAY[language]["no_date"]
    return f"{day}: {occurrence.title}"


def _untold(occurrence: Occurrence, people: Iterable[Recipient], language: str) -> str:
    names = tuple(person.name or person.address for person in people)
    return f"{_dated(occurrence, language)} – {list_in_words(names, language)}"


def _unfinished(occurrence: Occurrence, language: str) -> str:
    return f"{_responsible(occurrence, language)} ({occurrence.key})"


def _responsible(occurrence: Occurrence, language: str) -> str:
    return f"{_dated(occurrence, language)} – {list_in_words(occurrence.responsible, language)}"


def _silent(occurrences: Iterable[Occurrence], known: Known, language: str) -> Iterator[str]:
    """Yield a line for each recipient who wants no letters."""
    people = sorted(
        {person for one in occurrences for person in one.recipients if folded(person.address) in known.opted_out}
    )
    for address, person in {folded(person.address): person for person in people}.items():
        yield silent_line(person, known.opted_out[address], language)


def awaited_line(one: ToConfirm, language: str) -> str:
    """Return "Arendalsuka: 16.–20. august 2027 (foreløpig), skulle vært kunngjort innen 1. mai 2027"."""
    days, by = span_in_words(one.days, language), day_in_words(one.public_by, language)
    return SAY[language]["awaited_line"].format(title=one.title, days=days, by=by)


def silent_line(person: Recipient, since: date, language: str) -> str:
    """Return "Ola <ola@example.no>, siden tirsdag 1. desember 2026"."""
    return SAY[language]["silent_since"].format(person=person, day=day_in_words(since, language))


def past_days(since: date, today: date) -> Span:
    """Return the days from one overview to the next, today not among them; yesterday where there are none."""
    return Span(min(since, today - DAY), today)
