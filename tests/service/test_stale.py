"""A service that starts plans before it sends: what waited and is no longer so never goes."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from arshjul.mail.verdicts import State
from arshjul.store import queue
from arshjul.store.engine import open_store
from arshjul.store.upkeep import upgrade
from tests.clock import going
from tests.sample_letters import KARI, queued, reminder
from tests.serving import serving, until
from tests.small_site import write_site

pytestmark = pytest.mark.faults


def test_letter_of_a_date_that_was_corrected_while_nothing_ran_is_taken_back_at_start(tmp_path: Path) -> None:
    write_site(tmp_path)
    store = open_store(f"sqlite:///{tmp_path}/var/arshjul.db", tmp_path / "var")
    upgrade(store)
    now = going()
    queue.baseline(store, (), now - timedelta(days=9))
    wrong = reminder(1, to=KARI, calendar="region", id="hoering", period="2027", deadline=date(2027, 6, 2))
    ours = queued(1, reminders=(wrong,), send_at=now - timedelta(hours=1), expires_at=now + timedelta(days=9))
    queue.queue(store, [ours], now)

    with serving(tmp_path):
        until(lambda: queue.counts(store).get(State.QUEUED, 0) == 0, "the letter waits no more")
    found = queue.letters_by_state(store)
    attempts = [attempt.outcome for attempt in queue.attempts_of(store, ours.id)]
    store.close()
    assert [one.state for one in found] == [State.CANCELLED]
    assert attempts == ["withdrawn"]
    assert not list((tmp_path / "var").glob("mail/new/*"))
