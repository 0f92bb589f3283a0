"""What can be wrong with a calendar and its events: properties, identity, times, recurrence, zones, alarms."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from arshjul.lint.rows import (
    Component,
    Finding,
    Moment,
    Property,
    Sort,
    check_time,
    check_utc,
    is_duration,
    is_negative,
    moment,
    must,
    should,
)

MOST_EVENTS = 1000
CALENDAR_ONCE = frozenset(
    {"VERSION", "PRODID", "CALSCALE", "METHOD", "UID", "LAST-MODIFIED", "REFRESH-INTERVAL", "X-WR-CALNAME"}
)


def check_calendar(calendar: Component) -> Iterator[Finding]:
    """Yield what is wrong with a VCALENDAR's own properties."""
    yield from check_once(calendar, CALENDAR_ONCE)
    yield from _check_head(calendar)
    yield from _check_name(calendar)
    yield from _check_refresh(calendar)
    yield from _check_uid(calendar)
    yield from _check_parts(calendar)


def check_once(component: Component, names: frozenset[str]) -> Iterator[Finding]:
    """Yield a finding for each property that stands there again and may stand there once."""
    seen: Counter[str] = Counter()
    for one in component.properties:
        seen[one.name] += 1
        if one.name in names and seen[one.name] > 1:
            yield must("dobbel-egenskap", one.line, f"{one.name} kan bare stå én gang i {component.name}.")


def _check_head(calendar: Component) -> Iterator[Finding]:
    version, scale, method = (calendar.first(name) for name in ("VERSION", "CALSCALE", "METHOD"))
    if version is None or version.value.strip() != "2.0":
        yield must("version", version.line if version else calendar.line, "Kalenderen skal ha VERSION:2.0.")
    if calendar.first("PRODID") is None:
        yield must("mangler-prodid", calendar.line, "Kalenderen mangler PRODID.")
    if scale and scale.value.strip().upper() != "GREGORIAN":
        yield must("calscale", scale.line, f"Kalenderen bruker tidsregningen {scale.value}; bare GREGORIAN forstås.")
    if method and method.value.strip().upper() != "PUBLISH":
        said = f"METHOD er {method.value}. I et abonnement skal den være PUBLISH eller ikke stå der."
        yield must("metode", method.line, said)


def _check_name(calendar: Component) -> Iterator[Finding]:
    if calendar.first("X-WR-CALNAME") is None:
        said = "Kalenderen mangler X-WR-CALNAME, så abonnenten må finne på navnet selv."
        yield should("mangler-navn", calendar.line, said)
    if zone := calendar.first("X-WR-TIMEZONE"):
        yield should("x-wr-timezone", zone.line, "X-WR-TIMEZONE forstås ulikt; skriv heller tidene i UTC.")


def _check_refresh(calendar: Component) -> Iterator[Finding]:
    interval, hint = calendar.first("REFRESH-INTERVAL"), calendar.first("X-PUBLISHED-TTL")
    wrong = [one for one in (interval, hint) if one and (not is_duration(one.value) or is_negative(one.value))]
    for one in wrong:
        yield must("ugyldig-varighet", one.line, f"{one.name} er ingen varighet: {one.value}. Skriv PT6H.")
    if interval and interval.parameters.get("VALUE", "").upper() != "DURATION":
        said = "REFRESH-INTERVAL skal ha VALUE=DURATION; den har ingen verditype fra før."
        yield must("refresh-uten-type", interval.line, said)
    if interval is None and hint is None:
        said = "Det står ikke hvor ofte kalenderen bør hentes (REFRESH-INTERVAL og X-PUBLISHED-TTL)."
        yield should("mangler-refresh", calendar.line, said)
    if interval and hint and not wrong and interval.value.strip() != hint.value.strip():
        yield should("ulik-refresh", hint.line, "X-PUBLISHED-TTL sier noe annet enn REFRESH-INTERVAL.")


def _check_uid(calendar: Component) -> Iterator[Finding]:
    if uid := calendar.first("UID"):
        said = "Kalenderen har en egen UID. vdirsyncer tar den for hendelsenes og beholder bare den siste hendelsen."
        yield must("kalender-uid", uid.line, said)


def _check_parts(calendar: Component) -> Iterator[Finding]:
    events = calendar.named("VEVENT")
    if len(events) > MOST_EVENTS:
        said = f"Kalenderen har {len(events)} hendelser. Google har mistet noen over tusen; del den opp."
        yield must("mange-hendelser", calendar.line, said)
    if not events:
        said = "Kalenderen har ingen hendelser. Er det en feil, blir abonnentenes kalendere tomme."
        yield should("ingen-hendelser", calendar.line, said)
    for one in calendar.named("VTODO", "VJOURNAL", "VFREEBUSY"):
        said = f"{one.name} vises ikke i Google eller Outlook, bare VEVENT."
        yield should("ikke-hendelse", one.line, said)


FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
MOST_TIMES = 999
SET_POSITIONS = frozenset({"-1", "1", "2", "3", "4"})
SINGLE = ("BYMONTHDAY", "BYMONTH", "BYHOUR", "BYMINUTE")
UNKNOWN_TO_EXCHANGE = ("BYYEARDAY", "BYWEEKNO", "BYSECOND", "RSCALE", "SKIP")

_DAYS = re.compile(r"(?:[+-]?\d{1,2})?(?:MO|TU|WE|TH|FR|SA|SU)")
_PLAIN_DAYS = re.compile(r"(?:MO|TU|WE|TH|FR|SA|SU)")


def check_recurrence(event: Component) -> Iterator[Finding]:
    """Yield what is wrong with RRULE, RDATE, EXDATE and EXRULE of an event."""
    rules, start = event.all("RRULE"), event.first("DTSTART")
    begins = moment(start) if start else None
    for one in rules[1:]:
        yield must("flere-rrule", one.line, "Hendelsen har flere RRULE. Noen programmer mister den da helt.")
    for one in event.all("EXRULE"):
        yield must("exrule", one.line, "EXRULE er avskaffet og forstås ikke lenger.")
    for rule in rules:
        for said in _complaints(parts(rule), begins):
            yield must("rrule", rule.line, said)
    for one in [*event.all("RDATE"), *event.all("EXDATE")]:
        yield from _check_dates(one, begins, repeats=bool(rules))


def parts(rule: Property) -> dict[str, str]:
    """Return the parts of a rule by their names, all in capitals."""
    pairs = [part.partition("=") for part in rule.value.strip().upper().split(";")]
    return {name: value for name, _, value in pairs}


def _complaints(rule: dict[str, str], begins: Moment | None) -> Iterator[str]:
    frequency = rule.get("FREQ", "")
    if frequency not in FREQUENCIES:
        yield f"Exchange avviser FREQ={frequency or '(mangler)'}; bruk {', '.join(FREQUENCIES)}."
    yield from _end_complaints(rule, begins)
    if not rule.get("INTERVAL", "1").isdigit() or int(rule.get("INTERVAL", "1")) == 0:
        yield f"INTERVAL={rule['INTERVAL']} er ikke et helt tall fra 1."
    if rule.get("BYSETPOS", "1") not in SET_POSITIONS:
        yield f"Exchange avviser BYSETPOS={rule['BYSETPOS']}; bare -1 og 1 til 4 går."
    yield from (f"Exchange tar bare én verdi i {name}." for name in SINGLE if "," in rule.get(name, ""))
    yield from (f"Exchange forstår ikke {name}." for name in UNKNOWN_TO_EXCHANGE if name in rule)
    days, form = rule.get("BYDAY"), _PLAIN_DAYS if frequency in ("DAILY", "WEEKLY") else _DAYS
    if days is not None and not all(form.fullmatch(day) for day in days.split(",")):
        yield f"BYDAY={days} går ikke sammen med FREQ={frequency}."


def _end_complaints(rule: dict[str, str], begins: Moment | None) -> Iterator[str]:
    count, until = rule.get("COUNT"), rule.get("UNTIL")
    if count is not None and until is not None:
        yield "Gjentakelsen har både COUNT og UNTIL; bare én er lov."
    if count is not None and not (count.isdigit() and 1 < int(count) <= MOST_TIMES):
        yield f"Exchange avviser COUNT={count}; det må være fra 2 til {MOST_TIMES}."
    if until is None or begins is None:
        return
    ends = moment(Property("UNTIL", {}, until, 0))
    right = {Sort.DATE: Sort.DATE, Sort.FLOATING: Sort.FLOATING}.get(begins.sort, Sort.UTC)
    if ends is None or ends.sort is not right:
        wanted = {Sort.DATE: "en dato", Sort.FLOATING: "et tidspunkt uten Z"}.get(right, "et tidspunkt i UTC")
        yield f"UNTIL={until} skal være {wanted}, som DTSTART er det."


