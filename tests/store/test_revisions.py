"""What is remembered of what was published: written whole or not at all, and by one service at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from arshjul.feeds.revisions import Revision
from arshjul.store import facts
from arshjul.store.engine import Store
from arshjul.store.published import all_revisions, feed_changes, note_feed_changes, write_revisions
from arshjul.timing.days import Span
from tests.sample_letters import NOW

ONE = Revision("o/1/2026", "a" * 64, 0, NOW, NOW, Span(date(2026, 12, 4), date(2026, 12, 5)))
OTHER = replace(ONE, key="o/2/2026", sequence=3, withdrawn_at=NOW + timedelta(days=1))


def test_revisions_read_back_as_they_were_written(any_store: Store) -> None:
    assert write_revisions(any_store, [ONE, OTHER], {})
    newer = replace(ONE, digest="", sequence=1)
    assert write_revisions(any_store, [newer], {ONE.key: ONE})
    assert all_revisions(any_store) == {ONE.key: newer, OTHER.key: OTHER}


def test_nothing_is_written_over_what_another_service_has_written(any_store: Store) -> None:
    many = [replace(ONE, key=f"o/{number}/2027") for number in range(1200)]
    assert write_revisions(any_store, [OTHER], {})
    assert not write_revisions(any_store, [*many, replace(OTHER, sequence=9)], {})
    assert all_revisions(any_store) == {OTHER.key: OTHER}
    assert write_revisions(any_store, many, {OTHER.key: OTHER})
    assert len(all_revisions(any_store)) == 1201


def test_feed_is_as_old_as_the_first_service_says_that_has_its_bytes(any_store: Store) -> None:
    later = NOW + timedelta(hours=1)
    assert note_feed_changes(any_store, {"a": ('"1"', NOW), "b": ('"1"', NOW)}) == feed_changes(any_store)
    assert note_feed_changes(any_store, {"a": ('"1"', later), "b": ('"2"', later)}) == {
        "a": ('"1"', NOW),
        "b": ('"2"', later),
    }
    assert feed_changes(any_store) == {"a": ('"1"', NOW), "b": ('"2"', later)}


def test_leave_is_remembered_until_it_is_used_up(any_store: Store) -> None:
    assert facts.released(any_store) is None
    facts.release(any_store, "abc")
    facts.release(any_store, "def")
    assert facts.released(any_store) == "def"
    facts.use_up(any_store)
    facts.use_up(any_store)
    assert facts.released(any_store) is None
