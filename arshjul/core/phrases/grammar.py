"""What the parts of the grammar share: numbers, ordinals, separators. A parse is a value and the index after it."""

from __future__ import annotations

from collections.abc import Callable

from arshjul.core.cadences import Bound, Spot
from arshjul.core.phrases.lexer import Kind, Token
from arshjul.core.phrases.roles import Role

Found = tuple[Spot, int] | None
"""A spot and the index after it."""
Parser = Callable[[list[Token], int], Found]
LONGEST_LIST = 12
"""Members that a list of days may have: what is longer is a table and no phrase, and reading stays linear."""
EARLIEST_YEAR, LATEST_YEAR = 1900, 2199


def is_mark(token: Token, marks: str) -> bool:
    return token.kind == Kind.MARK and token.text in marks


def whole_number(token: Token, low: int, high: int, digits: int = 2) -> int | None:
    """Return the number if it lies between the limits and is written with so many digits at most."""
    if token.kind != Kind.NUMBER or len(token.text) > digits:
        return None
    number = int(token.text)
    return number if low <= number <= high else None


def year_number(token: Token) -> int | None:
    return whole_number(token, EARLIEST_YEAR, LATEST_YEAR, 4) if len(token.text) == 4 else None


def cardinal(tokens: list[Token], index: int) -> tuple[int, int] | None:
    """Parse "3" or "tre"; not the "3." of an ordinal, nor a year."""
    token = tokens[index]
    if token.role is Role.NUMBER and isinstance(token.value, int):
        return token.value, index + 1
    if token.kind == Kind.NUMBER and len(token.text) <= 3:
        return int(token.text), index + 1
    return None


def ordinal(tokens: list[Token], index: int) -> tuple[int, int] | None:
    """Parse "3.", "tredje" or "siste" (-1)."""
    token = tokens[index]
    if token.role in {Role.ORDINAL, Role.LAST} and isinstance(token.value, int):
        return token.value, index + 1
    if token.kind == Kind.NUMBER and len(token.text) <= 2 and is_mark(tokens[index + 1], "."):
        return int(token.text), index + 2
    return None


def day_number(tokens: list[Token], index: int) -> tuple[int, int] | None:
    """Parse the day in "3. mai" (its full stop is left) or "tredje mai"."""
    token = tokens[index]
    day = token.value if token.role is Role.ORDINAL and isinstance(token.value, int) else whole_number(token, 1, 31)
    return (day, index + 1) if day else None


def is_range(token: Token) -> bool:
    """Tell whether the token stands between the ends of a range."""
    return token.role is Role.UNTIL or is_mark(token, "-") or token.value in {Bound.THROUGH, Bound.UNTIL}


def is_joint(token: Token) -> bool:
    """Tell whether the token stands between the members of a list."""
    return token.role in {Role.AND, Role.OR} or is_mark(token, ",/;&+")


def skipped(tokens: list[Token], index: int, *roles: Role) -> int:
    """Return the index after the words with such roles, three of them at most, so that reading stays linear."""
    for _ in range(3):
        if tokens[index].role not in roles:
            break
        index += 1
    return index
