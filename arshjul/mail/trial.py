"""One letter to see that letters come: not from the outbox, and not remembered anywhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from html import escape

from arshjul.core.model import Recipient
from arshjul.core.verdicts import Verdict
from arshjul.core.words import instant_in_words
from arshjul.mail.message import Draft, Letterhead, compose, message_id, new_letter_id
from arshjul.mail.transports import Parcel, Transport


@dataclass(frozen=True, slots=True)
class Sent:
    """What was said of the letter, and its Message-ID, which the recipient's side can look for."""

    verdict: Verdict
    message_id: str


async def send_trial(way: Transport, to: Recipient, head: Letterhead, now: datetime) -> Sent:
    """Send one letter, and close the way. ValueError, and no letter, for an address that no mail can be sent to."""
    name, reader = new_letter_id(now), replace(to, language="nb")
    wire = compose(trial_draft(head, now), reader, head, name, now)
    try:
        verdict = await way.deliver(Parcel(name, head.sender.address, to.address, wire), _go_on)
    finally:
        await way.close()
    return Sent(verdict, message_id(name, head.domain))


def trial_draft(head: Letterhead, now: datetime) -> Draft:
    """Return the letter in words."""
    paragraphs = (
        f"Dette er et prøvebrev fra {head.name}, sendt {instant_in_words(now)}.",
        "Når du leser det, kommer brevene herfra frem til deg. Du trenger ikke gjøre noe.",
        f"Så du det i søppelposten, så si fra til {head.reply_to}.",
    )
    html = "".join(f"<p>{escape(paragraph)}</p>\n" for paragraph in paragraphs)
    page = f'<!DOCTYPE html>\n<html lang="nb"><head><meta charset="utf-8"></head>\n<body>\n{html}</body></html>\n'
    return Draft(f"Prøvebrev fra {head.name}", "\n\n".join(paragraphs) + "\n", page)


async def _go_on() -> None:
    """Write nothing down: it is not a letter of the outbox."""
