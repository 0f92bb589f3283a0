"""What can be wrong with one VEVENT: identity, revision, times, status, texts, people and alarms."""

from __future__ import annotations

import re
from collections.abc import Iterator

from arshjul.core.lint.calendars import check_once
from arshjul.core.lint.findings import Finding, must, should
from arshjul.core.lint.reading import Component, Property
from arshjul.core.lint.recurrence import check_recurrence
from arshjul.core.lint.times import Moment, Sort, check_time, check_utc, is_duration, is_negative, moment

ONCE = frozenset(
    {
        "UID", "DTSTAMP", "DTSTART", "DTEND", "DURATION", "CREATED", "LAST-MODIFIED", "SEQUENCE", "SUMMARY",
        "DESCRIPTION", "LOCATION", "STATUS", "TRANSP", "CLASS", "GEO", "PRIORITY", "URL", "ORGANIZER", "RECURRENCE-ID",
    }
)  # fmt: skip
CHOICES = {
    "STATUS": ("TENTATIVE", "CONFIRMED", "CANCELLED"),
    "TRANSP": ("OPAQUE", "TRANSPARENT"),
    "X-MICROSOFT-CDO-BUSYSTATUS": ("FREE", "TENTATIVE", "BUSY", "OOF", "WORKINGELSEWHERE"),
}
TEXTS = ("SUMMARY", "DESCRIPTION", "LOCATION")
LONGEST_UID = 200
LONGEST_LINE = 255
"""UTF-16 units: where Exchange cuts a heading and a location (MS-OXCICAL)."""

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!#-;=?-Z\[\]_a-z~]+")
_UNESCAPED = re.compile(r"(?<!\\)(?:\\\\)*([;,])")
_BAD_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\(?![\\;,nN])")


def check_event(event: Component) -> Iterator[Finding]:
    """Yield what is wrong with an event, looked at by itself."""
    yield from check_once(event, ONCE)
    yield from _check_identity(event)
    yield from _check_revision(event)
    yield from _check_span(event)
    yield from _check_choices(event)
    yield from _check_texts(event)
    yield from _check_extras(event)
    yield from check_recurrence(event)
    for alarm in event.named("VALARM"):
        yield from _check_alarm(alarm)


def _check_identity(event: Component) -> Iterator[Finding]:
    uid = event.first("UID")
    if uid is None or not uid.value.strip():
        yield must("mangler-uid", event.line, "Hendelsen mangler UID. Outlook på nett avviser filen.")
    elif len(uid.value) > LONGEST_UID or not uid.value.isascii():
        said = f"UID bør være ASCII og på høyst {LONGEST_UID} tegn."
        yield should("uid-form", uid.line, said)


def _check_revision(event: Component) -> Iterator[Finding]:
    stamp, sequence = event.first("DTSTAMP"), event.first("SEQUENCE")
    if stamp is None:
        yield must("mangler-dtstamp", event.line, "Hendelsen mangler DTSTAMP.")
    for name in ("DTSTAMP", "LAST-MODIFIED", "CREATED"):
        for one in event.all(name):
            yield from check_utc(one)
    if sequence is None:
        said = "Hendelsen mangler SEQUENCE. Google kan overse at den er endret."
        yield should("mangler-sequence", event.line, said)
    elif not sequence.value.strip().isdigit():
        yield must("ugyldig-sequence", sequence.line, f"SEQUENCE skal være et helt tall fra 0: {sequence.value}")
    if event.first("LAST-MODIFIED") is None:
        said = "Hendelsen mangler LAST-MODIFIED. Noen programmer overser da at den er endret."
        yield should("mangler-last-modified", event.line, said)


def _check_span(event: Component) -> Iterator[Finding]:
    start, end, duration = (event.first(name) for name in ("DTSTART", "DTEND", "DURATION"))
    if start is None:
        yield must("mangler-dtstart", event.line, "Hendelsen mangler DTSTART.")
        return
    faults = [*check_time(start), *(check_time(end) if end else ())]
    yield from faults
    begins = moment(start)
    if begins is None or faults:
        return
    if begins.sort is Sort.FLOATING:
        said = "Tidspunktet har verken Z eller TZID og flytter seg med leserens tidssone."
        yield should("flytende-tid", start.line, said)
    yield from _check_length(begins, duration)
    if end and duration:
        yield must("dtend-og-duration", duration.line, "Hendelsen har både DTEND og DURATION; bare én er lov.")
    elif end:
        yield from _check_end(begins, end)
    elif begins.sort is Sort.DATE and duration is None:
        said = "Heldagshendelsen mangler DTEND. Thunderbird gir den ingen lengde."
        yield should("mangler-dtend", start.line, said)


