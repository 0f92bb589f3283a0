"""A clock that is moved while letters wait: none goes early, none is lost, and nobody must help when it is right."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from arshjul.letters.brakes import ClockSample, HoldKind
from arshjul.mail.transports import MaildirTransport
from arshjul.mail.verdicts import State
from arshjul.rounds import holds
from arshjul.rounds.planning import plan_round
from arshjul.rounds.sending import SendReport, send_round
from arshjul.store import queue
from arshjul.store.engine import Store
from tests.rounds.test_urgent import read
from tests.sample_letters import NOW, many, queued
from tests.small_site import write_site

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
UP = 5000.0


def at(wall: timedelta, up: timedelta, boot: str = "a") -> ClockSample:
    """Return the clocks so long after the first round, by the wall and by the machine."""
    return ClockSample(NOW + wall, UP + up.total_seconds(), boot)


def sent(store: Store, folder: Path, reading: ClockSample) -> SendReport:
    return asyncio.run(send_round(store, MaildirTransport(folder / "mail"), lambda: reading.wall, reading=reading))


@pytest.mark.parametrize("ahead", [25 * HOUR, 40 * MINUTE, timedelta(days=30)])
def test_clock_that_is_ahead_for_a_minute_loses_and_sends_nothing(
    any_store: Store, tmp_path: Path, ahead: timedelta
) -> None:
    sent(any_store, tmp_path, at(timedelta(), timedelta()))
    tomorrow = NOW + 20 * HOUR
    queue.queue(any_store, [*many(2), queued(3, send_at=tomorrow)], NOW + 30 * MINUTE)

    under = sent(any_store, tmp_path, at(ahead + MINUTE, MINUTE))

    assert (under.hold and under.hold.kind, under.states, under.expired) == (HoldKind.CLOCK, {}, 0)
    assert queue.counts(any_store) == {State.QUEUED: 3}

    right = sent(any_store, tmp_path, at(31 * MINUTE, 31 * MINUTE))

    assert (right.hold, right.states) == (None, {State.ACCEPTED: 2})
    assert queue.counts(any_store) == {State.ACCEPTED: 2, State.QUEUED: 1}
    assert holds.current(any_store) is None


@pytest.mark.parametrize("ahead", [25 * HOUR, timedelta(days=20), timedelta(days=60)])
def test_letters_that_expired_under_a_later_clock_wait_again(
    any_store: Store, tmp_path: Path, ahead: timedelta
) -> None:
    """After a restart nobody knows how long the machine was off, so the clock is believed."""
    sent(any_store, tmp_path, at(timedelta(), timedelta()))
    soon = NOW + 10 * MINUTE
    queue.queue(any_store, [replace(one, expires_at=NOW + 24 * HOUR) for one in many(2)], soon)
    assert sent(any_store, tmp_path, at(ahead, timedelta(), "b")).expired == 2
    assert queue.counts(any_store) == {State.EXPIRED: 2}

    holds.release(any_store, NOW + 20 * MINUTE)
    right = sent(any_store, tmp_path, at(20 * MINUTE, timedelta(), "c"))

    assert (right.hold, right.states) == (None, {State.ACCEPTED: 2})


def test_letter_that_has_expired_stays_so_while_its_time_is_over(any_store: Store, tmp_path: Path) -> None:
    queue.queue(any_store, [queued(1, expires_at=NOW + HOUR)], NOW)
    assert sent(any_store, tmp_path, at(2 * HOUR, timedelta())).expired == 1
    assert sent(any_store, tmp_path, at(2 * HOUR + MINUTE, MINUTE)).states == {}
    assert sent(any_store, tmp_path, at(90 * MINUTE, timedelta(), "b")).states == {}
    assert queue.counts(any_store) == {State.EXPIRED: 1}


def test_nothing_is_planned_under_a_clock_that_jumped_and_all_of_it_when_it_is_right(
    any_store: Store, tmp_path: Path
) -> None:
    write_site(tmp_path)
    organisation, morning = read(tmp_path), datetime.fromisoformat("2027-05-24T08:00:00+02:00")

    def planned(days: int, up: timedelta) -> tuple[str, int]:
        reading = ClockSample(morning + timedelta(days=days) + up, UP + up.total_seconds(), "a")
        done = plan_round(organisation, any_store, reading.wall, reading=reading)
        return done.held[:22], done.queued

    assert planned(0, timedelta()) == ("", 0)
    assert planned(1, MINUTE)[0] == "Klokken hoppet frem fr"
    assert planned(0, 2 * MINUTE) == ("", 0)
    assert planned(0, 24 * HOUR)[1] == 1


@pytest.mark.parametrize("plans_then", [False, True], ids=["only sends", "plans too"])
def test_reminder_that_expired_under_a_later_clock_goes_once(
    any_store: Store, tmp_path: Path, *, plans_then: bool
) -> None:
    write_site(tmp_path)
    organisation, morning = read(tmp_path), datetime.fromisoformat("2027-05-24T08:00:00+02:00")

    def go_round(wall: timedelta, up: timedelta, boot: str, *, plans: bool = True) -> None:
        reading = ClockSample(morning + wall, UP + up.total_seconds(), boot)
        if plans:
            plan_round(organisation, any_store, reading.wall, reading=reading)
        if wall:
            sent(any_store, tmp_path, reading)

    go_round(timedelta(), timedelta(), "a")
    day = 24 * HOUR
    plan_round(organisation, any_store, morning + day, reading=ClockSample(morning + day, UP + 86400, "a"))
    go_round(20 * day, timedelta(), "b", plans=False)
    assert queue.counts(any_store) == {State.EXPIRED: 1}
    go_round(20 * day + MINUTE, MINUTE, "b", plans=plans_then)

    for number in range(1, 4):
        holds.release(any_store, morning + day + number * MINUTE)
        go_round(day + number * MINUTE, number * MINUTE, "c")

    assert queue.counts(any_store) == {State.ACCEPTED: 1}
    assert len(list((tmp_path / "mail" / "new").iterdir())) == 1
