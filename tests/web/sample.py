"""A state to serve, as the service would build it: a public and a private calendar, letters, and a party's feed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

from arshjul.feeds.ics import Feed
from arshjul.plan.model import Calendar, Kind, Occurrence, Recipient
from arshjul.plan.problems import Place, Problem
from arshjul.store.tokens import token_hash
from arshjul.timing.days import Clock, Span, Status
from arshjul.web.site import NextLetter, SiteState, served
from tests.core.feeds import feed

TODAY = date(2026, 11, 20)
LOADED = datetime(2026, 11, 20, 8, 41, tzinfo=UTC)
STAMP = datetime(2026, 11, 2, 7, 30, tzinfo=UTC)
TOKEN = "kanarifugl-3q7Zt0x9vVbq2s8Jm1LkY4uWcR6eTn5aPd"
STORTINGET = "https://www.stortinget.no/no/Stortinget-og-demokratiet/"
SECRETARY = Recipient("hemmelig.adresse@example.no", "Sekretariatet")


def political(name: str, title: str, days: Span, rule: str = "", source: str = STORTINGET) -> Occurrence:
    kind = Kind.WINDOW if len(days) > 1 else Kind.DAY
    return Occurrence("politisk-aar", name, f"{days.first.year}", title, kind, days, rule=rule, source=source)


def measure(name: str, title: str, day: date, area: str, responsible: tuple[str, ...]) -> Occurrence:
    return Occurrence(
        "osloregionen",
        name,
        f"{day:%Y-%m}",
        title,
        Kind.DEADLINE,
        Span.of(day),
        deadline=day,
        responsible=responsible,
        recipients=(SECRETARY,),
        area=area,
    )


BOARD = Occurrence(
    "osloregionen",
    "styremote",
    "2026-12",
    "Styremøte",
    Kind.DAY,
    Span.of(date(2026, 12, 4)),
    clock=Clock(time(10), time(13)),
    status=Status.CONFIRMED,
    responsible=("Styret", "Sekretariatet"),
    contributors=("Administrativ koordineringsgruppe",),
    location="Oslo rådhus",
)
PAPERS = replace(
    BOARD,
    id="styremote.papirer",
    title="Sakspapirer sendes",
    kind=Kind.DEADLINE,
    days=Span.of(date(2026, 11, 27)),
    clock=None,
    location="",
    responsible=("Sekretariatet",),
    contributors=(),
)
DEBATE = political("finansdebatt", "Finansdebatt", Span.of(date(2026, 12, 1), date(2026, 12, 5)), "1.–5. desember")
NTP_DAYS = Span.of(date(2027, 3, 11), date(2027, 4, 12))
POLITICAL = (
    political("hoering", "Åpne budsjetthøringer", Span.of(date(2026, 11, 18), date(2026, 11, 24)), "uke 47"),
    DEBATE,
    political("siste-mote", "Siste møte i Stortinget før jul", Span.of(date(2026, 12, 17), date(2026, 12, 21))),
    political("forste-mote", "Første møte i Stortinget etter jul", Span.of(date(2027, 1, 6), date(2027, 1, 12))),
    replace(
        political("arsbudsjett", "Kommunestyret vedtar årsbudsjettet", Span.of(date(2026, 12, 31))),
        kind=Kind.DEADLINE,
        status=Status.CONFIRMED,
        source="kommuneloven § 14-3",
        rule="31. desember",
    ),
    political("ntp", "Nasjonal transportplan legges frem", NTP_DAYS, "11. mars–12. april"),
)
STATUS_REPORT = measure(
    "1.2",
    "Status for det interessepolitiske arbeidet",
    date(2026, 12, 4),
    "Felles politiske prioriteringer",
    ("Sekretariatet",),
)
DIALOGUE = replace(
    measure(
        "2.1",
        "Status: Dialog med stortingsrepresentantene fra regionen",
        date(2026, 12, 31),
        "Påvirkning",
        ("Delregionene", "Kommunene", "Ordførerne"),
    ),
    contributors=("Sekretariatet", "Regionkoordinatorene"),
)
JOINT_MEETING = replace(
    measure("3.4", "Fellesmøte", date(2027, 1, 14), "Samhandling", ("Regionkoordinatorene",)),
    kind=Kind.DAY,
    status=Status.CANCELLED,
)
ON_DEMAND = Occurrence(
    "osloregionen",
    "4.1",
    "2026",
    "Høringssvar",
    Kind.UNDATED,
    responsible=("Sekretariatet",),
    area="Høringer",
    rule="ved behov",
)
REGIONAL = (PAPERS, BOARD, STATUS_REPORT, DIALOGUE, JOINT_MEETING, ON_DEMAND)
ABOUT = "Stortinget, budsjettene og valgene."
CALENDARS = {
    "politisk-aar": Calendar("politisk-aar", "Det politiske året", public=True, description=ABOUT),
    "osloregionen": Calendar("osloregionen", "Osloregionen IPR"),
}
LETTERS = (
    NextLetter(date(2026, 11, 23), "Sekretariatet", (PAPERS.title, STATUS_REPORT.title)),
    NextLetter(date(2026, 12, 8), "Regionkoordinator Kongsvingerregionen", (DIALOGUE.title,)),
)
PROBLEM = Problem(
    Place("calendars/osloregionen.toml", 41, 8),
    "Jeg forstår ikke «hver tredje fullmåne».",
    "Skriv for eksempel «siste fredag i mars».",
)


def feed_of(*occurrences: Occurrence, stamp: datetime = STAMP) -> Feed:
    names = {each.id: each.name for each in CALENDARS.values()}
    return feed(occurrences, name="Det politiske året", uid_domain="example.no", stamp=stamp, calendar_names=names)


PUBLIC = served(feed_of(*POLITICAL), "politisk-aar", name="Det politiske året", description=ABOUT)
PARTY = served(feed_of(*REGIONAL), "sekretariatet", name="Sekretariatet", token_hash=token_hash(TOKEN))


def state_of(base_url: str) -> SiteState:
    return SiteState(
        title="Osloregionen IPR",
        base_url=base_url,
        today=TODAY,
        loaded_at=LOADED,
        calendars=CALENDARS,
        occurrences=POLITICAL + REGIONAL,
        letters=LETTERS,
        feeds={PUBLIC.slug: PUBLIC},
        private_feeds={PARTY.token_hash: PARTY},
    )
