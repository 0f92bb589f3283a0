"""What else than the files is not as it should be: shown on the page while it lasts, and said in the log once."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import date

from arshjul.core.health import Fault
from arshjul.core.problems import Place, Problem
from arshjul.service.faults import SAID_OF

log = logging.getLogger("arshjul")


@dataclass(slots=True)
class Notices:
    """One notice for each thing; a thing is the sentence of `faults` that it begins with."""

    _said: dict[str, tuple[Problem, date | None]] = field(default_factory=dict)

    def say(self, what: str, text: str, hint: str, day: date | None = None) -> None:
        """Show a notice. It is logged when it is new or says something else, with a day also on each new day."""
        said = Problem(Place("tjenesten"), text, hint), day
        if self._said.get(what) != said:
            log.warning("%s %s", text, hint)
        self._said[what] = said

    def withdraw(self, what: str) -> None:
        self._said.pop(what, None)

    def shown(self) -> tuple[Problem, ...]:
        return tuple(notice for notice, _ in self._said.values())

    def faults(self) -> list[Fault]:
        """Return what anybody may read of them."""
        return [Fault(*SAID_OF[what]) for what in self._said if what in SAID_OF]
