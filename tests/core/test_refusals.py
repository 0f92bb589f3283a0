"""Refusals as servers really word them: what of ours is refused, and what is the recipient's however it is worded."""

from __future__ import annotations

import pytest

from arshjul.mail.checkup import REMEDIES, hold_reason
from arshjul.mail.verdicts import Cause, Outcome, Phase, Verdict, cause_of, judge_reply

OURS = {
    Cause.HELLO: (
        "504 5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname",
        "450 4.7.1 <3f2a9c81d0e4>: Helo command rejected: Host not found",
        "554 5.7.1 <localhost>: Helo command rejected: Access denied",
        "501 5.5.4 Invalid EHLO domain",
        "550 5.7.506 Access Denied, Bad HELO",
        "550 5.7.0 HELO argument [localhost.localdomain] is malformed",
        "550 Access denied - Invalid HELO name (See RFC2821 4.1.1.1)",
        "501 Syntactically invalid EHLO argument(s)",
    ),
    Cause.LOGIN: (
        "550 5.7.1 Authentication required",
        "550 SMTP AUTH is required for message submission on port 587",
        "554 5.7.1 You must authenticate before sending mail",
    ),
    Cause.PROOF: (
        "550 5.7.26 This mail has been blocked because the sender is unauthenticated. Gmail requires all senders to "
        "authenticate with either SPF or DKIM. https://support.google.com/mail/answer/81126 4fb4d7f45d1cf - gsmtp",
        "421 4.7.26 This mail has been rate limited because it is unauthenticated.",
        "550 5.7.26 Unauthenticated email from example.no is not accepted due to domain's DMARC policy.",
        "550 5.7.515 Access denied, sending domain example.no does not meet the required authentication level.",
        "550 5.7.509 Access denied, sending domain [example.no] does not pass DMARC verification",
        "550 5.7.23 <kari@example.no>: Recipient address rejected: Message rejected due to: SPF fail - not authorized.",
        "550 5.7.1 <kari@example.no>: Recipient address rejected: Message rejected due to: SPF fail",
        "550 5.7.1 Email rejected per DMARC policy for example.no",
        "550 5.7.1 rejected by DMARC policy for example.no",
        "550 5.7.20 No passing DKIM signature found",
        "554 5.7.9 Message not accepted for policy reasons.",
        "550-SPF check failed",
    ),
    Cause.DOMAIN: (
        "550 5.1.8 <arshjul@example.no>: Sender address rejected: Domain not found",
        "450 4.1.8 <arshjul@example.no>: Sender address rejected: Domain not found",
        "553 5.1.8 <arshjul@example.no>... Domain of sender address arshjul@example.no does not exist",
        "553 5.7.1 <arshjul@example.no>: Sender address rejected: not owned by user post@example.no",
        "550 Sender verify failed",
        "550 5.7.27 Sender address has null MX",
        "550 5.7.511 Access denied, banned sender[203.0.113.9].",
        "550 5.7.1 Sender rejected",
        "550 5.1.7 Bad sender",
        "554 5.7.1 Service unavailable; Sender address [arshjul@example.no] blocked using dbl.spamhaus.org",
    ),
    Cause.BLOCKED: (
        "554 5.7.1 Service unavailable; Client host [10.0.0.5] blocked using zen.spamhaus.org; "
        "https://www.spamhaus.org/query/ip/10.0.0.5",
        "550 5.7.606 Access denied, banned sending IP [203.0.113.9]. To request removal from this list please visit "
        "https://sender.office.com/",
        "550 5.7.513 Service unavailable, Client host [203.0.113.9] blocked by example.no using Customer Block list",
        "554 Your access to this mail system has been rejected due to the sending MTA's poor reputation. If you "
        "believe that this failure is in error, please contact the intended recipient via alternate means.",
        "550 rejected because 203.0.113.9 is in a black list at rbl.example.no",
        "553 5.7.1 [BL21] Connections will not be accepted from 203.0.113.9",
        "550 5.7.1 The IP you're using to send mail is not authorized to send email directly to our servers.",
        "554 5.7.1 Your IP address 203.0.113.9 has been blocked",
    ),
    Cause.NAME: (
        "450 4.7.1 Client host rejected: cannot find your reverse hostname, [203.0.113.9]",
        "450 4.7.25 Client host rejected: cannot find your hostname, [203.0.113.9]",
        "554 5.7.1 <unknown[203.0.113.9]>: Client host rejected: Access denied",
        "550 5.7.25 The IP address sending this message does not have a PTR record setup",
        "550 5.7.1 Fix reverse DNS for 203.0.113.9",
    ),
}  # fmt: skip
THEIRS = (
    "550 5.1.1 <kari@example.no>: Recipient address rejected: User unknown in virtual mailbox table",
    "550 5.1.1 The email account that you tried to reach does not exist. Please try double-checking the recipient's "
    "email address for typos. https://support.google.com/mail/?p=NoSuchUser - gsmtp",
    "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
    "550 5.4.1 Recipient address rejected: Access denied. AS(201806281)",
    "552 5.2.2 <kari@example.no>: user is over quota",
    "550 5.7.1 Recipient rejected by policy",
    "550 5.7.1 <helo@example.no>: Recipient address rejected: policy",
    "550 5.7.1 <kari@spf.example.no>: not here, says mx.spf.example.no",
    "550 no mailbox for kari on this host",
    "550 5.7.1 TRANSPORT.RULES.RejectMessage; unauthenticated mail is rejected by organization policy",
    "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required",
    "550 5.7.1 RESOLVER.RST.AuthRequired; authentication required",
    "550 5.7.1 Unknown sender: only members may post to this list",
    "550 5.7.1 The sender is blocked by the recipient",
    "550 5.1.1 Unknown user, see https://example.no/dmarc/spf",
    "554 5.7.1 Spam message rejected",
    "550 5.7.1 [203.0.113.9 12] Our system has detected that this message is likely unsolicited mail.",
)
FOR_NOW = (
    "450 4.7.1 <kari@example.no>: Recipient address rejected: Greylisted, try again later",
    "421 4.7.0 Our system has detected an unusual rate of unsolicited mail originating from your IP address.",
    "450 4.7.1 Client host [203.0.113.9] greylisted",
    "451 4.3.0 <arshjul@example.no>: Sender address rejected: temporary lookup failure",
)


