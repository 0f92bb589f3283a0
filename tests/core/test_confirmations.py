"""What the coordinator is told of dates that should have been announced: when, how often, and until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from arshjul.letters.history import Known
from arshjul.letters.reminders import all_reminders, horizon, plan, preview
from arshjul.letters.rules import LetterRules, SendDays
from arshjul.plan.model import Catalogue, Kind, Letter, Occurrence, Recipient, Reminder
from arshjul.timing.days import Offset, Span, Unit
from arshjul.timing.phrases import read
from arshjul.year.expand import expand
from tests.files_of import OFFICE, catalogue_of

OFFICE_MAIL = Recipient("sekretariatet@example.no", "Sekretariatet")
TUESDAYS = SendDays(frozenset({1}))
RULES = LetterRules((Offset(20), Offset(5)), TUESDAYS, 5, OFFICE_MAIL)

BUDGET = """
[[event]]
id = "budsjett"
title = "Statsbudsjettet"
when = "6. oktober"
source = "https://example.no/budsjett"
announced_by = "20. august"
note = "Vanligvis kl. 10."
"""
TASK = """
[[event]]
id = "innspill"
title = "Innspill"
when = "innen 5. november"
responsible = "Sekretariatet"
leads = [46]
"""


def asked_of(catalogue: Catalogue, now: datetime, rules: LetterRules = RULES) -> list[Reminder]:
    return list(all_reminders(catalogue, expand(catalogue, horizon(now)), Span.of(now.date()), rules))


def letters_of(text: str, first: date, last: date, rules: LetterRules = RULES) -> list[Letter]:
    catalogue, span = catalogue_of(text + OFFICE), Span.of(first, last)
    return preview(catalogue, expand(catalogue, span.widened(400)), span, rules)


def said(letters: list[Letter]) -> list[tuple[str, list[str]]]:
    return [
        (str(letter.send_day), [f"{one.occurrence.key} {one.lead}" for one in letter.reminders]) for letter in letters
    ]


def test_coordinator_is_told_on_the_send_day_after_and_each_four_weeks_until_the_date() -> None:
    # 20 August 2027 is a Friday. A week later is the 27th, so Tuesday the 24th; then 21 September.
    assert said(letters_of(BUDGET, date(2027, 8, 1), date(2027, 12, 31))) == [
        ("2027-08-24", ["k0/budsjett/2027#bekreft 40 dager"]),
        ("2027-09-21", ["k0/budsjett/2027#bekreft 12 dager"]),
    ]


def test_what_is_told_says_what_is_computed_and_why() -> None:
    (letter,) = letters_of(BUDGET, date(2027, 8, 24), date(2027, 8, 24))

    assert letter.reminders == (
        Reminder(
            occurrence=Occurrence(
                calendar="k0",
                id="budsjett",
                period="2027#bekreft",
                title="Bekreft datoen: Statsbudsjettet",
                kind=Kind.DAY,
                days=Span.of(date(2027, 10, 6)),
                deadline=date(2027, 10, 6),
                rule="6. oktober",
                source="https://example.no/budsjett",
                note="Vanligvis kl. 10.\nNår den er kunngjort: skriv den inn med «arshjul confirm».",
            ),
            lead=Offset(40, Unit.DAYS),
            recipient=OFFICE_MAIL,
            due=date(2027, 8, 24),
            reason="Du er koordinator. Datoen skulle vært kunngjort innen fredag 20. august 2027.",
            is_to_confirm=True,
        ),
    )


@pytest.mark.parametrize(
    ("language", "title", "note", "reason"),
    [
        (
            "nn",
            "Stadfest datoen: Statsbudsjettet",
            "Vanligvis kl. 10.\nNår han er kunngjord: skriv han inn med «arshjul confirm».",
            "Du er koordinator. Datoen skulle vore kunngjord innan fredag 20. august 2027.",
        ),
        (
            "en",
            "Confirm the date: Statsbudsjettet",
            "Vanligvis kl. 10.\nOnce it has been announced, enter it with “arshjul confirm”.",
            "You are the coordinator. The date should have been announced by Friday 20 August 2027.",
        ),
    ],
)
def test_date_to_confirm_is_asked_for_in_the_language_of_the_coordinator(
    language: str, title: str, note: str, reason: str
) -> None:
    rules = replace(RULES, coordinator=replace(OFFICE_MAIL, language=language))
    (letter,) = letters_of(BUDGET, date(2027, 8, 24), date(2027, 8, 24), rules)

    (one,) = letter.reminders
    assert letter.to.language == language
    assert (one.occurrence.title, one.occurrence.note, one.reason) == (title, note, reason)


def test_letter_with_a_date_to_confirm_is_in_one_language() -> None:
    rules = replace(RULES, coordinator=replace(OFFICE_MAIL, language="nn"))
    budget = BUDGET.replace("20. august", "27. august")

    (letter,) = letters_of(budget + TASK, date(2027, 8, 1), date(2027, 9, 1), rules)

    assert letter.to.language == "nn"
    assert [one.reason for one in letter.reminders] == [
        "Du er koordinator. Datoen skulle vore kunngjord innan fredag 27. august 2027.",
        "Blir sendt tysdag 31. august fordi k0/innspill/2027 → «innen 5. november» → frist fredag 5. november 2027 → "
        "46 virkedagar før er torsdag 2. september, med brevdag tysdag 31. august → hovudansvarleg: Sekretariatet.",
    ]


def test_date_to_confirm_shares_the_letter_of_the_day() -> None:
    # 46 workdays before Friday 5 November 2027 is 2 September, a Thursday, which rolls back to Tuesday 31 August.
    budget = BUDGET.replace("20. august", "27. august")

    assert said(letters_of(budget + TASK, date(2027, 8, 1), date(2027, 9, 1))) == [
        ("2027-08-31", ["k0/budsjett/2027#bekreft 33 dager", "k0/innspill/2027 46 virkedager"]),
    ]


def test_without_a_coordinator_nobody_is_told() -> None:
    assert letters_of(BUDGET, date(2027, 8, 1), date(2027, 12, 31), LetterRules((Offset(20),), TUESDAYS, 5)) == []


def test_announced_date_is_not_asked_for() -> None:
    announced = BUDGET + 'announced.2027 = { date = "2027-10-06", source = "https://example.no/dato" }'

    assert letters_of(announced, date(2027, 8, 1), date(2027, 12, 31)) == []


def test_coordinator_is_never_asked_before_the_announcement_is_late() -> None:
    quiet = read("21.–31. august")
    assert quiet
    rules = LetterRules((), SendDays(frozenset({1}), quiet=(quiet,)), 5, OFFICE_MAIL)

    assert [str(one.send_day) for one in letters_of(BUDGET, date(2027, 8, 1), date(2027, 9, 10), rules)] == [
        "2027-09-01"
    ]


def test_date_to_confirm_is_told_once_and_only_the_newest_of_what_was_missed() -> None:
    catalogue = catalogue_of(BUDGET + OFFICE)
    day = datetime(2027, 9, 21, 7, tzinfo=UTC)

    first = plan(asked_of(catalogue, day), day, Known(), RULES)
    told = Known(told=frozenset(one.id for letter in first for one in letter.reminders))
    second = plan(asked_of(catalogue, day), day, told, RULES)

    assert said(first) == [("2027-09-21", ["k0/budsjett/2027#bekreft 12 dager"])]
    assert second == []
