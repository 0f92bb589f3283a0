"""A real subscriber over HTTP: vdirsyncer fetches from a running `arshjul serve`, khal shows what it has got.

The calendar file is edited, the service goes away, the file is emptied. Thunderbird does the same in test_thunderbird.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import need
from tests.readers.story import AFTER, AT_LAST, BEFORE, CALENDAR, EDITED, LATER, YEAR, edit
from tests.serving import serving

pytestmark = pytest.mark.clients


def tool(name: str) -> str:
    """Return a command of the tests' own environment or of the machine."""
    beside = Path(sys.executable).with_name(name)
    return need(name, str(beside) if beside.exists() else shutil.which(name))


class Subscriber:
    """vdirsyncer's copy of one feed, and khal to look at it with."""

    def __init__(self, folder: Path, url: str) -> None:
        self._vdirsyncer, self._khal, self._folder = tool("vdirsyncer"), tool("khal"), folder
        for name in ("status", "prove"):
            (folder / name).mkdir(parents=True)
        text = VDIRSYNCER.format(folder=folder, url=url)
        (folder / "vdirsyncer.conf").write_text(text, encoding="utf-8")
        (folder / "khal.conf").write_text(KHAL.format(folder=folder), encoding="utf-8")
        self._run(self._vdirsyncer, "-c", str(folder / "vdirsyncer.conf"), "discover").check_returncode()

    def sync(self) -> bool:
        """Fetch; False when vdirsyncer reports a failure."""
        return self._run(self._vdirsyncer, "-c", str(self._folder / "vdirsyncer.conf"), "sync").returncode == 0

    def shown(self) -> list[str]:
        """Return "2027-02-12 Styremøte" and so on, for all of the story's year."""
        asked = ["list", "--day-format", "", "--format", "{start-date} {title}", f"{YEAR}-01-01", "365d"]
        told = self._run(self._khal, "-c", str(self._folder / "khal.conf"), *asked)
        told.check_returncode()
        return [line for line in told.stdout.splitlines() if line]

    def _run(self, *command: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"HOME": str(self._folder), "LC_ALL": "C.UTF-8", "XDG_DATA_HOME": str(self._folder)}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)


VDIRSYNCER = """
[general]
status_path = "{folder}/status/"

[pair prove]
a = "feed"
b = "copy"
collections = null

[storage feed]
type = "http"
url = "{url}"

[storage copy]
type = "filesystem"
path = "{folder}/prove/"
fileext = ".ics"
"""

KHAL = """
[calendars]
[[prove]]
path = {folder}/prove/

[locale]
local_timezone = Europe/Oslo
default_timezone = Europe/Oslo
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M

[sqlite]
path = {folder}/khal.db
"""


def test_subscriber_follows_edits_and_keeps_everything_through_outage_and_emptied_file(
    site: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (site / "calendars" / "prove.toml").write_text(CALENDAR, encoding="utf-8")
    with serving(site) as served:
        subscriber = Subscriber(tmp_path_factory.mktemp("subscriber"), served.feed("prove"))
        assert subscriber.sync()
        assert subscriber.shown() == BEFORE

        edit(served, EDITED)
        assert subscriber.sync()
        assert subscriber.shown() == AFTER

    assert not subscriber.sync(), "nobody answers, and vdirsyncer says so"
    assert subscriber.shown() == AFTER

    port = int(served.url.rpartition(":")[2])
    with serving(site, port) as again:
        edit(again, "", is_good=False)
        assert subscriber.sync()
        assert subscriber.shown() == AFTER

        edit(again, LATER)
        assert subscriber.sync()
        assert subscriber.shown() == AT_LAST
