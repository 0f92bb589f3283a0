"""Replies of mail servers as they are really worded: which of them are about one recipient, and which about us."""

from __future__ import annotations

import pytest

from arshjul.mail.verdicts import Outcome, Phase, Verdict, judge_reply, judge_silence


@pytest.mark.parametrize(
    "reply",
    [
        "554 5.7.1 <kari@example.no>: Relay access denied",
        "554 <kari@example.no>: Relay access denied",
        "550 5.7.1 Unable to relay",
        "550 5.7.1 Unable to relay for kari@example.no",
        "550 5.7.1 <kari@example.no>... Relaying denied. IP name lookup failed [203.0.113.9]",
        "550 relay not permitted",
        "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain",
        "550 5.7.64 TenantAttribution; Relay Access Denied [DB5EUR01FT028.eop-EUR01.prod.protection.outlook.com]",
        "550 5.7.57 SMTP; Client was not authenticated to send anonymous mail",
        "550 5.7.705 Access denied, tenant has exceeded threshold",
        "550 5.7.708 Access denied, traffic not accepted from this IP",
        "550 5.7.750 Service unavailable. Client blocked from sending from unregistered domains",
        "550 5.1.8 Access denied, bad outbound sender",
        "554 5.7.1 <unknown[203.0.113.9]>: Client host rejected: Access denied",
        "553 5.7.1 <arshjul@example.no>: Sender address rejected: not owned by user post@example.no",
    ],
)
@pytest.mark.parametrize("phase", [Phase.MAIL, Phase.RCPT])
def test_refusal_of_whatever_we_send_is_the_set_ups(phase: Phase, reply: str) -> None:
    code, _, text = reply.partition(" ")
    assert judge_reply(phase, int(code), text) == Verdict(Outcome.SETUP, phase, int(code), text)


@pytest.mark.parametrize(
    "reply",
    [
        "550 5.1.1 <kari@example.no>: Recipient address rejected: User unknown in relay recipient table",
        "550 <kari@example.no>: Recipient address rejected: User unknown in relay recipient table",
        "550 5.7.1 <kari@relay.example.no>: Access denied",
        "550 5.7.1 <relay@example.no>: Access denied",
        "550 5.7.1 relay.example.no: you may not write to this recipient",
        "550 5.7.1 TRANSPORT.RULES.RejectMessage; the message was rejected by organization policy",
        "550 5.7.124 Sender not in allowed-senders list",
        "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required",
        "550 5.7.703 Your message can't be delivered because messages to kari@example.no are blocked",
        "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
    ],
)
def test_refusal_of_one_recipient_is_the_letters(reply: str) -> None:
    code, _, text = reply.partition(" ")
    assert judge_reply(Phase.RCPT, int(code), text) == Verdict(Outcome.REJECTED, Phase.RCPT, int(code), text)


def test_relaying_refused_for_now_pauses_the_queue() -> None:
    text = "4.7.1 <kari@example.no>: Relay access denied"
    assert judge_reply(Phase.RCPT, 454, text) == Verdict(Outcome.RELAY, Phase.RCPT, 454, text)
    greylisted = "4.7.1 <kari@example.no>: Recipient address rejected: Greylisted by this relay"
    assert judge_reply(Phase.RCPT, 450, greylisted) == Verdict(Outcome.TEMPORARY, Phase.RCPT, 450, greylisted)


@pytest.mark.parametrize(
    ("phase", "reply", "stored"),
    [
        (Phase.RCPT, "5.1.1 \x1b]0;eid\x07 unknown\r\n\u202eno", r"5.1.1 \x1b]0;eid\x07 unknown \u202eno"),
        (Phase.AUTH, "5.7.8 AGFyc2hqdWwAaGVtbWVsaWc= is wrong", "5.7.8 *** is wrong"),
        (
            Phase.DATA,
            "5.6.0 https://kalender.example.no/u/Xq3_vN8-kZt0bLw2 is spam",
            "5.6.0 https://kalender.example.no/u/*** is spam",
        ),
    ],
)
def test_verdict_holds_of_a_reply_what_can_be_printed(phase: Phase, reply: str, stored: str) -> None:
    assert judge_reply(phase, 550, reply).text == stored
    assert judge_silence(phase, reply).text == stored
    assert Verdict(Outcome.ACCEPTED, phase, 250, reply).text == stored


def test_verdict_tells_of_a_long_reply_that_it_is_cut() -> None:
    assert judge_reply(Phase.RCPT, 550, "x" * 501).text == "x" * 499 + "…"
