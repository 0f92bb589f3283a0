"""What is read from disk: TOML texts with their places, the calendars, config.toml; and what has changed there."""

from __future__ import annotations
