"""What stops the rounds until a person has looked, met by the rounds themselves."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from arshjul.core.brakes import Hold, HoldKind, Reading
from arshjul.core.outbox import State
from arshjul.mail.maildir import MaildirTransport
from arshjul.rounds import brakes
from arshjul.rounds.plan import plan_round
from arshjul.rounds.reload import Loaded, load
from arshjul.rounds.send import SendReport, send_round
from arshjul.store import holds, letters, outbox
from arshjul.store.engine import Store
from tests.files_of import TODAY_OF_FILES
from tests.sample_letters import NOW, many

BEFORE = datetime(2026, 11, 20, 6, tzinfo=UTC)
DUE = datetime(2026, 12, 8, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def few(site: Path) -> Loaded:
    """The shipped files, with a limit of three letters at once."""
    config = site / "config.toml"
    text = config.read_text(encoding="utf-8").replace("letters_at_once = 50", "letters_at_once = 3")
    config.write_text(text, encoding="utf-8")
    return load(site, TODAY_OF_FILES)


def test_a_flood_is_not_queued_until_it_is_let_go(few: Loaded, store: Store) -> None:
    plan_round(few, store, BEFORE)
    first = plan_round(few, store, DUE)
    hold = holds.current(store)
    assert hold is not None
    assert (hold.kind, hold.reason, hold.since) == (HoldKind.FLOOD, first.held, DUE)
    assert (hold.letters > 3, first.queued, letters.counts(store)) == (True, 0, {})
    assert plan_round(few, store, DUE + MINUTE).held == first.held

    holds.release(store, DUE + MINUTE)
    assert plan_round(few, store, DUE + MINUTE).queued == hold.letters


def test_what_was_let_go_must_go_within_a_day(few: Loaded, store: Store) -> None:
    plan_round(few, store, BEFORE)
    plan_round(few, store, DUE)
    holds.release(store, DUE)
    assert plan_round(few, store, DUE + timedelta(days=1)).held


@pytest.mark.parametrize("jump", [timedelta(days=400), timedelta(days=2), timedelta(days=-1)])
def test_a_clock_that_is_wrong_stops_planning_and_sending(
    shipped: Loaded, store: Store, tmp_path: Path, jump: timedelta
) -> None:
    outbox.queue(store, [replace(one, expires_at=NOW + timedelta(days=9)) for one in many(2)], NOW)
    assert brakes.look(store, NOW - MINUTE, Reading(NOW - MINUTE, 940.0, "a")) is None
    wrong = NOW + jump
    report = round_at(store, tmp_path, wrong, Reading(wrong, 1000.0, "a"))
    assert report.hold is not None
    assert (report.hold.kind, report.trouble, report.states) == (HoldKind.CLOCK, report.hold.reason, {})
    assert plan_round(shipped, store, NOW, reading=Reading(NOW, 1000.0, "a")).held == report.hold.reason
    assert letters.counts(store) == {State.QUEUED: 2}

    holds.release(store, NOW)  # the clock is right again, and a person has said so
    assert round_at(store, tmp_path, NOW, Reading(NOW, 1060.0, "a")) == SendReport({State.ACCEPTED: 2})


def test_a_fault_of_the_log_in_does_not_stop_planning(shipped: Loaded, store: Store) -> None:
    plan_round(shipped, store, BEFORE)
    from_setup = holds.order(store, hold_of(HoldKind.SETUP))
    assert plan_round(shipped, store, DUE).queued > 0
    assert holds.current(store) == from_setup


@pytest.mark.parametrize("kind", [kind for kind in HoldKind if kind is not HoldKind.SETUP])
def test_a_fault_of_the_log_in_hides_no_other_hold(any_store: Store, kind: HoldKind) -> None:
    first = holds.order(any_store, hold_of(HoldKind.SETUP))
    assert holds.order(any_store, replace(first, reason="en annen")) == first
    graver = hold_of(kind)
    assert holds.order(any_store, graver) == graver
    assert holds.order(any_store, first) == graver
    assert holds.current(any_store) == graver


def test_a_wrong_clock_counts_though_the_log_in_fails(store: Store) -> None:
    assert brakes.look(store, NOW - MINUTE, Reading(NOW - MINUTE, 940.0, "a")) is None
    holds.order(store, hold_of(HoldKind.SETUP))
    wrong = NOW + timedelta(days=400)
    found = brakes.look(store, wrong, Reading(wrong, 1000.0, "a"), "før")
    assert found is not None
    assert (found.kind, holds.current(store)) == (HoldKind.CLOCK, found)


def hold_of(kind: HoldKind) -> Hold:
    return Hold(kind, "535 5.7.3", NOW, relay="før")


def round_at(store: Store, folder: Path, at: datetime, reading: Reading) -> SendReport:
    return asyncio.run(send_round(store, MaildirTransport(folder / "mail"), lambda: at, reading=reading))
