"""What a server's answer means for a letter: the words of refusals, verdicts, and the states of the outbox."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from arshjul.printable import printable
from arshjul.wording import SAY

ENHANCED: Final = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")


class Cause(StrEnum):
    """What of ours is refused: the name we greet with, our log-in, the proof that a letter is ours, our domain, or us.

    BLOCKED is a list that this machine stands on, NAME the name that DNS has for its address.
    """

    HELLO = "hello"
    LOGIN = "login"
    PROOF = "proof"
    DOMAIN = "domain"
    BLOCKED = "blocked"
    NAME = "name"


def _word(words: str) -> str:
    """Return a pattern for whole words that are no part of a host's name or of an address."""
    return rf"(?<![\w.@-])(?:{words})(?![\w@-]|\.\w)"


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


BY_CODE: Final = (
    (re.compile(r"5\.7\.506"), Cause.HELLO),
    (re.compile(r"[45]\.7\.(?:2[0-4]|26|29|509|515)|5\.7\.9"), Cause.PROOF),
    (re.compile(r"[45]\.7\.27|5\.7\.511|5\.1\.[78]"), Cause.DOMAIN),
    (re.compile(r"5\.7\.(?:513|6\d\d)"), Cause.BLOCKED),
    (re.compile(r"[45]\.7\.25"), Cause.NAME),
)
OUR_SIDE: Final = r"(?:your|sending|source|client|remote|connecting)(?: smtp| mail)? (?:ip|server|host|mta|network)"
NOT_WANTED: Final = r"(?:block|reject|bann?ed|den(?:y|ied)|refus|listed|not (?:allow|accept|permit|authori))"
BY_WORDS: Final = (
    (_any(_word("helo|ehlo"), r"need fully[- ]qualified host ?name"), Cause.HELLO),
    (
        _any(
            r"authentication (?:is )?(?:required|needed)",
            _word("smtp auth"),
            r"not logged in",
            r"(?:must|please) (?:first )?(?:authenticate|log ?in)",
        ),
        Cause.LOGIN,
    ),
    (
        _any(
            _word(r"spf|dkim|dmarc|sender policy framework|sender id"),
            r"unauthenticated",
            r"not authenticated",
            r"authentication (?:level|check|fail|result|requirement|information)",
        ),
        Cause.PROOF,
    ),
    (
        _any(
            r"sender (?:address )?(?:was |is |has been )?(?:rejected|refused|denied|banned|blocked|invalid)",
            r"(?:bad|banned|invalid|unknown|unverified) (?:outbound )?sender",
            r"sender (?:address )?(?:verify|verification|callout) fail",
            r"sender address\b.{0,80}\b(?:does not exist|blocked|invalid|not (?:found|valid|exist))",
            r"(?:sender|sending|from|envelope|return[- ]path)(?:'s)?[ -](?:address )?domain",
            r"domain of (?:the )?sender",
            r"not (?:allowed|authori[sz]ed|permitted) to send (?:e?-?mail )?(?:as|from|on behalf)",
        ),
        Cause.DOMAIN,
    ),
    (
        _any(
            r"client host rejected",
            r"cannot find your (?:reverse )?host ?name",
            r"reverse (?:dns|host ?name|lookup)",
            _word("rdns|ptr"),
        ),
        Cause.NAME,
    ),
    (
        _any(
            r"spamhaus|spamcop|barracudacentral|uceprotect|abusix",
            _word(r"sorbs|dnsbl|rbl|(?:black|block|deny)[- ]?list(?:ed|s|ing)?"),
            r"blocked (?:using|by \S+ using)",
            r"banned (?:sending )?ip\b",
            r"(?:poor|bad|low) (?:\w+ )?reputation",
            rf"{OUR_SIDE}\b[^;]{{0,80}}\b{NOT_WANTED}",
            r"from (?:this|your) (?:ip|host|server|network)\b",
            r"connections? will not be accepted",
            r"\bip\b[^;]{0,60}\b(?:is|was|has been) (?:blocked|listed|banned)",
            r"the ip you're using",
            r"client host",
        ),
        Cause.BLOCKED,
    ),
)
INVALID_GREETING: Final = _any(r"invalid (?:domain|host) ?name", r"bad (?:domain|host) ?name", r"syntactically invalid")
"""What is said of the name we greet with when nothing else has been said yet."""

RECIPIENTS_CODE: Final = re.compile(r"5\.7\.(?:12\d|13\d|193|504|505|507|703)")
RECIPIENTS_WORDS: Final = _any(
    r"RESOLVER\.", r"TRANSPORT\.RULES", r"allowed[- ]senders?", r"only accepts?", r"tenant allow/block",
    r"(?:by|of) (?:the )?recipient", r"recipient(?:'s)? (?:has|does|only|is|domain|mailbox|server|list|block)",
    r"\bmembers?\b", r"subscri(?:ber|bed)", r"\bposting\b", r"user unknown", r"unknown user",
    r"no such (?:user|recipient|mailbox)", r"(?:mailbox|quota) (?:is )?(?:full|exceeded)",
)  # fmt: skip
"""What a recipient, a list or an organisation has chosen for itself; it may name the sender all the same."""

