"""What `check` says of files that hold more than files may, or are wrong from end to end."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.clock import main
from tests.small_site import write_site


def test_check_tells_the_first_hundred_problems_and_counts_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    calendar = write_site(tmp_path)
    lines = calendar.read_text(encoding="utf-8").count("\n")
    wrong = "".join(f'[[event]]\nid = "e{at}"\ntitle = "E"\nwhen = "når katten flyr"\n' for at in range(3000))
    calendar.write_text(calendar.read_text(encoding="utf-8") + wrong, encoding="utf-8")

    assert main(["-C", str(tmp_path), "check"]) == 1

    said = capsys.readouterr().err.splitlines()
    assert said[-3:] == [
        f"calendars/region.toml:{lines + 404}:8: … og 2 900 til.",
        "",
        "3000 feil. Ingenting er gjort.",
    ]
    assert sum("ingen sikker lesning" in line for line in said) == 100


@pytest.mark.parametrize(("count", "code"), [(499, 0), (500, 1)])
def test_folder_with_too_many_calendars_is_told_and_not_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], count: int, code: int
) -> None:
    calendar = write_site(tmp_path)
    for number in range(count):
        text = f'[calendar]\nid = "k{number}"\nname = "K{number}"\n'
        (calendar.parent / f"k{number}.toml").write_text(text, encoding="utf-8")

    assert main(["-C", str(tmp_path), "check"]) == code

    said = "config.toml:1:1: Mappen «calendars» har 501 kalenderfiler; høyst 500 leses.\n"
    assert capsys.readouterr().err.startswith(said) is bool(code)
