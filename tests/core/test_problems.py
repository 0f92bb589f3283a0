"""What an administrator gets to hear about a mistake: where it is, what it is, what would be right."""

from __future__ import annotations

from textwrap import dedent

import pytest

from arshjul.plan.problems import Note, Place, Problem
from arshjul.plan.shapes import clean
from tests.files_of import OFFICE, problems_of

HEAD = '[calendar]\nid = "prove"\nname = "Prøve"\n'


def test_calendar_in_order_has_no_problems() -> None:
    assert problems_of(HEAD + OFFICE) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            '[[event]]\nid = "a"\ntittel = "A"\nwhen = "12. mars"\n',
            [
                "4:3 Nøkkelen «title» mangler under [[event]].",
                "6:1 Ukjent nøkkel «tittel» under [[event]]. Skriv «title».",
            ],
        ),
        (
            '[[event]]\nid = "a"\ntitle = "A"\nwehn = "12. mars"\n',
            ["7:1 Ukjent nøkkel «wehn» under [[event]]. Mente du «when»?"],
        ),
        (
            '[[event]]\nid = "a"\ntitle = "A"\nwhen = 12\n',
            ["7:8 «when»: Her skal det stå en tekst i anførselstegn."],
        ),
        (
            '[[event]]\nid = "a"\ntitle = "A"\nwhen = "når katten flyr"\n',
            [
                "7:8 Tidspunktet «når katten flyr» har ingen sikker lesning. "
                "Prøv: arshjul read «…» viser hva som forstås."
            ],
        ),
        (
            '[[event]]\nid = "a"\ntitle = "A"\nwhen = ["12. mars", "31. februar"]\n',
            ["7:21 Tidspunktet «31. februar» har ingen sikker lesning. Prøv: arshjul read «…» viser hva som forstås."],
        ),
        (
            '[[event]]\nid = "Æ 1"\ntitle = "A"\nwhen = "12. mars"\n',
            [
                "5:6 «Æ 1» kan ikke brukes som id. "
                "En id har bare små bokstaver a–z, tall, bindestrek og punktum, og endres aldri."
            ],
        ),
        (
            '[[event]]\nid = "a"\ntitle = "A"\nwhen = "12. mars"\n'
            '[[event]]\nid = "a"\ntitle = "B"\nwhen = "13. mars"\n',
            ["8:3 Id-en «a» er brukt før, i prove.toml:4:3. Hver hendelse, hvert tiltak og hver part har sin egen id."],
        ),
        (
            '[[event]]\nid = "a"\ntitle = "A"\n',
            ["4:3 Hendelsen «a» har ingen dato. Skriv når den er: when = «12. mars»."],
        ),
        (
            '[[event]]\nid = "a"\ntitle = "A"\nin = { "skuddår i fjor" = "12. mars" }\n',
            [
                "7:8 Vilkåret «skuddår i fjor» er ukjent. "
                "Skriv for eksempel «stortingsvalgår», «kommunevalgår», «oddetallsår» eller et årstall."
            ],
        ),
        (
            '[[event]]\nid = "a"\ntitle = "A"\nwhen = "12. mars"\n'
            'announced = { 2026 = "snart", "vår" = "2026-03-12" }\n',
            [
                "8:22 «snart» er ingen dato i 2026. Skriv «2026-10-07», «2026-08-10/2026-08-14» eller «7. oktober».",
                "8:31 «vår» er ingen periode. "
                "En periode er et årstall (2026), en måned (2026-09), et kvartal (2026-Q3) eller en uke (2026-W12).",
            ],
        ),
        (
            '[[event]]\nid = "a"\ntitle = "A"\nwhen = "12. mars"\nleads = [20, "lenge"]\n',
            ["8:14 Varslingstiden «lenge» kan ikke leses. Skriv 20 (virkedager) eller «3 uker»."],
        ),
        (
            '[[event]]\nid = "a"\ntitle = "A"\nwhen = "3 uker før styremøte"\n',
            ["7:8 «3 uker før styremøte» viser til en hendelse som ikke finnes. Her kan stå: a."],
        ),
        (
            '[[event]]\nid = "a"\ntitle = "A"\nwhen = "12. mars"\nannounced_by = "3 uker før styremøte"\n',
            ["8:16 «3 uker før styremøte» viser til en hendelse som ikke finnes. Her kan stå: a."],
        ),
        (
            '[[event]]\nid = "a"\ntitle = "A"\nwhen = "dagen etter b"\n'
            '[[event]]\nid = "b"\ntitle = "B"\nwhen = "dagen etter a"\n',
            ["4:3 Hendelsene går i ring: a → b → a.", "8:3 Hendelsene går i ring: b → a → b."],
        ),
        (
            '[[measure]]\nid = "1"\ntitle = "T"\ncadence = "årlig for hver delregion"\nresponsible = "Sekretariatet"\n'
            + OFFICE,
            ["7:11 «årlig for hver delregion» gjelder delene av «delregion», men ingen part med deler heter det."],
        ),
        (
            '[[measure]]\nid = "1"\ntitle = "T"\ncadence = "Årlig"\nresponsible = "Sekreteriatet"\n' + OFFICE,
            ["4:3 «Sekreteriatet» i «1» er ikke navnet på noen part. Mente du «Sekretariatet»?"],
        ),
        (
            '[[measure]]\nid = "1"\ntitle = "T"\ncadence = "Årlig"\n',
            ["4:3 Tiltaket «1» har ingen ansvarlig. Skriv hvem: responsible = «…»."],
        ),
        (
            '[[measure]]\nid = "1"\ntitle = "T"\ncadence = "Årlig"\nresponsible = "Styret"\n'
            '[[party]]\nid = "styret"\nname = "Styret"\n',
            [
                "4:3 «Styret», som har ansvar for «1», har ingen mottaker. "
                "Gi parten en adresse (members = […]), eller navngi en annen."
            ],
        ),
        (
            '[[party]]\nid = "a"\nname = "A"\nmembers = ["bjørn@example.no", "B"]\n',
            [
                "7:12 «bjørn@example.no» har et tegn foran @ som ikke kan brukes i en adresse.",
                "7:32 «B» mangler en e-postadresse. Skriv «Navn <navn@example.no>».",
            ],
        ),
        (
            '[[event]]\nid = "a"\ntitle = "A"\nwhen = "12. mars"\nlaw = "senest 10. mars"\n',
            [
                "8:7 «a» 2022 (12. mars 2022) er etter lovens frist 10. mars 2022. Det samme gjelder 10 år til. "
                "Loven: senest 10. mars."
            ],
        ),
        (
            '[[event]]\nid = "a"\ntitle = "A"\nin = { 2027 = "29. februar" }\n',
            ["4:3 «a» kommer aldri. Se på regelen."],
        ),
    ],
)
def test_mistake_is_told_with_its_place_and_what_would_be_right(text: str, expected: list[str]) -> None:
    found = problems_of(HEAD + text)

    assert found == expected


