"""From text to tokens and chunks: how words, numbers and dates of a phrase are cut and counted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, auto
from functools import cache
from typing import NamedTuple

from arshjul.timing.cadences import Bound
from arshjul.timing.places import Date, InSeason, InYear, Season, Spot, Stretch, Week, Years, own_year, place
from arshjul.timing.vocabulary import EXPRESSION_LIST, WORD_LIST, Role, Word, entered

WORDS: dict[str, Word] = entered([*WORD_LIST, *EXPRESSION_LIST])


DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-") | {ord("½"): ",5", 0xAD: None, 0xA0: " "}
PIECES = re.compile(
    r"(?P<code>(?<!\w)(?:[QqKkHhTt][1-4]|[1-4][QqKk])(?!\w))"
    r"|(?P<number>\d+)"
    r"|(?P<word>[^\W\d_]+(?:[-&][^\W\d_]+)*(?:-(?=/))?)"
    r"|(?P<mark>[^\s\w])"
)
ISO_TIME = re.compile(r"\b(\d{4}-\d\d-\d\d)T(\d\d:\d\d)")
GLUED = ("innen", "medio", "primo", "ultimo", "senest", "før", "den", "i", "kl", "uke")
"""Words that may be glued to a word of time ("innenmai"), which is certain enough to cut them off."""
GLUED_ROLES = {Role.MONTH, Role.SEASON, Role.FEAST, Role.WEEKDAY, Role.LAST_DAY}
GLUED_EVENTS = ("forfall", "møte", "møtet", "ferien", "valget", "starten")
"""What "før" may be glued to besides ("førgiroforfall")."""
SHORTEST = 3
"""Letters of the shortest word of time that something can be glued to ("mai")."""
LONGEST_ABBREVIATION = 4
"""Letters before a full stop that belongs to the word ("sept.")."""


class Kind:
    """The sorts of tokens: a number, a word or expression, a punctuation mark, a code such as Q3."""

    NUMBER, WORD, MARK, CODE, END = range(5)


KINDS = {"number": Kind.NUMBER, "code": Kind.CODE, "word": Kind.WORD, "mark": Kind.MARK}


@dataclass(slots=True)
class Token:
    """A number, a word or known expression, or a mark.

    `text` is in lower case, `raw` as written; `start` and `end` count characters of the normal text; `spaced` tells
    whether white space stands before it.
    """

    kind: int
    text: str
    raw: str
    start: int
    end: int
    role: Role | None = None
    value: object = None
    spaced: bool = True


END = Token(Kind.END, "", "", 0, 0)


@dataclass(slots=True)
class Node:
    """A place in the tree of expressions: the word that ends here, and what may follow."""

    word: Word | None = None
    following: dict[str, Node] = field(default_factory=dict)


def lex(text: str) -> list[Token]:
    """Return the tokens of a phrase, known expressions as one token each."""
    return _expressions(_pieces(normal(text)))


def normal(text: str) -> str:
    """Return the text in NFC, with plain dashes and single spaces."""
    return ISO_TIME.sub(r"\1 \2", " ".join(unicodedata.normalize("NFC", text).translate(DASHES).split()))


def _pieces(text: str) -> list[Token]:
    tokens: list[Token] = []
    end = 0
    for found in PIECES.finditer(text):
        kind = KINDS[found.lastgroup or "mark"]
        token = Token(
            kind, found[0].lower(), found[0], found.start(), found.end(), spaced=found.start() > end or not end
        )
        end = found.end()
        if kind == Kind.NUMBER and tokens and _is_of_name(tokens, token):
            _append_to_name(tokens, token)
        else:
            tokens += _cut(token) if kind == Kind.WORD else (token,)
    return tokens


def _is_of_name(tokens: list[Token], number: Token) -> bool:
    """Tell whether a number belongs to the name that it is written to: "fo43", "covid-19"."""
    name = tokens[-2] if tokens[-1].text == "-" and not tokens[-1].spaced and len(tokens) > 1 else tokens[-1]
    return not number.spaced and name.kind == Kind.WORD and name.text not in WORDS


def _append_to_name(tokens: list[Token], number: Token) -> None:
    dash = tokens.pop().raw if tokens[-1].text == "-" else ""
    name = tokens[-1]
    name.raw, name.end = f"{name.raw}{dash}{number.raw}", number.end
    name.text = name.raw.lower()


def _cut(word: Token) -> list[Token]:
    """Return the word; its parts where a hyphen joins words of time ("mars-november") or one is glued to another."""
    if word.text in WORDS:
        return [word]
    parts = word.text.split("-")
    if len(parts) > 1 and all(part in WORDS for part in parts):
        return _cut_at(word, [length for part in parts for length in (len(part), 1)][:-1])
    head = next((head for head in GLUED if word.text.startswith(head) and _is_glued(head, word.text)), "")
    return _cut_at(word, [len(head), len(word.text) - len(head)]) if head else [word]


def _is_glued(head: str, word: str) -> bool:
    rest = word[len(head) :]
    known = WORDS.get(rest)
    if len(rest) < SHORTEST or known is None:
        return head == "før" and rest.endswith(GLUED_EVENTS)
    return known.role in GLUED_ROLES


def _cut_at(word: Token, lengths: list[int]) -> list[Token]:
    tokens: list[Token] = []
    start = word.start
    for length in lengths:
        raw = word.raw[start - word.start : start - word.start + length]
        kind = Kind.MARK if raw == "-" else Kind.WORD
        tokens.append(Token(kind, raw.lower(), raw, start, start + length, spaced=word.spaced and not tokens))
        start += length
    return tokens


@cache
def _tree() -> Node:
    root = Node()
    for expression, word in WORDS.items():
        node = root
        for piece in expression.split():
            node = node.following.setdefault(piece, Node())
        node.word = word
    return root


def _expressions(pieces: list[Token]) -> list[Token]:
    tokens: list[Token] = []
    index = 0
    while index < len(pieces):
        piece = pieces[index]
        word, end = _longest(pieces, index) if piece.kind in {Kind.WORD, Kind.MARK} else (None, index + 1)
        if word is not None:
            tokens.append(_joined(pieces[index:end], word))
        else:
            if piece.kind == Kind.WORD:
                piece.role, piece.value = _guess(piece.text)
            tokens.append(piece)
        index = end
    return tokens


def _longest(pieces: list[Token], start: int) -> tuple[Word | None, int]:
    """Return the longest expression that begins there and where it ends, with the full stop of an abbreviation."""
    node, found, end = _tree(), None, start + 1
    index = start
    while index < len(pieces) and (following := node.following.get(pieces[index].text)):
        node, index = following, index + 1
        after = index + _is_abbreviation(pieces, index)
        if node.word is not None:
            found, end = node.word, after
        if "." not in node.following:
            index = after
    return found, end


def _is_abbreviation(pieces: list[Token], index: int) -> bool:
    """Tell whether the mark there is the full stop of the short word before it."""
    if index >= len(pieces) or pieces[index].text != "." or pieces[index].spaced:
        return False
    return pieces[index - 1].kind == Kind.WORD and len(pieces[index - 1].text) <= LONGEST_ABBREVIATION


def _joined(pieces: list[Token], word: Word) -> Token:
    first, last = pieces[0], pieces[-1]
    text = " ".join(piece.text for piece in pieces)
    raw = " ".join(piece.raw for piece in pieces)
    kind = first.kind if first is last else Kind.WORD
    return Token(kind, text, raw, first.start, last.end, word.role, word.value, first.spaced)


def _guess(word: str) -> tuple[Role, object]:
    """Return the role that the ending gives a word that is not in the vocabulary."""
    if word.endswith(("frist", "fristen", "frister")):
        return Role.LIMIT, WORDS["frist"].value
    return Role.NAME, None


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


MOST_DAYS = 6
"""Days that may share a month: "1., 8., 15., 22. og 29. mai"."""
OLD_YEARS = 70
"""Two digits from here on are of the last century."""


def dated(tokens: list[Token], index: int, spot: Spot) -> tuple[Spot, int]:
    """Return the spot in the year that follows it, if one does."""
    joined = is_mark(tokens[index], ",.") or tokens[index].text == "i"
    at = index + (joined and year_number(tokens[index + 1]) is not None)
    year = year_number(tokens[at])
    if year is None:
        return spot, index
    if spot == InSeason(Season.WINTER) and is_mark(tokens[at + 1], "/-") and tokens[at + 2].kind == Kind.NUMBER:
        return InYear(year + 1, spot), at + 3  # "vinteren 2026/27" ends in 2027
    return InYear(year, spot), at + 1


def day_list(tokens: list[Token], index: int) -> tuple[list[Spot], int] | None:
    """Parse days that share a month: "9.–11. oktober", "1., 15. og 30. mai", "10.-12.03", "lørdag 24. mai"."""
    days: list[int] = []
    ranges: list[bool] = []
    while len(days) < MOST_DAYS:
        index = _weekday_before(tokens, index)
        index = skipped(tokens, index, Role.ARTICLE)
        found = day_number(tokens, index)
        if found is None:
            return None
        day, index = found
        days.append(day)
        month = _month_after(tokens, index)
        if month:
            break
        index += is_mark(tokens[index], ".,")
        lost = is_mark(tokens[index - 1], ".") and whole_number(tokens[index], day + 1, 31) is not None
        separated = is_range(tokens[index]) or is_joint(tokens[index])
        following = day_number(tokens, index + 1)
        if tokens[index].role is Role.OR and not (following and following[0] == day + 1):
            return None  # "20. eller 27. mai": which of them is not said
        if not separated and not is_mark(tokens[index - 1], ",") and not lost:
            return None
        ranges.append(
            is_range(tokens[index]) or tokens[index].role is Role.OR or lost
        )  # "18. 19. september" has lost its dash
        index += separated
    else:
        return None
    return _days_of(days, ranges, month[0], tokens, month[1])


def _weekday_before(tokens: list[Token], index: int) -> int:
    """Skip "lørdag" or "lør." and a comma before a date: in another year the date has another weekday."""
    if tokens[index].role not in {Role.WEEKDAY, Role.WEEKDAYS, Role.THE_WEEKDAY}:
        return index
    index += 1
    return index + is_mark(tokens[index], ".,")


def _month_after(tokens: list[Token], index: int) -> tuple[int, int] | None:
    """Parse the month after a day: ". oktober", "oktober", ".10.", "/10", ", august" (a full stop read badly)."""
    mark = tokens[index]
    stop = is_mark(mark, ".,") or mark.role is Role.OF
    stop = stop or (mark.text == "i" and tokens[index - 1].role is Role.ORDINAL)  # "den første i mars"
    if is_mark(mark, ".") and tokens[index + 1].text == "i" and tokens[index + 2].role is Role.MONTH:
        index += 1  # "den 3. i mars"
    named = tokens[index + 1] if stop else mark
    if named.role is Role.MONTH and isinstance(named.value, int):
        return named.value, index + 1 + stop
    if named.text == "jul" and is_mark(mark, "."):
        return 7, index + 1 + stop
    month = whole_number(tokens[index + 1], 1, 12) if is_mark(mark, "./") else None
    following = tokens[index + 2]
    if month is None or (tokens[index + 1].spaced and not (is_mark(following, ".") or year_number(following))):
        return None
    if following.role is Role.MONTH or (is_mark(following, ".") and tokens[index + 3].role is Role.MONTH):
        return None  # "1. 2. mai"
    return month, index + 2


def _days_of(
    days: list[int], ranges: list[bool], month: int, tokens: list[Token], index: int
) -> tuple[list[Spot], int] | None:
    if any(not _exists(month, day) for day in days):
        return None
    year, index = _year_after(tokens, index)
    found: list[Spot] = []
    for number, day in enumerate(days):
        if number and ranges[number - 1] and found:
            found[-1] = Stretch(found[-1], Date(month, day))
        else:
            found.append(Date(month, day))
    if any(isinstance(spot, Stretch) and isinstance(spot.first, Stretch) for spot in found):
        return None
    return [InYear(year, spot) if year else spot for spot in found], index


def _exists(month: int, day: int) -> bool:
    return day <= (31 if month in {1, 3, 5, 7, 8, 10, 12} else 29 if month == 2 else 30)


def _year_after(tokens: list[Token], index: int) -> tuple[int | None, int]:
    """Parse the year of a date: "2024", ".2024", ".24", "-13" after a slash, " 2012"."""
    at = index + (is_mark(tokens[index], ".") or tokens[index].text == "i")
    year = year_number(tokens[at])
    if year is not None:
        return year, at + 1 + (is_mark(tokens[at + 1], ".") and tokens[at + 2].kind == Kind.END)
    numeric = tokens[index - 1].kind == Kind.NUMBER
    short = whole_number(tokens[at], 0, 99) if numeric and at > index and not tokens[at].spaced else None
    if (
        numeric
        and is_mark(tokens[index - 2], "/")
        and is_mark(tokens[index], "-/")
        and not (tokens[index + 1].spaced or is_mark(tokens[index + 2], "/"))
    ):
        at = index + 1  # "31/12-13"
        year, short = year_number(tokens[at]), whole_number(tokens[at], 0, 99)
        if year is not None:
            return year, at + 1
    if short is not None and len(tokens[at].text) == 2:
        return short + (1900 if short >= OLD_YEARS else 2000), at + 1
    return None, index + is_mark(tokens[index], ".")


def is_numeric(tokens: list[Token], index: int) -> bool:
    return (
        tokens[index].kind == Kind.NUMBER and is_mark(tokens[index + 1], ".") and tokens[index + 2].kind == Kind.NUMBER
    )


def iso(tokens: list[Token], index: int) -> Found:
    year = year_number(tokens[index])
    if year is None or not is_mark(tokens[index + 1], "-") or not is_mark(tokens[index + 3], "-"):
        return None
    month, day = whole_number(tokens[index + 2], 1, 12), whole_number(tokens[index + 4], 1, 31)
    if month is None or day is None or not place(Date(month, day), year):
        return None
    return InYear(year, Date(month, day)), index + 5


def iso_week(tokens: list[Token], index: int) -> Found:
    """Parse "2027-W12", whose week the lexer takes for a name."""
    year, week = year_number(tokens[index]), tokens[index + 2].text
    if year is None or not is_mark(tokens[index + 1], "-") or not ISO_WEEK.fullmatch(week):
        return None
    return InYear(year, Week(int(week[1:]))), index + 3


ISO_WEEK = re.compile(r"w(0[1-9]|[1-4][0-9]|5[0-3])")


def years(tokens: list[Token], index: int) -> Found:
    first = year_number(tokens[index])
    if first is None or not (is_range(tokens[index + 1]) or tokens[index + 1].role is Role.AND):
        return None
    last = year_number(tokens[index + 2])
    if last is None or last < first or (tokens[index + 1].role is Role.AND and last > first + 1):
        return None
    return Years(first, last), index + 3


WEEKDAYS = {Role.WEEKDAY, Role.WEEKDAYS, Role.THE_WEEKDAY}


def never(tokens: list[Token], spots: list[Spot]) -> bool:
    """Tell whether no such days are, or whether nothing sure is said (no spots)."""
    return not spots or any(_is_nowhere(spot) for spot in spots) or _contradicts(tokens, spots)


def _is_nowhere(spot: Spot) -> bool:
    year = own_year(spot)
    return year is not None and place(spot, year) is None


def _contradicts(tokens: list[Token], spots: list[Spot]) -> bool:
    """Tell whether "tirsdag 3. mars 2027" is a Wednesday. Without its year a date may be of any year."""
    days = [day for spot in spots for day in full_dates(spot)]
    for weekday, number in _named_days(tokens):
        candidates = [day for day in days if day.day == number]
        if candidates and all(day.weekday() != weekday for day in candidates):
            return True
    return False


def _named_days(tokens: list[Token]) -> Iterator[tuple[object, object]]:
    """Yield the weekday and the number of the day after it: "tirsdag, 3.", "tirsdag den tredje"."""
    for index, token in enumerate(tokens):
        if token.role not in WEEKDAYS:
            continue
        for day in tokens[index + 1 : index + 4]:
            if day.kind == Kind.NUMBER or day.role is Role.ORDINAL:
                yield token.value, int(day.text) if day.kind == Kind.NUMBER else day.value
            if not (is_mark(day, ",.") or day.role is Role.ARTICLE):
                break


def full_dates(spot: Spot, year: int | None = None) -> Iterator[date]:
    """Yield the days by date in a spot of which the year is told too."""
    match spot:
        case InYear(own, inner):
            yield from full_dates(inner, own)
        case Stretch(first, last):
            yield from full_dates(first, year)
            yield from full_dates(last, year)
        case Date(month, day) if year is not None:
            yield date(year, month, day)


class Sort(Enum):
    """What a chunk is."""

    SPOTS = auto()
    REPEAT = auto()
    QUOTA = auto()
    OPEN = auto()
    AMOUNT = auto()
    DAY = auto()
    ROW = auto()
    SIDE = auto()
    OWNER = auto()
    NOTICE = auto()
    BOUND = auto()
    LIMIT = auto()
    UNTIL = auto()
    CLOCK = auto()
    CONDITION = auto()
    EXCEPT = auto()
    ROLL = auto()
    ANCHOR = auto()
    YEAR = auto()
    NTH = auto()
    NEXT = auto()
    INSTEAD = auto()
    NAME = auto()
    FILLER = auto()
    STOP = auto()
    OR = auto()
    LEAST = auto()
    MOVED = auto()
    """As in "utsatt til": what stands before it is no longer true."""
    UNREAD = auto()
    """What must be understood for a reading, and is not: a number left over, "enten"."""
    GROUP = auto()


class Chunk(NamedTuple):
    """A part of the phrase: its sort, its value, where it stands in the text, and whether in brackets."""

    sort: Sort
    value: object
    first: int
    end: int
    inside: bool = False
