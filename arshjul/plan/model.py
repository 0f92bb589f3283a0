"""The words of the field as frozen values: calendars, events, measures, parties, occurrences, reminders, letters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from arshjul.keys import NO_HISTORY, History, full_id, key_of
from arshjul.plan.problems import Place
from arshjul.timing.cadences import Cadence
from arshjul.timing.days import Clock, Offset, Span, Status
from arshjul.timing.places import Condition


class KnownBy(StrEnum):
    """Where a date comes from. Only the first two make it confirmed.

    TYPED stands in the files as a date without a source of its own; PLAN is a measure's column or cadence; RULE is
    computed; FOLLOWS is a measure's that comes with an event; STEP is a milestone, counted from its event.
    """

    LAW = "law"
    ANNOUNCEMENT = "announcement"
    TYPED = "typed"
    PLAN = "plan"
    RULE = "rule"
    FOLLOWS = "follows"
    STEP = "step"


CONFIRMING = frozenset({KnownBy.LAW, KnownBy.ANNOUNCEMENT})


class Kind(StrEnum):
    """What an occurrence is in time: on a day, over a stretch of days, by a last day, or without a date."""

    DAY = "day"
    WINDOW = "window"
    DEADLINE = "deadline"
    UNDATED = "undated"


@dataclass(frozen=True, slots=True, order=True)
class Recipient:
    """A person or a shared mailbox; the address is ASCII, its domain as an A-label.

    `language` ("nb", "nn" or "en") is the one to write in; it makes nobody another person.
    """

    address: str
    name: str = ""
    language: str = field(default="nb", compare=False)

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


@dataclass(frozen=True, slots=True)
class Party:
    """Who holds a task: `parts` are cell texts of other parties, `roles` its own ordførere, koordinator and so on.

    `half_read` says that something in it could not be read, so that what it lacks is no mistake of its own.
    """

    calendar: str
    id: str
    name: str
    also: tuple[str, ...] = ()
    members: tuple[Recipient, ...] = ()
    parts: tuple[str, ...] = ()
    roles: Mapping[str, tuple[Recipient, ...]] = field(default_factory=dict)
    place: Place | None = None
    half_read: bool = field(default=False, compare=False)

    @property
    def full_id(self) -> str:
        """Its identity over all calendars: "osloregionen/styret"."""
        return full_id(self.calendar, self.id)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text from the plan, where it stands, and how it is understood."""

    text: str
    cadence: Cadence
    place: Place | None = None
    plan: Plan | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a date in a plan of meetings for a year has in common with the others: where the plan was made public.

    Each date is a meeting of its own, with its month as period, as in a list. Without a source it is typed in.
    `unusual` is the reason why they hold though the rule could not give them.
    """

    source: str = ""
    checked: date | None = None
    unusual: str = ""


@dataclass(frozen=True, slots=True)
class Variant:
    """A phrase that stands in the place of an event's own in some years; `text` is the condition as the file has it."""

    text: str
    condition: Condition
    phrase: Phrase

    @property
    def year(self) -> int | None:
        """The one year that it is for, `in.2027 = "7. oktober"`; None where the condition names a sort of year."""
        kind = self.condition.kind
        return kind if isinstance(kind, int) and not self.condition.negated else None


@dataclass(frozen=True, slots=True)
class Announcement:
    """A date for one period, which wins over the rule; made public where it has a source.

    `unusual` is the reason why it holds though the rule could not give it.
    """

    days: Span
    clock: Clock | None = None
    source: str = ""
    checked: date | None = None
    unusual: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """What comes round in a calendar: an event, a milestone of one, or a measure of an action plan.

    `when` holds an event's phrases, or a measure's cadence; `listed` says that it was written as a list, so that there
    are several a year and each has its month as period. A milestone has its event's id as `parent`. `variants`
    win in the years that they name. `timing` is a measure's column for a year.
    `fixed_by` names the law that makes computed dates confirmed; `law` is a limit that every date is held against.
    `held` are the days on which turns that are past really were. `was` is the id that it had before it was given a new
    one, and is then its `id` here, so that its dates keep their keys; "" says that it never had another.
    `places` tell where the periods of announced and cancelled dates stand, and the columns ("announced.2027"). With
    `half_read`, something in it could not be read, so that what it lacks is no mistake of its own.
    """

    calendar: str
    id: str
    title: str
    when: tuple[Phrase, ...]
    listed: bool = False
    is_measure: bool = False
    parent: str = ""
    also: tuple[str, ...] = ()
    was: str | None = None
    variants: tuple[Variant, ...] = ()
    timing: Mapping[int, Phrase] = field(default_factory=dict)
    law: Phrase | None = None
    fixed_by: str = ""
    source: str = ""
    announced: Mapping[str, Announcement] = field(default_factory=dict)
    announced_by: Phrase | None = None
    cancelled: frozenset[str] = frozenset()
    held: Mapping[str, Announcement] = field(default_factory=dict)
    note: str = ""
    area: str = ""
    location: str = ""
    responsible: str = ""
    contributors: str = ""
    leads: tuple[Offset, ...] | None = None
    place: Place | None = None
    places: Mapping[str, Place] = field(default_factory=dict, compare=False)
    half_read: bool = field(default=False, compare=False)

    @property
    def full_id(self) -> str:
        """Its identity over all calendars: "osloregionen/styremote"."""
        return full_id(self.calendar, self.id)


