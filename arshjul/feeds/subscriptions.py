"""Which occurrences a feed holds, and the short text that names it: `party:osloregionen/styret;deadlines`.

The text is what is stored with a token. Its options are fixed when the feed is made: an address with a query would be
another feed for every client that drops it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from arshjul.keys import full_id, split_full_id
from arshjul.plan.addresses import read_address
from arshjul.plan.model import Calendar, Catalogue, Kind, Occurrence
from arshjul.plan.parties import find_party

OWN_SLUG = "mine-oppgaver"
"""How a recipient's feed is called in its address, which must not hold who they are."""

LANGUAGES = ("nb",)
_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a"})


class Scope(StrEnum):
    """What a feed follows."""

    CALENDAR = "calendar"
    AREA = "area"
    PARTY = "party"
    RECIPIENT = "recipient"


class FeedNameError(ValueError):
    """A text that names no feed; the message is Norwegian."""


@dataclass(frozen=True, slots=True)
class FeedSpec:
    """A feed: what it follows, and what is in it.

    `name` is a calendar's id, `calendar/area-in-lower-case`, a party's full id, or a recipient's address. `str()` is
    the text that is stored; `parse_spec` reads it.
    """

    scope: Scope
    name: str
    milestones: bool = True
    deadlines: bool = False
    leads: bool = False
    alarms: bool = False
    language: str = "nb"

    def __str__(self) -> str:
        language = "" if self.language == "nb" else f"lang={self.language}"
        words = (
            "" if self.milestones else "no-milestones",
            "deadlines" if self.deadlines else "",
            "leads" if self.leads else "",
            "alarms" if self.alarms else "",
            language,
        )
        return ";".join([f"{self.scope}:{self.name}", *filter(None, words)])

    @property
    def slug(self) -> str:
        """The file's name in the feed's address: ASCII, without who subscribes."""
        return OWN_SLUG if self.scope is Scope.RECIPIENT else self.name.rpartition("/")[2]


def parse_spec(text: str) -> FeedSpec:
    """Return the feed that a text names. Raises FeedNameError.

    A name without a scope, "osloregionen/styret", is a party: so were all feeds of the first tokens.
    """
    name, *options = text.split(";")
    scope, colon, rest = name.partition(":")
    if not colon:
        scope, rest = Scope.PARTY, name
    if scope not in list(Scope) or not rest:
        raise FeedNameError(
            f"«{text}» er ikke navnet på noe abonnement. Begynn med calendar:, area:, party: eller recipient:."
        )
    spec = FeedSpec(Scope(scope), rest)
    for option in options:
        spec = _with(spec, option)
    return spec


def asked_spec(text: str, catalogue: Catalogue) -> FeedSpec:
    """Return the feed that a person asks for: a calendar's id, a party's id or name, or a whole spec. FeedNameError."""
    name, *options = text.split(";")
    if name in catalogue.calendars:
        return parse_spec(";".join([f"{Scope.CALENDAR}:{name}", *options]))
    return checked_spec(parse_spec(text), catalogue)


def unchecked_spec(text: str) -> FeedSpec:
    """Return the feed that a person asks for where there are no calendars to look in. FeedNameError.

    A calendar's id is a name without a slash, a party's full id has one.
    """
    name, _, _ = text.partition(";")
    spec = parse_spec(text if {":", "/"} & set(name) else f"{Scope.CALENDAR}:{text}")
    if spec.scope is Scope.RECIPIENT:
        return replace(spec, name=_read_address(spec.name))
    calendar, area = split_full_id(spec.name)
    return replace(spec, name=full_id(calendar, slug(area))) if spec.scope is Scope.AREA and area else spec


def checked_spec(spec: FeedSpec, catalogue: Catalogue) -> FeedSpec:
    """Return the spec as it is stored, with full ids. Raises FeedNameError for what the calendars do not have."""
    if spec.scope is Scope.CALENDAR:
        if spec.name not in catalogue.calendars:
            raise FeedNameError(
                f"Kalenderen «{spec.name}» finnes ikke. Kalenderne er {', '.join(catalogue.calendars)}."
            )
        return spec
    if spec.scope is Scope.PARTY:
        if (party := find_party(catalogue, spec.name)) is None:
            raise FeedNameError(f"Parten «{spec.name}» finnes ikke.")
        return replace(spec, name=party.full_id)
    if spec.scope is Scope.AREA:
        return replace(spec, name=_area_name(spec.name, catalogue))
    return replace(spec, name=_address(spec.name, catalogue))


