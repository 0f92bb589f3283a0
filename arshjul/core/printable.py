r"""Foreign text made fit to print, store and show: one line, bounded, no sign that acts on a terminal, no secret.

Foreign is what others wrote: replies of servers, errors of libraries, fetched files, paths, values quoted from files.
What is no text becomes an escape that can be seen (`\x1b`), white space of any kind one space, a secret `***`.
"""

from __future__ import annotations

import re

from arshjul.core.texts import shortened

LENGTH = 500
"""UTF-16 units that are shown where nobody says otherwise."""
MOST_READ = 10_000
"""Characters of a line that are looked at: nobody is shown more, and to look for secrets in 50,000 can take seconds."""
MASK = "***"

_WORD = r"[^\s\"'«»<>()]"
_MECHANISM = r"(?:PLAIN|LOGIN|XOAUTH2|OAUTHBEARER|NTLM|GSSAPI|EXTERNAL|CRAM|DIGEST|SCRAM)\b"
_BASE64_LIKE = r"(?=[A-Za-z0-9+/=]*(?:[0-9+/=]|[a-z][A-Z]|[A-Z]{2}[a-z]))[A-Za-z0-9+/]{4,}={0,2}"
_SECRETS = (
    # "Bearer" goes before "user=": XOAUTH2 is "user=…^Aauth=Bearer …" with no blank between.
    (re.compile(r"\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}", re.IGNORECASE), rf"\1 {MASK}"),
    (re.compile(r"\beyJ[\w-]{10,}\.[\w-]+(?:\.[\w-]*)?"), MASK),  # a JWT, wherever it stands
    (re.compile(rf"\b(AUTH\s+{_MECHANISM}[\w-]*)\s+(?!{_MECHANISM}){_BASE64_LIKE}", re.IGNORECASE), rf"\1 {MASK}"),
    (
        re.compile(
            r"\b((?:user(?:name)?|\w*password|passwd|pwd|pass|\w*token|\w*secret|api_?key|sig)=)[^\s&;,\"'«»<>()\[\]]+",
            re.IGNORECASE,
        ),
        rf"\1{MASK}",
    ),
    # A colon before a number and a slash is a port; anything else before an @ is a password, whatever signs it has.
    (
        re.compile(
            r"(?<=://)[^\s:/@\[\"«»<>]*:"
            r"(?:(?!\d{1,5}(?:[/?#\s\"«»<>]|$))[^\s\"«»<>]*|\d{1,5}(?=[/?#])[^\s\"«»<>/?#]*)@"
        ),
        f"{MASK}@",
    ),
    (
        re.compile(
            rf"(?<!{_WORD})(?![\w+.-]+://)(?!(?:mailto|smtps?|sips?|to|cc|from):)"
            rf"[^\s:/@\"'«»<>()]+:{_WORD}+@(?=[\w.\[])",
            re.IGNORECASE,
        ),
        f"{MASK}@",
    ),
)
_AUTH = re.compile(r"\b(?:AUTH|334)\b", re.IGNORECASE)
# What Exchange says at the log-in has words as long: SmtpClientAuthentication.
_BLOB = re.compile(r"\b(?![a-z]*(?:[A-Z][a-z]{2,})*(?![A-Za-z0-9+/=]))[A-Za-z0-9+/]{21,}={0,2}")
_KEPT_PATH = re.compile(r"((?:/|%2F)(?:[fu]|alt)(?:/|%2F))((?:(?!%2F)[^\s/\"'«»<>?#&])+)", re.IGNORECASE)
_PLAIN_NAME = re.compile(r"(?=.{1,50}$)(?:[a-z]{1,25}|[a-z0-9]{1,6})(?:[.-](?:[a-z]{1,25}|[a-z0-9]{1,6}))*")
"""A feed's or a folder's name that is plainly no token: words in small letters, years, "fase2"."""


def printable(text: object, length: int = LENGTH, *, is_log_in: bool = False) -> str:
    """Return the text on one line, without secrets, cut with "…" where it would be longer than so many units.

    What was said at a log-in may hold our secret in base64 anywhere.
    """
    line = masked(" ".join(visible(str(text)[:MOST_READ]).split()))
    return shortened(_BLOB.sub(MASK, line) if is_log_in else line, length)


def printable_lines(text: str) -> str:
    """Return the text as it is in lines, each of them printable: for traces, and what a person wrote in paragraphs."""
    return "\n".join(masked(visible(line[:MOST_READ].removesuffix("\r"))) for line in text.split("\n"))


def visible(text: str) -> str:
    r"""Return the text with white space as spaces, and what cannot be printed as an escape: `\x1b`, `\u202e`."""
    return text if text.isprintable() else "".join(map(_visible, text))


def masked(text: str) -> str:
    """Return the text with `***` for tokens in addresses, passwords, and what is said at a log-in."""
    for pattern, shown in _SECRETS:
        text = pattern.sub(shown, text)
    if found := _AUTH.search(text):
        text = text[: found.end()] + _BLOB.sub(MASK, text[found.end() :])
    return _KEPT_PATH.sub(lambda path: path[1] + (path[2] if _PLAIN_NAME.fullmatch(path[2]) else MASK), text)


def _visible(char: str) -> str:
    if char.isprintable():
        return char
    return " " if char.isspace() else char.encode("unicode_escape").decode("ascii")
