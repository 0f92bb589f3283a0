"""What has begun stays as it was, whatever is edited afterwards; only `held` puts it right."""

from __future__ import annotations

from datetime import date

import pytest

from arshjul.plan.model import Catalogue
from arshjul.timing.days import Span, Status
from arshjul.year.edits import questions, remarks
from arshjul.year.expand import expand
from tests.core.in_force import ALL, days_by_key, edited, event, in_force
from tests.files_of import OFFICE

BOARD = """
[[event]]
id = "styremote"
title = "Styremøte"
when = [{days}]
{more}
milestones = [
    {{ id = "papirer", title = "Papirene sendes", when = "5 virkedager før", responsible = "Sekretariatet" }},
]

[[event]]
id = "formote"
title = "Formøte"
when = "14 dager før styremøte"
"""


def board(*days: str, more: str = "") -> str:
    return BOARD.format(days=", ".join(f'"{day}"' for day in days), more=more) + OFFICE


def seen(catalogue: Catalogue) -> list[tuple[str, str, str]]:
    """Return id, day and status of each."""
    found = [one for one in expand(catalogue, ALL) if one.days]
    return [(one.id, str(one.days.last if one.days else ""), str(one.status)) for one in found]


def test_anchor_that_is_moved_leaves_what_was_held_before_where_it_was() -> None:
    before = in_force(board("2026-12-14"), today=date(2026, 11, 26))
    after = in_force(board("2026-12-16"), before.history, today=date(2026, 12, 8))

    assert seen(before) == [
        ("formote", "2026-11-30", "tentative"),
        ("styremote.papirer", "2026-12-07", "tentative"),
        ("styremote", "2026-12-14", "tentative"),
    ]
    assert seen(after) == [
        ("formote", "2026-11-30", "tentative"),
        ("styremote.papirer", "2026-12-07", "tentative"),
        ("styremote", "2026-12-16", "tentative"),
    ]


def test_anchor_that_is_cancelled_cancels_what_is_to_come_and_not_what_has_been() -> None:
    before = in_force(board("2026-12-14", "2027-02-12"), today=date(2026, 11, 26))
    cancelled = board("2026-12-14", "2027-02-12", more='cancelled = ["2026-12", "2027-02"]')
    after = in_force(cancelled, before.history, today=date(2026, 12, 8))

    assert seen(after) == [
        ("formote", "2026-11-30", "tentative"),
        ("styremote.papirer", "2026-12-07", "tentative"),
        ("styremote", "2026-12-14", "cancelled"),
        ("formote", "2027-01-29", "cancelled"),
        ("styremote.papirer", "2027-02-05", "cancelled"),
        ("styremote", "2027-02-12", "cancelled"),
    ]


def test_announcement_after_the_day_changes_nothing() -> None:
    before = in_force(event('["2026-12-14"]'), today=date(2026, 12, 1))
    announced = event('["2026-12-14"]', 'announced.2026-12 = { date = "2026-12-18", source = "Sak 1" }')
    after = in_force(announced, before.history, today=date(2026, 12, 15))

    assert days_by_key(after) == {"2026-12": "2026-12-14"}


def test_cancellation_after_the_day_changes_nothing() -> None:
    before = in_force(event('["2026-12-14"]'), today=date(2026, 12, 1))
    after = in_force(event('["2026-12-14"]', 'cancelled = ["2026-12"]'), before.history, today=date(2026, 12, 15))

    assert [one.status for one in expand(after, ALL)] == [Status.TENTATIVE]


@pytest.mark.parametrize("when", ['["2027-02-12"]', '["2026-12-13", "2027-02-12"]', '"12. februar 2027"'])
def test_date_that_has_been_stays_when_it_is_taken_out_or_edited(when: str) -> None:
    before = in_force(event('["2026-12-14", "2027-02-12"]'), today=date(2026, 12, 1))
    after = in_force(event(when), before.history, today=date(2026, 12, 20))

    assert days_by_key(after) == {"2026-12": "2026-12-14", "2027-02": "2027-02-12"}


