"""One round of planning: what is due, and not in the outbox, is written and put there. Sending it is another round."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from arshjul.core.expand import expand
from arshjul.core.model import Letter
from arshjul.core.plan import already_past, horizon, leads_of, plan, reminders
from arshjul.core.senddays import local_midnight
from arshjul.mail.message import Letterhead, compose, message_id, new_letter_id
from arshjul.mail.render import Templates
from arshjul.rounds.reload import Loaded
from arshjul.store import outbox
from arshjul.store.engine import Store


@dataclass(frozen=True, slots=True)
class Writer:
    """What turns letters into mail: the templates, who writes, and the names of the calendars by id."""

    templates: Templates
    head: Letterhead
    calendars: Mapping[str, str]

    def write(self, letter: Letter, now: datetime) -> outbox.QueuedLetter:
        """Write a letter for good: its bytes, Message-ID and Date are never made anew."""
        name = new_letter_id(now)
        draft = self.templates.render(letter, self.head, self.calendars)
        deadlines = [reminder.occurrence.deadline for reminder in letter.reminders if reminder.occurrence.deadline]
        return outbox.QueuedLetter(
            id=name,
            to=letter.to,
            sender=self.head.sender.address,
            send_day=letter.send_day,
            send_at=letter.send_at,
            subject=draft.subject,
            message_id=message_id(name, self.head.domain),
            wire=compose(draft, letter.to, self.head, name, now),
            reminders=letter.reminders,
            expires_at=local_midnight(max(deadlines) + timedelta(days=1)),
        )


def writer_of(loaded: Loaded) -> Writer:
    """Return the writer that the settings ask for."""
    settings = loaded.settings
    head = Letterhead(settings.site.name, settings.sender, settings.reply_to)
    names = {calendar.id: calendar.name for calendar in loaded.catalogue.calendars.values()}
    return Writer(Templates((settings.templates,)), head, names)


@dataclass(frozen=True, slots=True)
class Planned:
    """What a round did: letters put in the outbox, and reminders that were past at the first start."""

    queued: int = 0
    passed_over: int = 0


def plan_round(loaded: Loaded, store: Store, now: datetime) -> Planned:
    """Queue every letter that is due at `now` (UTC). The very first round only notes what is past."""
    rules = loaded.settings.rules
    occurrences = expand(loaded.catalogue, horizon(now))
    found = list(reminders(occurrences, leads_of(loaded.catalogue, rules), rules))
    known = outbox.known(store)
    if not known.baseline:
        return Planned(passed_over=outbox.baseline(store, already_past(found, now, rules), now))
    letters = plan(found, now, known, rules)
    if not letters:
        return Planned()
    writer = writer_of(loaded)
    return Planned(queued=len(outbox.queue(store, [writer.write(letter, now) for letter in letters], now).queued))
