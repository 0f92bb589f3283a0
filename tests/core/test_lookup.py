"""Whom a name means: to the letter where a link depends on it, loosely where somebody only looks."""

from __future__ import annotations

import pytest

from arshjul.plan.parties import find_party, find_party_loosely
from tests.files_of import catalogue_of

BOARD = '[[party]]\nid = "styret"\nname = "Styret"\nalso = ["Styret i %s"]\nmembers = ["%s@example.no"]\n'
TWO = catalogue_of(BOARD % ("Follo", "follo"), BOARD % ("Hadeland", "hadeland") + BOARD.replace("tyret", "entralen"))


@pytest.mark.parametrize(
    ("text", "exactly", "loosely"),
    [
        ("k1/styret", "k1/styret", "k1/styret"),
        ("Styret i Hadeland", "k1/styret", "k1/styret"),
        ("sentralen", "k1/sentralen", "k1/sentralen"),
        ("Sentralen", "k1/sentralen", "k1/sentralen"),
        ("sentralene", None, "k1/sentralen"),
        ("styret", None, "k0/styret"),
        ("Valgkomiteen", None, None),
        ("", None, None),
    ],
)
def test_party_is_found_to_the_letter_or_loosely(text: str, exactly: str | None, loosely: str | None) -> None:
    found = [find_party(TWO, text), find_party_loosely(TWO, text)]

    assert [party and party.full_id for party in found] == [exactly, loosely]
