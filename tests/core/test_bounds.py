"""How much a file may hold, and how much is said of one that is wrong from end to end."""

from __future__ import annotations

from pathlib import Path

import pytest

from arshjul.loading import load
from arshjul.plan.problems import TOLD, Place, Problem, told
from arshjul.plan.shapes import COMPARED, LONGEST_LIST, SUGGESTED, suggestion
from arshjul.year.assemble import MOST_OCCURRENCES, assemble
from arshjul.year.check_dates import dating_to_check
from tests.files_of import OFFICE, TODAY_OF_FILES, problems_of, read_calendar

HEAD = '[calendar]\nid = "prove"\nname = "Prøve"\n'
EVENT = '[[event]]\nid = "a"\ntitle = "A"\n'


def test_list_may_have_so_many_entries_and_no_more() -> None:
    names = [f'"Navn {number}"' for number in range(LONGEST_LIST + 1)]
    text = f'{HEAD}{EVENT}when = "12. mars"\nalso = '

    assert problems_of(f"{text}[{', '.join(names[:-1])}]\n") == []
    assert problems_of(f"{text}[{', '.join(names)}]\n") == ["8:8 «also»: Her kan det stå høyst 1000 ledd."]


TOO_MANY = {
    "when": ("7:8", [f'"{number % 28 + 1}. mars {2026 + number // 28}"' for number in range(LONGEST_LIST + 1)]),
    "cancelled": ("7:13", [f'"{1001 + number}"' for number in range(LONGEST_LIST + 1)]),
    "leads": ("7:9", [str(number) for number in range(LONGEST_LIST + 1)]),
}


@pytest.mark.parametrize("key", TOO_MANY)
def test_list_that_is_too_long_is_told_with_its_place(key: str) -> None:
    place, entries = TOO_MANY[key]

    said = problems_of(f"{HEAD}{EVENT}{key} = [{', '.join(entries)}]\n")

    assert said == [f"{place} «{key}»: Her kan det stå høyst 1000 ledd."]


@pytest.mark.parametrize("key", ["announced", "in", "held"])
def test_too_many_years_are_told_with_their_place(key: str) -> None:
    years = "".join(f'{key}.{1001 + number} = "12. mars"\n' for number in range(LONGEST_LIST + 1))

    assert problems_of(HEAD + EVENT + years) == [f"7:1 «{key}»: Her kan det stå høyst 1000 ledd."]


def test_only_the_first_misspelled_names_of_a_file_get_a_suggestion() -> None:
    count = SUGGESTED + 2
    events = "".join(
        f'[[event]]\nid = "e{number}"\ntitle = "E"\nwhen = "12. mars"\nresponsible = "Sekretariatte{number}"\n'
        for number in range(count)
    )

    said = problems_of(HEAD + OFFICE + events)

    wrong = [
        f"{number * 5 + 9}:3 «Sekretariatte{number}» i «e{number}» er ikke navnet på noen part."
        for number in range(count)
    ]
    assert said == [*(f"{one} Mente du «Sekretariatet»?" for one in wrong[:SUGGESTED]), *wrong[SUGGESTED:]]


def test_only_the_first_misspelled_keys_of_a_file_get_a_suggestion() -> None:
    count = SUGGESTED + 2
    events = "".join(f'[[event]]\nid = "e{at}"\ntitle = "E"\nwhen = "12. mars"\nnoet = "x"\n' for at in range(count))

    said = problems_of(HEAD + events)

    wrong = [f"{at * 5 + 8}:1 Ukjent nøkkel «noet» under [[event]]." for at in range(count)]
    assert said == [*(f"{one} Mente du «note»?" for one in wrong[:SUGGESTED]), *wrong[SUGGESTED:]]


def test_only_the_first_events_that_are_not_there_get_a_suggestion() -> None:
    count = SUGGESTED + 2
    events = '[[event]]\nid = "styremote"\ntitle = "Styremøte"\nwhen = "12. mars"\n' + "".join(
        f'[[event]]\nid = "e{at}"\ntitle = "E"\nwhen = "2 dager før styremotte"\n' for at in range(count)
    )

    said = problems_of(HEAD + events)

    text = "«2 dager før styremotte» viser til en hendelse som ikke finnes."
    wrong = [f"{at * 4 + 11}:8 {text}" for at in range(count)]
    assert said == [*(f"{one} Mente du «styremote»?" for one in wrong[:SUGGESTED]), *wrong[SUGGESTED:]]


@pytest.mark.parametrize(
    ("misspelled", "expected"),
    [
        ("Partenn 4711", "Mente du «Parten 4711»?"),
        ("STYRINGSGRUPA", "Mente du «Styringsgruppa»?"),
        ("Sekretriatet", "Mente du «Sekretariatet»?"),
    ],
)
def test_name_is_found_again_among_thousands(misspelled: str, expected: str) -> None:
    names = [*(f"Parten {number}" for number in range(25 * COMPARED)), "Styringsgruppa", "Sekretariatet"]

    assert suggestion(misspelled, names, {}) == expected


