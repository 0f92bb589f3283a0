"""What is wrong with a feed, where, and how bad it is. The rules themselves are in the modules beside this one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """MÅ: some client refuses the feed, loses an event or shows it wrongly. BØR: it works, but worse than it could."""

    MUST = "MÅ"
    SHOULD = "BØR"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One breach of one rule. `line` counts from 1; 0 is for what has no line, such as a header of the answer."""

    line: int
    rule: str
    level: Level
    message: str


def must(rule: str, line: int, message: str) -> Finding:
    return Finding(line, rule, Level.MUST, message)


def should(rule: str, line: int, message: str) -> Finding:
    return Finding(line, rule, Level.SHOULD, message)
