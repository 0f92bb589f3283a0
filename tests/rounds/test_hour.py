"""Letters leave at the hour of letters on a workday: a file that is saved sends nothing by itself."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from arshjul.letters.brakes import Hold, HoldKind
from arshjul.letters.history import Acknowledgement, Report
from arshjul.loading import load
from arshjul.mail.verdicts import State
from arshjul.organisation import Organisation
from arshjul.rounds import holds
from arshjul.rounds.planning import ahead_by_edit, due_letters, plan_round
from arshjul.store import queue
from arshjul.store.engine import Store
from arshjul.store.told import acknowledge
from tests.files_of import TODAY_OF_FILES
from tests.small_site import edit, write_site

START = datetime(2027, 3, 1, 9, tzinfo=UTC)  # a Monday
HOUR = datetime(2027, 3, 2, 7, tzinfo=UTC)  # Tuesday at 08.00 in Oslo
DAY = timedelta(days=1)
SOON = "2027-03-08"


def test_edit_between_hours_of_letters_sends_nothing_before_the_next(tmp_path: Path, store: Store) -> None:
    calendar = write_site(tmp_path)
    plan_round(load(tmp_path, TODAY_OF_FILES), store, START)
    plan_round(load(tmp_path, TODAY_OF_FILES), store, HOUR)
    before = queue.counts(store)
    edit(calendar, 'when = "1. juni"', f'when = "{SOON}"')
    for hours in (1, 8, 15):
        assert plan_round(load(tmp_path, TODAY_OF_FILES), store, HOUR + timedelta(hours=hours)).queued == 0
    assert due_letters(load(tmp_path, TODAY_OF_FILES), store, HOUR + timedelta(hours=1)) == []
    assert queue.counts(store) == before
    assert plan_round(load(tmp_path, TODAY_OF_FILES), store, HOUR + DAY).queued == 1


def test_edit_put_right_before_the_next_hour_tells_nobody(tmp_path: Path, store: Store) -> None:
    calendar = write_site(tmp_path)
    plan_round(load(tmp_path, TODAY_OF_FILES), store, START)
    plan_round(load(tmp_path, TODAY_OF_FILES), store, HOUR)
    before = queue.counts(store)
    edit(calendar, 'when = "1. juni"', f'when = "{SOON}"')
    plan_round(load(tmp_path, TODAY_OF_FILES), store, HOUR + timedelta(hours=2))
    edit(calendar, f'when = "{SOON}"', 'when = "1. juni"')
    assert plan_round(load(tmp_path, TODAY_OF_FILES), store, HOUR + DAY).queued == 0
    assert queue.counts(store) == before


def test_round_of_a_day_that_was_down_at_the_hour_is_made_later_the_same_day(tmp_path: Path, store: Store) -> None:
    calendar = write_site(tmp_path)
    plan_round(load(tmp_path, TODAY_OF_FILES), store, START)
    edit(calendar, 'when = "1. juni"', f'when = "{SOON}"')
    assert plan_round(load(tmp_path, TODAY_OF_FILES), store, HOUR + timedelta(hours=3)).queued == 1
    assert queue.counts(store) == {State.QUEUED: 1}


def saved(calendar: Path, at: datetime, old: str, new: str) -> None:
    """Edit the file as somebody who saves it at that time."""
    edit(calendar, old, new)
    os.utime(calendar, (at.timestamp(), at.timestamp()))


def test_edit_of_five_minutes_ago_is_told_when_ten_have_passed_the_same_morning(tmp_path: Path, store: Store) -> None:
    calendar = write_site(tmp_path)
    plan_round(load(tmp_path, TODAY_OF_FILES), store, START)
    saved(calendar, HOUR - timedelta(minutes=5), 'when = "1. juni"', f'when = "{SOON}"')

    queued = [plan_round(load(tmp_path, TODAY_OF_FILES), store, HOUR + timedelta(minutes=n)).queued for n in range(8)]

    assert queued == [0, 0, 0, 0, 0, 1, 0, 0]


def test_edit_of_five_minutes_ago_that_is_put_right_is_told_to_nobody(tmp_path: Path, store: Store) -> None:
    calendar = write_site(tmp_path)
    plan_round(load(tmp_path, TODAY_OF_FILES), store, START)
    saved(calendar, HOUR - timedelta(minutes=5), 'when = "1. juni"', f'when = "{SOON}"')
    plan_round(load(tmp_path, TODAY_OF_FILES), store, HOUR)
    saved(calendar, HOUR + timedelta(minutes=2), f'when = "{SOON}"', 'when = "1. juni"')

    assert [plan_round(load(tmp_path, TODAY_OF_FILES), store, HOUR + timedelta(minutes=n)).queued for n in (3, 20)] == [
        0,
        0,
    ]


def test_what_the_edit_does_not_cause_goes_at_the_hour(tmp_path: Path, store: Store) -> None:
    calendar = write_site(tmp_path)
    saved(
        calendar, START - 60 * DAY, 'when = "1. juni"', 'when = "2027-03-09"'
    )  # five workdays before is Tuesday 2 March
    plan_round(load(tmp_path, TODAY_OF_FILES), store, START - 20 * DAY)
    saved(calendar, HOUR - timedelta(minutes=5), 'title = "Høringssvar"', 'title = "Svar på høringen"')

    assert plan_round(load(tmp_path, TODAY_OF_FILES), store, HOUR).queued == 1


def test_what_an_edit_will_cause_is_said_until_it_is_put_right(tmp_path: Path, store: Store) -> None:
    calendar = write_site(tmp_path)
    plan_round(load(tmp_path, TODAY_OF_FILES), store, START)
    plan_round(load(tmp_path, TODAY_OF_FILES), store, HOUR)
    assert ahead_by_edit(load(tmp_path, TODAY_OF_FILES), store, HOUR + timedelta(hours=1)) == ""

    edit(calendar, 'when = "1. juni"', f'when = "{SOON}"')
    assert ahead_by_edit(load(tmp_path, TODAY_OF_FILES), store, HOUR + timedelta(hours=1)) == (
        "1 brev går onsdag 3. mars 2027 kl. 08.00 fordi «Høringssvar» er endret."
    )
    holds.order(store, Hold(HoldKind.PERSON, "Kari ser på dem først.", HOUR))
    assert ahead_by_edit(load(tmp_path, TODAY_OF_FILES), store, HOUR + timedelta(hours=1)) == (
        "1 brev går når utsendingen slippes løs, tidligst onsdag 3. mars 2027 kl. 08.00 fordi «Høringssvar» er endret."
    )
    edit(calendar, f'when = "{SOON}"', 'when = "1. juni"')
    assert ahead_by_edit(load(tmp_path, TODAY_OF_FILES), store, HOUR + timedelta(hours=1)) == ""


def test_reminder_that_an_edit_brings_forward_to_the_morning_rests_too(tmp_path: Path, store: Store) -> None:
    """Five workdays before 9 March is that Tuesday, so the letter looks like any that is in time."""
    calendar = write_site(tmp_path)
    plan_round(load(tmp_path, TODAY_OF_FILES), store, START)
    saved(calendar, HOUR - timedelta(minutes=5), 'when = "1. juni"', 'when = "2027-03-09"')
    assert plan_round(load(tmp_path, TODAY_OF_FILES), store, HOUR).queued == 0

    saved(calendar, HOUR + timedelta(minutes=2), 'when = "2027-03-09"', 'when = "1. juni"')
    assert plan_round(load(tmp_path, TODAY_OF_FILES), store, HOUR + timedelta(minutes=20)).queued == 0


def test_reminder_that_an_edit_brings_forward_is_said_ahead(tmp_path: Path, store: Store) -> None:
    calendar = write_site(tmp_path)
    plan_round(load(tmp_path, TODAY_OF_FILES), store, START)
    edit(calendar, 'when = "1. juni"', 'when = "2027-03-09"')

    assert ahead_by_edit(load(tmp_path, TODAY_OF_FILES), store, START + timedelta(hours=1)) == (
        "1 brev går tirsdag 2. mars 2027 kl. 08.00 fordi «Høringssvar» er endret."
    )


def test_new_recipient_of_a_reminder_of_the_morning_is_caused_by_the_edit(tmp_path: Path, store: Store) -> None:
    calendar = write_site(tmp_path)
    edit(calendar, 'when = "1. juni"', 'when = "2027-03-09"')
    plan_round(load(tmp_path, TODAY_OF_FILES), store, START)
    saved(calendar, HOUR - timedelta(minutes=5), '"Ola <ola@example.no>"', '"Ola <ola@example.no>", "kari@example.no"')

    queued = [plan_round(load(tmp_path, TODAY_OF_FILES), store, HOUR + timedelta(minutes=n)).queued for n in (0, 5)]

    assert queued == [1, 1]


def test_reminder_that_a_corrected_report_gives_back_is_not_caused_by_an_edit(tmp_path: Path, store: Store) -> None:
    """Whoever takes back «gjort» has edited no file: the reminder goes at the hour, though a file was just saved."""
    calendar = write_site(tmp_path)
    edit(calendar, 'when = "1. juni"', 'when = "2027-03-09"')
    files = load(tmp_path, TODAY_OF_FILES)
    plan_round(files, store, START)
    for state, letters_of_the_morning in ((Report.DONE, 0), (Report.OPEN, 1)):
        acknowledge(store, Acknowledgement("region/hoering/2027", state, "Kari", "", date(2027, 3, 9), START))
        assert len(due_letters(files, store, HOUR)) == letters_of_the_morning
    saved(calendar, HOUR - timedelta(minutes=5), 'title = "Høringssvar"', 'title = "Svar på høringen"')

    assert plan_round(load(tmp_path, TODAY_OF_FILES), store, HOUR).queued == 1


def test_files_that_are_edited_all_morning_hold_back_only_what_that_causes(tmp_path: Path, store: Store) -> None:
    """An hour after the letters' hour the rest goes, and what the edits cause goes the next day."""
    calendar = write_site(tmp_path)
    edit(calendar, '"2027-03-12"', '"2027-03-09"')
    edit(calendar, 'contributors = "Styret"', 'responsible = "Styret"')
    plan_round(load(tmp_path, TODAY_OF_FILES), store, START)
    saved(calendar, HOUR - timedelta(minutes=5), 'when = "1. juni"', f'when = "{SOON}"')
    queued = []
    for minutes in range(0, 70, 10):
        at = HOUR + timedelta(minutes=minutes)
        saved(calendar, at - timedelta(minutes=1), 'name = "Regionen"', 'name = "Regionen"')
        queued.append(plan_round(load(tmp_path, TODAY_OF_FILES), store, at).queued)

    assert queued == [0, 0, 0, 0, 0, 0, 1]
    assert plan_round(load(tmp_path, TODAY_OF_FILES), store, HOUR + DAY).queued == 1


@pytest.mark.years
def test_files_that_are_left_alone_cause_nothing(shipped: Organisation, store: Store) -> None:
    """Time goes by over the budget and the new year: each day expects what the next has."""
    days = [datetime(2026, 11, 23, 7, tzinfo=UTC) + n * DAY for n in range(50)]

    assert [ahead_by_edit(shipped, store, day) for day in days if plan_round(shipped, store, day)] == [""] * 50
