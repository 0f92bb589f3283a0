"""What has become of a date, an hour or a place, in words: for letters, pages and terminals. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from arshjul.core.model import CHANGES, Reminder, Said
from arshjul.core.texts import one_line
from arshjul.core.turns import read_clock
from arshjul.core.wording import SAY
from arshjul.core.words import clock_in_words, day_in_words, short_day_in_words


def change_word(reminder: Reminder, language: str) -> str:
    """Return the word for a change: "Flyttet", "Ny tid", "Avlyst"; "" for a reminder."""
    say = SAY[language]
    if reminder.said is Said.CHANGED:
        return say["new_place"] if reminder.clock_before is None else say["new_time"]
    return say[f"{reminder.said}_word"] if reminder.said in CHANGES or reminder.said is Said.OVERDUE else ""


def arrow(reminder: Reminder, language: str) -> str:
    """Return "mandag 8. desember → torsdag 11. desember", with the years where they differ."""
    days = [day for day in (reminder.before, reminder.occurrence.deadline) if day]
    spoken = short_day_in_words if len({day.year for day in days}) == 1 else day_in_words
    return " → ".join(spoken(day, language) for day in days)


def hours(reminder: Reminder, language: str) -> tuple[str, str] | None:
    """Return the hours before and now in words, None where they are the same or not known."""
    if reminder.clock_before is None:
        return None
    now, before = reminder.occurrence.clock, read_clock(reminder.clock_before) if reminder.clock_before else None
    none = SAY[language]["no_time"]
    return (
        clock_in_words(before, language) if before else none,
        clock_in_words(now, language) if now and reminder.occurrence.hour else none,
    )


def details(reminder: Reminder, language: str) -> Iterator[str]:
    """Yield a sentence each on a new hour and a new place."""
    say = SAY[language]
    if found := hours(reminder, language):
        yield say["time_changed"].format(before=found[0], after=found[1])
    if reminder.location_before is not None:
        before, after = (one_line(place) for place in (reminder.location_before, reminder.occurrence.location))
        yield say["place_changed"].format(before=before or say["no_place"], after=after or say["no_place"])
