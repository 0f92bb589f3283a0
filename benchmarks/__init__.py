"""Measurements, each against its reference in the same run. `make bench` runs them."""

from __future__ import annotations
