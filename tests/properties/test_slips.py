"""A slip that is saved, seen by the service and put right within minutes leaves everything as it was."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, seed, settings
from hypothesis import strategies as st

from tests.examples import EXAMPLES
from tests.properties.almanac import DAY, SEED, is_workday
from tests.properties.calendars import FIRST, LISTED, Edit, Insert, Move, Plan, edited, edits, plans
from tests.properties.feeds import Seen, entries
from tests.properties.publishing import published

items, numbers = st.sampled_from(LISTED), st.integers(0, 11)
any_days = st.dates(date(2025, 11, 1), date(2028, 3, 31)).filter(is_workday)


@st.composite
def slips(draw: st.DrawFn) -> tuple[date, tuple[Edit, ...]]:
    """Draw a day, and what is saved on it by mistake: often a meeting that is put so near that its papers are late."""
    today = FIRST + draw(st.sampled_from([0, 3, 12, 40])) * DAY
    near = st.integers(-20, 20).map(lambda days: today + days * DAY)
    board = st.builds(Move, st.just("styremote"), numbers, near)
    other = st.one_of(st.builds(Move, items, numbers, any_days), st.builds(Insert, items, any_days, numbers), edits)
    return today, tuple(draw(st.lists(st.one_of(board, other), min_size=1, max_size=2)))


@seed(SEED)
@settings(max_examples=EXAMPLES // 4, deadline=None, database=None)
@given(plan=plans(), what=slips())
def test_slip_that_is_put_right_leaves_the_feed_as_it_was(plan: Plan, what: tuple[date, tuple[Edit, ...]]) -> None:
    today, slip = what
    wrong, now = edited(plan, slip, date.min), datetime.combine(today, time(10), UTC)
    states = [(plan, datetime.combine(FIRST, time(9), UTC)), (plan, now)]
    states += [(wrong, now + timedelta(minutes=1)), (plan, now + timedelta(minutes=3))]
    _, before, meanwhile, after = published(states)

    assert shown(after) == shown(before), f"{today}: {slip}\n{plan}"
    assert set(shown(after)) <= set(shown(meanwhile)) | set(shown(before))


def shown(body: bytes) -> dict[str, tuple[date, date | None, str, str, str]]:
    seen: list[Seen] = entries(body)
    return {one.uid: one.what for one in seen}
