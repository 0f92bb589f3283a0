"""Whatever is put in, taken out, moved, called off or announced: what stands keeps its identity, what was stays.

Of each story that is published step by step: the files are taken in ("taken-in"); no two keys are alike ("unique");
every date is shown, and no other ("shown"); no UID moves to another thing, and what stands keeps its own ("identity");
what began before now never changes ("past"); the agenda is the feed ("agenda"); SEQUENCE and LAST-MODIFIED change when
what is seen does ("revisions"); our own lint has nothing to say ("lint").
"""

from __future__ import annotations

from hypothesis import given, seed, settings

from tests.examples import EXAMPLES
from tests.properties.almanac import SEED
from tests.properties.calendars import Story, stories
from tests.properties.judging import faults_of


@seed(SEED)
@settings(max_examples=EXAMPLES, deadline=None, database=None)
@given(story=stories)
def test_story_of_edits_is_told_right(story: Story) -> None:
    assert faults_of(story) == []
