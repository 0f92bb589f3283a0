"""Identity: keys are built and taken apart here only, and each turn of an item gets its period here.

A key is `calendar/item/period`. The period is the coarsest name that tells the turns of the item apart: the year, the
month of a date in a list, the period of the meeting that it follows; else the day. What has been in force keeps the
period that it had (`TurnRecord`), whatever is put in, taken out or moved around it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from typing import TypeVar
from urllib.parse import quote

from arshjul.timing.days import Clock, Span, day_period

CONFIRMED = "confirmed"
"""As `model.Status` has it."""

STILL_MOVABLE = timedelta(days=1)
"""A date that was taken out of a file so short a time ago can come back on another day: a line is cut, then pasted."""


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """A turn of an item as it was when files were last in force that had it.

    `period` names it in its key, `natural` is what the rule alone would call it. `ruled` are the days that the rule
    gave, `days` those that were published: an announced date differs. `is_due` says that it counts to its last day: a
    deadline, a task. `status` is a `model.Status`, `known_by` a `model.KnownBy`, `because` the key of a cancelled event
    that it follows. `gone_on` is the local day on which the files no longer had it. `told_on` is what those were last
    told who have been told of it or its steps: False that it is gone, where anybody was, True that it is on; None when
    nobody was, or nobody asked.
    """

    calendar: str
    item: str
    period: str
    natural: str
    ruled: Span
    days: Span
    status: str
    deadline: bool = False
    is_due: bool = False
    clock: Clock | None = None
    because: str = ""
    known_by: str = "rule"
    marker: str = ""
    rule: str = ""
    source: str = ""
    title: str = ""
    location: str = ""
    gone_on: date | None = None
    told_on: bool | None = field(default=None, compare=False)

    @property
    def owner(self) -> tuple[str, str]:
        """The calendar and the item that it is a turn of."""
        return self.calendar, self.item

    def has_begun(self, today: date) -> bool:
        """Tell whether it is past or under way, so that no edit changes it. What was taken out before never began."""
        is_under_way = self.status == CONFIRMED and not self.is_due  # a window may still get a day of its own
        day = self.days.first if is_under_way else self.days.last
        return day < today and (self.gone_on is None or day < self.gone_on)

    def can_move(self, today: date) -> bool:
        """Tell whether a date that is new in the files may be this one on another day."""
        is_there = self.gone_on is None or (self._is_fresh(today) and self.told_on is not False)
        return is_there and self.days.end > today and not self.has_begun(today)

    def is_believed(self, today: date) -> bool:
        """Tell whether people count on it: it is in the files, or taken out of them so that nobody knows it yet.

        What they know to be gone, or never heard of, may give way to another date that is moved to its day.
        """
        return self.gone_on is None or (self._is_fresh(today) if self.told_on is None else self.told_on)

    def _is_fresh(self, today: date) -> bool:
        return self.gone_on is not None and today - self.gone_on <= STILL_MOVABLE


@dataclass(frozen=True, slots=True)
class History:
    """The records of each item, by (calendar, item); `today` is the local day that tells past from future."""

    today: date = date.min
    records: Mapping[tuple[str, str], Sequence[TurnRecord]] = field(default_factory=dict)

    def of(self, calendar: str, item: str) -> Sequence[TurnRecord]:
        return self.records.get((calendar, item), ())

    def begun(self, calendar: str, item: str) -> list[TurnRecord]:
        """Return the records of what has begun."""
        return [record for record in self.of(calendar, item) if record.has_begun(self.today)]

    def has_gone(self) -> bool:
        """Tell whether any date to come was taken out of the files."""
        found = (one for records in self.records.values() for one in records)
        return any(one.gone_on is not None and one.days.end > self.today for one in found)

    def ahead(self, calendar: str, item: str) -> list[TurnRecord]:
        """Return the records of what is still to come and was last seen in the files."""
        return [one for one in self.of(calendar, item) if one.gone_on is None and one.days.first > self.today]


NO_HISTORY = History()


FARTHEST_MOVE = timedelta(days=92)
"""A date that disappears and one that appears farther apart are two things, not one that was moved."""

_Member = TypeVar("_Member")

_LEAD = re.compile(r"-lead\d+[a-z]$")
_AWAITED, _OF_THE_SERVICE = "#bekreft", "#drift"
"""What ends the keys of what only the coordinator is told: a date is wanted, the service itself needs something."""

LONGEST_UID = 200
"""Octets; RFC 7986 section 5.3 asks for less than 255, and readers cut what is longer."""


def key_of(calendar: str, item: str, period: str) -> str:
    return f"{calendar}/{item}/{period}"


def split_key(key: str) -> tuple[str, str, str]:
    """Return calendar, item and period of a key; the parts that are not there are empty."""
    calendar, _, rest = key.partition("/")
    item, _, period = rest.partition("/")
    return calendar, item, period


def full_id(calendar: str, id_: str) -> str:
    """Return the identity over all calendars of an item, a party or an area: "osloregionen/styret"."""
    return f"{calendar}/{id_}"


def split_full_id(text: str) -> tuple[str, str]:
    """Return the calendar and the id in it; the id is empty where only a calendar is named."""
    calendar, _, id_ = text.partition("/")
    return calendar, id_


def calendar_of(key: str) -> str:
    """Return the calendar of a key or a full id."""
    return key.partition("/")[0]


def item_of(key: str) -> str:
    """Return the full id of the item of a key."""
    return full_id(*split_key(key)[:2])


def uid_of(key: str, domain: str) -> str:
    """Return the UID for a key: ASCII, at most 200 characters, and the key itself wherever it can be read.

    "~" stands for "/", so that a UID is a file name for programs that save each event as a file. No id holds one, so
    different keys have different UIDs.
    """
    uid = f"{quote(key.replace('/', '~'), safe='~')}@{domain}"
    if len(uid) <= LONGEST_UID:
        return uid
    digest = sha256(key.encode()).hexdigest()[:32]
    return f"{uid[: LONGEST_UID - len(digest) - len(domain) - 2]}-{digest}@{domain}"


def awaited_period(period: str) -> str:
    """Return the period of what the coordinator is asked for: the announcement of that period's date."""
    return f"{period}{_AWAITED}"


