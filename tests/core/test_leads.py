"""How long before a deadline to write, by kind of cadence, calendar and item."""

from __future__ import annotations

import pytest

from arshjul.letters.reminders import leads_of
from arshjul.letters.rules import LetterRules
from arshjul.plan.leads import kind_of
from arshjul.plan.parties import items_by_name
from arshjul.timing.days import Offset, Unit
from tests.files_of import OFFICE, catalogue_of, problems_of

HEAD = '[calendar]\nid = "k"\nname = "K"\n'
MEETINGS = '[[event]]\nid = "styremote"\ntitle = "Styremøte"\nwhen = ["12. februar", "11. juni", "10. desember"]\n'
ELECTION = '[[event]]\nid = "valgmote"\ntitle = "Valgmøte"\nwhen = "hvert 4. år i mars, neste gang 2028"\n'
YEARLY = '[[event]]\nid = "arsmote"\ntitle = "Årsmøte"\nwhen = "siste fredag i mai"\n'
RULES = LetterRules(
    (Offset(20), Offset(5)), leads_for={"ukentlig": (Offset(2),), "flerårig": (Offset(6, Unit.MONTHS), Offset(20))}
)


def event(when: str, more: str = "") -> str:
    return f'[[event]]\nid = "x"\ntitle = "X"\nwhen = "{when}"\n{more}\n'


def measure(cadence: str, timing: str) -> str:
    cell = f'timing = {{ 2026 = "{timing}" }}\nresponsible = "Sekretariatet"\n'
    return f'[[measure]]\nid = "x"\ntitle = "X"\ncadence = "{cadence}"\n{cell}'


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (event("hver mandag"), "ukentlig"),
        (event("annenhver uke"), "ukentlig"),
        (event("første tirsdag i måneden"), "månedlig"),
        (event("hvert kvartal"), "kvartal"),
        (event("innen 1. mars"), "årlig"),
        (event("hvert 4. år i mars, neste gang 2028"), "flerårig"),
        (event("5 virkedager før styremøte"), "møte"),
        (event("2 uker etter valgmøte"), "flerårig"),
        (event("2 uker etter årsmøte"), "årlig"),
        (measure("Hvert styremøte", "-"), "møte"),
        (measure("Løpende", "Q2"), "løpende"),
        (measure("Årlig", "Q3"), "årlig"),
        (measure("Hvert 4. år", "Q3"), "flerårig"),
    ],
)
def test_kind_of_a_cadence_is_how_often_it_comes(text: str, kind: str) -> None:
    catalogue = catalogue_of(HEAD + OFFICE + MEETINGS + ELECTION + YEARLY + text)
    calendar = catalogue.calendars["k"]
    item = next(item for item in calendar.items if item.id == "x")

    assert kind_of(item, items_by_name(catalogue, calendar)) == kind


@pytest.mark.parametrize(
    ("head", "text", "leads"),
    [
        ("", event("innen 1. mars"), (Offset(20), Offset(5))),
        ("", event("hver mandag"), (Offset(2),)),
        ("", event("2 uker etter valgmøte"), (Offset(6, Unit.MONTHS), Offset(20))),
        ("leads = [10, 3]\n", event("2 uker etter valgmøte"), (Offset(10), Offset(3))),
        ("leads = [10, 3]\n", event("hver mandag"), (Offset(3),)),
        ('leads = [10]\nleads_for = { "ukentlig" = [1] }\n', event("hver mandag"), (Offset(1),)),
        ('leads_for = { "møte" = ["2 uker"] }\n', event("dagen før styremøte"), (Offset(2, Unit.WEEKS),)),
        ('leads_for = { "møte" = [1] }\n', event("dagen før styremøte", "leads = [7]"), (Offset(7),)),
        ("", event("hver mandag", "leads = []"), ()),
    ],
)
def test_leads_of_the_item_win_then_the_calendars_then_the_configs(
    head: str, text: str, leads: tuple[Offset, ...]
) -> None:
    catalogue = catalogue_of(HEAD + head + OFFICE + MEETINGS + ELECTION + text)

    assert leads_of(catalogue, RULES)["k", "x"] == leads


def test_weekly_things_are_told_of_once_at_most_whatever_is_meant_for_all() -> None:
    catalogue = catalogue_of(HEAD + event("hver mandag"))

    assert leads_of(catalogue, LetterRules((Offset(1, Unit.MONTHS), Offset(3), Offset(1, Unit.WEEKS))))["k", "x"] == (
        Offset(3),
    )


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (
            'leads_for = { "ofte" = [1] }',
            "4:15 «ofte» er ingen hyppighet. Skriv en av årlig, flerårig, kvartal, møte, månedlig, ukentlig, løpende.",
        ),
        (
            'leads_for = { "ukentlig" = [5, 1] }',
            "4:28 Det som kommer hver uke, varsles høyst én gang. Skriv bare ett tall.",
        ),
        (
            'leads_for = { "møte" = ["snart"] }',
            "4:25 Varslingstiden «snart» kan ikke leses. Skriv 20 (virkedager) eller «3 uker».",
        ),
        (
            'leads_for = { "flerårig" = ["53 uker"] }',
            "4:29 Varslingstiden «53 uker» er lengre enn et år. Skriv høyst 52 uker.",
        ),
        ("leads = [20, 251]", "4:14 Varslingstiden «251 virkedager» er lengre enn et år. Skriv høyst 250 virkedager."),
    ],
)
def test_mistakes_in_leads_for_are_told_with_their_place(line: str, problem: str) -> None:
    assert problems_of(f"{HEAD}{line}\n") == [problem]
