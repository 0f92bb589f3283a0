"""An organisation: what was loaded from one folder, as one frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from arshjul.plan.files import Fingerprint, Source
from arshjul.plan.model import Calendar, Catalogue
from arshjul.plan.problems import Note, Problem
from arshjul.settings import Settings

NEVER = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A calendar file and what it says by itself."""

    source: Source
    calendar: Calendar | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Organisation:
    """Everything that was written down, at one moment. `changed` is when the youngest calendar file was saved (UTC).

    `parsed` are the calendar files by name: what has not been edited need not be parsed again. `notes` tell of what may
    not be as it was meant, where there is no problem.
    """

    settings: Settings
    catalogue: Catalogue = field(default_factory=Catalogue)
    problems: tuple[Problem, ...] = ()
    fingerprint: Fingerprint = ()
    changed: datetime = NEVER
    parsed: Mapping[str, Parsed] = field(default_factory=dict, repr=False, compare=False)
    notes: tuple[Note, ...] = ()
    contents: str = ""

    @property
    def edition(self) -> tuple[Fingerprint, str]:
        """What is another one whenever anything has been saved."""
        return self.fingerprint, self.contents
