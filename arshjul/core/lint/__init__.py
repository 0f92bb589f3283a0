"""A feed's bytes → what a subscriber's program may stumble over: our own linter, for what no validator notices.

It takes anybody's feed. MÅ and BØR are those of `findings.Level`; the answer over HTTP is judged in `answers`.
"""

from __future__ import annotations

from collections.abc import Iterator

from arshjul.core.lint.calendars import check_calendar
from arshjul.core.lint.events import check_event
from arshjul.core.lint.findings import Finding, Level, must
from arshjul.core.lint.octets import check_octets, check_size
from arshjul.core.lint.reading import BOM, Component, components, rows
from arshjul.core.lint.zones import check_zones

__all__ = ["Finding", "Level", "lint"]

_BEGIN, _END = b"BEGIN:VCALENDAR", b"END:VCALENDAR"


def lint(data: bytes) -> list[Finding]:
    """Return all findings, by line."""
    if not data.strip():
        return [must("tom-fil", 0, "Filen er tom. Noen programmer sletter da alt abonnenten har.")]
    if not data.removeprefix(BOM).lstrip().upper().startswith(_BEGIN):
        return [must("ikke-kalender", 1, "Filen begynner ikke med BEGIN:VCALENDAR.")]
    return sorted({*_lint_whole(data), *check_size(data)})


def _lint_whole(data: bytes) -> Iterator[Finding]:
    if _END not in data.upper():
        data = data[: (data.rfind(b"\n") + 1 or data.rfind(b"\r") + 1)]
        said = "Filen slutter før END:VCALENDAR. Noen programmer sletter da alt abonnenten har."
        yield must("avkuttet", len(rows(data)), said)
    lines = rows(data)
    yield from check_octets(data, lines)
    calendars, faults = components(lines)
    yield from faults
    for extra in calendars[1:]:
        yield must("flere-kalendere", extra.line, "Filen har mer enn én VCALENDAR. Exchange leser bare den første.")
    for calendar in calendars:
        yield from _lint_calendar(calendar)


def _lint_calendar(calendar: Component) -> Iterator[Finding]:
    if calendar.ended:  # what is missing from half a calendar may stand in the other half
        yield from check_calendar(calendar)
    yield from check_zones(calendar)
    for event in calendar.named("VEVENT"):
        yield from check_event(event)
    yield from _check_duplicates(calendar)


def _check_duplicates(calendar: Component) -> Iterator[Finding]:
    """An event and its moved instances share a UID, each with a RECURRENCE-ID of its own."""
    seen: dict[tuple[str, str], int] = {}
    for event in calendar.named("VEVENT"):
        uid, instance = event.first("UID"), event.first("RECURRENCE-ID")
        if uid is None:
            continue
        identity = (uid.value.strip(), instance.value.strip() if instance else "")
        if identity in seen:
            said = f"UID-en står også på linje {seen[identity]}. Google og Thunderbird viser bare én av hendelsene."
            yield must("dobbel-uid", uid.line, said)
        seen.setdefault(identity, uid.line)
