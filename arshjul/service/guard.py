"""One guard over every loop of the service: ticks, faults and notices in words, health, the log, signals to end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from textwrap import indent
from typing import Any, Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from arshjul.health import (
    AGAIN,
    Area,
    Fault,
    Health,
    Queue,
    faults_of_files,
    faults_of_hold,
    faults_of_queue,
    faults_of_secret,
)
from arshjul.plan.problems import Place, Problem
from arshjul.printable import printable, printable_lines
from arshjul.store.engine import StoreError
from arshjul.store.upkeep import HEAD
from arshjul.timing.days import local_day

PLANNING: Final = "Planleggingen feilet, så ingen nye brev legges i utboksen."
RELOADING: Final = "Filene kunne ikke leses inn, så de forrige brukes fortsatt."
SENDING: Final = "Utsendingen av brev feilet."
OPENING: Final = "Databasen kan ikke brukes ennå, så ingen brev sendes, og private abonnementer må vente."
LOCKING: Final = "Det er ikke sikkert at bare denne tjenesten sender brev, så utsendingen venter."
RESTING: Final = "Utsendingen hviler:"
ALARMING: Final = "Det som haster, kunne ikke skrives til koordinatoren."
KEEPING: Final = "Filene er i bruk, men kopien av dem i var/last-good kan ikke lagres:"
SHOWING: Final = "Siden og abonnementene kunne ikke oppdateres."
MOVED: Final = "Ny adresse eller port gjelder først når tjenesten startes på nytt."
TO_PUBLIC: Final = "Sett index = «public» når andre kan nå tjenesten."
HOLDING: Final = "Utsendingen står:"
TEMPLATES: Final = "En mal for brevene kan ikke brukes."

WATCHING: Final = "Filene kan ikke ses etter, så de forrige brukes fortsatt."
MOVED_CLOCK: Final = "Klokken på maskinen er stilt, så det ses etter med en gang hva som skal sendes."

AREAS: Final = {
    PLANNING: Area.PLANNING,
    ALARMING: Area.PLANNING,
    RELOADING: Area.FILES,
    WATCHING: Area.FILES,
    KEEPING: Area.FILES,
    SENDING: Area.SENDING,
    LOCKING: Area.SENDING,
    OPENING: Area.STORE,
    SHOWING: Area.FEEDS,
}
SAID_OF: Final = {
    KEEPING: (Area.FILES, "Kopien av filene i var/last-good kan ikke lagres."),
    MOVED: (Area.FILES, MOVED),
    TEMPLATES: (Area.SENDING, TEMPLATES),
}
"""What anybody may read of what the page and the log say in full; of HOLDING and RESTING the queue tells."""

ROUNDS: Final = {PLANNING: 60.0, WATCHING: 5.0, SHOWING: 5.0}
"""The loops, by the step that each goes round for, and the seconds in which it does."""

LATE: Final = {
    PLANNING: "Planleggingen har ikke gått rundt på over {seconds} sekunder.",
    WATCHING: "Filene er ikke sett etter på over {seconds} sekunder.",
    SHOWING: "Siden og abonnementene er ikke sett etter på over {seconds} sekunder.",
}


log = logging.getLogger("arshjul")


@dataclass(slots=True)
class Notices:
    """One notice for each thing; a thing is the sentence of `faults` that it begins with."""

    _said: dict[str, tuple[Problem, date | None]] = field(default_factory=dict)

    def say(self, what: str, text: str, hint: str, day: date | None = None) -> None:
        """Show a notice. It is logged when it is new or says something else, with a day also on each new day."""
        said = Problem(Place("tjenesten"), text, hint), day
        if self._said.get(what) != said:
            log.warning("%s %s", text, hint)
        self._said[what] = said

    def withdraw(self, what: str) -> None:
        self._said.pop(what, None)

    def shown(self) -> tuple[Problem, ...]:
        return tuple(notice for notice, _ in self._said.values())

    def faults(self) -> list[Fault]:
        """Return what anybody may read of them."""
        return [Fault(*SAID_OF[what]) for what in self._said if what in SAID_OF]


FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds from a failure to the next try; each further failure doubles them."""


