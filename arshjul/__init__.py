"""arshjul keeps an organisation's yearly cycle: calendars from text files, feeds, and letters in good time."""

from __future__ import annotations

import zoneinfo

__version__ = "0.1.0"

# Zones come from the pinned package `tzdata`: a machine's own files may be years old and would win otherwise.
zoneinfo.reset_tzpath(to=())

SCHEMA = "0008"
"""The newest revision of the database; kept here so that nothing slow is imported to tell it."""
