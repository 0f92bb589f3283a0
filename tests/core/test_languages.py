"""Whom to write to in which language, and dates in the words of each."""

from __future__ import annotations

from datetime import date, time

import pytest

from arshjul.plan.addresses import read_address
from arshjul.timing.days import Clock, Offset, Span, Unit
from arshjul.words import clock_in_words, day_in_words, lead_in_words, list_in_words, span_in_words
from tests.files_of import catalogue_of, problems_of

PARTY = """
[calendar]
id = "k"
name = "K"
[[party]]
id = "vest"
name = "Vestregionen"
language = "{language}"
members = ["Vest <vest@example.no>", "Anne <anne@example.no>; bokmål"]
roles."Koordinator" = ["Bo <bo@example.no>; en"]
"""


@pytest.mark.parametrize(("written", "code"), [("nynorsk", "nn"), ("Nynorsk", "nn"), ("engelsk", "en"), ("nb", "nb")])
def test_party_is_written_to_in_its_language_unless_a_person_has_another(written: str, code: str) -> None:
    (party,) = catalogue_of(PARTY.format(language=written)).calendars["k"].parties

    people = [*party.members, *party.roles["Koordinator"]]
    assert [(person.name, person.language) for person in people] == [("Vest", code), ("Anne", "nb"), ("Bo", "en")]


def test_unknown_languages_are_problems_with_a_place() -> None:
    hint = "Skriv «bokmål», «nynorsk» eller «engelsk»."
    assert problems_of(PARTY.format(language="samisk").replace("; en", "; tysk")) == [
        f"8:12 «samisk» er ikke noe språk vi skriver brev på. {hint}",
        f"10:24 «tysk» er ikke noe språk. {hint}",
    ]


def test_a_language_makes_nobody_another_person() -> None:
    assert read_address("Bo <bo@example.no>; nn") == read_address("Bo <bo@example.no>")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "nb",
            ["tirsdag 15. desember 2026", "1.–5. mai 2027", "kl. 10.00–12.30", "a, b og c", "1 uke", "5 virkedager"],
        ),
        (
            "nn",
            ["tysdag 15. desember 2026", "1.–5. mai 2027", "kl. 10.00–12.30", "a, b og c", "1 veke", "5 virkedagar"],
        ),
        (
            "en",
            ["Tuesday 15 December 2026", "1–5 May 2027", "10:00–12:30", "a, b and c", "1 week", "5 working days"],
        ),
    ],
)
def test_dates_times_lists_and_leads_in_words(language: str, said: list[str]) -> None:
    assert [
        day_in_words(date(2026, 12, 15), language),
        span_in_words(Span(date(2027, 5, 1), date(2027, 5, 6)), language),
        clock_in_words(Clock(time(10), time(12, 30)), language),
        list_in_words(("a", "b", "c"), language),
        lead_in_words(Offset(1, Unit.WEEKS), language),
        lead_in_words(Offset(5), language),
    ] == said
