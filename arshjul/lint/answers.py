"""Our own linter of feeds: what a subscriber's program may stumble over in the bytes and in how they are served."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import pairwise
from urllib.parse import urlsplit

from arshjul.lint.events import check_calendar, check_event, check_zones
from arshjul.lint.rows import BOM, Component, Finding, check_octets, check_size, components, must, rows, should

_BEGIN, _END = b"BEGIN:VCALENDAR", b"END:VCALENDAR"


def lint_feed(data: bytes) -> list[Finding]:
    """Return all findings, by line."""
    if not data.strip():
        return [must("tom-fil", 0, "Filen er tom. Noen programmer sletter da alt abonnenten har.")]
    if not data.removeprefix(BOM).lstrip().upper().startswith(_BEGIN):
        return [must("ikke-kalender", 1, "Filen begynner ikke med BEGIN:VCALENDAR.")]
    return sorted({*_lint_whole(data), *check_size(data)})


def _lint_whole(data: bytes) -> Iterator[Finding]:
    if _END not in data.upper():
        data = data[: (data.rfind(b"\n") + 1 or data.rfind(b"\r") + 1)]
        said = "Filen slutter før END:VCALENDAR. Noen programmer sletter da alt abonnenten har."
        yield must("avkuttet", len(rows(data)), said)
    lines = rows(data)
    yield from check_octets(data, lines)
    calendars, faults = components(lines)
    yield from faults
    for extra in calendars[1:]:
        yield must("flere-kalendere", extra.line, "Filen har mer enn én VCALENDAR. Exchange leser bare den første.")
    for calendar in calendars:
        yield from _lint_calendar(calendar)


def _lint_calendar(calendar: Component) -> Iterator[Finding]:
    if calendar.ended:  # what is missing from half a calendar may stand in the other half
        yield from check_calendar(calendar)
    yield from check_zones(calendar)
    for event in calendar.named("VEVENT"):
        yield from check_event(event)
    yield from _check_duplicates(calendar)


def _check_duplicates(calendar: Component) -> Iterator[Finding]:
    """An event and its moved instances share a UID, each with a RECURRENCE-ID of its own."""
    seen: dict[tuple[str, str], int] = {}
    for event in calendar.named("VEVENT"):
        uid, instance = event.first("UID"), event.first("RECURRENCE-ID")
        if uid is None:
            continue
        identity = (uid.value.strip(), instance.value.strip() if instance else "")
        if identity in seen:
            said = f"UID-en står også på linje {seen[identity]}. Google og Thunderbird viser bare én av hendelsene."
            yield must("dobbel-uid", uid.line, said)
        seen.setdefault(identity, uid.line)


LONGEST_ADDRESS = 200
SLOW = 5.0
"""Seconds. Exchange and Google fetch with short patience, and nobody sees that they gave up."""

LOOPBACK = ("127.0.0.1", "::1", "localhost")
UNCHANGED, SUCCESS, REDIRECTIONS = HTTPStatus.NOT_MODIFIED, range(200, 300), range(300, 400)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. Header names are in small letters; `cut` says that fewer bytes came than were announced."""

    url: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    seconds: float = 0.0
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Answers:
    """All that was asked of a server: the way there, GET, and what it says to other ways of asking.

    `again` is a GET with the validators of the first, `packed` one that takes gzip, `bearer` one with the
    Authorization header that Outlook sends to everybody.
    """

    redirects: tuple[Answer, ...]
    full: Answer
    head: Answer | None = None
    again: Answer | None = None
    packed: Answer | None = None
    bearer: Answer | None = None


def lint_answers(answers: Answers) -> list[Finding]:
    """Return what is wrong around the feed; the feed itself is for `lint`."""
    return sorted({*_check_address(answers), *_check_full(answers.full), *_check_others(answers)})


