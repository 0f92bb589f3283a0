"""When too much of what lies ahead would vanish at once, the last good year stays until somebody gives leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from arshjul.core.edits import questions
from arshjul.core.problems import Place, Problem
from arshjul.core.revisions import Revision, Vanishing, vanishing, vanishing_digest
from arshjul.core.words import count_in_words
from arshjul.rounds.feeds import Year, year_of
from arshjul.rounds.reload import Loaded, edition_of, keep, load_kept
from arshjul.rounds.remember import with_history
from arshjul.store.engine import Store
from arshjul.store.leave import released, use_up

ACCEPT = "arshjul accept"


class HeldBackError(Exception):
    """The files are held back and nothing else can be published; the message is Norwegian and says what to do."""


@dataclass(frozen=True, slots=True)
class Good:
    """The year to publish. With `held` or `asked`, it is the last one that was, and the files wait for an answer."""

    year: Year
    held: tuple[Vanishing, ...] = ()
    asked: tuple[Problem, ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What an administrator is told."""
        return (*self.asked, *(_problem(one, self.year) for one in self.held))


def held_back(year: Year, remembered: Mapping[str, Revision], leave: str | None) -> tuple[Vanishing, ...]:
    """Return the calendars that are held back; none when somebody has given leave for exactly this."""
    found = vanishing(year.entries, remembered, year.today, year.span, year.loaded.settings.feeds.vanish_share)
    return () if found and vanishing_digest(found) == leave else tuple(found)


def good_year(loaded: Loaded, store: Store, remembered: Mapping[str, Revision], today: date) -> Good:
    """Return the year of the files, or the last one that was published when the files are held back.

    Raises HeldBackError when that one is not there: to publish nothing is better than to empty people's calendars.
    """
    year = year_of(with_history(loaded, store, today), today)
    asked = tuple(questions(year.loaded.catalogue))
    held = () if asked else held_back(year, remembered, released(store))
    if not held and not asked:
        return Good(year)
    kept = load_kept(loaded.settings.folder, today)
    last = year_of(with_history(kept, store, today), today) if kept else None
    if last is None or held_back(last, remembered, None):
        raise HeldBackError("\n".join(f"{problem}" for problem in Good(year, held, asked).problems))
    return Good(last, held, asked)


def keep_published(loaded: Loaded, store: Store) -> None:
    """Keep the files that have been published, to go back to; leave that was given for them is used up.

    Files that have been saved again since are not kept: they may be those that will be held back. Raises OSError.
    """
    use_up(store)
    keep_unedited(loaded)


def keep_unedited(loaded: Loaded) -> None:
    """Keep the files that are in order, unless they have been saved again since they were read. Raises OSError."""
    if not loaded.problems and edition_of(loaded.settings) == loaded.edition:
        keep(loaded)


def _problem(one: Vanishing, year: Year) -> Problem:
    calendar = year.loaded.catalogue.calendars.get(one.calendar)
    place = calendar.place if calendar and calendar.place else Place(f"{one.calendar}.toml")
    dates = count_in_words(one.ahead, "kommende dato", "kommende datoer")
    return Problem(
        place,
        f"{len(one.gone)} av {dates} i «{calendar.name if calendar else one.calendar}» "
        "ville forsvunnet fra abonnementene. Den siste gode utgaven brukes fortsatt.",
        f"Er det meningen, kjør «{ACCEPT}». Ellers rett filen.",
    )
