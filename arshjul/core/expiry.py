"""When a secret for the mail server runs out, and how near that is. It is the outage that is easiest to foresee."""

from __future__ import annotations

from datetime import date
from typing import Final

from arshjul.core.words import day_in_words

STEPS: Final = (1, 7, 14, 30, 60)
"""Days before the last one at which it is told of."""


def step(expires: date, today: date) -> int | None:
    """Return the smallest of STEPS that the days left do not exceed, 0 when it has run out, None with time enough."""
    left = (expires - today).days
    return 0 if left <= 0 else next((days for days in STEPS if left <= days), None)


def notice(expires: date, today: date) -> str:
    """Say it in Norwegian; "" with time enough."""
    if (near := step(expires, today)) is None:
        return ""
    day = day_in_words(expires)
    if near == 0:
        return f"Hemmeligheten for innlogging på e-posttjeneren gikk ut {day}. Lag en ny, og skriv når den går ut."
    left = (expires - today).days
    days = "én dag" if left == 1 else f"{left} dager"
    return f"Hemmeligheten for innlogging på e-posttjeneren går ut {day}, om {days}. Lag en ny før den tid."
