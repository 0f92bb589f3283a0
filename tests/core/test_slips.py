"""Slips of the pen in dates, years, lead times and addresses: each is refused where it is written."""

from __future__ import annotations

import pytest

from tests.files_of import OFFICE, problems_of

HEAD = '[calendar]\nid = "prove"\nname = "Prøve"\n'
EVENT = '[[event]]\nid = "a"\ntitle = "A"\nwhen = "12. mars"\n'
MEASURE = '[[measure]]\nid = "1"\ntitle = "T"\ncadence = "Årlig"\nresponsible = "Sekretariatet"\n'
PERIODS = "En periode er et årstall (2026), en måned (2026-09), et kvartal (2026-Q3) eller en uke (2026-W12)."


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('announced.9999 = "12. mars"', f"8:11 «9999» er ingen periode. {PERIODS}"),
        ('announced.0000 = "12. mars"', f"8:11 «0000» er ingen periode. {PERIODS}"),
        ('announced.2027-13 = "12. mars"', f"8:11 «2027-13» er ingen periode. {PERIODS}"),
        ('announced.2027-00 = "12. mars"', f"8:11 «2027-00» er ingen periode. {PERIODS}"),
        ('announced.2027-W54 = "12. mars"', f"8:11 «2027-W54» er ingen periode. {PERIODS}"),
        ('announced.2027-02-30 = "12. mars"', f"8:11 «2027-02-30» er ingen periode. {PERIODS}"),
        ('announced."２０２７" = "12. mars"', f"8:11 «２０２７» er ingen periode. {PERIODS}"),
        ('cancelled = ["2027", "2027-W54"]', f"8:22 «2027-W54» er ingen periode. {PERIODS}"),
        ('announced.2027 = "9999-12-31"', "8:18 «9999-12-31» ligger utenfor årene 1900–2200."),
        ('announced.2027 = "0001-01-01"', "8:18 «0001-01-01» ligger utenfor årene 1900–2200."),
        (
            'announced.2027 = "2029-03-12"',
            "8:18 mandag 12. mars 2029 ligger langt fra 2027. Er året riktig?",
        ),
        (
            'announced.2027 = "2027-03-14/2027-03-12"',
            "8:18 «2027-03-14/2027-03-12» slutter før det begynner. Skriv den første dagen først.",
        ),
        (
            'announced.2027 = "2027-03-12/2028-03-14"',
            "8:18 12. mars 2027–14. mars 2028 er 369 dager. Det som kunngjøres, varer høyst 62 dager.",
        ),
        (
            'announced.2027 = { date = "2027-03-12", checked = "9999-12-31" }',
            "8:51 «9999-12-31» er ingen dato. Skriv «2026-11-20».",
        ),
        ('leads = ["5 virkedager etter"]', "8:10 Det varsles før fristen, aldri etter. Skriv bare «5 virkedager»."),
        ("leads = [20, 990]", "8:14 Varslingstiden «990 virkedager» er lengre enn tre år."),
    ],
)
def test_line_of_an_event_is_refused_at_its_place(line: str, told: str) -> None:
    assert problems_of(f"{HEAD}{EVENT}{line}\n") == [told]


@pytest.mark.parametrize(
    ("timing", "told"),
    [
        ("9999 = 'Q3'", "9:12 «9999» er ikke noe årstall i planen. Skriv et årstall fra 2000 til 2100."),
        ("2026 = 'Q3', 2072 = 'Q3'", "9:25 Kolonnen for 2072 ligger langt fra resten av planen. Er årstallet riktig?"),
        (
            "2027 = '12. mars 2026'",
            "9:19 Kolonnen for 2027 sier «12. mars 2026», som er i 2026. Rett året, eller flytt teksten.",
        ),
    ],
)
def test_column_of_a_measure_is_refused_at_its_place(timing: str, told: str) -> None:
    assert problems_of(f"{HEAD}{MEASURE}timing = {{ {timing} }}\n{OFFICE}") == [told]


def test_date_that_stands_twice_in_a_list_is_told() -> None:
    text = EVENT.replace('"12. mars"', '["12. mars 2027", "14. april 2027", "12. mars 2027"]')

    assert problems_of(HEAD + text) == ["7:44 Tidspunktet «12. mars 2027» står to ganger i listen."]
