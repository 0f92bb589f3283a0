"""Measurements that are too long for the test suite; each is a module of its own."""

from __future__ import annotations
