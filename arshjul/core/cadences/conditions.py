"""Conditions on the year: election years, even and odd years, a year by its number."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class YearKind(StrEnum):
    """A sort of year."""

    ELECTION = "election"
    STORTING_ELECTION = "storting-election"
    LOCAL_ELECTION = "local-election"
    BETWEEN_ELECTIONS = "between-elections"
    EVEN = "even"
    ODD = "odd"
    LEAP = "leap"


@dataclass(frozen=True, slots=True)
class Condition:
    """A sort of year, or one year by its number; `negated` for the others ("ikke valgår")."""

    kind: YearKind | int
    negated: bool = False


def holds(condition: Condition, year: int) -> bool:
    """Tell whether the year is such a year."""
    return _is(condition.kind, year) != condition.negated


def _is(kind: YearKind | int, year: int) -> bool:
    """Storting elections are held in 2025, 2029 and so on, local ones in 2023, 2027: every second year has one."""
    match kind:
        case YearKind.STORTING_ELECTION:
            return year % 4 == 1
        case YearKind.LOCAL_ELECTION:
            return year % 4 == 3
        case YearKind.ELECTION | YearKind.ODD:
            return year % 2 == 1
        case YearKind.BETWEEN_ELECTIONS | YearKind.EVEN:
            return year % 2 == 0
        case YearKind.LEAP:
            return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return year == kind
