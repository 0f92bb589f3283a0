"""Letters about a list of dates that is edited as people do it: only what differs for its reader is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from arshjul.store.engine import Store
from tests.rounds.test_weeks import Site

HEAD = """
[calendar]
id = "k"
name = "Kalenderen"
[[party]]
id = "kontoret"
name = "Kontoret"
members = ["Kontoret <kontoret@example.no>"]
"""


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
