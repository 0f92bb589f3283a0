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
