"""Letters to real SMTP servers, good ones and bad ones, and what is known of the letter afterwards."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest
from pydantic import SecretStr

from arshjul.mail.smtp import Pace, SmtpServer, SmtpTransport
from arshjul.mail.transports import Parcel
from arshjul.mail.verdicts import Outcome, Phase, Verdict
from tests.smtp_servers import (
    CLOSE,
    HANG,
    HOST,
    LATE,
    PASSWORD,
    RESET,
    USER,
    Certificate,
    ScriptedServer,
    Sink,
    plain_server,
    secure_server,
)

T = TypeVar("T")
WIRE = b"From: arshjul@example.no\r\nSubject: Frist\r\n\r\n.En linje med punktum foran\r\n..\r\nSlutt\r\n"
PARCEL = Parcel("01JD", "arshjul@example.no", "kari@example.no", WIRE)


def run(work: Coroutine[Any, Any, T]) -> T:
    async def bounded() -> T:
        async with asyncio.timeout(20):
            return await work

    return asyncio.run(bounded())


async def nothing() -> None:
    """Nobody is told that DATA comes."""


def transport(port: int, **changes: Any) -> SmtpTransport:  # noqa: ANN401  (fields of SmtpServer)
    values = {"start_tls": False, "local_hostname": "localhost", "timeout": 5.0, "data_timeout": 5.0}
    return SmtpTransport(SmtpServer(HOST, port, **(values | changes)))  # type: ignore[arg-type]  # values of many types


def test_a_letter_arrives_byte_for_byte_encrypted_and_logged_in(certificate: Certificate) -> None:
    sink = Sink()

    async def work() -> Verdict:
        async with secure_server(sink, certificate) as port:
            way = transport(
                port,
                start_tls=True,
                tls_context=certificate.client,
                username=USER,
                password=SecretStr(PASSWORD),
            )
            verdict = await way.deliver(PARCEL, nothing)
            await way.close()
            return verdict

    assert run(work()) == Verdict(Outcome.ACCEPTED, Phase.DATA, 250, "OK")
    (envelope,) = sink.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == (PARCEL.sender, [PARCEL.recipient])
    assert sink.wires == [WIRE]
    assert sink.was_encrypted


def test_without_starttls_at_the_server_nothing_is_sent() -> None:
    sink = Sink()

    async def work() -> Verdict:
        async with plain_server(sink) as port:
            return await transport(port, start_tls=True).deliver(PARCEL, nothing)

    verdict = run(work())
    assert (verdict.outcome, verdict.phase, sink.envelopes) == (Outcome.RELAY, Phase.TLS, [])


def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: Certificate) -> None:
    sink = Sink()

    async def work() -> Verdict:
        async with secure_server(sink, certificate) as port:
            return await transport(port, start_tls=True, tls_context=ssl.create_default_context()).deliver(
                PARCEL, nothing
            )

    verdict = run(work())
    assert (verdict.outcome, verdict.phase, sink.envelopes) == (Outcome.NOT_SENT, Phase.TLS, [])
    assert verdict.text == "sertifikatet er ikke gyldig for navnet"


def test_a_wrong_password_is_the_set_ups_fault_and_stays_secret(certificate: Certificate) -> None:
    wrong = SecretStr("feil-passord")

    async def work() -> tuple[Verdict, str]:
        async with secure_server(Sink(), certificate) as port:
            way = transport(port, start_tls=True, tls_context=certificate.client, username=USER, password=wrong)
            verdict = await way.deliver(PARCEL, nothing)
            return verdict, repr(way)

    verdict, shown = run(work())
    assert (verdict.outcome, verdict.phase, verdict.code) == (Outcome.SETUP, Phase.AUTH, 535)
    assert "feil-passord" not in shown + repr(verdict)


def test_a_server_that_is_away_is_not_sent() -> None:
    verdict = run(transport(1).deliver(PARCEL, nothing))
    assert (verdict.outcome, verdict.phase, verdict.code) == (Outcome.NOT_SENT, Phase.CONNECT, None)


@pytest.mark.parametrize(
    ("step", "answer", "outcome", "phase", "code"),
    [
        ("greeting", "421 4.3.2 closing", Outcome.RELAY, Phase.CONNECT, 421),
        ("greeting", "554 no", Outcome.RELAY, Phase.CONNECT, 554),
        ("greeting", CLOSE, Outcome.NOT_SENT, Phase.CONNECT, None),
        ("greeting", HANG, Outcome.NOT_SENT, Phase.CONNECT, None),
        ("EHLO", "550 no", Outcome.RELAY, Phase.CONNECT, 550),
        ("MAIL", "421 4.3.2 closing", Outcome.RELAY, Phase.MAIL, 421),
        ("MAIL", "550 5.7.60 SendAsDenied", Outcome.SETUP, Phase.MAIL, 550),
        ("MAIL", CLOSE, Outcome.NOT_SENT, Phase.MAIL, None),
        ("MAIL", HANG, Outcome.NOT_SENT, Phase.MAIL, None),
        ("RCPT", "450 4.2.1 busy", Outcome.TEMPORARY, Phase.RCPT, 450),
        ("RCPT", "550 5.1.1 unknown", Outcome.REJECTED, Phase.RCPT, 550),
        ("RCPT", "garbage", Outcome.NOT_SENT, Phase.RCPT, -1),
        ("RCPT", RESET, Outcome.NOT_SENT, Phase.RCPT, None),
        ("RCPT", HANG, Outcome.NOT_SENT, Phase.RCPT, None),
        ("DATA", "451 4.3.0 later", Outcome.TEMPORARY, Phase.GO_AHEAD, 451),
        ("DATA", "250 what?", Outcome.NOT_SENT, Phase.GO_AHEAD, 250),
        ("DATA", HANG, Outcome.NOT_SENT, Phase.GO_AHEAD, None),
        (".", "451 4.3.0 later", Outcome.TEMPORARY, Phase.DATA, 451),
        (".", "452 4.3.1 full", Outcome.TEMPORARY, Phase.DATA, 452),
        (".", "554 5.6.0 content", Outcome.REFUSED, Phase.DATA, 554),
        (".", "554 5.2.0 SendAsDeniedException", Outcome.SETUP, Phase.DATA, 554),
        (".", "251 forwarded", Outcome.ACCEPTED, Phase.DATA, 251),
        (".", "250 " + "x" * 9000, Outcome.UNKNOWN, Phase.DATA, -1),
        (".", CLOSE, Outcome.UNKNOWN, Phase.DATA, None),
        (".", RESET, Outcome.UNKNOWN, Phase.DATA, None),
        (".", HANG, Outcome.UNKNOWN, Phase.DATA, None),
        ("QUIT", RESET, Outcome.ACCEPTED, Phase.DATA, 250),
        ("QUIT", "500 no", Outcome.ACCEPTED, Phase.DATA, 250),
    ],
)
def test_what_is_known_depends_on_where_it_went_wrong(
    step: str, answer: str, outcome: Outcome, phase: Phase, code: int | None
) -> None:
    server = ScriptedServer({step: answer})

    async def work() -> Verdict:
        async with server.running() as port:
            way = transport(port, timeout=0.2, data_timeout=0.2)
            verdict = await way.deliver(PARCEL, nothing)
            await way.close()
            return verdict

    verdict = run(work())
    assert (verdict.outcome, verdict.phase, verdict.code) == (outcome, phase, code)
    assert len(server.taken) == (1 if step in (".", "QUIT") else 0)


@pytest.mark.parametrize(
    ("step", "answer", "code", "text"),
    [
        ("RCPT", "550-5.1.1 a\x1b[2J\r\n550 5.1.1 b\x7f", 550, r"5.1.1 a\x1b[2J 5.1.1 b\x7f"),
        ("RCPT", "garbage \x1b]52;c;eA==\x07", -1, r"Malformed SMTP response line: garbage \x1b]52;c;eA==\x07"),
        (".", "250 2.0.0 queued \u202eas 17", 250, r"2.0.0 queued \u202eas 17"),
        ("greeting", "554 no\x1b[8m", 554, r"no\x1b[8m"),
    ],
)
def test_reply_is_kept_as_text_that_can_be_printed(step: str, answer: str, code: int, text: str) -> None:
    server = ScriptedServer({step: answer})

    async def work() -> Verdict:
        async with server.running() as port:
            way = transport(port)
            verdict = await way.deliver(PARCEL, nothing)
            await way.close()
            return verdict

    verdict = run(work())
    assert (verdict.code, verdict.text) == (code, text)


@pytest.mark.parametrize(
    ("step", "outcome", "phase", "code"),
    [
        ("greeting", Outcome.NOT_SENT, Phase.CONNECT, None),
        ("MAIL", Outcome.NOT_SENT, Phase.MAIL, None),
        ("RCPT", Outcome.NOT_SENT, Phase.RCPT, None),
        ("DATA", Outcome.NOT_SENT, Phase.GO_AHEAD, None),
        (".", Outcome.ACCEPTED, Phase.DATA, 250),
    ],
)
def test_an_answer_after_the_final_dot_is_waited_for_much_longer_than_others(
    step: str, outcome: Outcome, phase: Phase, code: int | None
) -> None:
    server = ScriptedServer({step: LATE}, late_s=0.8)

    async def work() -> Verdict:
        async with server.running() as port:
            way = transport(port, timeout=0.3, data_timeout=3.0)
            verdict = await way.deliver(PARCEL, nothing)
            await way.close()
            return verdict

    verdict = run(work())
    assert (verdict.outcome, verdict.phase, verdict.code) == (outcome, phase, code)
    assert len(server.taken) == (step == ".")


def test_waits_are_those_of_rfc_5321_where_nothing_else_is_said() -> None:
    server = SmtpServer(HOST, local_hostname="arshjul.example.no")
    assert (server.timeout, server.data_timeout) == (60.0, 600.0)


def test_letters_of_a_round_share_one_connection() -> None:
    server = ScriptedServer({"RCPT": ["250 OK", "550 5.1.1 unknown", "450 4.2.1 busy", "250 OK"]})

    async def work() -> list[Outcome]:
        async with server.running() as port:
            way = transport(port)
            outcomes = [(await way.deliver(PARCEL, nothing)).outcome for _ in range(4)]
            await way.close()
            return outcomes

    assert run(work()) == [Outcome.ACCEPTED, Outcome.REJECTED, Outcome.TEMPORARY, Outcome.ACCEPTED]
    assert server.connections == 1
    assert server.commands.count("RSET") == 2


@pytest.mark.parametrize("answer", [CLOSE, "421 4.4.2 idle too long"])
def test_a_connection_that_went_stale_is_made_anew(answer: str) -> None:
    server = ScriptedServer({"MAIL": ["250 OK", answer, "250 OK"]})

    async def work() -> list[Outcome]:
        async with server.running() as port:
            way = transport(port)
            outcomes = [(await way.deliver(PARCEL, nothing)).outcome for _ in range(2)]
            await way.close()
            return outcomes

    assert run(work()) == [Outcome.ACCEPTED, Outcome.ACCEPTED]
    assert (server.connections, len(server.taken)) == (2, 2)


def test_data_is_announced_right_before_it_is_sent() -> None:
    server, seen = ScriptedServer(), list[str]()

    async def started() -> None:
        seen.extend(server.commands)

    async def work() -> Verdict:
        async with server.running() as port:
            return await transport(port).deliver(PARCEL, started)

    assert run(work()).outcome is Outcome.ACCEPTED
    assert seen == ["EHLO", "MAIL", "RCPT"]


def test_when_it_cannot_be_written_down_no_data_is_sent() -> None:
    server = ScriptedServer()

    async def started() -> None:
        raise LookupError("the disk is full")

    async def work() -> None:
        async with server.running() as port:
            with pytest.raises(LookupError, match="the disk is full"):
                await transport(port).deliver(PARCEL, started)

    run(work())
    assert (server.commands, server.taken) == (["EHLO", "MAIL", "RCPT"], [])


def test_a_connection_lost_before_data_is_not_doubt() -> None:
    server = ScriptedServer()

    async def work() -> Verdict:
        async with server.running() as port:
            way = transport(port)

            async def started() -> None:
                assert way._line is not None  # noqa: SLF001  (the connection is to be cut under its feet)
                way._line.close()  # noqa: SLF001  (breaks the line from inside)

            return await way.deliver(PARCEL, started)

    assert run(work()) == Verdict(Outcome.NOT_SENT, Phase.RCPT, None, "forbindelsen ble brutt før DATA")
    assert server.taken == []


@pytest.mark.parametrize("name", ["årshjul.example.no", "", "arshjul example.no"])
def test_name_that_cannot_be_greeted_with_is_no_traceback(name: str) -> None:
    server = ScriptedServer()

    async def work() -> Verdict:
        async with server.running() as port:
            return await transport(port, local_hostname=name).deliver(PARCEL, nothing)

    verdict = run(work())
    assert (verdict.outcome, verdict.phase, verdict.code) == (Outcome.NOT_SENT, Phase.CONNECT, None)
    assert verdict.text.startswith("uventet feil, ")
    assert server.taken == []


@dataclass
class Faulty:
    """Kills what it is told to at a place on the way, with an exception that no library of mail promises."""

    at: str
    error: Exception

    def __call__(self, label: str) -> None:
        if label == self.at:
            raise self.error


@pytest.mark.parametrize("error", [UnicodeError("æ"), KeyError("x"), RuntimeError("no loop"), EOFError(), IndexError()])
@pytest.mark.parametrize(
    ("at", "outcome", "phase"),
    [
        ("connected", Outcome.NOT_SENT, Phase.AUTH),
        ("mail", Outcome.NOT_SENT, Phase.MAIL),
        ("rcpt", Outcome.NOT_SENT, Phase.RCPT),
        ("go_ahead", Outcome.NOT_SENT, Phase.GO_AHEAD),
        ("sent", Outcome.UNKNOWN, Phase.DATA),
    ],
)
def test_exception_of_any_kind_is_judged_by_how_far_the_letter_had_come(
    at: str, outcome: Outcome, phase: Phase, error: Exception
) -> None:
    server, crash = ScriptedServer(), Faulty(at, error)

    async def work() -> tuple[Verdict, Verdict]:
        async with server.running() as port:
            way = transport(port)
            way.crash = crash
            first = await way.deliver(PARCEL, nothing)
            crash.at = ""
            second = await way.deliver(PARCEL, nothing)
            await way.close()
            return first, second

    first, second = run(work())
    assert (first.outcome, first.phase, first.code) == (outcome, phase, None)
    assert first.text.startswith(f"uventet feil, {type(error).__name__} (test_smtp.py:")
    assert (second.outcome, server.connections) == (Outcome.ACCEPTED, 2)


def test_exception_at_the_log_in_does_not_repeat_what_it_holds() -> None:
    async def work() -> Verdict:
        async with ScriptedServer().running() as port:
            way = transport(port)
            way.crash = Faulty("connected", ValueError("passordet er kanari"))
            return await way.deliver(PARCEL, nothing)

    verdict = run(work())
    assert (verdict.outcome, verdict.phase) == (Outcome.NOT_SENT, Phase.AUTH)
    assert "kanari" not in verdict.text


def test_pace_lets_so_many_go_in_any_minute() -> None:
    time, slept = [0.0], list[float]()

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        time[0] += seconds

    async def work() -> list[float]:
        pace = Pace(3, clock=lambda: time[0], sleep=sleep)
        sent = []
        for _ in range(7):
            await pace.step()
            sent.append(time[0])
            time[0] += 1.0
        return sent

    assert run(work()) == [0.0, 1.0, 2.0, 60.0, 61.0, 62.0, 120.0]
    assert slept == [57.0, 57.0]