def without_awaited(key: str) -> str:
    """Return the key whose date is asked for, or the key itself."""
    return key.removesuffix(_AWAITED)


def service_period(day: date) -> str:
    """Return the period of what the service itself needs on a day; no calendar file has it."""
    return f"{day}{_OF_THE_SERVICE}"


def is_in_files(key: str) -> bool:
    """Tell whether the key is of something in the calendar files."""
    return "#" not in key


def part_period(period: str, part: str) -> str:
    """Return the period for one part of a group. No other period has a full stop in it."""
    return f"{period}.{part}"


def lead_key(key: str, amount: int, unit: str) -> str:
    """Return the key of the entry so long before another: `…/2026-12-lead20v`. `unit` is one lower-case letter."""
    return f"{key}-lead{amount}{unit}"


def is_lead(key: str) -> bool:
    return _LEAD.search(key) is not None


def without_lead(key: str) -> str:
    """Return the key of the entry that this one comes before, or the key itself."""
    return _LEAD.sub("", key)


@dataclass(frozen=True, slots=True)
class Nameless:
    """A turn that wants a period: the days of its rule, and the names that would do, the best first.

    `follows` says that it hangs on another event, whose period it has: it moves when that does. `time` tells apart
    two turns on the same days.
    """

    days: Span
    names: tuple[str, ...]
    follows: bool = False
    time: str = ""

    @property
    def natural(self) -> str:
        return self.names[0]


def name_turns(turns: Sequence[Nameless], records: Sequence[TurnRecord], today: date) -> list[str]:
    """Return a period for each turn of one item, all different; `records` are what has been in force of that item."""
    naming = _Naming(turns, list(records), today)
    naming.keep_same_days(is_believed=True)
    naming.keep_followers()
    naming.keep_moved()  # what is gone in this very edit goes before what was taken out a day ago
    naming.keep_same_days(is_believed=False)
    naming.keep_moved(gone_before=True)
    naming.keep_moved(is_past=True)
    naming.name_new({record.period for record in records})
    return [naming.names[at] for at in range(len(turns))]


