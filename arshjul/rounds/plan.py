"""One round of planning: what is due, and not in the outbox, is written and put there. Sending it is another round."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from arshjul.core.expand import expand
from arshjul.core.plan import already_past, horizon, leads_of, plan, reminders
from arshjul.mail.render import Writer
from arshjul.rounds.reload import Loaded
from arshjul.store import outbox
from arshjul.store.engine import Store


@dataclass(frozen=True, slots=True)
class Planned:
    """What a round did: letters put in the outbox, and reminders that were past at the first start."""

    queued: int = 0
    passed_over: int = 0


def plan_round(loaded: Loaded, store: Store, writer: Writer, now: datetime) -> Planned:
    """Queue every letter that is due at `now` (UTC). The very first round only notes what is past, and sends none of it."""
    rules = loaded.settings.rules
    occurrences = expand(loaded.catalogue, horizon(now))
    found = list(reminders(occurrences, leads_of(loaded.catalogue, rules), rules))
    known = outbox.known(store)
    if not known.baseline:
        return Planned(passed_over=outbox.baseline(store, already_past(found, now, rules), now))
    letters = [writer.queued(letter, now) for letter in plan(found, now, known, rules)]
    return Planned(queued=len(outbox.queue(store, letters, now).queued)) if letters else Planned()
