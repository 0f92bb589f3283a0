"""The coordinator's weekly letter, put in the outbox once a week. What stands in it is decided in `core.overview`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from arshjul.core.dates import DAY, Span
from arshjul.core.explain import STATES
from arshjul.core.known import Known
from arshjul.core.model import Catalogue, Occurrence, Recipient
from arshjul.core.outbox import State
from arshjul.core.overview import Overview, Post, past_days, sections
from arshjul.core.plan import LetterRules, leads_of, preview
from arshjul.core.senddays import local_day
from arshjul.core.words import day_in_words, short_day_in_words
from arshjul.mail.message import compose, message_id, new_letter_id
from arshjul.rounds.reload import Loaded
from arshjul.rounds.write import writer_of
from arshjul.store import facts, letters, outbox
from arshjul.store.engine import Store

VARIANT: Final = "koordinator"
USEFUL: Final = timedelta(days=7)
AHEAD_DAYS: Final = 14
DOUBTFUL: Final = (State.UNKNOWN, State.HELD, State.REJECTED, State.DEAD, State.EXPIRED)


def overview_round(loaded: Loaded, store: Store, now: datetime, year: Sequence[Occurrence], known: Known) -> bool:
    """Queue this week's overview if it is due at `now` (UTC) and there is a coordinator; True when it was queued."""
    to, rules, last = loaded.settings.coordinator, loaded.settings.rules, letters.last_send_day(store, VARIANT)
    if to is None or known.go_live is None or not is_due(now, last, known.go_live, rules):
        return False
    written = overview_of(loaded, store, now, year, known, since=last or known.go_live, to=to)
    return bool(outbox.queue(store, [_letter(written, loaded, now)], now).queued)


def is_due(now: datetime, last: date | None, go_live: date, rules: LetterRules) -> bool:
    """Tell whether a weekly send day has come since the last overview; one that was missed is made good."""
    today, days = local_day(now), rules.send_days
    if not days.is_open(today) or now < days.instant(today):
        return False
    due = days.on_or_before(today)
    week = due.isocalendar()[:2]
    return due > go_live and (last is None or (due > last and week != last.isocalendar()[:2]))


def overview_of(
    loaded: Loaded,
    store: Store,
    now: datetime,
    year: Sequence[Occurrence],
    known: Known,
    *,
    since: date,
    to: Recipient,
) -> Overview:
    """Return what the coordinator is to know at `now` (UTC), of all that happened since a day."""
    today, rules = local_day(now), loaded.settings.rules
    found = sections(
        loaded.catalogue,
        year,
        leads_of(loaded.catalogue, rules),
        known,
        past_days(since, today),
        confirm=_dates_to_confirm(loaded.catalogue, today),
    )
    span = Span(today + DAY, today + AHEAD_DAYS * DAY)
    coming = preview(loaded.catalogue, year, span, rules)
    days = sorted({letter.send_day for letter in coming})
    lines = (f"{day_in_words(day)}: {sum(one.send_day == day for one in coming)} brev" for day in days)
    return Overview(to, today, since, _post(store, since, rules), found, tuple(lines))


def _dates_to_confirm(_catalogue: Catalogue, _today: date) -> tuple[str, ...]:
    """Return one line for each date that somebody should look up by now; the one place that asks for them."""
    return ()


def _post(store: Store, since: date, rules: LetterRules) -> Post:
    start = rules.send_days.instant(since)
    sent = letters.accepted_since(store, start)
    doubtful = letters.letters_by_state(store, *DOUBTFUL, limit=1000)
    new = [one for one in doubtful if one.state in (State.UNKNOWN, State.HELD) or one.send_at >= start]
    rest = facts.pause(store)
    return Post(
        sent=tuple(f"{short_day_in_words(one.send_day)} til {one.to}: {one.subject}" for one in sent),
        doubtful=tuple(_doubt(one) for one in new),
        unknown=sum(one.state in (State.UNKNOWN, State.HELD) for one in new),
        waiting=letters.counts(store).get(State.QUEUED, 0),
        paused=rest.reason if rest else "",
    )


def _doubt(one: letters.LetterInfo) -> str:
    answer = f" ({one.last_code or ''} {one.last_text})".replace("( ", "(") if one.last_text else ""
    return f"{short_day_in_words(one.send_day)} til {one.to}: {one.subject} – {STATES[one.state]}{answer}"


def _letter(overview: Overview, loaded: Loaded, now: datetime) -> outbox.QueuedLetter:
    writer, name = writer_of(loaded), new_letter_id(now)
    draft = writer.write_overview(overview)
    at = loaded.settings.rules.send_days.instant(overview.day)
    return outbox.QueuedLetter(
        id=name,
        to=overview.to,
        sender=writer.head.sender.address,
        send_day=overview.day,
        send_at=at,
        subject=draft.subject,
        message_id=message_id(name, writer.head.domain),
        wire=compose(draft, overview.to, writer.head, name, now),
        reminders=(),
        variant=VARIANT,
        expires_at=at + USEFUL,
    )
