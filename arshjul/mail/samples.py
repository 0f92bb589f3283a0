"""One letter of every kind, about invented things: to look at, and to try an organisation's own templates on."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Final

from arshjul.core.brakes import Hold, HoldKind, flood_reason
from arshjul.core.cadences import Quota
from arshjul.core.confirm import ToConfirm
from arshjul.core.dates import Span, year_span
from arshjul.core.expiry import notice
from arshjul.core.model import Because, Item, Kind, Letter, Occurrence, Phrase, Recipient, Reminder, Said, Status
from arshjul.core.offsets import Offset
from arshjul.core.outbox import State
from arshjul.core.overview import (
    Overview,
    Post,
    awaited_line,
    coming_lines,
    doubt_line,
    letter_line,
    quota_line,
    section,
    silent_line,
)
from arshjul.core.plan import LetterRules, confirmations, with_reason
from arshjul.core.quotas import Unmet
from arshjul.core.turns import Clock
from arshjul.core.urgent import Held, Unheard, Urgent
from arshjul.core.wording import SAY
from arshjul.core.words import day_in_words
from arshjul.mail.message import Draft, Letterhead
from arshjul.mail.render import TemplateProblemError, Templates
from arshjul.mail.wording import overview_words, urgent_words

DAY: Final = date(2026, 11, 24)
AT: Final = datetime(2026, 11, 24, 7, tzinfo=UTC)
CALENDARS: Final = {"prove": "Prøvekalenderen"}
OFFICE: Final = Recipient("sekretariatet@example.no", "Sekretariatet")
NORTH: Final = Recipient("nordregionen@example.no", "Nordregionen")
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
    "changed": (replace(MEETING, location="Folkets hus"), Said.CHANGED, date(2026, 12, 11)),
    "cancelled": (replace(MEETING, status=Status.CANCELLED), Said.CANCELLED, date(2026, 12, 11)),
    "cancelled-because": (
        replace(MEETING, status=Status.CANCELLED, because=Because("prove/styremote/2026-12", "Styremøtet", DAY)),
        Said.CANCELLED,
        date(2026, 12, 11),
    ),
    "removed": (replace(REPORT, days=None), Said.REMOVED, date(2026, 12, 1)),
    "undated": (replace(INPUT, days=None, deadline=None, kind=Kind.UNDATED), Said.UNDATED, date(2026, 12, 15)),
    "back": (MEETING, Said.BACK, date(2026, 12, 11)),
}
AWAITED: Final = ToConfirm(
    "prove",
    "arsmote",
    "2027",
    "Årsmøtet",
    Span.of(date(2027, 2, 4)),
    date(2026, 11, 16),
    rule="første torsdag i februar",
    source="https://www.example.no/arsmote",
)
EXPIRES: Final = date(2026, 12, 1)


def sample_letters(language: str) -> Iterator[tuple[str, Letter]]:
    """Yield a letter of each kind by its name, and one with everything in it."""
    person = replace(NORTH, language=language)
    told = {name: _reminder(person, *found) for name, found in SAID.items()}
    for name, one in told.items():
        yield name, Letter(person, DAY, AT, (one,))
    yield "several", Letter(person, DAY, AT, tuple(told[name] for name in ("overdue", "moved", "late", "cancelled")))


def sample_drafts(templates: Templates, head: Letterhead) -> Iterator[tuple[str, Draft]]:
    """Yield every kind of letter, written in every language. Raises TemplateProblemError."""
    for language in ("nb", "nn", "en"):
        for name, letter in sample_letters(language):
            yield f"{name}-{language}", templates.render(letter, head, CALENDARS, OPT_OUT)
        person, overview = _office(language), sample_overview(language)
        quiet = replace(overview, post=Post(), sections=())
        own = Letter(person, DAY, AT, (_reminder(person, *SAID["reminder"]), _to_confirm(person)))
        for name, one, letter in (
            ("overview", overview, Letter(person, DAY, AT, ())),
            ("overview-own", overview, own),
            ("overview-quiet", quiet, Letter(person, DAY, AT, ())),
        ):
            words = overview_words(one, letter, CALENDARS)
            yield f"{name}-{language}", templates.fill("overview", words, head, language)
        urgent = urgent_words(list(_sample_urgent(language)), AT, language)
        yield f"urgent-{language}", templates.fill("urgent", urgent, head, language)


def failing(templates: Templates, head: Letterhead) -> str:
    """Write every kind of letter; returns in Norwegian what is wrong with the first that cannot be written, or ""."""
    try:
        deque(sample_drafts(templates, head), maxlen=0)
    except TemplateProblemError as error:
        return str(error)
    return ""


def sample_overview(language: str) -> Overview:
    """Return the coordinator's letter with something under every heading, in the words of a language."""
    say, day = SAY[language], date(2026, 11, 17)

    def line(to: Recipient, title: str, deadline: date) -> str:
        subject = f"{say['reminder']}: {title} – {day_in_words(deadline, language)}"
        return letter_line(day, to, subject, language)

    choice = line(Recipient("valg@example.no", "Valgkomiteen"), "Innstilling", date(2026, 12, 1))
    report = f"{day_in_words(date(2026, 11, 20), language)}: Årsrapporten sendes medlemmene – Delregionene"
    account = f"{day_in_words(date(2026, 11, 23), language)}: Regnskapet sendes – Sekretariatet"
    forum = Item("prove", "forum", "Ordførerforum", ())
    asked = Phrase("fire ganger i året", Quota(4, 4))
    return Overview(
        _office(language),
        DAY,
        day,
        Post(
            sent=(line(Recipient("styret@example.no", "Styret"), "Styremøte", date(2026, 12, 11)),),
            doubtful=(
                doubt_line(choice, State.REJECTED, 550, "5.1.1", language),
                doubt_line(line(NORTH, "Styremøte", date(2026, 12, 11)), State.UNKNOWN, None, "", language),
            ),
            unknown=1,
            waiting=2,
            notices=(
                say["sending_waits"].format(reason="421 4.3.2 Service not available"),
                notice(EXPIRES, DAY, language),
            ),
        ),
        (
            section("untold", [account], language),
            section("unfinished", [f"{report} (prove/rapport/2026)"], language),
            section("awaited", [awaited_line(replace(AWAITED, title="Toppforum"), language)], language),
            section("vacant", ["Regionkoordinator: Nordregionen (Prøvekalenderen)"], language),
            section("silent", [silent_line(NORTH, day, language)], language),
            section("unreached", [f"{day_in_words(date(2026, 12, 1), language)}: Innspill – Nordregionen"], language),
            section("quotas", [quota_line(Unmet(forum, asked, year_span(2026), 1), language)], language),
        ),
        coming_lines([date(2026, 12, 1)] * 12 + [date(2026, 12, 8)], language),
        date(2026, 12, 1),
    )


