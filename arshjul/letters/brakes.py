"""When nothing may be sent until a person has looked: too many letters at once, or a clock that cannot be right. Pure.

What was mailed by mistake to a whole organisation cannot be called back; a letter that waits a day can be sent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from arshjul.printable import printable
from arshjul.words import count_in_words, day_in_words, instant_in_words

JUMP = timedelta(minutes=10)
"""So much a clock may go ahead of the time that has passed since the last round, while the machine runs. A wrong time
zone is more: letters of tomorrow, or too late for today, are worth a question."""

SETBACK = timedelta(hours=3)
"""So much a clock may go back: what a wrong time zone, summer time and a slow clock make together."""

MISSED_DAYS = 2
"""So many days for letters without a round are asked about, when they had letters: was nothing running, or is this a
copy of a machine that wrote them? One day off, a weekend or a holiday is caught up with by itself."""

LONG_AWAY = timedelta(days=90)
"""After a restart nobody knows how much time has passed; so long a rest is asked about."""


class HoldKind(StrEnum):
    """Why the queue stands still. SETUP ends by itself when the settings of the mail have been changed."""

    FLOOD = "flood"
    CLOCK = "clock"
    RESTORED = "restored"
    DAMAGED = "damaged"
    SETUP = "setup"
    PERSON = "person"
    GAP = "gap"
    EDITS = "edits"


OF_PLANNING: Final = frozenset({HoldKind.FLOOD, HoldKind.GAP, HoldKind.EDITS})
"""Holds that keep letters out of the outbox: what is in it goes, and what they are not about is planned."""

ENDED_BY_OTHERS: Final = OF_PLANNING | {HoldKind.SETUP}
"""Holds that a graver one takes the place of: they are found anew when it is gone."""


LONGEST_REASON = 2000


@dataclass(frozen=True, slots=True)
class Hold:
    """The queue stands still until `outbox release`; `reason` is Norwegian. `letters` are those that were too many.

    `relay` names the settings that a SETUP fault was met with, `most` how many letters might go when it was ordered;
    the database does not keep that.
    """

    kind: HoldKind
    reason: str
    since: datetime
    letters: int = 0
    relay: str = ""
    most: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "reason", printable(self.reason, LONGEST_REASON))  # what a server said is in it


@dataclass(frozen=True, slots=True)
class ClockSample:
    """The clock on the wall (UTC), the seconds since the machine was started, asleep or not, and which start it was."""

    wall: datetime
    up: float
    boot: str


def most_letters(planned: int, least: int, times: int) -> int:
    """Return how many letters may be queued at once, where the files plan at most `planned` many for a day."""
    return max(least, times * planned)


def edits_reason(letters: int, most: int) -> str:
    return (
        f"{letters} brev ville gått fordi kalenderfilene er endret, og grensen er {most}. De vanlige brevene går; "
        "disse venter. Se dem med «arshjul send --dry-run». Rett filene, eller slipp dem: «arshjul outbox release»."
    )


def flood_reason(letters: int, most: int) -> str:
    return (
        f"{letters} brev ville gått samtidig, og grensen er {most}. Ingen av dem er lagt i utboksen. "
        "Se dem med «arshjul send --dry-run»."
    )


def brake_ahead_in_words(hold: Hold) -> tuple[str, str]:
    """Say in Norwegian that a brake will hold letters and when, and what to do; `hold` is the one of then."""
    at, most = instant_in_words(hold.since), hold.most
    go = "slipp dem da løs med «arshjul outbox release», eller sett {} høyere under [brakes] i config.toml."
    match hold.kind:
        case HoldKind.FLOOD:
            what = f"{hold.letters} brev går {at}; bremsen holder mer enn {most}, så ingen av dem kommer av sted."
            return what, f"Se dem med «arshjul preview». Skal de gå, {go.format('letters_at_once')}"
        case HoldKind.EDITS:
            what = f"{hold.letters} brev går {at} fordi kalenderfilene er endret; bremsen holder mer enn {most}."
            return what, f"Rett filene før da. Er endringene riktige, {go.format('letters_by_edit')}"
    return f"Bremsen holder brev {at}: {hold.reason}", ""


def gap_reason(planned: date, missed: int, late: int) -> str:
    """Say in Norwegian why what has come due since the last planned day is not sent before somebody has looked."""
    told = count_in_words(late, "påminnelse", "påminnelser")
    return (
        f"Brev ble sist planlagt {day_in_words(planned)}, og {missed} dager for brev er gått siden. "
        f"{told.capitalize()} derfra ville gått nå, merket «Forsinket». Er maskinen hentet frem fra en "
        "sikkerhetskopi, kan de være sendt før. "
        "Se dem med «arshjul send --dry-run»; «arshjul outbox release» sender dem, «--without-sending» lar det være."
    )


def clock_doubt(before: ClockSample, now: ClockSample) -> str:
    """Say in Norwegian why the clock cannot be right, "" if it can."""
    gone, then, at = now.wall - before.wall, instant_in_words(before.wall), instant_in_words(now.wall)
    if gone < -SETBACK:
        return f"Klokken viser {at}, men brev er behandlet {then}. Den er stilt tilbake."
    if now.boot == before.boot and gone - timedelta(seconds=now.up - before.up) > JUMP:
        return f"Klokken hoppet frem fra {then} til {at} mens maskinen gikk."
    if gone > LONG_AWAY:
        return f"Klokken viser {at}, og forrige gang var {then}, {gone.days} dager før."
    return ""
