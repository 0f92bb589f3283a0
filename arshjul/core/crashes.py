"""The labelled places at which the tests let the program die, in the order in which a letter passes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

Crash: TypeAlias = Callable[[str], None]
"""Called with a label at each place; it returns, or the process is gone."""

CRASH_POINTS: Final = (
    "planned",  # letters are written, and nothing of them is in the outbox
    "queued",  # T1: they are in the outbox
    "claimed",  # T2: a sender has them
    "connected",
    "mail",
    "rcpt",  # the server takes the recipient; nothing of DATA is written down
    "data_started",  # T3: written down, DATA not said
    "go_ahead",  # DATA said and answered with 354, no byte of the letter sent
    "sent",  # the letter and its final dot handed to the system, no reply read
    "replied",  # 250 read, written down nowhere
    "journaled",  # in accepted.journal
    "accepted",  # T4: in the outbox
)


def go_on(_label: str) -> None:
    """Do not crash."""
