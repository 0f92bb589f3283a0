"""One round of planning: what is due, and not in the outbox, is written and put there. Sending it is another round."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from arshjul.core.brakes import HoldKind, Reading
from arshjul.core.crashes import Crash, go_on
from arshjul.core.expand import expand
from arshjul.core.model import Letter, Reminder
from arshjul.core.plan import already_past, horizon, leads_of, plan, reminders
from arshjul.core.senddays import local_midnight
from arshjul.mail.message import compose, message_id, new_letter_id
from arshjul.rounds import brakes
from arshjul.rounds.reload import Loaded
from arshjul.rounds.write import Writer, writer_of
from arshjul.store import outbox
from arshjul.store.engine import Store


@dataclass(frozen=True, slots=True)
class Planned:
    """What a round did: letters put in the outbox, and reminders that were past at the first start.

    `held` says in Norwegian why nothing was done (see `brakes`).
    """

    queued: int = 0
    passed_over: int = 0
    held: str = ""


def plan_round(
    loaded: Loaded, store: Store, now: datetime, *, reading: Reading | None = None, crash: Crash = go_on
) -> Planned:
    """Queue every letter that is due at `now` (UTC). The very first round notes what is past by then, unsent.

    While the queue is on hold, for the log-in excepted, nothing is planned; too many letters put it on hold.
    """
    if (hold := brakes.look(store, now, reading)) and hold.kind is not HoldKind.SETUP:
        return Planned(held=hold.reason)
    rules, found, known = loaded.settings.rules, _reminders(loaded, now), outbox.known(store)
    passed = 0
    if not known.baseline:
        passed = outbox.baseline(store, already_past(found, now, rules), now)
        known = outbox.known(store)
    letters = plan(found, now, known, rules)
    if not letters:
        return Planned(passed_over=passed)
    limits = loaded.settings.brakes
    if flood := brakes.look_at_number(store, len(letters), now, limits.letters_at_once, limits.times_normal):
        return Planned(passed_over=passed, held=flood.reason)
    writer = writer_of(loaded)
    written = [_written(letter, writer, now) for letter in letters]
    crash("planned")
    queued = outbox.queue(store, written, now)
    crash("queued")
    return Planned(len(queued.queued), passed)


def due_letters(loaded: Loaded, store: Store, now: datetime) -> list[Letter]:
    """Return the letters that a round at `now` (UTC) would queue; nothing is noted."""
    rules, found, known = loaded.settings.rules, _reminders(loaded, now), outbox.known(store)
    if not known.baseline:
        passed = frozenset(reminder.id for reminder in already_past(found, now, rules))
        known = replace(known, told=known.told | passed)
    return plan(found, now, known, rules)


def _written(letter: Letter, writer: Writer, now: datetime) -> outbox.QueuedLetter:
    """Write a letter for good: its bytes, Message-ID and Date are never made anew."""
    name, draft = new_letter_id(now), writer.write(letter)
    deadlines = [reminder.occurrence.deadline for reminder in letter.reminders if reminder.occurrence.deadline]
    return outbox.QueuedLetter(
        id=name,
        to=letter.to,
        sender=writer.head.sender.address,
        send_day=letter.send_day,
        send_at=letter.send_at,
        subject=draft.subject,
        message_id=message_id(name, writer.head.domain),
        wire=compose(draft, letter.to, writer.head, name, now),
        reminders=letter.reminders,
        expires_at=local_midnight(max(deadlines) + timedelta(days=1)),
    )


def _reminders(loaded: Loaded, now: datetime) -> list[Reminder]:
    occurrences, rules = expand(loaded.catalogue, horizon(now)), loaded.settings.rules
    return list(reminders(occurrences, leads_of(loaded.catalogue, rules), rules))
