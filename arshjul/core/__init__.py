"""What computes. Nothing in here reads a clock, a file, the network, the environment or a database."""

from __future__ import annotations
