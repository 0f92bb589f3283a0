"""How many examples a property is held against: a few in `make test`, many in `make properties` and in CI."""

from __future__ import annotations

import os

MANY = 200
EXAMPLES = int(os.environ.get("ARSHJUL_TESTS_PROPERTIES", "20"))


def some(of: int) -> int:
    """Return how many of so many examples: all where many are asked for, and else the same part of them."""
    return max(5, of * EXAMPLES // MANY)
