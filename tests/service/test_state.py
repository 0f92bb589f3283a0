"""What is put together for the page."""

from __future__ import annotations

from datetime import date

from arshjul.service.publishing import gathered
from arshjul.web.site import NextLetter

DAY, TITLES = date(2026, 12, 1), ("Frist: Lokale eksempler",)


def letters(*names: str) -> list[NextLetter]:
    return [NextLetter(DAY, name, TITLES) for name in names]


def test_letters_that_say_the_same_are_one_to_the_first_few_by_name() -> None:
    other = NextLetter(DAY, "Styret", ("Styremøte",))
    assert list(gathered([*letters("Follo"), other, *letters("Hamar")])) == [*letters("Follo og Hamar"), other]
    assert list(gathered(letters("A", "B", "C", "D"))) == letters("A, B, C og D")
    assert list(gathered(letters("A", "B", "C", "D", "E"))) == letters("A, B, C og 2 til")
