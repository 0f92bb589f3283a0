"""What a server's answer means, and what it makes of a letter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from arshjul.mail.verdicts import (
    BACKOFF,
    MAX_ATTEMPTS,
    WORDS,
    Change,
    Outcome,
    Phase,
    State,
    Verdict,
    after,
    judge_reply,
    judge_silence,
    relay_pause,
)

NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)


def test_every_state_has_one_word_of_its_own() -> None:
    assert list(WORDS.items()) == [
        (State.QUEUED, "venter"),
        (State.SENDING, "sendes"),
        (State.DATA_STARTED, "sendes nå"),
        (State.ACCEPTED, "sendt"),
        (State.UNKNOWN, "usikkert"),
        (State.HELD, "holdt tilbake"),
        (State.REJECTED, "avvist"),
        (State.DEAD, "ikke levert"),
        (State.EXPIRED, "for sent"),
        (State.CANCELLED, "trukket"),
        (State.SUPPRESSED, "stanset"),
    ]


@pytest.mark.parametrize(
    ("phase", "code", "text", "outcome"),
    [
        (Phase.CONNECT, 421, "Service not available", Outcome.RELAY),
        (Phase.CONNECT, 554, "No SMTP service here", Outcome.RELAY),
        (Phase.TLS, 454, "TLS not available", Outcome.RELAY),
        (Phase.AUTH, 535, "5.7.3 Authentication unsuccessful", Outcome.SETUP),
        (Phase.AUTH, 535, "5.7.139 SmtpClientAuthentication is disabled for the Tenant", Outcome.SETUP),
        (Phase.AUTH, 454, "4.7.0 Temporary authentication failure", Outcome.RELAY),
        (Phase.MAIL, 250, "", Outcome.NOT_SENT),
        (Phase.MAIL, 432, "4.3.2 Concurrent connections limit exceeded", Outcome.RELAY),
        (Phase.MAIL, 451, "4.3.0 Try later", Outcome.RELAY),
        (Phase.MAIL, 530, "5.7.57 Client not authenticated", Outcome.SETUP),
        (Phase.MAIL, 550, "5.7.30 Basic authentication is not supported for Client Submission", Outcome.SETUP),
        (Phase.MAIL, 552, "5.3.4 Message size exceeds fixed limit", Outcome.REFUSED),
        (Phase.RCPT, 421, "Closing", Outcome.RELAY),
        (Phase.RCPT, 450, "Mailbox busy", Outcome.TEMPORARY),
        (Phase.RCPT, 451, "Local error", Outcome.TEMPORARY),
        (Phase.MAIL, 451, "4.7.500 Server busy", Outcome.RELAY),
        (Phase.MAIL, 550, "4.7.1 Try again later", Outcome.RELAY),
        (Phase.RCPT, 451, "4.7.1 Try again later", Outcome.TEMPORARY),
        (Phase.RCPT, 550, "4.7.1 Try again later", Outcome.TEMPORARY),
        (Phase.GO_AHEAD, 451, "4.7.1 Try again later", Outcome.TEMPORARY),
        (Phase.DATA, 451, "4.7.1 Greylisted", Outcome.TEMPORARY),
        (Phase.RCPT, 421, "4.7.0 Closing", Outcome.RELAY),
        (Phase.RCPT, 452, "4.2.2 Mailbox full", Outcome.TEMPORARY),
        (Phase.RCPT, 501, "Bad address", Outcome.REJECTED),
        (Phase.RCPT, 550, "5.1.1 No such user", Outcome.REJECTED),
        (Phase.RCPT, 550, "5.1.10 Recipient not found", Outcome.REJECTED),
        (Phase.RCPT, 552, "5.2.2 Mailbox full", Outcome.REFUSED),
        (Phase.RCPT, 553, "Mailbox name not allowed", Outcome.REJECTED),
        (Phase.RCPT, -1, "Malformed SMTP response line", Outcome.NOT_SENT),
        (Phase.MAIL, 550, "5.7.60 Not allowed to send as this sender", Outcome.SETUP),
        (Phase.MAIL, 553, "Sender refused", Outcome.SETUP),
        (Phase.MAIL, 554, "5.2.0 recipient rate exceeded", Outcome.RELAY),
        (Phase.GO_AHEAD, 250, "", Outcome.NOT_SENT),
        (Phase.GO_AHEAD, 451, "Local error", Outcome.TEMPORARY),
        (Phase.GO_AHEAD, 554, "No valid recipients", Outcome.REFUSED),
        (Phase.GO_AHEAD, -1, "Malformed SMTP response line", Outcome.NOT_SENT),
        (Phase.DATA, 251, "Will forward", Outcome.ACCEPTED),
        (Phase.DATA, 354, "Go on, again", Outcome.UNKNOWN),
        (Phase.DATA, 421, "Closing", Outcome.RELAY),
        (Phase.DATA, 451, "Local error", Outcome.TEMPORARY),
        (Phase.DATA, 452, "Insufficient storage", Outcome.TEMPORARY),
        (Phase.DATA, 550, "Content refused", Outcome.REFUSED),
        (Phase.DATA, 552, "5.3.4 Too large", Outcome.REFUSED),
        (Phase.DATA, 554, "5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException", Outcome.SETUP),
        (Phase.DATA, 554, "5.2.2 STOREDRV; QuotaExceededException", Outcome.RELAY),
        (Phase.DATA, 554, "5.2.0 recipient rate exceeded", Outcome.RELAY),
        (Phase.DATA, 554, "5.6.0 Corrupt", Outcome.REFUSED),
        (Phase.DATA, -1, "Response too long", Outcome.UNKNOWN),
        (Phase.DATA, 700, "?", Outcome.UNKNOWN),
    ],
)
def test_reply_is_judged_by_phase_and_code(phase: Phase, code: int, text: str, outcome: Outcome) -> None:
    assert judge_reply(phase, code, text) == Verdict(outcome, phase, code, text)


@pytest.mark.parametrize("phase", Phase)
def test_silence_is_doubt_only_once_the_letter_is_on_the_line(phase: Phase) -> None:
    expected = Outcome.UNKNOWN if phase is Phase.DATA else Outcome.NOT_SENT
    assert judge_silence(phase, "Timed out\n waiting") == Verdict(expected, phase, None, "Timed out waiting")


@pytest.mark.parametrize(
    ("text", "code"), [("5.7.139 off", "5.7.139"), ("Error: 4.3.2.", ""), ("10.5.1.1 is no code", ""), ("", "")]
)
def test_enhanced_code_is_found_in_the_text(text: str, code: str) -> None:
    assert Verdict(Outcome.RELAY, Phase.AUTH, 535, text).enhanced == code


@pytest.mark.parametrize(
    ("outcome", "change"),
    [
        (Outcome.ACCEPTED, Change(State.ACCEPTED, 2)),
        (Outcome.NOT_SENT, Change(State.QUEUED, 2, 1, NOW + timedelta(minutes=1), pauses=True)),
        (Outcome.RELAY, Change(State.QUEUED, 2, 1, NOW + timedelta(minutes=1), pauses=True)),
        (Outcome.SETUP, Change(State.QUEUED, 2, 1, NOW + timedelta(minutes=1))),
        (Outcome.TEMPORARY, Change(State.QUEUED, 3, 1, NOW + timedelta(minutes=15))),
        (Outcome.REJECTED, Change(State.REJECTED, 3)),
        (Outcome.REFUSED, Change(State.DEAD, 3)),
        (Outcome.UNKNOWN, Change(State.UNKNOWN, 2, 2, NOW + timedelta(minutes=30))),
    ],
)
def test_only_what_is_about_the_letter_costs_an_attempt(outcome: Outcome, change: Change) -> None:
    assert after(Verdict(outcome, Phase.DATA), 2, 1, NOW, 0) == change


@pytest.mark.parametrize(
    ("outcome", "change"),
    [
        (Outcome.ACCEPTED, Change(State.ACCEPTED, 0, 2)),
        (Outcome.NOT_SENT, Change(State.UNKNOWN, 0, 2, NOW + timedelta(minutes=1), pauses=True)),
        (Outcome.RELAY, Change(State.UNKNOWN, 0, 2, NOW + timedelta(minutes=1), pauses=True)),
        (Outcome.TEMPORARY, Change(State.UNKNOWN, 1, 2, NOW + timedelta(minutes=1))),
        (Outcome.REJECTED, Change(State.REJECTED, 1, 2)),
        (Outcome.REFUSED, Change(State.DEAD, 1, 2)),
        (Outcome.UNKNOWN, Change(State.HELD, 0, 2)),
    ],
)
def test_a_letter_in_doubt_stays_so_until_it_is_settled_and_a_second_doubt_is_held(
    outcome: Outcome, change: Change
) -> None:
    assert after(Verdict(outcome, Phase.DATA), 0, 2, NOW, 0) == change


def test_waiting_grows_and_in_the_end_gives_up() -> None:
    waits = [after(Verdict(Outcome.TEMPORARY, Phase.RCPT), attempt, 1, NOW, 0).next_at for attempt in range(9)]
    assert waits == [NOW + timedelta(minutes=m) for m in (1, 5, 15, 30, 60, 120, 240, 240, 240)]
    assert after(Verdict(Outcome.TEMPORARY, Phase.RCPT), MAX_ATTEMPTS - 1, 1, NOW, 0) == Change(
        State.DEAD, MAX_ATTEMPTS
    )


@pytest.mark.parametrize(("jitter", "seconds"), [(-1, 48), (0, 60), (1, 72)])
def test_waiting_is_stretched_by_a_fifth_at_most(jitter: float, seconds: int) -> None:
    assert after(Verdict(Outcome.TEMPORARY, Phase.RCPT), 0, 1, NOW, jitter).next_at == NOW + timedelta(seconds=seconds)


def test_the_queue_rests_longer_each_time() -> None:
    assert [relay_pause(count) for count in range(5)] == [timedelta(minutes=m) for m in (1, 5, 15, 15, 15)]
    assert BACKOFF[0] == timedelta(minutes=1)


def test_letter_is_tried_for_five_days() -> None:
    now = start = NOW
    for attempt in range(MAX_ATTEMPTS - 1):
        change = after(Verdict(Outcome.TEMPORARY, Phase.RCPT), attempt, 1, now, 0)
        assert change.next_at is not None
        now = change.next_at
    assert timedelta(days=4, hours=23) < now - start < timedelta(days=5, hours=1)
