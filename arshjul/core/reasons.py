"""Why this is told to this person on this day, in one sentence: the footer of every letter. At length: `explain`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from arshjul.core.model import GONE, Kind, Occurrence, Recipient, Reminder, Said
from arshjul.core.wording import SAY
from arshjul.core.words import day_in_words, lead_in_words, short_day_in_words


def reason(reminder: Reminder, day: date) -> str:
    """Return the chain from the key to the person, as told on a day, in the recipient's language."""
    language = reminder.recipient.language
    say = SAY[language]
    return say["sent_because"].format(day=short_day_in_words(day, language), chain=" → ".join(_links(reminder)))


def _links(reminder: Reminder) -> Iterator[str]:
    it, language = reminder.occurrence, reminder.recipient.language
    say = SAY[language]
    yield it.key
    if it.rule and reminder.said not in GONE:
        yield say["quoted"].format(phrase=it.rule)
    if it.deadline and reminder.said not in GONE:
        name = f"{say['deadline']} " if it.kind is not Kind.DAY else ""
        yield name + day_in_words(it.deadline, language)
    yield from _why_now(reminder, language)
    yield f"{say['main' if reminder.recipient.address in it.main else 'other']}: {way(it, reminder.recipient)}"


def _why_now(reminder: Reminder, language: str) -> Iterator[str]:
    say, before = SAY[language], reminder.before
    if before is not None:
        yield say["told"].format(before=day_in_words(before, language))
    if reminder.said in GONE:
        yield say["gone"]
    elif reminder.said is Said.OVERDUE:
        yield say["not_done"]
    elif before is None:
        yield _lead(reminder, language)


def _lead(reminder: Reminder, language: str) -> str:
    """Return "20 virkedager før", and where that is no day for letters, which day it is and which is: they differ."""
    lead, wished = lead_in_words(reminder.lead, language), reminder.lead.before(reminder.day)
    if reminder.due >= wished:
        return SAY[language]["before"].format(lead=lead)
    days = (short_day_in_words(day, language) for day in (wished, reminder.due))
    return SAY[language]["rolled_back"].format(lead=lead, **dict(zip(("wished", "day"), days, strict=True)))


def way(occurrence: Occurrence, recipient: Recipient) -> str:
    """Return how a person holds the task: "Delregionene → Folloregionen"."""
    found = (path for address, path in occurrence.ways if address == recipient.address)
    return next(found, ", ".join(occurrence.responsible))
