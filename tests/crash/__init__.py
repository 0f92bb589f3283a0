"""The real program, killed."""

from __future__ import annotations
