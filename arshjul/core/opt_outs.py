"""Who has said no to letters. Their tasks stay theirs, so the coordinator learns of it, and of what nobody is told."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from arshjul.core.model import Occurrence, Status


@dataclass(frozen=True, slots=True)
class OptOut:
    """Since `at` (UTC) nothing is written to `address`, as `spelt`; `by` says in Norwegian how we know."""

    address: str
    at: datetime
    by: str


def spelt(address: str) -> str:
    """Return an address as it is compared: no server tells Kari@ from kari@."""
    return address.lower()


def unreached(occurrences: Iterable[Occurrence], opted_out: Collection[str], today: date) -> list[Occurrence]:
    """Return the next of each thing that is due from today on and has recipients who have all said no."""
    found: dict[tuple[str, str], Occurrence] = {}
    for one in occurrences:
        is_due = one.deadline is not None and one.deadline >= today and one.status is not Status.CANCELLED
        if is_due and one.recipients and all(spelt(person.address) in opted_out for person in one.recipients):
            nearest = found.setdefault((one.calendar, one.id), one)
            if (one.deadline, one.key) < (nearest.deadline, nearest.key):
                found[one.calendar, one.id] = one
    return sorted(found.values(), key=lambda one: (one.deadline, one.key))
