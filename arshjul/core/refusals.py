"""What the words of a refusal are about: us, who send, or the recipient. Pure. What follows from it is in `verdicts`.

The texts are those of Postfix, Exim, Sendmail, Exchange Online, Gmail, Yahoo, Cisco and rspamd; the codes are from RFC
7372, RFC 7505 and Microsoft's list of Exchange Online's. Codes alone do not tell: "554 5.7.1" is said of both.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

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
FIRST_PERMANENT: Final = 500
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
