"""Announced dates are held against their rule, weekdays in texts against the calendar, a year's plan is read whole."""

from __future__ import annotations

from datetime import date
from textwrap import dedent

import pytest

from arshjul.plan.announced import wrong_weekday
from arshjul.timing.days import Status, year_span
from arshjul.year.assemble import assemble
from arshjul.year.expand import expand
from tests.files_of import catalogue_of, read_calendar

HEAD = '[calendar]\nid = "k"\nname = "K"\n[[event]]\nid = "a"\ntitle = "A"\n'
TODAY = date(2026, 11, 26)
HINT = 'Er det riktig? Skriv hvorfor: unusual = "…" (eller arshjul confirm … --even-so "…").'


def wrong(lines: str, today: date = TODAY) -> list[str]:
    calendar, problems = read_calendar(HEAD + dedent(lines))
    if calendar:
        problems = [*problems, *assemble([calendar], today)[1]]
    return [f"{one.place.line}:{one.place.column} {one.message} {one.hint}".strip() for one in problems]


@pytest.mark.parametrize(
    ("rule", "announced", "said"),
    [
        (
            'when = "7. oktober"',
            'announced.2027 = { date = "2026-10-07", source = "s" }',
            "«a» 2027: onsdag 7. oktober 2026 er ikke i 2027, der regelen har perioden 2027.",
        ),
        (
            'when = "7. oktober"',
            'announced.2028 = "2027-10-07"',
            "«a» 2028: torsdag 7. oktober 2027 er ikke i 2028, der regelen har perioden 2028.",
        ),
        (
            'when = "første torsdag i oktober"',
            'announced.2027 = "2027-03-04"',
            "«a» 2027: torsdag 4. mars 2027 er ikke i oktober, der regelen legger den.",
        ),
        (
            'when = "første torsdag i oktober"',
            'announced.2027 = "2027-07-08"',
            "«a» 2027: torsdag 8. juli 2027 er ikke i oktober, der regelen legger den.",
        ),
        (
            'when = "tirsdag eller torsdag 11.–15. oktober"',
            'announced.2027 = "2027-10-18"',
            "«a» 2027: mandag 18. oktober 2027 er ikke en tirsdag eller onsdag eller torsdag, som regelen sier.",
        ),
        (
            'when = "12.–20. oktober"',
            'announced.2027 = "2027-10-17"',
            "«a» 2027: søndag 17. oktober 2027 er en søndag, og regelen gir aldri en slik dag.",
        ),
        (
            'when = "10.–20. mai"',
            'announced.2027 = "2027-05-17"',
            "«a» 2027: mandag 17. mai 2027 er en helligdag, og regelen gir aldri en slik dag.",
        ),
        (
            'when = "hvert kvartal"',
            'announced.2027-Q3 = "2027-10-04"',
            "«a» 2027-Q3: mandag 4. oktober 2027 er ikke i juli, august og september, der regelen legger den.",
        ),
        (
            'when = ["2027-02-12", "2027-06-11"]',
            'announced.2027-02 = "2027-06-10"',
            "«a» 2027-02: torsdag 10. juni 2027 er 118 dager fra datoen i «when».",
        ),
    ],
)
def test_date_that_the_rule_cannot_give_is_refused_and_taken_with_a_reason(
    rule: str, announced: str, said: str
) -> None:
    plain = announced if "{" in announced else announced.replace('= "', '= { date = "') + " }"
    with_reason = plain.replace(" }", ', unusual = "Stortinget la det frem da" }')

    assert wrong(f"{rule}\n{announced}\n") == [f"8:11 {said} {HINT}"]
    assert wrong(f"{rule}\n{with_reason}\n") == []


@pytest.mark.parametrize(
    "lines",
    [
        'when = "7. oktober"\nannounced.2027 = "2027-10-10"',  # in some year the 7th is a Sunday
        'when = "siste søndag i mai"\nannounced.2027 = "2027-05-23"',
        'when = "før årsskiftet"\nannounced.2028 = "2027-12-30"',  # the rule itself has its date the year before
        'when = ["2027-02-12"]\nannounced.2027-02 = "2027-03-02"',  # moved, as typed meetings are
        'when = "uke 33"\nannounced.2027 = "2027-08-16/2027-08-20"',
        'announced.2027 = "2027-08-16"',
    ],
)
def test_date_that_can_be_is_taken(lines: str) -> None:
    assert wrong(f"{lines}\n") == []


@pytest.mark.parametrize("lines", ['announced.2027 = { date = "2027-03-16", checked = "2026-11-27", unusual = "ja" }'])
def test_source_that_is_checked_tomorrow_is_refused_whatever_the_reason(lines: str) -> None:
    said = "«checked» er fredag 27. november 2026, som ikke har vært ennå. Skriv dagen du så etter, eller ta det bort."

    assert wrong(f"{lines}\n") == [f"7:11 {said}"]
    assert wrong(f"{lines}\n", date(2026, 11, 27)) == []


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('announced.2027 = "mandag 16. mars"', "«mandag 16. mars»: 16. mars 2027 er en tirsdag."),
        ('when = "1. mai"\nin.2027 = "mandag 12. mars"', "«mandag 12. mars»: 12. mars 2027 er en fredag."),
        ('when = ["mandag 12. mars 2027"]', "«mandag 12. mars 2027»: 12. mars 2027 er en fredag."),
        (
            'in.2027 = { dates = "mandag 15. mars, mandag 12. april, mandag 3. juni" }',
            "«mandag 3. juni»: 3. juni 2027 er en torsdag.",
        ),
    ],
)
def test_weekday_that_does_not_fit_is_refused(lines: str, said: str) -> None:
    (found,) = wrong(f"{lines}\n")
    assert f"{said} Er det dagen eller datoen som er feil?" in found


