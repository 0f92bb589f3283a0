"""The shipped year as golden lists: read `tests/snapshots` to see what arshjul says, and every diff to it."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from arshjul.organisation import Organisation
from arshjul.plan.model import Occurrence
from arshjul.timing.days import Status, year_span
from arshjul.year.expand import expand

DATA = Path(__file__).parents[1] / "data"


def line(one: Occurrence) -> str:
    days = (
        f"{one.days.first}..{one.days.last}"
        if one.days and len(one.days) > 1
        else str(one.days.first if one.days else "-")
    )
    clock = f" {one.clock.start:%H:%M}" if one.clock else ""
    due = f" frist {one.deadline}" if one.deadline and not (one.days and one.days.last == one.deadline) else ""
    who = f"  [{' + '.join(one.responsible)}]" if one.responsible else ""
    return f"{days}{clock}{due}  {one.kind} {one.status}  {one.key}  {one.title}{who}"


def test_shipped_files_have_no_problems(shipped: Organisation) -> None:
    assert shipped.problems == ()


@pytest.mark.parametrize("year", [2026, 2027])
@pytest.mark.parametrize("calendar", ["politisk-aar", "osloregionen"])
def test_shipped_year_is_as_the_golden_list(
    shipped: Organisation, snapshot: Callable[[str, str], None], calendar: str, year: int
) -> None:
    found = [one for one in expand(shipped.catalogue, year_span(year)) if one.calendar == calendar]

    snapshot(f"{calendar}-{year}.txt", "".join(f"{line(one)}\n" for one in found))


def test_measures_stand_as_in_the_plan(shipped: Organisation) -> None:
    with (DATA / "seed-measures.tsv").open(encoding="utf-8", newline="") as file:
        rows = [tuple(row) for row in list(csv.reader(file, delimiter="\t"))[1:]]

    measures = [item for item in shipped.catalogue.calendars["osloregionen"].items if item.is_measure]

    assert len(rows) == 23
    assert [
        (item.id, item.responsible, item.contributors, item.when[0].text, item.timing[2026].text if item.timing else "")
        for item in measures
    ] == rows


def test_every_event_of_the_political_year_names_its_source(shipped: Organisation) -> None:
    assert [item.id for item in shipped.catalogue.calendars["politisk-aar"].items if not item.source] == []


def test_no_computed_date_is_confirmed_unless_a_law_fixes_it(shipped: Organisation) -> None:
    political = shipped.catalogue.calendars["politisk-aar"]
    fixed = {item.id for item in political.items if item.fixed_by}
    announced = {(item.id, period) for item in political.items for period in item.announced}
    found = [one for year in range(2024, 2036) for one in expand(shipped.catalogue, year_span(year))]

    confirmed = [one for one in found if one.calendar == political.id and one.status is Status.CONFIRMED]

    assert [one.key for one in confirmed if one.id not in fixed and (one.id, one.period) not in announced] == []


def test_key_stays_when_a_date_is_announced_or_moved(shipped: Organisation) -> None:
    found = {one.key: one for one in expand(shipped.catalogue, year_span(2025))}

    assert found["osloregionen/styremote/2025-09"].days.first == date(2025, 10, 29)  # type: ignore[union-attr]  # fails the test if None
    assert "osloregionen/styremote/2025-10" not in found
