"""What can be wrong with VTIMEZONE and TZID: a zone that is missing, or written so that readers are hours off."""

from __future__ import annotations

import re
from collections.abc import Iterator

from arshjul.core.lint.findings import Finding, must, should
from arshjul.core.lint.reading import Component
from arshjul.core.lint.recurrence import parts

_OFFSET = re.compile(r"[+-]\d{4}(?:\d{2})?")
_NTH_DAY = re.compile(r"(?:[+-]?[1-5])(?:MO|TU|WE|TH|FR|SA|SU)")


def check_zones(calendar: Component) -> Iterator[Finding]:
    """Yield what is wrong with the zones that a calendar defines, and with those that it only names."""
    defined: set[str] = set()
    for zone in calendar.named("VTIMEZONE"):
        tzid = zone.first("TZID")
        name = tzid.value.strip().casefold() if tzid else ""
        if not name:
            yield must("sone-uten-navn", zone.line, "VTIMEZONE mangler TZID.")
        elif name in defined:
            yield must("dobbel-sone", zone.line, f"Tidssonen {tzid.value if tzid else ''} er definert to ganger.")
        defined.add(name)
        yield from _check_zone(zone)
    yield from _check_uses(calendar, defined)


def _check_uses(calendar: Component, defined: set[str]) -> Iterator[Finding]:
    for part in calendar.named("VEVENT", "VTODO", "VJOURNAL"):
        for one in part.properties:
            tzid = one.parameters.get("TZID")
            if tzid is not None and tzid.strip().casefold() not in defined:
                said = f"TZID={tzid} har ingen VTIMEZONE i filen. Outlook avviser den eller viser feil tid."
                yield must("ukjent-tidssone", one.line, said)


def _check_zone(zone: Component) -> Iterator[Finding]:
    latest: dict[str, Component] = {}
    for half in sorted(zone.named("STANDARD", "DAYLIGHT"), key=_starts):
        yield from _check_offsets(half)
        latest[half.name] = half
    # Only the last of each kind counts in Exchange, so what Apple writes of the past century does no harm.
    for half in latest.values():
        yield from _check_rules(half)
    if "STANDARD" not in latest:
        yield must("sone-deler", zone.line, "VTIMEZONE mangler STANDARD.")
    elif len(zone.named("STANDARD")) > 1 or len(zone.named("DAYLIGHT")) > 1:
        said = "VTIMEZONE bør ha én STANDARD og høyst én DAYLIGHT. Exchange ser bare på den siste av hver."
        yield should("sone-deler", zone.line, said)


def _starts(half: Component) -> str:
    start = half.first("DTSTART")
    return start.value if start else ""


def _check_offsets(half: Component) -> Iterator[Finding]:
    if half.first("DTSTART") is None:
        yield must("ufullstendig-sone", half.line, f"{half.name} mangler DTSTART. Exchange avviser hele filen.")
    for name in ("TZOFFSETFROM", "TZOFFSETTO"):
        offset = half.first(name)
        if offset is None or not _OFFSET.fullmatch(offset.value.strip()):
            line = offset.line if offset else half.line
            said = f"{half.name} mangler {name} på formen +0100. Exchange avviser hele filen."
            yield must("ufullstendig-sone", line, said)


def _check_rules(half: Component) -> Iterator[Finding]:
    for dates in half.all("RDATE"):
        said = "Tidssonen er skrevet med RDATE. Outlook og Thunderbird leser den feil og viser tider en time for sent."
        yield must("sone-med-rdate", dates.line, said)
    for rule in half.all("RRULE"):
        if not _is_yearly(parts(rule)):
            said = "Outlook forstår bare soner med FREQ=YEARLY, BYMONTH og én BYDAY som -1SU."
            yield must("sone-regel", rule.line, said)


def _is_yearly(rule: dict[str, str]) -> bool:
    by_day = _NTH_DAY.fullmatch(rule.get("BYDAY", "")) is not None and "BYMONTHDAY" not in rule
    by_number = rule.get("BYMONTHDAY", "").removeprefix("-").isdigit() and "BYDAY" not in rule
    month = rule.get("BYMONTH", "")
    return rule.get("FREQ") == "YEARLY" and month.isdigit() and (by_day or by_number)