@pytest.mark.parametrize(
    ("text", "year", "said"),
    [
        ("onsdag/torsdag 9. og 10. juni", 2027, ""),
        ("onsdag/torsdag 14. og 15. juni", 2027, "14. juni 2027 er en mandag"),
        ("tirsdag eller torsdag 11.–15. mai", 2027, ""),
        ("mandag–fredag 16.–20. august", 2027, ""),
        ("fredag 12/3", 2027, ""),
        ("mandag 12.03.2027", None, "12. mars 2027 er en fredag"),
        ("mandag 12. mars", None, ""),
        ("Monday 12 March 2027", None, "12. mars 2027 er en fredag"),
    ],
)
def test_weekdays_are_held_against_their_own_dates(text: str, year: int | None, said: str) -> None:
    assert wrong_weekday(text, year) == said


def planned(line: str) -> list[tuple[str, str, Status]]:
    found = expand(catalogue_of(f'{HEAD}when = "uke 7"\n{line}\n'), year_span(2027))
    return [(one.period, str(one.days.first), one.status) for one in found if one.days]


@pytest.mark.parametrize(("source", "status"), [("", Status.TENTATIVE), (', source = "Sak 43/26"', Status.CONFIRMED)])
def test_plan_of_a_year_is_confirmed_in_one_line_by_its_source(source: str, status: Status) -> None:
    assert planned(f'in.2027 = {{ dates = "5. og 19. februar, 16. april og 11. juni"{source} }}') == [
        ("2027-02-05", "2027-02-05", status),
        ("2027-02-19", "2027-02-19", status),
        ("2027-04", "2027-04-16", status),
        ("2027-06", "2027-06-11", status),
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('in.2027 = { dates = "5. februar, snart" }', "«snart» er ingen dato i 2027."),
        ('in.2027 = { dates = "5. februar, 5. februar" }', "«5. februar» står to ganger i planen."),
        ('in.2027 = { dates = "2026-02-05" }', "«2026-02-05» er ikke i 2027."),
        ('in = { "oddetallsår" = { dates = "5. februar" } }', "Datoer gjelder ett år, ikke «oddetallsår»."),
        ('in.2027 = { source = "s" }', "En plan for et år skal ha «dates», og ikke «when»."),
        ('in.2027 = { dates = "5. februar", kilde = "s" }', "Ukjent nøkkel «kilde» under in.2027 i [[event]]."),
    ],
)
def test_plan_that_cannot_be_read_whole_is_refused(line: str, said: str) -> None:
    assert [said in one for one in wrong(f'when = "uke 7"\n{line}\n')] == [True]


@pytest.mark.parametrize(
    ("rule", "dates", "said"),
    [
        ("uke 7", "5. februar, 11. april", "søndag 11. april 2027 er en søndag, og regelen gir aldri en slik dag."),
        (
            "første fredag i mars",
            "5. februar, 17. mai",
            "mandag 17. mai 2027 er en helligdag, og regelen gir aldri en slik dag.",
        ),
        ("", "5. februar, 28. mars", "søndag 28. mars 2027 er en søndag."),
        ("", "26. mars, 16. april", "fredag 26. mars 2027 er en helligdag."),
        (
            "andre onsdag i mai",
            "24. desember",
            "fredag 24. desember 2027 er 226 dager fra nærmeste dato som regelen gir.",
        ),
        (
            "første fredag i mars",
            "6. august",
            "fredag 6. august 2027 er 154 dager fra nærmeste dato som regelen gir.",
        ),
        (
            "andre tirsdag i hver måned",
            "9. februar, 1. mai",
            "lørdag 1. mai 2027 er en helligdag, og regelen gir aldri en slik dag.",
        ),
    ],
)
def test_planned_date_that_is_not_likely_is_asked_about_and_taken_with_a_reason(
    rule: str, dates: str, said: str
) -> None:
    when = f'when = "{rule}"' if rule else "# no rule"
    hint = 'Er det riktig? Skriv hvorfor i planen: { dates = "…", unusual = "…" }.'

    assert wrong(f'{when}\nin.2027 = {{ dates = "{dates}" }}\n') == [f"8:21 «a» 2027: {said} {hint}"]
    assert wrong(f'{when}\nin.2027 = {{ dates = "{dates}", unusual = "fellesmøte" }}\n') == []


@pytest.mark.parametrize(
    ("rule", "dates"),
    [
        ("første fredag i mars", "5. februar, 16. april, 11. juni"),  # more than the rule has: other meetings
        ("første fredag i mars", "15. april"),  # moved by 41 days
        ("siste søndag i mai", "30. mai"),
        ("uke 7", "søndag 14. februar"),
        ("uke 7", "2027-02-12/2027-02-14"),  # over a Sunday
        ("uke 7", "lørdag 13. februar"),
    ],
)
def test_planned_date_that_can_be_is_taken(rule: str, dates: str) -> None:
    assert wrong(f'when = "{rule}"\nin.2027 = {{ dates = "{dates}" }}\n') == []


def test_plan_of_another_year_is_no_part_of_the_rule() -> None:
    lines = 'when = "uke 7"\nin.2026 = { dates = "søndag 15. februar" }\nin.2027 = { dates = "14. februar" }\n'

    assert [one[:53] for one in wrong(lines)] == ["9:21 «a» 2027: søndag 14. februar 2027 er en søndag, "]


def test_reason_alone_makes_no_plan() -> None:
    (found,) = wrong('when = "uke 7"\nin.2027 = { when = "uke 8", unusual = "ferie" }\n')
    assert "En plan for et år skal ha «dates», og ikke «when»." in found
