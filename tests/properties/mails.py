"""What letters say, read from their text parts as a person would: of which thing, what, and of which day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final

from tests.properties.almanac import MONTHS, WEEKDAYS

_DAY: Final = rf"(?:{'|'.join(WEEKDAYS)}) (\d+)\. ({'|'.join(MONTHS)})(?: (\d{{4}}))?"
_ITEM: Final = re.compile(r"^(?:\d+\. )?([A-ZÆØÅ][^:\n]*): ([^\n]+)$")
_MOVED: Final = re.compile(rf"Flyttet: {_DAY} → {_DAY}\.")
_GONE: Final = re.compile(rf"(Avlyst|Tatt ut av årshjulet)\b(?:, fordi [^\n]*? er avlyst)?[^\n]*?{_DAY}")
"""A cause has a day as well, and it is not the one of the thing."""


@dataclass(frozen=True)
class Said:
    """One thing that a letter says: `what` is a word for it, `day` its day, `before` the one that it had."""

    what: str
    title: str
    day: date | None
    before: date | None
    clock: str
    text: str

    def __str__(self) -> str:
        days = " → ".join(str(day) for day in (self.before, self.day) if day)
        return f"{self.what} «{self.title}» {days} {self.clock}".strip()


@dataclass(frozen=True)
class Mail:
    """A letter to one address, the day in its Date and all that it says."""

    to: str
    day: date
    subject: str
    said: tuple[Said, ...]
    text: str


def mails(maildir: Path, titles: frozenset[str]) -> list[Mail]:
    """Return all letters of a Maildir in the order in which they were written, those of the coordinator left out."""
    found = [read_mail(path.read_bytes(), titles) for path in maildir.glob("new/*")]
    in_order = sorted(found, key=lambda one: (one[0], one[1].to))
    return [mail for _, mail in in_order if "koordinator" not in mail.to]


def read_mail(raw: bytes, titles: frozenset[str]) -> tuple[str, Mail]:
    """Return the instant in its Date, to sort by, and the letter."""
    message = message_from_bytes(raw, policy=policy.default)
    body = message.get_body(("plain",))
    assert body
    text = str(body.get_content()).replace("\r\n", "\n")
    sent = parsedate_to_datetime(str(message["Date"]))
    said = tuple(_things(text.partition("\n-- \n")[0], sent.date(), titles))
    return sent.isoformat(), Mail(
        message["To"].addresses[0].addr_spec, sent.date(), str(message["Subject"]), said, text
    )


def _things(text: str, sent: date, titles: frozenset[str]) -> list[Said]:
    lines = text.split("\n")
    heads = [
        (at, match[1], match[2])
        for at, line in enumerate(lines)
        if (match := _ITEM.match(line)) and match[2] in titles and not line.startswith(" ")
    ]
    ends = [*(at for at, _, _ in heads), len(lines)][1:]
    return [
        _thing(head, title, "\n".join(lines[at + 1 : end]), sent)
        for (at, head, title), end in zip(heads, ends, strict=bool(heads))
    ]


def _thing(head: str, title: str, text: str, sent: date) -> Said:
    flat = " ".join(text.split())
    hour = re.search(r"^ *Tid: (.+)$", text, re.MULTILINE)
    clock = hour[1] if hour else ""
    if match := _MOVED.search(flat):
        after = (_read(match.groups()[3:], sent) if match[6] else _day_in(head, sent)) or sent
        day, month, year = match.groups()[:3]  # where both are told without their year, it is the one in the heading
        before = _read((day, month, year or str(after.year)), sent)
        return Said("flyttet", title, after, before, clock, flat)
    if match := _GONE.search(flat):
        what = {"Avlyst": "avlyst", "Tatt ut av årshjulet": "utgår"}[match[1]]
        return Said(what, title, None, _read(match.groups()[1:], sent), "", flat)
    day = _day_in(head, sent)
    words = {
        "Likevel": "likevel",
        "Fristen var": "over",
        "Fristen er ute": "over",
    }
    what = next((word for start, word in words.items() if head.startswith(start)), "")
    if not what and "Ny tid: " in flat:
        what = "ny tid"
    if not what:
        what = "nytt" if "Nytt siden forrige brev" in flat else "minner"
    return Said(what, title, day, None, clock, flat)


def _day_in(head: str, sent: date) -> date | None:
    match = re.search(_DAY, head, re.IGNORECASE)
    return _read(match.groups(), sent) if match else None


def _read(groups: tuple[str | None, ...], sent: date) -> date:
    """Return the day; a day that is told without its year is the one that is nearest to the letter."""
    day, month, year = groups
    number = MONTHS.index(str(month)) + 1
    if year:
        return date(int(year), number, int(str(day)))
    near = (date(sent.year + shift, number, int(str(day))) for shift in (-1, 0, 1))
    return min(near, key=lambda found: abs((found - sent).days))
