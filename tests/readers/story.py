"""What subscribers live through: one date is moved, one called off, one new; the file is emptied, and comes back."""

from __future__ import annotations

import httpx

from tests.clock import NOON
from tests.serving import Served, until

YEAR = NOON.year + 1

CALENDAR = f"""
[calendar]
id = "prove"
name = "Prøve"
visibility = "public"

[[event]]
id = "styremote"
title = "Styremøte"
when = ["{YEAR}-02-12", "{YEAR}-04-23"]

[[event]]
id = "aarsmote"
title = "Årsmøte; åpent for alle"
when = "{YEAR}-06-05"
"""

EDITED = CALENDAR.replace(f'["{YEAR}-02-12", "{YEAR}-04-23"]', f'["{YEAR}-02-19", "{YEAR}-04-23", "{YEAR}-09-17"]')
EDITED = EDITED.replace('title = "Styremøte"\n', f'title = "Styremøte"\ncancelled = ["{YEAR}-04"]\n')

BEFORE = [
    f"{YEAR}-02-12 Styremøte (foreløpig)",
    f"{YEAR}-04-23 Styremøte (foreløpig)",
    f"{YEAR}-06-05 Årsmøte; åpent for alle (foreløpig)",
]
AFTER = [
    f"{YEAR}-02-19 Styremøte (foreløpig)",
    f"{YEAR}-04-23 Avlyst: Styremøte",
    f"{YEAR}-06-05 Årsmøte; åpent for alle (foreløpig)",
    f"{YEAR}-09-17 Styremøte (foreløpig)",
]

LATER = EDITED.replace(f'"{YEAR}-09-17"', f'"{YEAR}-09-17", "{YEAR}-11-26"')
AT_LAST = [*AFTER, f"{YEAR}-11-26 Styremøte (foreløpig)"]


def edit(served: Served, text: str, *, is_good: bool = True) -> None:
    """Save the calendar and wait until the service has noticed: it serves something else, or it says what is wrong."""
    address, log = served.feed("prove"), served.folder / "serve.log"
    before, complaints = httpx.get(address, trust_env=False).content, log.read_text(encoding="utf-8").count("feil")
    served.calendar("prove").write_text(text, encoding="utf-8")
    if is_good:
        until(lambda: httpx.get(address, trust_env=False).content != before, "the edit is served")
    else:
        until(lambda: log.read_text(encoding="utf-8").count("feil") > complaints, "the fault is reported")
        assert httpx.get(address, trust_env=False).content == before
