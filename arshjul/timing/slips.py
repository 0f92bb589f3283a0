"""Slips of the pen: a word that is nearly a word of time, and a code such as "Q44" that can never be.

Left beside a reading it would be taken for a name, and what it says be lost: "Q3-Q44" is not the third quarter.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import lru_cache

from arshjul.timing.lexer import END, WORDS, Kind, Token, is_mark, is_range, whole_number, year_number
from arshjul.timing.vocabulary import MONTHS, WEEKDAYS, WORD_LIST, Role, entered

CODE = re.compile(r"([kthw])-?(\d+)|q-?(?:\d+|[ivx]*)")
ROMAN = re.compile("[IVXL]+")
MOST = {"k": 4, "t": 3, "h": 2, "w": 53}
"""How many there are in a year of what the letter stands for."""
NEVER = {"t4", "h3", "h4"}
"""Codes to the lexer, which knows the digits and not what they count. A sound "Q3" is one too, and no name."""
TELLING = {Role.WEEKDAY, Role.MONTH, Role.OTHER, Role.BOUND}
TIMES = [word for word, meaning in WORDS.items() if meaning.role in TELLING and word.isalpha() and len(word) > 4]
TIMES += ["kvartal", "tertial", "virkedag", "virkedager"]
"""What a word may be rather like to be a slip: "tredje torsdg i mars" is not all of March.

The words for before and after are not among them, nor the seasons: they have neighbours in plans, "etater" and "våre".
"""
ALIKE = 0.85
NORWEGIAN = entered(WORD_LIST)
SHORTEST_OF = {
    **dict.fromkeys((Role.MONTH, Role.WEEKDAY, Role.WEEKDAYS, Role.THE_WEEKDAY, Role.OTHER), 5),
    **dict.fromkeys((Role.UNIT, Role.WORKDAYS, Role.OFTEN, Role.SEASON), 6),
    **dict.fromkeys((Role.FEAST, Role.PARITY), 7),
}
"""Letters of the shortest word of a role that another with one letter wrong is a slip of."""
SWAPPED = {Role.MONTH: 4, Role.UNIT: 3, Role.SEASON: 4, Role.FEAST: 5}
"""Of these the shorter words have slips too, where two letters stand the wrong way round ("uek", not the name Mia)."""
SHORT = {
    *("dg", "dgr", "ukr", "kvt", "kvrt", "tert", "mån", "dec", "oct"),
    *("jui", "jli", "jni", "julii", "junii", "maii", "mrs", "marss", "innne", "inen"),
}
"""Units shortened in other ways than are read, months as other languages shorten them, short words with a slip."""
NEIGHBOURS = (
    *("mandat", "mandal", "fridag", "senest", "seinast", "skoler", "skuler", "årig"),
    *("hest", "host", "vinner", "venter", "arbeidslag", "årsskrift"),
)
"""How words in their own right begin that are one letter from a word of time."""
OWNING = {Role.SEASON, Role.FEAST}
"""What has a genitive that is no slip: "høstens møter"."""
STEMS = {
    **dict.fromkeys((name for names in (*WEEKDAYS, *MONTHS) for name in names.split("|")), 4),
    **{unit: len(unit) - 2 for unit in ("kvartal", "tertial", "halvår", "virkedag", "yrkedag", "arbeidsdag")},
}
"""What may be cut short ("tirsd"), and to how many letters at least."""
ALSO_WORDS = {"fred", "sund"}
"""Shortened weekdays that are words too. They and those of two or three letters count only where they stand alone."""

LONGEST_CUT = 4
"""Letters of the longest word after "12." that is a month cut short rather than a name ("2. behandling")."""


def has_slip(tokens: list[Token]) -> bool:
    """Tell whether there is a slip anywhere in the phrase, in brackets too."""
    before = [END, *tokens]
    after = [*tokens[1:], END]
    return any(_is_no_date(tokens[n : n + 5]) or _is_no_end(tokens[n : n + 5]) for n in range(len(tokens))) or any(
        _is_slip(token, alone=not _is_word(left) and not _is_word(right, or_number=True))
        for left, token, right in zip(before, tokens, after, strict=False)
    )


def _is_no_date(tokens: list[Token]) -> bool:
    """Tell whether it is "12.13.2027", which is no time of day, or "XII. mars"."""
    if len(tokens) > 2 and ROMAN.fullmatch(tokens[0].raw) and is_mark(tokens[1], "."):
        return tokens[2].role is Role.MONTH
    if len(tokens) < 5 or not (is_mark(tokens[1], ".") and is_mark(tokens[3], ".")):
        return False
    day, month, year = tokens[::2]
    in_digits = whole_number(day, 0, 99) is not None and year_number(year) is not None and not month.spaced
    return in_digits and not year.spaced and month.kind == Kind.NUMBER and whole_number(month, 1, 12) is None


def _is_no_end(tokens: list[Token]) -> bool:
    """Tell whether it is the "mars–12. mi" of a stretch whose second month is cut short or misspelt."""
    if len(tokens) < 5 or tokens[0].role is not Role.MONTH or not is_range(tokens[1]):
        return False
    day, mark, month = tokens[2:]
    is_day = whole_number(day, 1, 31) is not None and is_mark(mark, ".")
    return is_day and month.role is Role.NAME and len(month.text) <= LONGEST_CUT


def _is_word(token: Token, *, or_number: bool = False) -> bool:
    """Tell whether it is a word, which makes its neighbour one of a sentence; a dash between days does not."""
    if token.role in {Role.UNTIL, Role.AND, Role.OR}:
        return False
    return token.kind == Kind.WORD or (or_number and token.kind == Kind.NUMBER)


def _is_slip(token: Token, *, alone: bool) -> bool:
    if token.kind == Kind.CODE:
        return token.text in NEVER
    if token.role is not Role.NAME:
        return False
    if _is_no_code(token.text):
        return True
    parts = token.text.split("-")
    beside_day = any(part in WORDS and WORDS[part].role is Role.WEEKDAY for part in parts)
    return any(_is_slip_of_time(part) or ((alone or beside_day) and _is_cut_weekday(part)) for part in parts)


def _is_no_code(text: str) -> bool:
    """Tell whether it is written as a code and there is no such quarter, tertial, half-year or week."""
    found = CODE.fullmatch(text)
    if found is None:
        return False
    return found[1] is None or not 1 <= int(found[2]) <= MOST[found[1]]


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
    if abs(len(word) - len(time)) > 1 or (role in OWNING and word == f"{time}s"):
        return False
    start = next(
        (n for n, pair in enumerate(zip(word, time, strict=False)) if pair[0] != pair[1]), min(len(word), len(time))
    )
    one, other = word[start:], time[start:]
    swapped = one[:2] == other[1::-1] and one[2:] == other[2:]
    if swapped and len(time) >= SWAPPED.get(role, len(time) + 1):
        return True
    if len(time) < SHORTEST_OF.get(role, len(time) + 1):
        return False
    return swapped or one[1:] in {other, other[1:]} or one == other[1:]
