"""Letters about a list of dates that is edited as people do it: only what differs for its reader is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import update

from arshjul.store.engine import Store
from arshjul.store.tables import REMINDER
from tests.rounds.test_weeks import CONFIG, Site

HEAD = """
[calendar]
id = "k"
name = "Kalenderen"
[[party]]
id = "kontoret"
name = "Kontoret"
members = ["Kontoret <kontoret@example.no>"]
"""


COORDINATOR = CONFIG + 'coordinator = "Koordinator <koordinator@example.no>"\n'


def meetings(*days: str, more: str = "", name: str = "mote") -> str:
    dates = ", ".join(f'"{day}"' for day in days)
    return f'{HEAD}\n[[event]]\nid = "{name}"\ntitle = "Møtet"\nwhen = [{dates}]\nresponsible = "Kontoret"\n{more}\n'


@pytest.fixture
def edited(tmp_path: Path, store: Store) -> Site:
    return Site(tmp_path, store)


def test_extra_meeting_in_front_is_new_and_the_other_is_in_no_letter(edited: Site) -> None:
    edited.write(meetings("2026-12-18"))
    edited.days("2026-11-03", "2026-11-17")
    edited.write(meetings("2026-12-11", "2026-12-18"))

    assert edited.days("2026-11-18", "2026-11-24") == [
        ("11-24", "Påminnelse: Møtet – fredag 11. desember 2026 (foreløpig)")
    ]
    assert "18. desember" not in edited.text_of("2026-11-24")


def test_date_that_is_edited_to_the_next_month_is_moved(edited: Site) -> None:
    edited.write(meetings("2026-11-27"))
    edited.days("2026-10-20", "2026-11-03")
    edited.write(meetings("2026-12-04"))

    assert edited.days("2026-11-04", "2026-11-10") == [
        ("11-10", "Flyttet: Møtet – fredag 27. november → fredag 4. desember")
    ]


def test_list_that_is_sorted_anew_is_told_to_nobody(edited: Site) -> None:
    edited.write(meetings("2026-12-18", "2026-12-11", "2026-12-15"))
    edited.days("2026-11-03", "2026-11-24")
    edited.write(meetings("2026-12-11", "2026-12-15", "2026-12-18"))

    assert edited.days("2026-11-25", "2026-12-03") == []


def test_one_of_two_that_is_taken_out_is_the_only_one_told_of(edited: Site) -> None:
    edited.write(meetings("2026-12-11", "2026-12-18"))
    edited.days("2026-11-03", "2026-11-24")
    edited.write(meetings("2026-12-18"))

    (told,) = edited.days("2026-11-25", "2026-12-02")
    assert "11. desember" in told[1]
    assert "18. desember" not in edited.text_of("2026-12-01")


def test_id_that_is_changed_with_was_is_told_to_nobody(edited: Site) -> None:
    edited.write(meetings("2026-12-18"))
    edited.days("2026-11-03", "2026-11-24")
    edited.write(meetings("2026-12-18", name="styremote", more='was = "mote"'))

    assert edited.days("2026-11-25", "2026-12-04") == []


def test_what_was_held_and_is_edited_is_told_to_nobody(edited: Site) -> None:
    edited.write(meetings("2026-12-11", "2027-02-12"))
    edited.days("2026-11-03", "2026-12-14")
    edited.write(meetings("2026-12-10", "2027-02-12", more='held.2026-12 = "2026-12-10"'))

    assert edited.days("2026-12-15", "2026-12-31") == []


def announced(more: str) -> str:
    """The meeting of 18 December as it is announced: at ten in the town hall, unless it says something else."""
    text = meetings("2026-12-18", more='announced.2026-12 = { date = "2026-12-18", time = "10:00", source = "Sak 1" }')
    return text + 'location = "Rådhuset"\n' if not more else text.replace("10:00", more) + 'location = "Rådhuset"\n'


def test_new_hour_on_the_same_day_is_told(edited: Site) -> None:
    edited.write(announced(""))
    edited.days("2026-11-03", "2026-11-24")
    edited.write(announced("08:00"))

    assert edited.days("2026-11-25", "2026-12-01") == [
        ("12-01", "Ny tid: Møtet – fredag 18. desember 2026, kl. 10.00 → kl. 08.00")
    ]
    assert "Ny tid: kl. 10.00 → kl. 08.00." in edited.text_of("2026-12-01")
    assert edited.days("2026-12-02", "2026-12-10") == []


def test_new_hour_after_the_last_reminder_is_told_before_the_meeting(edited: Site) -> None:
    edited.write(announced(""))
    edited.days("2026-11-03", "2026-12-14")
    edited.write(announced("08:00/09:30"))

    assert edited.days("2026-12-15", "2026-12-17") == [
        ("12-15", "Ny tid: Møtet – fredag 18. desember 2026, kl. 10.00 → kl. 08.00–09.30")
    ]


def test_new_place_is_told(edited: Site) -> None:
    edited.write(announced(""))
    edited.days("2026-11-03", "2026-11-24")
    edited.write(announced("").replace("Rådhuset", "Folkets hus"))

    assert edited.days("2026-11-25", "2026-12-01") == [("12-01", "Nytt sted: Møtet – fredag 18. desember 2026")]
    assert "Nytt sted: Rådhuset → Folkets hus." in edited.text_of("2026-12-01")


def test_hour_and_place_put_right_before_the_hour_of_letters_are_told_to_nobody(edited: Site) -> None:
    edited.write(announced(""))
    edited.days("2026-11-03", "2026-11-30")
    edited.write(announced("08:00"))
    edited.round("2026-11-30 12:00")
    edited.write(announced(""))

    assert edited.days("2026-12-01", "2026-12-08") == []


def test_hour_of_a_letter_from_before_it_was_remembered_is_no_change(edited: Site) -> None:
    edited.write(announced(""))
    edited.days("2026-11-03", "2026-11-24")
    with edited.store.writing() as connection:
        connection.execute(update(REMINDER).values(clock=None, location=None))
    edited.write(announced("08:00").replace("Rådhuset", "Folkets hus"))

    assert edited.days("2026-11-25", "2026-12-01") == []


def test_step_of_a_cancelled_meeting_is_cancelled_because_of_it(edited: Site) -> None:
    step = 'milestones = [{ id = "papirer", title = "Papirene", when = "5 virkedager før", responsible = "Kontoret" }]'
    text = meetings("2026-12-18", more=step)
    edited.write(text)
    edited.days("2026-11-03", "2026-11-24")
    edited.write(text + 'cancelled = ["2026-12"]\n')

    assert edited.days("2026-11-25", "2026-12-01") == [
        ("12-01", "2 saker – den nærmeste fredag 11. desember 2026: Papirene")
    ]
    told = " ".join(edited.text_of("2026-12-01").split())
    assert "Avlyst, fordi møtet fredag 18. desember er avlyst: fredag 11. desember 2026 gjelder ikke lenger." in told
    assert "Avlyst: fredag 18. desember 2026 gjelder ikke lenger." in told


def test_date_that_was_told_in_time_is_not_listed_after_an_overdue_letter(edited: Site) -> None:
    two = (
        HEAD
        + """
