"""A written letter → the bytes that go over the line, the same for the same letter. Sending is in `transports`."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final
from zoneinfo import ZoneInfo

from arshjul.core.model import Recipient
from arshjul.core.texts import one_line
from arshjul.mail.policy import POLICY, encoded

OSLO: Final = ZoneInfo("Europe/Oslo")
ADDRESS = re.compile(r"[!#-'*+\-/-9=?A-Z^-~]+(\.[!#-'*+\-/-9=?A-Z^-~]+)*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_BITS, TIME_CHARS, RANDOM_CHARS = 80, 10, 16


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter in words: the text part says everything that the HTML part says."""

    subject: str
    text: str
    html: str


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


def compose(draft: Draft, to: Recipient, head: Letterhead, letter_id: str, at: datetime) -> bytes:
    """Return the whole message, 7-bit with CRLF; `at` is its Date. ValueError for an address that is none.

    To be called once for a letter: what is sent again must be these bytes.
    """
    message = EmailMessage(policy=POLICY)
    message["From"] = _address(head.sender)
    message["To"] = _address(to)
    message["Reply-To"] = _address(head.reply_to)
    message["Subject"] = _literal(one_line(draft.subject))
    message["Date"] = format_datetime(at.astimezone(OSLO))
    message["Message-ID"] = message_id(letter_id, head.domain)
    message["Auto-Submitted"] = "auto-generated"
    # Not "All": that would suppress the reports of letters that could not be delivered.
    message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    message["X-Arshjul-Reminder-Id"] = letter_id
    message.set_content(draft.text, cte="quoted-printable")
    message.add_alternative(draft.html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = to.language  # last: set_content drops every Content-… that stands there
    for part in message.iter_parts():
        del part["MIME-Version"]
    message.set_boundary(f"=_{letter_id}")  # "=_" cannot stand in quoted-printable
    return message.as_bytes()


def _address(person: Recipient) -> Address:
    if not ADDRESS.fullmatch(person.address):
        raise ValueError(f"no address that mail can be sent to: {person.address!r}")
    return Address(display_name=one_line(person.name), addr_spec=person.address)


def _literal(text: str) -> str:
    """Return the text so that EmailMessage takes it to mean itself, even one that looks like encoded words."""
    return encoded("Subject", text).replace("\r\n", "") if "=?" in text else text


def _base32(number: int, chars: int) -> str:
    return "".join(CROCKFORD[number >> 5 * place & 31] for place in reversed(range(chars)))
