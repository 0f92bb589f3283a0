"""Rounds of sending over a real server and a real database: nothing lost silently, nothing twice without saying so."""

from __future__ import annotations

import asyncio
import mailbox
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import event

from arshjul.mail.smtp import Pace, SmtpPool, SmtpServer, SmtpTransport
from arshjul.mail.transports import MaildirTransport, OnDataStarted, Parcel
from arshjul.mail.verdicts import Outcome, Phase, State, Verdict
from arshjul.rounds.sending import SendReport, send_round
from arshjul.store import claims, facts, queue
from arshjul.store.engine import Store, open_store
from tests.sample_letters import NOW, many, queued
from tests.smtp_servers import CLOSE, HOST, RESET, ScriptedServer, Sink, plain_server
from tests.store.steps import data_started

T = TypeVar("T")
MINUTE = timedelta(minutes=1)


def run(work: Coroutine[Any, Any, T]) -> T:
    async def bounded() -> T:
        async with asyncio.timeout(30):
            return await work

    return asyncio.run(bounded())


def smtp(port: int, per_minute: int = 1000) -> SmtpTransport:
    server = SmtpServer(HOST, port, start_tls=False, local_hostname="localhost", timeout=5, data_timeout=5)
    return SmtpTransport(server, Pace(per_minute))


