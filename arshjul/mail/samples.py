"""One letter of every kind, about invented things: to look at, and to try an organisation's own templates on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Final

from arshjul.core.dates import Span
from arshjul.core.model import Kind, Letter, Occurrence, Recipient, Reminder, Said, Status
from arshjul.core.offsets import Offset
from arshjul.core.overview import Overview, Post, Section
from arshjul.core.plan import with_reason
from arshjul.core.turns import Clock
from arshjul.mail.message import Draft, Letterhead
from arshjul.mail.render import Templates
from arshjul.mail.wording import overview_words

DAY: Final = date(2026, 11, 24)
AT: Final = datetime(2026, 11, 24, 7, tzinfo=UTC)
CALENDARS: Final = {"prove": "Prøvekalenderen"}
OFFICE: Final = Recipient("sekretariatet@example.no", "Sekretariatet")
OPT_OUT: Final = "https://kalender.example.no/u/prove"
MAYORS: Final = "Delregionene: Ordførerne → Nordregionen"

INPUT: Final = Occurrence(
    "prove",
    "innspill",
    "2026",
    "Innspill til statsbudsjettet",
    Kind.WINDOW,
    Span(date(2026, 10, 1), date(2026, 12, 16)),
    deadline=date(2026, 12, 15),
    responsible=("Delregionene", "Sekretariatet"),
    contributors=("Kommunene", "Faggruppene"),
    source="https://www.example.no/innspill",
    rule="Q4",
    note="Bruk malen fra i fjor.\nSend utkast til sekretariatet først.",
)
MEETING: Final = Occurrence(
    "prove",
    "styremote",
    "2026-12",
    "Styremøte",
    Kind.DAY,
    Span.of(date(2026, 12, 11)),
    Clock(time(10), time(12)),
    date(2026, 12, 11),
    Status.CONFIRMED,
    responsible=("Sekretariatet",),
    location="Rådhuset, møterom 3",
    source="Møteplan 2026",
    rule="fredag i uke 50",
)
REPORT: Final = replace(
    INPUT,
    id="rapport",
    title="Årsrapporten sendes medlemmene",
    kind=Kind.DEADLINE,
    days=Span.of(date(2026, 11, 20)),
    deadline=date(2026, 11, 20),
    status=Status.CONFIRMED,
    rule="innen 20. november",
    note="",
    source="Handlingsplan 2026, tiltak 2.1",
)
SAID: Final[Mapping[str, tuple[Occurrence, Said, date | None]]] = {
    "reminder": (INPUT, Said.DUE, None),
    "late": (INPUT, Said.LATE, None),
    "new": (MEETING, Said.NEW, None),
    "overdue": (REPORT, Said.OVERDUE, None),
    "moved": (MEETING, Said.MOVED, date(2026, 12, 8)),
    "cancelled": (replace(MEETING, status=Status.CANCELLED), Said.CANCELLED, date(2026, 12, 11)),
    "removed": (replace(REPORT, days=None), Said.REMOVED, date(2026, 12, 1)),
    "undated": (replace(INPUT, days=None, deadline=None, kind=Kind.UNDATED), Said.UNDATED, date(2026, 12, 15)),
    "back": (MEETING, Said.BACK, date(2026, 12, 11)),
}
OVERVIEW: Final = Overview(
    OFFICE,
    DAY,
    date(2026, 11, 17),
    Post(
        sent=("tirsdag 17. november til Styret <styret@example.no>: Påminnelse: Styremøte – fredag 11. desember 2026",),
        doubtful=(
            "tirsdag 17. november til Valgkomiteen <valg@example.no>: Påminnelse: Innstilling – avvist (550 5.1.1)",
        ),
        waiting=2,
        notices=("Utsendingen venter: 421 4.3.2 Service not available",),
    ),
    (
        Section(
            "Over fristen og ikke meldt ferdig",
            "De ansvarlige er påminnet én gang. Ring dem; meld så «arshjul done NØKKEL».",
            ("fredag 20. november 2026: Årsrapporten sendes medlemmene – Delregionene (prove/rapport/2026)",),
        ),
        Section(
            "Roller uten mottaker",
            "Ingen får brev for disse. Skriv inn hvem det er i kalenderfilen.",
            ("Regionkoordinator: Nordregionen (Prøvekalenderen)",),
        ),
    ),
    ("tirsdag 1. desember 2026: 12 brev",),
)


def sample_letters(language: str) -> Iterator[tuple[str, Letter]]:
    """Yield a letter of each kind by its name, and one with everything in it."""
    person = Recipient("nordregionen@example.no", "Nordregionen", language)
    told = {name: _reminder(person, *found) for name, found in SAID.items()}
    for name, one in told.items():
        yield name, Letter(person, DAY, AT, (one,))
    yield "several", Letter(person, DAY, AT, tuple(told[name] for name in ("overdue", "moved", "late", "cancelled")))


def sample_drafts(templates: Templates, head: Letterhead) -> Iterator[tuple[str, Draft]]:
    """Yield every kind of letter, written in every language. Raises TemplateProblemError."""
    for language in ("nb", "nn", "en"):
        for name, letter in sample_letters(language):
            yield f"{name}-{language}", templates.render(letter, head, CALENDARS, OPT_OUT)
    own = next(letter for name, letter in sample_letters("nb") if name == "reminder")
    for name, one in (("overview-nb", Letter(OFFICE, DAY, AT, ())), ("overview-own-nb", own)):
        yield name, templates.fill("overview", overview_words(OVERVIEW, one, CALENDARS), head, "nb")


def _reminder(person: Recipient, occurrence: Occurrence, said: Said, before: date | None) -> Reminder:
    it = replace(
        occurrence,
        recipients=(person,),
        main=frozenset({person.address}),
        ways=((person.address, MAYORS),),
    )
    due = date(2026, 11, 17) if said is Said.LATE else DAY
    return with_reason(Reminder(it, Offset(20), person, due, "", said, before, int(before is not None)), DAY)