def _check_length(begins: Moment, duration: Property | None) -> Iterator[Finding]:
    if duration is None:
        return
    if not is_duration(duration.value) or is_negative(duration.value):
        yield must("ugyldig-varighet", duration.line, f"DURATION er ingen varighet fremover: {duration.value}")
    elif begins.sort is Sort.DATE and "T" in duration.value:
        yield must("ugyldig-varighet", duration.line, "En heldagshendelse varer i hele dager eller uker.")


def _check_end(begins: Moment, end: Property) -> Iterator[Finding]:
    ends = moment(end)
    if ends is None:
        return
    if (ends.sort is Sort.DATE) != (begins.sort is Sort.DATE):
        yield must("ulike-tider", end.line, "DTSTART og DTEND skal begge være datoer eller begge tidspunkter.")
    elif (ends.sort, ends.zone) == (begins.sort, begins.zone) and ends.wall <= begins.wall:
        hint = " Siste dag regnes ikke med: skriv dagen etter." if begins.sort is Sort.DATE else ""
        yield must("slutt-foer-start", end.line, f"DTEND er ikke etter DTSTART.{hint}")


def _check_choices(event: Component) -> Iterator[Finding]:
    for name, choices in CHOICES.items():
        for one in event.all(name):
            if one.value.strip().upper() not in choices:
                said = f"{name} er {one.value}; det kan bare være {', '.join(choices)}."
                yield must("ugyldig-verdi", one.line, said)


def _check_texts(event: Component) -> Iterator[Finding]:
    summary = event.first("SUMMARY")
    if summary is None or not summary.value.strip():
        yield should("mangler-summary", event.line, "Hendelsen har ingen overskrift (SUMMARY).")
    for name in TEXTS:
        for one in event.all(name):
            yield from _check_escapes(one)
    for name in ("SUMMARY", "LOCATION"):
        for one in event.all(name):
            units = len(one.value.encode("utf-16-le", "replace")) // 2
            if units > LONGEST_LINE:
                yield should("lang-tekst", one.line, f"{name} er på {units} tegn; Outlook kutter ved {LONGEST_LINE}.")
    for one in event.all("CATEGORIES"):
        if "\\;" in one.value or "\\," in one.value:
            yield should("kategori-tegn", one.line, "Outlook tar komma og semikolon i en kategori for slutten på den.")


def _check_escapes(text: Property) -> Iterator[Finding]:
    if found := _UNESCAPED.search(text.value):
        said = f"I {text.name} skal «{found[1]}» skrives «\\{found[1]}»."
        yield must("mangler-skraastrek", text.line, said)
    if _BAD_ESCAPE.search(text.value):
        said = f"I {text.name} står en omvendt skråstrek foran et tegn som ikke skal ha den."
        yield must("feil-skraastrek", text.line, said)


def _check_extras(event: Component) -> Iterator[Finding]:
    for one in event.all("URL"):
        if not _URI.fullmatch(one.value.strip()):
            said = f"URL er ingen nettadresse: {one.value}. Noen programmer avviser hele filen."
            yield must("ugyldig-url", one.line, said)
    for name in ("ORGANIZER", "ATTENDEE"):
        for one in event.all(name):
            said = f"{name} gjør oppføringen til en møteinnkalling i Outlook og viser adressen til alle."
            yield must("personer", one.line, said)
    for name in ("ATTACH", "X-ALT-DESC"):
        for one in event.all(name):
            yield should("vedlegg", one.line, f"{name} behandles ulikt eller fjernes; skriv heller en lenke i teksten.")


def _check_alarm(alarm: Component) -> Iterator[Finding]:
    said = "Varselet overses av Google og Outlook, men ringer hos dem som bruker Thunderbird."
    yield should("varsel", alarm.line, said)
    action, trigger = alarm.first("ACTION"), alarm.first("TRIGGER")
    if action is None or trigger is None:
        yield must("ufullstendig-varsel", alarm.line, "Varselet mangler ACTION eller TRIGGER.")
    elif action.value.strip().upper() == "DISPLAY" and alarm.first("DESCRIPTION") is None:
        yield must("ufullstendig-varsel", alarm.line, "Varselet mangler DESCRIPTION. Home Assistant avviser filen.")
