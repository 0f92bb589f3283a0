"""What is wrong between the files: names that nobody has, parties without people, rings, dates against the law."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from arshjul.core.cadences import leans_on
from arshjul.core.dates import Span
from arshjul.core.dating import Dating, is_undated
from arshjul.core.lookup import directory, reachable
from arshjul.core.model import Calendar, Catalogue, Item, Party, Phrase
from arshjul.core.names import stem
from arshjul.core.parties import Directory
from arshjul.core.problems import Place, Problem
from arshjul.core.shapes import suggestion
from arshjul.core.words import date_in_words

FIRST_YEAR, LAST_YEAR = 2010, 2040
"""The years in which a rule must give a date, and its dates are held against the law."""


def assemble(calendars: list[Calendar]) -> tuple[Catalogue, list[Problem]]:
    """Return the catalogue of all calendars, in order, and every problem between them. The first of two twins stays."""
    problems: list[Problem] = []
    known: dict[str, Calendar] = {}
    for calendar in calendars:
        if calendar.id in known:
            problems.append(
                _problem(calendar.place, f"Kalenderen «{calendar.id}» finnes før, i {known[calendar.id].place}.")
            )
        known.setdefault(calendar.id, calendar)
    catalogue = Catalogue(known)
    problems += [problem for calendar in known.values() for problem in _calendar(catalogue, calendar)]
    if not problems:  # what leans on a name that nobody has, or on itself, has no dates to look at
        problems += _dates(catalogue)
    return catalogue, problems


def _calendar(catalogue: Catalogue, calendar: Calendar) -> Iterator[Problem]:
    for used in calendar.uses:
        if used not in catalogue.calendars:
            yield _problem(calendar.place, f"Kalenderen «{used}» finnes ikke.", suggestion(used, catalogue.calendars))
    who = directory(catalogue, calendar)
    yield from _parties(calendar, who)
    yield from _anchors(catalogue, calendar)
    for item in calendar.items:
        yield from _cell(item.responsible, item, who, needs_people=True)
        yield from _cell(item.contributors, item, who, needs_people=False)


def _parties(calendar: Calendar, who: Directory) -> Iterator[Problem]:
    holders: dict[str, Party] = {}
    for party in calendar.parties:
        for name in {stem(name) for name in (party.id, party.name, *party.also)}:
            if holders.setdefault(name, party) is not party:
                yield _problem(party.place, f"«{party.name}» og «{holders[name].name}» har samme navn.")
        for cell in party.parts:
            for name in who.resolve(cell).unknown:
                yield _problem(
                    party.place,
                    f"«{name}» i «{party.name}» er ikke navnet på noen part.",
                    suggestion(name, who.names, {}),
                )
        if loop := who.loop(party):
            yield _problem(party.place, f"Partene går i ring: {' → '.join(loop)}.")


def _cell(cell: str, item: Item, who: Directory, *, needs_people: bool) -> Iterator[Problem]:
    resolved = who.resolve(cell)
    for name in resolved.unknown:
        yield _problem(
            item.place, f"«{name}» i «{item.id}» er ikke navnet på noen part.", suggestion(name, who.names, {})
        )
    for name in resolved.empty if needs_people else ():
        hint = "Gi parten en adresse (members = […]), eller navngi en annen."
        yield _problem(item.place, f"«{name}», som har ansvar for «{item.id}», har ingen mottaker.", hint)


def _anchors(catalogue: Catalogue, calendar: Calendar) -> Iterator[Problem]:
    dating = Dating(catalogue, Span.of(date(2026, 1, 1)))  # only its names are asked for here
    names = [item.id for known in reachable(catalogue, calendar) for item in known.items]
    for item in calendar.items:
        for phrase in filter(None, (*phrases_of(item), item.announced_by)):
            for name in leans_on(phrase.cadence):
                found = dating.named(item.calendar, name or item.parent)
                if not found:
                    hint = suggestion(name, names, {}) if name else "Si hvilken hendelse: «5 virkedager før styremøte»."
                    yield _problem(phrase.place, f"«{phrase.text}» viser til en hendelse som ikke finnes.", hint)
                elif len({other.id for other in found if other.calendar == found[0].calendar}) > 1:
                    these = ", ".join(f"«{other.id}»" for other in found)
                    yield _problem(
                        phrase.place, f"«{phrase.text}» kan vise til flere hendelser: {these}.", "Bruk id-en."
                    )
        if ring := _ring(item, dating, ()):
            yield _problem(item.place, f"Hendelsene går i ring: {' → '.join(ring)}.")


def phrases_of(item: Item) -> tuple[Phrase, ...]:
    """Return every phrase of an item that dates it."""
    return (*item.when, *(phrase for _, phrase in item.variants), *item.timing.values(), *filter(None, [item.law]))


def _ring(item: Item, dating: Dating, seen: tuple[Item, ...]) -> list[str]:
    """Return the chain of ids by which an item leans on itself; none when all is well."""
    if item in seen:
        return [one.id for one in (*seen, item)] if item == seen[0] else []
    phrases = (phrase for phrase in phrases_of(item) if phrase is not item.law)
    anchors = (
        dating.named(item.calendar, name or item.parent)[:1] for phrase in phrases for name in leans_on(phrase.cadence)
    )
    rings = (_ring(other, dating, (*seen, item)) for found in anchors for other in found)
    return next((ring for ring in rings if ring), [])


def _dates(catalogue: Catalogue) -> Iterator[Problem]:
    """Refuse rules that never come, and dates, computed or announced, beyond the limit that the event's law sets."""
    dating = Dating(catalogue, Span(date(FIRST_YEAR, 1, 1), date(LAST_YEAR + 1, 1, 1)))
    for item in (item for calendar in catalogue.calendars.values() for item in calendar.items):
        if not (item.is_measure or dating.dated(item) or is_undated(item)):
            yield _problem(
                item.when[0].place if item.when else item.place, f"«{item.id}» kommer aldri.", "Se på regelen."
            )
        if item.law:
            yield from _breaches(item, item.law, dating)


def _breaches(item: Item, law: Phrase, dating: Dating) -> Iterator[Problem]:
    limits = {turn.period: turn.days.last for turn in dating.turns(item, law)}
    late = [
        (dated, limit)
        for dated in dating.dated(item)
        if dated.turn.days.overlaps(dating.span)
        and (limit := limits.get(dated.turn.period))
        and dated.turn.days.last > limit
    ]
    if late:
        dated, limit = late[0]
        found, more = (
            date_in_words(dated.turn.days.last),
            f" Det samme gjelder {len(late) - 1} år til." if late[1:] else "",
        )
        text = f"«{item.id}» {dated.turn.period} ({found}) er etter lovens frist {date_in_words(limit)}.{more}"
        yield _problem(law.place, text, f"Loven: {law.text}.")


def _problem(place: Place | None, message: str, hint: str = "") -> Problem:
    return Problem(place or Place("?"), message, hint)
