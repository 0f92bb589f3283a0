"""How a plan's cells become occurrences: each test shows its calendar, and what comes of it."""

from __future__ import annotations

from datetime import date

import pytest

from arshjul.plan.model import Occurrence
from arshjul.timing.days import Span, Status, year_span
from arshjul.year.expand import expand
from tests.files_of import OFFICE, catalogue_of

MEETINGS = """
[[event]]
id = "styremote"
title = "Styremøte"
source = "Møteplan 2026"
when = ["2026-02-13", "2026-06-19", "2026-09-11", "2026-12-04", "2027-02-12"]
"""

ALL = Span(date(2026, 1, 1), date(2028, 1, 1))


def measure(cadence: str, timing: str = "", more: str = "") -> str:
    column = f"timing = {{ {timing} }}" if timing else ""
    return f"""
    [[measure]]
    id = "1"
    title = "Tiltak"
    cadence = "{cadence}"
    {column}
    responsible = "Sekretariatet"
    {more}
    """


def said(found: list[Occurrence]) -> list[tuple[str, str]]:
    """Return key and days of each: "k0/1/2026 = 2026-07-01..2026-12-31"."""
    return [(one.key, f"{one.days.first}..{one.days.last}" if one.days else "-") for one in found]


def expanded(text: str, span: Span = ALL, item: str = "1") -> list[Occurrence]:
    return [one for one in expand(catalogue_of(text + OFFICE), span) if one.id == item]


@pytest.mark.parametrize(
    ("cadence", "timing", "expected"),
    [
        ("Årlig", '2026 = "Q3-Q4"', [("k0/1/2026", "2026-07-01..2026-12-31"), ("k0/1/2027", "-")]),
        ("Årlig", '2026 = "-"', [("k0/1/2026", "-"), ("k0/1/2027", "-")]),
        ("Årlig", "", [("k0/1/2026", "-"), ("k0/1/2027", "-")]),
        ("Årlig", '2026 = "September styremøte"', [("k0/1/2026", "2026-09-11..2026-09-11"), ("k0/1/2027", "-")]),
        (
            "Hvert styremøte",
            '2026 = "September styremøtet"',
            [
                ("k0/1/2026-09", "2026-09-11..2026-09-11"),
                ("k0/1/2026-12", "2026-12-04..2026-12-04"),
                ("k0/1/2027-02", "2027-02-12..2027-02-12"),
            ],
        ),
        (
            "Løpende",
            '2026 = "Q3"',
            [
                ("k0/1/2026-Q3", "2026-07-01..2026-09-30"),
                ("k0/1/2026-Q4", "2026-10-01..2026-12-31"),
                ("k0/1/2027-Q1", "2027-01-01..2027-03-31"),
                ("k0/1/2027-Q2", "2027-04-01..2027-06-30"),
                ("k0/1/2027-Q3", "2027-07-01..2027-09-30"),
                ("k0/1/2027-Q4", "2027-10-01..2027-12-31"),
            ],
        ),
        ("Løpende", '2026 = "Q4", 2027 = "-"', [("k0/1/2026-Q4", "2026-10-01..2026-12-31"), ("k0/1/2027", "-")]),
        ("Løpende", "", [("k0/1/2026", "-"), ("k0/1/2027", "-")]),
        ("Ved behov", '2026 = "Q1"', [("k0/1/2026", "2026-01-01..2026-03-31"), ("k0/1/2027", "-")]),
        (
            "Tredje fredag i juni",
            "",
            [("k0/1/2026", "2026-06-19..2026-06-19"), ("k0/1/2027", "2027-06-18..2027-06-18")],
        ),
    ],
)
def test_measure_comes_as_cadence_and_column_say(cadence: str, timing: str, expected: list[tuple[str, str]]) -> None:
    assert said(expanded(MEETINGS + measure(cadence, timing))) == expected


def test_both_quarters_are_two_turns() -> None:
    found = expanded(measure("Ved behov", '2026 = "Q3 og Q4"'), year_span(2026))

    assert [f"{one.days}" for one in found] == [
        str(Span.of(date(2026, 7, 1), date(2026, 9, 30))),
        str(Span.of(date(2026, 10, 1), date(2026, 12, 31))),
    ]
    assert len({one.key for one in found}) == 2


