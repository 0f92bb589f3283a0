"""The periods in keys, as they are written ("2027", "2027-09", "2027-W12"): which there are, and which an event has."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from arshjul.core.dates import iso_week

FIRST_YEAR, LAST_YEAR = 1900, 2200
"""The years that can be written: what lies outside is a slip of the pen, and dates end at the year 9999."""

_FORM = re.compile(
    r"(?P<year>[0-9]{4})(-((?P<month>[0-9]{2})|H[12]|T[1-3]|Q[1-4]|W(?P<week>[0-9]{2})"
    r"|(?P<day>[0-9]{2}-[0-9]{2})))?(_[1-9][0-9]{0,3})?"
)
_NEAR = 6


def is_period(text: str) -> bool:
    """Tell whether there is such a period: no thirteenth month, no week that the year has not."""
    found = _FORM.fullmatch(text)
    if not found or not is_year(int(found["year"])):
        return False
    try:
        if found["week"]:
            iso_week(int(found["year"]), int(found["week"]))
        elif found["month"] or found["day"]:
            date.fromisoformat(f"{found['year']}-{found['day'] or found['month'] + '-01'}")
    except ValueError:
        return False
    return True


def is_year(year: int) -> bool:
    return FIRST_YEAR <= year <= LAST_YEAR


def can_be_announced(period: str, ruled: Collection[str]) -> bool:
    """Tell whether a date may be announced for a period, beside those that the event's rule gives.

    It may for each of them, and for a year that the rule passes over; never beside those that it gives in that year.
    """
    if not ruled or period in ruled:
        return True
    return not any(one[:4] == period[:4] for one in ruled) and _kind(period) in {_kind(one) for one in ruled}


def nearest(period: str, known: Collection[str]) -> list[str]:
    """Return those of the same year, else those of the years around it, at most six, in order."""
    year = int(period[:4])
    same = sorted(one for one in known if one[:4] == period[:4])
    around = sorted(known, key=lambda one: (abs(int(one[:4]) - year), one))
    return (same or sorted(around[:_NEAR]))[:_NEAR]


def _kind(period: str) -> str:
    return re.sub("[0-9]", "0", period.partition("_")[0])
