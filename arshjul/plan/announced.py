"""Dates that somebody has announced or decided, and leads: read from a file, written into one, held to weekdays."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from arshjul.plan.leads import KINDS, LONGEST_LEAD, WEEKLY
from arshjul.plan.model import Announcement, Phrase, Plan
from arshjul.plan.problems import Document, KeyPath, Place, Problem
from arshjul.plan.shapes import AnnouncementShape, VariantShape, quoted
from arshjul.timing.cadences import At, turns
from arshjul.timing.days import FIRST_YEAR, LAST_YEAR, NoEvents, Offset, Span, Turn, is_year, read_clock, year_span
from arshjul.timing.phrases import read, read_offset
from arshjul.words import date_in_words, span_in_words, weekday_in_words

_AFTER = re.compile(r"\b(etter|etterp[åa]|seinare|senere|after|later)\b", re.IGNORECASE)


def read_leads(
    texts: tuple[str, ...], document: Document, path: KeyPath, problems: list[Problem]
) -> tuple[Offset, ...]:
    """Return the lead times, longest first as written; what cannot be read is added to the problems."""
    found = []
    for number, text in enumerate(texts):
        offset, place = read_offset(text), document.value_place(*path, number)
        if offset is None:
            hint = "Skriv 20 (virkedager) eller «3 uker»."
            problems.append(Problem(place, f"Varslingstiden {quoted(text)} kan ikke leses.", hint))
        elif _AFTER.search(text):
            problems.append(Problem(place, "Det varsles før fristen, aldri etter.", f"Skriv bare «{offset}»."))
        elif offset.amount > LONGEST_LEAD[offset.unit]:
            hint = f"Skriv høyst {Offset(LONGEST_LEAD[offset.unit], offset.unit)}."
            problems.append(Problem(place, f"Varslingstiden {quoted(text)} er lengre enn et år.", hint))
        else:
            found.append(offset)
    return tuple(found)


def read_leads_for(
    texts: Mapping[str, tuple[str, ...]], document: Document, path: KeyPath, problems: list[Problem]
) -> dict[str, tuple[Offset, ...]]:
    """Return the lead times by kind of cadence; what comes round every week is told of once at most."""
    found = {}
    for kind, leads in texts.items():
        offsets = read_leads(leads, document, (*path, kind), problems)
        if kind not in KINDS:
            place = document.key_place(*path, kind)
            problems.append(Problem(place, f"{quoted(kind)} er ingen hyppighet.", f"Skriv en av {', '.join(KINDS)}."))
        elif kind == WEEKLY and len(offsets) > 1:
            place = document.value_place(*path, kind)
            problems.append(Problem(place, "Det som kommer hver uke, varsles høyst én gang.", "Skriv bare ett tall."))
        found[kind] = offsets
    return found


_DAYS = ("m[ao]n|mån", "tir|tys|tue", "ons|wed", "tor|thu", "fre|fri", "l[øau]r|sat", "s[øu]n")
_MONTHS = ("jan", "feb", "mar", "apr", "ma[iy]", "jun", "jul", "aug", "sep", "o[kc]t", "nov", "de[sc]")
_DAY = (
    r"(?:mandag|måndag|monday|tirsdag|tysdag|tuesday|onsdag|wednesday|torsdag|thursday|fredag|friday"
    r"|lørdag|laurdag|saturday|søndag|sundag|sunday|(?:man|tir|tys|ons|tor|fre|lør|søn)\.)"
)
_AND = r"\s*(?:/|,|–|-|\bog\b|\band\b|\btil\b)?\s*"
_NUMBER = r"\d{1,2}(?!\d|[.:]\d{2}\b)\.?"
_MONTH = r"(?:jan|feb|mar|apr|ma[iy]|jun|jul|aug|sep|o[kc]t|nov|de[sc])[a-z]*\.?"
_NAMED = re.compile(
    rf"(?P<days>{_DAY}(?:{_AND}{_DAY})*),?\s+(?:den\s+)?"
    rf"(?:(?P<number>\d{{1,2}})[./](?P<month>\d{{1,2}})\b(?:[./](?P<own>\d{{4}}))?|(?P<numbers>{_NUMBER}(?:{_AND}{_NUMBER})*))",
    re.IGNORECASE,
)
_LATER = re.compile(rf"(?P<month>{_MONTH})(?:\s+(?P<year>\d{{4}}))?", re.IGNORECASE)


def wrong_weekday(text: str, year: int | None) -> str:
    """Return "12. mars 2027 er en fredag" for the first date in the text that has another weekday before it; else "".

    `year` is that of dates which name none; without it, only those that do are looked at.
    """
    for weekday, day in _dates(text, year):
        if day.weekday() != weekday:
            return f"{date_in_words(day)} er en {weekday_in_words(day)}"
    return ""


def _dates(text: str, year: int | None) -> Iterator[tuple[int, date]]:
    """Yield each weekday with its date; "onsdag/torsdag 9. og 10. juni" are two, "torsdag 11.–15. mai" is none."""
    for found in _NAMED.finditer(text):
        weekdays = [_nth(_DAYS, name) for name in re.findall(_DAY, found["days"], re.IGNORECASE)]
        numbers = [int(found["number"])] if found["number"] else [int(n) for n in re.findall(r"\d+", found["numbers"])]
        month, own = _month_after(found, text)
        if month and own is None:
            own = year
        if month and own and len(weekdays) == len(numbers):
            for weekday, number in zip(weekdays, numbers, strict=True):
                if day := _date(own, month, number):
                    yield weekday, day


def _month_after(found: re.Match[str], text: str) -> tuple[int, int | None]:
    if found["number"]:
        return int(found["month"]), int(found["own"]) if found["own"] else None
    later = _LATER.search(text, found.end())
    return (_nth(_MONTHS, later["month"]) + 1, int(later["year"]) if later["year"] else None) if later else (0, None)


def _nth(patterns: tuple[str, ...], name: str) -> int:
    return next(nth for nth, pattern in enumerate(patterns) if re.match(pattern, name, re.IGNORECASE))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


LONGEST_ANNOUNCED = 62
"""Days of the longest thing that is announced: a consultation, or an autumn session; longer is a slip of the pen."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, what would be right, and the key below the period that it is about."""

    message: str
    hint: str = ""
    key: tuple[str, ...] = ()


