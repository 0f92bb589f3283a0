"""The coordinator's letters as values: the weekly overview, and what she must hear today."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, TypeAlias

from arshjul.letters.brakes import OF_PLANNING, Hold, HoldKind
from arshjul.letters.changes import arrow, change_word, details, is_overdue, untold
from arshjul.letters.history import Known, normalize_address, unreached
from arshjul.letters.reminders import FURTHEST, is_near
from arshjul.mail.verdicts import State
from arshjul.plan.model import GONE, Catalogue, Occurrence, Recipient, Reminder, Said
from arshjul.plan.parties import directory
from arshjul.printable import one_line
from arshjul.timing.days import DAY, Offset, Span, Status, local_day, year_span
from arshjul.wording import SAY, counted
from arshjul.words import day_in_words, instant_in_words, list_in_words, short_day_in_words, span_in_words
from arshjul.year.awaited import ToConfirm, Unmet, unmet

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
        {
            person
            for one in occurrences
            for person in one.recipients
            if normalize_address(person.address) in known.opted_out
        }
    )
    for address, person in {normalize_address(person.address): person for person in people}.items():
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


APART: Final = timedelta(hours=1)
"""The coordinator gets a letter like this at most so often; what comes up in between goes in one."""

DIGEST: Final = 16

Named: TypeAlias = Callable[[Recipient], str]


@dataclass(frozen=True, slots=True)
class Held:
    """Letters are held, until a person has looked or the mail server takes letters from us again."""

    hold: Hold

    @property
    def identity(self) -> str:
        """The same fault met again on the same day is no news."""
        digest = hashlib.sha256(self.hold.reason.encode()).hexdigest()[:DIGEST]
        return f"hold {self.hold.kind} {local_day(self.hold.since)} {digest}"

    def headline(self, language: str) -> str:
        return SAY[language][f"urgent_{self.hold.kind}"]

    def words(self, language: str, named: Named = str) -> str:  # noqa: ARG002  (nobody is named; `Unheard` does)
        """Say what is held, and what to do; the reason is in bokmål, as the log has it."""
        say = SAY[language]
        name = "urgent_letters_held" if self.hold.kind in OF_PLANNING else "urgent_queue_held"
        told = say[name].format(reason=self.hold.reason)
        return told if "outbox release" in told else f"{told} {say['urgent_release']}"


@dataclass(frozen=True, slots=True)
class Unheard:
    """A change that nobody among `people`, who were told how it was, hears of in time.

    `letters_at` (UTC) is when the next letters go, None while those that would tell it are held.
    """

    change: Reminder
    people: tuple[Recipient, ...]
    letters_at: datetime | None

    @property
    def identity(self) -> str:
        return change_identity(self.change)

    def headline(self, language: str) -> str:
        change = self.change
        day = change.before if change.said in GONE and change.before else change.day
        return f"{change_word(change, language)}: {one_line(change.occurrence.title)} {day_in_words(day, language)}"

    def words(self, language: str, named: Named = str) -> str:
        """Say what has changed, when letters go, and whom to call; `named` says how a person is named."""
        say, change = SAY[language], self.change
        told, title = [f"{self.headline(language)}."], one_line(change.occurrence.title)
        if change.said is Said.MOVED:
            told = [f"{change_word(change, language)}: {title}, {arrow(change, language)}."]
        elif change.said is Said.CHANGED:
            told = [f"{title}, {day_in_words(change.day, language)}."]
        told += details(change, language)
        people = list_in_words(tuple(dict.fromkeys(map(named, self.people))), language)
        name = "urgent_call_held" if self.letters_at is None else "urgent_call"
        at = instant_in_words(self.letters_at, language) if self.letters_at else ""
        return " ".join([*told, say[name].format(at=at, people=people)])


@dataclass(frozen=True, slots=True)
class Refused:
    """A letter that the recipient's server has refused for good: `answer` is what it said, `day` (local) when."""

    to: Recipient
    subject: str
    answer: str
    day: date

    @property
    def identity(self) -> str:
        """Whose letters come back is told once a week, with the first of them."""
        year, week, _ = self.day.isocalendar()
        return f"refused {self.to.address} {year}-W{week:02}"

    def headline(self, language: str) -> str:
        return SAY[language]["urgent_refused"].format(to=without_address(self.to))

    def words(self, language: str, named: Named = str) -> str:
        """Say who got no letter, which, and what the server answered, "" where anybody may read it."""
        say, is_open = SAY[language], named is without_address
        told = say["urgent_not_reached"].format(to=named(self.to), subject=one_line(self.subject))
        return " ".join([told, *([] if is_open else [say["urgent_answer"].format(answer=one_line(self.answer))])])


Urgent: TypeAlias = Held | Unheard | Refused


def held(hold: Hold | None, now: datetime) -> list[Urgent]:
    """Return the hold as something to tell; a person's own is no news, nor one of a run as if on a later day."""
    if hold is None or hold.kind is HoldKind.PERSON or (hold.kind in OF_PLANNING and hold.since > now):
        return []
    return [Held(hold)]


def unheard(changes: Iterable[Reminder], letters_at: datetime | None, today: date, urgent: int) -> list[Urgent]:
    """Return the changes of a day that comes with or before the next letters, each with all whom it concerns.

    A letter on the day itself comes too late to count. While letters are held (`letters_at` is None) it is what is at
    most so many workdays away, `urgent`.
    """
    found: dict[str, list[Reminder]] = {}
    for change in changes:
        if _is_too_late(change, letters_at, today, urgent):
            found.setdefault(change_identity(change), []).append(change)
    ordered = sorted(found.values(), key=lambda same: (min(_days(same[0], today)), same[0].occurrence.key))
    return [Unheard(same[0], tuple(sorted({one.recipient for one in same})), letters_at) for same in ordered]


def change_identity(change: Reminder) -> str:
    """Return what tells a change from the next one of the same thing, whomever it is told."""
    it = change.occurrence
    state = f"{change.before} {it.deadline} {it.hour} {it.location}"
    return f"change {it.key} {change.said} {hashlib.sha256(state.encode()).hexdigest()[:DIGEST]}"


def headlines(things: Iterable[Urgent], language: str) -> str:
    """Return the first headline, and how many there are besides: "Avlyst: Styremøte …, og 2 til"."""
    first, *others = things
    told = first.headline(language)
    return SAY[language]["urgent_more"].format(first=told, count=len(others)) if others else told


def without_address(person: Recipient) -> str:
    """Name a person where anybody may read it: on a page, in a log."""
    return person.name if person.name and "@" not in person.name else "en mottaker uten navn"


def _is_too_late(change: Reminder, letters_at: datetime | None, today: date, urgent: int) -> bool:
    if letters_at is None:
        return is_near(change, today, urgent)
    return any(day <= local_day(letters_at) for day in _days(change, today))


def _days(change: Reminder, today: date) -> Iterator[date]:
    """Yield the day that it had and the one that it has, those that are not past."""
    yield from (day for day in (change.before, change.occurrence.deadline) if day is not None and day >= today)
