"""The kinds of "how often", and the turns that each has in a span of days. Reading them from text is in `phrases`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cadence:
    """Any kind."""
