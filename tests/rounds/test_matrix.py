"""Every fault of a mail server at every step: what is known of the letter, and what becomes of it and of the queue."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

import pytest
from pydantic import SecretStr

from arshjul.letters.brakes import HoldKind
from arshjul.mail.smtp import Pace, SmtpServer, SmtpTransport
from arshjul.mail.verdicts import Phase, State
from arshjul.rounds import holds
from arshjul.rounds.sending import SendReport, send_round
from arshjul.store import facts
from arshjul.store import queue as queue_
from arshjul.store.engine import Store
from tests.sample_letters import NOW, many
from tests.smtp_servers import CLOSE, HALF, HANG, HOST, LATE, RESET, ScriptedServer

STEPS = ("greeting", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", ".", "QUIT")
IN_ENVELOPE = ("MAIL", "RCPT", "DATA", ".")
"""The steps at which it matters whether sender and recipient are named in one go."""

PHASES = (Phase.CONNECT, Phase.CONNECT, Phase.AUTH, Phase.MAIL, Phase.RCPT, Phase.GO_AHEAD, Phase.DATA)

TABLE = {
    # answer: what it means at each of STEPS (see FATES)
    "421 4.3.2 Service closing": "R R R R R R R A",
    "432 4.3.2 Concurrent connections limit exceeded": "R R R R R R R A",
    "450 4.2.1 Mailbox busy": "R R R R T T T A",
    "451 4.3.0 Local error": "R R R R T T T A",
    "451 4.7.500 Server busy": "R R R R T T T A",
    "452 4.3.1 Insufficient storage": "R R R R T T T A",
    "535 5.7.3 Authentication unsuccessful": "S S S S S S S A",
    "550 5.1.1 Refused": "R R S S J F F A",
    "550 5.7.30 Basic authentication is not supported": "S S S S S S S A",
    "552 5.3.4 Too large": "R R R F F F F A",
    "554 5.6.0 Refused": "R R S S J F F A",
    "550 5.7.124 Sender not in allowed-senders list": "R R S S J F F A",
    "550 5.7.54 SMTP; Unable to relay recipient": "S S S S S S S A",
    "550 5.7.705 Access denied, tenant has exceeded threshold": "S S S S S S S A",
    "554 5.7.1 <x@example.no>: Relay access denied": "R R S S S S F A",
    "504 5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname": "S S S S S S S A",
    "554 5.7.1 Service unavailable; Client host [10.0.0.5] blocked using zen.example.no": "S S S S S S S A",
    "450 4.7.1 Client host rejected: cannot find your reverse hostname": "S S R S S S S A",
    "550 5.7.26 This mail has been blocked because the sender is unauthenticated": "S S S S S S S A",
    "554 5.2.0 STOREDRV; SendAsDeniedException": "S S S S S S S A",
    "554 5.2.2 STOREDRV; QuotaExceededException": "R R S R R R R A",
    "554 5.2.0 Recipient rate exceeded": "R R S R R R R A",
    HANG: "N N N N N N U A",
    RESET: "N N N N N N U A",
    CLOSE: "N N N N N N U A",
    HALF: "N N N N N N U A",
    "250 " + "x" * 9000: "N N N N N N U A",
    "garbage": "N N N N N N U A",
    LATE: "A A A A A A A A",
}


@dataclass(frozen=True)
class Fate:
    """The outcome that is logged, what becomes of the letter, of the queue, and of the letter behind it."""

    outcome: str
    state: State
    attempt: int
    queue: str
    next_one: State


FATES = {
    "A": Fate("accepted", State.ACCEPTED, 0, "goes on", State.ACCEPTED),
    "N": Fate("not_sent", State.QUEUED, 0, "pauses", State.QUEUED),
    "R": Fate("relay", State.QUEUED, 0, "pauses", State.QUEUED),
    "S": Fate("setup", State.QUEUED, 0, "is held", State.QUEUED),
    "T": Fate("temporary", State.QUEUED, 1, "goes on", State.ACCEPTED),
    "J": Fate("rejected", State.REJECTED, 1, "goes on", State.ACCEPTED),
    "F": Fate("refused", State.DEAD, 1, "goes on", State.ACCEPTED),
    "U": Fate("unknown", State.UNKNOWN, 0, "goes on", State.ACCEPTED),
}
CELLS = [
    pytest.param(answer, number, letter, extension, id=f"{STEPS[number]}-{answer[:24]}-{letter}-{extension}")
    for answer, row in TABLE.items()
    for number, letter in enumerate(row.split())
    for extension in (("8BITMIME", "PIPELINING") if STEPS[number] in IN_ENVELOPE else ("8BITMIME",))
]


def test_matrix_is_whole() -> None:
    assert len(CELLS) == len(TABLE) * (len(STEPS) + len(IN_ENVELOPE)) == 348


@pytest.mark.parametrize(("answer", "number", "letter", "extension"), CELLS)
def test_fault_of_a_server(store: Store, answer: str, number: int, letter: str, extension: str) -> None:
    first, second = many(2)
    queue_.queue(store, [first, second], NOW)
    usual = {"AUTH": "235 welcome", "DATA": "354 go on"}.get(STEPS[number], "250 OK")
    script: list[str] | str = [answer, usual] if STEPS[number] in IN_ENVELOPE else answer
    server = ScriptedServer({STEPS[number]: script}, (extension, "AUTH PLAIN"))

    report = asyncio.run(one_round(store, server, timeout=0.15 if answer in (HANG, HALF) else 10.0))

    fate = FATES[letter]
    (attempt, *_) = queue_.attempts_of(store, first.id)
    phase = Phase.DATA if letter == "A" else PHASES[number]
    assert (attempt.outcome, attempt.phase, attempt.code) == (fate.outcome, phase, code_of(answer, letter))
    known = {info.id: info for info in queue_.letters_by_state(store)}
    assert (known[first.id].state, known[first.id].attempt) == (fate.state, fate.attempt)
    assert (known[second.id].state, known[second.id].attempt) == (fate.next_one, 0)
    assert queue(store, report) == fate.queue
    assert server.taken.count(first.wire + b".\r\n") == (STEPS[number] in (".", "QUIT") or letter == "A")


@pytest.mark.parametrize("answer", [*TABLE, "454 4.7.0 TLS not available due to temporary reason"])
def test_fault_at_starttls_rests_the_queue_and_nothing_goes_in_the_clear(store: Store, answer: str) -> None:
    first, second = many(2)
    queue_.queue(store, [first, second], NOW)
    server = ScriptedServer({"STARTTLS": answer}, ("STARTTLS", "AUTH PLAIN"))

    report = asyncio.run(one_round(store, server, timeout=0.15 if answer in (HANG, HALF) else 10.0, start_tls=True))

    # As at the greeting; a 220, and then no encryption, is no way either.
    letter = "N" if answer == LATE else TABLE.get(answer, "R")[0]
    (attempt, *_) = queue_.attempts_of(store, first.id)
    code = None if answer == LATE else code_of(answer, letter)
    assert (attempt.outcome, attempt.phase, attempt.code) == (FATES[letter].outcome, Phase.TLS, code)
    assert [(info.state, info.attempt) for info in queue_.letters_by_state(store)] == [(State.QUEUED, 0)] * 2
    assert queue(store, report) == FATES[letter].queue
    assert (server.commands, server.taken) == (["EHLO", "STARTTLS"], [])


async def one_round(
    store: Store,
    server: ScriptedServer,
    timeout: float,  # noqa: ASYNC109  (the transport's)
    *,
    start_tls: bool = False,
) -> SendReport:
    async with server.running() as port:
        place = SmtpServer(
            HOST,
            port,
            start_tls=start_tls,
            username="arshjul",
            password=SecretStr("hemmelig"),
            local_hostname="localhost",
            timeout=timeout,
            data_timeout=timeout,
        )
        return await send_round(store, SmtpTransport(place, Pace(1000)), clock, jitter=lambda: 0.0)


def clock() -> datetime:
    return NOW


def code_of(answer: str, letter: str) -> int | None:
    if letter == "A":
        return 250
    if answer in (HANG, RESET, CLOSE, HALF):
        return None
    return int(answer[:3]) if answer[:3].isdigit() and len(answer) < 1000 else -1


def queue(store: Store, report: SendReport) -> str:
    """Say what the queue does, by the report and by the store, which must agree."""
    hold, pause = holds.current(store), facts.pause(store)
    assert hold == report.hold
    if hold is not None:
        assert hold.kind is HoldKind.SETUP
        return "is held"
    assert (pause.until if pause else None) == report.paused_until
    return "pauses" if pause else "goes on"
