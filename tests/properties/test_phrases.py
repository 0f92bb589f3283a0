"""Turns of the phrase = occurrences = entries in the feed, in each form that a phrase can stand in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, seed, settings
from hypothesis import strategies as st

from arshjul.feeds.subscriptions import parse_spec
from arshjul.lint.answers import lint_feed
from arshjul.lint.rows import Level
from arshjul.organisation import Organisation
from arshjul.plan.model import Catalogue, Kind
from arshjul.rounds.publish import Publisher, year_of
from arshjul.settings import Settings
from arshjul.timing.days import Span
from arshjul.year.expand import expand
from tests.examples import EXAMPLES
from tests.files_of import OFFICE, catalogue_of
from tests.properties.almanac import DAY, SEED, workday_on_or_before
from tests.properties.feeds import Seen, entries
from tests.properties.phrases import Days, Written, phrases

TODAY, NOW = date(2026, 11, 26), datetime(2026, 11, 26, 9, tzinfo=UTC)
SHOWN = (date(2026, 8, 3), date(2028, 10, 30))
"""What a feed of that day holds: from 90 days before the month to 730 days after it."""
LONGEST_BAR = 7
MOST = 250
"""So many entries are encoded within a second; a feed of more than a thousand is cut, which is shown elsewhere."""
OSLO = ZoneInfo("Europe/Oslo")

GROUP = """
[[party]]
id = "delregionene"
name = "Delregionene"
also = ["delregion"]
parts = ["nord", "ost", "sor"]
[[party]]
id = "nord"
name = "Nord"
members = ["nord@example.no"]
[[party]]
id = "ost"
name = "Øst"
members = ["ost@example.no"]
[[party]]
id = "sor"
name = "Sør"
members = ["sor@example.no"]
"""


def calendar(item: str) -> str:
    return '[calendar]\nid = "k"\nname = "K"\nvisibility = "public"\n' + OFFICE + GROUP + item


def event(when: str) -> str:
    return calendar(f'[[event]]\nid = "a"\ntitle = "A"\n{when}\n')


def measure(cadence: str, timing: str = "") -> str:
    return calendar(
        f'[[measure]]\nid = "a"\ntitle = "A"\nresponsible = "Sekretariatet"\ncadence = "{cadence}"\n{timing}\n'
    )


FORMS: dict[str, Callable[[str], str]] = {
    "text": lambda text: event(f'when = "{text}"'),
    "list": lambda text: event(f'when = ["{text}"]'),
    "task": lambda text: event(f'when = "{text}"\nresponsible = "Sekretariatet"'),
    "variant": lambda text: event(f'when = "15. mai"\nin = {{ 2027 = "{text}" }}'),
    "cadence": measure,
    "column": lambda text: measure("Årlig", f'timing = {{ 2027 = "{text}" }}'),
    "group": lambda text: event(f'when = "{text} for hver delregion"\nresponsible = "Delregionene"'),
}
OF_2027 = ("variant", "column")


def expected(form: str, phrase: Written) -> list[Days]:
    """Return the days of all turns that lie within the feed; where only 2027 has the phrase, those of that year."""
    first, last = (date(2027, 1, 1), date(2027, 12, 31)) if form in OF_2027 else SHOWN
    found = [days for days in phrase.turns if days[1] >= first and days[0] <= last]
    return sorted(found * 3 if form == "group" else found)


def shown(form: str, phrase: Written, days: Days) -> tuple[date, date | None]:
    """Return the entry of a turn: the bar of a short window, the last workday of a long one, else the day or hour."""
    first, last = days
    if phrase.clock:
        hour, minute = map(int, phrase.clock.split(":"))
        return datetime(first.year, first.month, first.day, hour, minute, tzinfo=OSLO).astimezone(UTC), None
    if (last - first).days + 1 > LONGEST_BAR:
        return workday_on_or_before(last), workday_on_or_before(last)
    return first, last


def feed_of(catalogue: Catalogue) -> tuple[list[Seen], bytes]:
    year = year_of(Organisation(Settings(Path("/nowhere")), catalogue), TODAY)
    body = Publisher(None).publish(year, [parse_spec("calendar:k")], NOW).feeds["calendar:k"].feed.body
    return entries(body), body


def occurrences_of(catalogue: Catalogue, form: str) -> list[Days]:
    first, last = (date(2027, 1, 1), date(2027, 12, 31)) if form in OF_2027 else SHOWN
    found = [one for one in expand(catalogue, Span.of(first, last)) if one.days and one.kind is not Kind.UNDATED]
    return sorted((one.days.first, one.days.last) for one in found if one.days)


@seed(SEED)
@settings(max_examples=EXAMPLES, deadline=None)
@given(phrase=phrases, form=st.sampled_from(sorted(FORMS)))
def test_turns_are_occurrences_and_entries(phrase: Written, form: str) -> None:
    turns = expected(form, phrase)
    assume(len(turns) <= MOST)
    catalogue = catalogue_of(FORMS[form](phrase.text))
    seen, body = feed_of(catalogue)

    assert occurrences_of(catalogue, form) == turns
    found = Counter((one.first, one.last) for one in seen)
    wanted = Counter(shown(form, phrase, days) for days in turns)
    if form in OF_2027:
        found = Counter({days: count for days, count in found.items() if days in wanted or days[0].year == 2027})
    assert found == wanted
    assert len({one.uid for one in seen}) == len(seen)
    assert [str(one) for one in lint_feed(body) if one.level is Level.MUST] == []


SPANS = st.tuples(st.dates(date(2026, 6, 1), date(2028, 6, 1)), st.integers(1, 400), st.integers(1, 400))


@seed(SEED)
@settings(max_examples=EXAMPLES, deadline=None)
@given(phrase=phrases, form=st.sampled_from(sorted(FORMS)), other=phrases, span=SPANS)
def test_parts_of_a_span_have_the_keys_of_the_whole(
    phrase: Written, form: str, other: Written, span: tuple[date, int, int]
) -> None:
    """No two keys are alike over any span, with two phrases in one list as well, and a key is of the same days."""
    assume(phrase.turns != other.turns)  # the same days twice in one list are refused, however they are written
    text = FORMS[form](phrase.text)
    if form == "list":
        text = event(f'when = ["{phrase.text}", "{other.text}"]')
    catalogue = catalogue_of(text)
    first, middle, end = span[0], span[0] + span[1] * DAY, span[0] + (span[1] + span[2]) * DAY

    whole = keys(catalogue, Span(first, end))
    assert keys(catalogue, Span(first, middle)) | keys(catalogue, Span(middle, end)) == whole
    assert len({key for key, _ in whole}) == len(whole)


def keys(catalogue: Catalogue, span: Span) -> set[tuple[str, Days | None]]:
    found = expand(catalogue, span)
    named = {(one.key, (one.days.first, one.days.last) if one.days else None) for one in found}
    assert len(named) == len(found)
    return named


@pytest.mark.parametrize("form", ["text", "list", "cadence"])
@pytest.mark.parametrize("days", range(1, 8))
def test_days_of_a_month_have_as_many_entries(form: str, days: int) -> None:
    """The simplest of them all, so that a failure needs no reading: every third day of March."""
    wanted = [date(2027, 3, 1) + timedelta(days=3 * number) for number in range(days)]
    text = " og ".join(f"{day.day}. mars" for day in wanted)
    seen, _ = feed_of(catalogue_of(FORMS[form](text)))

    assert sorted(one.first for one in seen if one.first.year == 2027) == wanted