@dataclass
class Clock:
    """The time, moved by hand; sleeping moves it too."""

    time: datetime = NOW

    def __call__(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


async def rounds(store: Store, port: int, *waits: timedelta, honour_pause: bool = True) -> list[SendReport]:
    """A round now, and one after each waiting time."""
    clock, reports = Clock(), list[SendReport]()
    for wait in (timedelta(), *waits):
        clock.time += wait
        report = await send_round(
            store, smtp(port), clock, honour_pause=honour_pause, sleep=clock.sleep, jitter=lambda: 0.0
        )
        reports.append(report)
    return reports


def rounds_with(store: Store, server: ScriptedServer, *waits: timedelta) -> list[SendReport]:
    async def work() -> list[SendReport]:
        async with server.running() as port:
            return await rounds(store, port, *waits)

    return run(work())


def test_everything_due_goes_out_once(any_store: Store) -> None:
    sink = Sink()
    later = queued(99, send_at=NOW + timedelta(days=1), send_day=NOW.date() + timedelta(days=1))
    queue.queue(any_store, [*many(23), later], NOW)

    async def work() -> list[SendReport]:
        async with plain_server(sink) as port:
            return await rounds(any_store, port, MINUTE)

    assert run(work()) == [SendReport({State.ACCEPTED: 23}), SendReport()]
    assert sink.wires == [letter.wire for letter in many(23)]
    assert [envelope.rcpt_tos for envelope in sink.envelopes] == [[letter.to.address] for letter in many(23)]
    assert queue.counts(any_store) == {State.ACCEPTED: 23, State.QUEUED: 1}


def test_a_round_uses_one_connection(store: Store) -> None:
    server = ScriptedServer()
    queue.queue(store, many(12), NOW)
    assert rounds_with(store, server)[0].accepted == 12
    assert server.connections == 1


def test_letters_wait_while_the_server_is_down_and_go_later(any_store: Store) -> None:
    sink = Sink()
    queue.queue(any_store, many(3), NOW)
    (down,) = run(rounds(any_store, 1))
    assert (down.states, down.paused_until) == ({State.QUEUED: 1}, NOW + MINUTE)
    assert down.trouble == "ingen svarer der"
    assert queue.counts(any_store) == {State.QUEUED: 3}
    assert {info.attempt for info in queue.letters_by_state(any_store)} == {0}

    async def work() -> list[SendReport]:
        async with plain_server(sink) as port:
            return await rounds(any_store, port, MINUTE)

    paused, well = run(work())
    assert (paused.states, paused.paused_until, paused.trouble) == ({}, NOW + MINUTE, down.trouble)
    assert well == SendReport({State.ACCEPTED: 3})
    assert sorted(sink.wires) == [letter.wire for letter in many(3)]
    assert facts.pause(any_store) is None


def test_a_pause_can_be_overruled(store: Store) -> None:
    facts.order_pause(store, NOW, "421 closing")
    queue.queue(store, many(2), NOW)
    server = ScriptedServer()

    async def work() -> list[SendReport]:
        async with server.running() as port:
            return await rounds(store, port, honour_pause=False)

    assert run(work()) == [SendReport({State.ACCEPTED: 2})]


def test_one_letter_that_the_server_chokes_on_does_not_stop_the_others(store: Store) -> None:
    queue.queue(store, many(3), NOW)
    server = ScriptedServer({"RCPT": [CLOSE, "250 OK"]})
    first, second = rounds_with(store, server, MINUTE)
    assert (first.states, second.states) == ({State.QUEUED: 1}, {State.ACCEPTED: 3})
    assert [b"Brev 2" in server.taken[0], b"Brev 3" in server.taken[1], b"Brev 1" in server.taken[2]] == [True] * 3


def test_a_busy_mailbox_is_tried_again_and_an_unknown_one_is_not(any_store: Store) -> None:
    queue.queue(any_store, many(3), NOW)
    server = ScriptedServer({"RCPT": ["450 4.2.1 busy", "550 5.1.1 unknown", "250 OK"]})
    reports = rounds_with(any_store, server, MINUTE / 2, MINUTE / 2)
    assert [report.states for report in reports] == [
        {State.QUEUED: 1, State.REJECTED: 1, State.ACCEPTED: 1},
        {},
        {State.ACCEPTED: 1},
    ]
    (refused,) = queue.letters_by_state(any_store, State.REJECTED)
    assert (refused.last_code, refused.last_text) == (550, "5.1.1 unknown")


@pytest.mark.parametrize("cut", [RESET, CLOSE])
def test_a_letter_in_doubt_goes_once_more_the_same_bytes_after_half_an_hour(any_store: Store, cut: str) -> None:
    ours = queued(1)
    queue.queue(any_store, [ours], NOW)
    server = ScriptedServer({".": [cut, "250 OK"]})
    doubt, soon, later = rounds_with(any_store, server, 29 * MINUTE, MINUTE)
    assert (doubt.states, soon.states, later.states) == ({State.UNKNOWN: 1}, {}, {State.ACCEPTED: 1})
    assert server.taken == [ours.wire + b".\r\n"] * 2
    outcomes = [(attempt.outcome, attempt.generation) for attempt in queue.attempts_of(any_store, ours.id)]
    assert outcomes == [("unknown", 1), ("accepted", 2)]


def test_a_letter_in_doubt_twice_is_left_to_a_person(store: Store) -> None:
    queue.queue(store, [queued(1)], NOW)
    server = ScriptedServer({".": RESET})
    reports = rounds_with(store, server, 30 * MINUTE, timedelta(days=1))
    assert [report.states for report in reports] == [{State.UNKNOWN: 1}, {State.HELD: 1}, {}]
    assert len(server.taken) == 2


def test_after_a_crash_before_data_the_letter_goes_out(any_store: Store) -> None:
    queue.queue(any_store, [queued(1)], NOW)
    claims.claim_due(any_store, NOW, "arshjul", 1)  # and then the process died
    server = ScriptedServer()
    assert rounds_with(any_store, server) == [SendReport({State.ACCEPTED: 1}, recovered={State.QUEUED: 1})]
    assert len(server.taken) == 1


def test_after_a_crash_in_data_the_letter_is_in_doubt_then_sent_again(any_store: Store) -> None:
    ours = queued(1)
    queue.queue(any_store, [ours], NOW)
    (claimed,) = claims.claim_due(any_store, NOW, "arshjul", 1)
    data_started(any_store, claimed, "arshjul")  # and then the process died
    server = ScriptedServer()
    assert rounds_with(any_store, server, 30 * MINUTE) == [
        SendReport(recovered={State.UNKNOWN: 1}),
        SendReport({State.ACCEPTED: 1}),
    ]
    assert server.taken == [ours.wire + b".\r\n"]


def test_a_letter_that_is_useless_by_now_is_not_sent(store: Store) -> None:
    queue.queue(store, [queued(1, expires_at=NOW)], NOW)
    assert rounds_with(store, ScriptedServer()) == [SendReport(expired=1)]


def test_letters_into_a_maildir(store: Store, tmp_path: Path) -> None:
    queue.queue(store, many(3), NOW)
    way = MaildirTransport(tmp_path / "mail")
    assert run(send_round(store, way, Clock())) == SendReport({State.ACCEPTED: 3})
    bodies = sorted(str(message.get_payload()) for message in mailbox.Maildir(tmp_path / "mail"))
    assert bodies == ["Brev 1\n", "Brev 2\n", "Brev 3\n"]


@dataclass
class HeldTransport:
    """A way that stays in DATA until it is let go."""

    in_data: asyncio.Event = field(default_factory=asyncio.Event)
    go: asyncio.Event = field(default_factory=asyncio.Event)
    delivered: list[str] = field(default_factory=list)
    is_closed: bool = False

    async def ready(self) -> None:
        """Always."""

    async def deliver(self, parcel: Parcel, on_data_started: OnDataStarted) -> Verdict:
        await on_data_started()
        self.in_data.set()
        await self.go.wait()
        self.delivered.append(parcel.letter_id)
        return Verdict(Outcome.ACCEPTED, Phase.DATA, 250, "OK")

    async def close(self) -> None:
        self.is_closed = True


def test_cancelling_ends_the_letter_in_data_and_puts_the_others_back(any_store: Store) -> None:
    queue.queue(any_store, many(3), NOW)

    async def work() -> HeldTransport:
        way = HeldTransport()
        task = asyncio.create_task(send_round(any_store, way, Clock()))
        await way.in_data.wait()
        task.cancel()
        await asyncio.sleep(0.02)
        assert not task.done()
        way.go.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        return way

    way = run(work())
    assert (way.delivered, way.is_closed) == ([many(1)[0].id], True)
    assert queue.counts(any_store) == {State.ACCEPTED: 1, State.QUEUED: 2}


def test_stopping_ends_the_round_after_the_letter_on_its_way(store: Store) -> None:
    queue.queue(store, many(3), NOW)

    async def work() -> SendReport:
        way, stop = HeldTransport(), asyncio.Event()
        task = asyncio.create_task(send_round(store, way, Clock(), stop=stop))
        await way.in_data.wait()
        stop.set()
        way.go.set()
        return await task

    assert run(work()) == SendReport({State.ACCEPTED: 1})
    assert queue.counts(store) == {State.ACCEPTED: 1, State.QUEUED: 2}


def test_stopping_does_not_wait_for_the_pace(store: Store) -> None:
    queue.queue(store, many(3), NOW)
    server = ScriptedServer()

    async def work() -> SendReport:
        async with server.running() as port:
            stop = asyncio.Event()
            task = asyncio.create_task(send_round(store, smtp(port, per_minute=2), Clock(), stop=stop))
            while len(server.taken) < 2:  # noqa: ASYNC110  (the server has no event for this)
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.05)  # the third would wait for most of a minute
            stop.set()
            return await task

    assert run(work()) == SendReport({State.ACCEPTED: 2})
    assert queue.counts(store) == {State.ACCEPTED: 2, State.QUEUED: 1}


