"""A story is published step by step with a real database, and held against what its days say. Faults, by property."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path

from arshjul.lint.answers import lint_feed
from arshjul.lint.rows import Level
from arshjul.plan.problems import Problem
from arshjul.rounds.remember import recall
from arshjul.service.publishing import Publishing
from arshjul.store.engine import Store
from arshjul.timing.days import Span
from arshjul.year.expand import expand
from tests.properties.almanac import DAY
from tests.properties.calendars import FIRST, Follower, Listed, Plan, Story, edited
from tests.properties.feeds import Seen, entries
from tests.properties.publishing import feed, organisation, site

CANCELLED_DAYS = 14
NEAR = 92
TODAY_STAYS = DAY
"""A line that is cut today and pasted tomorrow is one that was moved."""

Thing = tuple[str, date]
"""An item, and the day that its rule gave when the thing was first seen (a follower's is its anchor's)."""


@dataclass(frozen=True)
class Kept:
    """What a subscriber should see of a thing: its day, and whether it is off."""

    day: date
    is_off: bool


@dataclass
class Judge:
    """The model: which thing has which UID, what has begun and stays, and what is wrong so far."""

    faults: list[tuple[str, str]] = field(default_factory=list)
    owners: dict[str, Thing] = field(default_factory=dict)
    names: dict[Thing, str] = field(default_factory=dict)
    identities: dict[Thing, Thing] = field(default_factory=dict)
    past: dict[Thing, Kept] = field(default_factory=dict)
    before: dict[Thing, Kept] = field(default_factory=dict)
    gone: dict[Thing, date] = field(default_factory=dict)
    off_since: dict[Thing, date] = field(default_factory=dict)
    seen: dict[str, Seen] = field(default_factory=dict)

    def note(self, what: str, text: str) -> None:
        self.faults.append((what, text))


def faults_of(story: Story) -> list[tuple[str, str]]:
    """Return (property, what is wrong) of a story; it ends at the first step that has a fault."""
    with site() as (folder, store):
        return list(_Telling(story, store, folder).faults())


@dataclass
class _Telling:
    story: Story
    store: Store
    folder: Path
    judge: Judge = field(default_factory=Judge)
    publishing: Publishing | None = None
    plan: Plan = field(init=False)

    def faults(self) -> Iterator[tuple[str, str]]:
        today, self.plan = FIRST, self.story.plan
        self._step(today, self.plan, "først")
        for number, step in enumerate(self.story.steps):
            if self.judge.faults:
                break
            today += step.days * DAY
            self._step(today, edited(self.plan, step.edits, today), f"steg {number + 1}, {today}, {step.edits}")
        if self.publishing and not self.judge.faults:
            self._start_anew(today)
        yield from self.judge.faults

    def _start_anew(self, today: date) -> None:
        """A program that is started anew on the same files and the same database changes no byte; lint is clean."""
        assert self.publishing
        now = datetime.combine(today, time(13), UTC)
        body = feed(self.publishing, now)
        for finding in lint_feed(body):
            if finding.level is Level.MUST:
                self.judge.note("lint", f"{finding}")
        if feed(Publishing(self.publishing.good, self.store, now), now) != body:
            self.judge.note("revisions", "et nytt program viser noe annet")

    def _step(self, today: date, plan: Plan, label: str) -> None:
        now = datetime.combine(today, time(9 + bool(self.publishing)), UTC)
        now = now.replace(minute=len(self.judge.owners) % 60)
        files = organisation(plan, self.folder)
        if self.publishing is None:
            self.publishing = Publishing(files, self.store, now)
        else:
            self.publishing.take_in(files, now)
        if self.publishing.problems:
            self.judge.note("taken-in", f"{label}: {_lines(self.publishing.problems)}")
            return
        body = feed(self.publishing, now)
        self._judge(today, plan, body, label)

    def _judge(self, today: date, plan: Plan, body: bytes, label: str) -> None:
        judge = self.judge
        found = entries(body)
        seen = {one.uid: one for one in found}
        if len(seen) != len(found):
            judge.note("unique", f"{label}: to like UID-er")
        _judge_revisions(judge, seen, label)
        _judge_things(judge, plan, today, seen, label)
        self._judge_agenda(today, seen, label)
        judge.seen |= seen
        self.plan = plan

    def _judge_agenda(self, today: date, seen: dict[str, Seen], label: str) -> None:
        """Hold the agenda, which a command makes by itself, against the feed; what is off leaves only the feed."""
        assert self.publishing
        now = datetime.combine(today, time(12), UTC)
        known = recall(self.publishing.good, self.store, now).catalogue
        found = expand(known, Span(min(_day(one) for one in seen.values()), date(2028, 10, 1)))
        keys = [one.key for one in found if one.days]
        if len(set(keys)) != len(keys):
            self.judge.note("unique", f"{label}: to like nøkler i agendaen")
        shown = {one.uid.partition("@")[0].replace("~", "/"): _day(one) for one in seen.values()}
        for one in found:
            if one.days and one.status != "cancelled" and shown.get(one.key) != one.days.first:
                self.judge.note("agenda", f"{label}: {one.key} {one.days.first} i agendaen, {shown.get(one.key)} vist")


def _lines(problems: tuple[Problem, ...]) -> str:
    return "; ".join(map(str, problems))


def _day(one: Seen) -> date:
    return one.first.date() if isinstance(one.first, datetime) else one.first


def _judge_revisions(judge: Judge, seen: dict[str, Seen], label: str) -> None:
    """The revision of an entry moves when what is seen of it does, and at no other time."""
    for uid, one in seen.items():
        old = judge.seen.get(uid)
        if old is None or (one.what == old.what and (one.sequence, one.stamp) == (old.sequence, old.stamp)):
            continue
        if one.what == old.what and one.sequence == old.sequence + 1:
            continue  # it had left, and is back: judged below by whether it was seen the last time
        if one.what == old.what or one.sequence <= old.sequence or one.stamp <= old.stamp:
            judge.note("revisions", f"{label}: {uid} {old.sequence} → {one.sequence}, vist {old.what} → {one.what}")


def _judge_things(judge: Judge, plan: Plan, today: date, seen: dict[str, Seen], label: str) -> None:
    by_item: dict[str, list[Seen]] = {}
    for one in seen.values():
        by_item.setdefault(one.item, []).append(one)
    lost = judge.before.keys()
    judge.past = {thing: kept for thing, kept in judge.before.items() if kept.day < today} | judge.past
    now: dict[Thing, Kept] = {}
    for listed in plan.listed.values():
        now |= _of_listed(judge, listed, today, by_item.get(listed.id, []), label)
        if listed.id == "styremote":
            for follower in plan.followers:
                now |= _of_follower(judge, follower, listed, today)
    judge.gone |= {thing: today for thing in lost - now.keys() if thing not in judge.past}
    expected = judge.past | {thing: kept for thing, kept in now.items() if thing not in judge.past}
    if judge.before == {}:  # what is past at the very first start is as it then was
        judge.past |= {thing: kept for thing, kept in now.items() if kept.day < today}
    _judge_shown(judge, expected, today, by_item, label)
    judge.before = now


def _of_listed(judge: Judge, listed: Listed, today: date, seen: list[Seen], label: str) -> dict[Thing, Kept]:
    """Return what an event's dates are now; which of them was moved is read off the feed, and must be possible."""
    found: dict[Thing, Kept] = {}
    days = {_day(one): one.uid for one in seen}
    gone = {thing for thing in judge.before if thing[0] == listed.id and thing not in judge.past}
    standing = {judge.identities.get((listed.id, day), (listed.id, day)) for day in listed.turns}
    just_gone = gone - standing
    left = just_gone | {
        thing for thing, when in judge.gone.items() if thing[0] == listed.id and today - when <= TODAY_STAYS
    }
    come = [day for day in listed.turns if judge.identities.get((listed.id, day), (listed.id, day)) not in judge.before]
    for day in listed.turns:
        thing = judge.identities.get((listed.id, day), (listed.id, day))
        shown = listed.shown_on(day)
        uid = days.get(shown)
        owner = judge.owners.get(uid) if uid else None
        is_other = day in come and owner in left - judge.past.keys() and owner != thing
        # What is gone in this very edit goes before what was taken out a day ago.
        if owner and is_other and any(_may_be_moved(owner[1], day, these, come) for these in (just_gone, left)):
            thing = judge.identities[listed.id, day] = owner
            judge.gone.pop(owner, None)
        elif uid and day in come and _must_be_moved(day, left, come, today):
            judge.note("identity", f"{label}: {listed.id} er flyttet til {day}, men heter {uid}")
        found[thing] = Kept(shown, day in listed.cancelled)
    return found