def test_event_that_is_deleted_loses_its_future_only() -> None:
    before = in_force(event('["2026-12-14", "2027-02-12"]') + OFFICE, today=date(2026, 12, 1))
    after = in_force(OFFICE, before.history, today=date(2026, 12, 20))

    assert [(one.key, one.title) for one in expand(after, ALL)] == [("k0/a/2026-12", "A")]


def test_held_corrects_a_day_that_has_been() -> None:
    before = in_force(event('["2026-12-14"]'), today=date(2026, 12, 1))
    held = event('["2026-12-14"]', 'held.2026-12 = "2026-12-15"')
    after = in_force(held, before.history, today=date(2026, 12, 20))

    assert days_by_key(after) == {"2026-12": "2026-12-15"}
    assert questions(after) == []
    assert remarks(after) == []


def test_held_is_for_days_that_have_been() -> None:
    catalogue = in_force(event('["2027-02-12"]', 'held.2027-02 = "2027-02-13"'))

    assert [problem.message for problem in questions(catalogue)] == ["lørdag 13. februar 2027 har ikke vært ennå."]


def test_held_of_nothing_is_refused() -> None:
    catalogue = in_force(event('["2026-10-12"]', 'held.2026-09 = "2026-09-13"'))

    assert [problem.message for problem in questions(catalogue)] == ["Ingen forekomst av «a» har perioden «2026-09»."]


def test_year_that_is_a_slip_of_the_pen_is_put_right_with_its_key() -> None:
    right, slip = event('["2027-02-19"]'), event('["2026-02-19"]')

    assert days_by_key(edited(right, slip, right)) == {"2027-02": "2027-02-19"}


def test_window_that_runs_can_still_get_its_day() -> None:
    before = in_force(event('"mars 2027"'), today=date(2027, 2, 1))
    announced = event('"mars 2027"', 'announced.2027 = { date = "2027-03-20", source = "Sak 1" }')
    after = in_force(announced, before.history, today=date(2027, 3, 10))

    assert days_by_key(after) == {"2027": "2027-03-20"}


def test_edit_of_a_day_that_has_been_is_remarked_upon_with_what_to_write() -> None:
    before = in_force(event('["2026-12-14"]'), today=date(2026, 12, 1))
    after = in_force(event('["2026-12-15"]'), before.history, today=date(2026, 12, 20))

    assert [(one.message, one.hint) for one in remarks(after)] == [
        (
            "«a» var mandag 14. desember 2026. Nå står det tirsdag 15. desember 2026.",
            'Det som har vært, endres ikke. Var det den dagen, skriv held.2026-12 = "2026-12-15".',
        )
    ]


def test_year_that_had_dates_and_has_none_is_told() -> None:
    """The dates of 2027 were put into the list that had those of 2026."""
    after = edited(event('["2026-12-14"]'), event('["2027-02-12", "2027-04-23"]'))

    assert [one.message for one in remarks(after)] == [
        "«a» hadde 14. desember 2026 i 2026, og har nå ingen flere datoer det året."
    ]


def test_year_that_has_a_date_left_today_is_not_told() -> None:
    assert list(remarks(edited(event('["2026-12-14"]'), event('["2026-11-26"]')))) == []


def test_rule_that_becomes_dates_of_another_year_is_told() -> None:
    after = edited(event('"14. desember"'), event('["2027-12-13"]'))

    assert [one.message for one in remarks(after)] == [
        "«a» hadde 14. desember 2026 i 2026, og har nå ingen flere datoer det året.",
        "«a» hadde 14. desember 2028 i 2028, og har nå ingen flere datoer det året.",
    ]


def test_event_that_is_taken_out_is_told_with_its_dates() -> None:
    after = edited(event('["2026-12-14", "2027-02-12"]') + OFFICE, OFFICE)

    assert [one.message for one in remarks(after)] == [
        "«a» (A) er tatt ut. I 2026 hadde den 14. desember 2026.",
        "«a» (A) er tatt ut. I 2027 hadde den 12. februar 2027.",
    ]


def renamed(new: str, more: str = "", title: str = "A") -> str:
    return f'[[event]]\nid = "{new}"\ntitle = "{title}"\nwhen = ["2026-12-14", "2027-02-12"]\n{more}\n'


