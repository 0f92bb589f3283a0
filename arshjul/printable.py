"""Text made printable: in one line, without control characters or secrets; errors of the system in Norwegian."""

from __future__ import annotations

import errno
import re
import unicodedata
from itertools import accumulate

# U+2028, U+0085, VT and FF end a line in some readers and not in others: subscribers have seen titles cut in two.
_LINE_ENDS = re.compile("\r\n|[\r\v\f\u0085\u2028\u2029]")
_CONTROLS = re.compile("[\0-\x08\x0e-\x1f\x7f-\x9f\ufeff\ud800-\udfff]")


def clean(text: str) -> str:
    r"""Return the text with `\n` as its only control character, no byte order mark, no lone surrogate; NFC."""
    if text.isprintable():  # as nearly all are; there is nothing to take away
        return unicodedata.normalize("NFC", text).strip()
    lines = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    return unicodedata.normalize("NFC", _CONTROLS.sub("", lines)).strip()


def one_line(text: str) -> str:
    """Return the cleaned text with every run of white space as one space."""
    return " ".join(clean(text).split())


def shortened(text: str, units: int) -> str:
    """Return the text, cut with "…" where it would be longer than so many UTF-16 units (what Exchange counts in)."""
    lengths = list(accumulate(1 + (char > "\uffff") for char in text))
    if not lengths or lengths[-1] <= units:
        return text
    return text[: sum(length < units for length in lengths)].rstrip() + "…"


def lower_first(text: str) -> str:
    """Return a title as it stands within a sentence; one that begins with an abbreviation stays ("NTP legges frem")."""
    return text if text[1:2].isupper() or text[1:2].isdigit() else text[:1].lower() + text[1:]


def number_in_digits(number: int) -> str:
    """Return "900", "2 900", with a space that breaks no line."""
    return f"{number:,}".replace(",", "\u00a0")


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


_WHY = {
    errno.EACCES: "tilgang mangler",
    errno.EPERM: "det er ikke tillatt",
    errno.ENOENT: "den finnes ikke",
    errno.EISDIR: "det er en mappe",
    errno.ENOTDIR: "en del av stien er ingen mappe",
    errno.EEXIST: "den finnes fra før",
    errno.ENOTEMPTY: "mappen er ikke tom",
    errno.ENOSPC: "disken er full",
    errno.EDQUOT: "kvoten er brukt opp",
    errno.EROFS: "disken kan bare leses",
    errno.ENAMETOOLONG: "navnet er for langt",
    errno.ELOOP: "lenkene går i ring",
    errno.EMFILE: "for mange filer er åpne",
    errno.ENFILE: "for mange filer er åpne",
    errno.EIO: "disken svarer ikke som den skal",
    errno.EBUSY: "den er opptatt",
    errno.ETXTBSY: "den er opptatt",
    errno.EXDEV: "den ligger på en annen disk",
    errno.ENXIO: "det er ingen vanlig fil",
    errno.EADDRINUSE: "adressen er i bruk av et annet program",
    errno.EADDRNOTAVAIL: "maskinen har ikke den adressen",
    errno.ECONNREFUSED: "ingen svarer der",
    errno.ECONNRESET: "forbindelsen ble brutt",
    errno.EPIPE: "forbindelsen ble brutt",
    errno.ETIMEDOUT: "svaret kom ikke i tide",
    errno.EHOSTUNREACH: "tjeneren kan ikke nås",
    errno.ENETUNREACH: "nettet kan ikke nås",
    -2: "navnet finnes ikke på nettet",  # EAI_NONAME, EAI_AGAIN of getaddrinfo(3)
    -3: "navnetjeneren svarer ikke",
}


def why(error: OSError) -> str:
    """Return the reason as the end of a sentence: "tilgang mangler"; the number of an error that has no words here."""
    return _WHY.get(error.errno or 0, f"feil {error.errno} fra systemet" if error.errno else "systemet sa ikke hvorfor")