def _check_address(answers: Answers) -> Iterator[Finding]:
    way = [urlsplit(one.url) for one in (*answers.redirects, answers.full)]
    if any(one.scheme == "http" and one.hostname not in LOOPBACK for one in way):
        yield should("ikke-https", 0, "Adressen bruker http. Outlook på nett og iPhone vil ha https.")
    if ("https", "http") in {(one.scheme, after.scheme) for one, after in pairwise(way)}:
        yield must("til-http", 0, "Tjeneren viser fra https videre til http. Flere programmer nekter å følge den.")
    elif answers.redirects:
        said = f"Tjeneren viser videre ({answers.redirects[0].status}). Gi abonnentene den endelige adressen."
        yield should("viderevisning", 0, said)
    if not way[0].path.endswith(".ics") or way[0].query:
        yield should("adresseform", 0, "Adressen bør slutte på .ics og ikke ha noe spørsmålstegn i seg.")
    if len(way[0].geturl()) > LONGEST_ADDRESS:
        yield should("lang-adresse", 0, f"Adressen er på over {LONGEST_ADDRESS} tegn.")


def _check_full(full: Answer) -> Iterator[Finding]:
    if full.status != HTTPStatus.OK:
        yield must("status", 0, f"Tjeneren svarer {full.status}, ikke 200.")
        return
    yield from _check_type(full)
    if full.cut:
        yield must("avkuttet-svar", 0, "Det kom færre byte enn Content-Length lovet.")
    if "content-encoding" in full.headers:
        yield must("pakket-uspurt", 0, "Svaret er pakket, enda det ble bedt om uten.")
    if "set-cookie" in full.headers:
        yield should("informasjonskapsel", 0, "Svaret setter en informasjonskapsel. Et abonnement trenger ingen.")
    if full.seconds > SLOW:
        yield should("tregt", 0, f"Svaret tok {full.seconds:.0f} sekunder.")
    yield from _check_validators(full)


def _check_type(full: Answer) -> Iterator[Finding]:
    kind, _, parameters = full.headers.get("content-type", "").lower().replace(" ", "").partition(";")
    if kind != "text/calendar":
        yield must("innholdstype", 0, f"Content-Type er {kind or 'ikke oppgitt'}; den skal være text/calendar.")
    elif "charset=utf-8" not in parameters.replace('"', ""):
        yield should("tegnsett", 0, "Content-Type bør si charset=utf-8.")


def _check_validators(full: Answer) -> Iterator[Finding]:
    if "content-length" not in full.headers:
        yield should("mangler-lengde", 0, "Svaret mangler Content-Length, så et avbrudd kan ikke oppdages.")
    if not full.headers.get("etag", "").startswith('"'):
        yield should("mangler-etag", 0, "Svaret mangler en sterk ETag, så alt hentes på nytt hver gang.")
    if "last-modified" not in full.headers:
        yield should("mangler-last-modified-hode", 0, "Svaret mangler Last-Modified.")


def _check_others(answers: Answers) -> Iterator[Finding]:
    full, head, again, packed, bearer = answers.full, answers.head, answers.again, answers.packed, answers.bearer
    if head and (head.status, head.headers.get("content-type")) != (full.status, full.headers.get("content-type")):
        yield should("head", 0, f"HEAD får et annet svar enn GET ({head.status}). Thunderbird spør med HEAD først.")
    if again and again.status in SUCCESS:
        changed = again.body != full.body
        said = "Innholdet er et annet hver gang det hentes." if changed else "Uendret innhold sendes likevel om igjen."
        yield should("ustabilt" if changed else "mangler-304", 0, f"{said} Tjeneren skulle svart 304.")
    elif again and again.status != UNCHANGED:
        yield must("betinget", 0, f"Når noen spør om noe er endret, svarer tjeneren {again.status}, ikke 304.")
    if packed and packed.headers.get("content-encoding", "identity") != "identity":
        yield should("gzip", 0, "Svaret pakkes med gzip. Outlook på nett har sluttet å vise slike abonnementer.")
    if bearer and bearer.status != full.status:
        said = f"Med Outlooks eget Authorization-hode svarer tjeneren {bearer.status}; det skal overses."
        yield must("authorization", 0, said)
