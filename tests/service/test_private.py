"""What is not open is seen by the link that `serve` prints for this run, and by nobody else."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from tests.serving import Served, serving, until
from tests.small_site import edit, write_site

pytestmark = pytest.mark.faults

MEETING, LETTERS = "Styremøte", "Neste brev"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A site as it is shipped: its calendar is not open, and its front page shows what is."""
    calendar = write_site(tmp_path)
    edit(calendar, 'visibility = "public"', 'visibility = "private"')
    edit(tmp_path / "config.toml", 'index = "all"\n', "")
    return tmp_path


def link(served: Served) -> str:
    """Return the link of the last start."""
    log = served.folder / "serve.log"
    found: list[str] = []

    def is_said() -> bool:
        found[:] = re.findall(r"http://\S+/alt/\S+", log.read_text(encoding="utf-8"))
        return bool(found)

    until(is_said, "the link is printed")
    return found[-1]


def get(url: str, **headers: str) -> httpx.Response:
    return httpx.get(url, headers=headers, trust_env=False)


def test_whole_year_is_behind_the_link_of_this_run_and_nowhere_else(folder: Path) -> None:
    with serving(folder) as served:
        first = link(served)
        whole, open_page = get(first), get(served.url)
        assert (MEETING in whole.text, LETTERS in whole.text) == (True, True)
        assert whole.headers["cache-control"] == "no-store"
        assert whole.headers["x-robots-tag"] == "noindex"
        assert whole.headers["referrer-policy"] == "no-referrer"
        assert (MEETING in open_page.text, LETTERS in open_page.text, "/alt/" in open_page.text) == (False,) * 3
        assert get(first[:-1] + ("A" if first[-1] != "A" else "B")).status_code == 404
        assert get(f"{served.url}/alt/").status_code == 404
        assert get(first, Host="rebind.example").status_code == 421
        assert get(f"{first}?kalender=region").status_code == 200
        assert get(f"{served.url}/?kalender=region").status_code == 404
    with serving(folder) as served:
        assert link(served) != first
        assert get(served.url + httpx.URL(first).path).status_code == 404


def test_no_link_is_made_where_others_reach_the_service(folder: Path) -> None:
    edit(folder / "config.toml", "[site]\n", '[site]\nhost = "0.0.0.0"\n')
    with serving(folder) as served:
        until(lambda: "Stopp med Ctrl-C." in (folder / "serve.log").read_text(encoding="utf-8"))
        assert "/alt/" not in (folder / "serve.log").read_text(encoding="utf-8")
        assert get(f"{served.url}/alt/").status_code == 404
