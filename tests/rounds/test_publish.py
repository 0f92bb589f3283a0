"""Feeds as they are published again and again from files and a real database: M2, M4, M5, M15 of the feeds guide."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from arshjul.feeds.ics import Feed
from arshjul.feeds.revisions import vanishing_digest
from arshjul.feeds.subscriptions import FeedSpec, Scope, parse_spec
from arshjul.loading import load, load_kept
from arshjul.organisation import Organisation
from arshjul.rounds.publish import Published, Publisher, year_of
from arshjul.service.publishing import HeldBackError, good_year, held_back, keep_published
from arshjul.store.engine import Store
from arshjul.store.facts import release
from arshjul.store.published import all_revisions, feed_changes
from arshjul.timing.days import local_day
from tests.core.feeds import values
from tests.small_site import DATES, edit, months, write_site

NOW = datetime(2026, 11, 20, 9, 0, 0, 123456, UTC)
AT = NOW.replace(microsecond=0)
REGION = FeedSpec(Scope.CALENDAR, "region")
BOARD = parse_spec("party:region/styret;leads;alarms")
KEY = "region/mote/2027-03"


@pytest.fixture
def calendar(tmp_path: Path) -> Path:
    return write_site(tmp_path / "site")


def files(calendar: Path) -> Organisation:
    organisation = load(calendar.parents[1], local_day(NOW))
    assert organisation.problems == ()
    return organisation


def published(store: Store | None, calendar: Path, now: datetime = NOW, *specs: FeedSpec) -> Published:
    """Publish as a service does that has just been started."""
    return Publisher(store).publish(year_of(files(calendar), local_day(now)), specs or (REGION,), now)


def feed(store: Store | None, calendar: Path, now: datetime = NOW, spec: FeedSpec = REGION) -> Feed:
    return published(store, calendar, now, spec).feeds[str(spec)].feed


def of(feed: Feed, name: str, key: str = KEY) -> str:
    """Return a property's value in the event with the key."""
    uids = values(feed, "UID")
    return values(feed, name)[uids.index(f":{key.replace(chr(47), chr(126))}@kalender.example.no")]


def test_m02_restart_changes_no_byte_and_writes_nothing(any_store: Store, calendar: Path) -> None:
    first = published(any_store, calendar, NOW, REGION, BOARD)
    remembered = all_revisions(any_store), feed_changes(any_store)
    again = published(any_store, calendar, NOW + timedelta(hours=9), REGION, BOARD)
    assert again.feeds == first.feeds
    assert (again.revised, all_revisions(any_store), feed_changes(any_store)) == ((), *remembered)


def test_m02_edit_moves_one_event_and_the_calendars_own_time(any_store: Store, calendar: Path) -> None:
    publisher, later = Publisher(any_store), NOW + timedelta(hours=2)
    before = publisher.publish(year_of(files(calendar), local_day(NOW)), [REGION], NOW)
    edit(calendar, '"2027-03-12"', '"2027-03-19"')
    after = publisher.publish(year_of(files(calendar), local_day(later)), [REGION], later)
    one = after.feeds[str(REGION)].feed
    assert (before.fresh, after.fresh, after.revised) == (14, 1, (KEY,))
    assert (of(one, "DTSTART"), of(one, "SEQUENCE")) == (";VALUE=DATE:20270319", ":1")
    assert of(one, "LAST-MODIFIED") == of(one, "DTSTAMP") == ":20261120T110000Z"
    assert of(one, "SEQUENCE", "region/mote/2027-04") == ":0"
    assert one.body.decode().partition("BEGIN:VEVENT")[0].count("LAST-MODIFIED:20261120T110000Z") == 1
    assert one.last_modified == AT + timedelta(hours=2)
    assert feed(any_store, calendar, later + timedelta(days=1)) == one


def test_m02_edit_of_what_is_not_shown_changes_no_byte(store: Store, calendar: Path) -> None:
    before = feed(store, calendar)
    edit(calendar, 'members = ["Ola <ola@example.no>"]', 'members = ["Ola <ola@example.no>", "Per <per@example.no>"]')
    edit(calendar, "[calendar]", "# en merknad\n[calendar]")
    assert feed(store, calendar, NOW + timedelta(days=1)) == before


def test_m02_restored_older_text_is_a_new_revision(store: Store, calendar: Path) -> None:
    before = feed(store, calendar)
    edit(calendar, '"2027-03-12"', '"2027-03-19"')
    feed(store, calendar, NOW + timedelta(hours=1))
    edit(calendar, '"2027-03-19"', '"2027-03-12"')
    restored = feed(store, calendar, NOW + timedelta(hours=2))
    assert of(restored, "SEQUENCE") == ":2"
    assert of(restored, "DTSTART") == of(before, "DTSTART")
    assert restored.etag != before.etag


def test_m02_two_services_on_one_database_agree(any_store: Store, calendar: Path) -> None:
    one, other = Publisher(any_store), Publisher(any_store)
    year = year_of(files(calendar), local_day(NOW))
    first = one.publish(year, [REGION], NOW)
    assert other.publish(year, [REGION], NOW + timedelta(minutes=5)).feeds == first.feeds
    edit(calendar, '"2027-03-12"', '"2027-03-19"')
    moved = year_of(files(calendar), local_day(NOW))
    second = one.publish(moved, [REGION], NOW + timedelta(minutes=6))
    assert other.publish(moved, [REGION], NOW + timedelta(minutes=7)).feeds == second.feeds
    assert all_revisions(any_store)[KEY].sequence == 1


def test_m02_without_a_database_all_is_as_old_as_the_youngest_file(calendar: Path) -> None:
    organisation = files(calendar)
    one = feed(None, calendar)
    assert set(values(one, "DTSTAMP")) == {f":{organisation.changed:%Y%m%dT%H%M%SZ}"}
    assert feed(None, calendar, NOW + timedelta(days=3)) == one


