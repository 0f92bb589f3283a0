"""A written letter → the bytes that go over the line, the same for the same letter, and its header fields."""

from __future__ import annotations

import re
import secrets
from binascii import b2a_qp
from dataclasses import dataclass
from datetime import datetime
from email.charset import BASE64, Charset
from email.header import Header
from email.utils import format_datetime
from functools import lru_cache
from typing import Final, NamedTuple

from arshjul.plan.model import Recipient
from arshjul.printable import one_line
from arshjul.timing.days import OSLO

LINE, LIMIT = 76, 998  # RFC 5322 section 2.1.1
LONGEST_PLAIN_WORD = 60
PLAIN = re.compile(r"[ -~]*")
PLAIN_PHRASE = re.compile(r"[A-Za-z0-9 .,'&/()+-]*")

UTF_8 = Charset("utf-8")
UTF_8.header_encoding = BASE64  # Python takes three times as long over the other encoding, "Q"


class Mailbox(NamedTuple):
    """A person's name, or "", and an address that is known to be one."""

    display_name: str
    addr_spec: str


def verbatim(name: str, value: str) -> str:
    """Return the field as it is, folded at its own spaces only; ValueError for more than one line or no ASCII."""
    if not PLAIN.fullmatch(value) or len(name) + len(value) + 2 > LIMIT:
        raise ValueError(f"{name} cannot be written as it is")  # its value may hold a token
    lines = [f"{name}:"]
    for word in value.split(" "):
        if len(lines[-1]) + 1 + len(word) > LINE and not lines[-1].endswith(":"):
            lines.append(f" {word}")
        else:
            lines[-1] += f" {word}"
    return "\r\n".join(lines) + "\r\n"


@lru_cache(maxsize=1000)  # many are told the same on one day
def encoded(name: str, text: str) -> str:
    """Return a text for a field, in encoded words (RFC 2047) where it is not plain; one that looks encoded is not."""
    longest = max(map(len, text.split(" ")))
    is_plain = PLAIN.fullmatch(text) and "=?" not in text and longest <= LONGEST_PLAIN_WORD
    charset = "us-ascii" if is_plain else UTF_8
    return Header(text, charset, maxlinelen=LINE, header_name=name).encode(linesep="\r\n")


def addressed(name: str, addresses: tuple[Mailbox, ...]) -> str:
    """Return a field of addresses, one a line."""
    return f"{name}: " + ",\r\n ".join(_address_header(name, address) for address in addresses) + "\r\n"


def _address_header(name: str, address: Mailbox) -> str:
    called, where = address.display_name, f"<{address.addr_spec}>"
    if not called:
        return address.addr_spec
    phrase = f'"{called}"' if _is_short_phrase(called) else Header(called, UTF_8, LINE, name).encode(linesep="\r\n")
    last = phrase.rpartition("\r\n")[2]
    return phrase + (" " if len(name) + len(last) + len(where) < LINE - 3 else "\r\n ") + where


def _is_short_phrase(called: str) -> bool:
    return len(called) <= LONGEST_PLAIN_WORD and PLAIN_PHRASE.fullmatch(called) is not None


ADDRESS = re.compile(r"[!#-'*+\-/-9=?A-Z^-~]+(\.[!#-'*+\-/-9=?A-Z^-~]+)*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_BITS, TIME_CHARS, RANDOM_CHARS = 80, 10, 16


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter in words: the text part says everything that the HTML part says.

    `opt_out` is the address at which its reader can say no to more, "" where there is none.
    """

    subject: str
    text: str
    html: str
    opt_out: str = ""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes: `name` is the organisation or service, `url` where it can be found ("" where nobody else can)."""

    name: str
    sender: Recipient
    reply_to: Recipient
    url: str = ""

    @property
    def domain(self) -> str:
        """The sender's domain, which Message-IDs end in."""
        return self.sender.address.rpartition("@")[2]


def new_letter_id(now: datetime) -> str:
    """Return a new ULID: 26 letters and digits, later ones sort after. It names nobody."""
    milliseconds = int(now.timestamp() * 1000)
    return _base32(milliseconds, TIME_CHARS) + _base32(secrets.randbits(RANDOM_BITS), RANDOM_CHARS)


def message_id(letter_id: str, domain: str) -> str:
    return f"<r.{letter_id}@{domain}>"


def compose(draft: Draft, to: Recipient, head: Letterhead, letter_id: str, at: datetime, *, first: str = "") -> bytes:
    """Return the whole message, 7-bit with CRLF; `at` is its Date. ValueError for an address that is none.

    `first` is the Message-ID of the first letter on the same thing, so that mail programs show them together.
    To be called once for a letter: what is sent again must be these bytes. Written by hand, as EmailMessage parses and
    folds each field anew: it takes six times as long.
    """
    fields = (
        _person("From", head.sender),
        addressed("To", (_address(to),)),
        _person("Reply-To", head.reply_to),
        f"Subject: {encoded('Subject', one_line(draft.subject))}\r\n",
        verbatim("Date", format_datetime(at.astimezone(OSLO))),
        verbatim("Message-ID", message_id(letter_id, head.domain)),
        *(verbatim(name, first) for name in ("In-Reply-To", "References") if first),
        verbatim("Auto-Submitted", "auto-generated"),
        # Not "All": that would suppress the reports of letters that could not be delivered.
        verbatim("X-Auto-Response-Suppress", "OOF, AutoReply"),
        verbatim("X-Arshjul-Reminder-Id", letter_id),
        *_unsubscribing(draft.opt_out),
        verbatim("MIME-Version", "1.0"),
        f'Content-Type: multipart/alternative; boundary="=_{letter_id}"\r\n',  # "=_" cannot stand in quoted-printable
        verbatim("Content-Language", to.language),
        "\r\n",
    )
    parts = (("plain", draft.text), ("html", draft.html))
    body = b"".join(_part(letter_id, kind, text) for kind, text in parts)
    return "".join(fields).encode("ascii") + body + f"--=_{letter_id}--\r\n".encode("ascii")


def _unsubscribing(url: str) -> tuple[str, ...]:
    """Return the fields for a mail program's own button, which posts to the address without asking (RFC 8058)."""
    if not url:
        return ()
    return verbatim("List-Unsubscribe", f"<{url}>"), verbatim("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")


def _part(letter_id: str, kind: str, text: str) -> bytes:
    head = (
        f"--=_{letter_id}\r\n"
        f'Content-Type: text/{kind}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    lines = "\n".join([*text.splitlines(), ""])
    quoted = b2a_qp(lines.encode("utf-8"), istext=True, quotetabs=False)
    return head.encode("ascii") + quoted.replace(b"\n", b"\r\n") + b"\r\n"


@lru_cache(maxsize=8)
def _person(name: str, person: Recipient) -> str:
    """Return a field that is the same in all letters."""
    return addressed(name, (_address(person),))


def _address(person: Recipient) -> Mailbox:
    if not ADDRESS.fullmatch(person.address):
        raise ValueError(f"no address that mail can be sent to: {person.address!r}")
    return Mailbox(one_line(person.name), person.address)


def _base32(number: int, chars: int) -> str:
    return "".join(CROCKFORD[number >> 5 * place & 31] for place in reversed(range(chars)))
