"""What phrases mean in days: tables of a phrase and its turns in 2027, alone and beside other events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

import pytest

from arshjul.timing.cadences import Annual, Bound, Due, is_dated, leans_on, turns
from arshjul.timing.days import Clock, EventLookup, NoEvents, Span, Turn, year_span
from arshjul.timing.phrases import read
from arshjul.timing.places import FEASTS, Date, Week, place

YEAR = year_span(2027)


@dataclass(frozen=True, slots=True)
class Plan:
    """Other events by the names that phrases give them, each with its own phrase."""

    phrases: Mapping[str, str]

    def turns(self, name: str, span: Span) -> Sequence[Turn] | None:
        if name not in self.phrases:
            return None
        cadence = read(self.phrases[name])
        assert cadence is not None
        return turns(cadence, span, self)


def said(turn: Turn) -> str:
    """Return a turn on one line: "2027: 10-02", "2027-Q1: 01-01..03-31", "2027: by 06-15", "2027: 03-31 12:00"."""
    first, last = (f"{day:%m-%d}" if day.year == 2027 else f"{day}" for day in (turn.days.first, turn.days.last))
    days = first if first == last else f"{first}..{last}"
    clock = f" {turn.clock.start:%H:%M}" if turn.clock else ""
    return f"{turn.period}: {'by ' if turn.deadline else ''}{days}{clock}"


def turns_of(phrase: str, others: EventLookup | None = None, span: Span = YEAR) -> list[str]:
    cadence = read(phrase)
    assert cadence is not None, f"{phrase!r} is not read"
    return [said(turn) for turn in turns(cadence, span, others or NoEvents())]


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("1. desember", ["2027: 12-01"]),
        ("2027-02-13", ["2027: 02-13"]),
        ("2026-02-13", []),
        ("2027-08-10/2027-08-14", ["2027: 08-10..08-14"]),
        ("10.–14. august 2027", ["2027: 08-10..08-14"]),
        ("9.–11. oktober", ["2027: 10-09..10-11"]),
        ("12. mars–12. april", ["2027: 03-12..04-12"]),
        ("24. desember–1. januar", ["2026: 2026-12-24..01-01", "2027: 12-24..2028-01-01"]),
        ("november–mars", ["2027: 2026-11-01..03-31", "2028: 11-01..2028-03-31"]),
        ("15. mars og 15. september", ["2027-03: 03-15", "2027-09: 09-15"]),
        ("1. og 15. mai", ["2027-05-01: 05-01", "2027-05-15: 05-15"]),
        ("19. og 20. november", ["2027: 11-19..11-20"]),
        ("september", ["2027: 09-01..09-30"]),
        ("mars–mai", ["2027: 03-01..05-31"]),
        ("Q3", ["2027: 07-01..09-30"]),
        ("Q3-Q4", ["2027: 07-01..12-31"]),
        ("Q3 og Q4", ["2027-Q3: 07-01..09-30", "2027-Q4: 10-01..12-31"]),
        ("1. og 3. tertial", ["2027-T1: 01-01..04-30", "2027-T3: 09-01..12-31"]),
        ("H1, H2", ["2027-H1: 01-01..06-30", "2027-H2: 07-01..12-31"]),
        ("mars og oktober", ["2027-03: 03-01..03-31", "2027-10: 10-01..10-31"]),
        ("2. tertial", ["2027: 05-01..08-31"]),
        ("1. halvår", ["2027: 01-01..06-30"]),
        ("uke 33", ["2027: 08-16..08-22"]),
        ("mandag–fredag i uke 33", ["2027: 08-16..08-20"]),
        ("uke 53", ["2026: 2026-12-28..01-03"]),
        ("første hverdag i oktober", ["2027: 10-01"]),
        ("andre fredag i juni", ["2027: 06-11"]),
        ("tredje fredag i juni", ["2027: 06-18"]),
        ("siste virkedag i juni", ["2027: 06-30"]),
        ("femte mandag i februar", []),
        ("andre mandag–torsdag i oktober", ["2027: 10-11..10-14"]),
        ("første uke i mai", ["2027: 05-03..05-09"]),
        ("siste helg i august", ["2027: 08-28..08-29"]),
        ("tirsdag eller torsdag 11.–15. mai", ["2027: 05-11..05-13"]),
        ("torsdag eller fredag 5.–7. mai", ["2027: 05-07"]),
        ("fredag eller lørdag i uke 10", ["2027: 03-12..03-13"]),
        ("mai eller juni", ["2027: 05-01..06-30"]),
        ("ca. 10. mars", ["2027: 03-07..03-13"]),
        ("medio februar", ["2027: 02-11..02-17"]),
        ("midten av februar", ["2027: 02-11..02-17"]),
        ("i slutten av mai", ["2027: 05-25..05-31"]),
        ("første halvdel av mai", ["2027: 05-01..05-15"]),
        ("månedsskiftet mai/juni", ["2027: 05-28..06-04"]),
        ("våren", ["2027: 03-01..05-31"]),
        ("vinteren", ["2027: 2026-12-01..02-28", "2028: 12-01..2028-02-29"]),
        ("fellesferien", ["2027: 07-12..07-30"]),
        ("påske", ["2027: 03-25..03-29"]),
        ("onsdag i påskeuken", ["2027: 03-24"]),
        ("onsdag før skjærtorsdag", ["2027: 03-24"]),
        ("første virkedag etter påske", ["2027: 03-30"]),
        ("to uker før jul", ["2027: 12-10"]),
        ("uken før påske", ["2027: 03-15..03-21"]),
        ("første uke etter sommerferien", ["2027: 08-16..08-22"]),
        ("29. februar", []),
        ("hele året", ["2027: 01-01..12-31"]),
    ],
)
def test_place_in_the_year_has_its_days(phrase: str, expected: list[str]) -> None:
    assert turns_of(phrase) == expected


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("innen 15. juni", ["2027: by 06-15"]),
        ("senest 10. november", ["2027: by 11-10"]),
        ("innen utgangen av juni", ["2027: by 06-30"]),
        ("innen juni", ["2027: by 06-30"]),
        ("i løpet av januar", ["2027: by 01-01..01-31"]),
        ("fram til jul", ["2027: by 12-24"]),
        ("til og med mai", ["2027: by 05-31"]),
        ("før 1. mai", ["2027: by 04-30"]),
        ("før årsskiftet", ["2028: by 12-31"]),
        ("fra 1. mars", ["2027: 03-01"]),
        ("Frist: 1. desember", ["2027: by 12-01"]),
        ("1. mai: frist", ["2027: by 05-01"]),
        ("31. mars kl. 12, flyttes til neste virkedag", ["2027: 03-31 12:00"]),
        ("15. mai, flyttes til neste virkedag", ["2027: 05-18"]),
        ("15. mai, flyttes til forrige virkedag", ["2027: 05-14"]),
        ("senest 27. mars, flyttes til neste virkedag", ["2027: by 03-30"]),
    ],
)
def test_limit_falls_on_its_last_day(phrase: str, expected: list[str]) -> None:
    assert turns_of(phrase) == expected


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("hvert tertial", ["2027-T1: 01-01..04-30", "2027-T2: 05-01..08-31", "2027-T3: 09-01..12-31"]),
        ("utgangen av hvert kvartal", ["2027-Q1: 03-31", "2027-Q2: 06-30", "2027-Q3: 09-30", "2027-Q4: 12-31"]),
        ("15 dager etter kvartalsslutt", ["2026-Q4: 01-15", "2027-Q1: 04-15", "2027-Q2: 07-15", "2027-Q3: 10-15"]),
        ("hvert halvår", ["2027-H1: 01-01..06-30", "2027-H2: 07-01..12-31"]),
        ("hver 4. måned", ["2027-T1: 01-01..04-30", "2027-T2: 05-01..08-31", "2027-T3: 09-01..12-31"]),
        ("siste virkedag i hvert kvartal", ["2027-Q1: 03-31", "2027-Q2: 06-30", "2027-Q3: 09-30", "2027-Q4: 12-31"]),
        ("hver måned unntatt februar–desember", ["2027-01: 01-01..01-31"]),
        ("andre mandag i september i kommunevalgår", ["2027: 09-13"]),
        ("andre mandag i september i stortingsvalgår", []),
        ("andre mandag i september unntatt i partallsår", ["2027: 09-13"]),
        ("hvert 4. år fra 2028, mars–april", []),
        ("12. mars–12. april hvert 4. år, neste gang 2027", ["2027: 03-12..04-12"]),
        ("hvert annet år i mars", []),
        ("hvert annet år i mars, i oddetallsår", ["2027: 03-01..03-31"]),
        ("én gang i hvert halvår for hver delregion", ["2027-H1: 01-01..06-30", "2027-H2: 07-01..12-31"]),
    ],
)  # fmt: skip
def test_repetition_has_a_turn_each_time(phrase: str, expected: list[str]) -> None:
    assert turns_of(phrase) == expected


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("hver tirsdag kl. 18:30", ["2027-W01: 01-05 18:30", "2027-W02: 01-12 18:30"]),
        ("annenhver uke", []),
        ("annenhver tirsdag fra uke 2", ["2027-W02: 01-12"]),
        ("tirsdager i oddetallsuker", ["2027-W01: 01-05"]),
        ("hver uke", ["2026-W53: 2026-12-28..01-03", "2027-W01: 01-04..01-10", "2027-W02: 01-11..01-17"]),
        ("mandag og onsdag", ["2027-01-04: 01-04", "2027-01-06: 01-06", "2027-01-11: 01-11", "2027-01-13: 01-13"]),
        ("torsdag i perioden 7.–31. januar", ["2027-W01: 01-07"]),
        ("første onsdag i måneden", ["2027-01: 01-06"]),
        ("den 6. i hver måned", ["2027-01: 01-06"]),
    ],
)
def test_short_rhythm_has_a_turn_each_time(phrase: str, expected: list[str]) -> None:
    assert turns_of(phrase, span=Span(date(2027, 1, 1), date(2027, 1, 14))) == expected


@pytest.mark.parametrize(
    "phrase",
    [
        *(
            "Årlig",
            "hvert 4. år",
            "hvert 4. år, neste gang 2028",
            "Løpende",
            "Ved behov",
            "-",
            "",
            "jevnlig",
            "2–4 ganger i året",
        ),
        *(
            "minst to ganger i året",
            "kl. 18:30",
            "4 – 6 møter",
            "etter styremøtet",
            "hvert styremøte",
            "5 virkedager før",
        ),
    ],
)
def test_kind_without_date_has_no_turns(phrase: str) -> None:
    assert turns_of(phrase) == []


POLITICAL_YEAR = Plan(
    {
        "stortinget-konstitueres": "første hverdag i oktober",
        "stortingets åpning": "neste hverdag etter stortinget-konstitueres",
        "stortinget-apner": "neste hverdag etter stortinget-konstitueres",
        "trontaledebatten": "to virkedager på rad etter stortingets åpning",
        "statsbudsjettet": "første virkedag etter trontaledebatten",
        "revidert nasjonalbudsjett": "tirsdag eller torsdag 11.–15. mai",
        "styremøtet": "fjerde fredag i april, 10. september og 2. oktober",
    }
)


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("neste hverdag etter stortinget-konstitueres", ["2027: 10-02"]),
        ("to virkedager på rad etter stortingets åpning", ["2027: 10-04..10-05"]),
        ("første virkedag etter trontaledebatten", ["2027: 10-06"]),
        ("dagen etter trontaledebatten", ["2027: 10-06"]),
        ("senest 6 dager etter stortinget-apner", ["2027: by 10-08"]),
        ("13 til 18 dager etter statsbudsjettet", ["2027: 10-19..10-24"]),
        ("samme dag som revidert nasjonalbudsjett", ["2027: 05-11..05-13"]),
        ("3 uker før revidert nasjonalbudsjett", ["2027: 04-20..04-22"]),
        ("10 virkedager etter statsbudsjettet", ["2027: 10-20"]),
        ("i forbindelse med statsbudsjettet", ["2027: 10-06"]),
        ("før statsbudsjettet", ["2027: by 10-05"]),
        ("en måned etter statsbudsjettet", ["2027: 11-06"]),
        ("første virkedag etter revidert nasjonalbudsjett", ["2027: 05-12..05-14"]),
        ("i forbindelse med noe ingen kjenner", []),
    ],
)
def test_relation_counts_from_its_event(phrase: str, expected: list[str]) -> None:
    assert turns_of(phrase, POLITICAL_YEAR) == expected


@pytest.mark.parametrize(
    ("year", "opening", "debate", "budget"),
    [
        (2018, "2018-10-02", "2018-10-03..2018-10-04", "2018-10-05"),
        (2020, "2020-10-02", "2020-10-05..2020-10-06", "2020-10-07"),
        (2022, "2022-10-03", "2022-10-04..2022-10-05", "2022-10-06"),
        (2024, "2024-10-02", "2024-10-03..2024-10-04", "2024-10-07"),
        (2026, "2026-10-02", "2026-10-05..2026-10-06", "2026-10-07"),
    ],
)
def test_chain_of_the_autumn_follows_the_opening(year: int, opening: str, debate: str, budget: str) -> None:
    span = year_span(year)
    names = ("stortinget-apner", "trontaledebatten", "statsbudsjettet")

    found = [said(turn) for name in names for turn in POLITICAL_YEAR.turns(name, span) or ()]

    assert found == [f"{year}: {days}" for days in (opening, debate, budget)]


MOVED = Turn("2027-09", Span.of(date(2027, 10, 2)))
SERIES = (
    Turn("2026-11", Span.of(date(2026, 11, 27))),
    Turn("2027-02", Span.of(date(2027, 2, 12))),
    Turn("2027-06", Span.of(date(2027, 6, 18))),
    MOVED,
    Turn("2027-10", Span.of(date(2027, 10, 29)), clock=Clock(time(10))),
)


class Board:
    """A board whose September meeting was moved to 2 October."""

    def turns(self, name: str, span: Span) -> Sequence[Turn] | None:
        return [turn for turn in SERIES if turn.days.overlaps(span)] if "styremøte" in name.lower() else None


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("Hvert styremøte", ["2027-02: 02-12", "2027-06: 06-18", "2027-09: 10-02", "2027-10: 10-29 10:00"]),
        ("Styremøtene", ["2027-02: 02-12", "2027-06: 06-18", "2027-09: 10-02", "2027-10: 10-29 10:00"]),
        ("September styremøtet", ["2027-09: 10-02"]),
        ("styremøtet i september", ["2027-09: 10-02"]),
        ("styremøtet i oktober", ["2027-10: 10-29 10:00"]),
        ("styremøtet i mai", []),
        ("første styremøte etter 1. oktober", ["2027-09: 10-02"]),
        ("andre styremøte etter 1. oktober", ["2027-02: 02-12", "2027-10: 10-29 10:00"]),
        ("siste styremøte før sommeren", ["2027-02: 02-12"]),
        ("første styremøte i 2. halvår", ["2027-09: 10-02"]),
        ("5 virkedager før styremøtet", ["2027-02: 02-05", "2027-06: 06-11", "2027-09: 09-27", "2027-10: 10-22"]),
        ("senest 3 uker før styremøtet i oktober", ["2027-10: by 10-08"]),
    ],
)
def test_meeting_of_a_series_keeps_its_period(phrase: str, expected: list[str]) -> None:
    assert turns_of(phrase, Board()) == expected


@pytest.mark.parametrize(
    ("phrase", "names"),
    [
        ("første hverdag i oktober", ()),
        ("neste hverdag etter stortinget-konstitueres", ("stortinget-konstitueres",)),
        ("to virkedager på rad etter stortingets åpning", ("stortingets åpning",)),
        ("senest 6 dager etter stortinget-apner", ("stortinget-apner",)),
        ("Hvert styremøte", ("styremøte",)),
        ("September styremøtet", ("styremøtet",)),
        ("5 virkedager før", ("",)),
        ("i forkant av møtene i formannskapet", ("møtene i formannskapet",)),
        ("onsdag før skjærtorsdag", ()),
        ("dagen etter trontaledebatten kl. 10 i partallsår", ("trontaledebatten",)),
    ],
)
def test_phrase_leans_on_the_events_that_it_names(phrase: str, names: tuple[str, ...]) -> None:
    cadence = read(phrase)

    assert cadence is not None
    assert leans_on(cadence) == names


@pytest.mark.parametrize(
    ("phrase", "dated"),
    [
        ("hver uke", True),
        ("annenhver uke", False),
        ("annenhver uke fra uke 2", True),
        ("hvert annet år i mars", False),
        ("hvert annet år i mars, neste gang 2027", True),
        ("hvert annet år i mars, i oddetallsår", True),
        ("løpende", False),
        ("hele året", True),
        ("etter styremøtet", False),
        ("to uker etter styremøtet", True),
        ("før styremøtet", True),
        ("hvert styremøte", True),
        ("minst én gang i året for hver delregion", False),
        ("i valgår", False),
    ],
)
def test_phrase_is_dated_only_when_its_words_give_days(phrase: str, dated: bool) -> None:
    cadence = read(phrase)

    assert cadence is not None
    assert is_dated(cadence) is dated


def test_leap_day_comes_every_fourth_year_without_century_years() -> None:
    found = [year for year in range(2090, 2110) if place(Date(2, 29), year)]

    assert found == [2092, 2096, 2104, 2108]


def test_week_53_comes_only_in_long_years() -> None:
    assert [year for year in range(2000, 2040) if place(Week(53), year)] == [2004, 2009, 2015, 2020, 2026, 2032, 2037]


@pytest.mark.parametrize("key", sorted(FEASTS))
def test_feast_touches_its_year(key: str) -> None:
    assert all(FEASTS[key](year).overlaps(year_span(year)) for year in range(2000, 2101))


def test_turns_are_hashable_values() -> None:
    assert {Due(Annual(Date(6, 15)), Bound.BY): 1}[Due(Annual(Date(6, 15)), Bound.BY)] == 1
