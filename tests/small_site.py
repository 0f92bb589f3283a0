"""A small site on disk: twelve board meetings and a hearing, written as an administrator would, to be edited."""

from __future__ import annotations

from pathlib import Path

MONTHS = range(1, 13)
MEETINGS = ", ".join(f'"2027-{month:02}-12"' for month in MONTHS)

CALENDAR = f"""
[calendar]
id = "region"
name = "Regionen"
visibility = "public"

[[party]]
id = "styret"
name = "Styret"
members = ["Ola <ola@example.no>"]

[[event]]
id = "mote"
title = "Styremøte"
when = [{MEETINGS}]
contributors = "Styret"

[[event]]
id = "hoering"
title = "Høringssvar"
when = "1. juni"
responsible = "Styret"
area = "Høringer"
"""

OPEN = 'visibility = "public"'
DATES = f"when = [{MEETINGS}]"


def write_site(folder: Path) -> Path:
    """Write the site and return its calendar file."""
    path = folder / "calendars" / "region.toml"
    path.parent.mkdir(parents=True)
    path.write_text(CALENDAR, encoding="utf-8")
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    return path


CONFIG = """
[site]
port = 8000
index = "all"
uid_domain = "kalender.example.no"
"""


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def months(*wanted: int) -> str:
    """Return the meetings' line with these months only."""
    return "when = [" + ", ".join(f'"2027-{month:02}-12"' for month in wanted) + "]"
