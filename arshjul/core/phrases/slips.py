"""Slips of the pen: a word that is nearly a word of time, and a code such as "Q44" that can never be.

Left beside a reading it would be taken for a name, and what it says be lost: "Q3-Q44" is not the third quarter.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import lru_cache
from os.path import commonprefix

from arshjul.core.phrases.lexer import END, Kind, Token
from arshjul.core.phrases.roles import Role, entered
from arshjul.core.phrases.vocabulary import WORDS
from arshjul.core.phrases.words import ENTRIES, MONTHS, WEEKDAYS

CODE = re.compile(r"([qkthw])-?(\d+)|q-?[ivx]+")
MOST = {"q": 4, "k": 4, "t": 3, "h": 2, "w": 53}
"""How many there are in a year of what the letter stands for."""
TELLING = {Role.WEEKDAY, Role.MONTH, Role.OTHER, Role.BOUND}
TIMES = [word for word, meaning in WORDS.items() if meaning.role in TELLING and word.isalpha() and len(word) > 4]
"""What a word may be rather like to be a slip: "tredje torsdg i mars" is not all of March.

The words for before, after and the seasons are not among them: they have neighbours in plans, "etater" and "våre".
"""
ALIKE = 0.85
NORWEGIAN = entered(ENTRIES)
SHORTEST_OF = {
    **dict.fromkeys((Role.MONTH, Role.WEEKDAY, Role.WEEKDAYS, Role.THE_WEEKDAY, Role.OTHER), 5),
    **dict.fromkeys((Role.UNIT, Role.WORKDAYS, Role.OFTEN), 6),
}
"""Letters of the shortest word of a role that another with one letter wrong is a slip of."""
SWAPPED = {Role.MONTH: 4, Role.UNIT: 3}
"""Of these the shorter words have slips too, where two letters stand the wrong way round ("uek", not the name Mia)."""
SHORT = {"dg", "dgr", "ukr", "kvt", "kvrt", "tert", "mån", "dec", "oct"}
"""Units shortened in other ways than are read, and two months as other languages shorten them."""
NEIGHBOURS = ("mandat", "mandal", "fridag", "senest", "seinast", "skoler", "skuler", "årig")
"""How words in their own right begin that are one letter from a word of time."""
STEMS = {
    **dict.fromkeys((name for names in (*WEEKDAYS, *MONTHS) for name in names.split("|")), 4),
    **{unit: len(unit) - 2 for unit in ("kvartal", "tertial", "halvår", "virkedag", "yrkedag", "arbeidsdag")},
}
"""What may be cut short ("tirsd"), and to how many letters at least."""
ALSO_WORDS = {"fred", "sund"}
"""Shortened weekdays that are words too. They and those of two or three letters count only where they stand alone."""


def has_slip(tokens: list[Token]) -> bool:
    """Tell whether there is a slip anywhere in the phrase, in brackets too."""
    before = [END, *tokens]
    after = [*tokens[1:], END]
    return any(
        _is_slip(token, alone=not _is_word(left) and not _is_word(right, or_number=True))
        for left, token, right in zip(before, tokens, after, strict=False)
    )


def _is_word(token: Token, *, or_number: bool = False) -> bool:
    """Tell whether it is a word, which makes its neighbour one of a sentence; a dash between days does not."""
    if token.role in {Role.UNTIL, Role.AND, Role.OR}:
        return False
    return token.kind == Kind.WORD or (or_number and token.kind == Kind.NUMBER)


def _is_slip(token: Token, *, alone: bool) -> bool:
    if token.kind == Kind.CODE:
        return _is_no_code(token.text)
    if token.role is not Role.NAME:
        return False
    if _is_no_code(token.text):
        return True
    parts = token.text.split("-")
    beside_day = any(part in WORDS and WORDS[part].role is Role.WEEKDAY for part in parts)
    return any(_is_slip_of_time(part) or ((alone or beside_day) and _is_cut_weekday(part)) for part in parts)


def _is_no_code(text: str) -> bool:
    """Tell whether it is written as a code and there is no such quarter, tertial, half-year or week."""
    found = CODE.fullmatch(text[::-1] if text[-1:] in {"q", "k"} else text)
    return bool(found) and not (found[1] and 1 <= int(found[2]) <= MOST[found[1]])


def _is_cut_weekday(word: str) -> bool:
    """Tell whether it is "man" or "lø", which may be other words where others stand beside them."""
    return len(word) > 1 and word not in WORDS and any(name.startswith(word) for name in STEMS if name.endswith("dag"))


@lru_cache(maxsize=1024)
def _is_slip_of_time(word: str) -> bool:
    if word in WORDS or word in ALSO_WORDS or word.startswith(NEIGHBOURS):
        return False
    return (
        word in SHORT
        or any(len(word) >= least and stem.startswith(word) for stem, least in STEMS.items())
        or bool(get_close_matches(word, TIMES, n=1, cutoff=ALIKE))
        or any(_is_near(word, time, meaning.role) for time, meaning in NORWEGIAN.items() if time[0] == word[:1])
    )


def _is_near(word: str, time: str, role: Role) -> bool:
    """Tell whether one letter too many, too few or wrong, or two that are swapped, make the one word of the other."""
    if abs(len(word) - len(time)) > 1:
        return False
    start = len(commonprefix((word, time)))
    one, other = word[start:], time[start:]
    if len(time) >= SWAPPED.get(role, len(time) + 1) and one[:2] == other[1::-1] and one[2:] == other[2:]:
        return True
    if len(time) < SHORTEST_OF.get(role, len(time) + 1):
        return False
    return one[1:] in {other, other[1:]} or one == other[1:] or (one[:2] == other[1::-1] and one[2:] == other[2:])
