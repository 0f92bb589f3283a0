"""What single phrases are read as, how readings say themselves, and what is left unread because nobody can be sure."""

from __future__ import annotations

import pytest

from arshjul.timing.answer import answer
from arshjul.timing.cadences import (
    Annual,
    Bound,
    Cadence,
    Continuous,
    Due,
    Each,
    EveryYears,
    ForEach,
    InARow,
    Meeting,
    Meetings,
    NearDay,
    Nothing,
    NthOf,
    OnDemand,
    Only,
    Quota,
    Related,
    Side,
    Vague,
    Weekly,
    Yearly,
)
from arshjul.timing.days import Offset, Unit
from arshjul.timing.describe import describe
from arshjul.timing.phrases import read, read_condition, read_offset
from arshjul.timing.places import Condition, Date, DayKind, Nth, Part, Stretch, YearKind, YearPart, holds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Nothing()),
        ("–", Nothing()),
        ("Løpende", Continuous()),
        ("Ved behov", OnDemand()),
        ("snarest mulig", Vague("snarest mulig")),
        ("Årlig", Yearly()),
        ("hvert 4. år, neste gang 2028", EveryYears(4, 2028)),
        ("etter behov, og minst to ganger i året", Quota(2, None)),
        ("4 – 6 møter", Quota(4, 6)),
        ("én gang i året for hver delregion", ForEach(Yearly(), "delregion")),
        ("Hvert styremøte", Meetings("styremøte")),
        ("September styremøtet", Meeting(Meetings("styremøtet"), within=YearPart(Part.MONTH, 9))),
        ("5 virkedager før", Related(Meetings(""), Side.BEFORE, Offset(5))),
        ("dagen etter trontaledebatten", NearDay(Meetings("trontaledebatten"), DayKind.DAY, 1)),
        ("to virkedager på rad etter stortinget-apner", InARow(Meetings("stortinget-apner"), 2)),
        ("senest 7 uker førårsmøtet", Due(Related(Meetings("årsmøtet"), Side.BEFORE, Offset(7, Unit.WEEKS)))),
        ("30.april", Annual(Date(4, 30))),
        ("29, august", Annual(Date(8, 29))),
        ("8-12. august", Annual(Stretch(Date(8, 8), Date(8, 12)))),
        ("FREDAG 8. MARS KL. 1900", read("8. mars kl. 19:00")),
        ("innen 30.april hvert år", Due(Annual(Date(4, 30)))),
        ("frem til 1. mai", Due(Annual(Date(5, 1)), Bound.UNTIL)),
        ("annankvar tysdag", Weekly((1,), 2)),
        ("fyrste måndag i kvar månad", Each(1, NthOf(1, 0))),
        (
            "andre mandag i september i valgår",
            Only(Annual(Nth(2, 0, YearPart(Part.MONTH, 9))), Condition(YearKind.ELECTION)),
        ),
    ],
)
def test_phrase_has_its_reading(text: str, expected: Cadence) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("16./17./", "22", "14.-15.", "30. februar", "32. mai", "uke 54", "5. kvartal", "13. måned", "25:00"),
        *(
            "20. eller 27. mai",
            "mars eller oktober",
            "15. mars eller 15. april",
            "vår eller høst",
            "en lørdag",
            "andre fredag i semesteret",
            "måneden før årsmøtet",
            "uka etter påske",
        ),
        *(
            "innen sommeren",
            "ukentlig/månedlig",
            "hver tirsdag fra 1. mars",
            "15. februar året etter",
            "hver torsdag i skoleåret",
        ),
        *("høsten etter valget", "siste uke før jul i mandag", "seks uker før fristen", "1. mars, eventuelt 1. april"),
        *(
            "enten i mars eller på høsten",
            "Sakspapirer sendes",
            "xxxx",
            "lederskifte",
            "annenhver tirsdag utenom skolens ferier",
        ),
    ],
)
def test_phrase_without_a_sure_reading_is_left_unread(text: str) -> None:
    assert read(text) is None


