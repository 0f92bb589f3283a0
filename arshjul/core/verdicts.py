"""What a mail server's answer means for a letter: a pure table. Talking with the server is in `mail.smtp`.

The sources are RFC 5321 section 4.2, RFC 3463 and the replies of Exchange Online.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from arshjul.core.printable import printable
from arshjul.core.refusals import Cause, cause_of, enhanced_code


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
    rests until a person has mended the log-in, the sender, or the leave to send through the server. REJECTED is about
    the address, REFUSED about the letter itself. UNKNOWN is true doubt: the server may have taken it.
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
    """The outcome of one attempt, and what was said; `code` is None where the server said nothing.

    The text is made printable here: it is stored, logged, shown on the page and in letters as it stands.
    """

    outcome: Outcome
    phase: Phase
    code: int | None = None
    text: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", printable(self.text, is_log_in=self.phase is Phase.AUTH))

    @property
    def enhanced(self) -> str:
        """The enhanced status code (RFC 3463) in the text, "" without one."""
        return enhanced_code(self.text)

    @property
    def cause(self) -> Cause | None:
        """What of ours was refused, where the words or the enhanced code tell; None else, as at the log-in."""
        if self.code is None or self.phase is Phase.AUTH:
            return None
        return cause_of(self.code, self.text, is_greeting=self.phase in BEFORE_RECIPIENT)

    @property
    def said(self) -> str:
        """The answer with its code before it, or why there was none; an answer that is no SMTP has -1 for code."""
        return f"{self.code} {self.text}" if self.code and self.code > 0 else self.text


RELAY_CODES = frozenset({421, 432})
SETUP_CODES = frozenset({530, 534, 535, 538})
SETUP_ENHANCED = frozenset({
    "5.1.7", "5.1.8", "5.2.252", "5.7.3", "5.7.30", "5.7.54", "5.7.57", "5.7.60", "5.7.64", "5.7.139",
})  # fmt: skip
# Exchange uses 5.2.0 and 5.2.2 for several things; the exception's name in the text tells them apart.
RELAY_NAMES = ("QuotaExceeded", "RecipientLimitExceeded", "SubmissionQuotaExceeded")
SETUP_NAMES = ("SendAsDenied",)
# Exchange blocks the whole organisation with 5.7.7xx, but for 5.7.703: a recipient on its own block list.
BLOCKED_TENANT, BLOCKED_RECIPIENT = re.compile(r"5\.7\.7\d\d"), "5.7.703"
# Postfix and Exim say so at RCPT only, by words: "<kari@example.no>: Relay access denied". A name such as
# relay.example.no is no such word, and nor is a recipient unknown "in relay recipient table".
NO_LEAVE = re.compile(r"(?<![\w.@-])relay(?:ed|ing|s)?(?![\w@-]|\.\w)", re.IGNORECASE)
GENERAL = ("", "5.1.0", "5.7.0", "5.7.1")
"""Enhanced codes that leave it to the words what is refused."""
ABOUT_RECIPIENT = re.compile(r"recipient address rejected|user unknown", re.IGNORECASE)
BEFORE_RECIPIENT = (Phase.CONNECT, Phase.TLS)
ENVELOPE = (Phase.MAIL, Phase.RCPT, Phase.GO_AHEAD)
TOO_LARGE = 552
SUCCESS = range(200, 300)
FIRST_TEMPORARY, FIRST_PERMANENT, LAST_PERMANENT = 400, 500, 599


def judge_reply(phase: Phase, code: int, text: str) -> Verdict:
    """Say what a reply means that is not the one hoped for; any 2xx to the end of DATA means accepted."""
    text = printable(text, is_log_in=phase is Phase.AUTH)
    return Verdict(_outcome(phase, code, text), phase, code, text)


def judge_silence(phase: Phase, text: str) -> Verdict:
    """Say what a lost connection or a timeout means: doubt once the letter is on the line, else certainly not sent."""
    outcome = Outcome.UNKNOWN if phase is Phase.DATA else Outcome.NOT_SENT
    return Verdict(outcome, phase, None, text)


def _outcome(phase: Phase, code: int, text: str) -> Outcome:
    if not FIRST_TEMPORARY <= code <= LAST_PERMANENT:
        return _odd(phase, code)
    if _is_setup(phase, code, text):
        return Outcome.SETUP
    if _is_relay(phase, code, text):
        return Outcome.RELAY
    if code < FIRST_PERMANENT or is_put_off(text):
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
    """Tell whether our log-in, our sender or this machine is refused, which no waiting mends."""
    if _is_too_large(code, text):
        return False
    if Verdict(Outcome.SETUP, phase, code, text).cause is not None:
        return True
    if code < FIRST_PERMANENT:
        return False
    if code in SETUP_CODES or enhanced_code(text) in SETUP_ENHANCED or any(name in text for name in SETUP_NAMES):
        return True
    if is_blocked_tenant(text) or (phase in ENVELOPE and is_without_leave(text)):
        return True
    return phase is Phase.AUTH or (phase is Phase.MAIL and not (is_put_off(text) or _is_relay(Phase.RCPT, code, text)))


def is_blocked_tenant(text: str) -> bool:
    """Tell whether Exchange says that the whole organisation may not send."""
    enhanced = enhanced_code(text)
    return bool(BLOCKED_TENANT.fullmatch(enhanced)) and enhanced != BLOCKED_RECIPIENT


def is_without_leave(text: str) -> bool:
    """Tell whether the server will pass on nothing from us, whoever it is to."""
    return enhanced_code(text) in GENERAL and bool(NO_LEAVE.search(text)) and not ABOUT_RECIPIENT.search(text)


def is_put_off(text: str) -> bool:
    """Tell whether a recipient's server puts us off, as with greylisting; or all do, which a second one will show."""
    is_about_all = NO_LEAVE.search(text) and not ABOUT_RECIPIENT.search(text)
    return enhanced_code(text).startswith("4.7.") and not is_about_all


def _is_relay(phase: Phase, code: int, text: str) -> bool:
    """Tell whether the fault is the server's, so that every other letter would meet it too."""
    enhanced = enhanced_code(text)
    if code in RELAY_CODES or (enhanced.startswith("4.7.") and not is_put_off(text)):
        return True
    if any(name in text for name in RELAY_NAMES) or (code, enhanced) == (554, "5.2.0"):
        return True
    if phase is Phase.MAIL:  # the sender is the same in every letter
        return not _is_too_large(code, text)
    return phase in (Phase.CONNECT, Phase.TLS, Phase.AUTH)
