"""Calendars for tests, written as an administrator would write them."""

from __future__ import annotations

from textwrap import dedent

from arshjul.core.check import assemble
from arshjul.core.model import Calendar, Catalogue
from arshjul.core.parse import parse
from arshjul.core.problems import Problem
from arshjul.files.toml import read_toml

OFFICE = """
[[party]]
id = "sekretariatet"
name = "Sekretariatet"
members = ["Sekretariatet <sekretariatet@example.no>"]
"""


def read_calendar(text: str, file: str = "prove.toml") -> tuple[Calendar | None, list[Problem]]:
    document, problems = read_toml(dedent(text), file)
    if problems:
        return None, problems
    return parse(document)


def catalogue_of(*texts: str) -> Catalogue:
    """Return a catalogue of calendars that are in order; the head is added where the text has none."""
    calendars = []
    for number, text in enumerate(texts):
        head = "" if "[calendar]" in text else f'[calendar]\nid = "k{number}"\nname = "Kalender {number}"\n'
        calendar, problems = read_calendar(head + dedent(text))
        assert problems == []
        assert calendar
        calendars.append(calendar)
    catalogue, problems = assemble(calendars)
    assert problems == []
    return catalogue


def problems_of(text: str) -> list[str]:
    """Return everything that is wrong with one calendar, without the file's name: "3:1 Ukjent nøkkel …"."""
    calendar, problems = read_calendar(text)
    if calendar:
        problems = [*problems, *assemble([calendar])[1]]
    return [
        f"{problem.place.line}:{problem.place.column} {problem.message} {problem.hint}".strip() for problem in problems
    ]
