"""What is told of changes: whatever happens to a date, nobody is told the same twice or left with the wrong one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from arshjul.letters.changes import changes, is_overdue, news, untold
from arshjul.letters.history import Known, Told
from arshjul.letters.reminders import plan, reminders
from arshjul.letters.rules import LetterRules, SendDays, local_midnight
from arshjul.plan.model import CHANGES, GONE, Kind, Letter, Occurrence, Recipient, Reminder, ReminderKind, Said
from arshjul.timing.days import Offset, Span, Status
from tests.examples import some

KARI, OLA = Recipient("kari@example.no", "Kari"), Recipient("ola@example.no", "Ola")
RULES = LetterRules((Offset(20), Offset(5)), SendDays(frozenset({1})), 5)
LEADS = {("k", "a"): RULES.leads}
START = date(2026, 10, 1)


def thing(deadline: date, **other: object) -> Occurrence:
    values: dict[str, object] = {
        "kind": Kind.DEADLINE,
        "days": Span.of(deadline),
        "deadline": deadline,
        "responsible": ("Kontoret",),
        "recipients": (KARI,),
        "main": frozenset({KARI.address}),
    }
    return Occurrence("k", "a", "2026", "A", **(values | other))  # type: ignore[arg-type]  # values of many types


@dataclass(slots=True)
class Memory:
    """What the store does with letters, without a database: see `store.told`."""

    known: Known = field(default_factory=lambda: Known(baseline=True))
    letters: list[Letter] = field(default_factory=list)

    def day(self, day: date, *occurrences: Occurrence) -> None:
        now = local_midnight(day) + timedelta(hours=9)
        ahead = [one for one in occurrences if one.deadline and one.deadline >= day]
        found = plan(reminders(ahead, LEADS, RULES), now, self.known, RULES, news(occurrences, self.known, day))
        for letter in found:
            self._queue(letter)
        self.known = replace(self.known, planned=day)

    def _queue(self, letter: Letter) -> None:
        ids = [one.id for one in letter.reminders]
        assert self.known.told.isdisjoint(ids), "told twice"
        self.letters.append(letter)
        last = dict(self.known.last)
        for one in letter.reminders:
            key = (one.occurrence.key, one.recipient.address)
            count = last[key].changes if key in last else 0
            gone = one.said in GONE
            deadline = one.id.deadline
            assert deadline
            last[key] = Told(deadline, letter.send_day, "A", count + (one.said in CHANGES), gone)
        written = self.known.written | {(letter.to.address, letter.send_day)}
        self.known = replace(self.known, told=self.known.told | set(ids), last=last, written=written)

    def said(self) -> list[Reminder]:
        return [one for letter in self.letters for one in letter.reminders]


moves = st.lists(st.tuples(st.integers(1, 40), st.one_of(st.none(), st.integers(30, 200))), min_size=1, max_size=6)


@settings(max_examples=some(300), deadline=None)
@given(moves, st.integers(30, 120))
def test_whatever_happens_to_a_date_nobody_is_left_with_a_wrong_one(
    steps: list[tuple[int, int | None]], first: int
) -> None:
    memory, now, current = Memory(), START, thing(START + timedelta(days=first))
    for days, to in steps:  # after so many days it moves to that day, or is called off
        for _ in range(days):
            memory.day(now, current)
            now += timedelta(days=1)
        moved = START + timedelta(days=to) if to else current.deadline
        assert moved
        current = thing(moved, status=Status.CANCELLED if to is None else Status.TENTATIVE)
    assert current.deadline
    before = dict(memory.known.last)
    for _ in range(14):  # two send days
        memory.day(now, current)
        now += timedelta(days=1)

    told, then = (found.get((current.key, KARI.address)) for found in (memory.known.last, before))
    is_on = current.status is not Status.CANCELLED
    if told and then and _matters(current, then, now):
        assert told.gone is not is_on
        assert not is_on or told.deadline == current.deadline
    spoken = [(one.said, one.day, str(one.lead)) for one in memory.said() if one.said not in CHANGES]
    assert len(spoken) == len(set(spoken))


def _matters(current: Occurrence, then: Told, now: date) -> bool:
    """Whether somebody who was told `then` has a wrong date in mind: what is past, or is off and past, is no news."""
    if current.status is Status.CANCELLED:
        return then.deadline >= now
    assert current.deadline
    return (current.deadline if then.gone else max(current.deadline, then.deadline)) >= now


def test_only_those_who_still_hold_the_task_hear_of_a_change() -> None:
    told = {("k/a/2026", who.address): Told(date(2026, 12, 8), date(2026, 11, 10)) for who in (KARI, OLA)}
    found = list(changes([thing(date(2026, 12, 11))], Known(last=told), date(2026, 11, 20)))

    assert [(one.recipient, one.said, one.before, one.id.number) for one in found] == [
        (KARI, Said.MOVED, date(2026, 12, 8), 1)
    ]


def test_thing_that_loses_its_date_is_told_so() -> None:
    told = {("k/a/2026", KARI.address): Told(date(2026, 12, 8), date(2026, 11, 10), changes=2)}
    undated = replace(thing(date(2026, 12, 8)), days=None, deadline=None, kind=Kind.UNDATED)

    (found,) = changes([undated], Known(last=told), date(2026, 11, 20))

    assert (found.said, found.id.kind, found.id.number, found.id.deadline, found.day) == (
        Said.UNDATED,
        ReminderKind.GONE,
        3,
        date(2026, 12, 8),
        date(2026, 12, 8),
    )


def test_both_dates_in_the_past_is_no_news() -> None:
    told = {("k/a/2026", KARI.address): Told(date(2026, 11, 8), date(2026, 10, 10))}

    assert list(changes([thing(date(2026, 11, 9))], Known(last=told), date(2026, 11, 20))) == []


def test_untold_names_those_whom_no_letter_reached() -> None:
    both = thing(date(2026, 12, 8), recipients=(KARI, OLA))
    known = Known(in_time=frozenset({(both.key, KARI.address, date(2026, 12, 8))}))
    week = Span(date(2026, 12, 8), date(2026, 12, 15))

    assert untold([both], LEADS, known, week) == [(both, (OLA,))]
    assert untold([both], {("k", "a"): ()}, known, week) == []
    assert untold([both], LEADS, replace(known, settled=frozenset({(both.key, None)})), week) == []
    assert untold([both], LEADS, known, Span(date(2026, 12, 9), date(2026, 12, 15))) == []


def test_overdue_is_a_task_that_is_past_on_and_not_reported() -> None:
    it, day = thing(date(2026, 12, 8)), date(2026, 12, 9)

    assert is_overdue(it, Known(), day)
    assert not is_overdue(it, Known(), date(2026, 12, 8))
    assert not is_overdue(replace(it, kind=Kind.DAY), Known(), day)
    assert not is_overdue(replace(it, status=Status.CANCELLED), Known(), day)
    assert not is_overdue(it, Known(settled=frozenset({(it.key, date(2026, 12, 8))})), day)
    assert is_overdue(it, Known(settled=frozenset({(it.key, date(2026, 12, 1))})), day)
