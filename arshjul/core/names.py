"""Names as plans inflect them: "styret", "Styre" and "styrene" are one. No dates, no parties: only words."""

from __future__ import annotations

import re
from functools import lru_cache

_ENDINGS = ("erne", "ane", "ene", "ere", "en", "et", "er", "ar", "a", "e")
_LEAST = 3


@lru_cache(maxsize=4096)
def stem(name: str) -> str:
    """Return what is left of a name without case, punctuation and the endings of Norwegian nouns."""
    return " ".join(_word(word) for word in re.findall(r"[^\W_]+", name.casefold()))


def _word(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST:
            return word.removesuffix(ending)
    return word