def wrong(file: str, count: int) -> list[Problem]:
    return [Problem(Place(file, line), "Feil.") for line in range(1, count + 1)]


def test_first_problems_of_each_file_are_told_and_how_many_more_there_are() -> None:
    said = told([*wrong("b.toml", 3), *wrong("a.toml", 3_000)])

    more = Problem(Place("a.toml", TOLD + 1), "… og 2 900 til.")
    assert said == (*wrong("a.toml", TOLD), more, *wrong("b.toml", 3))


@pytest.mark.parametrize("count", [0, 1, TOLD])
def test_problems_are_all_told_where_they_are_few(count: int) -> None:
    assert told(wrong("a.toml", count)) == tuple(wrong("a.toml", count))


HINT = "Kommer noe for ofte? Del ellers filen i flere kalendere."


def daily(count: int, when: str = "hver dag") -> str:
    return "".join(f'[[event]]\nid = "e{at}"\ntitle = "E{at}"\nwhen = "{when}"\n' for at in range(count))


def too_many(line: int, event: str, column: int = 3) -> list[str]:
    return [f"{line}:{column} Med «{event}» gir filen mer enn 50 000 datoer i 2022–2032. {HINT}"]


@pytest.mark.years
def test_event_with_which_a_file_gives_too_many_dates_is_told() -> None:
    days = 11 * 365 + 3
    assert 12 * days <= MOST_OCCURRENCES < 13 * days

    assert problems_of(HEAD + daily(12)) == []
    assert problems_of(HEAD + daily(3_000)) == too_many(4 + 4 * 12, "e12")


@pytest.mark.years
def test_each_calendar_may_give_its_own_dates() -> None:
    texts = [f'[calendar]\nid = "{name}"\nname = "{name}"\n{daily(7)}' for name in ("a", "b")]
    calendars = [calendar for calendar, _ in map(read_calendar, texts) if calendar]

    assert assemble(calendars, TODAY_OF_FILES)[1] == []
    assert len(calendars) == 2


def test_event_for_each_of_many_parts_gives_a_date_for_each() -> None:
    names = ", ".join(f'"Part {at}"' for at in range(100))
    parties = "".join(f'[[party]]\nid = "p{at}"\nname = "Part {at}"\n' for at in range(100))
    group = f'[[party]]\nid = "delene"\nname = "Delene"\nparts = [{names}]\n'
    lines = 3 + 3 * 100 + 4

    assert problems_of(HEAD + parties + group + daily(1, "hver måned for hver delene")) == []
    assert problems_of(HEAD + parties + group + daily(1, "hver uke for hver delene")) == too_many(lines + 1, "e0")


def test_list_of_steps_before_an_event_that_comes_every_day_gives_a_date_for_each() -> None:
    steps = ", ".join(f'"{at} dager før"' for at in range(1, 14))
    text = HEAD + daily(1) + f'[[event.milestones]]\nid = "s"\ntitle = "S"\nwhen = [{steps}]\n'

    assert problems_of(text) == too_many(8, "e0.s", column=9)


def test_what_leans_on_too_many_dates_is_not_dated_first() -> None:
    first = '[[event]]\nid = "f"\ntitle = "F"\nwhen = "2 dager etter e0"\n'
    times = ", ".join(f'"hver dag kl. {10 + at // 60}.{at % 60:02}"' for at in range(500))
    text = f'{HEAD}{first}[[event]]\nid = "e0"\ntitle = "E0"\nwhen = [{times}]\n'

    assert problems_of(text) == too_many(8, "e0")


def test_dates_of_years_in_which_a_variant_does_not_hold_are_few() -> None:
    years = "".join(f'in.{year} = "hver dag"\n' for year in (2027, 2028, 2029))

    assert problems_of(HEAD + daily(1, "12. mars") + years) == []


@pytest.mark.years
def test_variants_for_ages_that_nobody_looks_at_are_too_many_at_last() -> None:
    years = "".join(f'in.{year} = "hver dag"\n' for year in (*range(1900, 2000), *range(2100, 2200)))

    assert problems_of(HEAD + daily(1, "12. mars") + years) == too_many(4, "e0")


def test_shipped_calendars_come_nowhere_near_what_they_may_hold(site: Path) -> None:
    organisation = load(site, TODAY_OF_FILES)
    dating = dating_to_check(organisation.catalogue)

    given = {
        name: sum(len(dating.dated(item)) for item in calendar.items)
        for name, calendar in organisation.catalogue.calendars.items()
    }

    assert organisation.problems == ()
    assert len(given) == 4
    assert max(given.values()) * 10 < MOST_OCCURRENCES