def test_continuous_measure_starts_once_and_is_looked_at_after() -> None:
    found = expanded(measure("Løpende", '2026 = "Q3"'), year_span(2026))

    assert [(one.title, one.deadline) for one in found] == [
        ("Start: Tiltak", date(2026, 9, 30)),
        ("Status: Tiltak", date(2026, 12, 31)),
    ]


def test_measure_every_fourth_year_comes_with_its_event() -> None:
    text = """
    [[event]]
    id = "strategi"
    title = "Strategiske føringer vedtas"
    also = ["4-årige strategiske føringer"]
    when = "juni hvert 4. år, neste gang 2028"
    """
    found = expanded(text + measure("I vedtak av de 4-årige strategiske føringer", '2026 = "-"'), year_span(2028))
    before = expanded(text + measure("I vedtak av de 4-årige strategiske føringer", '2026 = "-"'), ALL)

    assert said(found) == [("k0/1/2028", "2028-06-01..2028-06-30")]
    assert before == []


def test_meeting_that_is_moved_keeps_its_key_and_takes_its_followers_along() -> None:
    moved = (
        MEETINGS
        + 'announced = { 2026-09 = { date = "2026-10-02", source = "Styresak 8/26" } }\ncancelled = ["2026-12"]\n'
    )

    found = expand(catalogue_of(moved + measure("Hvert styremøte", '2026 = "September styremøtet"') + OFFICE), ALL)

    assert [
        (one.key, str(one.days.first if one.days else None), one.status) for one in found if one.period >= "2026-09"
    ] == [
        ("k0/styremote/2026-09", "2026-10-02", Status.CONFIRMED),
        ("k0/1/2026-09", "2026-10-02", Status.TENTATIVE),
        ("k0/styremote/2026-12", "2026-12-04", Status.CANCELLED),
        ("k0/1/2026-12", "2026-12-04", Status.CANCELLED),
        ("k0/styremote/2027-02", "2027-02-12", Status.TENTATIVE),
        ("k0/1/2027-02", "2027-02-12", Status.TENTATIVE),
    ]


def test_milestones_lie_in_workdays_before_and_after_their_event() -> None:
    text = """
    [[event]]
    id = "mote"
    title = "Møte"
    when = "2027-04-01"
    milestones = [
        { id = "papirer", title = "Papirer", when = "5 virkedager før", responsible = "Sekretariatet" },
        { id = "referat", title = "Referat", when = "5 virkedager etter" },
    ]
    """
    found = expand(catalogue_of(text + OFFICE), year_span(2027))

    # Easter 2027: 25 to 29 March are no workdays.
    assert [(one.key, str(one.days.first if one.days else None), one.rule) for one in found] == [
        ("k0/mote.papirer/2027", "2027-03-22", "5 virkedager før møte"),
        ("k0/mote/2027", "2027-04-01", "2027-04-01"),
        ("k0/mote.referat/2027", "2027-04-08", "5 virkedager etter møte"),
    ]


def test_announced_date_wins_and_the_rule_stays_beside_it() -> None:
    text = """
    [[event]]
    id = "budsjett"
    title = "Budsjett"
    when = "6.–8. oktober"
    source = "https://www.example.no/regel"
    announced = { 2026 = { date = "2026-10-07", time = "10:00", source = "https://www.example.no/dato" } }
    """
    first, second = expand(catalogue_of(text), ALL)

    assert (first.key, first.status, first.rule, first.source) == (
        "k0/budsjett/2026",
        Status.CONFIRMED,
        "6.–8. oktober",
        "https://www.example.no/dato",
    )
    assert (second.key, second.status, second.days) == (
        "k0/budsjett/2027",
        Status.TENTATIVE,
        Span.of(date(2027, 10, 6), date(2027, 10, 8)),
    )


