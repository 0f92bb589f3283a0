"""The running service: it puts the parts together, reads the clock for them, starts them and stops them."""

from __future__ import annotations
