"""How long feeds take to build: all events anew with icalendar, beside the same after one edit, with what was kept.

`python -m benchmarks.build [--events 10000] [--rounds 5]`. The feeds hold a thousand events each, which is the most
that every client takes. The two must be the same, byte for byte, and one event must have been encoded.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

from arshjul.feeds.entries import Entry, entry
from arshjul.feeds.ics import MOST_EVENTS, Head, Joined, Kept, encoded, joined
from arshjul.feeds.revisions import Revision, digest
from arshjul.plan.model import Kind, Occurrence
from arshjul.timing.days import Span, Status

TODAY = date(2026, 11, 20)
STAMP = datetime(2026, 11, 20, 10, tzinfo=UTC)
DOMAIN = "arshjul.example.no"
GOAL = 500
"""Times."""

Pairs = list[tuple[Entry, Revision]]
Built = tuple[Kept, list[Joined]]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    pairs = [_pair(number) for number in range(asked.events)]
    anew, (kept, feeds) = _timed(lambda: _build(pairs, Kept(), []))
    edits = []
    for number in range(asked.rounds):
        place = (number * 7919) % asked.events
        pairs[place] = _edited(*pairs[place])
        before = kept, feeds
        took, (kept, feeds) = _timed(partial(_build, pairs, *before))
        assert kept.fresh == 1, kept.fresh
        edits.append(took)
    again, (_, whole) = _timed(lambda: _build(pairs, Kept(), []))
    assert [one.feed for one in whole] == [one.feed for one in feeds], "not the same bytes"
    one_edit, ratio = statistics.median(edits), min(anew, again) / statistics.median(edits)
    print(f"{asked.events:,} events in {len(feeds)} feeds, {sum(len(one.feed.body) for one in feeds):,} bytes")
    print(f"all anew with icalendar   {min(anew, again) * 1000:>10,.1f} ms")
    print(f"after one edit            {one_edit * 1000:>10,.1f} ms   {ratio:,.0f} times, goal {GOAL}, byte-identical")


def _build(pairs: Pairs, kept: Kept, before: Sequence[Joined]) -> Built:
    kept = encoded(pairs, uid_domain=DOMAIN, kept=kept)
    parts = [kept.events[first : first + MOST_EVENTS] for first in range(0, len(kept.events), MOST_EVENTS)]
    heads = [Head(f"Kalender {number}", "") for number in range(len(parts))]
    old: list[Joined | None] = [*before] or [None] * len(parts)
    return kept, [joined(head, part, TODAY, one) for head, part, one in zip(heads, parts, old, strict=True)]


def _pair(number: int) -> tuple[Entry, Revision]:
    first = TODAY + timedelta(days=number % 700)
    shown = entry(
        Occurrence(
            "prove", f"mote-{number}", "2027", f"Møte {number} i utvalget for areal og miljø", Kind.DAY, Span.of(first),
            status=Status.CONFIRMED, responsible=("Sekretariatet", "Delregionene"), location="Rådhuset, Oslo",
            note="Sakspapirene ligger ute fem virkedager før møtet. Forfall meldes til sekretariatet.",
        )
    )  # fmt: skip
    assert shown
    return shown, Revision(shown.key, digest(shown), 0, STAMP, STAMP, shown.days)


def _edited(shown: Entry, old: Revision) -> tuple[Entry, Revision]:
    new = replace(shown, heading=shown.heading + " (endret)")
    return new, replace(old, digest=digest(new), sequence=old.sequence + 1, modified_at=STAMP + timedelta(hours=1))


def _timed(build: Callable[[], Built]) -> tuple[float, Built]:
    started = time.perf_counter()
    made = build()
    return time.perf_counter() - started, made


if __name__ == "__main__":
    main()
