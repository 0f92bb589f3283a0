"""Six parsers, each asked the same: which events are in this feed, what are they called, when are they?"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from ical.calendar_stream import IcsCalendarStream

from tests.conftest import ROOT, need

SYSTEM_PYTHON = "/usr/bin/python3"
JS_FOLDERS = (ROOT / "var" / "js", Path("/usr/share/nodejs"))
"""Where `.ci/run` puts ical.js, and where a system may have it."""


@dataclass(frozen=True, order=True)
class Seen:
    """An event as a reader sees it: days as dates, instants in UTC; no end where the feed gives none."""

    start: str
    end: str
    title: str
    uid: str = ""


class Parser:
    """A reader of feeds. `read` raises AssertionError, or the library's own error, when it complains.

    `misreads` finds the titles that it is known to read wrongly, whoever wrote the feed.
    """

    gives_uid = True
    misreads: re.Pattern[str] | None = None

    def read(self, body: bytes) -> list[Seen]:
        """Return the events, sorted."""
        raise NotImplementedError

    def close(self) -> None:
        """End what was started."""


def said(moment: date | datetime | None) -> str:
    """Return a day as 2026-12-04 and an instant as 2026-12-04T09:00:00+00:00."""
    if moment is None:
        return ""
    return moment.astimezone(UTC).isoformat() if isinstance(moment, datetime) else moment.isoformat()


def from_ics(value: str | None) -> str:
    """Return a time as it is written in a feed in the words of `said`."""
    if value is None:
        return ""
    if len(value) == len("20261204"):
        return date.fromisoformat(value).isoformat()
    return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).isoformat()


class Ical(Parser):
    """Home Assistant's."""

    def read(self, body: bytes) -> list[Seen]:
        calendar = IcsCalendarStream.calendar_from_ics(body.decode())
        return sorted(
            Seen(said(one.dtstart), said(one.dtend), one.summary or "", one.uid or "") for one in calendar.events
        )


class Vobject(Parser):
    """Python's oldest."""

    def __init__(self) -> None:
        need("vobject", "" if find_spec("vobject") else None)

    def read(self, body: bytes) -> list[Seen]:
        import vobject  # noqa: PLC0415  (not on every machine)

        calendar = vobject.readOne(body.decode())
        calendar.validate(raiseException=True)
        return sorted(
            Seen(
                said(one.dtstart.value),
                said(one.dtend.value) if "dtend" in one.contents else "",
                one.summary.value,
                one.uid.value,
            )
            for one in calendar.contents.get("vevent", [])
        )


class Ics(Parser):
    """ics.py; strict about grammar. An event without an end has its start for an end.

    It takes the escaped backslash before an r for the beginning of a line end, which RFC 5545 section 3.3.11 has not.
    """

    misreads = re.compile(r"\\r", re.IGNORECASE)

    def __init__(self) -> None:
        need("ics", "" if find_spec("ics") else None)

    def read(self, body: bytes) -> list[Seen]:
        import ics  # noqa: PLC0415  (not on every machine)

        return sorted(
            Seen(
                said(one.begin.date() if one.all_day else one.begin.datetime),
                said(one.end.date() if one.all_day else one.end.datetime) if one.end != one.begin else "",
                one.name,
                one.uid,
            )
            for one in ics.Calendar(body.decode()).events
        )


class LineByLine(Parser):
    """A parser in another process, which is kept: JSON text in, JSON events out."""

    def __init__(self, command: list[str]) -> None:
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def read(self, body: bytes) -> list[Seen]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(body.decode()) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        assert isinstance(answer, list), answer
        return sorted(Seen(from_ics(start), from_ics(end), title, uid) for uid, title, start, end in answer)

    def close(self) -> None:
        self._process.communicate()


class Libical(LineByLine):
    """What Evolution, KOrganizer and Cyrus read with. RFC 5546 wants an organiser beside METHOD, so it gets none."""

    def __init__(self) -> None:
        check = "import gi; gi.require_version('ICalGLib', '3.0')"
        there = subprocess.run([SYSTEM_PYTHON, "-c", check], capture_output=True, check=False).returncode == 0
        super().__init__([need("libical", SYSTEM_PYTHON if there else None), str(_beside("libical_reader.py"))])

    def read(self, body: bytes) -> list[Seen]:
        assert b"METHOD:PUBLISH\r\n" in body
        return super().read(body.replace(b"METHOD:PUBLISH\r\n", b""))


class IcalJs(LineByLine):
    """What Thunderbird and Nextcloud's pages read with."""

    def __init__(self) -> None:
        found = (path for folder in JS_FOLDERS for path in folder.glob("**/ical.js/dist/ical.js"))
        library = need("ical.js", next(map(str, found), None))
        super().__init__([need("node", shutil.which("node")), str(_beside("icaljs_reader.mjs")), library])


class Calcurse(Parser):
    """A calendar in the terminal; keeps days as repeated ones, and no UIDs."""

    gives_uid = False
    _DAYS = re.compile(r"(?P<day>\S+) \[1\](?: \{1D(?: -> (?P<last>\S+))?\})? ?>\w+ (?P<title>.*)")
    _HOURS = re.compile(r"(?P<day>\S+) @ (?P<clock>\S+) -> (?P<end>\S+ @ \d\d:\d\d)(?:>\w+)? ?\|(?P<title>.*)")

    def __init__(self) -> None:
        self._command = need("calcurse", shutil.which("calcurse"))

    def read(self, body: bytes) -> list[Seen]:
        with TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "feed.ics").write_bytes(body)
            told = subprocess.run(
                [self._command, "-D", name, "-i", str(folder / "feed.ics")],
                env=os.environ | {"TZ": "UTC", "LC_ALL": "C.UTF-8"},
                capture_output=True,
                check=True,
            )
            assert b"0 skipped" in told.stdout, told.stdout
            assert told.stderr == b""
            lines = (folder / "apts").read_text(encoding="utf-8").split("\n")
        return sorted(self._seen(line) for line in lines if line)

    def _seen(self, line: str) -> Seen:
        if days := self._DAYS.fullmatch(line):
            last = _american(days["last"] or days["day"])
            return Seen(said(_american(days["day"]).date()), said(last.date() + timedelta(days=1)), days["title"])
        hours = self._HOURS.fullmatch(line)
        assert hours, line
        start, end = _american(hours["day"], hours["clock"]), _american(*hours["end"].split(" @ "))
        return Seen(said(start), said(end) if end != start else "", hours["title"])


def _american(day: str, clock: str = "00:00") -> datetime:
    return datetime.strptime(f"{day} {clock}", "%m/%d/%Y %H:%M").replace(tzinfo=UTC)


def _beside(name: str) -> Path:
    return Path(__file__).with_name(name)


PARSERS: dict[str, Callable[[], Parser]] = {
    "ical": Ical,
    "vobject": Vobject,
    "ics": Ics,
    "libical": Libical,
    "ical.js": IcalJs,
    "calcurse": Calcurse,
}
