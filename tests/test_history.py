"""The political year measured against history: no rule gets worse, and nothing confirmed is contradicted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from arshjul.organisation import Organisation
from arshjul.plan.model import Kind
from arshjul.timing.days import Status, Turn, year_span
from arshjul.year.expand import expand
from tests.history import CALENDAR, EVIDENCE, Basis, counts_in, is_right, mapping, observations, rows, table

TABLE = Path(__file__).parents[1] / "docs" / "political-year.md"


def test_every_observed_event_is_an_item_or_has_a_reason_not_to_be(shipped: Organisation) -> None:
    items = {item.id for item in shipped.catalogue.calendars[CALENDAR].items}

    mapped = mapping()

    assert {one.event for one in mapped} == {one.event for one in observations()}
    assert [
        one for one in mapped if one.item and (one.item not in items or one.judged not in ("days", "first", "by"))
    ] == []
    assert [one for one in mapped if not one.item and not one.remark] == []


def test_no_rule_is_worse_than_in_the_table(shipped: Organisation) -> None:
    known = counts_in(TABLE.read_text(encoding="utf-8"))
    found = {(row.mapped.item, row.mapped.event): row for row in rows(shipped.catalogue)}

    worse = [
        f"{item} ({basis}): {row.hits(basis)} now, {counts[number]} before; misses: {', '.join(row.misses())}"
        for (item, event), counts in known.items()
        for number, basis in enumerate(EVIDENCE)
        if (row := found[item, event]).hits(basis)[0] < counts[number][0]
    ]

    assert len(known) == len(found) > 30
    assert worse == []


def test_table_in_docs_says_how_the_rules_do(
    shipped: Organisation, snapshot: Callable[[str | Path, str], None]
) -> None:
    snapshot(TABLE, table(shipped.catalogue))


@pytest.mark.parametrize("year", range(2010, 2027))
def test_no_date_is_published_as_confirmed_that_history_contradicts(shipped: Organisation, year: int) -> None:
    items = {one.event: one for one in mapping() if one.item}
    seen = [(items[one.event], one) for one in observations() if one.basis is Basis.SEEN and one.event in items]
    confirmed = [
        one for one in expand(shipped.catalogue, year_span(year)) if one.status is Status.CONFIRMED and one.days
    ]

    contradicted = [
        f"{one.key} {one.days} but {observed.days}"
        for one in confirmed
        for mapped, observed in seen
        if (one.calendar, one.id, one.period) == (CALENDAR, mapped.item, str(observed.year)) and one.days
        if not is_right(Turn(one.period, one.days, one.kind is Kind.DEADLINE), observed, mapped.judged)
    ]

    assert [one.key for one in confirmed if one.calendar == CALENDAR]
    assert contradicted == []


def test_every_announced_date_is_published_as_it_was_announced(shipped: Organisation) -> None:
    announced = {
        f"{item.calendar}/{item.id}/{period}": announcement.days
        for calendar in shipped.catalogue.calendars.values()
        for item in calendar.items
        for period, announcement in item.announced.items()
    }
    years = {int(key.rsplit("/", 1)[1][:4]) for key in announced}

    found = {one.key: one for year in sorted(years) for one in expand(shipped.catalogue, year_span(year))}

    assert {key: found[key].days for key in announced} == announced
