"""The coordinator's weekly letter: whether it is due, and how it went with the post."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from arshjul.keys import without_awaited
from arshjul.letters.coordinator import Overview, Post, coming_lines, doubt_line, letter_line, past_days, sections
from arshjul.letters.history import Known
from arshjul.letters.reminders import leads_of, preview
from arshjul.letters.rules import LetterRules, notice
from arshjul.mail.verdicts import State
from arshjul.organisation import Organisation
from arshjul.plan.model import Letter, Occurrence, Recipient
from arshjul.rounds import holds
from arshjul.store import facts, queue, told
from arshjul.store.engine import Store
from arshjul.timing.days import DAY, Span, local_day
from arshjul.wording import SAY
from arshjul.year.awaited import dates_to_confirm

VARIANT: Final = "koordinator"
AHEAD_DAYS: Final = 14
LONGEST_REST: Final = 100
"""Days in which the next overview is looked for: the quiet days are never so many."""

OPEN: Final = (State.UNKNOWN, State.HELD)
DOUBTFUL: Final = (*OPEN, State.REJECTED, State.DEAD, State.EXPIRED)


def due_overview(  # noqa: PLR0917  (what has happened, and what else is told today)
    organisation: Organisation,
    store: Store,
    now: datetime,
    year: Sequence[Occurrence],
    known: Known,
    letters_today: Sequence[Letter] = (),
) -> Overview | None:
    """Return this week's overview if there is a coordinator, it is due at `now` (UTC), and they got no letter today.

    What the coordinator's own letter of the day says is put into it, and not said twice.
    """
    rules, last = organisation.settings.rules, queue.last_send_day(store, VARIANT, local_day(now))
    to, live = rules.coordinator, known.go_live
    if to is None or live is None or not is_due(now, last, live, rules):
        return None
    if (to.address, local_day(now)) in known.written:
        return None
    # What was in an overview that never arrived is told again.
    since = queue.last_send_day(store, VARIANT, local_day(now), State.ACCEPTED) or live
    own = (one for letter in letters_today if letter.to.address == to.address for one in letter.reminders)
    said = frozenset(without_awaited(one.occurrence.key) for one in own)
    whole = told.known(store).as_of(local_day(now))  # it tells of old things, too, that planning does not ask of
    return replace(
        _overview(organisation, store, now, year, whole, to, since, said), next_day=_next_day(now, live, rules)
    )


def _next_day(now: datetime, live: date, rules: LetterRules) -> date | None:
    """Return the day of the next overview: in quiet weeks there is none."""
    today, days = local_day(now), rules.send_days
    coming = (today + n * DAY for n in range(1, LONGEST_REST))
    return next((day for day in coming if is_due(days.instant(day), today, live, rules)), None)


def is_due(now: datetime, last: date | None, go_live: date, rules: LetterRules) -> bool:
    """Tell whether a weekly send day has come since the last overview; one that was missed is made good."""
    today, days = local_day(now), rules.send_days
    if not days.is_open(today) or now < days.instant(today):
        return False
    due = days.on_or_before(today)
    week = due.isocalendar()[:2]
    return due > go_live and (last is None or (due > last and week != last.isocalendar()[:2]))


def _overview(  # noqa: PLR0917  (what has happened, and to whom it is told)
    organisation: Organisation,
    store: Store,
    now: datetime,
    year: Sequence[Occurrence],
    known: Known,
    to: Recipient,
    since: date,
    said: frozenset[str],
) -> Overview:
    today, rules, language = local_day(now), organisation.settings.rules, to.language
    leads = leads_of(organisation.catalogue, rules)
    awaited, past = dates_to_confirm(organisation.catalogue, today), past_days(since, today)
    found = sections(organisation.catalogue, year, leads, known, past, awaited=awaited, said=said, language=language)
    coming = preview(organisation.catalogue, year, Span(today + DAY, today + AHEAD_DAYS * DAY), rules, known.opted_out)
    lines = coming_lines((letter.send_day for letter in coming), language)
    return Overview(to, today, since, _post(organisation, store, now, since, language), found, lines)


def _post(organisation: Organisation, store: Store, now: datetime, since: date, language: str) -> Post:
    start = organisation.settings.rules.send_days.instant(since)
    sent = queue.accepted_between(store, start, now)
    doubtful = queue.letters_by_state(store, *DOUBTFUL, limit=1000)
    new = [one for one in doubtful if one.state in OPEN or one.settled_at is None or start <= one.settled_at <= now]
    return Post(
        sent=tuple(_line(one, language) for one in sent),
        doubtful=tuple(
            doubt_line(_line(one, language), one.state, one.last_code, one.last_text, language) for one in new
        ),
        unknown=sum(one.state in OPEN for one in new),
        waiting=queue.counts(store).get(State.QUEUED, 0),
        notices=tuple(_notices(organisation, store, now, language)),
    )


def _line(one: queue.LetterInfo, language: str) -> str:
    return letter_line(one.send_day, one.to, one.subject, language)


def _notices(organisation: Organisation, store: Store, now: datetime, language: str) -> Iterator[str]:
    """Yield what stands in the way of sending now, or soon will. A pause is remembered longer than it lasts."""
    rest, expires = facts.pause(store), organisation.settings.secret_expires
    if (hold := holds.current(store)) is not None:
        yield SAY[language]["sending_waits"].format(reason=hold.reason)
    if rest is not None and rest.is_on(now):
        yield SAY[language]["sending_waits"].format(reason=rest.reason)
    if expires is not None and (said := notice(expires, local_day(now), language)):
        yield said