def impatient(store: Store) -> Store:
    """The same database, opened so that a lock is reported at once."""
    opened = open_store(f"sqlite:///{store.path}", store.folder)
    event.listen(opened.engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=1"))
    return opened


@dataclass
class LockingTransport(HeldTransport):
    """A way that finds the database locked by another program, before DATA or after the reply."""

    locker: Store | None = None
    after_reply: bool = False
    letting_go: float = 0.0
    said: list[str] = field(default_factory=list)

    async def deliver(self, parcel: Parcel, on_data_started: OnDataStarted) -> Verdict:
        assert self.locker is not None
        if self.after_reply:
            await on_data_started()
            self.delivered.append(parcel.letter_id)
            self.lock = self.locker.engine.connect()
            self.lock.exec_driver_sql("SELECT 1")  # begins, and holds the lock
            return Verdict(Outcome.ACCEPTED, Phase.DATA, 250, "OK")
        with self.locker.writing():
            await on_data_started()
        raise AssertionError("DATA must not be sent when it cannot be written down")


def test_with_a_locked_database_no_data_is_sent_and_the_letter_goes_later(store: Store) -> None:
    queue.queue(store, [queued(1)], NOW)
    other = impatient(store)
    report = run(send_round(other, LockingTransport(locker=store), Clock()))
    assert (report.states, report.trouble) == ({}, "Databasen kan ikke brukes nå: database is locked")
    server = ScriptedServer()
    assert rounds_with(store, server)[0].accepted == 1
    other.close()


def test_an_accepted_letter_is_written_down_when_the_database_comes_back(store: Store) -> None:
    queue.queue(store, [queued(1)], NOW)
    other, way = impatient(store), LockingTransport(locker=store, after_reply=True)
    waits = list[float]()

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 2:
            way.lock.close()

    assert run(send_round(other, way, Clock(), sleep=sleep)) == SendReport({State.ACCEPTED: 1})
    assert waits == [0.5, 2.0]
    other.close()


def test_several_connections_send_at_once_and_each_letter_once(any_store: Store) -> None:
    server = ScriptedServer()
    queue.queue(any_store, many(45), NOW)

    async def work() -> SendReport:
        async with server.running() as port:
            lines = tuple(smtp(port) for _ in range(4))
            return await send_round(any_store, SmtpPool(lines), Clock(), at_once=4)

    assert run(work()) == SendReport({State.ACCEPTED: 45})
    assert sorted(server.taken) == sorted(letter.wire + b".\r\n" for letter in many(45))
    assert server.connections == 4


def test_a_server_that_closes_on_all_connections_is_one_pause(store: Store) -> None:
    server = ScriptedServer({"RCPT": "421 4.3.2 closing"})
    queue.queue(store, many(9), NOW)

    async def work() -> SendReport:
        async with server.running() as port:
            return await send_round(store, SmtpPool(tuple(smtp(port) for _ in range(3))), Clock(), at_once=3)

    report = run(work())
    assert (report.states, report.paused_until) == ({State.QUEUED: 3}, NOW + MINUTE)
    assert queue.counts(store) == {State.QUEUED: 9}
