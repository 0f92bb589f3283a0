"""Refusals in a row: whether they are the recipients' or ours, by what else has got through. Pure.

A server that refuses *us* may word it as if the recipient were unknown. What it says of a second recipient, with
nothing taken in between, is about the road and not about them. Putting off (greylisting) is one domain's habit until a
recipient at another is put off too.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from arshjul.core.refusals import ADDRESS
from arshjul.core.verdicts import Outcome, Verdict, is_put_off

OTHER_WORDS: Final = 3
"""So many recipients in a row make it the road's in whatever words: some servers put a new one into each answer."""

LONGEST: Final = 1000
MARKS: Final = ".,;:!?()[]{}\"'«»<>-"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A letter that was refused for good: which, to whom, in which words (see `words_of`)."""

    letter: str
    address: str
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    """The refusals since a letter last got through.

    `is_ours` once they were found to be so. `looked_at` are the recipients of a row that a person has let go: that they
    are refused again is no news.
    """

    refusals: tuple[Refusal, ...] = ()
    is_ours: bool = False
    looked_at: frozenset[str] = field(default_factory=frozenset)

    def and_then(self, refusal: Refusal) -> Row:
        others = tuple(one for one in self.refusals if one.letter != refusal.letter)
        return replace(self, refusals=(*others, refusal)[-LONGEST:])

    def ended(self) -> Row:
        """Return the row after a letter has got through."""
        return Row(looked_at=self.looked_at)

    def let_go(self) -> Row:
        """Return the row after a person has looked at it and let the queue go."""
        if not self.is_ours:
            return self
        addresses = {one.address for one in self.refusals}
        return Row(looked_at=self.looked_at | addresses)


def is_refusal(verdict: Verdict) -> bool:
    """Tell whether the server has refused the letter for good; what we find wrong with an address ourselves is not."""
    return verdict.outcome in (Outcome.REJECTED, Outcome.REFUSED) and verdict.code is not None


def is_deferral(verdict: Verdict) -> bool:
    """Tell whether the server has put off one letter, which may be the start of it putting off all."""
    return verdict.outcome is Outcome.TEMPORARY and is_put_off(verdict.text)


def domain_of(address: str) -> str:
    return address.casefold().rpartition("@")[2]


def of_letter(letter: str, address: str, verdict: Verdict) -> Refusal:
    return Refusal(letter, address.casefold(), words_of(verdict, address))


def ours_in(row: Row) -> tuple[Refusal, ...]:
    """Return the refusals that are of one kind with the newest and about us; none if they are the recipients'."""
    newest = row.refusals[-1]
    alike = tuple(one for one in row.refusals if one.words == newest.words)
    for refusals, enough in ((row.refusals, OTHER_WORDS), (alike, 2)):
        addresses = {one.address for one in refusals}
        if len(addresses) >= enough and not addresses <= row.looked_at:
            return refusals
    return ()


def words_of(verdict: Verdict, address: str) -> str:
    """Return a refusal's codes and words without what changes from letter to letter.

    Gone are addresses, hosts, links, numbers, names of queues and sessions, and what stands before the recipient's @.
    """
    text = ADDRESS.sub(" ", verdict.text.casefold().replace("[", " ").replace("(", " "))
    local = address.casefold().partition("@")[0]
    bare = (token.strip(MARKS) for token in text.split())
    words = [word for word in bare if word and word != local and word.replace("-", "").replace("'", "").isalpha()]
    return " ".join([str(verdict.code), verdict.enhanced, *words])
