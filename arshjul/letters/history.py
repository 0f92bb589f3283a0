"""What has happened as planning and `explain` must know it: what was told to whom, what was reported, who opted out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from arshjul.mail.verdicts import State
from arshjul.plan.model import Occurrence, ReminderId
from arshjul.timing.days import Offset, Span, Status, local_day
from arshjul.words import day_in_words


class Report(StrEnum):
    """What is reported; the values are what an administrator writes."""

    DONE = "ferdig"
    NOT_RELEVANT = "uaktuell"
    PUT_OFF = "utsatt"
    OPEN = "åpen"


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """A report of one thing, with its deadline at that time. `at` is an instant in UTC."""

    key: str
    state: Report
    by: str
    note: str
    deadline: date | None
    at: datetime


def settled(latest: Iterable[Acknowledgement]) -> frozenset[tuple[str, date | None]]:
    """Return what need not be reminded of: the key with None, or with the deadline that was put off.

    What is put off is open again once it has another date, or any date where it had none; the latest report of each
    key counts.
    """
    return frozenset(
        (one.key, one.deadline if one.state is Report.PUT_OFF else None)
        for one in latest
        if one.state is not Report.OPEN and (one.state is not Report.PUT_OFF or one.deadline is not None)
    )


def put_off(latest: Iterable[Acknowledgement]) -> tuple[Acknowledgement, ...]:
    """Return the reports of what is put off, among the latest of each key."""
    return tuple(one for one in latest if one.state is Report.PUT_OFF)


def note_until(until: date | None, note: str) -> str:
    """Return the note with the day that a thing is put off to: "til fredag 15. januar 2027; venter på svar"."""
    return "; ".join(filter(None, [f"til {day_in_words(until)}" if until else "", note]))


def in_words(one: Acknowledgement) -> str:
    """Return "Meldt ferdig fredag 20. november 2026 av Kari: levert i går."."""
    state = "Åpnet igjen" if one.state is Report.OPEN else f"Meldt {one.state}"
    by = f" av {one.by}" if one.by else ""
    return f"{state} {day_in_words(local_day(one.at))}{by}{f': {one.note}' if one.note else ''}."


EXPECTED_AHEAD: Final = timedelta(days=31)
"""So far ahead reminders are noted at an hour of letters; the next is seldom that far away."""


@dataclass(frozen=True, slots=True)
class Told:
    """The last that somebody has been told of a thing: which date, on which day, and that it is `gone` where it is.

    `changes` counts the changes that they have been told so far; `title` is what it was called then. It is `late` when
    the letter was accepted after that date, or has not been yet. `clock` and `location` are the hours and the place
    that they were told, None where that is not known: letters of older versions.
    """

    deadline: date
    day: date
    title: str = ""
    changes: int = 0
    gone: bool = False
    late: bool = False
    clock: str | None = None
    location: str | None = None


@dataclass(frozen=True, slots=True)
class Telling:
    """One thing told to one address, on which local day, in a letter in which state.

    `state` is None for what was passed over at first start; then `day` is the day of that.
    """

    reminder: ReminderId
    day: date
    state: State | None


@dataclass(frozen=True, slots=True)
class Expected:
    """The reminders that the files of the last hour of letters make of what is due `until` a day, that day included."""

    until: date
    reminders: frozenset[ReminderId]


@dataclass(frozen=True, slots=True)
class Sought:
    """What a round asks of: things by their `keys`, and all that somebody has been told of for a day from `since` on.

    What is past and of no key is told, changed and overdue no more; that it was told once is for `explain` to know.
    """

    since: date
    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class Known:
    """What the store remembers.

    `told` holds every reminder that is in a letter (on its way or gone) or was passed over at first start; none of
    them is planned again. `last` is, by key and address, the last that a letter has told or will tell; what was passed
    over, refused or came to nothing is not in it. `written` holds (address, send day) of every letter, those
    left out that go at once, beside the day's own.
    `settled` are the keys that somebody has reported as done or not relevant, with None, or put off, with the deadline
    that was. `planned` is the last day whose letters a round has planned, `go_live` the day of the first start.
    `opted_out` are the addresses that are not to be written to, with the day on which that was said.
    `in_time` are the (key, address, date) that any letter has told by that date, and none has taken back since.
    `withdrawn` are the (key, address) that a letter would have told of before it was taken back, and none has since.
    `put_off` are the reports of what is put off, whether or not it has another date by now. `expected` is
    None before the first hour of letters.
    """

    told: frozenset[ReminderId] = frozenset()
    written: frozenset[tuple[str, date]] = frozenset()
    baseline: bool = False
    last: Mapping[tuple[str, str], Told] = field(default_factory=dict)
    settled: frozenset[tuple[str, date | None]] = frozenset()
    planned: date | None = None
    go_live: date | None = None
    opted_out: Mapping[str, date] = field(default_factory=dict)
    withdrawn: frozenset[tuple[str, str]] = frozenset()
    in_time: frozenset[tuple[str, str, date]] = frozenset()
    put_off: tuple[Acknowledgement, ...] = ()
    expected: Expected | None = None

    def as_of(self, today: date) -> Known:
        """Return it without the marks of a run as if on a later day: they say nothing of what comes before that day."""
        planned = self.planned if self.planned is not None and self.planned <= today else None
        expected = self.expected if self.expected and self.expected.until <= today + EXPECTED_AHEAD else None
        return replace(self, planned=planned, expected=expected)

    def is_settled(self, key: str, deadline: date | None) -> bool:
        """Tell whether nobody need be reminded: it is done or not relevant, or this deadline was put off."""
        return (key, None) in self.settled or (deadline is not None and (key, deadline) in self.settled)


@dataclass(frozen=True, slots=True)
class OptOut:
    """Since `at` (UTC) nothing is written to `address`, which is normalized; `by` says in Norwegian how we know."""

    address: str
    at: datetime
    by: str


def normalize_address(address: str) -> str:
    """Return an address as it is compared: no server tells Kari@ from kari@."""
    return address.lower()


def unreached(
    occurrences: Iterable[Occurrence],
    leads: Mapping[tuple[str, str], Sequence[Offset]],
    known: Known,
    days: Span,
) -> list[Occurrence]:
    """Return the next of each thing that falls due in the days, would be told of, and whose recipients all said no."""
    found: dict[tuple[str, str], Occurrence] = {}
    for one in occurrences:
        if one.deadline is None or one.deadline not in days or one.status is Status.CANCELLED:
            continue
        is_told_of = bool(leads.get((one.calendar, one.id))) and not known.is_settled(one.key, one.deadline)
        if (
            is_told_of
            and one.recipients
            and all(normalize_address(person.address) in known.opted_out for person in one.recipients)
        ):
            nearest = found.setdefault((one.calendar, one.id), one)
            if (one.deadline, one.key) < (nearest.deadline, nearest.key):
                found[one.calendar, one.id] = one
    return sorted(found.values(), key=lambda one: (one.deadline, one.key))
