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
        ("leads = [20, 990]", "8:14 Varslingstiden «990 virkedager» er lengre enn et år. Skriv høyst 250 virkedager."),
        ('leads = ["500 dager"]', "8:10 Varslingstiden «500 dager» er lengre enn et år. Skriv høyst 366 dager."),
        ('leads = ["13 måneder"]', "8:10 Varslingstiden «13 måneder» er lengre enn et år. Skriv høyst 12 måneder."),
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


def chain(length: int) -> str:
    first = '[[event]]\nid = "e1"\ntitle = "Hendelse 1"\nwhen = "12. mars"\n'
    others = (
        f'[[event]]\nid = "e{number}"\ntitle = "Hendelse {number}"\nwhen = "dagen etter e{number - 1}"\n'
        for number in range(length, 1, -1)
    )
    return "".join([*others, first])


@pytest.mark.parametrize(("length", "line"), [(21, 4), (1200, 4 + 4 * 1179)])
def test_chain_of_events_may_not_be_too_long(length: int, line: int) -> None:
    assert problems_of(HEAD + chain(20)) == []
    assert problems_of(HEAD + chain(length)) == [
        f"{line}:3 «e21» er ledd 21 i en kjede av hendelser som bygger på hverandre. "
        "Kjeden begynner med «e1», og kan ha høyst 20 ledd."
    ]


def test_ring_of_a_thousand_is_told_once_and_in_short() -> None:
    events = "".join(
        f'[[event]]\nid = "e{number}"\ntitle = "Hendelse {number}"\nwhen = "dagen etter e{(number + 1) % 1000}"\n'
        for number in range(1000)
    )

    assert problems_of(HEAD + events) == ["4:3 Hendelsene går i ring: e0 → e1 → e2 → e3 → e4 → e5 → e6 → … → e0."]


def test_ring_of_parties_is_told_at_each_of_them() -> None:
    parties = (
        '[[party]]\nid = "a"\nname = "Alfa"\nparts = ["Beta"]\n[[party]]\nid = "b"\nname = "Beta"\nparts = ["Alfa"]\n'
    )

    assert problems_of(HEAD + parties) == [
        "4:3 Partene går i ring: Alfa → Beta → Alfa.",
        "8:3 Partene går i ring: Beta → Alfa → Beta.",
    ]


BOARD = '[[event]]\nid = "m"\ntitle = "Styremøte"\nwhen = ["12. februar 2027", "16. april 2027", "3. september 2027"]\n'
RULED = "8:11 Regelen i «%s» gir ingen dato med perioden «%s»."


@pytest.mark.parametrize(
    ("event", "line", "told"),
    [
        (EVENT, 'cancelled = ["2027"]', []),
        (EVENT, 'cancelled = ["2027-03"]', ["8:14 Ingen forekomst har perioden «2027-03». Mente du «2027»?"]),
        (EVENT, 'cancelled = ["2055-03"]', ["8:14 Ingen forekomst har perioden «2055-03». Mente du «2055»?"]),
        (EVENT, 'announced.2027 = "2027-03-15"', []),
        (EVENT, 'announced.2027-03 = "2027-03-15"', [f"{RULED % ('a', '2027-03')} Mente du «2027»?"]),
        (BOARD, 'announced.2027-02 = "2027-03-01"', []),
        (BOARD, 'announced.2028-02 = "2028-02-11"', []),
        (
            BOARD,
            'announced.2027 = "2027-03-01"',
            [f"{RULED % ('m', '2027')} Periodene nær ved er 2027-02, 2027-04 og 2027-09."],
        ),
        (
            BOARD,
            'announced.2027-05 = "2027-05-07"',
            [f"{RULED % ('m', '2027-05')} Periodene nær ved er 2027-02, 2027-04 og 2027-09."],
        ),
        (
            EVENT.replace("12. mars", "hvert 4. år i mars, neste gang 2028"),
            'announced.2029 = "2029-03-15"',
            [],
        ),
        (
            EVENT.replace('when = "12. mars"', 'announced.2027 = "2027-03-12"'),
            'cancelled = ["2028"]',
            ["8:14 Ingen forekomst har perioden «2028». Mente du «2027»?"],
        ),
    ],
)
def test_period_that_the_event_has_not_is_told_with_those_near(event: str, line: str, told: list[str]) -> None:
    assert problems_of(f"{HEAD}{event}{line}\n") == told