[[event]]
id = "rapport"
title = "Rapporten"
when = "innen 1. desember"
responsible = "Kontoret"
[[event]]
id = "mote"
title = "Møtet"
when = "2026-12-11"
responsible = "Kontoret"
"""
    )
    edited.write(two, COORDINATOR)
    edited.days("2026-11-03", "2026-12-08")

    told = edited.text_of("2026-12-08", "koordinator@example.no")
    assert "Fristen er ute" in edited.text_of("2026-12-04")
    assert "uten at noen fikk vite det" not in told


def test_capital_in_an_address_sends_nothing_anew_and_makes_nobody_two(edited: Site) -> None:
    edited.write(meetings("2026-12-18"))
    edited.days("2026-11-03", "2026-11-24")
    more = meetings("2026-12-18").replace("kontoret@", "Kontoret@")
    more += '[[party]]\nid = "to"\nname = "To"\nmembers = ["Kontoret <KONTORET@example.no>"]\n'
    edited.write(more.replace('responsible = "Kontoret"', 'responsible = "Kontoret, To"'))

    assert edited.days("2026-11-25", "2026-12-04") == []
    edited.seen = 0
    assert {address for _, address, _ in edited.letters()} == {"kontoret@example.no"}


def test_date_moved_to_the_day_of_one_that_is_told_gone_is_moved(edited: Site) -> None:
    """The two are not one thing: whoever heard that the first is gone is not told that it is on after all."""
    edited.write(meetings("2026-12-15", "2026-12-18"))
    edited.days("2026-11-03", "2026-11-17")
    edited.write(meetings("2026-12-18"))
    assert edited.days("2026-11-18", "2026-11-24") == [("11-24", "Utgår: Møtet – tirsdag 15. desember 2026")]
    edited.write(meetings("2026-12-15"))

    assert edited.days("2026-11-25", "2026-12-01") == [
        ("12-01", "Flyttet: Møtet – fredag 18. desember → tirsdag 15. desember")
    ]


def test_date_put_in_the_day_after_another_was_told_gone_is_new(edited: Site) -> None:
    edited.write(meetings("2026-12-15", "2026-12-29"))
    edited.days("2026-11-03", "2026-11-23")
    edited.write(meetings("2026-12-29"))
    edited.days("2026-11-24", "2026-11-24")
    edited.write(meetings("2026-12-16", "2026-12-29"))

    assert edited.days("2026-11-25", "2026-12-01") == [
        ("12-01", "Påminnelse: Møtet – onsdag 16. desember 2026 (foreløpig)")
    ]
    assert "Nytt siden forrige brev" in " ".join(edited.text_of("2026-12-01").split())
    assert "Likevel" not in edited.text_of("2026-12-01")


def test_date_that_is_gone_untold_comes_back_with_its_key(edited: Site) -> None:
    """Its readers still count on the 15th, which is there; it is the 18th that they must hear of."""
    edited.write(meetings("2026-12-15", "2026-12-18"))
    edited.days("2026-11-03", "2026-11-17")
    edited.write(meetings("2026-12-18"))
    edited.days("2026-11-18", "2026-11-20")
    edited.write(meetings("2026-12-15"))

    assert edited.days("2026-11-21", "2026-11-24") == [("11-24", "Utgår: Møtet – fredag 18. desember 2026")]
