"""What people have reported of a thing: that it is done, not relevant this time, put off, or open after all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from arshjul.core.senddays import local_day
from arshjul.core.words import day_in_words


class Report(StrEnum):
    """What is reported; the values are what an administrator writes."""

    DONE = "ferdig"
    NOT_RELEVANT = "uaktuell"
    PUT_OFF = "utsatt"
    OPEN = "åpen"


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """A report of one thing, with its deadline at that time. `at` is an instant in UTC."""

    key: str
    state: Report
    by: str
    note: str
    deadline: date | None
    at: datetime


def settled(latest: Iterable[Acknowledgement]) -> frozenset[tuple[str, date | None]]:
    """Return what need not be reminded of: the key with None, or with the deadline that was put off.

    What is put off is open again once it has another date, or any date where it had none; the latest report of each
    key counts.
    """
    return frozenset(
        (one.key, one.deadline if one.state is Report.PUT_OFF else None)
        for one in latest
        if one.state is not Report.OPEN and (one.state is not Report.PUT_OFF or one.deadline is not None)
    )


def put_off(latest: Iterable[Acknowledgement]) -> tuple[Acknowledgement, ...]:
    """Return the reports of what is put off, among the latest of each key."""
    return tuple(one for one in latest if one.state is Report.PUT_OFF)


def note_until(until: date | None, note: str) -> str:
    """Return the note with the day that a thing is put off to: "til fredag 15. januar 2027; venter på svar"."""
    return "; ".join(filter(None, [f"til {day_in_words(until)}" if until else "", note]))


def in_words(one: Acknowledgement) -> str:
    """Return "Meldt ferdig fredag 20. november 2026 av Kari: levert i går."."""
    state = "Åpnet igjen" if one.state is Report.OPEN else f"Meldt {one.state}"
    by = f" av {one.by}" if one.by else ""
    return f"{state} {day_in_words(local_day(one.at))}{by}{f': {one.note}' if one.note else ''}."
