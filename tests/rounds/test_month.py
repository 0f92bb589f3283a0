"""Days and weeks of rounds on a made-up clock: nights that change the hour, thirty days in which much goes wrong."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from arshjul.letters.brakes import HoldKind
from arshjul.loading import load
from arshjul.mail.smtp import Pace, SmtpPool, SmtpServer, SmtpTransport
from arshjul.mail.transports import MaildirTransport
from arshjul.mail.verdicts import State
from arshjul.organisation import Organisation
from arshjul.rounds import holds
from arshjul.rounds.planning import due_letters, plan_round
from arshjul.rounds.sending import send_round
from arshjul.store import queue
from arshjul.store import told as told_
from arshjul.store.engine import Store
from tests.crash.bench import write_site
from tests.files_of import TODAY_OF_FILES
from tests.smtp_servers import CLOSE, HOST, RESET, ScriptedServer

CHANCE = random.Random
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass
class Clock:
    time: datetime

    def __call__(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


def site_of(folder: Path, parties: int, first: date, weeks: int) -> Organisation:
    """A site where each party has a deadline every week; its letter goes five workdays before, at 08:00."""
    write_site(folder, 25, parties, weeks, first=first)
    organisation = load(folder, TODAY_OF_FILES)
    assert organisation.problems == ()
    return organisation


@pytest.mark.parametrize("sunday", [pytest.param(date(2026, 10, 25), marks=pytest.mark.years), date(2027, 3, 28)])
def test_a_night_that_changes_the_hour_doubles_and_loses_nothing(store: Store, tmp_path: Path, sunday: date) -> None:
    monday = sunday + DAY
    deadline = monday + timedelta(days=7 if sunday.month == 10 else 8)  # Easter Monday is no workday
    organisation = site_of(tmp_path, 3, deadline, 1)
    clock = Clock(datetime(sunday.year, sunday.month, sunday.day, tzinfo=UTC) - 12 * HOUR)
    while clock.time.date() <= monday + 2 * DAY:
        plan_round(organisation, store, clock())
        asyncio.run(send_round(store, MaildirTransport(tmp_path / "mail"), clock))
        clock.time += HOUR / 2
    found = queue.letters_by_state(store)
    assert Counter(one.state for one in found) == {State.ACCEPTED: 3}
    assert {one.accepted_at.astimezone().utctimetuple()[3:5] for one in found if one.accepted_at} == {
        (7, 0) if sunday.month == 10 else (6, 0)
    }
    assert len(list((tmp_path / "mail" / "new").iterdir())) == 3


FAULTS = ("421 4.3.2 closing", "451 4.3.0 later", "452 4.3.1 full", CLOSE, RESET, "garbage")
MOSTLY_WELL = 0.03


@dataclass
class Moody(ScriptedServer):
    """A server with which at any step something may go wrong; `refuses` lets nobody log in for a while."""

    extensions: tuple[str, ...] = ("PIPELINING",)
    chance: random.Random = field(default_factory=CHANCE)
    refuses: bool = False
    kept: list[bytes] = field(default_factory=list)

    async def _answer(self, writer: asyncio.StreamWriter, step: str, usual: str) -> bool:
        self.script = {}
        if self.refuses and step == "MAIL":
            self.script = {step: "535 5.7.3 Authentication unsuccessful"}
        elif self.chance.random() < MOSTLY_WELL:
            self.script = {step: self.chance.choice(FAULTS)}
        if step == "." and not str(self.script.get(step, "250")).startswith("4"):
            self.kept.append(self.taken[-1])
        return await super()._answer(writer, step, usual)


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.years)])
def test_thirty_days_with_faults_leave_every_reminder_accepted_or_visible(
    store: Store, tmp_path: Path, seed: int
) -> None:
    parties, weeks, chance = 12, 4, CHANCE(seed)
    first = date(2026, 12, 2)
    organisation = site_of(tmp_path, parties, first, weeks)
    clock, server = Clock(datetime(2026, 11, 23, 9, tzinfo=UTC)), Moody(chance=chance)
    seen = asyncio.run(thirty_days(organisation, store, clock, server))

    everything = queue.letters_by_state(store, limit=1000)
    found = {one.id: one for one in everything if one.state is not State.CANCELLED}
    withdrawn = [one.id for one in everything if one.state is State.CANCELLED]
    assert due_letters(organisation, store, clock()) == []
    assert len(found) == parties * weeks
    told = {(name.address, name.deadline) for name in told_.known(store).told}
    assert told == {(f"m{n}@example.no", first + w * 7 * DAY) for n in range(parties) for w in range(weeks)}
    assert {one.state for one in found.values()} <= {State.ACCEPTED, State.HELD, State.DEAD, State.EXPIRED}
    assert not [letter for letter in withdrawn for wire in server.kept if f"r.{letter}@".encode() in wire]
    copies = Counter(letter for letter in found for wire in server.kept if f"r.{letter}@".encode() in wire)
    for name, one in found.items():
        assert copies[name] <= one.generation <= 2
        assert one.state is not State.ACCEPTED or copies[name] >= 1
    assert seen >= {"paused", "setup"}


async def thirty_days(organisation: Organisation, store: Store, clock: Clock, server: Moody) -> set[str]:
    """Go through the days by the hour, away for a day and a half now and then; returns what was met with."""
    seen = set[str]()
    async with server.running() as port:
        place = SmtpServer(HOST, port, start_tls=False, local_hostname="localhost", timeout=5, data_timeout=5)
        end = clock.time + 30 * DAY
        while clock.time < end:
            server.refuses = clock.time.day == 9
            plan_round(organisation, store, clock())
            pool = SmtpPool(tuple(SmtpTransport(place, Pace(10_000)) for _ in range(2)))
            report = await send_round(store, pool, clock, at_once=2, sleep=clock.sleep, relay="A")
            seen |= {"paused"} if report.paused_until else set()
            seen |= {str(state) for state in report.states}
            if report.hold is not None:
                assert report.hold.kind is HoldKind.SETUP
                seen.add("setup")
                if not server.refuses:
                    holds.release(store, clock())
            clock.time += 36 * HOUR if server.chance.random() < 0.01 else HOUR
    return seen
