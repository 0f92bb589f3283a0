"""Reads feeds with libical, in Debian's own Python: a line of JSON text in, a line of JSON out. Imports none of ours.

It stops at the first complaint, which is then what comes out.
"""

from __future__ import annotations

import json
import sys

import gi

gi.require_version("ICalGLib", "3.0")
from gi.repository import ICalGLib  # noqa: E402  (the version must be chosen first)


def written(time: ICalGLib.Time) -> str | None:
    """Return a time as it is written in a feed."""
    return None if time.is_null_time() else time.as_ical_string()


def read(text: str) -> object:
    """Return [UID, title, start, end] of all events, or what libical has against the feed."""
    calendar = ICalGLib.Component.new_from_string(text)
    if calendar is None:
        return "not a calendar"
    if not ICalGLib.restriction_check(calendar) or "X-LIC-ERROR" in calendar.as_ical_string():
        found = [line for line in calendar.as_ical_string().splitlines() if "X-LIC-ERROR" in line]
        return f"libical: {found}"
    events, kind = [], ICalGLib.ComponentKind.VEVENT_COMPONENT
    event = calendar.get_first_component(kind)
    while event is not None:
        ends = event.get_first_property(ICalGLib.PropertyKind.DTEND_PROPERTY)
        events.append(
            [
                event.get_uid(),
                event.get_summary(),
                written(event.get_dtstart()),
                written(event.get_dtend()) if ends else None,
            ]
        )
        event = calendar.get_next_component(kind)
    return events


for line in sys.stdin:
    print(json.dumps(read(json.loads(line))), flush=True)
