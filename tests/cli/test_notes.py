"""What `check` tells of files that are in order: it is a note, the files are taken in, and the exit code is 0."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from arshjul.year.openness import notes_of
from tests.clock import main
from tests.files_of import catalogue_of

TODAY = date(2026, 11, 26)


def notes(when: str) -> list[str]:
    event = f'[[event]]\nid = "a"\ntitle = "A"\nwhen = "{when}"\n'
    return [f"{note.message} {note.hint}".strip() for note in notes_of(catalogue_of(event), TODAY)]


@pytest.mark.parametrize(
    ("when", "told"),
    [
        (
            "den 31. i hver måned",
            "«den 31. i hver måned» gir ingen dato i februar, april, juni, september og november. "
            "Er det den siste du mener, skriv «siste dag i hver måned».",
        ),
        (
            "den 30. i hver måned kl. 10",
            "«den 30. i hver måned kl. 10» gir ingen dato i februar. "
            "Er det den siste du mener, skriv «siste dag i hver måned».",
        ),
        (
            "femte mandag i måneden",
            "«femte mandag i måneden» gir ingen dato i januar, februar, april, juni, juli, september, oktober og "
            "desember i 2027. Er det den siste du mener, skriv «siste mandag i hver måned».",
        ),
        (
            "29. februar",
            "«29. februar» kommer ikke hvert år: de neste 8 årene bare i 2028 og 2032. "
            "Er det den siste dagen du mener, skriv «siste dag i februar».",
        ),
        (
            "femte fredag i mars",
            "«femte fredag i mars» kommer ikke hvert år: de neste 8 årene bare i 2028, 2029, 2030 og 2034.",
        ),
        ("uke 53", "«uke 53» kommer ikke hvert år: de neste 8 årene bare i 2032."),
    ],
)
def test_rule_that_leaves_out_a_time_is_told(when: str, told: str) -> None:
    assert notes(when) == [told]


@pytest.mark.parametrize(
    "when",
    ["den 28. i hver måned", "siste dag i hver måned", "fjerde mandag i måneden", "28. februar", "29. februar 2028"],
)
def test_rule_that_leaves_out_nothing_is_not_told_of(when: str) -> None:
    assert notes(when) == []


@pytest.mark.parametrize("text", ["siste dag i hver måned", "siste mandag i hver måned", "siste dag i februar"])
def test_what_a_note_offers_can_be_written(text: str) -> None:
    assert notes(text) == []


def test_check_prints_notes_and_takes_the_files_in(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = '[calendar]\nid = "k"\nname = "K"\n[[event]]\nid = "a"\ntitle = "A"\nwhen = "den 31. i hver måned"\n'
    (site / "calendars" / "k.toml").write_text(text, encoding="utf-8")

    assert main(["-C", str(site), "check"]) == 0
    said = capsys.readouterr().out
    assert "calendars/k.toml:7:8: Merk: «den 31. i hver måned» gir ingen dato i februar, april, juni," in said
    assert said.endswith("Alt er i orden.\n")
