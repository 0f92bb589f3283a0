"""Which letters go, to whom, on which day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arshjul.config import LONGEST_SILENCE
from arshjul.letters.history import Known
from arshjul.letters.reminders import FURTHEST, already_past, horizon, leads_of, plan, preview, reminders, send_day
from arshjul.letters.rules import LetterRules, SendDays, local_midnight
from arshjul.plan.leads import LONGEST_LEAD
from arshjul.plan.model import Catalogue, Letter, Recipient, Reminder
from arshjul.timing.days import Offset, Span, Unit, is_workday, year_span
from arshjul.timing.phrases import read
from arshjul.year.expand import expand
from tests.files_of import OFFICE, catalogue_of

ADDRESS = "sekretariatet@example.no"
TUESDAYS = SendDays(frozenset({1}))
RULES = LetterRules((Offset(20), Offset(5)), TUESDAYS, 5)

TWO = """
[[party]]
id = "styret"
name = "Styret"
members = ["Styret <styret@example.no>"]
[[event]]
id = "rapport"
title = "Rapport"
when = "innen 15. desember"
responsible = "Sekretariatet, styret"
[[event]]
id = "plan"
title = "Plan"
when = "innen 14. desember"
responsible = "Sekretariatet"
"""


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def found_at(catalogue: Catalogue, now: datetime) -> list[Reminder]:
    return list(reminders(expand(catalogue, horizon(now)), leads_of(catalogue, RULES), RULES))


def planned(catalogue: Catalogue, now: datetime, known: Known) -> list[Letter]:
    return plan(found_at(catalogue, now), now, known, RULES)


def test_plan_writes_nothing_to_who_has_said_no_but_always_to_the_coordinator() -> None:
    catalogue, now = catalogue_of(TWO + OFFICE), instant("2026-11-17T08:00:00")
    known = Known(opted_out={"styret@example.no": now.date(), ADDRESS: now.date()})
    rules = replace(RULES, coordinator=Recipient(ADDRESS))

    assert [one.to.address for one in plan(found_at(catalogue, now), now, known, RULES)] == []
    assert [one.to.address for one in plan(found_at(catalogue, now), now, known, rules)] == [ADDRESS]
    year = expand(catalogue, horizon(now))
    assert {one.to.address for one in preview(catalogue, year, year_span(2026), rules)} == {
        ADDRESS,
        "styret@example.no",
    }
    assert {one.to.address for one in preview(catalogue, year, year_span(2026), rules, known.opted_out)} == {ADDRESS}


def said(letters: list[Letter]) -> list[tuple[str, str, list[str]]]:
    return [
        (str(letter.send_day), letter.to.address, [f"{one.occurrence.id} {one.lead}" for one in letter.reminders])
        for letter in letters
    ]


def test_preview_gathers_one_letter_per_person_per_send_day_most_urgent_first() -> None:
    catalogue = catalogue_of(TWO + OFFICE)
    found = preview(catalogue, expand(catalogue, year_span(2026)), year_span(2026), RULES)

    # Tuesday 15 and Monday 14 December: twenty workdays before is 17 and 16 November, five is the 8th and the 7th.
    assert said(found) == [
        ("2026-11-10", "sekretariatet@example.no", ["plan 20 virkedager"]),
        ("2026-11-17", "sekretariatet@example.no", ["rapport 20 virkedager"]),
        ("2026-11-17", "styret@example.no", ["rapport 20 virkedager"]),
        ("2026-12-07", "sekretariatet@example.no", ["plan 5 virkedager"]),
        ("2026-12-08", "sekretariatet@example.no", ["rapport 5 virkedager"]),
        ("2026-12-08", "styret@example.no", ["rapport 5 virkedager"]),
    ]
    assert {letter.send_at.isoformat()[11:] for letter in found} == {"07:00:00+00:00"}


def test_letter_says_who_is_main_responsible_and_why() -> None:
    catalogue = catalogue_of(TWO + OFFICE)
    found = preview(catalogue, expand(catalogue, year_span(2026)), Span.of(date(2026, 11, 17)), RULES)

    assert [letter.reminders[0].reason for letter in found] == [
        "Sendes tirsdag 17. november fordi k0/rapport/2026 → «innen 15. desember» → frist tirsdag 15. desember 2026 "
        "→ 20 virkedager før → hovedansvarlig: Sekretariatet.",
        "Sendes tirsdag 17. november fordi k0/rapport/2026 → «innen 15. desember» → frist tirsdag 15. desember 2026 "
        "→ 20 virkedager før → medansvarlig: styret.",
    ]


def test_items_on_one_day_come_in_one_letter_by_deadline() -> None:
    catalogue = catalogue_of(TWO + OFFICE)
    rules = LetterRules((Offset(20),), SendDays(frozenset({0})), 5)

    found = preview(catalogue, expand(catalogue, year_span(2026)), year_span(2026), rules)

    assert said(found)[0] == ("2026-11-16", "sekretariatet@example.no", ["plan 20 virkedager", "rapport 20 virkedager"])


@pytest.mark.parametrize(
    ("lead", "deadline", "expected"),
    [
        (Offset(5), "2027-04-05", "2027-03-24"),  # 25 to 29 March is Easter; no letter on Good Friday
        (Offset(20), "2027-09-24", "2027-08-24"),  # a Friday rolled back to the Tuesday before
        (Offset(20), "2027-08-20", "2027-07-09"),  # 12 to 30 July, the fellesferie, is quiet
        (Offset(3, Unit.WEEKS), "2027-05-18", "2027-04-27"),
        (Offset(1), "2027-01-04", "2026-12-23"),  # 24 December to 1 January is quiet
    ],
)
def test_send_day_is_rolled_back_from_holidays_weekends_and_quiet_days(
    lead: Offset, deadline: str, expected: str
) -> None:
    quiet = tuple(cadence for text in ("24. desember–1. januar", "fellesferien") if (cadence := read(text)))
    rules = LetterRules((), SendDays(frozenset({1}), quiet=quiet), 5)

    assert str(send_day(lead, date.fromisoformat(deadline), rules)) == expected


@pytest.mark.parametrize("lead", [Offset(amount, unit) for unit, amount in LONGEST_LEAD.items()], ids=str)
def test_longest_lead_times_are_within_what_planning_sees_even_past_the_longest_silence(lead: Offset) -> None:
    assert max((day - lead.before(day)).days for day in Span(date(2024, 1, 1), date(2040, 1, 1))) <= (
        FURTHEST - LONGEST_SILENCE - 6  # and to the weekly send day before it
    )


def test_send_day_that_is_a_holiday_costs_no_week() -> None:
    everybody_away = SendDays(frozenset({3}))  # Thursday 6 May 2027 is Ascension Day

    assert everybody_away.on_or_before(date(2027, 5, 7)) == date(2027, 5, 5)


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)), st.integers(1, 60))
def test_send_day_is_an_open_day_so_long_before_or_earlier(deadline: date, amount: int) -> None:
    day = send_day(Offset(amount), deadline, RULES)

    assert is_workday(day)
    assert day <= Offset(amount).before(deadline)
    assert (Offset(amount).before(deadline) - day).days <= 13


@pytest.mark.parametrize(
    ("day", "utc"), [("2027-03-26", "07:00"), ("2027-03-30", "06:00"), ("2027-10-29", "06:00"), ("2027-11-01", "07:00")]
)
def test_letters_go_at_eight_in_oslo_on_both_sides_of_the_clock_changes(day: str, utc: str) -> None:
    assert f"{SendDays().instant(date.fromisoformat(day)):%H:%M}" == utc


def test_nothing_goes_before_its_time_and_everything_once_it_has_come() -> None:
    catalogue = catalogue_of(TWO + OFFICE)
    known = Known(baseline=True)

    assert planned(catalogue, instant("2026-11-10T06:59:59"), known) == []
    assert said(planned(catalogue, instant("2026-11-10T07:00:00"), known)) == [
        ("2026-11-10", "sekretariatet@example.no", ["plan 20 virkedager"])
    ]


def test_after_downtime_only_the_nearest_reminder_goes() -> None:
    catalogue = catalogue_of(TWO + OFFICE)

    found = planned(catalogue, instant("2026-12-09T09:00:00"), Known(baseline=True))

    assert said(found) == [
        ("2026-12-09", "sekretariatet@example.no", ["plan 5 virkedager", "rapport 5 virkedager"]),
        ("2026-12-09", "styret@example.no", ["rapport 5 virkedager"]),
    ]


def test_told_reminders_and_second_letters_on_a_day_do_not_go() -> None:
    catalogue, now = catalogue_of(TWO + OFFICE), instant("2026-12-08T08:00:00")
    first = planned(catalogue, now, Known(baseline=True))
    told = frozenset(reminder.id for letter in first for reminder in letter.reminders)

    assert planned(catalogue, now, Known(told=told, baseline=True)) == []
    written = frozenset({("styret@example.no", date(2026, 12, 8))})
    assert [letter.to.address for letter in planned(catalogue, now, Known(written=written, baseline=True))] == [
        "sekretariatet@example.no"
    ]


def test_deadline_that_is_past_is_not_reminded_of() -> None:
    assert planned(catalogue_of(TWO + OFFICE), instant("2026-12-16T09:00:00"), Known(baseline=True)) == []


@pytest.mark.parametrize("now", ["2026-12-12T09:00:00", "2026-12-13T09:00:00"])
def test_nothing_goes_on_a_weekend(now: str) -> None:
    assert planned(catalogue_of(TWO + OFFICE), instant(now), Known(baseline=True)) == []


def test_first_start_knows_what_is_already_past() -> None:
    catalogue, now = catalogue_of(TWO + OFFICE), instant("2026-11-20T10:00:00")

    past = already_past(found_at(catalogue, now), now, RULES)

    assert sorted({f"{one.occurrence.id} {one.lead}" for one in past}) == [
        "plan 20 virkedager",
        "rapport 20 virkedager",
    ]
    assert planned(catalogue, now, Known(told=frozenset(one.id for one in past), baseline=True)) == []


def test_leads_of_an_item_win_over_those_of_its_calendar_and_of_the_config() -> None:
    text = """
    [calendar]
    id = "k"
    name = "K"
    leads = ["3 uker"]
    [[event]]
    id = "a"
    title = "A"
    when = "1. mai"
    leads = [10, "1 måned"]
    [[event]]
    id = "b"
    title = "B"
    when = "1. mai"
    [[event]]
    id = "c"
    title = "C"
    when = "1. mai"
    leads = []
    """
    assert leads_of(catalogue_of(text), RULES) == {
        ("k", "a"): (Offset(10), Offset(1, Unit.MONTHS)),
        ("k", "b"): (Offset(3, Unit.WEEKS),),
        ("k", "c"): (),
    }


def test_a_year_of_ticks_tells_each_thing_exactly_when_the_preview_says() -> None:
    catalogue, year = catalogue_of(TWO + OFFICE), Span(date(2026, 1, 1), date(2027, 1, 1))
    expected = preview(catalogue, expand(catalogue, year), year, RULES)
    sent: list[Letter] = []
    known = Known(baseline=True)

    for day in year:
        for hour in (6, 8, 12):
            for letter in planned(catalogue, local_midnight(day) + timedelta(hours=hour), known):
                sent.append(letter)
                told = known.told | {reminder.id for reminder in letter.reminders}
                known = Known(told, known.written | {(letter.to.address, letter.send_day)}, baseline=True)

    assert said(sent) == said(expected)
