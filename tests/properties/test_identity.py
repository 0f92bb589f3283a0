"""Whatever is put in, taken out, moved, called off or announced: what stands keeps its identity, what was stays."""

from __future__ import annotations


import pytest
from hypothesis import given, seed, settings

from tests.properties.almanac import EXAMPLES, SEED
from tests.properties.calendars import Story, stories
from tests.properties.judging import faults_of

PROPERTIES = {
    "taken-in": "the files are taken in",
    "unique": "no two keys alike",
    "shown": "every date is shown, and no other",
    "identity": "no UID moves to another thing, and what stands keeps its own",
    "past": "what began before now never changes",
    "agenda": "the agenda is the feed",
    "revisions": "SEQUENCE and LAST-MODIFIED change when what is seen does",
    "lint": "our own lint has nothing to say",
}




def told(story: Story) -> tuple[tuple[str, str], ...]:
    """Return the faults of a story; the same story, asked for another property, is not told again."""
    text = f"{story}"
    if text not in _known:
        _known[text] = tuple(faults_of(story))
    return _known[text]


_known: dict[str, tuple[tuple[str, str], ...]] = {}


@pytest.mark.parametrize("what", PROPERTIES)
def test_story_of_edits(what: str) -> None:
    @seed(SEED)
    @settings(max_examples=EXAMPLES, deadline=None, database=None)
    @given(story=stories)
    def holds(story: Story) -> None:
        assert [text for name, text in told(story) if name == what] == []

    holds()
