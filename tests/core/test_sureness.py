"""Confirmed means confirmed: by law, or by a source for that very date. All else is tentative and says what it is."""

from __future__ import annotations

import pytest

from arshjul.plan.model import KnownBy
from arshjul.timing.days import Status, year_span
from arshjul.year.dating import how_known, where_from
from arshjul.year.expand import expand
from tests.files_of import OFFICE, catalogue_of

SURE, OPEN = Status.CONFIRMED, Status.TENTATIVE
HEAD = """
[calendar]
id = "k"
name = "K"
source = "Handlingsplanen"
"""
BOARD = """
[[event]]
id = "styremote"
title = "Styremøte"
source = "https://www.example.no/moter"
"""


def known(text: str) -> list[tuple[str, Status, KnownBy, str]]:
    found = expand(catalogue_of(HEAD + text + OFFICE), year_span(2027))
    return [(one.key.removeprefix("k/"), one.status, one.known_by, how_known(one)) for one in found if one.days]


@pytest.mark.parametrize(
    ("lines", "status", "known_by", "sentence"),
    [
        (
            'when = "12. mars"',
            OPEN,
            KnownBy.RULE,
            "Datoen er foreløpig. Den er regnet ut etter regelen «12. mars».",
        ),
        (
            'when = "12. mars"\nfixed_by = "kommuneloven § 14-6"',
            SURE,
            KnownBy.LAW,
            "Datoen er bekreftet: loven fastsetter den.",
        ),
        (
            'when = "12. mars"\nannounced.2027 = { date = "2027-03-12", source = "Styresak 3/27" }',
            SURE,
            KnownBy.ANNOUNCEMENT,
            "Datoen er bekreftet.",
        ),
        (  # the event's source tells of the rule, not of this date
            'when = "12. mars"\nannounced.2027 = "2027-03-12"',
            OPEN,
            KnownBy.TYPED,
            "Datoen er foreløpig. Den er skrevet inn i årshjulet, uten en kilde som kunngjør den.",
        ),
        (
            'when = "12. mars"\nannounced.2027 = { date = "2027-03-12", checked = "2026-11-20" }',
            OPEN,
            KnownBy.TYPED,
            "Datoen er foreløpig. Den er skrevet inn i årshjulet, uten en kilde som kunngjør den.",
        ),
        (
            'when = "2027-02-13"',
            OPEN,
            KnownBy.TYPED,
            "Datoen er foreløpig. Den er skrevet inn i årshjulet, uten en kilde som kunngjør den.",
        ),
        (
            'when = "senest 12. februar 2027 kl. 12"',
            OPEN,
            KnownBy.TYPED,
            "Datoen er foreløpig. Den er skrevet inn i årshjulet, uten en kilde som kunngjør den.",
        ),
        (
            'when = "uke 7"\nin.2027 = "12.–14. februar"',
            OPEN,
            KnownBy.TYPED,
            "Datoen er foreløpig. Den er skrevet inn i årshjulet, uten en kilde som kunngjør den.",
        ),
        (
            'in = { "oddetallsår" = "12. februar" }',
            OPEN,
            KnownBy.RULE,
            "Datoen er foreløpig. Den er regnet ut etter regelen «12. februar».",
        ),
        (
            'when = "andre fredag i februar 2027"',
            OPEN,
            KnownBy.RULE,
            "Datoen er foreløpig. Den er regnet ut etter regelen «andre fredag i februar 2027».",
        ),
    ],
)
def test_date_of_an_event_says_how_it_is_known(lines: str, status: Status, known_by: KnownBy, sentence: str) -> None:
    assert [one[1:] for one in known(f"{BOARD}{lines}\n")] == [(status, known_by, sentence)]


