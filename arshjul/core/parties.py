"""The cells that say who: text → parties → recipients. Who is written to when is in `plan`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from arshjul.core.model import Party, Recipient
from arshjul.core.names import stem

_BETWEEN = re.compile(r"\s*[/,;&+]\s*|\s+(?:og|samt|and)\s+")
_ROLE = re.compile(r"\s*:\s*|\s+ved\s+|\s+v/\s*")

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

    `ways` gives for each address the way from the cell to the person ("Delregionene → Folloregionen"). `unknown` are
    the names that no party has, `empty` those that have no recipient.
    """

    names: tuple[str, ...] = ()
    parties: frozenset[str] = frozenset()
    recipients: tuple[Recipient, ...] = ()
    ways: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Directory:
    """The parties that one calendar can name: its own first, then those of the calendars that it uses."""

    parties: Sequence[Party]
    _by_stem: dict[str, Party] = field(init=False, default_factory=dict)
    _resolved: dict[str, Resolved] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for party in self.parties:
            for name in (party.id, party.name, *party.also):
                self._by_stem.setdefault(stem(name), party)

    @property
    def names(self) -> list[str]:
        return [party.name for party in self.parties]

    def find(self, name: str) -> Party | None:
        return self._by_stem.get(stem(name))

    def resolve(self, cell: str) -> Resolved:
        """Return whom a cell means. An empty cell means nobody, and that is no fault."""
        if cell not in self._resolved:  # a plan says the same few cells again and again
            self._resolved[cell] = self._resolve(cell)
        return self._resolved[cell]

    def _resolve(self, cell: str) -> Resolved:
        found = list(self._read(cell))
        holders = [holder for holder in found if isinstance(holder, Holder)]
        reached = [(holder, tuple(self._recipients(holder, (), ()))) for holder in holders]
        first: dict[str, Reached] = {}
        for person, path in (one for _, people in reached for one in people):
            first.setdefault(person.address, (person, path))
        return Resolved(
            names=tuple(holder.name for holder in holders),
            parties=frozenset(party.full_id for holder in holders for party in self._within(holder.party, ())),
            recipients=tuple(person for person, _ in first.values()),
            ways=tuple((person.address, " → ".join(path)) for person, path in first.values()),
            unknown=tuple(name for name in found if isinstance(name, str)),
            empty=tuple(holder.name for holder, people in reached if not people),
        )

    def loop(self, party: Party, seen: tuple[Party, ...] = ()) -> list[str]:
        """Return the names of a chain of parts that comes back to where it began; none when all is well."""
        if party in seen:
            return [part.name for part in (*seen[seen.index(party) :], party)]
        parts = (holder.party for cell in party.parts for holder in self._read(cell) if isinstance(holder, Holder))
        return next((found for part in parts if (found := self.loop(part, (*seen, party)))), [])

    def _read(self, cell: str) -> Iterator[Holder | str]:
        """Yield each party of a cell, or the name that nobody has. The longest name that is known wins."""
        cell = cell.strip(" .")
        if not cell:
            return
        if holder := self._holder(cell):
            yield holder
        elif _BETWEEN.search(cell):
            yield from self._longest(cell)
        else:
            yield cell

    def _longest(self, cell: str) -> Iterator[Holder | str]:
        cuts = [(found.start(), found.end()) for found in _BETWEEN.finditer(cell)]
        for start, end in reversed(cuts):
            if holder := self._holder(cell[:start]):
                yield holder
                yield from self._read(cell[end:])
                return
        start, end = cuts[0]
        yield from filter(None, [cell[:start]])
        yield from self._read(cell[end:])

    def _holder(self, name: str) -> Holder | None:
        if party := self.find(name):
            return Holder(party, name=name)
        whole, *role = _ROLE.split(name, maxsplit=1)
        if role and (party := self.find(whole)) and self._has_role(party, role[0]):
            return Holder(party, role[0], name)
        return None

    def _has_role(self, party: Party, role: str) -> bool:
        return self.find(role) is not None or any(_role(part, role) is not None for part in self._within(party, ()))

    def _within(self, party: Party, seen: tuple[Party, ...]) -> Iterator[Party]:
        """Yield a party and all its parts, down to the last."""
        if party in seen:
            return
        yield party
        for holder in (holder for cell in party.parts for holder in self._read(cell) if isinstance(holder, Holder)):
            yield from self._within(holder.party, (*seen, party))

    def _recipients(self, holder: Holder, seen: tuple[Holder, ...], path: Path) -> Iterator[Reached]:
        """Yield everybody whom a holder stands for, each with the names on the way there."""
        if holder in seen:
            return
        party, seen, path = holder.party, (*seen, holder), (*path, holder.name or holder.party.name)
        if holder.role:
            yield from self._in_role(holder, seen, path)
            return
        yield from ((person, path) for person in party.members)
        for part in (part for cell in party.parts for part in self._read(cell) if isinstance(part, Holder)):
            named = part if part.role else Holder(part.party)
            yield from self._recipients(named, seen, path)

    def _in_role(self, holder: Holder, seen: tuple[Holder, ...], path: Path) -> Iterator[Reached]:
        roles = [(part, _role(part, holder.role)) for part in self._within(holder.party, ())]
        if any(role is not None for _, role in roles):
            for part, people in roles:
                further = () if part == holder.party else (part.name,)
                yield from ((person, (*path, *further)) for person in people or ())
        elif stand_in := self.find(holder.role):
            yield from self._recipients(Holder(stand_in), seen, path)


def _role(party: Party, role: str) -> tuple[Recipient, ...] | None:
    return next((people for name, people in party.roles.items() if stem(name) == stem(role)), None)
