"""When a secret for the mail server runs out, and how near that is. It is the outage that is easiest to foresee."""

from __future__ import annotations

from datetime import date
from typing import Final

from arshjul.core.offsets import Offset, Unit
from arshjul.core.wording import SAY
from arshjul.core.words import day_in_words, lead_in_words

STEPS: Final = (1, 7, 14, 30, 60)
"""Days before the last one at which it is told of."""


def step(expires: date, today: date) -> int | None:
    """Return the smallest of STEPS that the days left do not exceed, 0 from the last day on, None with time enough."""
    left = (expires - today).days
    return 0 if left <= 0 else next((days for days in STEPS if left <= days), None)


def notice(expires: date, today: date, language: str = "nb") -> str:
    """Say it in a sentence or two; "" with time enough. On its last day the secret still opens the door."""
    if step(expires, today) is None:
        return ""
    say, day, left = SAY[language], day_in_words(expires, language), (expires - today).days
    if left < 0:
        return say["secret_out"].format(day=day)
    if left == 0:
        return say["secret_today"].format(day=day)
    lead = lead_in_words(Offset(left, Unit.DAYS), language)
    return say["secret_soon"].format(left=say["tomorrow"] if left == 1 else say["in_days"].format(lead=lead), day=day)
