"""Identity: as many keys as turns, all different, and a date that stands before and after an edit keeps its key."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arshjul.keys import (
    Nameless,
    TurnRecord,
    awaited_period,
    calendar_of,
    full_id,
    is_in_files,
    item_of,
    key_of,
    lead_key,
    name_turns,
    split_full_id,
    split_key,
    uid_of,
    without_awaited,
    without_lead,
)
from arshjul.timing.days import Span, Status, year_span
from arshjul.year.expand import expand
from tests.core.in_force import ALL, TODAY, days_by_key, edited, event, in_force
from tests.examples import EXAMPLES
from tests.files_of import OFFICE, catalogue_of, problems_of


@pytest.mark.parametrize(
    ("when", "count"),
    [
        ('"4. mars og 12. mars"', 2),
        ('"3. og 17. mars"', 2),
        ('"uke 33, 34 og 35"', 3),
        ('"1. og 15. i hver måned"', 24),
        ('"første og tredje mandag i måneden"', 24),
        ('"hver tirsdag og torsdag"', 104),
        ('["hver tirsdag og torsdag"]', 104),
        ('["hver mandag", "4. mars"]', 53),
    ],
)
def test_event_has_as_many_keys_as_turns(when: str, count: int) -> None:
    assert len(days_by_key(catalogue_of(event(when)), year_span(2027))) == count


@pytest.mark.parametrize(
    ("cadence", "timing", "count"),
    [
        ("hver tirsdag og torsdag", "", 104),
        ("Løpende", 'timing = { 2027 = "Hver måned" }', 12),
        ("Årlig", 'timing = { 2027 = "4. mars og 12. mars" }', 2),
        ("1. og 15. i hver måned", "", 24),
        ("Løpende", 'timing = { 2027 = "1. og 15. i hver måned" }', 24),
    ],
)
def test_measure_has_as_many_keys_as_turns(cadence: str, timing: str, count: int) -> None:
    text = f'[[measure]]\nid = "a"\ntitle = "A"\ncadence = "{cadence}"\n{timing}\nresponsible = "Sekretariatet"\n'
    text += OFFICE

    assert len(days_by_key(catalogue_of(text), year_span(2027))) == count


def test_event_that_follows_two_meetings_of_one_month_has_a_key_for_each() -> None:
    text = """
    [[event]]
    id = "styremote"
    title = "Styremøte"
    when = ["2027-03-04"]
    [[event]]
    id = "arsmote"
    title = "Årsmøte"
    when = ["2027-03-18"]
    [[event]]
    id = "a"
    title = "A"
    when = ["dagen etter styremøte", "dagen etter årsmøte"]
    """

    assert days_by_key(catalogue_of(text), year_span(2027)) == {"2027-03": "2027-03-05", "2027-03_2": "2027-03-19"}


def test_milestone_with_two_phrases_keeps_its_keys_when_the_meeting_moves() -> None:
    def text(day: str) -> str:
        steps = 'milestones = [{ id = "papirer", title = "P", when = ["10 virkedager før", "2 virkedager før"] }]'
        return event(f'["{day}"]', steps)

    before, after = edited(text("2027-03-18")), edited(text("2027-03-18"), text("2027-04-15"))

    assert days_by_key(before, item="a.papirer") == {"2027-03": "2027-03-04", "2027-03_2": "2027-03-16"}
    assert days_by_key(after, item="a.papirer") == {"2027-03": "2027-04-01", "2027-03_2": "2027-04-13"}


def test_part_of_a_group_that_is_called_2_has_a_key_of_its_own() -> None:
    text = """
    [[party]]
    id = "lagene"
    name = "Lagene"
    parts = ["2", "3"]
    [[party]]
    id = "2"
    name = "Andre lag"
    members = ["to@example.no"]
    [[party]]
    id = "3"
    name = "Tredje lag"
    members = ["tre@example.no"]
    [[event]]
    id = "a"
    title = "A"
    when = "3. og 17. mars for hvert lag"
    responsible = "Lagene"
    """
    found = [one.key for one in expand(catalogue_of(text), year_span(2027))]

    assert sorted(found) == [f"k0/a/2027-03-{day}.{part}" for day in ("03", "17") for part in ("2", "3")]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        # An extra meeting, in front, behind or between, takes nobody's identity.
        (
            '["2027-02-19"]',
            '["2027-02-05", "2027-02-19"]',
            {"2027-02": "2027-02-19", "2027-02-05": "2027-02-05"},
        ),
        (
            '["2027-02-05"]',
            '["2027-02-19", "2027-02-05"]',
            {"2027-02": "2027-02-05", "2027-02-19": "2027-02-19"},
        ),
        ('"4. mars 2027"', '["4. mars 2027", "12. mars 2027"]', {"2027": "2027-03-04", "2027-03": "2027-03-12"}),
        # One of two is taken out: the other is still itself.
        ('["2027-02-05", "2027-02-19"]', '["2027-02-19"]', {"2027-02-19": "2027-02-19"}),
        # One is moved, within its month and to the next.
        ('["2027-04-24"]', '["2027-04-27"]', {"2027-04": "2027-04-27"}),
        (
            '["2027-02-12", "2027-04-24"]',
            '["2027-02-12", "2027-05-03"]',
            {"2027-02": "2027-02-12", "2027-04": "2027-05-03"},
        ),
        # Sorted anew.
        (
            '["2027-02-19", "2027-02-05", "2027-06-01"]',
            '["2027-06-01", "2027-02-05", "2027-02-19"]',
            {"2027-02-05": "2027-02-05", "2027-02-19": "2027-02-19", "2027-06": "2027-06-01"},
        ),
        # Which of two became which, the files do not say: none is taken for another.
        (
            '["2027-02-05", "2027-02-19"]',
            '["2027-02-08", "2027-02-22"]',
            {"2027-02-08": "2027-02-08", "2027-02-22": "2027-02-22"},
        ),
    ],
)
def test_date_that_stands_before_and_after_an_edit_keeps_its_key(
    before: str, after: str, expected: dict[str, str]
) -> None:
    assert days_by_key(edited(event(before), event(after))) == expected


def test_date_that_is_taken_out_and_put_back_has_its_key_again() -> None:
    both, one = event('["2027-02-05", "2027-02-19"]'), event('["2027-02-05"]')

    assert days_by_key(edited(both, one, both)) == {"2027-02-05": "2027-02-05", "2027-02-19": "2027-02-19"}


def test_date_far_from_the_one_that_is_gone_is_another_thing() -> None:
    catalogue = edited(event('["2026-12-14"]'), event('["2027-06-05"]'))

    assert days_by_key(catalogue) == {"2027-06": "2027-06-05"}


def test_announcement_stays_with_its_date_when_another_is_put_in_front() -> None:
    announced = 'announced.2027-02 = { date = "2027-02-19", time = "10:00", source = "Styresak 4/27" }'
    catalogue = catalogue_of(event('["2027-02-05", "2027-02-19"]', announced))

    assert [(str(one.days and one.days.first), str(one.clock or ""), one.status) for one in expand(catalogue, ALL)] == [
        ("2027-02-05", "", Status.TENTATIVE),
        ("2027-02-19", "10:00", Status.CONFIRMED),
    ]


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        (
            'cancelled = ["2027-02"]',
            "«2027-02» kan være fredag 5. februar 2027 eller fredag 19. februar 2027. "
            'Skriv hvilken: cancelled = ["2027-02-05"] eller cancelled = ["2027-02-19"].',
        ),
        (
            'announced.2027-02 = { date = "2027-02-12", source = "Sak 1" }',
            "«2027-02» kan være fredag 5. februar 2027 eller fredag 19. februar 2027. "
            "Skriv hvilken: announced.2027-02-05 = … eller announced.2027-02-19 = ….",
        ),
    ],
)
def test_check_asks_which_of_two_dates_is_meant(line: str, asked: str) -> None:
    text = '[calendar]\nid = "k"\nname = "K"\n' + event('["2027-02-05", "2027-02-19"]', line)

    assert [problem.split(" ", 1)[1] for problem in problems_of(text)] == [asked]


def test_cancellation_of_a_day_is_of_that_date_alone() -> None:
    catalogue = catalogue_of(event('["2027-02-05", "2027-02-19"]', 'cancelled = ["2027-02-19"]'))

    assert [(one.period, one.status) for one in expand(catalogue, ALL)] == [
        ("2027-02-05", Status.TENTATIVE),
        ("2027-02-19", Status.CANCELLED),
    ]


def test_key_is_put_together_and_taken_apart() -> None:
    assert split_key(key_of("osloregionen", "1.2", "2026-09")) == ("osloregionen", "1.2", "2026-09")


# Properties


DAYS = st.dates(date(2026, 12, 1), date(2028, 6, 30))
SPANS = st.builds(lambda first, days: Span.of(first, first + timedelta(days=days)), DAYS, st.integers(0, 40))
NAMES = st.lists(st.sampled_from(["2027", "2027-02", "2027-Q1", "2027-03", "2027-02-05"]), min_size=1, max_size=3)
TURNS = st.lists(
    st.builds(lambda days, names, follows: Nameless(days, tuple(names), follows), SPANS, NAMES, st.booleans()),
    max_size=8,
    unique_by=lambda turn: (turn.days, turn.natural),
)


def records_of(turns: list[Nameless], periods: list[str]) -> list[TurnRecord]:
    return [
        TurnRecord("k", "a", period, turn.natural, turn.days, turn.days, "tentative")
        for turn, period in zip(turns, periods, strict=True)
    ]


@settings(max_examples=EXAMPLES, deadline=None)
@given(TURNS, TURNS)
def test_periods_are_unique_whatever_was_in_force_before(before: list[Nameless], after: list[Nameless]) -> None:
    first = name_turns(before, [], TODAY)
    second = name_turns(after, records_of(before, first), TODAY)

    assert len(set(first)) == len(before)
    assert len(set(second)) == len(after)


@settings(max_examples=EXAMPLES, deadline=None)
@given(TURNS, TURNS)
def test_turn_that_stands_unchanged_keeps_its_period(before: list[Nameless], after: list[Nameless]) -> None:
    records = records_of(before, name_turns(before, [], TODAY))
    periods = name_turns(after, records, TODAY)

    kept = {(record.ruled, record.natural): record.period for record in records}
    assert [kept.get((turn.days, turn.natural), period) for turn, period in zip(after, periods, strict=True)] == periods


LISTS = st.lists(DAYS, min_size=1, max_size=9, unique=True)


def as_list(days: list[date]) -> str:
    return event("[" + ", ".join(f'"{day}"' for day in days) + "]")


@settings(max_examples=EXAMPLES, deadline=None)
@given(LISTS, st.lists(LISTS, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_list_that_is_edited_again_and_again_keeps_what_stands(
    first: list[date], others: list[list[date]], random: object
) -> None:
    """Each edit keeps some dates, drops some and adds some, in any order; no key goes to another date that stands."""
    catalogue, before = in_force(as_list(first)), set(first)
    for new in others:
        kept = sorted(before)[::2]
        after = list(dict.fromkeys([*new, *kept]))
        keys = {day: key for key, day in days_by_key(catalogue).items()}
        catalogue = in_force(as_list(after), catalogue.history)
        renewed = {day: key for key, day in days_by_key(catalogue).items()}

        assert sorted(renewed) == sorted(map(str, after))
        standing = {str(day) for day in before & set(after)}
        assert {day: renewed[day] for day in standing} == {day: keys[day] for day in standing}
        before = set(after)


IDS = st.from_regex(r"[a-z0-9]{1,3}([.-][a-z0-9]{1,3}){0,2}", fullmatch=True)
PERIODS = st.from_regex(r"20[0-9]{2}(-[0-9]{2}|-W[0-9]{2}|-Q[1-4])?(_[2-9])?(\.[a-zæøå0-9-]{1,90})?", fullmatch=True)
ANY_KEYS = st.builds(key_of, IDS, IDS, PERIODS)


@settings(max_examples=EXAMPLES)
@given(one=ANY_KEYS, other=ANY_KEYS)
def test_uid_is_a_file_name_and_of_one_key_only(one: str, other: str) -> None:
    uids = [uid_of(key, "kalender.example.no") for key in (one, other)]

    assert (uids[0] == uids[1]) == (one == other)
    for uid in uids:
        assert uid.isascii()
        assert len(uid) <= 200
        assert not set(uid) & set('/\\:*?"<>|')


@settings(max_examples=EXAMPLES)
@given(calendar=IDS, item=IDS, period=PERIODS)
def test_key_is_taken_apart_into_what_it_was_made_of(calendar: str, item: str, period: str) -> None:
    key = key_of(calendar, item, period)

    assert split_key(key) == (calendar, item, period)
    assert (calendar_of(key), item_of(key)) == (calendar, full_id(calendar, item))
    assert split_full_id(item_of(key)) == (calendar, item)
    assert without_lead(lead_key(key, 20, "v")) == key
    assert without_awaited(key_of(calendar, item, awaited_period(period))) == key
    assert [is_in_files(one) for one in (key, key_of(calendar, item, awaited_period(period)))] == [True, False]
