"""A letter whose final dot is not answered waits out its limit alone; the others go on meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from arshjul.letters.brakes import Hold, HoldKind
from arshjul.mail.smtp import Pace, SmtpPool, SmtpServer, SmtpTransport
from arshjul.mail.verdicts import State
from arshjul.rounds import holds
from arshjul.rounds.sending import SendReport, send_round
from arshjul.store import facts, queue
from arshjul.store.engine import Store
from tests.rounds.test_send import run
from tests.sample_letters import NOW, many, queued
from tests.smtp_servers import HANG, HOST, ScriptedServer

pytestmark = pytest.mark.faults

LIMIT_S = 2.0
OK = "250 OK"


def sending(
    store: Store, port: int, *, at_once: int = 1, spare: int = 2, limit: float = LIMIT_S
) -> asyncio.Task[SendReport]:
    place = SmtpServer(HOST, port, start_tls=False, local_hostname="localhost", timeout=5, data_timeout=limit)
    pool = SmtpPool(tuple(SmtpTransport(place, Pace(1000)) for _ in range(at_once + spare)))
    return asyncio.create_task(
        send_round(store, pool, lambda: NOW, at_once=at_once, spare=spare, patience=0.05, jitter=lambda: 0.0)
    )


async def until(is_so: Callable[[], bool]) -> None:
    while not is_so():  # noqa: ASYNC110  (neither the server nor the database has an event for this)
        await asyncio.sleep(0.01)


@pytest.mark.parametrize(("at_once", "spare"), [(1, 2), (2, 1), (3, 0), (5, 0)])
def test_letter_without_an_answer_keeps_none_of_the_others(any_store: Store, at_once: int, spare: int) -> None:
    queue.queue(any_store, many(60), NOW)
    server = ScriptedServer({".": [HANG, OK]})

    async def work() -> SendReport:
        async with server.running() as port:
            round_ = sending(any_store, port, at_once=at_once, spare=spare)
            others = {State.ACCEPTED: 59, State.DATA_STARTED: 1}
            await until(lambda: round_.done() or queue.counts(any_store) == others)
            assert not round_.done()
            assert queue.unanswered(any_store) == (1, NOW)
            return await round_

    assert run(work()) == SendReport({State.ACCEPTED: 59, State.UNKNOWN: 1})
    assert (facts.pause(any_store), queue.unanswered(any_store)) == (None, None)
    assert (server.connections, len(server.taken)) == (at_once + min(spare, 1), 60)


def test_second_letter_without_an_answer_keeps_none_of_the_others_either(store: Store) -> None:
    queue.queue(store, many(30), NOW)
    server = ScriptedServer({".": [HANG, OK, HANG, OK]})

    async def work() -> SendReport:
        async with server.running() as port:
            round_ = sending(store, port)
            others = {State.ACCEPTED: 28, State.DATA_STARTED: 2}
            await until(lambda: round_.done() or queue.counts(store) == others)
            assert not round_.done()
            return await round_

    assert run(work()) == SendReport({State.ACCEPTED: 28, State.UNKNOWN: 2})


def test_server_that_answers_no_letter_gets_as_many_as_there_are_connections(store: Store) -> None:
    queue.queue(store, many(30), NOW)
    server = ScriptedServer({".": HANG})

    async def work() -> SendReport:
        async with server.running() as port:
            round_ = sending(store, port, limit=1.0)
            await until(lambda: round_.done() or len(server.taken) == 3)
            await asyncio.sleep(0.3)
            assert queue.counts(store) == {State.DATA_STARTED: 3, State.QUEUED: 27}
            holds.order(store, Hold(HoldKind.PERSON, "Stanset av Kari.", NOW))  # so that the round ends
            return await round_

    report = run(work())
    assert (report.states, report.trouble) == ({State.UNKNOWN: 3}, "Stanset av Kari.")
    assert queue.counts(store) == {State.UNKNOWN: 3, State.QUEUED: 27}


def test_letter_that_comes_while_a_slow_one_waits_goes_at_once(store: Store) -> None:
    queue.queue(store, many(1), NOW)
    server = ScriptedServer({".": [HANG, OK]})

    async def work() -> SendReport:
        async with server.running() as port:
            round_ = sending(store, port)
            await until(lambda: len(server.taken) == 1)
            queue.queue(store, [queued(99, send_day=NOW.date() + timedelta(days=1))], NOW)
            await until(lambda: round_.done() or State.ACCEPTED in queue.counts(store))
            assert queue.counts(store) == {State.DATA_STARTED: 1, State.ACCEPTED: 1}
            return await round_

    assert run(work()) == SendReport({State.ACCEPTED: 1, State.UNKNOWN: 1})


def test_letters_that_a_person_stops_while_a_slow_one_waits_stay(store: Store) -> None:
    queue.queue(store, many(1), NOW)
    server = ScriptedServer({".": [HANG, OK]})

    async def work() -> SendReport:
        async with server.running() as port:
            round_ = sending(store, port, limit=1.0)
            await until(lambda: len(server.taken) == 1)
            held = holds.order(store, Hold(HoldKind.PERSON, "Stanset av Kari.", NOW))
            await asyncio.sleep(0.2)
            queue.queue(store, [queued(99, send_day=NOW.date() + timedelta(days=1))], NOW)
            report = await round_
            assert report.hold == held
            return report

    assert run(work()).states == {State.UNKNOWN: 1}
    assert queue.counts(store) == {State.UNKNOWN: 1, State.QUEUED: 1}


def test_fault_of_the_server_pauses_the_rest_though_a_slow_one_waits(store: Store) -> None:
    queue.queue(store, many(9), NOW)
    server = ScriptedServer({".": [HANG, OK], "RCPT": [OK, OK, "421 4.3.2 closing"]})

    async def work() -> SendReport:
        async with server.running() as port:
            round_ = sending(store, port)
            await until(lambda: round_.done() or facts.pause(store) is not None)
            assert queue.unanswered(store) == (1, NOW)
            return await round_

    report = run(work())
    paused = NOW + timedelta(minutes=1)
    expected = SendReport(
        {State.ACCEPTED: 1, State.QUEUED: 1, State.UNKNOWN: 1}, paused_until=paused, trouble="421 4.3.2 closing"
    )
    assert report == expected
    assert facts.pause(store) == facts.Pause(paused, 1, "421 4.3.2 closing")
