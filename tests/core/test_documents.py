"""The documents that the shipped calendars carry: every dated, recurring or deadline-like item of them has its key."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from arshjul.organisation import Organisation
from arshjul.plan.model import Kind
from arshjul.timing.days import Status, year_span
from arshjul.year.expand import expand

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "tests" / "data" / "documents.tsv"
LONGEST_ITEM = 12
LEFT_OUT = "utelatt: "


class Row(NamedTuple):
    """An item of a document, in own words, and where it is in the calendars; the remark says why where it is not."""

    document: str
    item: str
    place: str
    key: str
    remark: str


def rows() -> list[Row]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        head, *found = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
    assert tuple(head) == Row._fields
    return [Row(*cells) for cells in found]


def shipped_keys(calendar: str | None = None) -> Iterator[str]:
    """Yield <calendar>/<id> of each event, milestone and measure, as the files have them."""
    for path in sorted((ROOT / "calendars").glob("*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        name = data["calendar"]["id"]
        if calendar not in (None, name):
            continue
        for event in data.get("event", []):
            yield f"{name}/{event['id']}"
            yield from (f"{name}/{event['id']}.{step['id']}" for step in event.get("milestones", []))
        yield from (f"{name}/{measure['id']}" for measure in data.get("measure", []))


def test_every_item_of_the_documents_has_a_key_that_exists() -> None:
    keys = set(shipped_keys())

    missing = [row for row in rows() if row.key not in keys and not row.remark.startswith(LEFT_OUT)]

    assert missing == []


def test_what_is_left_out_has_a_reason_and_no_key() -> None:
    left_out = [row for row in rows() if row.remark.startswith(LEFT_OUT)]

    assert [row for row in left_out if row.key or row.remark == LEFT_OUT.strip()] == []
    assert [row for row in rows() if not row.key and row not in left_out] == []


@pytest.mark.parametrize("calendar", ["akershus-sp", "osloregionen-arbeid"])
def test_calendar_has_nothing_that_no_document_has(calendar: str) -> None:
    keys = list(shipped_keys(calendar))

    assert keys
    assert set(keys) - {row.key for row in rows()} == set()


def test_table_is_in_order_and_says_each_item_once_and_shortly() -> None:
    table = rows()

    assert [row.document for row in table] == sorted(row.document for row in table)
    assert {row.document for row in table} == {"001", "002", "003", "004"}
    assert len({(row.document, row.item) for row in table}) == len(table)
    assert [row for row in table if len(row.item.split()) > LONGEST_ITEM or not row.place.startswith("linje ")] == []


STRATEGY_ROUND_2024 = [
    ("osloregionen/strategi-oppstart/2024", "2024-01-16", "2024-01-18"),
    ("osloregionen/stormote/2024", "2024-03-05", "2024-03-05"),
    ("osloregionen/stormote.utkast/2024", "2024-03-12", "2024-03-12"),
    ("osloregionen/strategi-faggrupper/2024", "2024-03-19", "2024-03-21"),
    ("osloregionen/strategi-styret/2024-04", "2024-04-26", "2024-04-26"),
    ("osloregionen/strategi-horing/2024-04", "2024-04-29", "2024-05-29"),
    ("osloregionen/strategiske-foringer/2024", "2024-08-29", "2024-08-29"),
]
CASE_FLOW_2020 = [
    ("osloregionen/faggruppebehandling/2020-09", "2020-08-18", "2020-08-18"),
    ("osloregionen/adm-koordineringsgruppe/2020-09", "2020-08-25", "2020-08-25"),
    ("osloregionen/styremote/2020-09", "2020-09-11", "2020-09-11"),
]


@pytest.mark.parametrize(("year", "chain"), [(2024, STRATEGY_ROUND_2024), (2020, CASE_FLOW_2020)])
def test_chain_of_a_past_year_has_the_days_of_the_document_confirmed(
    shipped: Organisation, year: int, chain: list[tuple[str, str, str]]
) -> None:
    wanted = {key for key, _, _ in chain}
    found = [one for one in expand(shipped.catalogue, year_span(year)) if one.key in wanted]

    assert [(one.key, str(one.days.first), str(one.days.last)) for one in found if one.days] == chain
    unsure = [one.key for one in found if one.status is not Status.CONFIRMED]
    assert unsure == [key for key in wanted if key.startswith("osloregionen/stormote.")]  # a step: nobody announced it


def test_next_strategy_round_is_tentative_and_in_order(shipped: Organisation) -> None:
    chain = [key.replace("2024", "2028") for key, _, _ in STRATEGY_ROUND_2024]
    chain.insert(-1, "osloregionen/strategi-innstilling/2028-06")
    found = {one.key: one for one in expand(shipped.catalogue, year_span(2028))}

    last_days = [days.last for key in chain if (days := found[key].days)]

    assert len(last_days) == len(chain)
    assert last_days == sorted(last_days)
    assert {found[key].status for key in chain} == {Status.TENTATIVE}


@pytest.mark.parametrize("year", [2026, 2027, 2028])
def test_case_goes_through_the_groups_before_each_board_meeting(shipped: Organisation, year: int) -> None:
    found = {one.key: one.days.first for one in expand(shipped.catalogue, year_span(year)) if one.days}
    periods = [key.rpartition("/")[2] for key in found if key.startswith("osloregionen/styremote/")]
    steps = ("faggruppebehandling", "adm-koordineringsgruppe", "interessepolitisk-utvalg", "styremote")

    flows = [[found[f"osloregionen/{step}/{period}"] for step in steps] for period in periods]

    assert len(flows) == 5
    assert [flow for flow in flows if flow != sorted(flow)] == []


@pytest.mark.parametrize("region", ["ovre-romerike", "nedre-romerike", "follo", "vestregionen"])
def test_each_region_has_its_meeting_each_year(shipped: Organisation, region: str) -> None:
    key = f"akershus-sp/regionmote-{region}"

    years = [one for year in (2026, 2027) for one in expand(shipped.catalogue, year_span(year))]
    found = [one for one in years if one.key.startswith(key)]

    assert [(one.key, one.kind) for one in found] == [(f"{key}/2026", Kind.UNDATED), (f"{key}/2027", Kind.UNDATED)]
    assert [[person.address for person in one.recipients] for one in found] == [
        [f"region.{region.replace('-', '')}@example.no"]
    ] * 2


def test_road_to_the_local_election_has_its_deadlines(shipped: Organisation) -> None:
    keys = [
        "akershus-sp/toppkandidater/2027",
        "akershus-sp/ungdomskandidater/2027",
        "politisk-aar/listeforslag/2027",
        "akershus-sp/lokale-saker/2027",
        "politisk-aar/kommune-og-fylkestingsvalg/2027",
    ]
    years = [one for year in (2026, 2027) for one in expand(shipped.catalogue, year_span(year))]
    found = {one.key: str(one.days.last) for one in years if one.days}

    assert [found[key] for key in keys] == ["2026-12-31", "2027-03-30", "2027-03-31", "2027-09-12", "2027-09-13"]