def test_head_with_a_wrong_visibility_is_told_the_two_there_are() -> None:
    assert problems_of('[calendar]\nid = "a"\nname = "A"\nvisibility = "åpen"\n') == [
        "4:14 «åpen» er ingen synlighet. Skriv «public» (alle kan abonnere) eller «private» (bare med lenke)."
    ]


def test_all_mistakes_of_a_file_are_told_at_once() -> None:
    text = dedent("""\
        [[event]]
        id = "a"
        title = "A"
        when = "når tiden er inne"
        leads = ["snart"]

        [[measure]]
        id = "b"
        title = "B"
        cadence = "hver fjortende måned på skrå"
        responsible = ""
        """)

    assert [problem.split(" ")[0] for problem in problems_of(HEAD + text)] == ["7:8", "8:10", "13:11", "14:1"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[event]\nid = "a"\n', "4:2 [event] er skrevet med én hakeparentes. Skriv [[event]] med to hakeparenteser."),
        ('[[events]]\nid = "a"\n', "4:3 Ukjent nøkkel «events». Mente du «event»?"),
        ('[[hendelse]]\nid = "a"\n', "4:3 Ukjent nøkkel «hendelse». Skriv «event»."),
        ('[files]\nx = "a"\n', "4:2 Ukjent nøkkel «files». Her kan stå: calendar, party, event, measure."),
        (
            '[[event]]\nid = "a"\ntitle = "A"\nwhen = "12. mars"\nannounced.2027 = { source = "x" }\n',
            "8:11 Nøkkelen «date» mangler under announced.2027 i [[event]].",
        ),
        ('[[event]]\nid = "a"\ntitle = ""\nwhen = "12. mars"\n', "6:9 «title»: Her står det ingenting."),
        (f'[[event]]\nid = "{"a" * 61}"\ntitle = "A"\nwhen = "uke 2"\n', "5:6 «id»: Teksten er for lang."),
        (
            f'[[event]]\nid = "a"\ntitle = "A"\nwhen = "{"tull " * 30}"\n',
            f"7:8 Tidspunktet «{('tull ' * 16)[:79]}…» har ingen sikker lesning. "
            "Prøv: arshjul read «…» viser hva som forstås.",
        ),
    ],
)
def test_table_key_or_text_that_is_slightly_off_is_told_where_it_stands(text: str, expected: str) -> None:
    assert problems_of(HEAD + text) == [expected]


def test_head_with_two_brackets_is_told_to_have_one() -> None:
    assert problems_of('[[calendar]]\nid = "a"\nname = "A"\n') == [
        "1:3 [[calendar]] er skrevet med to hakeparenteser. Skriv [calendar] med én hakeparentes."
    ]


def test_signs_that_turn_the_direction_of_text_are_left_out() -> None:
    assert clean("Sty\u202eret\u2066 i\u2069 Oslo\u202a") == "Styret i Oslo"


@pytest.mark.parametrize("kind", [Problem, Note])
def test_problem_is_two_lines_of_text_that_can_be_printed(kind: type[Problem | Note]) -> None:
    one = kind(Place("a\n\x1b.toml", 3, 1), "«x\ny:1:1: Falsk\u202e» er feil.", "Skriv\x9b2J «postgresql://a:b@c».")
    word = "Merk: " if kind is Note else ""
    assert str(one) == (
        rf"a \x1b.toml:3:1: {word}«x y:1:1: Falsk\u202e» er feil." + "\n    " + r"Skriv\x9b2J «postgresql://***@c»."
    )
    assert (one.message, one.hint) == (r"«x y:1:1: Falsk\u202e» er feil.", r"Skriv\x9b2J «postgresql://***@c».")