@dataclass(slots=True)
class _Naming:
    """The periods of an item's turns as they are found; `left` are the records that are not yet any turn's."""

    turns: Sequence[Nameless]
    left: list[TurnRecord]
    today: date
    names: dict[int, str] = field(default_factory=dict)

    def nameless(self) -> list[int]:
        return [at for at in range(len(self.turns)) if at not in self.names]

    def keep_same_days(self, *, is_believed: bool) -> None:
        """Give what has the days that a record has the record's period; what is in the files goes before what is gone.

        A follower takes only the name of its own meeting: the days of two meetings' followers can meet by chance.
        """
        for same_name in (True, False):
            self._keep_same_days(is_believed=is_believed, same_name=same_name)

    def _keep_same_days(self, *, is_believed: bool, same_name: bool) -> None:
        by_days: dict[tuple[Span, str], list[TurnRecord]] = {}
        there = [record for record in self.left if record.is_believed(self.today) == is_believed]
        for record in sorted(there, key=lambda one: one.gone_on is not None):
            by_days.setdefault((record.ruled, record.natural if same_name else ""), []).append(record)
        for at in self.nameless():
            turn = self.turns[at]
            alike = by_days.get((turn.days, turn.natural if same_name else ""))
            if alike and (same_name or not turn.follows):
                self._keep(at, alike.pop(0))

    def keep_followers(self) -> None:
        """Give each step of a meeting the record of the same step: it moves when the meeting does.

        One that has begun is the same step still; it is not to come again because the meeting was moved. And one that
        counts as gone since the meeting's move put it on a day that is past was moved, however long ago that was.
        """
        there = {(record.natural, record.period): record for record in self.left}
        for at in self.nameless():
            turn = self.turns[at]
            record = there.pop((turn.natural, turn.names[-1]), None)
            if record and turn.follows:
                self._keep(at, record)

    def keep_moved(self, *, gone_before: bool = False, is_past: bool = False) -> None:
        """Give the one turn that is new the period of the one that is no longer there: it was moved.

        First among those of one name (a month of a list, one meeting's followers), then among all. Where there are
        several, the files do not say which is which, and none is taken for another. What has been is never moved to a
        day that is to come: with `is_past`, a day that has been is put right after the event.
        """
        for same_name in (True, False):
            self._keep_moved(same_name=same_name, gone_before=gone_before, is_past=is_past)

    def _keep_moved(self, *, same_name: bool, gone_before: bool, is_past: bool) -> None:
        new = [at for at in self.nameless() if (self.turns[at].days.end <= self.today) == is_past]
        if not same_name:
            new = [at for at in new if not self.turns[at].follows]
        lost = [one for one in self.left if one.natural and self._may_be(one, is_past=is_past)]
        lost = [record for record in lost if (record.gone_on is not None) == gone_before]
        coming = _grouped((self.turns[at].natural if same_name else "", at) for at in new)
        going = _grouped((record.natural if same_name else "", record) for record in lost)
        for group in sorted(coming.keys() & going.keys()):
            if len(coming[group]) == len(going[group]) == 1:
                at, record = coming[group][0], going[group][0]
                if same_name or self._is_near(at, record):
                    self._keep(at, record)

    def name_new(self, taken: Collection[str]) -> None:
        """Name what has never been in force: by the first of its names that nothing else has or wants."""
        used = {*taken, *self.names.values()}
        waiting = dict.fromkeys(self.nameless(), 0)
        while waiting:
            wished = {at: self._wish(at, rung, used) for at, rung in waiting.items()}
            counts = Counter(wished.values())
            clear = {at for at, name in wished.items() if counts[name] == 1 and name not in used}
            self.names |= {at: wished[at] for at in clear}
            used |= {wished[at] for at in clear}
            waiting = {at: rung + 1 for at, rung in waiting.items() if at not in clear}

    def _wish(self, at: int, rung: int, used: Collection[str]) -> str:
        """Return the name that a turn asks for in a round: its own ones, then the day, then the day and a number."""
        turn = self.turns[at]
        if rung < len(turn.names):
            return turn.names[rung]
        day = day_period(turn.days.first)
        if rung == len(turn.names):
            return day
        twins = sorted(
            (other for other in self.nameless() if self.turns[other].days.first == turn.days.first),
            key=lambda other: (self.turns[other].days.end, self.turns[other].time, other),
        )
        free = (name for n in range(2, 10_000) if (name := f"{day}_{n}") not in used)
        return [name for name, _ in zip(free, twins, strict=False)][twins.index(at)]

    def _may_be(self, record: TurnRecord, *, is_past: bool) -> bool:
        return record.has_begun(self.today) if is_past else record.can_move(self.today)

    def _is_near(self, at: int, record: TurnRecord) -> bool:
        return abs(self.turns[at].days.first - record.ruled.first) <= FARTHEST_MOVE

    def _keep(self, at: int, record: TurnRecord) -> None:
        self.names[at] = record.period
        self.left.remove(record)


def _grouped(pairs: Iterable[tuple[str, _Member]]) -> dict[str, list[_Member]]:
    found: dict[str, list[_Member]] = {}
    for name, member in pairs:
        found.setdefault(name, []).append(member)
    return found


def meant_by(period: str, turns: Iterable[tuple[str, str, Span]]) -> list[str]:
    """Return the periods of the turns that a period written in a file can mean; of several a person must choose.

    `turns` are (period, natural name, days of the rule). A day means the date that the rule gives for it. A month
    means the only date in that month, and the key's own name what has it, when no other has that natural name.
    """
    found = list(turns)
    if exact := [name for name, _, days in found if day_period(days.first) == period]:
        return exact
    alike = [name for name, natural, _ in found if period == natural]
    own = [name for name, _, _ in found if name == period]
    return list(dict.fromkeys([*own, *alike]))
