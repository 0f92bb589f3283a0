"""A letter → its words, from templates that an organisation may replace. The words of dates are in `core.words`."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from css_inline import CSSInliner, InlineError
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError

from arshjul.core.model import Kind, Letter, Occurrence, Reminder, Status
from arshjul.core.texts import clean, one_line
from arshjul.core.words import clock_in_words, day_in_words, list_in_words, span_in_words
from arshjul.core.workdays import workdays_between
from arshjul.mail.message import Draft, Letterhead

SUBJECT, TEXT, HTML = (f"email/reminder{end}" for end in ("-subject.txt", ".txt", ".html"))
COLUMNS: Final = 76
MARKER: Final = re.compile(r" *(?:- |\d+\. )?")
SIGNATURE: Final = "-- "
"""The line that mail programs know a signature by; its last space counts (RFC 3676 section 4.3)."""


class TemplateProblemError(Exception):
    """A template cannot be used; the message is Norwegian and names the template."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in a letter, as templates see it: everything in words, "" for what is not there.

    `date` is the day in words, with "(foreløpig)" when it is tentative; `when` has "frist" before it where it is a
    last day. `left` says how far away it is, `role` what the recipient is in it. With `is_to_confirm`, it is the date
    itself that is wanted.
    """

    key: str
    title: str
    date: str
    when: str
    left: str
    role: str
    calendar: str
    responsible: str
    contributors: str
    period: str
    clock: str
    location: str
    note: str
    source: str
    source_url: str
    source_name: str
    reason: str
    is_deadline: bool
    is_tentative: bool
    is_to_confirm: bool = False


@dataclass(frozen=True)
class Templates:
    """The templates in `email` of some folders; one in an earlier folder wins over its namesake in a later one."""

    folders: Sequence[Path]
    text: Environment = field(init=False, repr=False, compare=False)
    html: Environment = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        loader = FileSystemLoader([str(folder) for folder in self.folders])
        common = {"loader": loader, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
        text = Environment(autoescape=False, **common)  # type: ignore[arg-type]  # noqa: S701  (plain text has no markup)
        object.__setattr__(self, "text", text)
        object.__setattr__(self, "html", Environment(autoescape=True, **common))  # type: ignore[arg-type]

    def render(self, letter: Letter, head: Letterhead, calendars: Mapping[str, str] | None = None) -> Draft:
        """Write the letter; `calendars` gives the names of calendars by id. Raises TemplateProblemError."""
        words = {**_words(letter, calendars or {}), "head": head}
        subject = one_line(self._filled(self.text, SUBJECT, words))
        words["subject"] = subject
        return Draft(
            subject=subject,
            text=wrapped(self._filled(self.text, TEXT, words)),
            html=self._inlined(self._filled(self.html, HTML, words)),
        )

    def subject(self, letter: Letter) -> str:
        """Write only the subject, which says nothing of who writes. Raises TemplateProblemError."""
        return one_line(self._filled(self.text, SUBJECT, _words(letter, {})))

    def _filled(self, environment: Environment, name: str, words: Mapping[str, object]) -> str:
        try:
            return environment.get_template(name).render(words)
        except TemplateSyntaxError as error:
            raise TemplateProblemError(f"Malen «{name}» har en feil i linje {error.lineno}: {error.message}") from error
        except TemplateError as error:
            raise TemplateProblemError(f"Malen «{name}» kan ikke brukes: {error.message}") from error

    def _inlined(self, html: str) -> str:
        try:
            return INLINER.inline(html)
        except InlineError as error:
            raise TemplateProblemError(f"Malen «{HTML}» har en feil i stilene: {error}") from error


INLINER: Final = CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


def _words(letter: Letter, calendars: Mapping[str, str]) -> dict[str, object]:
    items = [item_of(reminder, letter, calendars) for reminder in letter.reminders]
    things = "frister" if all(item.is_deadline for item in items) else "saker"
    return {"items": items, "first": items[0], "things": things, "to": letter.to}


def item_of(reminder: Reminder, letter: Letter, calendars: Mapping[str, str]) -> Item:
    """Return a reminder in words."""
    it = reminder.occurrence
    if it.deadline is None:
        raise ValueError(f"{it.key} has no deadline to remind of")
    is_tentative, is_deadline = it.status is Status.TENTATIVE, it.kind is not Kind.DAY
    date = day_in_words(it.deadline) + (" (foreløpig)" if is_tentative else "")
    return Item(
        key=it.key,
        title=one_line(it.title),
        date=date,
        when=f"frist {date}" if is_deadline else date,
        left=_left(workdays_between(letter.send_day, it.deadline), (it.deadline - letter.send_day).days),
        role=_role(it, letter.to.address),
        calendar=one_line(calendars.get(it.calendar, "")),
        responsible=_responsible(it),
        contributors=list_in_words(it.contributors) if it.contributors else "",
        period=span_in_words(it.days) if it.days is not None and len(it.days) > 1 else "",
        clock=clock_in_words(it.clock) if it.clock else "",
        location=one_line(it.location),
        note=clean(it.note),
        source=one_line(it.source),
        **_source(one_line(it.source)),
        reason=one_line(reminder.reason),
        is_deadline=is_deadline,
        is_tentative=is_tentative,
        is_to_confirm=reminder.is_to_confirm,
    )


def wrapped(text: str) -> str:
    """Return the text in lines of at most 76 columns, later lines indented like the first; addresses stay whole."""
    lines = [line if line == SIGNATURE else line.rstrip() for line in clean_lines(text)]
    return "\n".join(part for line in lines for part in _broken(line)) + "\n"


def clean_lines(text: str) -> list[str]:
    """Return the lines between the first and the last that hold anything, never two empty ones in a row."""
    lines: list[str] = []
    for line in text.strip("\n").split("\n"):
        if line.strip() or (lines and lines[-1].strip()):
            lines.append(line)
    return lines


def _broken(line: str) -> list[str]:
    if len(line) <= COLUMNS:
        return [line]
    indent = " " * MARKER.match(line).end()  # type: ignore[union-attr]  # (it matches the empty text too)
    return textwrap.wrap(line, COLUMNS, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _left(workdays: int, days: int) -> str:
    """Say how far away a deadline is, counted from the day of the letter."""
    if days < 0:
        return "fristen er ute"
    if days <= 1:
        return ("i dag", "i morgen")[days]
    return f"om {workdays} virkedag{'' if workdays == 1 else 'er'}" if workdays else f"om {days} dager"


def _role(it: Occurrence, address: str) -> str:
    if not it.main:
        return ""
    return "hovedansvarlig" if address in it.main else "medansvarlig"


def _responsible(it: Occurrence) -> str:
    if len(it.responsible) < 2:  # noqa: PLR2004  (a main one needs another beside it)
        return "".join(it.responsible)
    main, *others = it.responsible
    return f"{main} (hovedansvarlig) og {list_in_words(tuple(others))}"


def _source(source: str) -> dict[str, str]:
    """Give a source that is a web address apart, with the name of its place to click on."""
    address = urlsplit(source)
    if address.scheme not in ("http", "https") or not address.hostname:
        return {"source_url": "", "source_name": source}
    return {"source_url": source, "source_name": address.hostname.removeprefix("www.")}
