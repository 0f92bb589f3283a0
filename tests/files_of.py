"""Calendars for tests, written as an administrator would write them."""

from __future__ import annotations

from datetime import date
from textwrap import dedent

from arshjul.plan.files import read_toml
from arshjul.plan.model import Calendar, Catalogue
from arshjul.plan.parse import parse
from arshjul.plan.problems import Problem
from arshjul.year.assemble import assemble

TODAY_OF_FILES = date(2027, 12, 31)
"""The day on which files are read, where a test is not about it: no source in them is checked later."""

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
    catalogue, problems = assemble(calendars, TODAY_OF_FILES)
    assert problems == []
    return catalogue


def problems_of(text: str) -> list[str]:
    """Return everything that is wrong with one calendar, without the file's name: "3:1 Ukjent nøkkel …"."""
    calendar, problems = read_calendar(text)
    if calendar:
        problems = [*problems, *assemble([calendar], TODAY_OF_FILES)[1]]
    return [
        f"{problem.place.line}:{problem.place.column} {problem.message} {problem.hint}".strip() for problem in problems
    ]
