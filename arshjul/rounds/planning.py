"""One round of planning: what is due goes into the outbox, what is obsolete is withdrawn; what lies ahead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from arshjul.disk import Crash, go_on
from arshjul.letters.brakes import OF_PLANNING, ClockSample, Hold, HoldKind
from arshjul.letters.changes import news, obsolete
from arshjul.letters.coordinator import Overview
from arshjul.letters.history import Known, Sought, normalize_address, unreached
from arshjul.letters.reminders import (
    ahead_in_words,
    all_reminders,
    already_past,
    caused_by_edit,
    expected,
    horizon,
    is_caused_by_edit,
    is_missed,
    largest_day,
    leads_of,
    next_opening,
    outlook,
    owed,
    plan,
    preview,
    spoken_to,
    without,
    writing_day,
)
from arshjul.letters.render import TemplateProblemError
from arshjul.letters.rules import LetterRules, local_midnight
from arshjul.mail.message import Draft, compose, message_id, new_letter_id
from arshjul.organisation import Organisation
from arshjul.plan.model import Letter, Occurrence, Reminder, Said
from arshjul.rounds import holds, ledger
from arshjul.rounds.remember import recall, remember
from arshjul.rounds.weekly import VARIANT, due_overview
from arshjul.rounds.write import Writer, writer_of
from arshjul.store import claims, decisions, facts, queue, told
from arshjul.store.engine import Store
from arshjul.store.tokens import new_token, token_hash
from arshjul.timing.days import Span, local_day
from arshjul.words import day_in_words
from arshjul.year.expand import expand


def withdraw_obsolete(organisation: Organisation, store: Store, now: datetime, *, is_planning: bool = True) -> int:
    """Withdraw queued letters that are obsolete or too old, so that they are planned again; returns how many.

    Where letters can be planned now, those that have waited since another day are taken back too: all that is in them
    is planned at once, the nearest of several reminders, marked late. One that a server has refused for now is tried
    again as it is, while it is right, and so is any once the day's letters are planned. At hours and on days without
    letters the old ones wait for the next.
    """
    if not (waiting := decisions.waiting(store)):
        return 0
    rules = organisation.settings.rules
    occurrences = {occurrence.key: occurrence for occurrence in expand(organisation.catalogue, outlook(now))}
    keys = frozenset(reminder.key for letter in waiting.values() for reminder in letter.told)
    known = told.known(store, Sought(local_day(now), keys))
    today, opening = writing_day(now, rules), next_opening(now, rules)
    is_over = today is not None and told.is_hour_over(store, today)
    stale, early = {}, []
    for name, letter in waiting.items():
        reasons = [
            (reminder.key, obsolete(reminder, occurrences, known, *details))
            for reminder, details in zip(letter.told, letter.details, strict=True)
        ]
        is_any = any(reason for _, reason in reasons)
        is_old = letter.send_day < local_day(now) and (not (letter.attempt or is_over) or is_any)
        if all(reason for _, reason in reasons):
            stale[name] = "; ".join(f"{key} {reason}" for key, reason in reasons)
        elif is_old and today is None and letter.expires_at > opening:
            early.append(name)
        elif is_old and today is not None and is_planning and (letter.address, today) not in known.written:
            stale[name] = f"har ventet siden {day_in_words(letter.send_day)} og skrives på nytt"
    decisions.put_off(store, early, opening)
    return decisions.withdraw(store, stale, now) if stale else 0


NEWS_DAYS: Final = 14
"""A letter that tells of a change, or of what is overdue, is of use for so many days after it should have gone."""

PLANNABLE: Final = OF_PLANNING | {HoldKind.SETUP}
YEAR: Final = timedelta(days=366)

REST: Final = timedelta(minutes=10)
"""So long after the files were saved, what has changed in them is told at the earliest."""

LONGEST_REST: Final = timedelta(hours=1)
"""So long after the hour of letters, what an edit causes waits for the next when the files are still being edited."""

DOUBTS: Final = frozenset({HoldKind.CLOCK, HoldKind.RESTORED, HoldKind.DAMAGED})
"""Holds during which neither the time nor the database is to be relied on."""

OVERVIEW_DAYS: Final = 7
"""The coordinator's letter is of use until the next one."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What a round did: letters put in the outbox, and reminders that were past at the first start.

    `withdrawn` letters waited and told what is no longer so. `held` says in Norwegian why nothing was done (see
    `brakes`), `template_trouble` which template could not be used, and what was done instead; `unwritten` letters none
    could write, and wait for the next round.
    """

    queued: int = 0
    withdrawn: int = 0
    passed_over: int = 0
    held: str = ""
    template_trouble: str = ""
    unwritten: int = 0


def plan_round(
    organisation: Organisation, store: Store, now: datetime, *, reading: ClockSample | None = None, crash: Crash = go_on
) -> Planned:
    """Queue every letter that is due at `now` (UTC). The very first round notes what is past by then, unsent.

    Letters that wait and tell what is no longer so are taken back first. While the queue is on hold, for the log-in
    excepted, nothing is planned; too many letters put it on hold. A day has one round that plans, at the hour of
    letters or as soon after it as all can be written: what an edit causes later in the day waits for the next.
    """
    hold = holds.look(store, now, reading)
    if hold is not None and hold.kind in DOUBTS:
        return Planned(held=hold.reason)
    if reading is not None:
        queue.forget_later_start(store, now)
    organisation = remember(organisation, store, now)
    ledger.replay(store, "plan", ledger.AT_REST)  # what has gone is not to be written anew
    claims.expire(store, now)  # what is too late counts as not told
    held = hold.reason if hold is not None and hold.kind not in PLANNABLE else ""
    is_over = _is_hour_over(organisation, store, now)
    withdrawn = withdraw_obsolete(organisation, store, now, is_planning=not held)
    if held or is_over:
        return Planned(withdrawn=withdrawn, held=held)
    waits = hold if hold is not None and hold.kind in OF_PLANNING else None
    return replace(_plan(organisation, store, now, crash, anew=withdrawn, hold=waits), withdrawn=withdrawn)


def _is_hour_over(organisation: Organisation, store: Store, now: datetime) -> bool:
    today = writing_day(now, organisation.settings.rules)
    return today is not None and told.is_hour_over(store, today)


def _plan(
    organisation: Organisation, store: Store, now: datetime, crash: Crash, *, anew: int, hold: Hold | None
) -> Planned:
    """Plan and queue; so many letters were taken back, and those that take their place make no flood.

    What a `hold` is about stays out of the outbox; all else goes, the coordinator's letter always. Until it is
    released the day is not done.
    """
    rules, today = organisation.settings.rules, writing_day(now, organisation.settings.rules)
    silent = {one.address for one in told.opt_outs(store)}
    if rules.coordinator is not None and normalize_address(rules.coordinator.address) in silent:
        # Who is to hear of everybody's silence cannot be silent.
        told.opt_in(store, rules.coordinator.address, "satt som koordinator i config.toml", now)
    is_first = facts.go_live(store) is None
    if today is None and not is_first:
        return Planned()
    year = expand(organisation.catalogue, outlook(now))
    found, passed = _reminders(organisation, year, now), 0
    if is_first:
        passed = queue.baseline(store, already_past(found, now, rules), now)
        _expect(organisation, store, year, now)
    known = _known_of(store, now, year, found)
    letters = _letters(organisation, year, found, now, known)
    hold = hold or too_much(organisation, store, now, letters, known, anew=anew)
    letters = _not_held(letters, hold, known, local_day(now))
    letters, is_resting = _rested(organisation, letters, known, now)
    overview = due_overview(organisation, store, now, year, known, letters)
    writer, threads = writer_of(organisation), told.first_letters(store, single_things(letters))
    written = list(all_written(letters, overview, organisation, writer, now, threads=threads))
    crash("planned" if written else "")
    queued = queue.queue(store, written, now) if written else queue.Queued()
    crash("queued" if written else "")
    if today is not None and hold is None and not is_resting:
        told.note_planned(store, today)
        _expect(organisation, store, year, now)
        if not writer.unwritten:
            told.note_hour(store, today)  # a letter that no template could write is tried again the same day
    held = hold.reason if hold else ""
    trouble, unwritten = writer.trouble, writer.unwritten
    return Planned(len(queued.queued), passed_over=passed, held=held, template_trouble=trouble, unwritten=unwritten)


def _known_of(store: Store, now: datetime, year: Iterable[Occurrence], found: Iterable[Reminder]) -> Known:
    """Return what is known of what the files have, and of what people have been told for yesterday or later."""
    keys = frozenset((*(one.key for one in year), *(one.occurrence.key for one in found)))
    today = local_day(now)
    return told.known(store, Sought(today - timedelta(days=1), keys)).as_of(today)


def too_much(
    organisation: Organisation,
    store: Store,
    now: datetime,
    letters: Sequence[Letter],
    known: Known,
    *,
    anew: int = 0,
    order: holds.Order = holds.order,
) -> Hold | None:
    """Return the brake that these letters trip, if any: days that were missed, an edit, or simply too many.

    It is pulled with `order`.
    """
    limits, rules = organisation.settings.brakes, organisation.settings.rules
    caused = len(caused_by_edit(letters, known))
    return (
        holds.look_at_gap(store, letters, known, now, rules, order=order)
        or holds.look_at_edits(store, caused, now, limits.letters_by_edit, order=order)
        or holds.look_at_number(
            store, len(letters) - anew, now, limits, lambda: _largest_day(organisation, now), order=order
        )
    )


def _expect(organisation: Organisation, store: Store, year: list[Occurrence], now: datetime) -> None:
    told.note_expected(store, expected(organisation.catalogue, year, local_day(now), organisation.settings.rules))


def _rested(
    organisation: Organisation, letters: list[Letter], known: Known, now: datetime
) -> tuple[list[Letter], bool]:
    """Return the letters that may go now, and whether others wait until the files have been left alone for a while.

    What an edit causes waits, and a letter that also holds something else waits whole: nobody gets two on one day.
    Whoever edits the whole morning holds nothing else back: what that causes goes the next day.
    """
    if not timedelta(0) <= now - organisation.changed < REST:
        return letters, False
    caused = caused_by_edit(letters, known)
    if now - organisation.settings.rules.send_days.instant(local_day(now)) >= LONGEST_REST:
        return without(letters, lambda reminder: is_caused_by_edit(reminder, known)), False
    return [letter for letter in letters if letter not in caused], bool(caused)


def _not_held(letters: list[Letter], hold: Hold | None, known: Known, today: date) -> list[Letter]:
    """Return what a hold lets go: all but what it is about."""
    match hold.kind if hold else None:
        case None:
            return letters
        case HoldKind.EDITS:
            return without(letters, lambda reminder: is_caused_by_edit(reminder, known))
        case HoldKind.GAP:
            return without(letters, lambda reminder: is_missed(reminder, known.planned, today))
    return []


def _largest_day(organisation: Organisation, now: datetime) -> int:
    """Return how many letters the files plan for the day of the coming year that has most."""
    today = local_day(now)
    year = Span(today + timedelta(days=1), today + YEAR)
    wide = Span(today, today + 2 * YEAR)
    return largest_day(
        preview(organisation.catalogue, expand(organisation.catalogue, wide), year, organisation.settings.rules)
    )


def due_letters(organisation: Organisation, store: Store, now: datetime) -> list[Letter]:
    """Return the letters that a round at `now` (UTC) would queue; nothing is noted."""
    if _is_hour_over(organisation, store, now):
        return []
    organisation = recall(organisation, store, now)
    year, found, known = _year(organisation, store, now)
    return _letters(organisation, year, found, now, known)


def letters_ahead(organisation: Organisation, store: Store, now: datetime, at: datetime) -> tuple[list[Letter], Known]:
    """Return the letters that an hour of letters at `at` would write as all is at `now`, and what is known then."""
    year, found, known = _year(recall(organisation, store, now), store, at)
    return _letters(organisation, year, found, at, known), known


def ahead_by_edit(organisation: Organisation, store: Store, now: datetime) -> str:
    """Say in Norwegian which letters the next hour of letters will send because the files were edited, "" for none."""
    at = next_opening(now, organisation.settings.rules)
    letters, known = letters_ahead(organisation, store, now, at)
    hold = holds.current(store)
    is_held = hold is not None and hold.kind not in OF_PLANNING
    return ahead_in_words(caused_by_edit(letters, known), known, at, is_held=is_held)


def owed_reminders(organisation: Organisation, store: Store, now: datetime) -> list[Reminder]:
    """Return all that would be told from now (UTC) on, were it always a day and an hour for letters."""
    today = local_day(now)
    if now < organisation.settings.rules.send_days.instant(today):  # today's letters are still to come
        today -= timedelta(days=1)
    return owed_by(organisation, store, now, today)[0]


def owed_by(organisation: Organisation, store: Store, now: datetime, day: date) -> tuple[list[Reminder], Known]:
    """Return what is to be told by a day and is not at `now` (UTC), and what is known; nothing is noted."""
    year, found, known = _year(recall(organisation, store, now), store, now)
    return owed(found, day, known, news(year, known, day)), known


def _year(organisation: Organisation, store: Store, now: datetime) -> tuple[list[Occurrence], list[Reminder], Known]:
    """Return what comes round, its reminders, and what is known, as a first round would leave it."""
    year = expand(organisation.catalogue, outlook(now))
    found = _reminders(organisation, year, now)
    known = _known_of(store, now, year, found)
    if not known.baseline:
        passed = frozenset(reminder.id for reminder in already_past(found, now, organisation.settings.rules))
        known = replace(known, told=known.told | passed)
    return year, found, known


def _letters(
    organisation: Organisation, year: list[Occurrence], found: list[Reminder], now: datetime, known: Known
) -> list[Letter]:
    return plan(found, now, known, organisation.settings.rules, news(year, known, local_day(now)))


def single_things(letters: Iterable[Letter]) -> list[tuple[str, str]]:
    """Return what letters of one thing are about: only these belong to a thread."""
    return [(one.reminders[0].occurrence.key, one.to.address) for one in letters if len(one.reminders) == 1]


def all_written(
    letters: Sequence[Letter],
    overview: Overview | None,
    organisation: Organisation,
    writer: Writer,
    now: datetime,
    *,
    threads: Mapping[tuple[str, str], str],
) -> Iterator[queue.QueuedLetter]:
    """Yield each letter for good. The coordinator's own is put into the overview, and said in its language.

    One that no template can write is left for the next round; `writer` remembers why, and counts.
    """
    rest, coordinator = letters, organisation.settings.rules.coordinator
    if overview is not None:
        at = organisation.settings.rules.send_days.instant(overview.day)
        own = [letter for letter in letters if letter.to.address == overview.to.address]
        rest = [letter for letter in letters if letter not in own]
        among = next(iter(own), Letter(overview.to, overview.day, at, ()))
        with suppress(TemplateProblemError):
            yield _overview_written(overview, spoken_to(overview.to, among), writer, now)
    for letter in rest:
        first = next((threads[thing] for thing in single_things([letter]) if thing in threads), "")
        # The coordinator hears of those who have said no, and so cannot be one of them.
        token = (
            ""
            if coordinator and normalize_address(letter.to.address) == normalize_address(coordinator.address)
            else new_token()
        )
        try:
            draft = writer.write(letter, token)
        except TemplateProblemError:
            continue
        written = for_good(letter, draft, writer, now, first)
        yield replace(written, opt_out_hash=token_hash(token)) if draft.opt_out else written


def _overview_written(overview: Overview, letter: Letter, writer: Writer, now: datetime) -> queue.QueuedLetter:
    written = for_good(letter, writer.write_overview(overview, letter), writer, now)
    useful = local_midnight(overview.day + timedelta(days=OVERVIEW_DAYS))
    return replace(written, variant=VARIANT, expires_at=max(useful, written.expires_at or useful))


def for_good(letter: Letter, draft: Draft, writer: Writer, now: datetime, first: str = "") -> queue.QueuedLetter:
    """Write a letter for good: its bytes, Message-ID and Date are never made anew."""
    name = new_letter_id(now)
    days = [_useful_until(one, letter.send_day) for one in letter.reminders]
    return queue.QueuedLetter(
        id=name,
        to=letter.to,
        sender=writer.head.sender.address,
        send_day=letter.send_day,
        send_at=letter.send_at,
        subject=draft.subject,
        message_id=message_id(name, writer.head.domain),
        wire=compose(draft, letter.to, writer.head, name, now, first=first),
        reminders=letter.reminders,
        expires_at=local_midnight(max(days)) if days else None,
    )


def _useful_until(reminder: Reminder, send_day: date) -> date:
    """Return the first day on which it is too late to tell this."""
    if reminder.said in (Said.DUE, Said.LATE, Said.NEW):
        return reminder.day + timedelta(days=1)
    return max(reminder.day + timedelta(days=1), send_day + timedelta(days=NEWS_DAYS))


def _reminders(organisation: Organisation, year: list[Occurrence], now: datetime) -> list[Reminder]:
    today = local_day(now)
    ahead = [one for one in year if one.deadline is not None and one.deadline >= today]
    return list(all_reminders(organisation.catalogue, ahead, Span.of(today), organisation.settings.rules))


MOST_DAYS = 100
"""Days with letters within which one of the week comes, however long the quiet days are."""


def next_letters(organisation: Organisation, store: Store, now: datetime) -> datetime:
    """Return when letters go next (UTC): `now` where those of today are still to be planned and their hour has come."""
    rules = organisation.settings.rules
    today = writing_day(now, rules)
    return next_opening(now, rules) if today is None or told.is_hour_over(store, today) else now


def brake_ahead(organisation: Organisation, store: Store, now: datetime) -> Hold | None:
    """Return the brake that the next letters will trip, or those of the next weekly day, for which most changes wait.

    Its `since` is when. None while one is on: what it holds is known. Raises StoreError.
    """
    hold = holds.current(store)
    if hold is not None and hold.kind in OF_PLANNING and hold.since <= now:
        return None
    first = next_letters(organisation, store, now)
    letters, known = letters_ahead(organisation, store, now, first)
    if found := too_much(organisation, store, first, letters, known, order=_only_looked):
        return found
    gone = {reminder.id for letter in letters for reminder in letter.reminders}
    for at in _until_weekly(first, organisation.settings.rules):
        later, known = letters_ahead(organisation, store, now, at)
        # What comes due in between goes on its day, and no day is missed.
        later = without(later, lambda reminder: reminder.id in gone or reminder.said is Said.LATE)
        if found := too_much(organisation, store, at, later, replace(known, planned=None), order=_only_looked):
            return found
    return None


def _until_weekly(first: datetime, rules: LetterRules) -> Iterator[datetime]:
    """Yield the next weekly send day's hour of letters after `first`, unless that is one itself."""
    at = first
    for _ in range(MOST_DAYS):
        if rules.send_days.is_regular(local_day(at)):
            break
        at = next_opening(at, rules)
    if at != first:
        yield at


def _only_looked(_: Store, hold: Hold) -> Hold:
    return hold


def unreached_now(organisation: Organisation, store: Store, now: datetime) -> list[Occurrence]:
    """Return the next of each such thing whose reminders may fall due (`now` is in UTC)."""
    days, leads = horizon(now), leads_of(organisation.catalogue, organisation.settings.rules)
    return unreached(expand(recall(organisation, store, now).catalogue, days), leads, told.known(store), days)