def title(spec: FeedSpec, catalogue: Catalogue) -> tuple[str, str] | None:
    """Return the feed's name and description as subscribers see them; None for what the calendars have no more."""
    if spec.scope is Scope.RECIPIENT:
        return "Mine oppgaver i årshjulet", "Alt du er ansvarlig for eller medvirker i."
    id_, rest = split_full_id(spec.name)
    calendar = catalogue.calendars.get(id_)
    if calendar is None:
        return None
    if spec.scope is Scope.CALENDAR:
        return calendar.name, calendar.description
    if spec.scope is Scope.AREA:
        area = areas(calendar).get(rest)
        return (f"{area} – {calendar.name}", f"Årshjulet for {area}") if area else None
    party = next((party for party in calendar.parties if party.id == rest), None)
    return (f"{party.name} – {calendar.name}", f"Årshjulet for {party.name}") if party else None


def areas(calendar: Calendar) -> dict[str, str]:
    """Return the calendar's areas by the names that they have in addresses."""
    return {slug(item.area): item.area for item in calendar.items if item.area}


@lru_cache(maxsize=1000)
def slug(text: str) -> str:
    """Return a text in lower-case ASCII with dashes: "Høring og innspill" is "horing-og-innspill"."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS)).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain))


def milestone_ids(catalogue: Catalogue) -> frozenset[tuple[str, str]]:
    """Return (calendar, id) of every milestone."""
    items = (item for calendar in catalogue.calendars.values() for item in calendar.items)
    return frozenset((item.calendar, item.id) for item in items if item.parent)


Index = Mapping[tuple[Scope, str], Sequence[Occurrence]]


def indexed(occurrences: Iterable[Occurrence], specs: Iterable[FeedSpec]) -> Index:
    """Return the occurrences by what the feeds follow, each list in their order."""
    wanted = {(spec.scope, spec.name) for spec in specs}
    found: dict[tuple[Scope, str], list[Occurrence]] = {name: [] for name in wanted}
    known: dict[object, list[list[Occurrence]]] = {}
    for one in occurrences:
        # Most of a year is held by the same few: whom they are followed by is looked up once.
        held_by = (one.calendar, one.area, one.parties, one.recipients, one.contributing)
        lists = known.get(held_by)
        if lists is None:
            lists = known[held_by] = [found[name] for name in wanted.intersection(_followed(one))]
        for each in lists:
            each.append(one)
    return found


def selected(spec: FeedSpec, index: Index, milestones: frozenset[tuple[str, str]]) -> Iterator[Occurrence]:
    """Yield what the feed holds. `milestones` are those that `milestone_ids` finds."""
    for one in index.get((spec.scope, spec.name), ()):
        if spec.deadlines and one.deadline is None and one.kind is not Kind.DEADLINE:
            continue
        if spec.milestones or (one.calendar, one.id) not in milestones:
            yield one


def _followed(one: Occurrence) -> Iterator[tuple[Scope, str]]:
    yield Scope.CALENDAR, one.calendar
    if one.area:
        yield Scope.AREA, full_id(one.calendar, slug(one.area))
    yield from ((Scope.PARTY, party) for party in one.parties)
    yield from ((Scope.RECIPIENT, person.address) for person in (*one.recipients, *one.contributing))


OPTIONS = ("no-milestones", "deadlines", "leads", "alarms")


def _with(spec: FeedSpec, option: str) -> FeedSpec:
    if option.startswith("lang="):
        return replace(spec, language=_language(option.removeprefix("lang=")))
    if option not in OPTIONS:
        raise FeedNameError(f"«{option}» er ikke noe valg for et abonnement. Valgene er {', '.join(OPTIONS)}.")
    return replace(
        spec,
        milestones=spec.milestones and option != "no-milestones",
        deadlines=spec.deadlines or option == "deadlines",
        leads=spec.leads or option == "leads",
        alarms=spec.alarms or option == "alarms",
    )


def _language(name: str) -> str:
    if name not in LANGUAGES:
        raise FeedNameError(f"Abonnementer finnes bare på bokmål (nb), ikke på «{name}».")
    return name


def _area_name(name: str, catalogue: Catalogue) -> str:
    id_, area = split_full_id(name)
    calendar = catalogue.calendars.get(id_)
    known = areas(calendar) if calendar else {}
    if slug(area) not in known:
        whole = [full_id(one.id, found) for one in catalogue.calendars.values() for found in areas(one)]
        raise FeedNameError(f"Området «{name}» finnes ikke. Områdene er {', '.join(whole) or 'ikke oppgitt'}.")
    return full_id(id_, slug(area))


def _address(text: str, catalogue: Catalogue) -> str:
    address = _read_address(text)
    parties = [party for calendar in catalogue.calendars.values() for party in calendar.parties]
    people = {person.address for party in parties for person in party.members}
    people |= {person.address for party in parties for role in party.roles.values() for person in role}
    if address not in people:
        raise FeedNameError(f"Ingen part har adressen «{address}».")
    return address


def _read_address(text: str) -> str:
    try:
        return read_address(text).address
    except ValueError as error:
        raise FeedNameError(str(error)) from None
