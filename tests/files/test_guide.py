"""What the administrators' guide shows is what the program takes."""

from __future__ import annotations

import re
from pathlib import Path

from arshjul.cli.arguments import LISTED, MODULES
from arshjul.loading import load
from arshjul.mail.verdicts import WORDS, State
from tests.files_of import TODAY_OF_FILES

GUIDE = (Path(__file__).parents[2] / "docs" / "veileder.md").read_text(encoding="utf-8")


def test_examples_together_are_a_calendar_in_order(site: Path) -> None:
    blocks = [text for text in re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL) if not text.startswith("[letters")]
    (site / "calendars" / "folloregionen.toml").write_text("\n".join(blocks), encoding="utf-8")

    organisation = load(site, TODAY_OF_FILES)

    assert [str(problem) for problem in organisation.problems] == []
    ids = {item.id for item in organisation.catalogue.calendars["folloregionen"].items}
    assert {"toppforum", "arbeidsutvalget.innkalling", "valgkomite", "hostmote", "2.1"} <= ids


def test_states_of_letters_are_called_what_the_program_calls_them() -> None:
    table = GUIDE.partition("| tilstand |")[2].partition("\n\n")[0]

    assert re.findall(r"^\| ([^|-]+?) \|", table, re.MULTILINE) == [
        WORDS[state] for state in LISTED if state is not State.ACCEPTED
    ]


def test_every_command_that_is_shown_exists() -> None:
    shown = set(re.findall(r"arshjul(?: -C MAPPE)? ([a-z][a-z-]*)", GUIDE))

    assert {"check", "confirm", "explain", "done", "outbox", "publish", "token"} <= shown
    assert shown <= set(MODULES)
