"""`arshjul read`: how texts about time are understood. It must answer at once, so it imports little."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from datetime import date

from arshjul.timing.answer import answer
from arshjul.timing.cadences import leans_on
from arshjul.timing.days import Span, local_day
from arshjul.timing.phrases import read as read_phrase
from arshjul.words import day_in_words, span_in_words


def read(arguments: argparse.Namespace) -> int:
    """Print each phrase's reading; exit code 1 if any has none (with --json always 0: the answer says it)."""
    year = arguments.year or local_day(arguments.now()).year
    answers = (answer(phrase, year) for phrase in _phrases(arguments.phrase))
    return _as_json(answers) if arguments.json else _in_words(answers)


def _phrases(given: list[str]) -> Iterable[str]:
    return given or (line.rstrip("\n") for line in sys.stdin)


def _as_json(answers: Iterable[dict[str, object]]) -> int:
    for found in answers:
        print(json.dumps(found, ensure_ascii=False), flush=True)
    return 0


def _in_words(answers: Iterable[dict[str, object]]) -> int:
    unread = 0
    for found in answers:
        print(f"«{found['phrase']}»")
        unread += not found["understood"]
        for line in _lines(found):
            print(f"    {line}")
    return int(unread > 0)


def _lines(found: dict[str, object]) -> Iterator[str]:
    if not found["understood"]:
        yield "Ingen sikker lesning: skriv det på en annen måte, eller som en dato (2027-03-12)."
        return
    yield f"forstås som: {found['reading']}"
    first, last, deadline = (_date(found[key]) for key in ("start", "end", "deadline"))
    if first:
        yield span_in_words(Span.of(first, last or first))
    if deadline and deadline != first:
        yield f"frist: {day_in_words(deadline)}"
    if first or deadline:
        return
    cadence = read_phrase(str(found["phrase"]))
    names = [f"«{name}»" for name in leans_on(cadence) if name] if cadence else []
    yield f"følger {' og '.join(names)}, der kalenderen har den" if names else "uten dato"


def _date(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None
