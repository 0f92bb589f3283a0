"""How a date is known (by law, announced, typed in, from the plan, by a rule), and the sentence that says so."""

from __future__ import annotations

from typing import Final

from arshjul.core.cadences import (
    Annual,
    At,
    Cadence,
    Date,
    Due,
    ForEach,
    InYear,
    Several,
    Spot,
    Stretch,
    leans_on,
    own_year,
)
from arshjul.core.measures import STATUS
from arshjul.core.model import Item, KnownBy, Occurrence, Phrase, Status
from arshjul.core.texts import lower_first, one_line
from arshjul.core.words import date_in_words

_SENTENCES: Final = {
    KnownBy.TYPED: "Den er skrevet inn i årshjulet, uten en kilde som kunngjør den.",
    KnownBy.PLAN: "Den er fra planen: «{rule}».",
    KnownBy.RULE: "Den er regnet ut etter regelen «{rule}».",
    KnownBy.FOLLOWS: "Den følger det som planen viser til: «{rule}».",
    KnownBy.STEP: "Den er regnet ut: «{rule}».",
}
WITHOUT_SOURCE: Final = "skrevet inn, uten kilde"
_ON_A_PAGE: Final = {
    KnownBy.TYPED: WITHOUT_SOURCE,
    KnownBy.PLAN: "fra planen: «{rule}»",
}


def known_by_rule(item: Item, phrase: Phrase) -> KnownBy:
    """Tell how a date is known that one of an event's phrases gives: a source of the event confirms none of them."""
    if phrase.plan:
        return KnownBy.ANNOUNCEMENT if phrase.plan.source else KnownBy.TYPED
    if item.fixed_by:
        return KnownBy.LAW
    if _is_typed(phrase.cadence, named_year=_is_for_one_year(item, phrase)):
        return KnownBy.TYPED
    return KnownBy.STEP if item.parent and leans_on(phrase.cadence) else KnownBy.RULE


def known_by_plan(item: Item, phrase: Phrase, marker: str) -> KnownBy:
    """Tell how a measure's date is known: the looks at how it goes are ours, all else stands in the plan."""
    if leans_on(phrase.cadence):
        return KnownBy.FOLLOWS
    return KnownBy.RULE if marker == STATUS and phrase is item.when[0] else KnownBy.PLAN


def how_known(occurrence: Occurrence) -> str:
    """Return a sentence or two in bokmål: called off, confirmed by what, or tentative and where it comes from."""
    if occurrence.status is Status.CANCELLED:
        because = occurrence.because
        day = date_in_words(because.day) if because else ""
        return f"Avlyst, fordi {lower_first(one_line(because.title))} {day} er avlyst." if because else "Avlyst."
    if occurrence.status is Status.CONFIRMED:
        return "Datoen er bekreftet: loven fastsetter den." if _is_by_law(occurrence) else "Datoen er bekreftet."
    rule = one_line(occurrence.rule)
    if not rule and occurrence.known_by is not KnownBy.TYPED:
        return "Datoen er foreløpig."
    return f"Datoen er foreløpig. {_SENTENCES[occurrence.known_by].format(rule=rule)}"


def where_from(occurrence: Occurrence) -> str:
    """Return in few words, for a page, where a date that is not confirmed comes from: "fra planen: «Q3»"."""
    rule = one_line(occurrence.rule)
    if occurrence.days and occurrence.known_by in _ON_A_PAGE:
        return _ON_A_PAGE[occurrence.known_by].format(rule=rule)
    return f"«{rule}»" if rule else ""


def _is_by_law(occurrence: Occurrence) -> bool:
    return occurrence.known_by is KnownBy.LAW


def _is_for_one_year(item: Item, phrase: Phrase) -> bool:
    """Tell whether it is the variant of a year by its number: `in.2027 = "7. oktober"`."""
    return any(variant.year is not None for variant in item.variants if variant.phrase is phrase)


def _is_typed(cadence: Cadence, *, named_year: bool) -> bool:
    """Tell whether a phrase is a day, or from one day to another, of one year: written down, with nothing computed."""
    match cadence:
        case At(inner) | Due(inner) | ForEach(inner):
            return _is_typed(inner, named_year=named_year)
        case Several(parts):
            return all(_is_typed(part, named_year=named_year) for part in parts)
        case Annual(spot):
            return _names_days(spot) and (named_year or own_year(spot) is not None)
    return False


def _names_days(spot: Spot) -> bool:
    match spot:
        case InYear(_, inner):
            return _names_days(inner)
        case Stretch(first, last):
            return _names_days(first) and _names_days(last)
    return isinstance(spot, Date)
