"""The year and the letters as they look in a terminal. Pure: what is printed where is decided in the commands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from arshjul.core.dates import Span
from arshjul.core.entries import heading, shown_days
from arshjul.core.model import CHANGES, Letter, Occurrence, Reminder, Said, Status
from arshjul.core.wording import SAY
from arshjul.core.words import (
    STATUS_WORDS,
    clock_in_words,
    count_in_words,
    day_in_words,
    list_in_words,
    month_in_words,
    weekday_in_words,
)

MARKS = {Status.CONFIRMED: "●", Status.TENTATIVE: "○", Status.CANCELLED: "×"}
LEGEND = "   ".join(f"{mark} {STATUS_WORDS[status]}" for status, mark in MARKS.items())


def agenda_text(occurrences: Sequence[Occurrence]) -> str:
    """Return the occurrences month by month, what has no date last, and what the marks mean."""
    dated = [(days, one) for one in occurrences if (days := shown_days(one))]
    undated = [one for one in occurrences if one.days is None]
    if not occurrences:
        return "Ingenting i denne perioden."
    blocks = [
        "\n".join([month_in_words(month).capitalize(), *(_row(one, days) for days, one in same)])
        for month, same in groupby(sorted(dated, key=_days), key=lambda pair: pair[0].first.replace(day=1))
    ]
    if undated:
        blocks.append("\n".join(["Uten dato", *(_row(one, None) for one in undated)]))
    return "\n\n".join([*blocks, LEGEND])


def letters_text(letters: Sequence[Letter], subjects: Sequence[str]) -> str:
    """Return the letters by send day, each with its reminders, and how many there are. There must be one."""
    lines: list[str] = []
    for day, group in groupby(zip(letters, subjects, strict=True), key=lambda pair: pair[0].send_day):
        lines += [day_in_words(day).capitalize(), *_sheets(dict(group)), ""]
    people = len({letter.to.address for letter in letters})
    return "\n".join([*lines, f"{len(letters)} brev til {count_in_words(people, 'mottaker', 'mottakere')}."])


def _sheets(letters: dict[Letter, str]) -> Iterator[str]:
    """Yield the letters of a day; those that say the same to several are shown once, with all whom they go to."""
    same: dict[tuple[str, ...], list[Letter]] = {}
    for letter, subject in letters.items():
        said = (f"  Emne: {subject}", *(f"    · {_said(reminder)}" for reminder in letter.reminders))
        same.setdefault(said, []).append(letter)
    for said, sheets in same.items():
        yield f"  Til {', '.join(str(letter.to) for letter in sheets)}"
        yield from said


def _row(occurrence: Occurrence, days: Span | None) -> str:
    clock = f" {clock_in_words(occurrence.clock)}" if occurrence.clock else ""
    who = f"  [{list_in_words(occurrence.responsible)}]" if occurrence.responsible else ""
    when = occurrence.period if days is None else _when(days)
    return f"  {MARKS[occurrence.status]} {when:11} {heading(occurrence)}{clock}{who}"


def _when(days: Span) -> str:
    if len(days) == 1:
        return f"{weekday_in_words(days.first)[:3]} {days.first.day:2}."
    last = f"{days.last.day}." if days.last.month == days.first.month else f"{days.last.day}.{days.last.month}."
    return f"{days.first.day}.–{last}"


def _said(reminder: Reminder) -> str:
    before = day_in_words(reminder.before) if reminder.before else ""
    if reminder.said in CHANGES:
        return f"{SAY['nb'][f'{reminder.said}_word']}: {before}{_to(reminder)}: {reminder.occurrence.title}"
    when = f"{day_in_words(reminder.day)}: "
    how = SAY["nb"]["overdue_word"].lower() if reminder.said is Said.OVERDUE else f"{reminder.lead} før"
    return f"{when}{reminder.occurrence.title} ({how})"


def _to(reminder: Reminder) -> str:
    deadline = reminder.occurrence.deadline
    return f" → {day_in_words(deadline)}" if reminder.said is Said.MOVED and deadline else ""


def _days(pair: tuple[Span, Occurrence]) -> Span:
    return pair[0]
