"""The steps of one letter's sending, written down one at a time as the ledger writes down many."""

from __future__ import annotations

from datetime import datetime

from arshjul.mail.verdicts import Change, Verdict
from arshjul.store import claims
from arshjul.store.claims import Claimed, Entry
from arshjul.store.engine import Store
from tests.sample_letters import NOW


def data_started(store: Store, letter: Claimed, owner: str) -> Change | None:
    """Write down that DATA comes next; None for a letter that is no longer the owner's."""
    return claims.write(store, [Entry(letter)], owner, NOW)[0]


def settled(
    store: Store, letter: Claimed, verdict: Verdict, owner: str, *, now: datetime = NOW, jitter: float = 0.0
) -> Change | None:
    """Write the verdict down; None as above."""
    return claims.write(store, [Entry(letter, verdict, jitter)], owner, now)[0]
