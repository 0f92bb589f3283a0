"""What has already happened, as far as planning must know it. Reading it from the database is in `store.outbox`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from arshjul.core.model import ReminderId


@dataclass(frozen=True, slots=True)
class Known:
    """What the store remembers.

    `told` holds every reminder that is in a letter (on its way or gone) or was passed over at first start; none of
    them is planned again. `written` holds (address, send day) of every letter there is. `baseline` tells whether the
    first start has happened.
    """

    told: frozenset[ReminderId] = frozenset()
    written: frozenset[tuple[str, date]] = frozenset()
    baseline: bool = False
