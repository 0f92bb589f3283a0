"""The coordinator's letter: what it lists, and what a quota asks for."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from arshjul.letters.coordinator import (
    Section,
    coming_lines,
    doubt_line,
    letter_line,
    past_days,
    quota_line,
    sections,
    vacancies,
)
from arshjul.letters.history import Known, Told
from arshjul.letters.reminders import leads_of
from arshjul.letters.rules import LetterRules, SendDays, local_midnight
from arshjul.mail.verdicts import State
from arshjul.plan.model import Recipient
from arshjul.rounds.weekly import is_due
from arshjul.timing.days import Span, year_span
from arshjul.year.awaited import unmet
from arshjul.year.expand import expand
from tests.files_of import catalogue_of

TEXT = """
[[party]]
id = "kontoret"
name = "Kontoret"
members = ["Kontoret <kontoret@example.no>"]
roles."Koordinator" = []
[[party]]
id = "valg"
name = "Valgkomiteen"
[[event]]
id = "rapport"
title = "Rapporten sendes"
when = "innen 1. desember"
responsible = "Kontoret"
[[event]]
id = "regnskap"
title = "Regnskapet sendes"
when = "innen 2. desember"
responsible = "Kontoret"
"""
FORUM = """
[[event]]
id = "forum"
title = "Ordførerforum"
when = "{when}"
announced = {{ {dates} }}
"""
PLACE = "Regnskapet sendes – Kontoret"


def test_sections_name_what_nobody_heard_of_what_is_overdue_and_who_is_missing() -> None:
    catalogue = catalogue_of(TEXT)
    rapport = ("k0/rapport/2026", "kontoret@example.no")
    known = Known(
        last={rapport: Told(date(2026, 12, 1), date(2026, 11, 3))}, in_time=frozenset({(*rapport, date(2026, 12, 1))})
    )
    found = sections(
        catalogue,
        expand(catalogue, year_span(2026)),
        leads_of(catalogue, LetterRules()),
        known,
        Span(date(2026, 11, 24), date(2026, 12, 8)),
    )

    assert [(section.title, section.lines) for section in found] == [
        ("Frister som gikk uten at noen fikk vite det", (f"onsdag 2. desember 2026: {PLACE}",)),
        (
            "Over fristen og ikke meldt ferdig",
            ("tirsdag 1. desember 2026: Rapporten sendes – Kontoret (k0/rapport/2026)",),
        ),
        ("Roller uten mottaker", ("Koordinator: Kontoret (Kalender 0)", "Valgkomiteen (Kalender 0)")),
    ]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "nn",
            [
                (
                    "Fristar som gjekk utan at nokon fekk vite det",
                    ("onsdag 2. desember 2026: Regnskapet sendes – Kontoret",),
                ),
                (
                    "Over fristen og ikkje melde ferdige",
                    ("tysdag 1. desember 2026: Rapporten sendes – Kontoret (k0/rapport/2026)",),
                ),
                ("Roller utan mottakar", ("Koordinator: Kontoret (Kalender 0)", "Valgkomiteen (Kalender 0)")),
            ],
        ),
        (
            "en",
            [
                (
                    "Deadlines that passed without anybody being told",
                    ("Wednesday 2 December 2026: Regnskapet sendes – Kontoret",),
                ),
                (
                    "Past the deadline and not reported done",
                    ("Tuesday 1 December 2026: Rapporten sendes – Kontoret (k0/rapport/2026)",),
                ),
                ("Roles without a recipient", ("Koordinator: Kontoret (Kalender 0)", "Valgkomiteen (Kalender 0)")),
            ],
        ),
    ],
)
def test_sections_are_in_the_language_that_is_asked_for(language: str, told: list[tuple[str, tuple[str, ...]]]) -> None:
    catalogue = catalogue_of(TEXT)
    rapport = ("k0/rapport/2026", "kontoret@example.no")
    known = Known(
        last={rapport: Told(date(2026, 12, 1), date(2026, 11, 3))}, in_time=frozenset({(*rapport, date(2026, 12, 1))})
    )
    found = sections(
        catalogue,
        expand(catalogue, year_span(2026)),
        leads_of(catalogue, LetterRules()),
        known,
        Span(date(2026, 11, 24), date(2026, 12, 8)),
        language=language,
    )

    assert [(section.title, section.lines) for section in found] == told


def test_long_section_says_how_many_more_there_are() -> None:
    roles = "".join(f'roles."R{number}" = []\n' for number in range(45))
    catalogue = catalogue_of(f'[[party]]\nid = "a"\nname = "A"\nmembers = ["a@example.no"]\n{roles}')

    (section,) = sections(catalogue, [], {}, Known(), Span.of(date(2026, 12, 1)))

    assert isinstance(section, Section)
    assert (len(section.lines), section.lines[-1]) == (41, "… og 5 til")
    assert len(list(vacancies(catalogue))) == 45


@pytest.mark.parametrize(
    ("when", "dates", "today", "lines"),
    [
        ("fire ganger i året", "2026-03 = '2026-03-01', 2026-06 = '2026-06-01'", "2026-11-20", [2]),
        ("to ganger i året", "2026-03 = '2026-03-01', 2026-06 = '2026-06-01'", "2026-11-20", []),
        (
            "1–2 ganger i året",
            "2026-01 = '2026-01-05', 2026-02 = '2026-02-05', 2026-03 = '2026-03-05'",
            "2026-11-20",
            [3],
        ),
        ("to ganger i kvartalet", "2026-10 = '2026-10-05', 2026-11 = '2026-11-05'", "2026-11-20", []),
        ("to ganger i kvartalet", "2026-10 = '2026-10-05', 2026-11 = '2026-11-05'", "2027-01-20", [0]),
    ],
)
def test_quota_is_held_against_the_dates_of_its_period(when: str, dates: str, today: str, lines: list[int]) -> None:
    catalogue = catalogue_of(FORUM.format(when=when, dates=dates))

    assert [one.planned for one in unmet(catalogue, date.fromisoformat(today))] == lines


def test_unmet_quota_in_words() -> None:
    catalogue = catalogue_of(FORUM.format(when="fire ganger i året", dates="2026-03 = '2026-03-01'"))

    assert [quota_line(one) for one in unmet(catalogue, date(2026, 11, 20))] == [
        "Ordførerforum: «fire ganger i året», 1 har dato i 2026"
    ]


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("nb", "Ordførerforum: «to ganger i kvartalet», 0 har dato i perioden 1. januar–31. mars 2027"),
        ("nn", "Ordførerforum: «to ganger i kvartalet», 0 har dato i perioden 1. januar–31. mars 2027"),
        ("en", "Ordførerforum: “to ganger i kvartalet”, 0 with a date in the period 1 January–31 March 2027"),
    ],
)
def test_quota_of_a_part_of_the_year_names_its_days(language: str, line: str) -> None:
    catalogue = catalogue_of(FORUM.format(when="to ganger i kvartalet", dates="2026-10 = '2026-10-05'"))

    assert [quota_line(one, language) for one in unmet(catalogue, date(2027, 1, 20))] == [line]


def test_letter_that_is_doubtful_is_told_with_what_the_server_said() -> None:
    line = letter_line(date(2026, 11, 17), Recipient("styret@example.no", "Styret"), "Påminnelse: Styremøte", "en")

    assert [
        doubt_line(line, State.UNKNOWN, None, "", "en"),
        doubt_line(line, State.DEAD, None, "timeout", "en"),
        doubt_line(line, State.REJECTED, 550, "5.1.1", "en"),
    ] == [
        "Tuesday 17 November to Styret <styret@example.no>: Påminnelse: Styremøte – uncertain",
        "Tuesday 17 November to Styret <styret@example.no>: Påminnelse: Styremøte – not delivered (timeout)",
        "Tuesday 17 November to Styret <styret@example.no>: Påminnelse: Styremøte – rejected (550 5.1.1)",
    ]


def test_coming_letters_are_counted_by_day() -> None:
    days = [date(2026, 12, 8), date(2026, 12, 1), date(2026, 12, 8)]

    assert coming_lines(days, "nb") == ("tirsdag 1. desember 2026: 1 brev", "tirsdag 8. desember 2026: 2 brev")
    assert coming_lines(days, "en") == ("Tuesday 1 December 2026: 1 letter", "Tuesday 8 December 2026: 2 letters")


RULES = LetterRules(send_days=SendDays(frozenset({1})))
EVERY_DAY = LetterRules()


@pytest.mark.parametrize(
    ("rules", "now", "last", "due"),
    [
        (RULES, "2026-11-24 07:59", None, False),
        (RULES, "2026-11-24 08:00", None, True),
        (RULES, "2026-11-17 08:00", None, False),  # the day of the first start
        (RULES, "2026-11-25 08:00", "2026-11-24", False),
        (RULES, "2026-11-26 08:00", "2026-11-17", True),  # Tuesday was missed
        (RULES, "2026-11-28 08:00", "2026-11-17", False),  # a Saturday
        (RULES, "2026-12-01 08:00", "2026-11-26", True),
        (EVERY_DAY, "2026-11-24 08:00", "2026-11-23", False),
        (EVERY_DAY, "2026-11-30 08:00", "2026-11-23", True),
    ],
)
def test_overview_is_due_once_a_week_and_a_missed_one_is_made_good(
    rules: LetterRules, now: str, last: str | None, due: bool
) -> None:
    at = datetime.fromisoformat(now)
    instant = local_midnight(at.date()) + (at - datetime.combine(at.date(), datetime.min.time()))

    assert is_due(instant, date.fromisoformat(last) if last else None, date(2026, 11, 17), rules) is due


def test_past_days_are_never_none() -> None:
    assert past_days(date(2026, 12, 8), date(2026, 12, 8)) == Span.of(date(2026, 12, 7))
    assert past_days(date(2026, 12, 1), date(2026, 12, 8)) == Span(date(2026, 12, 1), date(2026, 12, 8))
