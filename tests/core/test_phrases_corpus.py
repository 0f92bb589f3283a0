"""646 phrases of published plans against what they mean for 2027, judged by the rules of `arshjul read`'s corpus."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date
from pathlib import Path

from arshjul.timing.answer import answer
from arshjul.timing.describe import describe
from arshjul.timing.phrases import read

CORPUS = Path(__file__).parent.parent / "data" / "timing-phrases.csv"
YEAR = 2027
LEAST_RIGHT = 95.0
"""Percent of the phrases that have a date."""
MOST_WRONG = 1.0
"""Percent of all phrases; what is left unread is not wrong."""

ISO = r"\d{4}-\d\d-\d\d"
FAMILIES = (
    {"weekly", "n-weekly", "monthly", "n-per-year", "yearly", "every-n-years", "weekday-ordinal", "tertial"}
    | {"half-year", "quarter"},
    {"per-meeting", "relative-to-event", "deadline"},
    {"continuous", "on-demand", "vague", "none", "season", "fuzzy"},
    {"time-of-day"},
    {"date", "date-without-year", "month", "month-range", "week"},
)

Row = dict[str, str]


def rows() -> list[Row]:
    with CORPUS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def expected(row: Row) -> tuple[list[str], bool]:
    """Return the days of an interpretation (a deadline; first and last day) and whether they are only "about"."""
    text = row["interpretation"]
    about = text.startswith("about") or " about " in text[:25]
    if limit := re.match(rf"(?:deadline|through|before|until|by)\s+({ISO})", text):
        return ["by", limit[1]], about or text.startswith("before")
    if stretch := re.search(rf"({ISO})\.\.({ISO})", text):
        return [stretch[1], stretch[2]], about
    day = re.search(ISO, text)
    return [day[0], day[0]] if day else [], about


def near(one: object, other: str, slack: int) -> bool:
    return one is not None and abs((date.fromisoformat(str(one)) - date.fromisoformat(other)).days) <= slack


def verdict(row: Row) -> str:
    said = answer(row["expression"], YEAR)
    days, about = expected(row)
    if not said["understood"]:
        return "right" if re.search("heading|column", row["interpretation"]) else "unread"
    slack = 7 if about else 0
    if days[:1] == ["by"]:
        hit = near(said["deadline"], days[1], max(slack, 1 if "før" in row["expression"].lower() else 0))
    elif days:
        first, last = days
        slack = 400 if "," in row["expression"] or " og " in row["expression"] else slack
        hit = near(said["start"], first, slack) and near(said["end"] or said["start"], last, slack)
        hit = hit or (first == last and near(said["deadline"], first, slack))
    elif row["kind"] in {"vague", "none", "on-demand"} and (said["start"] or said["end"] or said["deadline"]):
        hit = False
    else:
        hit = any({said["kind"], row["kind"]} <= family for family in FAMILIES)
    return "right" if hit else "wrong"


def test_corpus_is_read_as_well_as_promised() -> None:
    found = [(row, verdict(row)) for row in rows()]
    dateable = Counter(
        outcome for row, outcome in found if expected(row)[0] and not re.search("heading|column", row["interpretation"])
    )
    wrong = [row["expression"] for row, outcome in found if outcome == "wrong"]

    assert len(found) == 646
    assert 100 * dateable["right"] / dateable.total() >= LEAST_RIGHT, dateable
    assert 100 * len(wrong) / len(found) <= MOST_WRONG, wrong


def test_corpus_reading_says_itself_and_is_read_back() -> None:
    readings = {row["expression"]: cadence for row in rows() if (cadence := read(row["expression"])) is not None}

    back = {text: read(describe(cadence)) for text, cadence in readings.items()}

    assert back == readings
