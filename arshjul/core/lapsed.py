"""What a letter that waits would tell and is no longer so: better not told than told wrong. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from arshjul.core.known import Known
from arshjul.core.model import CHANGE_LEAD, GONE_LEAD, Occurrence, ReminderId, Status, is_in_files


def lapsed(
    told: ReminderId,
    occurrences: Mapping[str, Occurrence],
    known: Known,
    clock: str | None = None,
    location: str | None = None,
) -> str:
    """Return in Norwegian why this no longer holds, "" while it does; `occurrences` are by key, from today's files.

    `clock` and `location` are the hours and the place that it would tell, None where that is not known.
    """
    if not is_in_files(told.key):  # a date that has been found meanwhile costs its reader nothing
        return ""
    it = occurrences.get(told.key)
    is_on = it is not None and it.status is not Status.CANCELLED and it.deadline is not None
    if told.lead.startswith(GONE_LEAD):
        return f"{told.key} gjelder likevel" if is_on else ""
    if it is None or not is_on:
        return f"{told.key} gjelder ikke lenger"
    if it.deadline != told.deadline:
        return f"{told.key} har fått en annen dato"
    if (clock is not None and clock != it.hour) or (location is not None and location != it.location):
        return f"{told.key} har fått en annen tid eller et annet sted"
    if known.is_settled(told.key, told.deadline) and not told.lead.startswith(CHANGE_LEAD):
        return f"{told.key} er meldt ferdig, uaktuell eller utsatt"
    if told.address not in {person.address for person in it.recipients}:
        return f"{told.key} er ikke lenger mottakerens oppgave"
    return ""
