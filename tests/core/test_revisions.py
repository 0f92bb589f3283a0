"""What is remembered of published entries: M2 and M4 of the feeds guide, and what is held back, M5."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from arshjul.feeds.entries import Entry, entry
from arshjul.feeds.revisions import Revision, Vanishing, digest, is_still_shown, revise, vanishing, vanishing_digest
from arshjul.keys import lead_key, without_lead
from arshjul.plan.model import Occurrence
from arshjul.timing.days import Span, Status
from tests.core.feeds import BOARD, BUDGET_DEBATE, INPUT

NOW = datetime(2026, 11, 20, 9, 0, 0, 500, UTC)
AT = NOW.replace(microsecond=0)
LATER = AT + timedelta(days=3)
SPAN = Span(date(2026, 8, 1), date(2028, 11, 1))
TODAY = date(2026, 11, 20)


def entries_of(*occurrences: Occurrence) -> dict[str, Entry]:
    found = [entry(one) for one in occurrences]
    return {one.key: one for one in found if one}


def revised(
    shown: Mapping[str, Entry], remembered: Mapping[str, Revision], now: datetime = LATER
) -> dict[str, Revision]:
    """Return what is remembered afterwards."""
    digests = {key: digest(one) for key, one in shown.items()}
    return {**remembered, **{one.key: one for one in revise(digests, shown, remembered, now, SPAN)}}


FIRST = revised(entries_of(BOARD, INPUT), {}, NOW)
CANCELLED = replace(BOARD, status=Status.CANCELLED)


def test_m02_what_is_new_begins_at_zero_in_whole_seconds() -> None:
    key, days = "osloregionen/styremote/2026-12", Span.of(date(2026, 12, 4))
    assert FIRST[key] == Revision(key, digest(entries_of(BOARD)[key]), 0, AT, AT, days)
    assert len(FIRST) == 2


def test_m02_what_people_see_moves_sequence_and_time_and_nothing_else_does() -> None:
    moved = replace(BOARD, days=Span.of(date(2026, 12, 11)))
    hidden = replace(INPUT, recipients=(), parties=frozenset({"a/b"}), main=frozenset({"x@example.no"}))
    after = revised(entries_of(moved, hidden), FIRST)
    assert after[INPUT.key] == FIRST[INPUT.key]
    assert (after[BOARD.key].sequence, after[BOARD.key].modified_at, after[BOARD.key].first_seen) == (1, LATER, AT)
    assert revise({k: digest(e) for k, e in entries_of(moved, hidden).items()}, {}, after, LATER, SPAN) == []


def test_m02_older_text_that_comes_back_is_a_new_revision() -> None:
    edited = revised(entries_of(replace(BOARD, title="Annet"), INPUT), FIRST)
    restored = revised(entries_of(BOARD, INPUT), edited, LATER + timedelta(days=1))
    assert restored[BOARD.key].digest == FIRST[BOARD.key].digest
    assert restored[BOARD.key].sequence == 2
    assert restored[BOARD.key].modified_at == LATER + timedelta(days=1)


def test_m02_clock_that_was_set_back_still_moves_forward() -> None:
    edited = revised(entries_of(replace(BOARD, title="Annet"), INPUT), FIRST, NOW - timedelta(days=400))
    assert edited[BOARD.key].modified_at == AT + timedelta(seconds=1)


@given(st.lists(st.sampled_from(["A", "B", "C", ""]), max_size=8))
def test_m02_every_change_is_one_step_and_time_never_goes_back(titles: list[str]) -> None:
    known, seen, steps = dict(FIRST), BOARD.title, 0
    for number, title in enumerate(titles):
        shown = entries_of(replace(BOARD, title=title), INPUT) if title else entries_of(INPUT)
        before = known[BOARD.key]
        known = revised(shown, known, AT + timedelta(hours=number))
        steps += bool(title and title != seen)
        seen = title
        assert known[BOARD.key].sequence == steps
        assert known[BOARD.key].modified_at >= before.modified_at


def test_m02_digest_of_an_entry_is_the_same_in_every_version_of_the_program() -> None:
    days = Span.of(date(2026, 12, 4))
    shown = Entry("o/1/2026", "Årsmøte", days, AT, None, Status.TENTATIVE, True, "Når", "", "", "Osloregionen")
    # It lies in databases: with another value, an upgrade would look like an edit of every date.
    # A field that is empty is not in it, so that a version which knows more fields gives the same.
    known = '"category": "Osloregionen", "days": ["2026-12-04", "2026-12-05"], "heading": "Årsmøte", "key": "o/1/2026"'
    text = f'{{"busy": true, {known}, "start": "2026-11-20T09:00:00+00:00", "status": "tentative", "text": "Når"}}'
    assert digest(shown) == sha256(text.encode()).hexdigest()


def test_m04_what_is_deleted_leaves_and_comes_back_as_a_new_revision() -> None:
    gone = revised(entries_of(INPUT), FIRST)
    assert (gone[BOARD.key].digest, gone[BOARD.key].withdrawn_at) == ("", LATER)
    assert revised(entries_of(INPUT), gone, LATER + timedelta(days=1)) == gone
    back = revised(entries_of(BOARD, INPUT), gone, LATER + timedelta(days=2))
    assert (back[BOARD.key].sequence, back[BOARD.key].withdrawn_at) == (1, None)


def test_m04_feeds_that_move_on_take_nothing_away() -> None:
    later = Span(date(2027, 1, 1), date(2029, 1, 1))
    assert revise({}, {}, FIRST, LATER, later) == []


def test_m04_what_is_called_off_stays_for_fourteen_days_however_it_is_edited() -> None:
    off = revised(entries_of(CANCELLED, INPUT), FIRST)
    assert (off[BOARD.key].sequence, off[BOARD.key].withdrawn_at) == (1, LATER)
    edited = replace(CANCELLED, note="Ny dato kommer.")
    known = revised(entries_of(edited, INPUT), off, LATER + timedelta(days=5))
    assert (known[BOARD.key].sequence, known[BOARD.key].withdrawn_at) == (2, LATER)
    shown = entries_of(edited)[BOARD.key]
    days = [LATER.date() + timedelta(days=number) for number in (0, 13, 14, 400)]
    assert [is_still_shown(shown, known[BOARD.key], day, 14) for day in days] == [True, True, False, False]
    on_again = revised(entries_of(BOARD, INPUT), known, LATER + timedelta(days=6))
    assert on_again[BOARD.key].withdrawn_at is None


def many(count: int, calendar: str = "osloregionen") -> dict[str, Entry]:
    days = [Span.of(date(2026, 12, 1) + timedelta(days=number)) for number in range(count)]
    ones = [replace(BUDGET_DEBATE, calendar=calendar, id=f"e{n:03}", days=day) for n, day in enumerate(days)]
    return entries_of(*ones)


def left(entries: dict[str, Entry], gone: int) -> list[str]:
    return list(entries)[gone:]


def test_m05_more_than_the_share_of_what_lies_ahead_is_held_back() -> None:
    shown = many(20)
    known = revised(shown, {}, NOW)
    assert vanishing(left(shown, 6), known, TODAY, SPAN, 0.3) == []
    (one,) = vanishing(left(shown, 7), known, TODAY, SPAN, 0.3)
    assert one == Vanishing("osloregionen", tuple(list(shown)[:7]), 20)


def test_m05_small_numbers_are_let_go_but_not_all_that_there_is() -> None:
    shown = many(6)
    known = revised(shown, {}, NOW)
    assert vanishing(left(shown, 4), known, TODAY, SPAN, 0.3) == []
    assert len(vanishing(left(shown, 5), known, TODAY, SPAN, 0.3)) == 1
    three, two = many(3), many(2)
    assert len(vanishing([], revised(three, {}, NOW), TODAY, SPAN, 0.3)) == 1
    assert vanishing([], revised(two, {}, NOW), TODAY, SPAN, 0.3) == []


def test_m05_each_calendar_is_judged_by_itself() -> None:
    shown = many(10) | many(200, "politisk-aar")
    known = revised(shown, {}, NOW)
    assert [one.calendar for one in vanishing(many(200, "politisk-aar"), known, TODAY, SPAN, 0.3)] == ["osloregionen"]


def test_m05_the_past_what_is_called_off_and_lead_times_do_not_count() -> None:
    past = {key: replace(one, days=Span.of(date(2026, 10, 1))) for key, one in many(20).items()}
    assert vanishing([], revised(past, {}, NOW), TODAY, SPAN, 0.3) == []
    shown = many(20)
    early = {lead_key(key, 20, "v"): replace(one, key=lead_key(key, 20, "v")) for key, one in shown.items()}
    assert vanishing(shown, revised(shown | early, {}, NOW), TODAY, SPAN, 0.3) == []
    off = {key: replace(one, status=Status.CANCELLED) for key, one in shown.items()}
    assert vanishing(off, revised(shown, {}, NOW), TODAY, SPAN, 0.3) == []


def test_m05_leave_is_for_exactly_what_was_asked() -> None:
    one, other = Vanishing("a", ("a/1/2026", "a/2/2026"), 2), Vanishing("a", ("a/1/2026", "a/3/2026"), 2)
    assert vanishing_digest([one]) == vanishing_digest([replace(one)])
    assert vanishing_digest([one]) != vanishing_digest([other])


def test_lead_times_are_left_in_peace_by_who_does_not_ask_for_them() -> None:
    shown = many(2)
    early = {lead_key(key, 20, "v"): replace(one, key=lead_key(key, 20, "v")) for key, one in shown.items()}
    known = revised(shown | early, {}, NOW)
    digests = {key: digest(one) for key, one in shown.items()}
    assert revise(digests, shown, known, LATER, SPAN) == []
    assert {one.key for one in revise(digests, shown, known, LATER, SPAN, leads=True)} == set(early)
    assert [without_lead(key) for key in early] == list(shown)
    assert without_lead("o/e/2027-Q3") == "o/e/2027-Q3"
