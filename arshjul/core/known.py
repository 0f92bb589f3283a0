"""What has already happened, as far as planning must know it. Reading it from the database is in `store.told`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

from arshjul.core.acknowledged import Acknowledgement
from arshjul.core.model import ReminderId
from arshjul.core.outbox import State

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
    """One thing told to one address: so long before which deadline, on which day, in a letter in which state.

    `state` is None for what was passed over at first start; then `day` is the day of that.
    """

    address: str
    lead: str
    deadline: date | None
    day: date
    state: State | None


@dataclass(frozen=True, slots=True)
class Expected:
    """The reminders that the files of the last hour of letters make of what is due `until` a day, that day included."""

    until: date
    reminders: frozenset[ReminderId]


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
