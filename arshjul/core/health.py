"""How it stands with the service: one value, of which /readyz, /healthz, the page and the log are voices. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

READY = "klar\n"
"""How /readyz begins while feeds are served, whatever else is wrong."""


class Area(StrEnum):
    """What a fault is about; the values are those of the JSON."""

    FILES = "files"
    STORE = "store"
    PLANNING = "planning"
    SENDING = "sending"
    FEEDS = "feeds"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it should be. `words` is a Norwegian sentence that anybody may read: no names in it."""

    area: Area
    words: str


@dataclass(frozen=True, slots=True)
class Health:
    """All that is wrong: what fails or stands still in this process now, and what is `known` in more detail elsewhere.

    The page shows what fails by these words, and what is known by its own.
    """

    failing: tuple[Fault, ...] = ()
    known: tuple[Fault, ...] = ()

    @property
    def faults(self) -> tuple[Fault, ...]:
        return tuple(dict.fromkeys((*self.failing, *self.known)))

    @property
    def is_well(self) -> bool:
        return not self.faults

    def text(self) -> str:
        """Return "klar", and a line for each fault."""
        return READY + "".join(f"- {fault.words}\n" for fault in self.faults)

    def as_json(self) -> dict[str, object]:
        """Return {"status": "ok" | "fault", "faults": [{"area": …, "words": …}, …]}."""
        faults = [{"area": str(fault.area), "words": fault.words} for fault in self.faults]
        return {"status": "ok" if self.is_well else "fault", "faults": faults}