@dataclass(slots=True)
class Guard:
    """Does steps and counts rounds. `rounds` has, for each loop, the seconds in which it comes round.

    A step is known by the Norwegian sentence that says what it means when it fails.
    """

    rounds: Mapping[str, float] = field(default_factory=dict)
    monotonic: Callable[[], float] = time.monotonic
    _failures: dict[str, tuple[int, str, Exception]] = field(init=False, default_factory=dict)
    _went_well: dict[str, float] = field(init=False, default_factory=dict)
    _came_round: dict[str, float] = field(init=False)

    def __post_init__(self) -> None:
        self._came_round = dict.fromkeys(self.rounds, self.monotonic())

    async def step(self, what: str, step: Awaitable[object]) -> bool:
        """Do a step and tell whether it went well. Whatever it raises is logged, once for as long as it stays the same.

        A loop that ended for it would be silent, and a log that repeats it each second hides what else there is.
        """
        try:
            await step
        except Exception as error:
            count, before = self._failures[what][:2] if what in self._failures else (0, "")
            said = f"{type(error).__name__}: {error}"
            if said != before:
                log.exception(what)
            self._failures[what] = count + 1, said, error
            return False
        self._went_well[what] = self.monotonic()
        if self._failures.pop(what, None):
            log.info("Det går igjen. %s", what)
        return True

    def failing(self) -> list[str]:
        """Return the steps that failed when they were last tried, the first to fail first."""
        return list(self._failures)

    def errors(self) -> list[Exception]:
        """Return what those steps raised."""
        return [error for _, _, error in self._failures.values()]

    def since(self, what: str) -> float | None:
        """Return the seconds since a step last went well, None if it never has."""
        at = self._went_well.get(what)
        return None if at is None else self.monotonic() - at

    def pause(self, what: str, usual: float = 0.0) -> float:
        """Return the seconds to wait before the next try of a step: the usual ones while it goes well."""
        count = self._failures[what][0] if what in self._failures else 0
        return max(usual, min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (count - 1))) if count else usual

    def came_round(self, loop: str, rest: float = 0.0) -> None:
        """Note that a loop has come round, and rests for so many seconds."""
        self._came_round[loop] = self.monotonic() + rest

    def late(self) -> dict[str, float]:
        """Return the loops that have not come round for twice their time, with the seconds since they did."""
        now = self.monotonic()
        since = {loop: now - at for loop, at in self._came_round.items()}
        return {loop: seconds for loop, seconds in since.items() if seconds > MOST_LATENESS * self.rounds[loop]}


MOST_LATENESS: Final = 2.0
"""So many times its time a loop may take to come round."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What health is computed from: the loops, what is noticed, and how it stood with the letters at the last look."""

    guard: Guard
    notices: Notices
    queue: Queue
    problems: int
    files_read: datetime | None
    feeds: int
    secret_expires: date | None