def read_announcement(shape: AnnouncementShape, period: str) -> Announcement | Fault:
    """Return the announcement, or the first thing that is wrong with it. `period` is one that there is."""
    turn = _written_days(shape.date, int(period[:4]))
    if isinstance(turn, Fault):
        return turn
    clock, checked = read_clock(shape.time), _written_date(shape.checked)
    if wrong := wrong_weekday(shape.date, turn.days.first.year):
        return Fault(f"{quoted(shape.date)}: {wrong}.", "Er det dagen eller datoen som er feil?", ("date",))
    if fault := _far_off(turn.days, period):
        return fault
    if shape.time and clock is None:
        return Fault(f"{quoted(shape.time)} er ikke noe klokkeslett.", "Skriv «10:00» eller «10:00/12:00».", ("time",))
    if shape.checked and checked is None:
        return Fault(f"{quoted(shape.checked)} er ingen dato.", "Skriv «2026-11-20».", ("checked",))
    return Announcement(turn.days, clock or turn.clock, shape.source, checked, shape.unusual)


def _written_days(text: str, year: int) -> Turn | Fault:
    """Return the days that a text names in, or next to, a year: once and for certain."""
    first, _, last = text.partition("/")
    try:
        days = date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError:
        return _read_days(text, year)
    if not all(is_year(day.year) for day in days):
        return Fault(f"{quoted(text)} ligger utenfor årene {FIRST_YEAR}–{LAST_YEAR}.")
    if days[1] < days[0]:
        return Fault(f"{quoted(text)} slutter før det begynner.", "Skriv den første dagen først.")
    return Turn(str(year), Span.of(*days))


def _read_days(text: str, year: int) -> Turn | Fault:
    cadence = read(text)
    found = turns(cadence, year_span(year), NoEvents()) if cadence else []
    if len(found) == 1:
        return found[0]
    hint = "Skriv «2026-10-07», «2026-08-10/2026-08-14» eller «7. oktober»."
    return Fault(f"{quoted(text)} er ingen dato i {year}.", hint)


