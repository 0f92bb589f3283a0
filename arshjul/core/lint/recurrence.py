"""What can be wrong with how an event repeats: the shapes that Exchange takes are in MS-OXCICAL 2.1.3.2."""

from __future__ import annotations

import re
from collections.abc import Iterator

from arshjul.core.lint.findings import Finding, must
from arshjul.core.lint.reading import Component, Property
from arshjul.core.lint.times import Moment, Sort, moment

FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
MOST_TIMES = 999
SET_POSITIONS = frozenset({"-1", "1", "2", "3", "4"})
SINGLE = ("BYMONTHDAY", "BYMONTH", "BYHOUR", "BYMINUTE")
UNKNOWN_TO_EXCHANGE = ("BYYEARDAY", "BYWEEKNO", "BYSECOND", "RSCALE", "SKIP")

_DAYS = re.compile(r"(?:[+-]?\d{1,2})?(?:MO|TU|WE|TH|FR|SA|SU)")
_PLAIN_DAYS = re.compile(r"(?:MO|TU|WE|TH|FR|SA|SU)")


def check_recurrence(event: Component) -> Iterator[Finding]:
    """Yield what is wrong with RRULE, RDATE, EXDATE and EXRULE of an event."""
    rules, start = event.all("RRULE"), event.first("DTSTART")
    begins = moment(start) if start else None
    for one in rules[1:]:
        yield must("flere-rrule", one.line, "Hendelsen har flere RRULE. Noen programmer mister den da helt.")
    for one in event.all("EXRULE"):
        yield must("exrule", one.line, "EXRULE er avskaffet og forstås ikke lenger.")
    for rule in rules:
        for said in _complaints(parts(rule), begins):
            yield must("rrule", rule.line, said)
    for one in [*event.all("RDATE"), *event.all("EXDATE")]:
        yield from _check_dates(one, begins, repeats=bool(rules))


def parts(rule: Property) -> dict[str, str]:
    """Return the parts of a rule by their names, all in capitals."""
    pairs = [part.partition("=") for part in rule.value.strip().upper().split(";")]
    return {name: value for name, _, value in pairs}


def _complaints(rule: dict[str, str], begins: Moment | None) -> Iterator[str]:
    frequency = rule.get("FREQ", "")
    if frequency not in FREQUENCIES:
        yield f"Exchange avviser FREQ={frequency or '(mangler)'}; bruk {', '.join(FREQUENCIES)}."
    yield from _end_complaints(rule, begins)
    if not rule.get("INTERVAL", "1").isdigit() or int(rule.get("INTERVAL", "1")) == 0:
        yield f"INTERVAL={rule['INTERVAL']} er ikke et helt tall fra 1."
    if rule.get("BYSETPOS", "1") not in SET_POSITIONS:
        yield f"Exchange avviser BYSETPOS={rule['BYSETPOS']}; bare -1 og 1 til 4 går."
    yield from (f"Exchange tar bare én verdi i {name}." for name in SINGLE if "," in rule.get(name, ""))
    yield from (f"Exchange forstår ikke {name}." for name in UNKNOWN_TO_EXCHANGE if name in rule)
    days, form = rule.get("BYDAY"), _PLAIN_DAYS if frequency in ("DAILY", "WEEKLY") else _DAYS
    if days is not None and not all(form.fullmatch(day) for day in days.split(",")):
        yield f"BYDAY={days} går ikke sammen med FREQ={frequency}."


def _end_complaints(rule: dict[str, str], begins: Moment | None) -> Iterator[str]:
    count, until = rule.get("COUNT"), rule.get("UNTIL")
    if count is not None and until is not None:
        yield "Gjentakelsen har både COUNT og UNTIL; bare én er lov."
    if count is not None and not (count.isdigit() and 1 < int(count) <= MOST_TIMES):
        yield f"Exchange avviser COUNT={count}; det må være fra 2 til {MOST_TIMES}."
    if until is None or begins is None:
        return
    ends = moment(Property("UNTIL", {}, until, 0))
    right = {Sort.DATE: Sort.DATE, Sort.FLOATING: Sort.FLOATING}.get(begins.sort, Sort.UTC)
    if ends is None or ends.sort is not right:
        wanted = {Sort.DATE: "en dato", Sort.FLOATING: "et tidspunkt uten Z"}.get(right, "et tidspunkt i UTC")
        yield f"UNTIL={until} skal være {wanted}, som DTSTART er det."


def _check_dates(dates: Property, begins: Moment | None, *, repeats: bool) -> Iterator[Finding]:
    if not repeats:
        yield must("dato-uten-rrule", dates.line, f"{dates.name} uten RRULE går tapt i Exchange.")
    if dates.parameters.get("VALUE", "").upper() == "PERIOD":
        yield must("ugyldig-tid", dates.line, f"{dates.name} med PERIOD forstås nesten ingen steder.")
        return
    for value in dates.value.split(","):
        one = moment(Property(dates.name, dates.parameters, value, dates.line))
        if one is None:
            yield must("ugyldig-tid", dates.line, f"{dates.name} er ingen dato og ikke noe tidspunkt: {value}")
        elif begins and (one.sort is Sort.DATE) != (begins.sort is Sort.DATE):
            yield must("ulike-tider", dates.line, f"{dates.name} skal være av samme slag som DTSTART: {value}")
