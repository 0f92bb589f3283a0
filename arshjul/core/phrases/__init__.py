"""Norwegian time phrases → cadences, and back to words. What a cadence means in days is in `cadences`."""

from __future__ import annotations

from arshjul.core.cadences import holds
from arshjul.core.phrases.answer import answer
from arshjul.core.phrases.describe import describe
from arshjul.core.phrases.reading import read, read_condition, read_offset

__all__ = ["answer", "describe", "holds", "read", "read_condition", "read_offset"]
