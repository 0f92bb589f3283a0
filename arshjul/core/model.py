"""The words of the field as frozen values: calendars, events, measures, parties, occurrences, reminders, letters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from arshjul.core.cadences import Cadence
from arshjul.core.dates import Span
from arshjul.core.offsets import Offset
from arshjul.core.problems import Place
from arshjul.core.turns import Clock


class Status(StrEnum):
    """How a date is known: by law or announcement, by a rule or window, or called off."""

    CONFIRMED = "confirmed"
    TENTATIVE = "tentative"
    CANCELLED = "cancelled"


class Kind(StrEnum):
    """What an occurrence is in time: on a day, over a stretch of days, by a last day, or without a date."""

    DAY = "day"
    WINDOW = "window"
    DEADLINE = "deadline"
    UNDATED = "undated"


@dataclass(frozen=True, slots=True, order=True)
class Recipient:
    """A person or a shared mailbox; the address is ASCII, its domain as an A-label."""

    address: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


@dataclass(frozen=True, slots=True)
class Party:
    """Who holds a task: `parts` are cell texts of other parties, `roles` its own ordførere, koordinator and so on."""

    calendar: str
    id: str
    name: str
    also: tuple[str, ...] = ()
    members: tuple[Recipient, ...] = ()
    parts: tuple[str, ...] = ()
    roles: Mapping[str, tuple[Recipient, ...]] = field(default_factory=dict)
    place: Place | None = None

    @property
    def full_id(self) -> str:
        """Its identity over all calendars: "osloregionen/styret"."""
        return f"{self.calendar}/{self.id}"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text from the plan, where it stands, and how it is understood."""

    text: str
    cadence: Cadence
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Announcement:
    """A date that somebody has made public, for one period. It wins over the rule."""

    days: Span
    clock: Clock | None = None
    source: str = ""
    checked: date | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """What comes round in a calendar: an event, a milestone of one, or a measure of an action plan.

    `when` holds an event's phrases, or a measure's cadence; `listed` says that it was written as a list, so that there
    are several a year and each has its month as period. A milestone has its event's id as `parent`. `variants` are
    (condition on the year, phrase) and win in the years that they name. `timing` is a measure's column for a year.
    `fixed_by` names the law that makes computed dates confirmed; `law` is a limit that every date is held against.
    """

    calendar: str
    id: str
    title: str
    when: tuple[Phrase, ...]
    listed: bool = False
    is_measure: bool = False
    parent: str = ""
    also: tuple[str, ...] = ()
    variants: tuple[tuple[str, Phrase], ...] = ()
    timing: Mapping[int, Phrase] = field(default_factory=dict)
    law: Phrase | None = None
    fixed_by: str = ""
    source: str = ""
    announced: Mapping[str, Announcement] = field(default_factory=dict)
    announced_by: Phrase | None = None
    cancelled: frozenset[str] = frozenset()
    note: str = ""
    area: str = ""
    location: str = ""
    responsible: str = ""
    contributors: str = ""
    leads: tuple[Offset, ...] | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """One TOML file: one organisation's or one field's year."""

    id: str
    name: str
    public: bool = False
    description: str = ""
    source: str = ""
    uses: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    parties: tuple[Party, ...] = ()
    leads: tuple[Offset, ...] | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All calendars by id, in the order of their files."""

    calendars: Mapping[str, Calendar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """An item, one time round. `days` is None for what is listed but has no date.

    `deadline` is the day by which it must be done, the day that lead times count back from; None where nothing is due.
    `responsible` and `contributors` are names of parties, the main responsible first; `parties` are the full ids
    ("osloregionen/styret") of all of them with their parts. `recipients` are those whom letters go to, `main` the
    addresses among them that the first named holds. `contributing` are the people of the contributors, to whom no
    letters go. `rule` is the phrase that it was computed from.
    """

    calendar: str
    id: str
    period: str
    title: str
    kind: Kind
    days: Span | None = None
    clock: Clock | None = None
    deadline: date | None = None
    status: Status = Status.TENTATIVE
    responsible: tuple[str, ...] = ()
    contributors: tuple[str, ...] = ()
    parties: frozenset[str] = frozenset()
    recipients: tuple[Recipient, ...] = ()
    main: frozenset[str] = frozenset()
    source: str = ""
    rule: str = ""
    area: str = ""
    location: str = ""
    note: str = ""
    place: Place | None = None
    contributing: tuple[Recipient, ...] = ()

    @property
    def key(self) -> str:
        """Its identity in feeds, letters and URLs; holds the period, never the date."""
        return f"{self.calendar}/{self.id}/{self.period}"


@dataclass(frozen=True, slots=True, order=True)
class ReminderId:
    """One thing to be told to one address, so long before: told once and never again."""

    key: str
    lead: str
    address: str


@dataclass(frozen=True, slots=True)
class Reminder:
    """One thing to be told, of an occurrence with a deadline; `reason` says in Norwegian why you get it."""

    occurrence: Occurrence
    lead: Offset
    recipient: Recipient
    due: date
    reason: str

    @property
    def id(self) -> ReminderId:
        return ReminderId(self.occurrence.key, str(self.lead), self.recipient.address)


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to one recipient on one send day, most urgent reminder first. `send_at` is an instant in UTC."""

    to: Recipient
    send_day: date
    send_at: datetime
    reminders: tuple[Reminder, ...]