def _may_be_moved(old: date, new: date, left: set[Thing], come: list[date]) -> bool:
    """Tell whether the files allow that the one is the other: one has gone and one has come, in all or in its month."""
    gone = {day for _, day in left}
    of_month = [day for day in gone if (day.year, day.month) == (new.year, new.month)]
    new_of_month = [day for day in come if (day.year, day.month) == (new.year, new.month)]
    is_of_month = len(of_month) == len(new_of_month) == 1 and old in of_month
    return is_of_month or (len(gone) == len(come) == 1)


def _must_be_moved(new: date, left: set[Thing], come: list[date], today: date) -> bool:
    """Tell whether one date was written over with another near by, both of them to come; the same one is back."""
    gone = [day for _, day in left]
    return len(gone) == len(come) == 1 and min(*gone, new) > today and 0 < abs((gone[0] - new).days) <= NEAR


def _of_follower(judge: Judge, follower: Follower, board: Listed, today: date) -> dict[Thing, Kept]:
    found = {}
    held = [day for (item, day) in judge.past if item == board.id]
    for day in dict.fromkeys([*board.turns, *held]):
        anchor = judge.identities.get((board.id, day), (board.id, day))
        kept = judge.past.get(anchor) or Kept(board.shown_on(day), day in board.cancelled)
        found[follower.id, anchor[1]] = Kept(follower.day(kept.day), kept.is_off)
    return found