@dataclass(frozen=True, slots=True)
class Calendar:
    """One TOML file: one organisation's or one field's year.

    `shows_private` lets an open calendar name parties and events of the private ones that it uses.
    """

    id: str
    name: str
    public: bool = False
    description: str = ""
    source: str = ""
    uses: tuple[str, ...] = ()
    shows_private: bool = False
    items: tuple[Item, ...] = ()
    parties: tuple[Party, ...] = ()
    leads: tuple[Offset, ...] | None = None
    leads_for: Mapping[str, tuple[Offset, ...]] = field(default_factory=dict)
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All calendars by id, in the order of their files, and what has been in force of them (see `history`)."""

    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    history: History = field(default=NO_HISTORY, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Because:
    """The cancelled event that something else was to follow: its key, title and day."""

    key: str
    title: str
    day: date


@dataclass(frozen=True, slots=True)
class Occurrence:
    """An item, one time round. `days` is None for what is listed but has no date.

    `deadline` is the day by which it must be done, the day that lead times count back from; None where nothing is due.
    `responsible` and `contributors` are names of parties, the main responsible first; `parties` are the full ids
    ("osloregionen/styret") of all of them with their parts. `recipients` are those whom letters go to, `main` the
    addresses among them that the first named holds. `ways` gives for each address the way from the responsible party
    to that person ("Delregionene → Folloregionen"). `contributing` are the people of the contributors, to whom no
    letters go. `phrase` is the one that it comes from (None where no file has it any more), `rule` that in words that
    stand alone, `known_by` how it gives the date. A milestone is a task, on whichever day: papers to send.
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
    ways: tuple[tuple[str, str], ...] = ()
    source: str = ""
    rule: str = ""
    area: str = ""
    location: str = ""
    note: str = ""
    place: Place | None = None
    contributing: tuple[Recipient, ...] = ()
    is_milestone: bool = False
    known_by: KnownBy = KnownBy.RULE
    because: Because | None = None
    phrase: Phrase | None = field(default=None, compare=False, repr=False)

    @property
    def hour(self) -> str:
        """The hours that people act on, "10:00/12:00"; "" where none are given or it lasts for days."""
        return str(self.clock) if self.clock and self.days and len(self.days) == 1 else ""

    @property
    def key(self) -> str:
        """Its identity in feeds, letters and URLs; holds the period, never the date."""
        return key_of(self.calendar, self.id, self.period)


class ReminderKind(StrEnum):
    """What is told: a deadline so long before it, one that is over, a date that has changed, one that is gone."""

    LEAD = "lead"
    OVERDUE = "overdue"
    CHANGE = "change"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class ReminderId:
    """One thing to be told to one address: told once and never again.

    `lead` is how long before the deadline, None for other kinds; `number` counts the changes of one thing that one
    address is told. The deadline is part of it, so that a date that is moved far enough is reminded of anew.
    """

    key: str
    address: str
    kind: ReminderKind
    lead: Offset | None = None
    number: int = 0
    deadline: date | None = None


class Said(StrEnum):
    """What a letter says of a thing: a reminder in time, too late or of something new, or that something has changed.

    CHANGED has another hour or place, REMOVED is no longer in the files, UNDATED has lost its date, BACK was called off
    and is not any more.
    """

    DUE = "due"
    LATE = "late"
    NEW = "new"
    OVERDUE = "overdue"
    MOVED = "moved"
    CHANGED = "changed"
    CANCELLED = "cancelled"
    REMOVED = "removed"
    UNDATED = "undated"
    BACK = "back"


CHANGES = frozenset({Said.MOVED, Said.CHANGED, Said.CANCELLED, Said.REMOVED, Said.UNDATED, Said.BACK})
GONE = frozenset({Said.CANCELLED, Said.REMOVED, Said.UNDATED})
_KINDS = (
    dict.fromkeys(CHANGES, ReminderKind.CHANGE)
    | dict.fromkeys(GONE, ReminderKind.GONE)
    | {Said.OVERDUE: ReminderKind.OVERDUE}
)


@dataclass(frozen=True, slots=True)
class Reminder:
    """One thing to be told of an occurrence; `reason` says in the recipient's language why they get it.

    `due` is the day on which it should be told. `before` is the date that the recipient was last told, where `said` is
    a change, `clock_before` and `location_before` what they were told of hour and place where these are others now
    (None where not); `nth` numbers the changes that one person is told of one thing. `is_to_confirm` says that the date
    itself is wanted; the occurrence is made up for that, with its own key.
    """

    occurrence: Occurrence
    lead: Offset
    recipient: Recipient
    due: date
    reason: str
    said: Said = Said.DUE
    before: date | None = None
    nth: int = 0
    is_to_confirm: bool = False
    clock_before: str | None = None
    location_before: str | None = None

    @property
    def id(self) -> ReminderId:
        kind = _KINDS.get(self.said, ReminderKind.LEAD)
        lead = self.lead if kind is ReminderKind.LEAD else None
        deadline = self.before if self.said in GONE else self.occurrence.deadline
        number = self.nth if self.said in CHANGES else 0
        return ReminderId(self.occurrence.key, self.recipient.address, kind, lead, number, deadline)

    @property
    def day(self) -> date:
        """The date that it is about: the deadline, or the one that no longer holds. ValueError where there is none."""
        found = self.occurrence.deadline or self.before
        if found is None:
            raise ValueError(f"{self.occurrence.key} has no date to tell of")
        return found


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to one recipient on one send day, most urgent reminder first. `send_at` is an instant in UTC."""

    to: Recipient
    send_day: date
    send_at: datetime
    reminders: tuple[Reminder, ...]