def test_variant_holds_in_its_years_and_the_rule_in_the_others() -> None:
    text = """
    [[event]]
    id = "apning"
    title = "Åpning"
    when = "første hverdag i oktober"
    in = { "stortingsvalgår" = "9.–11. oktober" }
    """
    found = expand(catalogue_of(text), Span(date(2027, 1, 1), date(2030, 1, 1)))

    assert said(found) == [
        ("k0/apning/2027", "2027-10-01..2027-10-01"),
        ("k0/apning/2028", "2028-10-02..2028-10-02"),
        ("k0/apning/2029", "2029-10-09..2029-10-11"),
    ]


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("", Status.TENTATIVE),
        ('fixed_by = "kommuneloven § 14-6"', Status.CONFIRMED),
        ('source = "https://www.example.no"', Status.TENTATIVE),
    ],
)
def test_computed_date_is_confirmed_only_by_law(line: str, status: Status) -> None:
    text = f'[[event]]\nid = "a"\ntitle = "A"\nwhen = "22. februar"\n{line}\n'

    assert [one.status for one in expand(catalogue_of(text), year_span(2027))] == [status]


def test_event_of_another_calendar_is_found_by_its_name() -> None:
    political = """
    [calendar]
    id = "politikk"
    name = "Politikk"
    [[event]]
    id = "rnb"
    title = "Revidert nasjonalbudsjett legges frem"
    also = ["revidert nasjonalbudsjett"]
    when = "11. mai"
    """
    own = """
    [calendar]
    id = "lag"
    name = "Laget"
    uses = ["politikk"]
    [[event]]
    id = "uttalelse"
    title = "Uttalelse sendes"
    when = "3 virkedager etter revidert nasjonalbudsjett"
    """
    found = expand(catalogue_of(political, own), year_span(2027))

    assert said(found) == [
        ("politikk/rnb/2027", "2027-05-11..2027-05-11"),
        ("lag/uttalelse/2027", "2027-05-14..2027-05-14"),
    ]


def test_thing_for_each_part_of_a_group_comes_once_for_each_and_is_held_by_it() -> None:
    text = """
    [[party]]
    id = "delregionene"
    name = "Delregionene"
    parts = ["follo", "hamar"]
    [[party]]
    id = "follo"
    name = "Asker og Follo"
    members = ["follo@example.no"]
    [[party]]
    id = "hamar"
    name = "Hamarregionen"
    members = ["hamar@example.no"]
    [[measure]]
    id = "1"
    title = "Rapport"
    cadence = "innen 1. mars for hver delregion"
    responsible = "Delregionene, sekretariatet"
    """
    found = expanded(text, year_span(2027))

    assert [
        (one.key, one.title, one.responsible, [person.address for person in one.recipients], sorted(one.main))
        for one in found
    ] == [
        (
            "k0/1/2027.follo",
            "Rapport: Asker og Follo",
            ("Asker og Follo", "sekretariatet"),
            ["follo@example.no", "sekretariatet@example.no"],
            ["follo@example.no"],
        ),
        (
            "k0/1/2027.hamar",
            "Rapport: Hamarregionen",
            ("Hamarregionen", "sekretariatet"),
            ["hamar@example.no", "sekretariatet@example.no"],
            ["hamar@example.no"],
        ),
    ]


def test_two_dates_in_one_month_have_keys_of_their_own() -> None:
    text = '[[event]]\nid = "a"\ntitle = "A"\nwhen = ["2027-03-01", "2027-03-20", "2027-04-01"]\n'

    assert [one.key for one in expand(catalogue_of(text), year_span(2027))] == [
        "k0/a/2027-03-01",
        "k0/a/2027-03-20",
        "k0/a/2027-04",
    ]


def test_expansion_of_parts_is_the_expansion_of_the_whole(shipped: object) -> None:
    text = MEETINGS + measure("Hvert styremøte", '2026 = "September styremøtet"') + OFFICE
    catalogue = catalogue_of(text)

    whole = {one.key for one in expand(catalogue, ALL) if one.days}
    parts = [one.key for year in (2026, 2027) for one in expand(catalogue, year_span(year)) if one.days]

    assert sorted(parts) == sorted(whole)


def test_announced_date_without_source_is_tentative_and_no_rule_is_given_for_it() -> None:
    """No rule has computed it, and nobody can see where it comes from."""
    event = '[[event]]\nid = "a"\ntitle = "A"\nwhen = "12. mars"\nannounced.2027 = "2027-03-15"\n'

    found = {one.period: (one.status, one.rule, one.source) for one in expand(catalogue_of(event), ALL)}

    assert found == {"2026": (Status.TENTATIVE, "12. mars", ""), "2027": (Status.TENTATIVE, "", "")}