@pytest.mark.parametrize(
    ("timing", "told"),
    [
        ("September styremøte", []),
        (
            "Oktober styremøte",
            [
                "13:19 Kolonnen for 2027 sier «Oktober styremøte», men det er ingen slik dato i 2027. "
                "Se på datoen, eller på årstallet."
            ],
        ),
    ],
)
def test_column_that_names_a_meeting_which_is_not_held_is_told(timing: str, told: list[str]) -> None:
    assert problems_of(f'{HEAD}{BOARD}{MEASURE}timing = {{ 2027 = "{timing}" }}\n{OFFICE}') == told


def test_column_that_follows_meetings_of_a_later_year_waits_for_them() -> None:
    assert problems_of(f'{HEAD}{BOARD}{MEASURE}timing = {{ 2028 = "September styremøte" }}\n{OFFICE}') == []


def test_meeting_of_another_age_is_told_though_the_others_come() -> None:
    event = BOARD.replace("16. april 2027", "16. april 1999")

    assert problems_of(HEAD + event) == ["7:29 «16. april 1999» kommer aldri mellom 2019 og 2035. Er årstallet riktig?"]


def test_rules_are_held_against_the_years_that_the_files_speak_of_most() -> None:
    event = (
        '[[event]]\nid = "a"\ntitle = "A"\nwhen = ["2044-02-13", "2044-04-24", "2045-02-12", "2004-06-19"]\n'
        '[[event]]\nid = "b"\ntitle = "B"\nwhen = "24. april"\nlaw = "senest 20. april"\n'
    )

    assert problems_of(HEAD + event) == [
        "7:51 «2004-06-19» kommer aldri mellom 2036 og 2052. Er årstallet riktig?",
        "12:7 «b» 2039 (24. april 2039) er etter lovens frist 20. april 2039. Det samme gjelder 10 år til. "
        "Loven: senest 20. april.",
    ]


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("/", "«/» i «1» nevner ingen."),
        ("Sekretariatet: ", "«Sekretariatet:» i «1» mangler rollen etter kolon."),
        ("Sekretariatet, , Sekretariatet", "«Sekretariatet, , Sekretariatet» i «1» har et tomt ledd."),
    ],
)
def test_cell_that_names_nobody_is_refused_at_its_place(cell: str, told: str) -> None:
    text = MEASURE.replace('responsible = "Sekretariatet"', f'responsible = "{cell}"')

    assert problems_of(HEAD + text + OFFICE) == [f"8:15 {told}"]


def test_part_that_names_nobody_is_refused_at_its_place() -> None:
    parties = '[[party]]\nid = "a"\nname = "Alfa"\nparts = ["Sekretariatet", "/", ""]\n'

    assert problems_of(HEAD + parties + OFFICE) == [
        "7:27 «/» i «Alfa» nevner ingen.",
        "7:32 «» i «Alfa» nevner ingen.",
    ]


def test_one_mistake_is_told_once_and_not_also_by_what_follows_from_it() -> None:
    """A bad address is not also a party without recipients; an unread phrase is not also an event that never comes."""
    text = (
        '[[party]]\nid = "s"\nname = "Styret"\nmembers = ["styret@example"]\n'
        '[[party]]\nid = "alle"\nname = "Alle"\nparts = ["Styret"]\n'
        '[[event]]\nid = "a"\ntitle = "Årsmøtet"\nwhen = "når katten flyr"\nresponsible = "Alle"\n'
        '[[event]]\nid = "b"\ntitle = "Innkalling"\nwhen = "3 uker før årsmøtet"\nresponsible = "Styret"\n'
        '[[measure]]\nid = "1"\ntitle = "Tiltaket"\ncadence = "når katten flyr"\nresponsible = "Styret"\n'
        '[[event]]\nid = "c"\ntitle = "C"\nwhen = "dagen etter tiltaket"\n'
    )

    assert [one.split(" ")[0] for one in problems_of(HEAD + text)] == ["7:12", "15:8", "25:11"]


def test_of_many_parties_only_the_nearest_are_told() -> None:
    parties = "".join(
        f'[[party]]\nid = "{name.lower()}"\nname = "{name}"\n'
        for name in ("Alfa", "Beta", "Gamma", "Delta", "Epsilon", "Zeta", "Eta", "Theta")
    )
    text = MEASURE.replace("Sekretariatet", "Xxxxeta")

    (told,) = problems_of(HEAD + text + parties)

    assert told == ("4:3 «Xxxxeta» i «1» er ikke navnet på noen part. De nærmeste er: Zeta, Beta, Theta, Delta, Eta.")
