"""All that the web shows, as one value that is swapped whole at each reload; nothing is read or computed here.

The service builds a new `SiteState` when the files, what is wrong, the tokens or the day have changed, and sets
`site.state`. A request takes the reference once and never sees half of one state and half of another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from arshjul.core.entries import heading
from arshjul.core.health import Health
from arshjul.core.model import Calendar, Letter, Occurrence
from arshjul.core.problems import Note, Problem
from arshjul.web.feeds import ServedFeed
from arshjul.web.fetches import Fetches
from arshjul.web.rates import ChangeRates
from arshjul.web.standing import OptOuts


@dataclass(frozen=True, slots=True)
class NextLetter:
    """A letter that is planned: when, to whom by name, and about what. It never holds an address."""

    send_day: date
    to: str
    titles: tuple[str, ...]


def next_letter(letter: Letter) -> NextLetter:
    """Return what the page shows of a planned letter: a name, never an address."""
    name = letter.to.name
    titles = tuple(heading(each.occurrence) for each in letter.reminders)
    return NextLetter(letter.send_day, name if name and "@" not in name else "en mottaker uten navn", titles)


@dataclass(frozen=True, slots=True, eq=False)
class SiteState:
    """What is served. `loaded_at` (UTC) is None until a catalogue has been read: feeds then answer 503, never 404.

    `feeds` are the public ones by slug, `private_feeds` those behind a token, by `token_hash(token)`. `problems` are
    those of the last load; with any, the rest is still the last good year. With `public_only`, the page shows public
    calendars, no letters, no notes, and of problems only that there are some. `coming` says which letters an edit will
    cause, `unheard` what nobody hears of in time or at all, each with names and no address; `notes` are what may not be
    as it was meant in the files that are shown, `notices` what else than the files is not as it should be. `hosts` are
    the names that the service answers to. Before it `knows_tokens`, private addresses answer 503, never 404.
    """

    title: str
    base_url: str
    today: date
    loaded_at: datetime | None = None
    public_only: bool = False
    hosts: frozenset[str] = frozenset()
    knows_tokens: bool = True
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    occurrences: tuple[Occurrence, ...] = ()
    letters: tuple[NextLetter, ...] = ()
    problems: tuple[Problem, ...] = ()
    coming: str = ""
    unheard: tuple[str, ...] = ()
    notices: tuple[Problem, ...] = ()
    notes: tuple[Note, ...] = ()
    feeds: Mapping[str, ServedFeed] = field(default_factory=dict)
    private_feeds: Mapping[str, ServedFeed] = field(default_factory=dict)


@dataclass(slots=True)
class Site:
    """Holds the state that is served now, who has fetched, where it is noted who wants no letters, and how it stands.

    Setting `state` is the one step of a reload. Without `opt_outs` there are no pages to say no to letters. `key` opens
    the page with all that is private, at /alt/<key>, for as long as the process runs; "" opens nothing.
    """

    state: SiteState
    fetches: Fetches = field(default_factory=Fetches)
    opt_outs: OptOuts | None = None
    key: str = ""
    rates: ChangeRates = field(default_factory=ChangeRates)
    health: Callable[[], Health] = Health
