"""An open calendar that uses one that is not: what of it everybody sees, and that `check` says so."""

from __future__ import annotations

from datetime import date

import pytest

from arshjul.plan.model import Catalogue, Occurrence
from arshjul.timing.days import Span
from arshjul.year.expand import expand
from arshjul.year.openness import opened, shown_of_closed
from tests.files_of import catalogue_of

YEAR = Span(date(2027, 1, 1), date(2028, 1, 1))
CLOSED = """
[calendar]
id = "intern"
name = "Internt"

[[party]]
id = "utvalget"
name = "Utvalget"
members = ["Ola <ola@example.no>"]

[[event]]
id = "mote"
title = "Lukket møte"
also = ["utvalgsmøtet"]
when = "12. mars"
"""
HEAD = """
[calendar]
id = "apen"
name = "Åpent"
visibility = "public"
uses = ["intern"]
"""
COUNTED = """
[[event]]
id = "innspill"
title = "Innspill"
when = "2 uker før utvalgsmøtet"
responsible = "Utvalget og Byrådet"

[[party]]
id = "byradet"
name = "Byrådet"
members = ["Per <per@example.no>"]
"""
OWN = """
[[event]]
id = "valg"
title = "Valgdag"
when = "13. september"
"""


def seen(catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    """Return the rule and the names of each open occurrence, by its title."""
    found = opened(catalogue, expand(catalogue, YEAR))
    return {one.title: (one.rule, *one.responsible, *one.contributors) for one in found if one.calendar == "apen"}


def notes(catalogue: Catalogue) -> list[str]:
    return [f"{note.message} {note.hint}" for note in shown_of_closed(catalogue, date(2027, 1, 1))]


def test_open_calendar_shows_the_day_and_neither_the_rule_nor_the_names_of_a_closed_one() -> None:
    catalogue = catalogue_of(CLOSED, HEAD + COUNTED + OWN)
    assert seen(catalogue) == {"Innspill": ("", "Byrådet"), "Valgdag": ("13. september",)}
    assert notes(catalogue) == [
        "«Åpent» er åpen for alle, og har noe fra «Internt», som ikke er det: dager som følger den (Innspill) og navn "
        "på parter i den (Utvalget). Dagene vises for alle, navn og regler ikke. Skal de også vises, skriv "
        "shows_private = true i [calendar]."
    ]


def test_letters_go_to_those_whose_names_are_not_shown() -> None:
    catalogue = catalogue_of(CLOSED, HEAD + COUNTED)

    def told(found: list[Occurrence]) -> list[list[str]]:
        return [[person.address for person in one.recipients] for one in found]

    found = list(expand(catalogue, YEAR))
    assert told(list(opened(catalogue, found))) == told(found)
    assert ["ola@example.no", "per@example.no"] in told(found)


def test_closed_names_are_shown_where_the_calendar_says_so() -> None:
    catalogue = catalogue_of(CLOSED, HEAD + "shows_private = true\n" + COUNTED)
    assert seen(catalogue) == {"Innspill": ("2 uker før utvalgsmøtet", "Utvalget", "Byrådet")}
    assert notes(catalogue) == [
        "«Åpent» er åpen for alle, og har noe fra «Internt», som ikke er det: dager som følger den (Innspill) og navn "
        "på parter i den (Utvalget). Alt dette vises, for shows_private = true."
    ]


def test_cancelled_closed_meeting_is_not_named_by_what_was_to_follow_it() -> None:
    cancelled = CLOSED.replace('when = "12. mars"', 'when = ["2027-03-12"]\ncancelled = ["2027-03"]')
    catalogue = catalogue_of(cancelled, HEAD + COUNTED)
    found = [one for one in opened(catalogue, expand(catalogue, YEAR)) if one.calendar == "apen"]
    assert [(one.status.value, one.because) for one in found] == [("cancelled", None)]
    assert [one.because is None for one in expand(catalogue, YEAR) if one.calendar == "apen"] == [False]


@pytest.mark.parametrize(
    "calendars",
    [(CLOSED, HEAD + OWN), (CLOSED, HEAD.replace("public", "private") + COUNTED)],
    ids=["nothing of it", "both closed"],
)
def test_nothing_is_said_or_left_out_where_nothing_closed_is_shown(calendars: tuple[str, str]) -> None:
    catalogue = catalogue_of(*calendars)
    assert notes(catalogue) == []
    assert list(opened(catalogue, expand(catalogue, YEAR))) == list(expand(catalogue, YEAR))
