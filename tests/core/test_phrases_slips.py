"""Slips of the pen in phrases: beside what is read right they say something that would be lost, so nothing is read."""

from __future__ import annotations

import pytest

from arshjul.timing.answer import answer
from arshjul.timing.describe import describe
from arshjul.timing.phrases import read

CODES = (
    *("Q0", "Q5", "Q44", "Q3-Q44", "Q3–Q0", "Q3-Q5", "Q1-Q22", "Q3-Q-4", "Q3-QIV", "Q3, Q44", "Q44, Q3", "Q1 og Q7"),
    *("Q1 til Q8", "Q1/Q5", "Q3 2027-Q44 2027", "Q3-Q4-Q5", "frist Q3 (Q44)", "kvartalsvis, Q5", "Q1-Q4 unntatt Q7"),
    *("K1-K6", "K2 og K0", "T1-T9", "T3-T4", "T1 og T2 og T7", "H1-H3", "H1 og H5", "2027-Q44", "2027-W54", "Q3/2O"),
)
PARTS = (
    *("Q3, 4. kvartl", "1. kvartal og 4. kvartl", "Q3, 4. kvrt", "1. tertial og 2. terital", "1. halvår og 2. halvr"),
    *("uke 54", "uke 33-60", "mandag i uke 60", "uke 10, 12 og 54", "uke 33 og ukr 40", "uke 33, uek 40"),
    *("sommer og hsøt", "våren og hsøten", "høst og vintr", "mars og påsek"),
)
WEEKDAYS = (
    *("uke 33, tirsd", "uke 33 tirsda", "uke 33, onsd", "uke 33, fred", "uke 33, lørd", "uke 33, man", "uke 33 (man)"),
    *("uke 33, fr", "mandga i uke 33", "uke 33, onsadg", "man-fre uke 33", "man - fre i uke 33", "12. mars, tirsd"),
    *("12. mars (tirsd)", "trisdag 12. mars", "tirsdag og torsd i uke 33", "hver mandag og onsd"),
)
MONTHS = (
    *("12. mars-31. apirl", "12. mars og 15. apirl", "innen 1. mars og 1. apirl", "mars og apirl", "mars/apirl"),
    *("mars - dec", "mai og jui", "juni og jli", "12. mars til 3. juin", "12. mars–12. mi", "medio mars/apirl"),
    *("32. mars", "31. juni", "1.-32. mars", "12.13.2027", "12.03.2027 - 15.13.2027", "XII. mars"),
    *("mars 20277", "12. mars 20277", "Q3 20277", "uke 33, 20277"),
)
COUNTS = (
    *(
        "siste virkedagr i mars",
        "siste vikredag i mars",
        "5. virkdg i mars",
        "siste dg i mars",
        "virkedagr før 1. mars",
    ),
    *("annenhve mandag", "annenhver tirsdagg", "hver måned og hvert kvartl", "mars kvartalsvs", "innne mars"),
    "annenhver uke i partalsuker",
)


@pytest.mark.parametrize("phrase", [*CODES, *PARTS, *WEEKDAYS, *MONTHS, *COUNTS])
def test_slip_of_the_pen_leaves_the_phrase_unread(phrase: str) -> None:
    assert read(phrase) is None


@pytest.mark.parametrize(
    ("phrase", "reading"),
    [
        ("Q3-Q4", "3.–4. kvartal"),
        ("2027-Q3", "3. kvartal 2027"),
        ("2027-W12", "uke 12 2027"),
        ("T1/27", "1. tertial 2027"),
        ("uke 33 tors", "torsdag i uke 33"),
        ("uke 33, mandat", "uke 33"),
        ("rapport om mandatet i mars", "mars"),
        ("når man ønsker i uke 33", "uke 33"),
        ("markering for fred 21. september", "21. september"),
        ("12. mars – 2. behandling", "12. mars"),
        ("møte for damer 8. mars", "8. mars"),
        ("seneste frist 12. mars", "innen 12. mars"),
        ("skoler i uke 33", "uke 33"),
        ("mai og høstens tall", "mai"),
        ("årlig for hvert regionråd", "årlig per regionråd"),
        ("for hvert eldreråd i mars", "mars per eldreråd"),
        ("årlig for hvert møte", "hvert møte"),
        ("hvert landsråd", "hvert landsråd"),
    ],
)
def test_word_in_its_own_right_is_no_slip(phrase: str, reading: str) -> None:
    cadence = read(phrase)
    assert cadence is not None
    assert describe(cadence) == reading


def test_slip_is_answered_without_days() -> None:
    said = {"understood": False, "kind": None, "reading": None, "start": None, "end": None, "deadline": None}
    assert answer("Q3-Q44", 2027) == {"phrase": "Q3-Q44", **said}


@pytest.mark.parametrize(
    "phrase",
    [
        *("every Monday", "every Tuesday, 18:30", "every 4. week", "Monday 12 April", "Easter Monday", "Good Friday"),
        *("last Friday in March", "last Friday in November", "first Monday in September", "the end of August"),
        *(
            "second Wednesday of every month",
            "2 times per year",
            "yearly in election years",
            "as needed",
            "summer 2027",
        ),
        *("week 12", "weeks 12-14", "Wednesday, week 33", "3. quarter", "3rd quarter", "Q3 every year"),
        *("15 May 2027", "15 June", "1st April", "by 15 May", "by 1 March", "before 1 September", "until 30 November"),
        *("3 weeks before årsmøtet", "two days after 1 April", "no later than 1 April", "from April to September"),
        *("March and April", "April and June", "between April and September", "during the autumn", "late November"),
        *("August, except week 33", "april or august", "mars, not April", "mid August", "beginning of September"),
    ],
)
def test_english_is_left_unread(phrase: str) -> None:
    assert read(phrase) is None


@pytest.mark.parametrize(
    ("phrase", "reading"),
    [
        ("Oslo by i uke 12", "uke 12"),
        ("Møte i Oslo by 12. mars", "12. mars"),
        ("by 1. mars", "1. mars"),
        ("by- og regionkonferanse i mars", "mars"),
        ("last og buss i mars", "mars"),
        ("siste last i april", "april"),
        ("last mandag i uke 12", "mandag i uke 12"),
        ("mai (May-Britt)", "mai"),
    ],
)
def test_norwegian_word_that_looks_english_says_nothing_of_time(phrase: str, reading: str) -> None:
    cadence = read(phrase)
    assert cadence is not None
    assert describe(cadence) == reading
