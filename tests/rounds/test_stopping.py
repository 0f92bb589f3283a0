"""Asked to stop while the mail server hangs: before DATA the letter goes back at once, after it a while is waited."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from arshjul.mail.smtp import Pace, SmtpPool, SmtpServer, SmtpTransport
from arshjul.mail.verdicts import State
from arshjul.rounds.sending import SendReport, send_round
from arshjul.store import facts, queue
from arshjul.store.engine import Store
from tests.rounds.test_slow_letters import until
from tests.sample_letters import NOW, many
from tests.smtp_servers import HALF, HANG, HOST, LATE, ScriptedServer

NEVER_S = 60.0
"""Longer than any of these tests may take."""

OK = "250 OK"
CUT_SHORT = "utsendingen ble stanset før e-posttjeneren svarte"


class Stopped:
    """A round that is asked to stop, or is cancelled, once the server has come so far."""

    def __init__(self, store: Store, server: ScriptedServer, *, at_once: int = 1, grace: float = NEVER_S) -> None:
        self.store, self.server, self.at_once, self.grace = store, server, at_once, grace

    def when(self, is_so: Callable[[], bool], *, cancelled: bool = False, patience: float = NEVER_S) -> SendReport:
        async def work() -> SendReport:
            async with asyncio.timeout(NEVER_S / 6), self.server.running() as port:
                place = SmtpServer(HOST, port, start_tls=False, local_hostname="localhost")
                pool = SmtpPool(tuple(SmtpTransport(place, Pace(1000)) for _ in range(3)))
                stop = asyncio.Event()
                work = send_round(
                    self.store,
                    pool,
                    lambda: NOW,
                    at_once=self.at_once,
                    spare=3 - self.at_once,
                    patience=patience,
                    grace=self.grace,
                    stop=stop,
                )
                round_ = asyncio.create_task(work)
                await until(is_so)
                if cancelled:
                    round_.cancel()
                    with pytest.raises(asyncio.CancelledError):
                        await round_
                    return SendReport()
                stop.set()
                return await round_

        return asyncio.run(work())


def in_phase(store: Store) -> list[tuple[str, str]]:
    """Return the logged attempts of all letters."""
    found = queue.letters_by_state(store)
    return [(one.phase, one.outcome) for info in found for one in queue.attempts_of(store, info.id)]


@pytest.mark.parametrize("answer", [HANG, HALF])
@pytest.mark.parametrize("step", ["EHLO", "MAIL", "RCPT"])
@pytest.mark.parametrize("cancelled", [False, True])
def test_stop_before_data_puts_the_letter_back_at_once(
    any_store: Store, step: str, answer: str, *, cancelled: bool
) -> None:
    queue.queue(any_store, many(3), NOW)
    server = ScriptedServer({step: answer})

    report = Stopped(any_store, server).when(lambda: step in server.commands, cancelled=cancelled)

    assert report == SendReport()
    assert [(one.state, one.attempt, one.next_at) for one in queue.letters_by_state(any_store)] == [
        (State.QUEUED, 0, NOW)
    ] * 3
    assert (in_phase(any_store), facts.pause(any_store), server.taken) == ([], None, [])


def test_stop_while_nobody_greets_puts_the_letter_back_at_once(store: Store) -> None:
    queue.queue(store, many(2), NOW)
    server = ScriptedServer({"greeting": HANG})
    assert Stopped(store, server).when(lambda: server.connections == 1) == SendReport()
    assert queue.counts(store) == {State.QUEUED: 2}


@pytest.mark.parametrize("step", ["DATA", "."])
@pytest.mark.parametrize("cancelled", [False, True])
def test_stop_after_data_waits_a_while_and_then_the_letter_is_in_doubt(
    any_store: Store, step: str, *, cancelled: bool
) -> None:
    queue.queue(any_store, many(3), NOW)
    server = ScriptedServer({step: HANG})

    report = Stopped(any_store, server, grace=0.3).when(lambda: "DATA" in server.commands, cancelled=cancelled)

    assert report == (SendReport() if cancelled else SendReport({State.UNKNOWN: 1}))
    assert queue.counts(any_store) == {State.UNKNOWN: 1, State.QUEUED: 2}
    (doubt,) = queue.letters_by_state(any_store, State.UNKNOWN)
    assert (doubt.generation, doubt.last_code, doubt.last_text) == (2, None, CUT_SHORT)
    assert in_phase(any_store) == [("data", "unknown")]


def test_letter_that_is_answered_in_the_while_after_the_stop_is_sent(store: Store) -> None:
    queue.queue(store, many(3), NOW)
    server = ScriptedServer({".": LATE}, late_s=0.5)
    assert Stopped(store, server).when(lambda: len(server.taken) == 1) == SendReport({State.ACCEPTED: 1})
    assert queue.counts(store) == {State.ACCEPTED: 1, State.QUEUED: 2}


def test_stop_is_as_short_for_letters_that_wait_alone_and_over_several_connections(any_store: Store) -> None:
    queue.queue(any_store, many(9), NOW)
    server = ScriptedServer({".": [HANG, OK, HANG], "RCPT": [OK, OK, OK, HANG]})
    stopped = Stopped(any_store, server, at_once=2, grace=0.3)
    report = stopped.when(lambda: server.commands.count("RCPT") == 4, patience=0.05)
    assert report.states[State.UNKNOWN] == len(server.taken) - 1
    assert queue.counts(any_store) == {
        State.ACCEPTED: 1,
        State.UNKNOWN: len(server.taken) - 1,
        State.QUEUED: 9 - len(server.taken),
    }


def test_letter_put_back_by_a_stop_goes_once_in_the_next_round(store: Store) -> None:
    ours = many(2)
    queue.queue(store, ours, NOW)
    server = ScriptedServer({"RCPT": [HANG, OK]})
    Stopped(store, server).when(lambda: "RCPT" in server.commands)
    report = Stopped(store, server).when(lambda: queue.counts(store) == {State.ACCEPTED: 2})
    assert report == SendReport({State.ACCEPTED: 2})
    assert server.taken == [letter.wire + b".\r\n" for letter in ours]