def _far_off(days: Span, period: str) -> Fault | None:
    if abs(days.first.year - int(period[:4])) > 1:
        return Fault(f"{span_in_words(days)} ligger langt fra {period}.", "Er året riktig?")
    if len(days) > LONGEST_ANNOUNCED:
        return Fault(
            f"{span_in_words(days)} er {len(days)} dager.",
            f"Det som kunngjøres, varer høyst {LONGEST_ANNOUNCED} dager.",
        )
    return None


def _written_date(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if is_year(found.year) else None


_BARE = re.compile(r"[A-Za-z0-9_-]+")


def event_number(document: Document, event: str) -> int | None:
    """Return which [[event]] of a file has an id, or had it before it was given another."""
    events = document.at("event") or []
    return next((number for number, one in enumerate(events) if str(one.get("was") or one.get("id")) == event), None)


def with_announcement(text: str, document: Document, event: int, period: str, announcement: Announcement) -> str:
    """Return the text with a date announced for a period of the numbered event; a date already there is replaced.

    `document` must be that of the text. The date goes into the table `announced` when there is one, else on a line of
    its own below the event's other announced dates or, without any, below its last key.
    """
    sheet = _Sheet(text, document, ("event", event))
    path = (*sheet.event, "announced")
    there, value = (*path, period), announcement_as_toml(announcement)
    if there in document.values:
        return sheet.replaced(there, value)
    if there in document.keys:
        return sheet.filled(there, _pairs(announcement))
    if path in document.values:
        return sheet.extended(path, f"{_key(period)} = {value}")
    if path in sheet.headings:
        return sheet.with_line_below(path, f"{_key(period)} = {value}")
    return sheet.with_line_below(path, f"announced.{_key(period)} = {value}")


def announcement_as_toml(announcement: Announcement) -> str:
    """Return the date as it is written in the file: { date = "2027-05-11", source = "…", checked = "2026-11-20" }."""
    return f"{{ {', '.join(f'{key} = {_text(value)}' for key, value in _pairs(announcement))} }}"


def days_as_text(days: Span) -> str:
    """Return "2027-05-11" or "2026-08-10/2026-08-14"."""
    return str(days.first) if len(days) == 1 else f"{days.first}/{days.last}"


def _pairs(announcement: Announcement) -> list[tuple[str, str]]:
    found = [
        ("date", days_as_text(announcement.days)),
        ("time", str(announcement.clock or "")),
        ("source", announcement.source),
        ("checked", str(announcement.checked or "")),
        ("unusual", announcement.unusual),
    ]
    return [(key, value) for key, value in found if value]


def _text(value: str) -> str:
    # What JSON escapes, TOML's basic strings escape alike; only DEL is allowed in the one and not in the other.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The text around one event, and how a change is made in it."""

    text: str
    document: Document
    event: KeyPath

    @property
    def headings(self) -> set[KeyPath]:
        """The tables of the event that have a heading of their own: [event.announced], [[event.milestones]]."""
        below = [path for path in self._below(self.event, self.document.keys) if path not in self.document.values]
        return {path for path in below if self._line(self.document.keys[path]).lstrip().startswith("[")}

    def replaced(self, path: KeyPath, value: str) -> str:
        return self._spliced(self._offset(self.document.values[path]), self._offset(self.document.ends[path]), value)

    def extended(self, path: KeyPath, entry: str) -> str:
        """Put an entry at the end of an inline table."""
        inside = list(self._below(path, self.document.ends))
        if not inside:
            return self.replaced(path, f"{{ {entry} }}")
        end = max(self._offset(self.document.ends[one]) for one in inside)
        return self._spliced(end, end, f", {entry}")

    def filled(self, path: KeyPath, pairs: Iterable[tuple[str, str]]) -> str:
        """Write the keys of a table that stands with one key on each line, those that are there in their places."""
        changed, missing = self, []
        lines = list(self._below(path, self.document.values))
        for key, value in sorted(pairs, key=lambda pair: self._position((*path, pair[0])), reverse=True):
            if (*path, key) in self.document.values:  # from the back, so that the places before it stay right
                changed = _Sheet(changed.replaced((*path, key), _text(value)), self.document, self.event)
            else:
                missing.append(f"{key} = {_text(value)}")
        if not missing:
            return changed.text
        start = self.document.keys[lines[0]]
        prefix = self._line(start)[: start.column - 1]
        last = max(self.document.ends[one].line for one in lines)
        return changed._with_lines(last, [f"{prefix}{line}" for line in missing])

    def with_line_below(self, path: KeyPath, line: str) -> str:
        """Put a line below the last value under a path or, where there is none, below the event's own last key."""
        others = self.headings - {path}
        own = [one for one in self._below(path, self.document.ends) if not _is_below_any(one, others)]
        if not own and path in self.headings:
            return self._with_lines(self.document.keys[path].line, [line])
        own = own or [
            one for one in self._below(self.event, self.document.ends) if not _is_below_any(one, self.headings)
        ]
        last = max(own, key=lambda one: self.document.ends[one])
        first = self._line(self.document.key_place(*last[: len(self.event) + 1]))
        indent = first[: len(first) - len(first.lstrip())]
        return self._with_lines(self.document.ends[last].line, [f"{indent}{line}"])

    def _with_lines(self, number: int, lines: list[str]) -> str:
        """Put lines below the line of that number, which counts from 1."""
        end = "\r\n" if "\r\n" in self.text else "\n"
        above = self.text.split("\n")[:number]
        at = min(sum(len(one) + 1 for one in above), len(self.text))
        if self.text[:at].endswith("\n"):
            return self._spliced(at, at, "".join(f"{line}{end}" for line in lines))
        return self._spliced(at, at, "".join(f"{end}{line}" for line in lines))

    def _below(self, path: KeyPath, places: Iterable[KeyPath]) -> Iterator[KeyPath]:
        return (one for one in places if len(one) > len(path) and one[: len(path)] == path)

    def _position(self, path: KeyPath) -> int:
        place = self.document.values.get(path)
        return self._offset(place) if place else -1

    def _line(self, place: Place) -> str:
        return self.text.split("\n")[place.line - 1]

    def _offset(self, place: Place) -> int:
        above = self.text.split("\n")[: place.line - 1]
        return sum(len(one) + 1 for one in above) + place.column - 1

    def _spliced(self, start: int, end: int, new: str) -> str:
        return self.text[:start] + new + self.text[end:]


def _is_below_any(path: KeyPath, tables: Iterable[KeyPath]) -> bool:
    return any(path[: len(table)] == table for table in tables)


_PARTS = re.compile(r"\s*(?:[,;]|\bog\b)\s*")
_ONLY_A_DAY = re.compile(r"(?:\w+dag\s+)?\d{1,2}\.?")
_NAMED_MONTH = re.compile(r"\d\.?\s*([a-zæøå]+(?:\s+\d{4})?)", re.IGNORECASE)


def read_plan(shape: VariantShape, year: int) -> list[Phrase] | Fault:
    """Return a phrase for each date of a year's plan, or the first thing that is wrong with it: no date is left out."""
    texts = [part for text in shape.dates for part in _parts(text)]
    found: list[Phrase] = []
    for text in texts:
        date_ = AnnouncementShape(date=text, time=shape.time, checked=shape.checked)
        known = read_announcement(date_, str(year))
        if isinstance(known, Fault):
            return Fault(known.message, known.hint, ("dates",) if known.key in ((), ("date",)) else known.key)
        if known.days.first.year != year:
            return Fault(f"{quoted(text)} er ikke i {year}.", "Er årstallet riktig?", ("dates",))
        cadence = read(days_as_text(known.days))
        if cadence is None:
            return Fault(f"{quoted(text)} er ingen dato i {year}.", key=("dates",))
        plan = Plan(shape.source, known.checked, shape.unusual)
        phrase = Phrase(text, At(cadence, known.clock) if known.clock else cadence, None, plan)
        if phrase.cadence in [other.cadence for other in found]:
            return Fault(f"{quoted(text)} står to ganger i planen.", key=("dates",))
        found.append(phrase)
    return found


def _parts(text: str) -> list[str]:
    """Return each date of a text with its month: "5. og 16. april" are "5. april" and "16. april"."""
    parts = [part for part in _PARTS.split(text) if part]
    month = ""
    for nth in reversed(range(len(parts))):
        if named := _NAMED_MONTH.search(parts[nth]):
            month = named[1]
        elif _ONLY_A_DAY.fullmatch(parts[nth]) and month:
            parts[nth] = f"{parts[nth].removesuffix('.')}. {month}"
    return parts
