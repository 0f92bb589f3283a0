"""The years of a plan's columns (`timing`): which can be, which are far from all others, which say another year."""

from __future__ import annotations

import re
from collections.abc import Sequence

FIRST_COLUMN, LAST_COLUMN = 2000, 2100
"""The years that a plan can have a column for."""
FARTHEST = 10
"""Years between two columns of the same plan: action plans run for four."""

_COLUMN = re.compile("[0-9]{4}")
_YEAR = re.compile(r"(?<![\d.:])(?<!kl )(?<!kl\. )(?:19|20|21)[0-9]{2}(?![\d.:])")


def is_column(text: str) -> bool:
    return bool(_COLUMN.fullmatch(text)) and FIRST_COLUMN <= int(text) <= LAST_COLUMN


def other_years(text: str, year: int) -> list[int]:
    """Return the years that the text of a year's column names, none when that year is one of them or among them."""
    named = years_in(text)
    return sorted(set(named)) if named and not min(named) <= year <= max(named) else []


def years_in(text: str) -> list[int]:
    """Return the years that a text names, in its order."""
    return [int(found) for found in _YEAR.findall(text)]


def far_years(years: Sequence[int]) -> list[int]:
    """Return those of the columns' years, each as often as it has a column, that are far from where the plan is."""
    groups: list[list[int]] = []
    for year in sorted(years):
        if groups and year - groups[-1][-1] <= FARTHEST:
            groups[-1].append(year)
        else:
            groups.append([year])
    plan = max(groups, key=len, default=[])  # of equals the first: 2027 is mistyped as 2072, not the other way round
    return sorted(set(years) - set(plan))
