"""A written letter → the bytes that go over the line, the same for the same letter. Sending is in `transports`."""

from __future__ import annotations

import re
import secrets
from binascii import b2a_qp
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from typing import Final

from arshjul.core.dates import OSLO
from arshjul.core.model import Recipient
from arshjul.core.texts import one_line
from arshjul.mail.policy import Mailbox, addressed, encoded, verbatim

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
