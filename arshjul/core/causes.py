"""Which letters go because the files were edited, and not because their time has come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final

from arshjul.core.dates import DAY, Span
from arshjul.core.known import EXPECTED_AHEAD, Expected, Known
from arshjul.core.model import CHANGES, Catalogue, Letter, Occurrence, Reminder, Said
from arshjul.core.plan import LetterRules, all_reminders
from arshjul.core.words import instant_in_words, list_in_words

NAMED: Final = 3
"""Things that are named as the cause of letters."""


def expected(catalogue: Catalogue, occurrences: Iterable[Occurrence], today: date, rules: LetterRules) -> Expected:
    """Return the reminders that the files make for the time until the next hour of letters, however late that comes."""
    until = today + EXPECTED_AHEAD
    ahead = (one for one in occurrences if one.deadline is not None and one.deadline >= today)
    found = all_reminders(catalogue, ahead, Span(today, until + DAY), rules)
    return Expected(until, frozenset(one.id for one in found if one.due <= until))


def is_caused_by_edit(reminder: Reminder, known: Known) -> bool:
    """Tell whether it is told because the files were edited, not because its time has come.

    A reminder whose time has come is caused as well when the files of the last hour of letters did not have it: a date
    that is moved to five workdays from now is "in time" the next morning.
    """
    if reminder.said in (Said.DUE, Said.LATE):
        before = known.expected
        return before is not None and reminder.due <= before.until and reminder.id not in before.reminders
    return reminder.said in CHANGES or reminder.said is Said.NEW


def caused_by_edit(letters: Iterable[Letter], known: Known) -> list[Letter]:
    """Return the letters that tell something because the files were edited."""
    return [letter for letter in letters if any(is_caused_by_edit(one, known) for one in letter.reminders)]


def ahead_in_words(letters: Sequence[Letter], known: Known, at: datetime, *, is_held: bool = False) -> str:
    """Return "17 brev går torsdag 26. november 2026 kl. 08.00 fordi «Styremøte» er endret.", "" without letters.

    While everything is held, they go once it is let go, and no sooner than that.
    """
    told = (reminder for letter in letters for reminder in letter.reminders)
    titles = list(dict.fromkeys(f"«{one.occurrence.title}»" for one in told if is_caused_by_edit(one, known)))
    if not titles:
        return ""
    more = len(titles) - NAMED
    named = list_in_words((*titles[:NAMED], *([f"{more} til"] if more > 0 else [])))
    held = "når utsendingen slippes løs, tidligst " if is_held else ""
    return f"{len(letters)} brev går {held}{instant_in_words(at)} fordi {named} er endret."
