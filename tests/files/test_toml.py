from __future__ import annotations

from pathlib import Path

import pytest

from arshjul.plan.files import read_toml
from arshjul.plan.problems import Place

ROOT = Path(__file__).parents[2]

TEXT = """\
[calendar]
id = "x"

[[event]]
id = "å"
in = { "ø år" = "12. mars", list = ["a", { b = 2 }] }

[[event]]
announced.2025 = { date = "2025-10-15" }
when = [
    "i dag", # ikke i morgen
    "i går",
]
"""


def test_places_tell_where_every_key_and_value_stands() -> None:
    document, problems = read_toml(TEXT, "x.toml")

    assert problems == []
    assert {path: str(place) for path, place in document.keys.items()} == {
        ("calendar",): "x.toml:1:2",
        ("calendar", "id"): "x.toml:2:1",
        ("event", 0): "x.toml:4:3",
        ("event", 0, "id"): "x.toml:5:1",
        ("event", 0, "in"): "x.toml:6:1",
        ("event", 0, "in", "ø år"): "x.toml:6:8",
        ("event", 0, "in", "list"): "x.toml:6:29",
        ("event", 0, "in", "list", 0): "x.toml:6:37",
        ("event", 0, "in", "list", 1): "x.toml:6:42",
        ("event", 0, "in", "list", 1, "b"): "x.toml:6:44",
        ("event", 1): "x.toml:8:3",
        ("event", 1, "announced"): "x.toml:9:1",
        ("event", 1, "announced", "2025"): "x.toml:9:11",
        ("event", 1, "announced", "2025", "date"): "x.toml:9:20",
        ("event", 1, "when"): "x.toml:10:1",
        ("event", 1, "when", 0): "x.toml:11:5",
        ("event", 1, "when", 1): "x.toml:12:5",
    }
    assert document.value_place("event", 0, "in", "ø år") == Place("x.toml", 6, 17)
    assert document.ends["event", 0, "in", "ø år"] == Place("x.toml", 6, 27)
    assert document.ends["event", 1, "when"] == Place("x.toml", 13, 2)


def test_place_of_what_is_not_there_is_that_of_what_is_around_it() -> None:
    document, _ = read_toml(TEXT, "x.toml")

    assert document.key_place("event", 1, "title") == Place("x.toml", 8, 3)
    assert document.key_place("party", 0, "id") == Place("x.toml", 1, 1)


@pytest.mark.parametrize("name", ["politisk-aar", "osloregionen"])
def test_places_in_the_shipped_calendars_stand_at_their_keys(name: str) -> None:
    text = (ROOT / "calendars" / f"{name}.toml").read_text(encoding="utf-8")
    lines = text.split("\n")

    document, problems = read_toml(text, name)

    named = [(path[-1], place) for path, place in document.keys.items() if isinstance(path[-1], str)]
    assert problems == []
    assert len(named) > 300
    for key, place in named:
        assert lines[place.line - 1][place.column - 1 :].startswith((key, f'"{key}"'))


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ('a = 1\nb = "x', "1:1", ""),
        ("a = i dag", "1:5", "Verdien kan ikke leses. Tekst skal stå i anførselstegn."),
        ('a b = "x"', "1:3", "Her mangler et likhetstegn (=) etter nøkkelen."),
        ("[a]\nx = 1\n[a]", "3:3", "Den samme overskriften i hakeparentes står to ganger."),
        ('a = "x" y', "1:9", "Det står noe mer på linjen etter verdien."),
    ],
)
def test_text_that_is_not_toml_gives_one_problem_with_its_place(text: str, place: str, message: str) -> None:
    document, problems = read_toml(text, "x.toml")

    assert document.data == {}
    assert len(problems) == 1
    if message:
        assert (str(problems[0].place), problems[0].message) == (f"x.toml:{place}", message)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x = 1\na = " + "[" * 500 + "]" * 500, "x.toml:2:25: Her står mer enn 20 lister, tabeller eller nøkler"),
        ("x = 1\na = " + "[" * 300 + "]" * 300, "x.toml:2:25: Her står mer enn 20 lister, tabeller eller nøkler"),
        ("a = " + "{b = " * 30 + "1" + "}" * 30, "x.toml:1:105: Her står mer enn 20 lister, tabeller eller nøkler"),
        (".".join("a" * 1500) + " = 1", "x.toml:1:1: Her står mer enn 20 lister, tabeller eller nøkler"),
        ("[" + ".".join("a" * 900) + "]", "x.toml:1:2: Her står mer enn 20 lister, tabeller eller nøkler"),
        ("b = 2\na = " + "9" * 5000, "x.toml:2:5: Tallet er for langt."),
        ("#" * 2_000_001, "x.toml:1:1: Filen er for stor til å være en kalender."),
    ],
)
def test_text_beyond_all_measure_is_refused_where_it_is(text: str, told: str) -> None:
    document, (problem,) = read_toml(text, "x.toml")

    assert document.data == {}
    assert str(problem).startswith(told)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = { x = 1 }\na.b = 2", "Nøkkelen har allerede fått sin verdi ovenfor; den kan ikke få mer her."),
        ('a = "C:\\q"', "En omvendt skråstrek (\\) i en tekst må skrives to ganger: \\\\."),
        ('a = "\\ud800"', "Tegnet etter \\u finnes ikke."),
        ('a = "\\u12"', "Etter \\u skal det stå fire siffer eller bokstavene a–f."),
        ("a = '''x", "Teksten mangler anførselstegn til slutt."),
        ("# \x01", "Her står et tegn som ikke kan brukes."),
        ("a = 2026-02-30", "Datoen finnes ikke."),
        ("[[a", "Overskriften mangler ] til slutt."),
    ],
)
def test_errors_of_the_reader_are_told_in_norwegian(text: str, message: str) -> None:
    _, (problem,) = read_toml(text, "x.toml")

    assert problem.message == message


def test_places_in_a_long_line_are_counted_in_signs() -> None:
    document, problems = read_toml('"å" = ["æ", "øø", "b"]\nb = { "ø" = [1, "å"], c = 2 }\n', "prove.toml")

    assert problems == []
    assert {path: str(place) for path, place in document.values.items()} == {
        ("å",): "prove.toml:1:7",
        ("å", 0): "prove.toml:1:8",
        ("å", 1): "prove.toml:1:13",
        ("å", 2): "prove.toml:1:19",
        ("b",): "prove.toml:2:5",
        ("b", "ø"): "prove.toml:2:13",
        ("b", "ø", 0): "prove.toml:2:14",
        ("b", "ø", 1): "prove.toml:2:17",
        ("b", "c"): "prove.toml:2:27",
    }
    assert str(document.ends[("b",)]) == "prove.toml:2:30"