def _sample_urgent(language: str) -> Iterator[Urgent]:
    """Yield one thing of each kind that the coordinator must hear today."""
    person = replace(NORTH, language=language)
    yield Held(Hold(HoldKind.FLOOD, flood_reason(130, 50), AT, 130))
    yield Held(Hold(HoldKind.SETUP, "550 5.7.1 Client host blocked", AT))
    for name in ("cancelled", "moved", "changed"):
        yield Unheard(_reminder(person, *SAID[name]), (person,), AT)
    yield Unheard(_reminder(person, *SAID["removed"]), (person,), None)


def _office(language: str) -> Recipient:
    return replace(OFFICE, language=language)


def _to_confirm(person: Recipient) -> Reminder:
    return next(confirmations(AWAITED, person, LetterRules()))


def _reminder(person: Recipient, occurrence: Occurrence, said: Said, before: date | None) -> Reminder:
    it = replace(
        occurrence,
        recipients=(person,),
        main=frozenset({person.address}),
        ways=((person.address, MAYORS),),
    )
    due = date(2026, 11, 17) if said is Said.LATE else DAY
    clock, location = ("08:00/10:00", "Rådhuset") if said is Said.CHANGED else (None, None)
    reminder = Reminder(it, Offset(20), person, due, "", said, before, int(before is not None))
    return with_reason(replace(reminder, clock_before=clock, location_before=location), DAY)
