"""What the coordinator must hear today: letters that are held or refused, a change that no letter tells in time. Pure.

Each has an identity, by which she is told of it once, and words for the letter, the page, the log and the terminal.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, TypeAlias

from arshjul.core.brakes import OF_PLANNING, Hold, HoldKind
from arshjul.core.differences import arrow, change_word, details
from arshjul.core.model import GONE, Recipient, Reminder, Said
from arshjul.core.plan import is_near
from arshjul.core.senddays import local_day
from arshjul.core.texts import one_line
from arshjul.core.wording import SAY
from arshjul.core.words import day_in_words, instant_in_words, list_in_words

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
