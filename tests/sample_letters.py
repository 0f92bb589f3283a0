"""Occurrences, reminders and letters for tests of the store, the mail and the rounds."""

from __future__ import annotations

from datetime import date, time, timedelta

from arshjul.plan.model import Kind, Letter, Occurrence, Recipient, Reminder
from arshjul.store.queue import QueuedLetter
from arshjul.timing.days import Offset, Span, Status, local_instant

KARI = Recipient("kari@example.no", "Kari Ærlig-Østby")
OLA = Recipient("ola@example.no")
SEND_DAY = date(2026, 11, 24)
SEND_AT = local_instant(SEND_DAY, time(8))
NOW = SEND_AT + timedelta(minutes=1)


def occurrence(number: int = 1, deadline: date = date(2026, 12, 15), **changes: object) -> Occurrence:
    values: dict[str, object] = {
        "calendar": "osloregionen",
        "id": f"{number}",
        "period": "2026",
        "title": f"Innspill til statsbudsjettet {number}",
        "kind": Kind.DEADLINE,
        "days": Span.of(deadline),
        "deadline": deadline,
        "status": Status.CONFIRMED,
        "responsible": ("Sekretariatet",),
        "recipients": (KARI,),
        "main": frozenset({KARI.address}),
    }
    return Occurrence(**(values | changes))  # type: ignore[arg-type]  # values of many types, by name


def reminder(number: int = 1, to: Recipient = KARI, lead: int = 15, **changes: object) -> Reminder:
    return Reminder(
        occurrence=occurrence(number, **changes),  # type: ignore[arg-type]  # values of many types, by name
        lead=Offset(lead),
        recipient=to,
        due=SEND_DAY,
        reason="Du er hovedansvarlig, for Sekretariatet; 1.2 (Hvert år) varsles 15 virkedager før fristen.",
    )


def letter(*reminders: Reminder, to: Recipient = KARI) -> Letter:
    return Letter(to=to, send_day=SEND_DAY, send_at=SEND_AT, reminders=reminders or (reminder(to=to),))


def queued(
    number: int = 1, to: Recipient = KARI, reminders: tuple[Reminder, ...] | None = None, **changes: object
) -> QueuedLetter:
    """A letter with a wire of its own, of one reminder unless they are given."""
    name = f"{number:026d}"
    values: dict[str, object] = {
        "id": name,
        "to": to,
        "sender": "arshjul@example.no",
        "send_day": SEND_DAY,
        "send_at": SEND_AT,
        "subject": f"Påminnelse {number}",
        "message_id": f"<r.{name}@example.no>",
        "wire": f"Message-ID: <r.{name}@example.no>\r\nTo: {to.address}\r\n\r\nBrev {number}\r\n".encode(),
        "reminders": reminders if reminders is not None else (reminder(number, to=to),),
    }
    return QueuedLetter(**(values | changes))  # type: ignore[arg-type]  # values of many types, by name


def many(count: int) -> list[QueuedLetter]:
    """So many letters to as many recipients."""
    return [queued(number, to=Recipient(f"mottaker{number}@example.no")) for number in range(1, count + 1)]
