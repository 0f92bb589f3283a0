"""Occurrences and letters as plain data for other programs. The names are public: see the changelog."""

from __future__ import annotations

from datetime import date

from arshjul.core.model import Letter, Occurrence, Recipient

Plain = dict[str, object]


def occurrence_data(occurrence: Occurrence) -> Plain:
    """Return an occurrence; days are inclusive ISO dates, `time` is local ("10:00" or "10:00/12:00")."""
    return {
        "key": occurrence.key,
        "calendar": occurrence.calendar,
        "id": occurrence.id,
        "title": occurrence.title,
        "kind": str(occurrence.kind),
        "start": _day(occurrence.days.first if occurrence.days else None),
        "end": _day(occurrence.days.last if occurrence.days else None),
        "time": str(occurrence.clock) if occurrence.clock else None,
        "deadline": _day(occurrence.deadline),
        "status": str(occurrence.status),
        "responsible": list(occurrence.responsible),
        "contributors": list(occurrence.contributors),
        "recipients": [recipient_data(recipient) for recipient in occurrence.recipients],
        "source": occurrence.source or None,
    }


def letter_data(letter: Letter, subject: str) -> Plain:
    """Return a letter; `send_at` is an instant in UTC, `lead` as in "20 virkedager"."""
    return {
        "to": recipient_data(letter.to),
        "send_at": letter.send_at.isoformat().replace("+00:00", "Z"),
        "subject": subject,
        "reminders": [
            {
                "key": reminder.occurrence.key,
                "title": reminder.occurrence.title,
                "deadline": _day(reminder.occurrence.deadline),
                "lead": str(reminder.lead),
                "reason": reminder.reason,
            }
            for reminder in letter.reminders
        ],
    }


def recipient_data(recipient: Recipient) -> str:
    return str(recipient)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
