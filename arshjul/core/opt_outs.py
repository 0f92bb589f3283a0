"""Who has said no to letters. Their tasks stay theirs, so the coordinator learns of it, and of what nobody is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from arshjul.core.dates import Span
from arshjul.core.known import Known
from arshjul.core.model import Occurrence, Status
from arshjul.core.offsets import Offset


@dataclass(frozen=True, slots=True)
class OptOut:
    """Since `at` (UTC) nothing is written to `address`, as `folded` writes it; `by` says in Norwegian how we know."""

    address: str
    at: datetime
    by: str


def folded(address: str) -> str:
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
            and all(folded(person.address) in known.opted_out for person in one.recipients)
        ):
            nearest = found.setdefault((one.calendar, one.id), one)
            if (one.deadline, one.key) < (nearest.deadline, nearest.key):
                found[one.calendar, one.id] = one
    return sorted(found.values(), key=lambda one: (one.deadline, one.key))
