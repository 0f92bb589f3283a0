"""What a word does in a phrase, and how the vocabularies are written down. The words themselves are elsewhere."""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple

from arshjul.core.cadences import Part, Per


class Role(Enum):
    """What a word does in a phrase."""

    NAME = auto()  # any word that is not in the vocabulary
    FILLER = auto()  # says nothing about time
    ARTICLE = auto()  # "den", "det"
    PREP = auto()  # "i", "på", "om": ties a part to a whole
    OF = auto()  # "av"
    FOR = auto()
    NUMBER = auto()
    ORDINAL = auto()
    LAST = auto()  # "siste"
    NEXT = auto()  # "neste", "påfølgende"
    MONTH = auto()
    WEEKDAY = auto()
    WEEKDAYS = auto()  # plural: every one of them
    THE_WEEKDAY = auto()  # definite: "mandagen etter"
    WORKDAYS = auto()  # a sort of day: DayKind
    SEASON = auto()
    FEAST = auto()
    UNIT = auto()  # Per
    EACH = auto()  # "hver"
    OTHER = auto()  # "annenhver", "hver annen"
    PER = auto()  # "per", "i hver"
    OFTEN = auto()  # an adverb that is a cadence: "årlig"
    TIMES = auto()  # "ganger"
    LEAST = auto()
    MOST = auto()
    ABOUT = auto()
    BOUND = auto()
    LIMIT = auto()  # "frist": a bound that may also follow its date
    SIDE = auto()
    OWNER = auto()  # "på forhånd": a side without an anchor
    NOTICE = auto()  # "varsel"
    UNTIL = auto()  # "til", "–"
    SECTION = auto()
    HALVE = auto()  # "halve juni"
    TURN = auto()  # "månedsskiftet"
    LAST_DAY = auto()  # "utgangen av"
    FIRST_DAY = auto()
    CLOCK = auto()
    AND = auto()
    OR = auto()
    OPEN = auto()  # a cadence without dates: "ved behov"
    ALL_YEAR = auto()
    CONDITION = auto()
    EXCEPT = auto()
    LATER = auto()  # "flyttes til neste virkedag"
    EARLIER = auto()
    ANCHOR = auto()  # "neste gang" before a year
    PARITY = auto()  # "partallsuker"
    IN_A_ROW = auto()
    WEEKEND = auto()
    INSTEAD = auto()  # "i stedet for", "tidligere": what follows is no longer true
    CLAUSE = auto()  # "at": a clause follows
    NOT = auto()  # "ikke"
    MOVED = auto()  # "utsatt": takes an earlier day away and gives another
    HALF = auto()  # "halvdel"
    UNSURE = auto()  # "kanskje", "natt": denies, doubts or is not read; beside it nothing is sure
    EITHER = auto()  # "enten": two times, and which is not said
    STOP = auto()  # "men", "hvis": ends a name


class Word(NamedTuple):
    """The role of a word, and what it stands for there."""

    role: Role
    value: object = None


Entry = tuple[Role, object, str]
"""A role, a value, and the words or expressions that have them, with "|" between."""


def entered(entries: list[Entry]) -> dict[str, Word]:
    """Return the words of a vocabulary by their text; of two entries for one word the later counts."""
    return {
        " ".join(expression.split()): Word(role, value)
        for role, value, expressions in entries
        for expression in expressions.split("|")
    }


PARTS = {Per.MONTH: Part.MONTH, Per.QUARTER: Part.QUARTER, Per.TERTIAL: Part.TERTIAL, Per.HALF: Part.HALF}
"""The units that are parts of the year."""