def test_id_that_is_changed_is_asked_about() -> None:
    before = in_force(renamed("a"))
    known = Catalogue(in_force(renamed("b")).calendars, before.history)

    assert [(one.message, one.hint) for one in questions(known)] == [
        (
            "«b» er ny, og «a», som ligner, er borte. Er det den samme?",
            'Har den bare fått ny id, skriv was = "a", så følger datoene med. Er den en annen, skriv was = "".',
        )
    ]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ('was = "a"', ["k0/a/2026-12", "k0/a/2027-02"]),
        ('was = ""', ["k0/b/2026-12", "k0/b/2027-02"]),
    ],
)
def test_answer_to_an_id_that_is_changed_is_written_in_the_file(more: str, expected: list[str]) -> None:
    known = Catalogue(in_force(renamed("b", more)).calendars, in_force(renamed("a")).history)

    assert questions(known) == []
    assert [one.key for one in expand(known, ALL)] == expected


def test_new_event_on_a_day_of_one_that_is_gone_is_no_renaming() -> None:
    known = Catalogue(
        in_force('[[event]]\nid = "b"\ntitle = "Noe annet"\nwhen = "2026-12-14"\n').calendars,
        in_force('[[event]]\nid = "a"\ntitle = "A"\nwhen = "2026-12-14"\n').history,
    )

    assert questions(known) == []


def test_what_is_first_seen_when_it_is_past_follows_the_file() -> None:
    """A meeting of last week is typed in afterwards, with a slip; it can be put right."""
    start = in_force(event('["2027-02-12"]'), today=date(2026, 11, 26))
    slip = in_force(event('["2026-11-19", "2027-02-12"]'), start.history, today=date(2026, 11, 26))
    right = in_force(event('["2026-11-20", "2027-02-12"]'), slip.history, today=date(2026, 11, 27))

    assert days_by_key(right, Span(date(2026, 11, 1), date(2026, 12, 1))) == {"2026-11": "2026-11-20"}


@pytest.mark.parametrize(
    ("right", "slip"),
    [
        (board("2026-12-30"), board("2026-12-10")),
        (event('["2026-12-30"]'), event('["2026-12-03"]')),
        (event('["2026-12-30"]'), event('["2026-12-30"]', 'announced.2026-12 = "2026-12-03"')),
        (event('"30. desember"'), event('"3. desember"')),
    ],
)
def test_slip_into_the_past_is_put_right_and_nothing_is_frozen(right: str, slip: str) -> None:
    today = date(2026, 12, 8)
    before = in_force(right, today=today)
    wrong = in_force(slip, before.history, today)
    after = in_force(right, wrong.history, today)

    assert seen(after) == seen(before)
    assert [one.key for one in expand(after, ALL)] == [one.key for one in expand(before, ALL)]


def test_move_into_the_past_that_is_meant_stays_when_the_old_day_comes() -> None:
    before = in_force(event('["2026-12-30"]'), today=date(2026, 12, 8))
    moved = event('["2026-12-30"]', 'announced.2026-12 = "2026-12-03"')
    after = in_force(moved, before.history, date(2026, 12, 8))
    later = in_force(moved, after.history, date(2027, 1, 8))

    assert seen(later) == [("a", "2026-12-03", "tentative")]


def test_date_that_was_taken_out_yesterday_does_not_hide_what_is_moved_today() -> None:
    first = in_force(event('["2027-01-14", "2027-04-12"]'), today=date(2026, 12, 1))
    fewer = in_force(event('["2027-01-14"]'), first.history, date(2026, 12, 2))
    moved = in_force(event('["2026-12-31"]'), fewer.history, date(2026, 12, 3))

    assert days_by_key(moved) == {"2027-01": "2026-12-31"}


@pytest.mark.parametrize("days", [0, 1, 3])
def test_step_that_the_move_of_its_meeting_puts_in_the_past_keeps_its_key(days: int) -> None:
    """Moved on a Saturday, the papers of the Monday are moved, not gone, when letters are written on that Monday."""
    before = in_force(board("2026-11-30"), today=date(2026, 11, 16))
    moved = in_force(board("2026-11-26"), before.history, date(2026, 11, 21))
    later = in_force(board("2026-11-26"), moved.history, date(2026, 11, 21 + days))

    assert days_by_key(later, item="styremote.papirer") == {"2026-11": "2026-11-19"}
