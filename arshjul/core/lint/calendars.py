"""What can be wrong with the calendar itself: how often properties stand there, its method, name and refresh hints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from arshjul.core.lint.findings import Finding, must, should
from arshjul.core.lint.reading import Component
from arshjul.core.lint.times import is_duration, is_negative

MOST_EVENTS = 1000
ONCE = frozenset(
    {"VERSION", "PRODID", "CALSCALE", "METHOD", "UID", "LAST-MODIFIED", "REFRESH-INTERVAL", "X-WR-CALNAME"}
)


def check_calendar(calendar: Component) -> Iterator[Finding]:
    """Yield what is wrong with a VCALENDAR's own properties."""
    yield from check_once(calendar, ONCE)
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