def _check_dates(dates: Property, begins: Moment | None, *, repeats: bool) -> Iterator[Finding]:
    if not repeats:
        yield must("dato-uten-rrule", dates.line, f"{dates.name} uten RRULE går tapt i Exchange.")
    if dates.parameters.get("VALUE", "").upper() == "PERIOD":
        yield must("ugyldig-tid", dates.line, f"{dates.name} med PERIOD forstås nesten ingen steder.")
        return
    for value in dates.value.split(","):
        one = moment(Property(dates.name, dates.parameters, value, dates.line))
        if one is None:
            yield must("ugyldig-tid", dates.line, f"{dates.name} er ingen dato og ikke noe tidspunkt: {value}")
        elif begins and (one.sort is Sort.DATE) != (begins.sort is Sort.DATE):
            yield must("ulike-tider", dates.line, f"{dates.name} skal være av samme slag som DTSTART: {value}")


EVENT_ONCE = frozenset(
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
    yield from check_once(event, EVENT_ONCE)
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


_OFFSET = re.compile(r"[+-]\d{4}(?:\d{2})?")
_NTH_DAY = re.compile(r"(?:[+-]?[1-5])(?:MO|TU|WE|TH|FR|SA|SU)")


def check_zones(calendar: Component) -> Iterator[Finding]:
    """Yield what is wrong with the zones that a calendar defines, and with those that it only names."""
    defined: set[str] = set()
    for zone in calendar.named("VTIMEZONE"):
        tzid = zone.first("TZID")
        name = tzid.value.strip().casefold() if tzid else ""
        if not name:
            yield must("sone-uten-navn", zone.line, "VTIMEZONE mangler TZID.")
        elif name in defined:
            yield must("dobbel-sone", zone.line, f"Tidssonen {tzid.value if tzid else ''} er definert to ganger.")
        defined.add(name)
        yield from _check_zone(zone)
    yield from _check_uses(calendar, defined)


def _check_uses(calendar: Component, defined: set[str]) -> Iterator[Finding]:
    for part in calendar.named("VEVENT", "VTODO", "VJOURNAL"):
        for one in part.properties:
            tzid = one.parameters.get("TZID")
            if tzid is not None and tzid.strip().casefold() not in defined:
                said = f"TZID={tzid} har ingen VTIMEZONE i filen. Outlook avviser den eller viser feil tid."
                yield must("ukjent-tidssone", one.line, said)


def _check_zone(zone: Component) -> Iterator[Finding]:
    latest: dict[str, Component] = {}
    for half in sorted(zone.named("STANDARD", "DAYLIGHT"), key=_starts):
        yield from _check_offsets(half)
        latest[half.name] = half
    # Only the last of each kind counts in Exchange, so what Apple writes of the past century does no harm.
    for half in latest.values():
        yield from _check_rules(half)
    if "STANDARD" not in latest:
        yield must("sone-deler", zone.line, "VTIMEZONE mangler STANDARD.")
    elif len(zone.named("STANDARD")) > 1 or len(zone.named("DAYLIGHT")) > 1:
        said = "VTIMEZONE bør ha én STANDARD og høyst én DAYLIGHT. Exchange ser bare på den siste av hver."
        yield should("sone-deler", zone.line, said)


def _starts(half: Component) -> str:
    start = half.first("DTSTART")
    return start.value if start else ""


def _check_offsets(half: Component) -> Iterator[Finding]:
    if half.first("DTSTART") is None:
        yield must("ufullstendig-sone", half.line, f"{half.name} mangler DTSTART. Exchange avviser hele filen.")
    for name in ("TZOFFSETFROM", "TZOFFSETTO"):
        offset = half.first(name)
        if offset is None or not _OFFSET.fullmatch(offset.value.strip()):
            line = offset.line if offset else half.line
            said = f"{half.name} mangler {name} på formen +0100. Exchange avviser hele filen."
            yield must("ufullstendig-sone", line, said)


def _check_rules(half: Component) -> Iterator[Finding]:
    for dates in half.all("RDATE"):
        said = "Tidssonen er skrevet med RDATE. Outlook og Thunderbird leser den feil og viser tider en time for sent."
        yield must("sone-med-rdate", dates.line, said)
    for rule in half.all("RRULE"):
        if not _is_yearly(parts(rule)):
            said = "Outlook forstår bare soner med FREQ=YEARLY, BYMONTH og én BYDAY som -1SU."
            yield must("sone-regel", rule.line, said)


def _is_yearly(rule: dict[str, str]) -> bool:
    by_day = _NTH_DAY.fullmatch(rule.get("BYDAY", "")) is not None and "BYMONTHDAY" not in rule
    by_number = rule.get("BYMONTHDAY", "").removeprefix("-").isdigit() and "BYDAY" not in rule
    month = rule.get("BYMONTH", "")
    return rule.get("FREQ") == "YEARLY" and month.isdigit() and (by_day or by_number)
