"""How it stands with the letters to somebody who opens the link in one, asked of the store and changed there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from arshjul.core.opt_outs import folded
from arshjul.core.tokens import token_hash
from arshjul.store import opt_outs
from arshjul.store.engine import Store

BY: Final = "lenken i brevet «{subject}»"


@dataclass(frozen=True, slots=True)
class Standing:
    """Whose letters a link is about, and whether they have said no to them. The coordinator cannot.

    `is_heard` says that there is a coordinator, who is told.
    """

    address: str
    is_out: bool
    is_coordinator: bool = False
    is_heard: bool = False


@dataclass(frozen=True, slots=True)
class OptOuts:
    """Asks the store, and so waits for the disk. `now` gives UTC. Raises StoreError."""

    store: Store
    now: Callable[[], datetime]
    coordinator: Callable[[], str] = lambda: ""
    """Returns the coordinator's address, "" while there is none."""

    def standing(self, token: str) -> Standing | None:
        """Return how it stands; None for a token that no letter has."""
        letter = opt_outs.letter_of(self.store, token_hash(token))
        return self._of(letter[0]) if letter else None

    def change(self, token: str, *, is_out: bool) -> Standing | None:
        """Stop the letters or let them go again; to ask for what is so already changes nothing."""
        letter = opt_outs.letter_of(self.store, token_hash(token))
        if letter is None:
            return None
        address, subject = letter
        if not self._of(address).is_coordinator:
            change = opt_outs.opt_out if is_out else opt_outs.opt_in
            change(self.store, address, BY.format(subject=subject), self.now())
        return self._of(address)

    def _of(self, address: str) -> Standing:
        is_coordinator = folded(address) == folded(self.coordinator())
        is_out = any(one.address == folded(address) for one in opt_outs.opt_outs(self.store))
        return Standing(address, is_out and not is_coordinator, is_coordinator, bool(self.coordinator()))
