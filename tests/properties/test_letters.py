"""No letter says moved, new or cancelled of something that stands unchanged.

Everybody has been told of all that comes within a year; then the file is edited, and letters are written again. What
they say is held against the days before and after the edit, by title and day, as their reader would.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from hypothesis import given, seed, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from arshjul.letters.rules import LetterRules
from arshjul.mail.verdicts import State
from arshjul.organisation import Organisation
from arshjul.rounds.planning import plan_round
from arshjul.settings import BrakesShape, Settings
from arshjul.store.engine import Store
from arshjul.store.queue import wire_of
from arshjul.store.tables import OUTBOX
from arshjul.timing.days import Offset
from tests.examples import EXAMPLES
from tests.files_of import catalogue_of
from tests.properties.almanac import DAY, SEED
from tests.properties.calendars import FIRST, HEAD, Edit, Plan, edited, edits, plans
from tests.properties.mails import Said, read_mail
from tests.properties.publishing import site

Active = Counter[tuple[str, date]]
"""How many things of a title are on, on a day."""

TOLD = 250 * DAY
"""So far ahead everything has been told: the lead time is a little longer."""


def active(plan: Plan) -> Active:
    found: Active = Counter()
    for listed in plan.listed.values():
        on = [listed.shown_on(day) for day in listed.turns if day not in listed.cancelled]
        found.update((listed.title, day) for day in on)
        if listed.id == "styremote":
            found.update((follower.title, follower.day(day)) for follower in plan.followers for day in on)
    return found


def hours(plan: Plan) -> set[tuple[str, date, str]]:
    """Return the hours that are announced; what is done at a meeting is done at its hour."""
    announced = {(one.title, there.day, there.time) for one in plan.listed.values() for there in one.announced.values()}
    return announced | {("Tiltak", day, time) for title, day, time in announced if title == "Styremøte"}


def false_news(said: Said, before: Plan, after: Plan, today: date) -> str:
    """Return what is false in a thing that is said, "" when the edit bears it out."""
    is_at_new_hour = any((title, day) == (said.title, said.day) for title, day, _ in hours(before) ^ hours(after))
    return "" if said.what == "ny tid" and is_at_new_hour else _false_day(said, active(before), active(after), today)


def _false_day(said: Said, before: Active, after: Active, today: date) -> str:
    old, new = (said.title, said.before or today), (said.title, said.day or today)
    has_gone, has_come = before[old] > after[old], after[new] > before[new]
    is_true = {
        "flyttet": has_gone and has_come,
        "avlyst": has_gone,
        "utgår": has_gone,
        "nytt": has_come,
        "likevel": has_come,
        "over": before[new] > 0 and new[1] < today,
        "minner": after[new] > 0 and (has_come or new[1] > today + TOLD),
    }
    return "" if is_true.get(said.what) else f"{said} er ikke endret"


@seed(SEED)
@settings(max_examples=EXAMPLES, deadline=None, database=None)
@given(plan=plans(), saved=st.lists(edits, min_size=1, max_size=2).map(tuple))
def test_letters_say_nothing_of_what_stands_unchanged(plan: Plan, saved: tuple[Edit, ...]) -> None:
    today = FIRST + DAY
    after = edited(plan, saved, today)
    with site() as (folder, store):
        letters(HEAD, folder, store, FIRST - DAY)
        assert letters(plan.text(), folder, store, FIRST)
        said = letters(after.text(), folder, store, today)

    titles = {title for title, _ in active(plan)}
    assert {one.title for one in said} <= titles
    assert [why for one in said if (why := false_news(one, plan, after, today))] == []


def letters(text: str, folder: Path, store: Store, day: date) -> list[Said]:
    """Write the letters of a day at nine, let them all be accepted, and return what they say."""
    rules = LetterRules(leads=(Offset(250),))
    brakes = BrakesShape(letters_at_once=1000)
    files = Organisation(
        Settings(folder, rules=rules, brakes=brakes), catalogue_of(text), fingerprint=((text, 0, 0, 0),)
    )
    now = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
    plan_round(files, store, now)
    found = [said for raw in _waiting(store) for said in read_mail(raw, TITLES)[1].said]
    with store.writing() as connection:
        sent = {"state": State.ACCEPTED, "next_at": None, "accepted_at": now, "settled_at": now}
        connection.execute(update(OUTBOX).where(OUTBOX.c.state == State.QUEUED).values(sent))
    return found


def _waiting(store: Store) -> Iterator[bytes]:
    with store.reading() as connection:
        names = connection.execute(select(OUTBOX.c.id).where(OUTBOX.c.state == State.QUEUED)).scalars().all()
    yield from (wire_of(store, name) or b"" for name in names)


TITLES = frozenset(
    {"Styremøte", "Fellesmøte", "Frist etter planen", "Steg papirer", "Steg referat", "Følger formote"}
    | {"Følger etterpa", "Tiltak"}
)