@pytest.mark.parametrize(
    ("lines", "known_by", "sentence"),
    [
        ('cadence = "Årlig"\ntiming.2027 = "Q3"', KnownBy.PLAN, "Den er fra planen: «Årlig: Q3»."),
        ('cadence = "Årlig"\ntiming.2027 = "12. mars"', KnownBy.PLAN, "Den er fra planen: «Årlig: 12. mars»."),
        ('cadence = "innen utgangen av juni"', KnownBy.PLAN, "Den er fra planen: «innen utgangen av juni»."),
    ],
)
def test_window_or_date_of_a_measure_is_the_plans_and_tentative(lines: str, known_by: KnownBy, sentence: str) -> None:
    measure = f'[[measure]]\nid = "1"\ntitle = "T"\nresponsible = "Sekretariatet"\n{lines}\n'

    assert known(measure) == [("1/2027", OPEN, known_by, f"Datoen er foreløpig. {sentence}")]


def test_half_years_end_is_not_confirmed_by_the_plan() -> None:
    measure = '[[measure]]\nid = "1"\ntitle = "T"\nresponsible = "Sekretariatet"\ncadence = "hvert halvår"\n'

    assert [(key, status) for key, status, _, _ in known(measure)] == [("1/2027-H1", OPEN), ("1/2027-H2", OPEN)]


def test_what_hangs_on_a_confirmed_meeting_is_tentative() -> None:
    """Nobody has decided when the papers go; a list that follows the meeting is not a decision either."""
    text = (
        BOARD
        + """
    when = "12. mars"
    announced.2027 = { date = "2027-03-12", source = "Styresak 3/27" }
    milestones = [ { id = "papirer", title = "Papirer", when = "5 virkedager før" } ]
    [[event]]
    id = "frist"
    title = "Innspill"
    when = "10 dager før styremøte"
    [[measure]]
    id = "1"
    title = "Status"
    cadence = "Hvert styremøte"
    responsible = "Sekretariatet"
    """
    )

    assert known(text) == [
        (
            "frist/2027",
            OPEN,
            KnownBy.RULE,
            "Datoen er foreløpig. Den er regnet ut etter regelen «10 dager før styremøte».",
        ),
        (
            "styremote.papirer/2027",
            OPEN,
            KnownBy.STEP,
            "Datoen er foreløpig. Den er regnet ut: «5 virkedager før styremøte».",
        ),
        ("styremote/2027", SURE, KnownBy.ANNOUNCEMENT, "Datoen er bekreftet."),
        (
            "1/2027",
            OPEN,
            KnownBy.FOLLOWS,
            "Datoen er foreløpig. Den følger det som planen viser til: «Hvert styremøte».",
        ),
    ]


@pytest.mark.parametrize(
    ("announced", "status"), [("", OPEN), ('announced.2027 = { date = "2027-03-12", source = "Sak 3" }\n', SURE)]
)
def test_law_that_counts_from_a_meeting_fixes_nothing_before_the_meeting_is(announced: str, status: Status) -> None:
    after = (
        '[[event]]\nid = "utskrift"\ntitle = "Utskrift"\nwhen = "senest 7 dager etter styremøte"\nfixed_by = "§ 3"\n'
    )

    found = {key: status for key, status, _, _ in known(f'{BOARD}when = "12. mars"\n{announced}{after}')}

    assert found == {"styremote/2027": status, "utskrift/2027": status}


def test_page_says_in_few_words_where_a_date_comes_from() -> None:
    text = """
    [[event]]
    id = "a"
    title = "A"
    when = "2027-02-13"
    [[event]]
    id = "b"
    title = "B"
    when = "12. mars"
    [[measure]]
    id = "c"
    title = "C"
    responsible = "Sekretariatet"
    cadence = "Årlig"
    timing.2027 = "Q3"
    [[measure]]
    id = "d"
    title = "D"
    responsible = "Sekretariatet"
    cadence = "ved behov"
    """
    found = expand(catalogue_of(HEAD + text + OFFICE), year_span(2027))

    assert [(one.id, where_from(one)) for one in found] == [
        ("a", "skrevet inn, uten kilde"),
        ("b", "«12. mars»"),
        ("c", "fra planen: «Årlig: Q3»"),
        ("d", "«ved behov»"),
    ]
