"""Feeds as joined bytes: what is encoded again, what is left out, M11 and M15 of the feeds guide."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from arshjul.feeds.entries import Entry, lead_entries
from arshjul.feeds.ics import (
    BEFORE_ALL,
    MOST_BYTES,
    MOST_EVENTS,
    EncodedEvent,
    Feed,
    Head,
    Kept,
    encoded,
    joined,
    trimmed,
)
from arshjul.feeds.revisions import Revision, digest
from arshjul.timing.days import Offset, Span, Unit
from tests.core.feeds import BOARD, BUDGET_DEBATE, INPUT, STAMP, feed, read, values
from tests.core.test_revisions import CANCELLED, entries_of, many

TODAY = date(2026, 11, 20)
HEAD = Head("Osloregionen IPR", "Møter og frister")


def versions(entries: dict[str, Entry], sequence: int = 0, at: datetime = STAMP) -> list[tuple[Entry, Revision]]:
    return [(one, Revision(key, digest(one), sequence, at, at, one.days)) for key, one in entries.items()]


def encode(pairs: list[tuple[Entry, Revision]], kept: Kept | None = None, *, alarm: bool = False) -> Kept:
    return encoded(pairs, uid_domain="example.no", kept=kept or Kept(), alarm=alarm)


def test_only_what_changed_is_encoded_again_and_the_bytes_are_those_of_a_feed_made_anew() -> None:
    first = encode(versions(many(500)))
    again = encode(versions(many(500)), first)
    key, one = next(iter(many(500).items()))
    edited = many(500) | {key: replace(one, text="Annet")}
    pairs = [*versions({key: edited[key]}, 1), *versions({k: e for k, e in many(500).items() if k != key})]
    third = encode(pairs, again)
    assert (first.fresh, again.fresh, third.fresh) == (500, 0, 1)
    assert third.events == encode(pairs).events
    assert [event.body for event in again.events] == [event.body for event in first.events]


def test_nothing_is_kept_of_what_has_left() -> None:
    first = encode(versions(many(50)))
    second = encode(versions(many(3)), first)
    assert (len(second.events), encode(versions(many(50)), second).fresh) == (3, 47)


def test_joined_feed_is_the_feed_that_is_made_in_one_piece() -> None:
    whole = feed(
        [BOARD, INPUT, BUDGET_DEBATE],
        name="Osloregionen IPR",
        uid_domain="example.no",
        stamp=STAMP,
        description="Møter og frister",
    )
    stamp = STAMP.replace(microsecond=0)
    one = joined(HEAD, encode(versions(entries_of(BOARD, INPUT, BUDGET_DEBATE), at=stamp)).events, TODAY)
    assert one.feed == whole


def test_feed_that_has_not_changed_is_not_joined_again() -> None:
    kept = encode(versions(many(20)))
    first = joined(HEAD, kept.events, TODAY)
    assert joined(HEAD, encode(versions(many(20)), kept).events, TODAY, first) is first
    assert joined(replace(HEAD, name="Annet"), kept.events, TODAY, first) is not first


def test_m14_last_modified_is_that_of_the_youngest_event() -> None:
    pairs = [*versions(entries_of(BOARD), 3, STAMP + timedelta(days=2)), *versions(entries_of(INPUT))]
    body = joined(HEAD, encode(pairs).events, TODAY).feed
    assert body.last_modified == STAMP + timedelta(days=2)
    head, *_ = body.body.decode().partition("BEGIN:VEVENT")
    assert "LAST-MODIFIED:20261104T073015Z" in head
    assert values(body, "LAST-MODIFIED") == values(body, "DTSTAMP") == [":20261104T073015Z", ":20261102T073015Z"]
    assert values(body, "SEQUENCE") == [":3", ":0"]


def test_m05_empty_feed_is_whole_and_the_same_everywhere() -> None:
    empty = joined(HEAD, [], TODAY).feed
    assert empty.last_modified == BEFORE_ALL
    assert read(empty).events == []


def test_m15_at_most_a_thousand_events_and_the_past_goes_first() -> None:
    start = TODAY - timedelta(days=30)
    events = [EncodedEvent(f"o/{n:04}/1", Span.of(start + timedelta(days=n)), STAMP, b"x" * 100) for n in range(1100)]
    kept = trimmed(events, TODAY)
    assert len(kept) == MOST_EVENTS
    assert kept == tuple(events[30:1030])
    assert trimmed(events[:20], TODAY) == tuple(events[:20])


def test_m15_at_most_900_kilobytes_and_what_is_left_out_is_counted() -> None:
    entries = {key: replace(one, text="å" * 1200) for key, one in many(600).items()}
    one = joined(HEAD, encode(versions(entries)).events, date(2026, 12, 11))
    assert len(one.feed.body) <= MOST_BYTES
    assert one.left_out == 600 - len(one.events) > 10
    assert one.events[0].days.first == date(2026, 12, 11)
    assert len(read(one.feed).events) == len(one.events)


def alarms(found: Feed) -> list[str]:
    lines = found.body.decode().replace("\r\n ", "").split("\r\n")
    inside = [number for number, line in enumerate(lines) if line == "BEGIN:VALARM"]
    return [line for number in inside for line in lines[number + 1 : lines.index("END:VALARM", number)]]


def test_m11_alarms_are_only_where_they_were_asked_for() -> None:
    pairs = versions(entries_of(BOARD))
    assert alarms(joined(HEAD, encode(pairs).events, TODAY).feed) == []
    rung = joined(HEAD, encode(pairs, alarm=True).events, TODAY).feed
    assert sorted(alarms(rung)) == ["ACTION:DISPLAY", "DESCRIPTION:Styremøte", "TRIGGER:-PT1H"]
    (event,) = read(rung).events
    assert [one.trigger for one in event.alarm] == [timedelta(hours=-1)]


def test_m11_what_has_no_time_of_day_rings_at_nine_the_day_before_and_what_is_called_off_never() -> None:
    rung = joined(HEAD, encode(versions(entries_of(INPUT)), alarm=True).events, TODAY).feed
    assert "TRIGGER:-PT15H" in alarms(rung)
    assert alarms(joined(HEAD, encode(versions(entries_of(CANCELLED)), alarm=True).events, TODAY).feed) == []


@pytest.mark.parametrize(
    ("lead", "key", "day"),
    [
        (Offset(20), "osloregionen/1.2/2026-12-lead20v", date(2026, 11, 17)),
        (Offset(3, Unit.WEEKS), "osloregionen/1.2/2026-12-lead3u", date(2026, 11, 24)),
    ],
)
def test_m11_lead_time_is_an_all_day_entry_with_a_key_of_its_own(lead: Offset, key: str, day: date) -> None:
    (shown,) = entries_of(INPUT).values()
    (early,) = lead_entries(INPUT, shown, [lead])
    assert (early.key, early.days, early.start, early.busy) == (key, Span.of(day), None, False)
    assert early.heading == f"Om {lead}: Status for det interessepolitiske arbeidet"
    assert early.text.startswith(f"Om {lead}: tirsdag 15. desember 2026\nStatus for")


def test_m11_what_is_called_off_or_has_no_deadline_has_no_lead_times() -> None:
    off = replace(INPUT, status=CANCELLED.status)
    (shown,) = entries_of(off).values()
    assert list(lead_entries(off, shown, [Offset(5)])) == []
    (meeting,) = entries_of(BOARD).values()
    assert list(lead_entries(BOARD, meeting, [Offset(5)])) == []