def _judge_shown(
    judge: Judge, expected: dict[Thing, Kept], today: date, by_item: dict[str, list[Seen]], label: str
) -> None:
    first = today.replace(day=1) - 90 * DAY
    end = today.replace(day=1) + 730 * DAY
    for thing, kept in expected.items():
        if kept.is_off:
            judge.off_since.setdefault(thing, today)
        else:
            judge.off_since.pop(thing, None)
    wanted: dict[str, list[tuple[date, bool, Thing]]] = {}
    for thing, kept in expected.items():
        is_seen = not kept.is_off or today < judge.off_since[thing] + CANCELLED_DAYS * DAY
        if first <= kept.day < end and is_seen:
            wanted.setdefault(thing[0], []).append((kept.day, kept.is_off, thing))
    for item in sorted({*wanted, *by_item}):
        shown = sorted((_day(one), one.status == "CANCELLED") for one in by_item.get(item, []))
        right = sorted((day, is_off) for day, is_off, _ in wanted.get(item, []))
        if shown != right:
            lost = [f"{day}{' av' * off}" for day, off in right if (day, off) not in shown]
            more = [f"{day}{' av' * off}" for day, off in shown if (day, off) not in right]
            is_past = any(
                thing in judge.past and f"{day}{' av' * off}" in lost for day, off, thing in wanted.get(item, [])
            )
            judge.note("past" if is_past else "shown", f"{label}: {item} mangler {lost}, har {more}")
            continue
        for day, is_off, thing in wanted.get(item, []):
            same = [one for one in by_item[item] if (_day(one), one.status == "CANCELLED") == (day, is_off)]
            if len(same) == 1:
                _judge_identity(judge, thing, same[0].uid, label)


def _judge_identity(judge: Judge, thing: Thing, uid: str, label: str) -> None:
    owner, name = judge.owners.setdefault(uid, thing), judge.names.setdefault(thing, uid)
    if name != uid:
        back = judge.gone.get(thing)
        if back is None:
            judge.note("identity", f"{label}: {thing[0]} {thing[1]} het {name}, heter nå {uid}")
        judge.names[thing] = uid
    if owner != thing:
        judge.note("identity", f"{label}: {uid} var {owner[0]} {owner[1]}, er nå {thing[0]} {thing[1]}")
