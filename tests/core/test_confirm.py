from __future__ import annotations

from datetime import date

from arshjul.organisation import Organisation
from arshjul.timing.days import Span
from arshjul.year.awaited import ToConfirm, dates_to_confirm
from tests.files_of import catalogue_of

BUDGET = """
[[event]]
id = "rnb"
title = "Revidert nasjonalbudsjett"
when = "tirsdag eller torsdag 11.–15. mai"
source = "https://example.no/rnb"
announced_by = "1. mai"
"""


def keys(text: str, today: date) -> list[str]:
    return [one.key for one in dates_to_confirm(catalogue_of(text), today)]


def test_date_is_to_be_confirmed_from_the_day_after_it_should_be_public_to_its_last_day() -> None:
    days = [date(2027, 5, 1), date(2027, 5, 2), date(2027, 5, 13), date(2027, 5, 14)]

    assert [keys(BUDGET, day) for day in days] == [[], ["k0/rnb/2027"], ["k0/rnb/2027"], []]


def test_date_to_confirm_says_what_is_computed_and_where_to_look() -> None:
    assert dates_to_confirm(catalogue_of(BUDGET), date(2027, 5, 4)) == (
        ToConfirm(
            calendar="k0",
            id="rnb",
            period="2027",
            title="Revidert nasjonalbudsjett",
            days=Span.of(date(2027, 5, 11), date(2027, 5, 13)),
            public_by=date(2027, 5, 1),
            rule="tirsdag eller torsdag 11.–15. mai",
            source="https://example.no/rnb",
        ),
    )


def test_announced_date_is_not_asked_for_but_one_without_a_source_is() -> None:
    today = date(2027, 5, 4)

    assert keys(BUDGET + 'announced.2027 = { date = "2027-05-11", source = "https://example.no/dato" }', today) == []
    assert keys(BUDGET + 'announced.2027 = "2027-05-11"', today) == ["k0/rnb/2027"]


def test_cancelled_date_and_one_that_nobody_announces_are_not_asked_for() -> None:
    today = date(2027, 5, 4)

    assert keys(BUDGET + 'cancelled = ["2027"]', today) == []
    assert keys(BUDGET.replace('announced_by = "1. mai"', ""), today) == []


def test_day_for_announcements_may_lie_in_the_year_before() -> None:
    january = BUDGET.replace("tirsdag eller torsdag 11.–15. mai", "8. januar").replace("1. mai", "15. november")

    found = dates_to_confirm(catalogue_of(january), date(2026, 11, 20))

    assert [(one.key, one.public_by) for one in found] == [("k0/rnb/2027", date(2026, 11, 15))]


def test_day_for_announcements_may_be_counted_from_the_event_itself() -> None:
    election = BUDGET.replace("tirsdag eller torsdag 11.–15. mai", "andre mandag i september")
    election = election.replace("1. mai", "16 måneder før rnb")

    def asked(day: date) -> list[tuple[str, date]]:
        return [(one.key, one.public_by) for one in dates_to_confirm(catalogue_of(election), day)]

    assert asked(date(2026, 5, 14)) == [("k0/rnb/2026", date(2025, 5, 14)), ("k0/rnb/2027", date(2026, 5, 13))]


def test_dates_are_in_the_order_in_which_they_come() -> None:
    second = BUDGET.replace('id = "rnb"', 'id = "b"').replace("tirsdag eller torsdag 11.–15. mai", "10. mai")

    assert keys(BUDGET + second, date(2027, 5, 4)) == ["k0/b/2027", "k0/rnb/2027"]


def test_shipped_year_asks_for_the_election_day_of_2027(shipped: Organisation) -> None:
    def asked(day: date) -> list[str]:
        return [one.key for one in dates_to_confirm(shipped.catalogue, day)]

    assert asked(date(2026, 11, 20)) == ["politisk-aar/kommune-og-fylkestingsvalg/2027"]
    assert "politisk-aar/statsbudsjett/2027" in asked(date(2027, 9, 1))
