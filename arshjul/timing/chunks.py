"""From tokens to chunks: at each token the first part of the grammar that begins there; and slips of the pen."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import get_close_matches
from functools import lru_cache
from typing import cast

from arshjul.timing.cadences import MONTHS_IN, Bound, Cadence, Continuous, Each, Per, Side, Weekly
from arshjul.timing.grammar_parts import amount, clock, row, sought_day, sought_week
from arshjul.timing.grammar_spots import (
    MEETING_ENDS,
    between,
    every,
    last_day_of_each,
    numbered,
    of_years,
    per_unit,
    point,
    quota,
    spots,
    weekly,
)
from arshjul.timing.lexer import (
    END,
    WORDS,
    Chunk,
    Kind,
    Sort,
    Token,
    is_mark,
    is_range,
    never,
    ordinal,
    skipped,
    whole_number,
    year_number,
)
from arshjul.timing.places import Spot, Stretch, WholeYear
from arshjul.timing.vocabulary import MONTHS, WEEKDAYS, WORD_LIST, Role, entered

Parsed = tuple[object, int] | None
Parser = Callable[[list[Token], int], Parsed]


def chunks(tokens: list[Token]) -> list[Chunk]:
    """Return the chunks of a whole phrase, in order."""
    tokens = [*tokens, *[END] * 8]
    found: list[Chunk] = []
    index, depth = 0, 0
    while tokens[index].kind != Kind.END:
        token = tokens[index]
        if is_mark(token, "()[]"):
            depth = max(0, depth + (1 if token.text in "([" else -1))
            found.append(Chunk(Sort.STOP, token.text, token.start, token.end, depth > 0))
            index += 1
            continue
        sort, value, end = _at(tokens, index)
        found.append(Chunk(sort, value, token.start, tokens[end - 1].end, depth > 0))
        index = end
    return found


def _at(tokens: list[Token], index: int) -> tuple[Sort, object, int]:
    token = tokens[index]
    for sort, parser in PARSERS.get(token.role, ()) if token.role else BY_KIND.get(token.kind, ()):
        found = parser(tokens, index)
        if found:
            unsure = sort is Sort.SPOTS and never(tokens[index : found[1]], cast("list[Spot]", found[0]))
            return (Sort.UNREAD if unsure else sort), found[0], found[1]
    return _word(token), token.value or (token.raw if token.role in NAMES else token.text), index + 1


def _word(token: Token) -> Sort:
    """Return what a token is that begins no part of the grammar."""
    if token.role in PLAIN:
        return PLAIN[token.role]
    if token.role in MEANT and not _is_article(token):
        return Sort.UNREAD
    if token.kind == Kind.NUMBER:
        return Sort.UNREAD
    if token.kind == Kind.MARK:
        return Sort.STOP if token.text in STOPS else Sort.FILLER
    return Sort.NAME if token.role in NAMES else Sort.FILLER


STOPS = ",:;.!?="


def _is_article(token: Token) -> bool:
    """Tell whether the number is "en" or "et" before a word, which counts nothing."""
    return token.role is Role.NUMBER and token.value == 1


def _which_weekday(tokens: list[Token], index: int) -> Parsed:
    """Parse the number of "en lørdag", "andre fredag i semesteret": which one is meant is not known."""
    counted = tokens[index + 1].role in {Role.WEEKDAY, Role.WEEKDAYS, Role.WORKDAYS}
    return (tokens[index].text, index + 1) if counted else None


def _part_of_each(tokens: list[Token], index: int) -> Parsed:
    """Parse the "slutten av" of "slutten av hver måned", "slutten av uken": parts of what recurs are not dated."""
    whole = tokens[skipped(tokens, index + 1, Role.PREP, Role.OF, Role.ARTICLE)]
    return (tokens[index].text, index + 1) if whole.role in {Role.EACH, Role.UNIT} else None


def _all_workdays(tokens: list[Token], index: int) -> Parsed:
    """Parse "hverdager", "virkedager"."""
    return (Weekly((0, 1, 2, 3, 4)), index + 1) if tokens[index].text in WORKDAYS else None


WORKDAYS = {"hverdager", "hverdagene", "kvardagar", "kvardagane", "virkedager", "yrkedagar"}


def _before_year(tokens: list[Token], index: int) -> Parsed:
    """Parse the "årene" of "årene 2017 og 2018"."""
    is_named = tokens[index].value is Per.YEAR and year_number(tokens[index + 1]) is not None
    return (tokens[index].text, index + 1) if is_named else None


def _year(tokens: list[Token], index: int) -> Parsed:
    """Parse "2027", "2027/28"."""
    year = year_number(tokens[index])
    short = tokens[index + 2]
    school_year = is_mark(tokens[index + 1], "/-") and short.kind == Kind.NUMBER and len(short.text) == 2
    return (year, index + 1 + 2 * school_year) if year is not None else None


def _not_before(tokens: list[Token], index: int) -> Parsed:
    """Parse "ikke før", "ikkje seinare enn", "ikke etter": a negation that sets a bound."""
    token = tokens[index + 1]
    if token.role is Role.SIDE and token.value in NOT_BESIDE:
        return NOT_BESIDE[token.value], index + 2
    bound = NOT_THAN.get(token.text) if tokens[index + 2].text == "enn" else None
    return (bound, index + 3) if bound else None


NOT_BESIDE: dict[object, Bound] = {Side.BEFORE: Bound.FROM, Side.AFTER: Bound.BY}
NOT_THAN = {
    **dict.fromkeys(("senere", "seinere", "seinare"), Bound.BY),
    **dict.fromkeys(("tidligere", "tidlegare"), Bound.FROM),
}


def _moved(tokens: list[Token], index: int) -> Parsed:
    """Parse "flyttet til", "utsatt fra 12. mars til", so that the new day is what follows."""
    at = index + 1
    if tokens[at].value is Bound.FROM:
        at = _old_day(tokens, at + 1)
    elif shift := amount(tokens, at):
        at = shift[1]
    return (tokens[index].text, at + 1) if tokens[at].text in {"til", "fram til", "frem til"} else None


def _old_day(tokens: list[Token], index: int) -> int:
    """Return the index after "12. mars", or after the "12." of "12. til 19. mars"."""
    number = index + 1 + is_mark(tokens[index + 1], ".")
    if tokens[index].kind == Kind.NUMBER and tokens[number].role is Role.UNTIL:
        return number
    old = point(tokens, index)
    return old[1] if old else index


def _roll(tokens: list[Token], index: int) -> Parsed:
    return tokens[index].role, index + 1


def _beside_clock(tokens: list[Token], index: int) -> Parsed:
    """Parse the side of "etter kl. 19:30", where nothing is counted from it."""
    counted = index > 0 and tokens[index - 1].role in COUNTED
    return (tokens[index].text, index + 1) if tokens[index + 1].role is Role.CLOCK and not counted else None


def _before_clock(tokens: list[Token], index: int) -> Parsed:
    """Parse the "før" of "1. mars før kl. 12", which is a limit."""
    before = tokens[index].value is Side.BEFORE and _beside_clock(tokens, index)
    return (Bound.BY, index + 1) if before else None


def _often(tokens: list[Token], index: int) -> Parsed:
    value = tokens[index].value
    if isinstance(value, Cadence):
        return value, index + 1
    if value is Per.DAY:
        return Weekly((0, 1, 2, 3, 4, 5, 6)), index + 1
    return (Weekly() if value is Per.WEEK else Each(MONTHS_IN[value])), index + 1  # type: ignore[index]  # the role says what the value is


def _parity(tokens: list[Token], index: int) -> Parsed:
    return Weekly((), 2, tokens[index].value), index + 1  # type: ignore[arg-type]  # as above


def _all_year(tokens: list[Token], index: int) -> Parsed:  # noqa: ARG001  (a parser's signature)
    return Continuous(WholeYear()), index + 1


def _anchor(tokens: list[Token], index: int) -> Parsed:
    """Parse "neste gang i 2028"."""
    at = skipped(tokens, index + 1, Role.PREP)
    year = year_number(tokens[at])
    return (year, at + 1) if year else None


def _from_clock(tokens: list[Token], index: int) -> Parsed:
    opens = tokens[index].value is Bound.FROM and tokens[index + 1].role is Role.CLOCK
    return clock(tokens, index + 1) if opens else None


def _group(tokens: list[Token], index: int) -> Parsed:
    """Parse "for hver delregion", "i hver region", "per kommune"; "for hvert regionråd" is said of a body."""
    at = skipped(tokens, index, Role.FOR, Role.PREP, Role.PER, Role.EACH)
    named = any(token.role in {Role.EACH, Role.PER} for token in tokens[index:at])
    meets = tokens[at].text.endswith(MEETING_ENDS) and not (
        tokens[index].role is Role.FOR and tokens[at].text.endswith(BODIES)
    )
    return (tokens[at].raw, at + 1) if named and tokens[at].role is Role.NAME and not meets else None


BODIES = ("råd", "styret")
"""Ends of names of meetings that are those of who meets too."""


def _between(tokens: list[Token], index: int) -> Parsed:
    """Parse "mellom 1. og 15. mai", "mellom påske og pinse"."""
    found = spots(tokens, index + 1) if tokens[index].text == "mellom" else None
    if found and len(found[0]) == 2:
        return [between(found[0][0], found[0][1])], found[1]
    return found if found and len(found[0]) == 1 and isinstance(found[0][0], Stretch) else None


def _between_what(tokens: list[Token], index: int) -> Parsed:
    """Parse the "mellom" of "mellom styremøtene", which is not at any of them."""
    return (tokens[index].text, index + 1) if tokens[index].text == "mellom" else None


def _per_unit(tokens: list[Token], index: int) -> Parsed:
    """Parse "pr. måned" without a number before it."""
    found = per_unit(tokens, index)
    if not found or found[0] not in MONTHS_IN:
        return None
    return Each(MONTHS_IN[found[0]]), found[1]


def _interval(tokens: list[Token], index: int) -> Parsed:
    """Parse "tre måneders intervall"."""
    found = amount(tokens, index)
    if not found or tokens[found[1]].text not in {"intervall", "mellomrom", "intervaller"}:
        return None
    offset = found[0].near
    months = offset.amount if offset.unit == "months" else 0
    if months in {1, 2, 3, 4, 6}:
        return Each(months), found[1] + 1
    return (Weekly(every=offset.amount), found[1] + 1) if offset.unit == "weeks" else None


def _nth(tokens: list[Token], index: int) -> Parsed:
    found = ordinal(tokens, index)
    return found if found and tokens[found[1]].role in {Role.NAME, Role.FILLER} else None


SPOT: tuple[tuple[Sort, Parser], ...] = ((Sort.SPOTS, spots),)
DAYS: tuple[tuple[Sort, Parser], ...] = (
    (Sort.REPEAT, numbered),
    (Sort.SPOTS, spots),
    (Sort.DAY, sought_day),
    (Sort.DAY, sought_week),
)
NUMBERS: tuple[tuple[Sort, Parser], ...] = (
    (Sort.CLOCK, clock),
    (Sort.REPEAT, of_years),
    (Sort.REPEAT, _interval),
    *DAYS[:1],
    (Sort.ROW, row),
    (Sort.QUOTA, quota),
    *DAYS[1:],
    (Sort.AMOUNT, amount),
    (Sort.NTH, _nth),
    (Sort.UNREAD, _which_weekday),
    (Sort.YEAR, _year),
)
BY_KIND: dict[int, tuple[tuple[Sort, Parser], ...]] = {Kind.NUMBER: NUMBERS, Kind.CODE: SPOT}
ORDINALS = (*DAYS, (Sort.NTH, _nth), (Sort.UNREAD, _which_weekday))
PARSERS: dict[Role, tuple[tuple[Sort, Parser], ...]] = {
    Role.NUMBER: NUMBERS,
    Role.ARTICLE: DAYS,
    Role.ORDINAL: ORDINALS,
    Role.LAST: ORDINALS,
    Role.LAST_DAY: ((Sort.REPEAT, last_day_of_each), *SPOT),
    Role.SECTION: (*SPOT, (Sort.UNREAD, _part_of_each)),
    Role.NOT: ((Sort.BOUND, _not_before),),
    Role.MOVED: ((Sort.MOVED, _moved),),
    Role.LATER: ((Sort.ROLL, _roll),),
    Role.EARLIER: ((Sort.ROLL, _roll),),
    Role.NEXT: DAYS,
    Role.LEAST: ((Sort.QUOTA, quota),),
    Role.MOST: ((Sort.QUOTA, quota),),
    Role.ABOUT: (*SPOT, (Sort.QUOTA, quota)),
    Role.EACH: ((Sort.REPEAT, every), (Sort.QUOTA, quota)),
    Role.OTHER: ((Sort.REPEAT, every),),
    Role.WEEKDAY: (*SPOT, (Sort.DAY, sought_day), (Sort.REPEAT, weekly)),
    Role.WEEKDAYS: (*SPOT, (Sort.REPEAT, weekly)),
    Role.THE_WEEKDAY: (*SPOT, (Sort.DAY, sought_day), (Sort.REPEAT, weekly)),
    Role.WORKDAYS: ((Sort.DAY, sought_day), (Sort.AMOUNT, amount), (Sort.REPEAT, _all_workdays)),
    Role.UNIT: (*SPOT, (Sort.DAY, sought_week), (Sort.AMOUNT, amount), (Sort.FILLER, _before_year)),
    Role.OFTEN: ((Sort.REPEAT, _often),),
    Role.PARITY: ((Sort.REPEAT, _parity),),
    Role.PER: ((Sort.REPEAT, _per_unit), (Sort.GROUP, _group)),
    Role.FOR: ((Sort.GROUP, _group),),
    Role.PREP: ((Sort.GROUP, _group),),
    Role.SIDE: (
        (Sort.SPOTS, _between),
        (Sort.UNREAD, _between_what),
        (Sort.BOUND, _before_clock),
        (Sort.FILLER, _beside_clock),
    ),
    Role.ALL_YEAR: ((Sort.OPEN, _all_year),),
    Role.ANCHOR: ((Sort.ANCHOR, _anchor),),
    Role.CLOCK: ((Sort.CLOCK, clock),),
    Role.BOUND: ((Sort.CLOCK, _from_clock),),
    Role.NAME: ((Sort.REPEAT, of_years),),
    **dict.fromkeys((Role.MONTH, Role.SEASON, Role.FEAST, Role.WEEKEND, Role.HALVE, Role.FIRST_DAY, Role.TURN), SPOT),
}
PLAIN = {
    Role.OPEN: Sort.OPEN,
    Role.CONDITION: Sort.CONDITION,
    Role.EXCEPT: Sort.EXCEPT,
    Role.SIDE: Sort.SIDE,
    Role.OWNER: Sort.OWNER,
    Role.NOTICE: Sort.NOTICE,
    Role.BOUND: Sort.BOUND,
    Role.LIMIT: Sort.LIMIT,
    Role.UNTIL: Sort.UNTIL,
    Role.NEXT: Sort.NEXT,
    Role.INSTEAD: Sort.INSTEAD,
    Role.NOT: Sort.INSTEAD,
    Role.OR: Sort.OR,
    Role.LEAST: Sort.LEAST,
    Role.STOP: Sort.STOP,
}
MEANT = {
    *(Role.NUMBER, Role.ORDINAL, Role.LAST, Role.WORKDAYS, Role.UNIT, Role.EACH, Role.OTHER, Role.MOST, Role.UNSURE),
    *(Role.SECTION, Role.HALVE, Role.TURN, Role.FIRST_DAY, Role.LAST_DAY, Role.CLOCK, Role.WEEKEND, Role.IN_A_ROW),
    *(Role.ANCHOR, Role.EITHER, Role.MOVED),
}
"""Words that say when: where no part of the grammar uses one, the phrase is not understood."""
COUNTED = {Role.IN_A_ROW, Role.UNIT, Role.WORKDAYS, Role.WEEKDAY, Role.THE_WEEKDAY}
NAMES = {Role.NAME, Role.TIMES, Role.FEAST, Role.LAST_DAY, Role.CLAUSE, None}


CODE = re.compile(r"([kthw])-?(\d+)|q-?(?:\d+|[ivx]*)")
ROMAN = re.compile("[IVXL]+")
MOST = {"k": 4, "t": 3, "h": 2, "w": 53}
"""How many there are in a year of what the letter stands for."""
NEVER = {"t4", "h3", "h4"}
"""Codes to the lexer, which knows the digits and not what they count. A sound "Q3" is one too, and no name."""
TELLING = {Role.WEEKDAY, Role.MONTH, Role.OTHER, Role.BOUND}
TIMES = [word for word, meaning in WORDS.items() if meaning.role in TELLING and word.isalpha() and len(word) > 4]
ALIKE = 0.85
ENTERED = entered(WORD_LIST)
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
ENGLISH = {
    *("january", "february", "march", "may", "june", "july", "october", "december"),
    *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "easter", "christmas"),
    *("day", "days", "workday", "workdays", "week", "weeks", "month", "months", "quarter", "year", "years", "every"),
    *("before", "after", "until", "through", "during", "between", "from", "than", "within", "except", "not"),
    *("of", "and", "or", "early", "mid", "late", "beginning", "middle", "end"),
}
"""Beside what both languages call alike: "last Friday in November" is not all of November.

What is a word in Norwegian too is not among them: "by", "last".
"""
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
    if token.text in ENGLISH or _is_no_code(token.text):
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
        or any(_is_near(word, time, meaning.role) for time, meaning in ENTERED.items() if time[0] == word[:1])
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
