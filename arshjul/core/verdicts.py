"""What a mail server's answer means for a letter: a pure table. Talking with the server is in `mail.smtp`.

The sources are RFC 5321 section 4.2, RFC 3463 and the replies of Exchange Online.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
TEXT_LIMIT = 500


class Phase(StrEnum):
    """How far the conversation had come. GO_AHEAD: DATA is said, no byte of the letter; DATA: the letter is sent."""

    CONNECT = "connect"
    TLS = "tls"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    GO_AHEAD = "go_ahead"
    DATA = "data"


class Outcome(StrEnum):
    """What is known of the letter after an attempt.

    NOT_SENT, RELAY and SETUP are no fault of the letter and cost it no attempt; the whole queue pauses. After SETUP it
    rests until a person has mended the log-in or the sender. REJECTED is about the address, REFUSED about the letter
    itself. UNKNOWN is true doubt: the server may have taken it.
    """

    ACCEPTED = "accepted"
    NOT_SENT = "not_sent"
    RELAY = "relay"
    SETUP = "setup"
    TEMPORARY = "temporary"
    REJECTED = "rejected"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of one attempt, and what was said; `code` is None where the server said nothing."""

    outcome: Outcome
    phase: Phase
    code: int | None = None
    text: str = ""

    @property
    def enhanced(self) -> str:
        """The enhanced status code (RFC 3463) in the text, "" without one."""
        return enhanced_code(self.text)


RELAY_CODES = frozenset({421, 432})
SETUP_CODES = frozenset({530, 534, 535, 538})
SETUP_ENHANCED = frozenset({"5.7.3", "5.7.30", "5.7.57", "5.7.60", "5.7.139", "5.2.252"})
# Exchange uses 5.2.0 and 5.2.2 for several things; the exception's name in the text tells them apart.
RELAY_NAMES = ("QuotaExceeded", "RecipientLimitExceeded", "SubmissionQuotaExceeded")
SETUP_NAMES = ("SendAsDenied",)
TOO_LARGE = 552
SUCCESS = range(200, 300)
FIRST_TEMPORARY, FIRST_PERMANENT, LAST_PERMANENT = 400, 500, 599


def enhanced_code(text: str) -> str:
    found = ENHANCED.search(text)
    return found.group(1) if found else ""


def judge_reply(phase: Phase, code: int, text: str) -> Verdict:
    """Say what a reply means that is not the one hoped for; any 2xx to the end of DATA means accepted."""
    text = " ".join(text.split())[:TEXT_LIMIT]
    return Verdict(_outcome(phase, code, text), phase, code, text)


def judge_silence(phase: Phase, text: str) -> Verdict:
    """Say what a lost connection or a timeout means: doubt once the letter is on the line, else certainly not sent."""
    outcome = Outcome.UNKNOWN if phase is Phase.DATA else Outcome.NOT_SENT
    return Verdict(outcome, phase, None, " ".join(text.split())[:TEXT_LIMIT])


def _outcome(phase: Phase, code: int, text: str) -> Outcome:
    if not FIRST_TEMPORARY <= code <= LAST_PERMANENT:
        return _odd(phase, code)
    if _is_setup(phase, code, text):
        return Outcome.SETUP
    if _is_relay(phase, code, text):
        return Outcome.RELAY
    if code < FIRST_PERMANENT:
        return Outcome.TEMPORARY
    return Outcome.REJECTED if phase is Phase.RCPT and not _is_too_large(code, text) else Outcome.REFUSED


def _odd(phase: Phase, code: int) -> Outcome:
    """Judge a reply that is no refusal, or no reply at all (-1: malformed, or too long)."""
    if phase is not Phase.DATA:
        return Outcome.NOT_SENT
    return Outcome.ACCEPTED if code in SUCCESS else Outcome.UNKNOWN


def _is_too_large(code: int, text: str) -> bool:
    return code == TOO_LARGE or enhanced_code(text) == "5.3.4"


def _is_setup(phase: Phase, code: int, text: str) -> bool:
    """Tell whether our log-in or our sender is refused, which no waiting mends."""
    if code < FIRST_PERMANENT or _is_too_large(code, text):
        return False
    if code in SETUP_CODES or enhanced_code(text) in SETUP_ENHANCED or any(name in text for name in SETUP_NAMES):
        return True
    return phase is Phase.AUTH or (phase is Phase.MAIL and not _is_relay(Phase.RCPT, code, text))


def _is_relay(phase: Phase, code: int, text: str) -> bool:
    """Tell whether the fault is the server's, so that every other letter would meet it too."""
    enhanced = enhanced_code(text)
    if code in RELAY_CODES or enhanced.startswith("4.7."):
        return True
    if any(name in text for name in RELAY_NAMES) or (code, enhanced) == (554, "5.2.0"):
        return True
    if phase is Phase.MAIL:  # the sender is the same in every letter
        return not _is_too_large(code, text)
    return phase in (Phase.CONNECT, Phase.TLS, Phase.AUTH)
