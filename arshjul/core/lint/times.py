"""Dates, instants and durations as a feed writes them (RFC 5545 section 3.3), and what can be wrong with each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from arshjul.core.lint.findings import Finding, must
from arshjul.core.lint.reading import Property

_DATE = re.compile(r"\d{8}")
_INSTANT = re.compile(r"\d{8}T\d{6}Z?")
_PART = r"\d+H(?:\d+M)?(?:\d+S)?|\d+M(?:\d+S)?|\d+S"
_DURATION = re.compile(rf"([+-]?)P(?:\d+W|\d+D(?:T(?:{_PART}))?|T(?:{_PART}))")
_LEAP_SECOND = re.compile(r"60(Z?)$")


class Sort(StrEnum):
    """How a time is bound to the clock."""

    DATE = "dato"
    FLOATING = "flytende"
    UTC = "UTC"
    ZONED = "sone"


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as written: `wall` has no zone of its own, `zone` is its TZID."""

    sort: Sort
    wall: datetime
    zone: str = ""


def moment(written: Property) -> Moment | None:
    """Return the time that a property holds; None when it is no date and no date-time."""
    value = written.value.strip()
    if _DATE.fullmatch(value):
        wall = _wall(value, "%Y%m%d")
        return Moment(Sort.DATE, wall) if wall else None
    if not _INSTANT.fullmatch(value):
        return None
    wall = _wall(_LEAP_SECOND.sub(r"59\1", value).removesuffix("Z"), "%Y%m%dT%H%M%S")
    if wall is None:
        return None
    if value.endswith("Z"):
        return Moment(Sort.UTC, wall)
    zone = written.parameters.get("TZID", "")
    return Moment(Sort.ZONED if zone else Sort.FLOATING, wall, zone)


def check_time(written: Property) -> Iterator[Finding]:
    """Yield what is wrong with a property that holds one date or date-time."""
    found, named = moment(written), written.parameters.get("VALUE", "DATE-TIME").upper()
    if found is None:
        yield must("ugyldig-tid", written.line, f"{written.name} er ingen dato og ikke noe tidspunkt: {written.value}")
    elif (found.sort is Sort.DATE) != (named == "DATE"):
        right = "VALUE=DATE" if found.sort is Sort.DATE else "VALUE=DATE-TIME"
        yield must("feil-verditype", written.line, f"{written.name} skal ha {right}, slik verdien er skrevet.")
    elif found.sort is Sort.UTC and "TZID" in written.parameters:
        yield must("tzid-og-utc", written.line, f"{written.name} har både TZID og Z; bare det ene kan gjelde.")


def check_utc(written: Property) -> Iterator[Finding]:
    """Yield what is wrong with a property that must be an instant in UTC."""
    found = moment(written)
    if found is None:
        yield must("ugyldig-tid", written.line, f"{written.name} er ikke noe tidspunkt: {written.value}")
    elif found.sort is not Sort.UTC:
        said = f"{written.name} skal være i UTC og slutte med Z: {written.value}"
        yield must("ikke-utc", written.line, said)


def is_duration(value: str) -> bool:
    return _DURATION.fullmatch(value.strip()) is not None


def is_negative(value: str) -> bool:
    return value.strip().startswith("-")


def _wall(value: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(value, form)  # noqa: DTZ007  (what the clock on the wall shows)
    except ValueError:
        return None
