"""How header fields are written: 7-bit, and what other programs compare is left alone. What they hold is in `message`.

Python's own policies write long Message-IDs and List-* fields as encoded words, which no mail program reads back, and
fold long subjects differently from version to version. (https://github.com/python/cpython/issues/85725)
"""

from __future__ import annotations

import re
from email.charset import BASE64, Charset
from email.header import Header
from functools import lru_cache
from typing import NamedTuple

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
    return f"{name}: " + ",\r\n ".join(_address(name, address) for address in addresses) + "\r\n"


def _address(name: str, address: Mailbox) -> str:
    called, where = address.display_name, f"<{address.addr_spec}>"
    if not called:
        return address.addr_spec
    phrase = f'"{called}"' if _is_short_phrase(called) else Header(called, UTF_8, LINE, name).encode(linesep="\r\n")
    last = phrase.rpartition("\r\n")[2]
    return phrase + (" " if len(name) + len(last) + len(where) < LINE - 3 else "\r\n ") + where


def _is_short_phrase(called: str) -> bool:
    return len(called) <= LONGEST_PLAIN_WORD and PLAIN_PHRASE.fullmatch(called) is not None