def test_m04_called_off_is_shown_for_fourteen_days_and_then_leaves(store: Store, calendar: Path) -> None:
    feed(store, calendar)
    edit(calendar, DATES, f'{DATES}\ncancelled = ["2027-03"]')
    off = feed(store, calendar, NOW + timedelta(days=1))
    assert of(off, "SUMMARY") == ":Avlyst: Styremøte"
    assert [of(off, name) for name in ("STATUS", "TRANSP", "SEQUENCE")] == [":CANCELLED", ":TRANSPARENT", ":1"]
    assert feed(store, calendar, NOW + timedelta(days=14)) == off
    gone = feed(store, calendar, NOW + timedelta(days=15))
    assert KEY not in gone.body.decode()
    assert gone.last_modified == AT + timedelta(days=15)


def test_m04_what_is_deleted_leaves_at_once_and_the_feed_is_younger(store: Store, calendar: Path) -> None:
    before = feed(store, calendar)
    edit(calendar, '"2027-03-12", ', "")
    after = feed(store, calendar, NOW + timedelta(hours=1))
    assert len(values(after, "UID")) == len(values(before, "UID")) - 1
    # A client that only sends If-Modified-Since would otherwise never hear that something has left.
    assert after.last_modified > before.last_modified
    assert feed(store, calendar, NOW + timedelta(hours=5)) == after


def test_m05_what_would_empty_a_calendar_is_held_back_until_leave_is_given(store: Store, calendar: Path) -> None:
    first, publisher = files(calendar), Publisher(store)
    publisher.publish(year_of(first, local_day(NOW)), [REGION], NOW)
    keep_published(first, store)
    edit(calendar, DATES, months(1, 2, 3))
    thinned = files(calendar)

    held = good_year(thinned, store, publisher.revisions, local_day(NOW))
    assert held.year.entries == year_of(first, local_day(NOW)).entries
    assert publisher.publish(held.year, [REGION], NOW + timedelta(hours=1)).revised == ()
    (problem,) = held.problems
    assert "9 av 14 kommende datoer i «Regionen» ville forsvunnet" in problem.message
    assert "arshjul accept" in problem.hint

    release(store, vanishing_digest(held.held))
    free = good_year(thinned, store, publisher.revisions, local_day(NOW))
    assert (free.held, free.year.organisation) == ((), thinned)
    done = publisher.publish(free.year, [REGION], NOW + timedelta(hours=2))
    assert len(values(done.feeds[str(REGION)].feed, "UID")) == 5
    assert held_back(free.year, publisher.revisions, None) == ()


def test_m05_leave_is_used_up_when_the_files_are_published(store: Store, calendar: Path) -> None:
    first, publisher = files(calendar), Publisher(store)
    year = year_of(first, local_day(NOW))
    publisher.publish(year, [REGION], NOW)
    edit(calendar, DATES, months(1, 2, 3))
    thinned = year_of(files(calendar), local_day(NOW))
    release(store, vanishing_digest(held_back(thinned, publisher.revisions, None)))
    keep_published(first, store)
    assert (calendar.parents[1] / "var" / "last-good").exists() is False  # the files are no longer those
    assert load_kept(calendar.parents[1], local_day(NOW)) is None
    with pytest.raises(HeldBackError, match="arshjul accept"):
        good_year(thinned.organisation, store, publisher.revisions, local_day(NOW))


def test_m05_with_nothing_to_go_back_to_nothing_is_published(store: Store, calendar: Path) -> None:
    publisher = Publisher(store)
    publisher.publish(year_of(files(calendar), local_day(NOW)), [REGION], NOW)
    edit(calendar, DATES, months(1))
    with pytest.raises(HeldBackError, match="arshjul accept"):
        good_year(files(calendar), store, publisher.revisions, local_day(NOW))


def test_m15_feed_that_is_too_big_is_cut_and_says_so(store: Store, calendar: Path) -> None:
    year = year_of(files(calendar), local_day(NOW))
    (march,) = (one for one in year.occurrences if one.key == KEY)
    crowd = [replace(march, id=f"mote-{number:04}") for number in range(1200)]
    shown = {one.key: replace(year.entries[KEY], key=one.key) for one in crowd}
    found = Publisher(store).publish(replace(year, occurrences=tuple(crowd), entries=shown), [REGION], NOW)
    one = found.feeds[str(REGION)]
    assert (len(values(one.feed, "UID")), one.left_out) == (1000, 200)


def test_options_are_part_of_the_feed(store: Store, calendar: Path) -> None:
    plain = feed(store, calendar, NOW, parse_spec("party:region/styret"))
    rich = feed(store, calendar, NOW, BOARD)
    assert "VALARM" not in plain.body.decode()
    assert "lead" not in plain.body.decode()
    assert rich.body.count(b"BEGIN:VALARM") == len(values(rich, "UID"))
    assert of(rich, "SUMMARY", "region/hoering/2027-lead20v") == ":Om 20 virkedager: Høringssvar"
    assert len(values(feed(store, calendar, NOW, parse_spec("party:region/styret;deadlines")), "UID")) == 2


def test_feed_of_what_is_no_more_is_no_feed(store: Store, calendar: Path) -> None:
    assert published(store, calendar, NOW, parse_spec("region/borte")).feeds == {}


def test_recipients_feed_does_not_hold_the_address(store: Store, calendar: Path) -> None:
    one = feed(store, calendar, NOW, parse_spec("recipient:ola@example.no"))
    assert len(values(one, "UID")) == 14
    assert "ola@" not in one.body.decode()
