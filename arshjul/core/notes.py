"""What `check` tells of files that are in order: a note where something may not be as it was meant.

Each watch is a function of the catalogue and the day; to add one, write it beside its like and name it in `WATCHES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Final

from arshjul.core.missing import times_left_out
from arshjul.core.model import Catalogue
from arshjul.core.openness import shown_of_closed
from arshjul.core.problems import Note

WATCHES: Final[tuple[Callable[[Catalogue, date], Iterable[Note]], ...]] = (times_left_out, shown_of_closed)


def notes_of(catalogue: Catalogue, today: date) -> tuple[Note, ...]:
    """Return all notes, in the order of the files. The catalogue must be without problems."""
    return tuple(sorted({note for watch in WATCHES for note in watch(catalogue, today)}))
