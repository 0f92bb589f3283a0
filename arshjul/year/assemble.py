"""Calendars → a catalogue, and what is wrong between the files.

Names that nobody has, parties without people, rings, too many dates, rules that leave out a time without a word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import Final

from arshjul.plan.model import Calendar, Catalogue, Item, Party, Phrase
from arshjul.plan.parties import Directory, directory, reachable, stem
from arshjul.plan.problems import Note, Place, Problem, note_at, problem_at
from arshjul.plan.shapes import NORWEGIAN_KEYS, Suggester, quoted
from arshjul.printable import number_in_digits
from arshjul.timing.cadences import Annual, Cadence, DayOf, Each, ForEach, NthOf, Several, Wrapper, leans_on, turns
from arshjul.timing.days import NoEvents, Span, Turn, year_span
from arshjul.timing.places import Date, Nth, Week, holds, own_year, place
from arshjul.words import list_in_words, month_name, weekday_name
from arshjul.year.check_dates import (
    anchored,
    chains,
    dates_that_cannot_be,
    dating_to_check,
    implausible_dates,
    phrases_of,
)
from arshjul.year.dating import Dating
from arshjul.year.expand import group_of

MOST_OCCURRENCES: Final = 50_000
"""Dates of one calendar in the eleven years that `check` looks at: twelve events every day, or 87 every week.

The largest calendar that is shipped gives 1,200, and this many are looked through in some seconds.
"""
UNUSED: Final = 20
"""So many dates that are only looked at count as one of the calendar's own, for they take time as well.

They are those of a variant in all other years, and those of what is leaned on.
"""


def too_many_dates(dating: Dating) -> Iterator[Problem]:
    """Yield the event with which its calendar gives more dates than it may; what comes after is not looked at.

    What is leaned on goes first: nothing has dates before that has. No name may be unknown, and there may be no rings.
    """
    items, anchors = anchored(dating.catalogue, dating)
    who = {name: directory(dating.catalogue, calendar) for name, calendar in dating.catalogue.calendars.items()}
    given: Counter[str] = Counter()
    for item in map(items.__getitem__, chains(items, anchors.__getitem__).depth):
        for count in _counts(item, dating, _parts(item, who[item.calendar])):
            given[item.calendar] += count
            if given[item.calendar] > MOST_OCCURRENCES:
                years = f"{dating.span.first.year}–{dating.span.last.year}"
                text = f"Med «{item.id}» gir filen mer enn {number_in_digits(MOST_OCCURRENCES)} datoer i {years}."
                yield problem_at(item.place, text, "Kommer noe for ofte? Del ellers filen i flere kalendere.")
                return


def _counts(item: Item, dating: Dating, each: int) -> Iterator[int]:
    """Yield how many dates each phrase of an item gives: who adds them up can stop in the middle of a list."""
    for phrase, is_held in _uses(item):
        turns = dating.turns(item, phrase)
        held = sum(is_held(turn) for turn in turns if turn.days.overlaps(dating.span))
        leaned_on = (dating.named(item.calendar, name or item.parent)[:1] for name in leans_on(phrase.cadence))
        looked_at = len(turns) + sum(len(dating.dated(one)) for found in leaned_on for one in found)
        yield max(held * each, looked_at // UNUSED)


def _parts(item: Item, who: Directory) -> int:
    """Return for how many parts of a group an item comes each time."""
    group = group_of(item, who)
    return max(len(who.parts(group)), 1) if group else 1


def _uses(item: Item) -> Iterator[tuple[Phrase, Callable[[Turn], bool]]]:
    """Yield each phrase of an item, and what tells for which of its turns it holds."""
    for phrase in item.when:
        yield phrase, lambda _: True
    for variant in item.variants:
        yield variant.phrase, partial(lambda known, turn: holds(known, int(turn.period[:4])), variant.condition)
    for year, phrase in item.timing.items():
        yield phrase, partial(lambda span, turn: turn.days.overlaps(span), year_span(year))


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


YEARS_AHEAD = 8
"""Years in which a yearly rule is looked for; leap years are in them."""
EVERY: Final = {1: "hver måned", 2: "annenhver måned", 3: "hvert kvartal", 4: "hvert tertial", 6: "hvert halvår"}


def times_left_out(catalogue: Catalogue, today: date) -> Iterator[Note]:
    """Yield a note for each phrase whose rule has no date in some of the months or years that it speaks of."""
    for item in (item for calendar in catalogue.calendars.values() for item in calendar.items):
        for phrase in phrases_of(item):
            for part in _simple_parts(phrase.cadence):
                if told := _left_out(part, today.year + 1):
                    yield note_at(phrase.place, f"{quoted(phrase.text)} {told[0]}.", told[1])


def _simple_parts(cadence: Cadence) -> Iterator[Cadence]:
    if isinstance(cadence, Wrapper):
        yield from _simple_parts(cadence.of)
    elif isinstance(cadence, Several):
        for part in cadence.parts:
            yield from _simple_parts(part)
    else:
        yield cadence


def _left_out(cadence: Cadence, year: int) -> tuple[str, str] | None:
    match cadence:
        case Each(_, DayOf() | NthOf()):
            return _months_left_out(cadence, year)
        case Annual(Date() | Nth() | Week() as spot, 1) if own_year(spot) is None:
            return _years_left_out(cadence, year)
    return None


def _months_left_out(cadence: Each, year: int) -> tuple[str, str] | None:
    """Tell of the months of a year without a date where the rule looks; a year that is no leap year."""
    common = year if year % 4 else year + 1
    dates = turns(Each(cadence.months, cadence.on), year_span(common), NoEvents())
    looked_at = turns(Each(cadence.months, None, cadence.within), year_span(common), NoEvents())
    known = {_stretch(one.days.first.month, cadence.months) for one in dates}
    missed = [one.days.first.month for one in looked_at if one.days.first.month not in known]
    if not missed:
        return None
    names = list_in_words(tuple(_named(month, cadence.months) for month in missed))
    in_year = f" i {common}" if isinstance(cadence.on, NthOf) else ""
    return f"gir ingen dato i {names}{in_year}", _instead(cadence)


def _stretch(month: int, months: int) -> int:
    """Return the first month of the stretch of so many that a month is in."""
    return month - (month - 1) % months


def _named(month: int, months: int) -> str:
    return month_name(month) if months == 1 else f"{month_name(month)}–{month_name(month + months - 1)}"


def _instead(cadence: Each) -> str:
    what = weekday_name(cadence.on.day) if isinstance(cadence.on, NthOf) and isinstance(cadence.on.day, int) else "dag"
    every = EVERY[cadence.months]
    return f"Er det den siste du mener, skriv «siste {what} i {every}»."


def _years_left_out(cadence: Annual, year: int) -> tuple[str, str] | None:
    years = range(year, year + YEARS_AHEAD)
    missed = [one for one in years if place(cadence.spot, one) is None]
    if not missed or len(missed) == len(years):
        return None
    comes = [str(one) for one in years if one not in missed]
    hint = "Er det den siste dagen du mener, skriv «siste dag i februar»." if isinstance(cadence.spot, Date) else ""
    return f"kommer ikke hvert år: de neste {YEARS_AHEAD} årene bare i {list_in_words(tuple(comes))}", hint
