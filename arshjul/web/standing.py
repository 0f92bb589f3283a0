"""How it stands with the letters to somebody who opens the link in one, asked of the store and changed there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from arshjul.core.tokens import token_hash
from arshjul.store import opt_outs
from arshjul.store.engine import Store

BY: Final = "lenken i brevet «{subject}»"


@dataclass(frozen=True, slots=True)
class Standing:
    """Whose letters a link is about, and whether they have said no to them."""

    address: str
    is_out: bool


@dataclass(frozen=True, slots=True)
class OptOuts:
    """Asks the store, and so waits for the disk. `now` gives UTC. Raises StoreError."""

    store: Store
    now: Callable[[], datetime]

    def standing(self, token: str) -> Standing | None:
        """Return how it stands; None for a token that no letter has."""
        letter = opt_outs.letter_of(self.store, token_hash(token))
        if letter is None:
            return None
        address, _ = letter
        return Standing(address, any(one.address == address for one in opt_outs.opt_outs(self.store)))

    def change(self, token: str, *, is_out: bool) -> Standing | None:
        """Stop the letters or let them go again; to ask for what is so already changes nothing."""
        letter = opt_outs.letter_of(self.store, token_hash(token))
        if letter is None:
            return None
        address, subject = letter
        change = opt_outs.opt_out if is_out else opt_outs.opt_in
        change(self.store, address, BY.format(subject=subject), self.now())
        return Standing(address, is_out)
