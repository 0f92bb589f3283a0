"""How long phrases take to read: 10,000 of those in the corpus, and one phrase made longer and longer.

`python -m benchmarks.phrases`. The first must take under two seconds on one core; the cost of the second must grow with
its length and no faster, which is shown as the time of twice the length divided by that of the length (2 is linear).
"""

from __future__ import annotations

import csv
import itertools
import time
from pathlib import Path

from arshjul.timing.phrases import read

CORPUS = Path(__file__).parents[1] / "tests" / "data" / "timing-phrases.csv"
COUNT, GOAL_S, ROUNDS = 10_000, 2.0, 50
LONGEST = 600
"""Characters; a longer text is prose, and is not read."""


def main() -> int:
    with CORPUS.open(encoding="utf-8", newline="") as file:
        phrases = [row["expression"] for row in csv.DictReader(file)]
    took = _seconds(list(itertools.islice(itertools.cycle(phrases), COUNT)))
    print(f"{COUNT} phrases: {took:.2f} s of CPU time (goal: under {GOAL_S} s)")
    long = "første mandag i mars, " * 40
    half, whole = (_seconds([long[:size]] * ROUNDS) for size in (LONGEST // 2, LONGEST))
    print(f"a phrase of {LONGEST} characters beside one of {LONGEST // 2}: {whole / half:.1f} times")
    return int(took >= GOAL_S)


def _seconds(phrases: list[str]) -> float:
    start = time.process_time()
    for phrase in phrases:
        read(phrase)
    return time.process_time() - start


if __name__ == "__main__":
    raise SystemExit(main())
