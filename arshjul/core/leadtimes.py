"""Entries so long before a deadline ("Om 20 virkedager: …"): reminders for calendars that do not heed alarms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from arshjul.core.dates import Span
from arshjul.core.entries import Entry
from arshjul.core.keys import lead_key
from arshjul.core.model import Occurrence, Status
from arshjul.core.offsets import Offset, Unit
from arshjul.core.texts import one_line, shortened
from arshjul.core.words import day_in_words

UNIT_LETTERS = {Unit.WORKDAYS: "v", Unit.DAYS: "d", Unit.WEEKS: "u", Unit.MONTHS: "m"}
LONGEST_HEADING = 255
"""UTF-16 units."""


def lead_entries(occurrence: Occurrence, shown: Entry, leads: Sequence[Offset]) -> Iterator[Entry]:
    """Yield an all-day entry for each lead time of what has a deadline; `shown` is the occurrence's own entry."""
    if occurrence.deadline is None or occurrence.status is Status.CANCELLED:
        return
    for lead in leads:
        yield replace(
            shown,
            key=lead_key(shown.key, lead.amount, UNIT_LETTERS[lead.unit]),
            heading=shortened(f"Om {lead}: {one_line(occurrence.title)}", LONGEST_HEADING),
            days=Span.of(lead.before(occurrence.deadline)),
            start=None,
            end=None,
            busy=False,
            text=f"Om {lead}: {day_in_words(occurrence.deadline)}\n{shown.text}",
        )
