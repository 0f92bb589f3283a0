"""What is wrong between the files: names that nobody has, parties without people, rings, dates against the law."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from arshjul.core.cadences import ForEach, leans_on
from arshjul.core.chains import chains
from arshjul.core.check_dates import anchored, dates_that_cannot_be, dating_to_check, phrases_of
from arshjul.core.dates import Span
from arshjul.core.dating import Dating
from arshjul.core.expansions import too_many_dates
from arshjul.core.lookup import directory, reachable
from arshjul.core.model import Calendar, Catalogue, Item, Party
from arshjul.core.names import stem
from arshjul.core.parties import Directory
from arshjul.core.plausible import implausible_dates
from arshjul.core.problems import Place, Problem, problem_at
from arshjul.core.shapes import NORWEGIAN_KEYS, Suggester, quoted

LONGEST_CHAIN = 20
"""Events that lean one on another: dates are found by going down the chain, and a plan has three or four."""
LONGEST_TOLD = 8
"""Names of a ring that are written out."""


def assemble(calendars: list[Calendar], today: date) -> tuple[Catalogue, list[Problem]]:
    """Return the catalogue of all calendars, in order, and every problem between them. The first of two twins stays.

    `today` is what days on which a source was checked are held against.
    """
    problems: list[Problem] = []
    known: dict[str, Calendar] = {}
    for calendar in calendars:
        if calendar.id in known:
            problems.append(
                problem_at(calendar.place, f"Kalenderen «{calendar.id}» finnes før, i {known[calendar.id].place}.")
            )
        known.setdefault(calendar.id, calendar)
    catalogue, suggester = Catalogue(known), Suggester()
    for calendar in known.values():
        problems += _calendar(catalogue, calendar, suggester)
    leaning = _leaning(catalogue, suggester)
    problems += leaning
    if not leaning:  # what leans on a name that nobody has, or on itself, has no dates to look at
        problems += _dates(catalogue, today)
    return catalogue, problems


def _dates(catalogue: Catalogue, today: date) -> Iterator[Problem]:
    """Yield what is wrong with the dates; where there are too many, nobody looks at each."""
    dating = dating_to_check(catalogue)
    if too_many := list(too_many_dates(dating)):
        yield from too_many
    else:
        yield from dates_that_cannot_be(dating)
        yield from implausible_dates(catalogue, today)


def _calendar(catalogue: Catalogue, calendar: Calendar, suggester: Suggester) -> Iterator[Problem]:
    for used in calendar.uses:
        if used not in catalogue.calendars:
            hint = suggester.suggest(_file(calendar.place), used, catalogue.calendars, NORWEGIAN_KEYS)
            yield problem_at(calendar.place, f"Kalenderen «{used}» finnes ikke.", hint)
    who = directory(catalogue, calendar)
    half_read = {party.full_id for party in who.parties if party.half_read}
    yield from _parties(calendar, who, suggester)
    for item in calendar.items:
        yield from _cell(item.responsible, item, who, suggester)
        yield from _cell(item.contributors, item, who, suggester)
        yield from _groups(item, who)
        if half_read.isdisjoint(who.resolve(item.responsible).parties):
            yield from _reaching(item, who)


def _groups(item: Item, who: Directory) -> Iterator[Problem]:
    """Yield the phrases that are said for each part of a group that there is not."""
    for phrase in item.when:
        if isinstance(phrase.cadence, ForEach):
            group = who.find(phrase.cadence.group)
            if group is None or not who.parts(group):
                named = f"«{phrase.cadence.group}», men ingen part med deler heter det."
                text = f"{quoted(phrase.text)} gjelder delene av {named}"
                yield problem_at(phrase.place, text)


def _parties(calendar: Calendar, who: Directory, suggester: Suggester) -> Iterator[Problem]:
    holders: dict[str, Party] = {}
    for party in calendar.parties:
        for name in {stem(name) for name in (party.id, party.name, *party.also)}:
            if holders.setdefault(name, party) is not party:
                yield problem_at(party.place, f"«{party.name}» og «{holders[name].name}» har samme navn.")
        for cell in party.parts:
            for name in who.unknown(cell):
                hint = suggester.suggest(_file(party.place), name, who.names, {})
                yield problem_at(party.place, f"«{name}» i «{party.name}» er ikke navnet på noen part.", hint)
    known = {party.full_id: party for party in who.parties}
    parts = {id_: [part.party.full_id for part in who.parts(party)] for id_, party in known.items()}
    for ring in chains((party.full_id for party in calendar.parties), parts.__getitem__).rings:
        yield from _ring("Partene går i ring", [known[name] for name in ring], [known[name].name for name in ring])


def _cell(cell: str, item: Item, who: Directory, suggester: Suggester) -> Iterator[Problem]:
    for name in who.unknown(cell):
        hint = suggester.suggest(_file(item.place), name, who.names, {})
        yield problem_at(item.place, f"{quoted(name)} i «{item.id}» er ikke navnet på noen part.", hint)


def _reaching(item: Item, who: Directory) -> Iterator[Problem]:
    for name in who.resolve(item.responsible).empty:
        hint = "Gi parten en adresse (members = […]), eller navngi en annen."
        yield problem_at(item.place, f"{quoted(name)}, som har ansvar for «{item.id}», har ingen mottaker.", hint)


def _leaning(catalogue: Catalogue, suggester: Suggester) -> list[Problem]:
    """Return what is wrong with how events lean on one another: names, rings, and chains that are too long."""
    dating = Dating(catalogue, Span.of(date(2026, 1, 1)))  # only its names are asked for here
    items, anchors = anchored(catalogue, dating)
    problems = [problem for item in items.values() for problem in _anchors(catalogue, item, dating, suggester)]
    found = chains(items, anchors.__getitem__)
    for ring in found.rings:
        these = [items[name] for name in ring]
        problems += _ring("Hendelsene går i ring", these, [item.id for item in these])
    for name, depth in found.depth.items():
        if depth == LONGEST_CHAIN + 1 and not found.rings:
            text = f"«{items[name].id}» er ledd {depth} i en kjede av hendelser som bygger på hverandre."
            hint = f"Kjeden begynner med «{items[found.start[name]].id}», og kan ha høyst {LONGEST_CHAIN} ledd."
            problems.append(problem_at(items[name].place, text, hint))
    return problems


def _anchors(catalogue: Catalogue, item: Item, dating: Dating, suggester: Suggester) -> Iterator[Problem]:
    for phrase in filter(None, (*phrases_of(item), item.announced_by)):
        for name in leans_on(phrase.cadence):
            found = dating.named(item.calendar, name or item.parent)
            if not found:
                near = reachable(catalogue, catalogue.calendars[item.calendar])
                names = (other.id for known in near for other in known.items)
                hint = "Si hvilken hendelse: «5 virkedager før styremøte»."
                if name:
                    hint = suggester.suggest(_file(phrase.place), name, names, {})
                yield problem_at(phrase.place, f"{quoted(phrase.text)} viser til en hendelse som ikke finnes.", hint)
            elif len({other.id for other in found if other.calendar == found[0].calendar}) > 1:
                these = ", ".join(f"«{other.id}»" for other in found)
                message = f"{quoted(phrase.text)} kan vise til flere hendelser: {these}."
                yield problem_at(phrase.place, message, "Bruk id-en.")


def _ring(what: str, members: Sequence[Item | Party], names: list[str]) -> Iterator[Problem]:
    """Tell of a ring at each of its members, of a long one only at the first."""
    for at, member in enumerate(members[: 1 if len(members) > LONGEST_TOLD else None]):
        told = [*names[at:], *names[:at]]
        shown = told if len(told) <= LONGEST_TOLD else [*told[: LONGEST_TOLD - 1], "…"]
        yield problem_at(member.place, f"{what}: {' → '.join([*shown, names[at]])}.")


def _file(place: Place | None) -> str:
    return place.file if place else ""
