"""The coordinator's weekly letter: whether it is due, and how it went with the post. Its contents: `core.overview`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from arshjul.core.dates import DAY, Span
from arshjul.core.expiry import notice
from arshjul.core.explain import STATES
from arshjul.core.known import Known
from arshjul.core.model import Occurrence, Recipient
from arshjul.core.outbox import State
from arshjul.core.overview import Overview, Post, past_days, sections
from arshjul.core.plan import LetterRules, leads_of, preview
from arshjul.core.senddays import local_day
from arshjul.core.words import day_in_words, short_day_in_words
from arshjul.rounds.reload import Loaded
from arshjul.store import facts, letters
from arshjul.store.engine import Store

VARIANT: Final = "koordinator"
AHEAD_DAYS: Final = 14
DOUBTFUL: Final = (State.UNKNOWN, State.HELD, State.REJECTED, State.DEAD, State.EXPIRED)


def due_overview(
    loaded: Loaded, store: Store, now: datetime, year: Sequence[Occurrence], known: Known
) -> Overview | None:
    """Return this week's overview if there is a coordinator, it is due at `now` (UTC), and they got no letter today."""
    rules, last = loaded.settings.rules, letters.last_send_day(store, VARIANT)
    to, live = rules.coordinator, known.go_live
    if to is None or live is None or not is_due(now, last, live, rules):
        return None
    if (to.address, local_day(now)) in known.written:
        return None
    return _overview(loaded, store, now, year, known, to, last or live)


def is_due(now: datetime, last: date | None, go_live: date, rules: LetterRules) -> bool:
    """Tell whether a weekly send day has come since the last overview; one that was missed is made good."""
    today, days = local_day(now), rules.send_days
    if not days.is_open(today) or now < days.instant(today):
        return False
    due = days.on_or_before(today)
    week = due.isocalendar()[:2]
    return due > go_live and (last is None or (due > last and week != last.isocalendar()[:2]))


def _overview(  # noqa: PLR0917  (what has happened, and to whom it is told)
    loaded: Loaded,
    store: Store,
    now: datetime,
    year: Sequence[Occurrence],
    known: Known,
    to: Recipient,
    since: date,
) -> Overview:
    today, rules = local_day(now), loaded.settings.rules
    leads = leads_of(loaded.catalogue, rules)
    found = sections(loaded.catalogue, year, leads, known, past_days(since, today))
    coming = preview(loaded.catalogue, year, Span(today + DAY, today + AHEAD_DAYS * DAY), rules, known.opted_out)
    days = sorted({letter.send_day for letter in coming})
    lines = (f"{day_in_words(day)}: {sum(one.send_day == day for one in coming)} brev" for day in days)
    return Overview(to, today, since, _post(loaded, store, since, today), found, tuple(lines))


def _post(loaded: Loaded, store: Store, since: date, today: date) -> Post:
    start = loaded.settings.rules.send_days.instant(since)
    sent = letters.accepted_since(store, start)
    doubtful = letters.letters_by_state(store, *DOUBTFUL, limit=1000)
    new = [one for one in doubtful if one.state in (State.UNKNOWN, State.HELD) or one.send_at >= start]
    rest, expires = facts.pause(store), loaded.settings.secret_expires
    waits = f"Utsendingen venter: {rest.reason}" if rest else ""
    notices = (waits, notice(expires, today) if expires else "")
    return Post(
        sent=tuple(f"{short_day_in_words(one.send_day)} til {one.to}: {one.subject}" for one in sent),
        doubtful=tuple(_doubt(one) for one in new),
        unknown=sum(one.state in (State.UNKNOWN, State.HELD) for one in new),
        waiting=letters.counts(store).get(State.QUEUED, 0),
        notices=tuple(filter(None, notices)),
    )


def _doubt(one: letters.LetterInfo) -> str:
    answer = f" ({one.last_code or ''} {one.last_text})".replace("( ", "(") if one.last_text else ""
    return f"{short_day_in_words(one.send_day)} til {one.to}: {one.subject} – {STATES[one.state]}{answer}"
