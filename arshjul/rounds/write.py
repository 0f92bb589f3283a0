"""Letters in words and as mail, written as the settings ask; and one sample of every kind, to try templates with."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import Final, TypeVar

from arshjul.letters.brakes import Hold, HoldKind, flood_reason
from arshjul.letters.coordinator import (
    Held,
    Overview,
    Post,
    Unheard,
    Urgent,
    awaited_line,
    coming_lines,
    doubt_line,
    letter_line,
    quota_line,
    section,
    silent_line,
)
from arshjul.letters.reminders import confirmations, with_reason
from arshjul.letters.render import TemplateProblemError, Templates, overview_words, urgent_words
from arshjul.letters.rules import LetterRules, notice
from arshjul.letters.templating import (
    PACKAGED,
    are_as_shipped,
    are_kept,
    everything_digest,
    keep_templates,
    kept_templates,
    lost_templates,
)
from arshjul.mail.message import Draft, Letterhead
from arshjul.mail.verdicts import State
from arshjul.organisation import Organisation
from arshjul.plan.model import Because, Item, Kind, Letter, Occurrence, Phrase, Recipient, Reminder, Said
from arshjul.printable import why
from arshjul.timing.cadences import Quota
from arshjul.timing.days import Clock, Offset, Span, Status, year_span
from arshjul.wording import SAY
from arshjul.words import day_in_words
from arshjul.year.awaited import ToConfirm, Unmet

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


DONE_WITH_KEPT: Final = "Brev skrives med de siste malene som var i orden:"
DONE_WITHOUT: Final = "Brev skrives med malene som følger med programmet:"
WAITING: Final = "Brev venter på at en mal blir rettet:"
UNKEPT: Final = "Malene kan ikke tas vare på i var/last-good-templates:"

T = TypeVar("T")


@dataclass(slots=True)
class Writer:
    """The templates, who writes, the names of the calendars by id, and the last templates that were in order, if any.

    A letter that the templates fail for is written with those, or else with the ones that come with the program: an
    organisation's slip of the pen must cost nobody a reminder. `trouble` then says so in Norwegian, by the first
    mistake that was met; one that left a letter unwritten outweighs the rest, and such letters are counted.
    """

    templates: Templates
    head: Letterhead
    calendars: Mapping[str, str]
    kept: Templates | None = None
    trouble: str = field(default="", init=False)
    unwritten: int = field(default=0, init=False)

    def subject(self, letter: Letter) -> str:
        return self._written(lambda templates: templates.subject(letter))

    def write(self, letter: Letter, opt_out_token: str = "") -> Draft:
        """Write a letter; with a token it has a link to say no to more, where there is a place to link to.

        Raises TemplateProblemError when the templates that come with the program have been spoilt too.
        """
        url = f"{self.head.url}/u/{opt_out_token}" if opt_out_token and self.head.url else ""
        return self._written(lambda templates: templates.render(letter, self.head, self.calendars, url))

    def write_overview(self, overview: Overview, letter: Letter) -> Draft:
        """Write the coordinator's letter, with what another letter of the day would have told them.

        Raises TemplateProblemError as `write` does.
        """
        words = overview_words(overview, letter, self.calendars)
        return self._written(lambda templates: templates.fill("overview", words, self.head, overview.to.language))

    def write_urgent(self, things: Sequence[Urgent], to: Recipient, at: datetime) -> Draft:
        """Write what the coordinator must hear today, as it is at `at` (UTC). Raises TemplateProblemError."""
        words = urgent_words(things, at, to.language)
        return self._written(lambda templates: templates.fill("urgent", words, self.head, to.language))

    def try_out(self) -> None:
        """Write every kind of letter, to find out what would be the trouble."""
        with suppress(TemplateProblemError):  # `trouble` tells
            self._written(lambda templates: deque(sample_drafts(templates, self.head), maxlen=0))

    def _written(self, write: Callable[[Templates], T]) -> T:
        try:
            return write(self.templates)
        except TemplateProblemError as error:
            for templates, done_with in ((self.kept, DONE_WITH_KEPT), (Templates(()), DONE_WITHOUT)):
                with suppress(TemplateProblemError):  # of another version, or edited where they lie
                    if templates is not None:
                        done = write(templates)
                        self.trouble = self.trouble or f"{done_with} {error}"
                        return done
            if not self.unwritten:
                self.trouble = f"{WAITING} {error}"
            self.unwritten += 1
            raise


def writer_of(organisation: Organisation) -> Writer:
    """Return the writer that the settings ask for."""
    names = {calendar.id: calendar.name for calendar in organisation.catalogue.calendars.values()}
    kept = Templates((path,)) if (path := kept_templates(organisation.settings.folder)).is_dir() else None
    if kept is not None and (gone := lost_templates(organisation.settings.templates, organisation.settings.folder)):
        writer = Writer(kept, head_of(organisation), names)
        writer.trouble = f"{DONE_WITH_KEPT} {gone}"
        return writer
    return Writer(Templates((organisation.settings.templates,)), head_of(organisation), names, kept)


@dataclass(slots=True)
class TemplateWatch:
    """Tries the templates each time they have changed, and keeps copies of those that are in order.

    `trouble` is what letters do without and why, in Norwegian, "" when all is well; with `is_stuck` some kind of letter
    cannot be written at all.
    """

    trouble: str = ""
    is_stuck: bool = False
    _seen: str = ""

    def look(self, organisation: Organisation) -> str | None:
        """Return `trouble`, None when nothing has changed since the last look."""
        settings = organisation.settings
        try:
            mark = f"{settings.templates} {everything_digest(settings.templates)} {everything_digest(PACKAGED)}"
            if mark == self._seen:
                return None
            writer = _tried(organisation)
            self.trouble, self.is_stuck, self._seen = writer.trouble, writer.unwritten > 0, mark
            if not writer.trouble:
                _keep(organisation)
        except OSError as error:  # a folder that cannot be read, or a disk that is full: tried again
            self.trouble, self._seen = f"{UNKEPT} {why(error)}.", ""
        return self.trouble


def _tried(organisation: Organisation) -> Writer:
    """Return the writer, which has tried the templates unless they are those that are kept and shipped."""
    settings, writer = organisation.settings, writer_of(organisation)
    is_lost = bool(lost_templates(settings.templates, settings.folder))
    if is_lost or not are_kept(settings.templates, settings.folder) or not are_as_shipped(PACKAGED):
        writer.try_out()
    return writer


def _keep(organisation: Organisation) -> None:
    """Keep the templates, which are in order, where they are not kept yet. Raises OSError."""
    settings = organisation.settings
    if not are_kept(settings.templates, settings.folder):
        keep_templates(settings.templates, settings.folder)


def head_of(organisation: Organisation) -> Letterhead:
    """Return who writes."""
    settings = organisation.settings
    url = settings.site.url if settings.site.url.startswith("https://") else ""  # else nobody else can open it
    return Letterhead(settings.site.name, settings.sender, settings.reply_to, url)
