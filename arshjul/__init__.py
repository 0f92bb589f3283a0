"""arshjul keeps an organisation's yearly cycle: calendars from text files, feeds, and letters in good time."""

from __future__ import annotations

__version__ = "0.1.0"
