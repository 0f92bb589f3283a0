"""How it stands with the service: one value, computed from facts. Pure.

/readyz, /healthz, the page, the log, `doctor` and `outbox list` are its voices, and say what is wrong in its words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from arshjul.letters.brakes import HoldKind
from arshjul.letters.rules import notice
from arshjul.timing.days import DAY, local_day, workdays_between
from arshjul.words import count_in_words, day_in_words, instant_in_words

READY: Final = "klar\n"
"""How /readyz begins while feeds are served, whatever else is wrong."""

LONG_WAIT: Final = timedelta(hours=4)
"""So long may a letter wait for its turn or for a mail server: a thousand letters take less at the usual pace."""

AGAIN: Final = "Det prøves igjen av seg selv, og loggen sier mer."
RELEASE: Final = "Slipp brevene med «arshjul outbox release» når årsaken er borte."
FILES: Final = "Det er feil i filene, så de forrige brukes fortsatt."
RESTING: Final = "Utsendingen hviler etter en feil hos e-posttjeneren."

HELD: Final[Mapping[HoldKind, str]] = {
    HoldKind.FLOOD: "Flere brev enn grensen ville gått på én gang. De venter til noen har sett på dem.",
    HoldKind.EDITS: "Flere brev enn grensen ville gått fordi filene er endret. De venter til noen har sett på dem.",
    HoldKind.GAP: "Det gikk dager uten at brev ble planlagt. Det som skulle gått da, venter til noen har sett på det.",
    HoldKind.CLOCK: "Utsendingen står: klokken på maskinen kan ikke være riktig.",
    HoldKind.RESTORED: "Utsendingen står: databasen er eldre enn det som er sendt fra den.",
    HoldKind.DAMAGED: "Utsendingen står: filen som teller det som er sendt, er skadet.",
    HoldKind.SETUP: "Utsendingen står: e-posttjeneren avviser oss.",
    HoldKind.PERSON: "Utsendingen er stanset av noen.",
}


class Area(StrEnum):
    """What a fault is about; the values are those of the JSON."""

    FILES = "files"
    STORE = "store"
    PLANNING = "planning"
    SENDING = "sending"
    FEEDS = "feeds"
    SECRETS = "secrets"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it should be.

    `words` is a Norwegian sentence that anybody may read: no name, address or path is in it. `ask` says what to do.
    """

    area: Area
    words: str
    ask: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Queue:
    """How it stands with the letters, as the database has it; instants are UTC, None for what has not been.

    `waiting_since` is when the oldest letter that waits should have gone, `undecided` how many wait for a person.
    """

    hold: HoldKind | None = None
    resting_until: datetime | None = None
    waiting_since: datetime | None = None
    undecided: int = 0
    accepted: datetime | None = None
    planned: date | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """All that is wrong: what the page shows by these words, and what is `known` there in more detail.

    `facts` by area, of what is not wrong too: numbers, instants (UTC, ISO 8601), and seconds since.
    """

    failing: tuple[Fault, ...] = ()
    known: tuple[Fault, ...] = ()
    facts: Mapping[str, Mapping[str, str | float | None]] = field(default_factory=dict, compare=False)

    @property
    def faults(self) -> tuple[Fault, ...]:
        return tuple(dict.fromkeys((*self.failing, *self.known)))

    @property
    def is_well(self) -> bool:
        return not self.faults

    def text(self) -> str:
        """Return "klar", and a line for each fault."""
        return READY + "".join(f"- {fault.words}\n" for fault in self.faults)

    def as_json(self) -> dict[str, object]:
        """Return {"status": "ok" | "fault", "faults": [{"area": …, "words": …}, …], "facts": {area: {…}, …}}."""
        faults = [{"area": str(fault.area), "words": fault.words} for fault in self.faults]
        return {"status": "ok" if self.is_well else "fault", "faults": faults, "facts": self.facts}


def faults_of_files(problems: int) -> Iterator[Fault]:
    if problems:
        yield Fault(Area.FILES, FILES, "«arshjul check» sier hva som er galt, og når alt er i orden.")


def faults_of_hold(queue: Queue, now: datetime) -> Iterator[Fault]:
    """Yield why letters do not go as they come: that they stand still, or that the mail server is left in peace."""
    if queue.hold is not None:
        yield Fault(Area.SENDING, HELD[queue.hold], RELEASE)
    elif queue.resting_until is not None and now < queue.resting_until:
        yield Fault(Area.SENDING, RESTING, AGAIN)


def faults_of_queue(queue: Queue, now: datetime) -> Iterator[Fault]:
    """Yield what is wrong with the letters, but for what holds all of them."""
    if queue.waiting_since is not None and now - queue.waiting_since > LONG_WAIT:
        words = f"Brev har ventet siden {instant_in_words(queue.waiting_since)}."
        yield Fault(Area.SENDING, words, "«arshjul outbox list» viser hvilke, og hva e-posttjeneren svarte.")
    if queue.undecided:
        words = f"{count_in_words(queue.undecided, 'brev', 'brev')} venter på en avgjørelse."
        yield Fault(Area.SENDING, words, "Bestem det med «arshjul outbox resend» eller «arshjul outbox accept».")
    today = local_day(now)
    if queue.planned is not None and workdays_between(queue.planned, today - DAY) > 0:
        words = f"Brev ble sist planlagt {day_in_words(queue.planned)}."
        yield Fault(Area.PLANNING, words, "Går «arshjul serve», eller kjøres «arshjul send» hver dag?")


def faults_of_secret(expires: date | None, today: date) -> Iterator[Fault]:
    if expires is not None and (said := notice(expires, today)):
        ask = "Kan vi få en ny hemmelighet eller et nytt sertifikat for appen i Entra?"
        yield Fault(Area.SECRETS, said, ask)
