"""A distance in time from a day: "5 virkedager", "3 uker". Also how long before a deadline to write (a lead time)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from arshjul.core.dates import add_months
from arshjul.core.workdays import add_workdays


class Unit(StrEnum):
    """What an offset is counted in."""

    WORKDAYS = "workdays"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"


WORDS = {
    Unit.WORKDAYS: ("virkedag", "virkedager"),
    Unit.DAYS: ("dag", "dager"),
    Unit.WEEKS: ("uke", "uker"),
    Unit.MONTHS: ("måned", "måneder"),
}


@dataclass(frozen=True, slots=True)
class Offset:
    """So many workdays, days, weeks or months. `str()` is its name in keys and JSON: "15 virkedager"."""

    amount: int
    unit: Unit = Unit.WORKDAYS

    def __str__(self) -> str:
        one, many = WORDS[self.unit]
        return f"{self.amount} {one if self.amount == 1 else many}"

    def before(self, day: date) -> date:
        """Return the day that lies this far before; workdays are counted, the day itself not among them."""
        return self._from(day, -self.amount)

    def after(self, day: date) -> date:
        """Return the day that lies this far after; workdays are counted, the day itself not among them."""
        return self._from(day, self.amount)

    def _from(self, day: date, amount: int) -> date:
        if self.unit is Unit.WORKDAYS:
            return add_workdays(day, amount)
        if self.unit is Unit.MONTHS:
            return add_months(day, amount)
        return day + timedelta(days=amount if self.unit is Unit.DAYS else 7 * amount)