@pytest.mark.parametrize("phase", [Phase.RCPT, Phase.DATA])
@pytest.mark.parametrize(("cause", "reply"), [(cause, reply) for cause, replies in OURS.items() for reply in replies])
def test_refusal_of_us_holds_whatever_the_code_and_says_whom_to_ask(phase: Phase, cause: Cause, reply: str) -> None:
    code, text = int(reply[:3]), reply[4:]

    verdict = judge_reply(phase, code, text)

    assert (verdict.outcome, verdict.cause) == (Outcome.SETUP, cause)
    assert hold_reason(verdict) == (
        f"{REMEDIES[cause].what}: {code} {text.rstrip('.')}. {REMEDIES[cause].ask} Kjør «arshjul doctor»."
    )
    assert REMEDIES[cause].ask.startswith("Spør den som drifter e-posttjeneren")


@pytest.mark.parametrize("reply", THEIRS)
def test_refusal_that_names_no_fault_of_ours_is_the_recipients(reply: str) -> None:
    code, text = int(reply[:3]), reply[4:]
    assert cause_of(code, text) is None
    assert judge_reply(Phase.RCPT, code, text).outcome in (Outcome.REJECTED, Outcome.REFUSED)


@pytest.mark.parametrize("reply", FOR_NOW)
def test_refusal_that_time_mends_holds_nothing(reply: str) -> None:
    code, text = int(reply[:3]), reply[4:]
    assert cause_of(code, text) is None
    assert judge_reply(Phase.RCPT, code, text).outcome in (Outcome.RELAY, Outcome.TEMPORARY)


@pytest.mark.parametrize("phase", [Phase.CONNECT, Phase.TLS])
@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        ("501 5.5.4 Invalid EHLO domain", Outcome.SETUP),
        ("501 5.0.0 Invalid domain name", Outcome.SETUP),
        ("554 5.7.1 Client host [10.0.0.5] blocked using zen.spamhaus.org", Outcome.SETUP),
        ("554 No SMTP service here", Outcome.RELAY),
        ("421 4.3.2 Service closing", Outcome.RELAY),
    ],
)
def test_greeting_that_is_refused_holds_only_for_what_is_ours(phase: Phase, reply: str, outcome: Outcome) -> None:
    assert judge_reply(phase, int(reply[:3]), reply[4:]).outcome is outcome


@pytest.mark.parametrize(
    ("verdict", "reason"),
    [
        (
            Verdict(Outcome.SETUP, Phase.RCPT, 554, "5.7.1 <kari@example.no>: Relay access denied"),
            "E-posttjeneren sender ikke brev videre for oss: 554 5.7.1 <kari@example.no>: Relay access denied. Spør "
            "den som drifter e-posttjeneren, om denne maskinen får sende gjennom den, eller om vi skal logge inn. "
            "Kjør «arshjul doctor».",
        ),
        (
            Verdict(Outcome.SETUP, Phase.RCPT, 550, "5.7.708 Access denied, traffic not accepted from this IP"),
            "Microsoft har sperret organisasjonen for å sende e-post: 550 5.7.708 Access denied, traffic not accepted "
            "from this IP. Spør den som drifter Microsoft 365 hos dere, hvorfor. Det står i Microsoft Defender. "
            "Kjør «arshjul doctor».",
        ),
        (
            Verdict(Outcome.SETUP, Phase.AUTH, 535, "5.7.8 Bad credentials"),
            "E-posttjeneren godtar ikke innloggingen, avsenderen eller maskinen: 535 5.7.8 Bad credentials. "
            "Kjør «arshjul doctor».",
        ),
    ],
)  # fmt: skip
def test_hold_says_what_is_refused_in_words(verdict: Verdict, reason: str) -> None:
    assert hold_reason(verdict) == reason
