"""The parts that the settings ask for: an open store, brought up to date, and the way that letters go out."""

from __future__ import annotations
