"""The steps of one letter's sending, written down one at a time as the ledger writes down many."""

from __future__ import annotations

from datetime import datetime

from arshjul.core.outbox import Change
from arshjul.core.verdicts import Verdict
from arshjul.store import sending
from arshjul.store.engine import Store
from arshjul.store.sending import Claimed, Entry
from tests.sample_letters import NOW


def data_started(store: Store, letter: Claimed, owner: str) -> Change | None:
    """Write down that DATA comes next; None for a letter that is no longer the owner's."""
    return sending.write(store, [Entry(letter)], owner, NOW)[0]


def settled(
    store: Store, letter: Claimed, verdict: Verdict, owner: str, *, now: datetime = NOW, jitter: float = 0.0
) -> Change | None:
    """Write the verdict down; None as above."""
    return sending.write(store, [Entry(letter, verdict, jitter)], owner, now)[0]