def diagnose(signs: Signs, now: datetime) -> Health:
    """Return how it stands at `now` (UTC)."""
    guard = signs.guard
    failing = [
        *(Fault(AREAS[what], what, AGAIN) for what in guard.failing()),
        *(Fault(AREAS[loop], LATE[loop].format(seconds=int(s // 10 * 10)), AGAIN) for loop, s in guard.late().items()),
        *(Fault(Area.STORE, error.words, AGAIN) for error in guard.errors() if isinstance(error, StoreError)),
        *faults_of_queue(signs.queue, now),
        *faults_of_secret(signs.secret_expires, local_day(now)),
    ]
    known = [*faults_of_files(signs.problems), *faults_of_hold(signs.queue, now), *signs.notices.faults()]
    return Health(tuple(dict.fromkeys(failing)), tuple(known), _facts(signs))


def _facts(signs: Signs) -> Mapping[str, Mapping[str, str | float | None]]:
    guard, queue = signs.guard, signs.queue
    return {
        Area.FILES: {"read_at": _iso(signs.files_read), "problems": signs.problems},
        Area.STORE: {"schema": HEAD, "seconds_since_used": guard.since(SHOWING)},
        Area.PLANNING: {"seconds_since_success": guard.since(PLANNING), "last_day": _iso(queue.planned)},
        Area.SENDING: {
            "seconds_since_success": guard.since(SENDING),
            "last_accepted_at": _iso(queue.accepted),
            "hold": queue.hold,
            "resting_until": _iso(queue.resting_until),
            "waiting_since": _iso(queue.waiting_since),
            "undecided": queue.undecided,
        },
        Area.FEEDS: {"seconds_since_seen_to": guard.since(SHOWING), "public": signs.feeds},
        Area.SECRETS: {"expire_on": _iso(signs.secret_expires)},
    }


def _iso(value: date | datetime | None) -> str | None:
    return value.isoformat() if value else None


LONGEST = 2000
INDENT = "    "
"""A line of a trace begins so, and none can be taken for a record."""


MOST_ALIKE, MINUTE, MOST_CAUSES = 5, 60.0, 500
"""Records of one cause in so many seconds; causes that are remembered. Whoever sends us nonsense can do so for ever."""


@dataclass(slots=True)
class Sparing:
    """A filter for a handler: lets the first few of a cause through in a minute, and then says how many more came.

    A cause is the text of ours; of a library's it is the text before anything is put in, which may come from outside.
    """

    monotonic: Callable[[], float] = time.monotonic
    _seen: OrderedDict[str, tuple[float, int]] = field(default_factory=OrderedDict)

    def filter(self, record: logging.LogRecord) -> bool:
        cause, now = self._cause(record), self.monotonic()
        since, count = self._seen.pop(cause, (now, 0))
        left_out = max(count - MOST_ALIKE, 0)
        if now - since >= MINUTE:
            since, count = now, 0
            if left_out:
                record.msg, record.args = f"{record.getMessage()} (og {left_out} til slike før denne)", ()
        self._seen[cause] = since, count + 1
        if len(self._seen) > MOST_CAUSES:
            self._seen.popitem(last=False)
        return count < MOST_ALIKE

    def _cause(self, record: logging.LogRecord) -> str:
        is_ours = record.name.partition(".")[0] == "arshjul"
        return f"{record.levelno} {record.getMessage() if is_ours else record.msg}"


class PrintableFormatter(logging.Formatter):
    """Writes what servers and libraries said so that it acts on no terminal, forges no record, tells no secret."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (logging's name)
        record.message = printable(record.message, LONGEST)
        return super().formatMessage(record)

    def format(self, record: logging.LogRecord) -> str:
        first, newline, trace = super().format(record).partition("\n")
        return first + newline + indent(printable_lines(trace), INDENT, lambda _: True) if trace else first


TICK_SECONDS: Final = 60
LOOK_SECONDS: Final = 20.0
"""Between looks at both clocks."""

LONGEST_WAIT: Final = timedelta(seconds=TICK_SECONDS + 5)
"""No tick is further away than that, as the clock on the wall is now."""

PARTED_SECONDS: Final = 5.0
"""So far may the clock on the wall go from the monotonic one between two looks; NTP moves it by far less."""


@dataclass(slots=True)
class Ticks:
    """The job that ticks, and how the clocks stood. `wall` and `monotonic` are in seconds."""

    job: Any  # apscheduler has no types
    wall: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic
    _apart: float = 0.0

    def __post_init__(self) -> None:
        self._apart = self.wall() - self.monotonic()

    def look(self) -> bool:
        """Tick at once when the clocks have parted since the last look, or the next tick is too far away.

        A clock that is set ahead and right again between two looks has not parted from the other one; but a tick in
        that time has put the next one as far ahead. Returns whether either is so.
        """
        apart, now = self.wall() - self.monotonic(), datetime.now(UTC)
        parted = abs(apart - self._apart) > PARTED_SECONDS
        self._apart = apart
        far = self.job.next_run_time is not None and self.job.next_run_time - now > LONGEST_WAIT
        if parted or far:
            self.job.modify(next_run_time=now)
        return parted or far


@contextlib.contextmanager
def ticking(tick: Callable[[], object], seconds: float = TICK_SECONDS) -> Iterator[Ticks]:
    """Call `tick` each minute, late ones too and never two at once, which are not the library's defaults."""
    scheduler = AsyncIOScheduler(timezone=UTC)
    trigger = IntervalTrigger(seconds=seconds, timezone=UTC)
    job = scheduler.add_job(tick, trigger, misfire_grace_time=None, coalesce=True, max_instances=1)
    scheduler.start()
    try:
        yield Ticks(job)
    finally:
        scheduler.shutdown(wait=False)


@contextlib.contextmanager
def asked_to_end(stop: Callable[[], None], read_anew: Callable[[], None]) -> Iterator[None]:
    """Call `stop` on Ctrl-C or SIGTERM, `read_anew` on SIGHUP. Outside the main thread, as in tests, none arrive."""
    loop = asyncio.get_running_loop()
    signals = {signal.SIGINT: stop, signal.SIGTERM: stop, signal.SIGHUP: read_anew}
    with contextlib.suppress(RuntimeError, ValueError):
        for one, act in signals.items():
            loop.add_signal_handler(one, act)
    try:
        yield
    finally:
        for one in signals:
            loop.remove_signal_handler(one)
