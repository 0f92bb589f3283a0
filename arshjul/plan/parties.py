"""The cells that say who: names as plans inflect them, parties, and the people who hold a task."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from arshjul.plan.model import Calendar, Catalogue, Item, Party, Recipient

_ENDINGS = ("erne", "ane", "ene", "ere", "en", "et", "er", "ar", "a", "e")
_LEAST = 3


@lru_cache(maxsize=4096)
def stem(name: str) -> str:
    """Return what is left of a name without case, punctuation and the endings of Norwegian nouns."""
    return " ".join(_word(word) for word in re.findall(r"[^\W_]+", name.casefold()))


def _word(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST:
            return word.removesuffix(ending)
    return word


_BETWEEN = re.compile(r"\s*[/,;&+]\s*|\s+(?:og|samt|and)\s+")
_ROLE = re.compile(r"\s*:\s*|\s+ved\s+|\s+v/\s*")
_LONGEST_NAME = 12
"""Signs like "/" and "og" that a name can hold: a cell of hundreds of names is not tried in all ways."""

_SEPARATOR = re.compile("[/,;&+]")
_CARE_OF = re.compile(r"\s+v/")
_WORD = re.compile(r"[^\W_]")
_ROLE_FORGOTTEN = re.compile(r"^\s*:|(:|\sved)\s*$")

Path = tuple[str, ...]
"""Names from a cell to a person: ("Delregionene", "Folloregionen")."""

Reached = tuple[Recipient, Path]


@dataclass(frozen=True, slots=True)
class Holder:
    """A party that a cell names, in one of its roles where the cell says so ("Delregionene: Ordførerne")."""

    party: Party
    role: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Resolved:
    """A cell, understood: names as the plan has them (main responsible first), all parties within, who gets letters.

    `ways` gives for each address the way from the cell to the person ("Delregionene → Folloregionen"). `empty` are the
    names that have no recipient.
    """

    names: tuple[str, ...] = ()
    parties: frozenset[str] = frozenset()
    recipients: tuple[Recipient, ...] = ()
    ways: tuple[tuple[str, str], ...] = ()
    empty: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Directory:
    """The parties that one calendar can name: its own first, then those of the calendars that it uses."""

    parties: Sequence[Party]
    _by_stem: dict[str, Party] = field(init=False, default_factory=dict)
    _resolved: dict[str, Resolved] = field(init=False, default_factory=dict)
    _parts: dict[str, Sequence[Holder]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for party in self.parties:
            for name in (party.id, party.name, *party.also):
                self._by_stem.setdefault(stem(name), party)

    @property
    def names(self) -> Iterator[str]:
        return (party.name for party in self.parties)

    def find(self, name: str) -> Party | None:
        return self._by_stem.get(stem(name))

    def resolve(self, cell: str) -> Resolved:
        """Return whom a cell means. An empty cell means nobody, and that is no fault."""
        if cell not in self._resolved:  # a plan says the same few cells again and again
            self._resolved[cell] = self._resolve(cell)
        return self._resolved[cell]

    def unknown(self, cell: str) -> tuple[str, ...]:
        """Return the names in a cell that no party has."""
        return tuple(name for name in self._read(cell) if isinstance(name, str))

    def _resolve(self, cell: str) -> Resolved:
        holders = [holder for holder in self._read(cell) if isinstance(holder, Holder)]
        reached = [(holder, tuple(self._recipients(holder))) for holder in holders]
        first: dict[str, Reached] = {}
        for person, path in (one for _, people in reached for one in people):
            first.setdefault(person.address, (person, path))
        return Resolved(
            names=tuple(holder.name for holder in holders),
            parties=frozenset(party.full_id for holder in holders for party in self.within(holder.party)),
            recipients=tuple(person for person, _ in first.values()),
            ways=tuple((person.address, " → ".join(path)) for person, path in first.values()),
            empty=tuple(holder.name for holder, people in reached if not people),
        )

    def parts(self, party: Party) -> Sequence[Holder]:
        """Return the parties that a party consists of, each in its role."""
        if party.full_id not in self._parts:
            found = (holder for cell in party.parts for holder in self._read(cell) if isinstance(holder, Holder))
            self._parts[party.full_id] = tuple(found)
        return self._parts[party.full_id]

    def within(self, party: Party) -> Iterator[Party]:
        """Yield a party and all its parts, down to the last, each once."""
        return _all_within(party, lambda one: [holder.party for holder in self.parts(one)])

    def _read(self, cell: str, *, any_role: bool = False) -> Iterator[Holder | str]:
        """Yield each party of a cell, or the name that nobody has. The longest name that is known wins."""
        rest = cell.strip(" .")
        while rest:
            cuts = [(found.start(), found.end()) for found in _BETWEEN.finditer(rest)]
            ends = [(len(rest), len(rest)), *reversed(cuts[:_LONGEST_NAME])]
            known = ((self._holder(rest[:start], any_role=any_role), end) for start, end in ends)
            holder, end = next(((one, end) for one, end in known if one), (None, 0))
            if holder is None:
                start, end = cuts[0] if cuts else (len(rest), len(rest))
                yield from filter(None, [rest[:start]])
            else:
                yield holder
            rest = rest[end:].strip(" .")

    def _holder(self, name: str, *, any_role: bool) -> Holder | None:
        if party := self.find(name):
            return Holder(party, name=name)
        whole, *role = _ROLE.split(name, maxsplit=1)
        if not role or not (party := self.find(whole)):
            return None
        has_role = not _BETWEEN.search(role[0]) if any_role else self._has_role(party, role[0])
        return Holder(party, role[0], name) if has_role else None

    def _has_role(self, party: Party, role: str) -> bool:
        """Tell whether somebody has the role. For that only the names of the parts count, not what roles those have."""
        return self.find(role) is not None or any(_role(part, role) is not None for part in self._near(party))

    def _near(self, party: Party) -> Iterator[Party]:
        def named(one: Party) -> list[Party]:
            cells = (self._read(cell, any_role=True) for cell in one.parts)
            return [holder.party for found in cells for holder in found if isinstance(holder, Holder)]

        return _all_within(party, named)

    def _recipients(self, holder: Holder) -> Iterator[Reached]:
        """Yield everybody whom a holder stands for, each with the names on the first way there."""
        waiting: list[tuple[Holder, Path]] = [(holder, (holder.name or holder.party.name,))]
        seen: set[tuple[str, str]] = set()
        while waiting:
            one, path = waiting.pop()
            if (one.party.full_id, one.role) in seen:
                continue
            seen.add((one.party.full_id, one.role))
            if one.role:
                people, parts = self._in_role(one, path)
            else:
                people = [(person, path) for person in one.party.members]
                parts = [part if part.role else Holder(part.party) for part in self.parts(one.party)]
            yield from people
            waiting += [(part, (*path, part.name or part.party.name)) for part in reversed(parts)]

    def _in_role(self, holder: Holder, path: Path) -> tuple[list[Reached], list[Holder]]:
        """Return the people in a role of a party or its parts; where none has it, the party of that name instead."""
        roles = [(part, _role(part, holder.role)) for part in self.within(holder.party)]
        if any(people is not None for _, people in roles):
            ways = ((path if part is holder.party else (*path, part.name), people) for part, people in roles)
            return [(person, way) for way, people in ways for person in people or ()], []
        stand_in = self.find(holder.role)
        return [], [Holder(stand_in)] if stand_in else []


def cell_fault(cell: str) -> str:
    """Return what is missing in a cell that says who, as the end of a sentence: "nevner ingen"; "" when all is well."""
    pieces = _SEPARATOR.split(_CARE_OF.sub(" ved ", cell))
    if not any(_WORD.search(piece) for piece in pieces):
        return "nevner ingen"
    if not all(_WORD.search(piece) for piece in pieces):
        return "har et tomt ledd"
    return "mangler rollen etter kolon" if any(_ROLE_FORGOTTEN.search(piece) for piece in pieces) else ""


def _all_within(party: Party, parts: Callable[[Party], Sequence[Party]]) -> Iterator[Party]:
    waiting, seen = [party], set()
    while waiting:
        one = waiting.pop()
        if one.full_id not in seen:
            seen.add(one.full_id)
            yield one
            waiting += reversed(parts(one))


def _role(party: Party, role: str) -> tuple[Recipient, ...] | None:
    return next((people for name, people in party.roles.items() if stem(name) == stem(role)), None)


_WAYS: tuple[Callable[[Party], tuple[str, ...]], ...] = (
    lambda party: (party.full_id,),
    lambda party: (party.id,),
    lambda party: (party.name, *party.also),
)
"""The names by which a party is meant for certain, the surest first."""


def reachable(catalogue: Catalogue, calendar: Calendar) -> Iterator[Calendar]:
    """Yield the calendar and those that it uses, in that order."""
    yield calendar
    yield from (catalogue.calendars[used] for used in calendar.uses if used in catalogue.calendars)


def directory(catalogue: Catalogue, calendar: Calendar) -> Directory:
    return Directory([party for known in reachable(catalogue, calendar) for party in known.parties])


def items_by_name(catalogue: Catalogue, calendar: Calendar) -> Mapping[str, Sequence[Item]]:
    """Return the items by the stem of each of their names: id, calendar/id, title and `also`."""
    found: dict[str, list[Item]] = {}
    for known in reachable(catalogue, calendar):
        for item in known.items:
            for name in {stem(name) for name in (item.id, item.full_id, item.title, *item.also)}:
                found.setdefault(name, []).append(item)
    return found


def find_party(catalogue: Catalogue, text: str) -> Party | None:
    """Return the party that has a full id ("osloregionen/styret"), an id or a name, to the letter.

    None where nobody has it, or several: a link must never open the wrong party's calendar.
    """
    parties = [party for calendar in catalogue.calendars.values() for party in calendar.parties]
    for names_of in _WAYS:
        if named := [party for party in parties if text in names_of(party)]:
            return named[0] if len(named) == 1 else None
    return None


def find_party_loosely(catalogue: Catalogue, text: str) -> Party | None:
    """Return the party that a person who looks something up most likely means: by an inflected name too."""
    parties = [party for calendar in catalogue.calendars.values() for party in calendar.parties]
    exact = (party for party in parties if text in (party.full_id, party.id))
    loose = (party for party in parties if stem(text) in {stem(name) for name in (party.name, *party.also)})
    return next(exact, None) or next(loose, None)


def party_names(catalogue: Catalogue) -> list[str]:
    return [party.full_id for calendar in catalogue.calendars.values() for party in calendar.parties]
