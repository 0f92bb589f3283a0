"""What a subscriber sees of an occurrence: heading, day or instants, text, and entries so long before a deadline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from re import compile as pattern
from urllib.parse import quote

from arshjul.keys import lead_key
from arshjul.plan.model import Kind, Occurrence
from arshjul.printable import clean, one_line, shortened
from arshjul.timing.days import DAY, Clock, Offset, Span, Status, Unit, local_instant, workday_on_or_before
from arshjul.words import clock_in_words, day_in_words, list_in_words, span_in_words
from arshjul.year.dating import how_known

LONGEST_BAR = 7
"""Days. A longer window is one entry on its last workday: a bar over months hides all else in a calendar."""

LONGEST_LINE = 255
"""UTF-16 units in a heading or a location: where Exchange cuts (MS-OXCICAL)."""

LONGEST_NOTE = 600
"""UTF-16 units: the whole description stays about one kilobyte."""

_OWN_WORD = pattern(r"(?i)(frist|start|status|avlyst)\s*:")
_WEB_ADDRESS = pattern(r"https?://[A-Za-z0-9.-]+(:\d+)?([/?#][!-~]*)?")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry in a calendar, all of what people see in it and nothing else.

    `days` are the days it is shown on. `start` and `end` are instants in UTC of an entry with a time of day; `end` is
    None where nobody has said when it ends. `url` is empty or a real URI.
    """

    key: str
    heading: str
    days: Span
    start: datetime | None
    end: datetime | None
    status: Status
    busy: bool
    text: str
    location: str
    url: str
    category: str

    @property
    def starts(self) -> datetime:
        """The instant to sort by; midnight UTC of the first day for what has no time of day."""
        return self.start or datetime.combine(self.days.first, time(), UTC)


def entry(occurrence: Occurrence, calendar_name: str = "") -> Entry | None:
    """Return what a subscriber sees; None for what has no date. The calendar's name is the category without an area."""
    days = shown_days(occurrence)
    if days is None:
        return None
    start, end = _instants(days, occurrence.clock)
    return Entry(
        key=occurrence.key,
        heading=_heading_with_status(occurrence),
        days=days,
        start=start,
        end=end,
        status=occurrence.status,
        busy=start is not None and occurrence.kind is Kind.DAY and occurrence.status is not Status.CANCELLED,
        text="\n".join(_lines(occurrence, days)),
        location=shortened(one_line(occurrence.location), LONGEST_LINE),
        url=web_address(occurrence.source),
        category=shortened(_category(occurrence.area or calendar_name or occurrence.calendar), LONGEST_LINE),
    )


def shown_days(occurrence: Occurrence) -> Span | None:
    """Return the days that calendars show it on: its own, its deadline, or the last workday of a long window."""
    if occurrence.days is None:
        return None
    due = occurrence.deadline or occurrence.days.last
    if occurrence.kind is Kind.DEADLINE:
        return Span.of(due)
    if _is_long(occurrence):
        return Span.of(workday_on_or_before(due))
    return occurrence.days


def heading(occurrence: Occurrence) -> str:
    """Return the title with "Frist:" or "Avlyst:" before it, "Senest:" where a long window is nobody's deadline."""
    title = one_line(occurrence.title)
    if occurrence.status is Status.CANCELLED:
        return f"Avlyst: {title}"
    if _OWN_WORD.match(title) or not _is_due(occurrence):
        return title
    is_frist = occurrence.kind is Kind.DEADLINE or occurrence.deadline is not None
    return f"{'Frist' if is_frist else 'Senest'}: {title}"


def web_address(text: str) -> str:
    """Return the text as a URI when all of it is one http(s) address, else "": ical4j refuses a feed over a bad one."""
    address = quote(clean(text), safe=":/?#[]@!$&'()*+,;=%~")
    return address if _WEB_ADDRESS.fullmatch(address) else ""


def _is_long(occurrence: Occurrence) -> bool:
    return occurrence.kind is Kind.WINDOW and occurrence.days is not None and len(occurrence.days) > LONGEST_BAR


def _is_due(occurrence: Occurrence) -> bool:
    return occurrence.kind is Kind.DEADLINE or _is_long(occurrence)


def _heading_with_status(occurrence: Occurrence) -> str:
    suffix = " (foreløpig)" if occurrence.status is Status.TENTATIVE else ""
    return shortened(heading(occurrence), LONGEST_LINE - len(suffix)) + suffix


def _category(name: str) -> str:
    # Exchange takes ";" and "," for ends of a category, escaped or not.
    return one_line(name.replace(";", " ").replace(",", " "))


def _instants(days: Span, clock: Clock | None) -> tuple[datetime | None, datetime | None]:
    if clock is None or len(days) > 1:
        return None, None
    start = local_instant(days.first, clock.start)
    if clock.end is None or clock.end == clock.start:
        return start, None
    return start, local_instant(days.first if clock.end > clock.start else days.first + DAY, clock.end)


def _lines(occurrence: Occurrence, days: Span) -> Iterator[str]:
    """Yield the description: what, when, who, how the date is known, in the order in which people ask."""
    yield one_line(occurrence.title)
    yield _when(occurrence, days)
    if occurrence.responsible:
        yield f"Ansvarlig: {responsible_in_words(occurrence.responsible)}"
    if occurrence.contributors:
        yield f"Medvirkende: {one_line(list_in_words(occurrence.contributors))}"
    if occurrence.area:
        yield f"Område: {one_line(occurrence.area)}"
    if occurrence.note:
        yield shortened(clean(occurrence.note), LONGEST_NOTE)
    yield how_known(occurrence)
    if occurrence.source:
        yield f"Kilde: {one_line(occurrence.source)}"


def responsible_in_words(names: tuple[str, ...]) -> str:
    """Return the names, the first one marked as the main responsible when there are several."""
    main, *others = names
    return one_line(f"{main} (hovedansvarlig), {list_in_words(tuple(others))}" if others else main)


def _when(occurrence: Occurrence, days: Span) -> str:
    if _is_long(occurrence) and occurrence.days is not None:
        return f"Periode: {span_in_words(occurrence.days)}\nSiste arbeidsdag: {span_in_words(days)}"
    at = f" {clock_in_words(occurrence.clock)} (norsk tid)" if occurrence.clock else ""
    if _is_due(occurrence):
        return f"Frist: {span_in_words(days)}{at}"
    due = occurrence.deadline if len(days) > 1 else None
    return f"Når: {span_in_words(days)}{at}" + (f"\nFrist: {day_in_words(due)}" if due else "")


UNIT_LETTERS = {Unit.WORKDAYS: "v", Unit.DAYS: "d", Unit.WEEKS: "u", Unit.MONTHS: "m"}
LONGEST_HEADING = 255
"""UTF-16 units."""


def lead_entries(occurrence: Occurrence, shown: Entry, leads: Sequence[Offset]) -> Iterator[Entry]:
    """Yield an all-day entry for each lead time of what has a deadline; `shown` is the occurrence's own entry."""
    if occurrence.deadline is None or occurrence.status is Status.CANCELLED:
        return
    for lead in leads:
        yield replace(
            shown,
            key=lead_key(shown.key, lead.amount, UNIT_LETTERS[lead.unit]),
            heading=shortened(f"Om {lead}: {one_line(occurrence.title)}", LONGEST_HEADING),
            days=Span.of(lead.before(occurrence.deadline)),
            start=None,
            end=None,
            busy=False,
            text=f"Om {lead}: {day_in_words(occurrence.deadline)}\n{shown.text}",
        )
