"""Who fetches which feed, counted in memory: the only answer a feed gets. The service writes it down in batches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

CLIENTS = (
    (b"Google-Calendar-Importer", "Google"),
    (b"Outlook", "Outlook"),
    (b"Microsoft", "Outlook"),
    (b"Exchange", "Outlook"),
    (b"Thunderbird", "Thunderbird"),
    (b"dataaccessd", "Apple"),
    (b"CalendarAgent", "Apple"),
    (b"CFNetwork", "Apple"),
)
OTHER = "annet"


class Fetches:
    """Fetches since the last time that they were taken, by token hash and kind of client."""

    def __init__(self) -> None:
        self._counted: Counter[tuple[str, str]] = Counter()

    def note(self, token_hash: str, headers: Iterable[tuple[bytes, bytes]]) -> None:
        """Count one. Nothing else of the request is kept: not the address, not the version."""
        self._counted[token_hash, client(headers)] += 1

    def take(self) -> Counter[tuple[str, str]]:
        """Return what was counted and begin anew. One thread counts and another takes: the swap is one step."""
        taken, self._counted = self._counted, Counter()
        return taken


def client(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """Return the kind of calendar program that asks."""
    agent = next((value for name, value in headers if name == b"user-agent"), b"")
    return next((kind for mark, kind in CLIENTS if mark in agent), OTHER)
