"""The last good year and what the web shows of it: files are taken in or held back, feeds published, state made."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from arshjul.core.edits import questions, remarks
from arshjul.core.problems import Place, Problem, told
from arshjul.core.revisions import Vanishing, vanishing_digest
from arshjul.core.senddays import local_day
from arshjul.core.words import count_in_words
from arshjul.rounds.feeds import Year, year_of
from arshjul.rounds.publish import Published, Publisher
from arshjul.rounds.reload import Loaded
from arshjul.rounds.remember import recall, remember
from arshjul.rounds.vanishing import Good, good_year, held_back, keep_published
from arshjul.service.state import site_state, wanted_specs
from arshjul.store.engine import Store
from arshjul.store.leave import released
from arshjul.store.opt_outs import opt_outs
from arshjul.store.tokens import all_hashes
from arshjul.web.state import SiteState

log = logging.getLogger("arshjul")


@dataclass(frozen=True, slots=True)
class Shown:
    """What the web's state is made from; when any of it has changed, it is made anew."""

    good: Loaded
    problems: tuple[Problem, ...]
    tokens: frozenset[tuple[str, str]]
    opted_out: frozenset[str]
    day: date
    coming: str = ""
    unheard: tuple[str, ...] = ()
    notices: tuple[Problem, ...] = ()


@dataclass(slots=True)
class Publishing:
    """Not safe for two threads at once. Raises HeldBackError when the first year is held back and there is no other."""

    first: Loaded
    store: Store
    now: datetime
    year: Year = field(init=False)
    problems: tuple[Problem, ...] = field(init=False)
    _taken_in: datetime = field(init=False)
    _held: tuple[Vanishing, ...] = field(init=False)
    _publisher: Publisher = field(init=False)
    _kept: Loaded | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self._publisher = Publisher(self.store)
        good = good_year(self.first, self.store, self._publisher.revisions, local_day(self.now))
        self.year, self._held = good.year, good.held
        self._taken_in = self.now
        # The files may themselves be those that were kept from before, with the problems of those that are there now.
        self.problems = (*self.first.problems, *good.problems)

    @property
    def good(self) -> Loaded:
        """The last good files."""
        return self.year.loaded

    def take_in(self, loaded: Loaded, now: datetime) -> None:
        """Use these files from now on, or keep the last good ones when there is something wrong with them."""
        self._held, self.problems = (), loaded.problems
        if loaded.problems:
            log.error("Filene har feil, så de forrige brukes fortsatt:\n%s", _lines(loaded.problems))
            return
        year = year_of(recall(loaded, self.store, now), local_day(now))
        if asked := tuple(questions(year.loaded.catalogue)):
            self.problems = asked
            log.error("Filene sier ikke hva som er ment, så de forrige brukes fortsatt:\n%s", _lines(asked))
            return
        self._held = held_back(year, self._publisher.revisions, released(self.store))
        if self._held:
            self.problems = Good(self.year, self._held).problems
            log.error("For mye ville forsvunnet, så de forrige filene brukes fortsatt:\n%s", _lines(self.problems))
            return
        self.year, self._taken_in = year, now
        log.info("Filene er lest inn på nytt.")
        for note in (*loaded.notes, *remarks(year.loaded.catalogue)):
            log.warning("%s", note)

    def is_released(self) -> bool:
        """Tell whether somebody has given leave for what is held back."""
        return bool(self._held) and released(self.store) == vanishing_digest(self._held)

    def to_show(self, now: datetime) -> Shown:
        tokens, silent = all_hashes(self.store, now).items(), (one.address for one in opt_outs(self.store))
        return Shown(self.good, self.problems, frozenset(tokens), frozenset(silent), local_day(now))

    def state(self, shown: Shown, now: datetime) -> SiteState:
        """Publish what has changed and return what is served. Raises StoreError."""
        known = remember(shown.good, self.store, now)
        if shown.day != self.year.today:
            self.year = year_of(known, shown.day)
        tokens = dict(shown.tokens)
        published = self._publisher.publish(self.year, wanted_specs(shown.good, tokens), now)
        problems = [*shown.problems, *_too_many(published)]
        state = site_state(self.year, published, problems, tokens, self._taken_in, shown.opted_out)
        return replace(state, coming=shown.coming, unheard=shown.unheard, notices=shown.notices)

    def keep(self) -> None:
        """Keep the files that are now published, to go back to. Raises OSError, StoreError."""
        if self.good is not self._kept and not self._held:
            keep_published(self.good, self.store)
            self._kept = self.good


def _too_many(published: Published) -> list[Problem]:
    """Say which feeds are cut: no client would say so."""
    found = [
        Problem(
            Place(str(name)),
            f"Abonnementet «{one.name}» er for stort for Google og Outlook: "
            f"{count_in_words(one.left_out, 'hendelse', 'hendelser')} er utelatt.",
            "Del det i flere kalendere eller områder.",
        )
        for name, one in published.feeds.items()
        if one.left_out
    ]
    if found:
        log.warning("%s", _lines(found))
    return found


def _lines(problems: Sequence[Problem]) -> str:
    return "\n".join(map(str, told(problems)))
