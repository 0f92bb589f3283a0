"""A state to serve, as the service would build it: a public and a private calendar, letters, and a party's feed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from types import MappingProxyType

from arshjul.core.dates import Span
from arshjul.core.ics import Feed, feed
from arshjul.core.model import Calendar, Kind, Occurrence, Recipient, Status
from arshjul.core.problems import Place, Problem
from arshjul.core.tokens import token_hash
from arshjul.core.turns import Clock
from arshjul.web.feeds import served
from arshjul.web.state import NextLetter, SiteState

TODAY = date(2026, 11, 20)
LOADED = datetime(2026, 11, 20, 8, 41, tzinfo=UTC)
STAMP = datetime(2026, 11, 2, 7, 30, tzinfo=UTC)
TOKEN = "kanarifugl-3q7Zt0x9vVbq2s8Jm1LkY4uWcR6eTn5aPd"
STORTINGET = "https://www.stortinget.no/no/Stortinget-og-demokratiet/"
SECRETARY = Recipient("hemmelig.adresse@example.no", "Sekretariatet")


def political(
    id: str, title: str, first: date, last: date | None = None, rule: str = "", source: str = STORTINGET
) -> Occurrence:
    days = Span.of(first, last)
    kind = Kind.WINDOW if last else Kind.DAY
    return Occurrence("politisk-aar", id, f"{first.year}", title, kind, days, rule=rule, source=source)


def measure(id: str, period: str, title: str, day: date, area: str, responsible: tuple[str, ...]) -> Occurrence:
    return Occurrence(
        "osloregionen",
        id,
        period,
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
    BOARD, id="styremote.papirer", title="Sakspapirer sendes", kind=Kind.DEADLINE, days=Span.of(date(2026, 11, 27)),
    clock=None, location="", responsible=("Sekretariatet",), contributors=(),
)  # fmt: skip
POLITICAL = (
    political(
        "finansinnstilling", "Finansinnstillingen avgis", date(2026, 11, 18), date(2026, 11, 24), "25.–30. november"
    ),
    political("finansdebatt", "Finansdebatt og rammevedtak", date(2026, 12, 1), date(2026, 12, 5), "1.–5. desember"),
    political(
        "siste-mote", "Siste møte i Stortinget før jul", date(2026, 12, 17), date(2026, 12, 21), "17.–21. desember"
    ),
    political(
        "forste-mote", "Første møte i Stortinget etter jul", date(2027, 1, 6), date(2027, 1, 12), "6.–12. januar"
    ),
    replace(
        political(
            "arsbudsjett", "Kommunestyret vedtar årsbudsjettet", date(2026, 12, 31), source="kommuneloven § 14-3"
        ),
        kind=Kind.DEADLINE,
        status=Status.CONFIRMED,
        rule="31. desember",
    ),
    political("ntp", "Nasjonal transportplan legges frem", date(2027, 3, 11), date(2027, 4, 12), "11. mars–12. april"),
)
REGIONAL = (
    PAPERS,
    BOARD,
    measure("1.2", "2026-12", "Status for det interessepolitiske arbeidet", date(2026, 12, 4), "Felles politiske prioriteringer", ("Sekretariatet",)),
    replace(
        measure("2.1", "2026-Q4", "Status: Dialog med stortingsrepresentantene fra regionen", date(2026, 12, 31), "Påvirkning", ("Delregionene", "Kommunene", "Ordførerne")),
        contributors=("Sekretariatet", "Regionkoordinatorene"),
    ),
    replace(measure("3.4", "2027-01", "Fellesmøte for regionkoordinatorene", date(2027, 1, 14), "Samhandling", ("Regionkoordinatorene",)), kind=Kind.DAY, status=Status.CANCELLED),
    Occurrence("osloregionen", "4.1", "2026", "Høringssvar ved behov", Kind.UNDATED, responsible=("Sekretariatet",), area="Høringer", rule="ved behov"),
)  # fmt: skip
CALENDARS = {
    "politisk-aar": Calendar(
        "politisk-aar", "Det politiske året", public=True, description="Stortinget, budsjettene og valgene."
    ),
    "osloregionen": Calendar("osloregionen", "Osloregionen IPR"),
}
PROBLEM = Problem(
    Place("calendars/osloregionen.toml", 41, 8),
    "Jeg forstår ikke «hver tredje fullmåne».",
    "Skriv for eksempel «siste fredag i mars».",
)


def feed_of(*occurrences: Occurrence, stamp: datetime = STAMP) -> Feed:
    names = {each.id: each.name for each in CALENDARS.values()}
    return feed(
        occurrences, name="Det politiske året", uid="a", uid_domain="example.no", stamp=stamp, calendar_names=names
    )


def state_of(base_url: str = "https://kalender.example.no") -> SiteState:
    public = served(
        feed_of(*POLITICAL),
        "politisk-aar",
        name="Det politiske året",
        description="Stortinget, budsjettene og valgene.",
    )
    party = served(feed_of(*REGIONAL), "sekretariatet", name="Sekretariatet", token_hash=token_hash(TOKEN))
    return SiteState(
        title="Osloregionen IPR",
        base_url=base_url,
        today=TODAY,
        loaded_at=LOADED,
        calendars=MappingProxyType(CALENDARS),
        occurrences=POLITICAL + REGIONAL,
        letters=(
            NextLetter(
                date(2026, 11, 23),
                "Sekretariatet",
                ("Sakspapirer sendes", "Status for det interessepolitiske arbeidet"),
            ),
            NextLetter(
                date(2026, 12, 8),
                "Regionkoordinator Kongsvingerregionen",
                ("Status: Dialog med stortingsrepresentantene fra regionen",),
            ),
        ),
        feeds={"politisk-aar": public},
        private_feeds={party.token_hash: party},
    )