FOR_NOW: Final = _any(
    r"try (?:again|later)", r"temporar", r"\blater\b", r"\brate\b", r"too (?:many|fast|much)", r"unusual",
    r"gr[ea]y-?list", r"deferr", r"throttl", r"lookup", r"timed? ?out", r"delayed", r"\bbusy\b",
)  # fmt: skip
ADDRESS: Final = re.compile(r"<[^<>]*>|\bhttps?://\S+|[^\s<>@]+@[^\s<>@]+")


def enhanced_code(text: str) -> str:
    """Return the enhanced status code (RFC 3463) in a text, "" without one."""
    found = ENHANCED.search(text)
    return found.group(1) if found else ""


def cause_of(code: int, text: str, *, is_greeting: bool = False) -> Cause | None:
    """Say what of ours a reply refuses, by its enhanced code and its words, whatever the code; None if nothing is.

    A reply that is for now (4xx) and says that time will mend it is none. `is_greeting`: no recipient has been named.
    """
    enhanced = enhanced_code(text)
    if by_code := next((cause for pattern, cause in BY_CODE if pattern.fullmatch(enhanced)), None):
        return by_code
    words = ADDRESS.sub(" ", text)
    if RECIPIENTS_CODE.fullmatch(enhanced) or RECIPIENTS_WORDS.search(words):
        return None
    if code < FIRST_PERMANENT and FOR_NOW.search(words):
        return None
    if is_greeting and INVALID_GREETING.search(words):
        return Cause.HELLO
    return next((cause for pattern, cause in BY_WORDS if pattern.search(words)), None)


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


class State(StrEnum):
    """Where a letter is. ACCEPTED means that the server has taken it, not that anybody has it."""

    QUEUED = "queued"
    SENDING = "sending"
    DATA_STARTED = "data_started"
    ACCEPTED = "accepted"
    UNKNOWN = "unknown"
    HELD = "held"
    REJECTED = "rejected"
    DEAD = "dead"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    SUPPRESSED = "suppressed"


URGENT, NOW = "varsel", "straks"
"""What the variant of a letter begins with that goes beside the day's own: the coordinator's that does not wait for an
hour of letters, and a reader's that a person has sent at once. Its own name follows."""

WORDS = {state: SAY["nb"][f"state_{state}"] for state in State}
"""What people are told of a state on the command line and in the log; the other languages are for letters only."""

BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 240))
MAX_ATTEMPTS = 36
"""About five days of trying (RFC 5321 section 4.5.4.1)."""

JITTER = 0.2
"""A waiting time is at most this part longer or shorter."""

DOUBT_WAIT = timedelta(minutes=30)
RELAY_WAIT = timedelta(minutes=1)
RELAY_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15))


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a letter; `next_at` is when it is tried again, if it is.

    `generation` is above 1 once the letter may have been taken: what goes out from then on may be a second copy.
    `in_a_row` is how many letters were refused alike, where that makes it our fault and not the recipients', and
    `returned` what those had been settled as that wait again now. With `pauses` the whole queue is to rest.
    """

    state: State
    attempt: int
    generation: int = 1
    next_at: datetime | None = None
    in_a_row: int = 0
    returned: tuple[State, ...] = ()
    pauses: bool = False


def after(verdict: Verdict, attempt: int, generation: int, now: datetime, jitter: float) -> Change:
    """Say what a verdict makes of a letter; `jitter` in [-1, 1] stretches the waiting time by as much of JITTER."""
    match verdict.outcome:
        case Outcome.ACCEPTED:
            return Change(State.ACCEPTED, attempt, generation)
        case Outcome.NOT_SENT | Outcome.RELAY | Outcome.SETUP:
            # Later than the others, so that no single letter stops them all.
            pauses = verdict.outcome is not Outcome.SETUP
            return Change(waiting(generation), attempt, generation, now + RELAY_WAIT, pauses=pauses)
        case Outcome.TEMPORARY:
            return _tried(attempt, generation, now, jitter)
        case Outcome.REJECTED:
            return Change(State.REJECTED, attempt + 1, generation)
        case Outcome.REFUSED:
            return Change(State.DEAD, attempt + 1, generation)
        case Outcome.UNKNOWN:
            return doubted(attempt, generation, now)


def waiting(generation: int) -> State:
    """Say in which state a letter waits: one in doubt stays in doubt until a later copy is accepted or refused."""
    return State.UNKNOWN if generation > 1 else State.QUEUED


def _tried(attempt: int, generation: int, now: datetime, jitter: float) -> Change:
    if attempt + 1 >= MAX_ATTEMPTS:
        return Change(State.DEAD, attempt + 1, generation)
    wait = BACKOFF[min(attempt, len(BACKOFF) - 1)] * (1 + JITTER * jitter)
    return Change(waiting(generation), attempt + 1, generation, now + wait)


def doubted(attempt: int, generation: int, now: datetime) -> Change:
    """Say what becomes of a letter that may have been taken: once more, and after that a person decides."""
    if generation > 1:
        return Change(State.HELD, attempt, generation)
    return Change(State.UNKNOWN, attempt, generation + 1, now + DOUBT_WAIT)


def relay_pause(before: int) -> timedelta:
    """Say how long the queue rests when the server fails, after so many pauses in a row before this one."""
    return RELAY_PAUSES[min(before, len(RELAY_PAUSES) - 1)]
