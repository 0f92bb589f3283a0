"""The year and the letters as they look in a terminal. Pure: what is printed where is decided in the commands."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from arshjul.core.dates import Span
from arshjul.core.entries import heading, shown_days
from arshjul.core.model import Catalogue, Letter, Occurrence, Reminder, Status
from arshjul.core.words import clock_in_words, day_in_words, list_in_words, month_in_words, weekday_in_words

MARKS = {Status.CONFIRMED: "●", Status.TENTATIVE: "○", Status.CANCELLED: "×"}
LEGEND = "● bekreftet   ○ foreløpig   × avlyst"


def summary(catalogue: Catalogue) -> str:
    """Return one line per calendar with what is in it."""
    lines = []
    for calendar in catalogue.calendars.values():
        measures = sum(item.is_measure for item in calendar.items)
        events = len(calendar.items) - measures
        counted = [(events, "hendelser og milepæler"), (measures, "tiltak"), (len(calendar.parties), "parter")]
        lines.append(f"{calendar.name}: " + ", ".join(f"{count} {what}" for count, what in counted if count))
    return "\n".join([*lines, "Alt er i orden."])


def agenda_text(occurrences: Sequence[Occurrence]) -> str:
    """Return the occurrences month by month, what has no date last, and what the marks mean."""
    dated = [(days, one) for one in occurrences if (days := shown_days(one))]
    undated = [one for one in occurrences if one.days is None]
    if not occurrences:
        return "Ingenting i denne perioden."
    blocks = [
        "\n".join([month_in_words(same[0][0].first).capitalize(), *(_row(one, days) for days, one in same)])
        for _, group in groupby(sorted(dated, key=_day_and_key), key=lambda pair: pair[0].first.replace(day=1))
        for same in [list(group)]
    ]
    if undated:
        blocks.append("\n".join(["Uten dato", *(_row(one, None) for one in undated)]))
    return "\n\n".join([*blocks, LEGEND])


def letters_text(letters: Sequence[Letter], subjects: Sequence[str]) -> str:
    """Return the letters by send day, each with its reminders, and how many there are."""
    if not letters:
        return "Ingen brev i denne perioden."
    lines: list[str] = []
    for day, group in groupby(zip(letters, subjects, strict=True), key=lambda pair: pair[0].send_day):
        lines.append(f"{day_in_words(day).capitalize()}")
        for letter, subject in group:
            lines += [f"  Til {letter.to}", f"  Emne: {subject}"]
            lines += [f"    · {_said(reminder)}" for reminder in letter.reminders]
        lines.append("")
    people = len({letter.to.address for letter in letters})
    return "\n".join([*lines, f"{len(letters)} brev til {people} mottakere."])


def _row(occurrence: Occurrence, days: Span | None) -> str:
    clock = f" {clock_in_words(occurrence.clock)}" if occurrence.clock else ""
    who = f"  [{list_in_words(occurrence.responsible)}]" if occurrence.responsible else ""
    when = "" if days is None else _when(days)
    return f"  {MARKS[occurrence.status]} {when:11} {heading(occurrence)}{clock}{who}"


def _when(days: Span) -> str:
    if len(days) == 1:
        return f"{weekday_in_words(days.first)[:3]} {days.first.day:2}."
    last = f"{days.last.day}." if days.last.month == days.first.month else f"{days.last.day}.{days.last.month}."
    return f"{days.first.day}.–{last}"


def _said(reminder: Reminder) -> str:
    deadline = reminder.occurrence.deadline
    when = f"{day_in_words(deadline)}: " if deadline else ""
    return f"{when}{reminder.occurrence.title} ({reminder.lead} før)"


def _day_and_key(pair: tuple[Span, Occurrence]) -> tuple[Span, str]:
    return pair[0], pair[1].key
