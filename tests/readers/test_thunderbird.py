"""Thunderbird without a screen subscribes to a running `arshjul serve` and lives through the same story as vdirsyncer.

What it has stored is read from a copy of its cache: it keeps the original locked while it runs. Once a connection has
been refused, Thunderbird 153 asks no more until it is started again, so it is.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.conftest import need
from tests.readers.story import AFTER, AT_LAST, BEFORE, CALENDAR, EDITED, LATER, edit
from tests.serving import free_port, serving, until

pytestmark = pytest.mark.clients

REFRESH = 0.02
"""Minutes. A person may choose five at the least; the preference takes less."""

ROUNDS = 4.0
"""Seconds in which it starts and asks at least once."""

PREFERENCES = """
user_pref("calendar.registry.feed.type", "ics");
user_pref("calendar.registry.feed.name", "feed");
user_pref("calendar.registry.feed.uri", "{url}");
user_pref("calendar.registry.feed.readOnly", true);
user_pref("calendar.registry.feed.cache.enabled", true);
user_pref("calendar.registry.feed.refreshInterval", "{refresh}");
user_pref("calendar.list.sortOrder", "feed");
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("mail.provider.suppress_dialog_on_startup", true);
user_pref("mail.rights.version", 1);
user_pref("mail.shell.checkDefaultClient", false);
user_pref("mailnews.start_page.enabled", false);
user_pref("network.proxy.type", 0);
"""


class Thunderbird:
    """A profile with one subscribed calendar."""

    def __init__(self, folder: Path, url: str) -> None:
        self._command, self._folder = need("thunderbird", shutil.which("thunderbird")), folder
        (folder / "profile").mkdir()
        (folder / "profile" / "user.js").write_text(PREFERENCES.format(url=url, refresh=REFRESH), encoding="utf-8")

    @contextmanager
    def running(self) -> Iterator[None]:
        environment = os.environ | {"HOME": str(self._folder), "MOZ_HEADLESS": "1", "TZ": "Europe/Oslo"}
        command = [self._command, "--headless", "--no-remote", "--profile", str(self._folder / "profile")]
        with (self._folder / "log").open("ab") as log:
            started = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
            try:
                yield
                assert started.poll() is None
            finally:
                started.terminate()
                started.wait(timeout=30)

    def shown(self) -> list[str]:
        """Return what it has stored: "2027-02-12 Styremøte" and so on."""
        data, copy = self._folder / "profile" / "calendar-data", self._folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir()
        for name in ("cache.sqlite", "cache.sqlite-wal"):
            if (data / name).exists():
                shutil.copy(data / name, copy / name)
        try:
            with closing(sqlite3.connect(copy / "cache.sqlite")) as cache:
                rows = cache.execute("SELECT event_start, title FROM cal_events ORDER BY 1, 2").fetchall()
        except sqlite3.DatabaseError:  # copied in the midst of a write, or before it has made its tables
            return []
        return [f"{datetime.fromtimestamp(start / 1e6, UTC):%Y-%m-%d} {title}" for start, title in rows]


def test_thunderbird_follows_edits_and_keeps_everything_through_outage_and_emptied_file(
    site: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (site / "calendars" / "prove.toml").write_text(CALENDAR, encoding="utf-8")
    port = free_port()
    reader = Thunderbird(tmp_path_factory.mktemp("thunderbird"), f"http://127.0.0.1:{port}/f/prove.ics")
    with ExitStack() as running:
        with serving(site, port) as served:
            running.enter_context(reader.running())
            until(lambda: reader.shown() == BEFORE, "it has the feed", 60)
            edit(served, EDITED)
            until(lambda: reader.shown() == AFTER, "the moved, the cancelled and the new date", 30)
        time.sleep(ROUNDS)
        assert reader.shown() == AFTER, "nobody answers"

    with reader.running():
        time.sleep(ROUNDS)
        assert reader.shown() == AFTER, "started while nobody answers"

    with serving(site, port) as served:
        edit(served, "", is_good=False)
        with reader.running():
            time.sleep(ROUNDS)
            assert reader.shown() == AFTER, "the file is empty, and the last good feed is served"
            edit(served, LATER)
            until(lambda: reader.shown() == AT_LAST, "it still follows", 30)
