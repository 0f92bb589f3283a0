"""What has been in force: which turn of which item had which days, as the store remembers it (`store.turns`).

Two things cannot be told from the files alone. Which of two dates in a list is the one that people have in their
calendars, and which day something had that was held before the files were edited.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from arshjul.core.dates import Span
from arshjul.core.turns import Clock

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
