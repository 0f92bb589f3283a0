from __future__ import annotations

from pathlib import Path

from arshjul.config import read_settings
from arshjul.core.model import Recipient
from arshjul.files.toml import read_toml


def test_coordinator_is_read_and_may_be_left_out() -> None:
    named, _ = read_toml('[letters]\ncoordinator = "Kari <kari@example.no>"\n', "config.toml")
    unnamed, _ = read_toml("[letters]\n", "config.toml")

    assert read_settings(named, Path("/x"), {})[0].rules.coordinator == Recipient("kari@example.no", "Kari")
    assert read_settings(unnamed, Path("/x"), {})[0].rules.coordinator is None


def test_coordinator_without_an_address_is_a_problem_with_its_place() -> None:
    document, _ = read_toml('[letters]\ncoordinator = "Kari"\n', "config.toml")

    _, problems = read_settings(document, Path("/x"), {})

    assert [str(problem.place) for problem in problems] == ["config.toml:2:15"]
