"""What the properties have found, each in its smallest form."""

from __future__ import annotations

from datetime import date

import pytest

from arshjul.keys import NO_HISTORY
from tests.core.in_force import days_by_key, event, in_force

TODAY = date(2026, 12, 7)


def followed(day: str) -> str:
    board = f'[[event]]\nid = "styremote"\ntitle = "Styremøte"\nwhen = ["{day}"]\n'
    return board + event('"9 dager før styremote"')


SLIPS = {
    "follower": (followed("2026-12-30"), followed("2026-12-10"), {"2026-12": "2026-12-21"}),
    "announced": (
        event('["2026-12-30"]'),
        event('["2026-12-30"]', 'announced.2026-12 = "2026-12-03"'),
        {"2026-12": "2026-12-30"},
    ),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_slip_into_the_past_that_is_put_right_has_never_been(slip: str) -> None:
    right, wrong, expected = SLIPS[slip]
    history = NO_HISTORY
    for text in (right, wrong, right):
        catalogue = in_force(text, history, TODAY)
        history = catalogue.history

    assert days_by_key(catalogue) == expected


def test_date_that_is_moved_the_day_after_another_was_taken_out_is_moved() -> None:
    yesterday, history = date(2026, 12, 2), NO_HISTORY
    for text in ('["2027-01-14", "2027-04-12"]', '["2027-01-14"]'):
        history = in_force(event(text), history, yesterday).history
    catalogue = in_force(event('["2026-12-31"]'), history, date(2026, 12, 3))

    assert days_by_key(catalogue) == {"2027-01": "2026-12-31"}