def test_long_prose_is_no_phrase() -> None:
    assert read("Møtet holdes 1. mai. " * 40) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Q3-Q4", "3.–4. kvartal"),
        ("Q3", "3. kvartal"),
        ("leveres innen 20.mars", "innen 20. mars"),
        ("2. onsdag i mnd.", "andre onsdag i hver måned"),
        ("tirsdager kl 1830", "hver tirsdag kl. 18:30"),
        ("ila. høsten", "i løpet av høsten"),
        ("minst ein gong kvart halvår", "minst 1 gang i halvåret"),
        ("tre veker på førehand", "3 uker før"),
        ("Opp mot lokalvalget", "før lokalvalget"),
        ("innen 1. mars for hvert fylke", "innen 1. mars per fylke"),
        ("i valår", "årlig i valgår"),
        ("Juleferie", "juleferien"),
        ("Månedskifte febr/mars.", "månedsskiftet februar/mars"),
    ],
)
def test_reading_says_itself_in_bokmaal(text: str, words: str) -> None:
    cadence = read(text)
    assert cadence is not None

    assert describe(cadence) == words


def test_answer_tells_the_days_of_a_window() -> None:
    assert answer("Q3-Q4", 2027) == {
        "phrase": "Q3-Q4",
        "understood": True,
        "kind": "quarter",
        "reading": "3.–4. kvartal",
        "start": "2027-07-01",
        "end": "2027-12-31",
        "deadline": "2027-12-31",
    }


def test_answer_tells_only_the_last_day_of_a_limit() -> None:
    assert answer("Frist: 1. desember", 2027) == {
        "phrase": "Frist: 1. desember",
        "understood": True,
        "kind": "deadline",
        "reading": "innen 1. desember",
        "start": None,
        "end": None,
        "deadline": "2027-12-01",
    }


def test_answer_says_when_it_does_not_understand() -> None:
    assert answer("xxxx", 2027) == dict.fromkeys(("kind", "reading", "start", "end", "deadline")) | {
        "phrase": "xxxx",
        "understood": False,
    }


@pytest.mark.parametrize(("text", "deadline"), [("før kommunevalget", "2027-09-12"), ("før stortingsvalget", None)])
def test_answer_knows_the_election_days(text: str, deadline: str | None) -> None:
    assert answer(text, 2027)["deadline"] == deadline


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("stortingsvalgår", [2025, 2029]),
        ("kommunevalgår", [2023, 2027]),
        ("lokalvalgår", [2023, 2027]),
        ("i valgår", [2023, 2025, 2027, 2029]),
        ("ikke i valgår", [2022, 2024, 2026, 2028, 2030]),
        ("mellomvalgsår", [2022, 2024, 2026, 2028, 2030]),
        ("partallsår", [2022, 2024, 2026, 2028, 2030]),
        ("i oddetallsår", [2023, 2025, 2027, 2029]),
        ("skuddår", [2024, 2028]),
        ("2026", [2026]),
    ],
)
def test_condition_holds_in_its_years(text: str, years: list[int]) -> None:
    condition = read_condition(text)
    assert condition is not None

    assert [year for year in range(2022, 2031) if holds(condition, year)] == years


@pytest.mark.parametrize("text", ["", "år", "valg", "stortingsvalgår i mai", "2026-2027"])
def test_condition_that_is_none_is_not_read(text: str) -> None:
    assert read_condition(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("15 virkedager", Offset(15)),
        ("15 virkedager før", Offset(15)),
        ("3 uker", Offset(3, Unit.WEEKS)),
        ("6 veker", Offset(6, Unit.WEEKS)),
        ("2 måneder", Offset(2, Unit.MONTHS)),
        ("en måned", Offset(1, Unit.MONTHS)),
        ("1½ måned", Offset(6, Unit.WEEKS)),
        ("ti dager", Offset(10, Unit.DAYS)),
        ("ein yrkedag", Offset(1)),
        ("3-4 uker", None),
        ("3", None),
        ("uker", None),
        ("3 uker før jul", None),
        ("", None),
    ],
)
def test_offset_is_read_or_refused(text: str, expected: Offset | None) -> None:
    assert read_offset(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "seks virkedager på rad etter 1. mars",
        "0 virkedager på rad etter 1. mars",
        "2 the day in a row after 1. mars",
        "første og tredje tirsdag i måneden, mars til mai",
        "1. og 15. i hver måned i september",
        "1. og 15. i hver måned fra årsmøtet",
        "innen 1. og 15. i hver måned",
        "tredje torsdg i mars",
        "andre mandagg i juni",
        "annenver tirsdag i mars",
        "aprill eller mai",
        "juni til agust",
        "senesst mai",
        "mdten av mars",
    ],
)
def test_read_gives_nothing_for_what_never_comes_or_would_lose_a_part(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize("text", ["rapport i mars", "etater i mars", "våre møter i mars", "kurset slutter i mars"])
def test_what_happens_may_stand_before_its_month(text: str) -> None:
    assert read(text) == Annual(YearPart(Part.MONTH, 3))
