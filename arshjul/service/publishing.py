"""The last good year and what the web shows of it: files taken in or held back, with a database or without."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import InitVar, dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Generic, TypeVar

from arshjul.feeds.revisions import Revision, Vanishing, vanishing, vanishing_digest
from arshjul.feeds.subscriptions import FeedNameError, FeedSpec, parse_spec
from arshjul.health import AGAIN, Area, Fault, Health, faults_of_files
from arshjul.letters.reminders import preview
from arshjul.loading import edition_of, keep, load_kept, load_to_act
from arshjul.organisation import Organisation
from arshjul.plan.model import Catalogue, Occurrence
from arshjul.plan.problems import Note, Place, Problem, told
from arshjul.rounds.publish import Published, Publisher, Year, public_specs, year_of
from arshjul.rounds.remember import recall, remember, with_history
from arshjul.service.guard import AREAS, OPENING, Guard, Notices, asked_to_end
from arshjul.store.engine import Mark, Store, StoreError
from arshjul.store.facts import released, use_up
from arshjul.store.tokens import all_hashes
from arshjul.store.told import opt_outs
from arshjul.timing.days import DAY, Span, local_day
from arshjul.web.app import hosts_of
from arshjul.web.site import NextLetter, ServedFeed, Site, SiteState, next_letter, served
from arshjul.words import count_in_words, list_in_words
from arshjul.year.edits import questions, remarks

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
    found = vanishing(year.entries, remembered, year.today, year.span, year.organisation.settings.feeds.vanish_share)
    return () if found and vanishing_digest(found) == leave else tuple(found)


def good_year(organisation: Organisation, store: Store, remembered: Mapping[str, Revision], today: date) -> Good:
    """Return the year of the files, or the last one that was published when the files are held back.

    Raises HeldBackError when that one is not there: to publish nothing is better than to empty people's calendars.
    """
    year = year_of(with_history(organisation, store, today), today)
    asked = tuple(questions(year.organisation.catalogue))
    held = () if asked else held_back(year, remembered, released(store))
    if not held and not asked:
        return Good(year)
    kept = load_kept(organisation.settings.folder, today)
    last = year_of(with_history(kept, store, today), today) if kept else None
    if last is None or held_back(last, remembered, None):
        raise HeldBackError("\n".join(f"{problem}" for problem in Good(year, held, asked).problems))
    return Good(last, held, asked)


def keep_published(organisation: Organisation, store: Store) -> None:
    """Keep the files that have been published, to go back to; leave that was given for them is used up.

    Files that have been saved again since are not kept: they may be those that will be held back. Raises OSError.
    """
    use_up(store)
    keep_unedited(organisation)


def keep_unedited(organisation: Organisation) -> None:
    """Keep the files that are in order, unless they have been saved again since they were read. Raises OSError."""
    if not organisation.problems and edition_of(organisation.settings) == organisation.edition:
        keep(organisation)


def _problem(one: Vanishing, year: Year) -> Problem:
    calendar = year.organisation.catalogue.calendars.get(one.calendar)
    place = calendar.place if calendar and calendar.place else Place(f"{one.calendar}.toml")
    dates = count_in_words(one.ahead, "kommende dato", "kommende datoer")
    return Problem(
        place,
        f"{len(one.gone)} av {dates} i «{calendar.name if calendar else one.calendar}» "
        "ville forsvunnet fra abonnementene. Den siste gode utgaven brukes fortsatt.",
        f"Er det meningen, kjør «{ACCEPT}». Ellers rett filen.",
    )


PAGE_DAYS = 365
LETTER_DAYS = 90
SOME_NAMES = 3


def site_state(  # noqa: PLR0917  (all that is shown)
    year: Year,
    published: Published,
    problems: Sequence[Problem],
    tokens: Mapping[str, str],
    loaded_at: datetime,
    opted_out: Collection[str] = (),
    remarked: Sequence[Note] | None = None,
) -> SiteState:
    """Return what is served of the last good year; `problems` are those of the files as they now are.

    `tokens` are the hashes of feed tokens with the text that names the feed that each opens.
    `loaded_at` is when the files were taken in, `opted_out` the addresses that want no letters. `remarked` are the
    remarks on the catalogue where they are known already.
    """
    organisation, found, today = year.organisation, year.occurrences, year.today
    site = organisation.settings.site
    return SiteState(
        title=site.name,
        base_url=site.url,
        today=today,
        loaded_at=loaded_at,
        public_only=site.index == "public",
        hosts=hosts_of(site.url, site.host, site.aliases),
        calendars={calendar.id: calendar for calendar in organisation.catalogue.calendars.values()},
        occurrences=tuple(_shown(found, today)),
        letters=tuple(_letters(organisation, found, today, opted_out)),
        problems=tuple(problems),
        notes=tuple(
            sorted({*organisation.notes, *(remarks(organisation.catalogue) if remarked is None else remarked)})
        ),
        feeds=dict(_public(organisation, published)),
        private_feeds=dict(_private(published, tokens)),
    )


def wanted_specs(organisation: Organisation, tokens: Mapping[str, str]) -> Iterator[FeedSpec]:
    """Yield the feeds to publish: the public ones, and those that a token opens."""
    yield from public_specs(organisation)
    for text in sorted(set(tokens.values())):
        with suppress(FeedNameError):  # made by a later version of the program; it stays closed
            yield parse_spec(text)


def _letters(
    organisation: Organisation, found: Sequence[Occurrence], today: date, opted_out: Collection[str]
) -> Iterator[NextLetter]:
    """Yield the letters of the coming months, by name and never by address."""
    span = Span(today, today + LETTER_DAYS * DAY)
    return gathered(
        map(next_letter, preview(organisation.catalogue, found, span, organisation.settings.rules, opted_out))
    )


def gathered(found: Iterable[NextLetter]) -> Iterator[NextLetter]:
    """Yield letters that say the same on the same day as one, to the first few by name."""
    same: dict[tuple[date, tuple[str, ...]], list[str]] = {}
    for letter in found:
        same.setdefault((letter.send_day, letter.titles), []).append(letter.to)
    for (day, titles), names in same.items():
        more = len(names) - SOME_NAMES
        yield NextLetter(day, list_in_words((*names[:SOME_NAMES], f"{more} til") if more > 1 else tuple(names)), titles)


def _shown(found: Sequence[Occurrence], today: date) -> Iterator[Occurrence]:
    span = Span(today, today + PAGE_DAYS * DAY)
    for one in found:
        if one.days.overlaps(span) if one.days else one.period[:4] == str(today.year):
            yield one


def _public(organisation: Organisation, published: Published) -> Iterator[tuple[str, ServedFeed]]:
    for spec in public_specs(organisation):
        if one := published.feeds.get(str(spec)):
            yield one.slug, served(one.feed, one.slug, name=one.name, description=one.description)


def _private(published: Published, tokens: Mapping[str, str]) -> Iterator[tuple[str, ServedFeed]]:
    for token_hash, text in tokens.items():
        with suppress(FeedNameError):
            if one := published.feeds.get(str(parse_spec(text))):
                yield token_hash, served(one.feed, one.slug, name=one.name, token_hash=token_hash)


UNASKED = timedelta(seconds=10)
"""So long the database is not asked while nobody has written to it: a token can run out all the same."""

log = logging.getLogger("arshjul")


@dataclass(frozen=True, slots=True)
class Shown:
    """What the web's state is made from; when any of it has changed, it is made anew."""

    good: Organisation
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

    first: InitVar[Organisation]
    store: Store
    now: datetime
    year: Year = field(init=False)
    problems: tuple[Problem, ...] = field(init=False)
    _taken_in: datetime = field(init=False)
    _held: tuple[Vanishing, ...] = field(init=False)
    _publisher: Publisher = field(init=False)
    _kept: Organisation | None = field(init=False, default=None)
    _found: tuple[frozenset[tuple[str, str]], frozenset[str]] = field(init=False, default=(frozenset(), frozenset()))
    _mark: Mark | None = field(init=False, default=None)
    _asked: datetime = field(init=False)
    _remarks: tuple[Catalogue | None, tuple[Note, ...]] = field(init=False, default=(None, ()))

    def __post_init__(self, first: Organisation) -> None:
        self._publisher = Publisher(self.store)
        good = good_year(first, self.store, self._publisher.revisions, local_day(self.now))
        self.year, self._held = good.year, good.held
        self._taken_in = self._asked = self.now
        # The files may themselves be those that were kept from before, with the problems of those that are there now.
        self.problems = (*first.problems, *good.problems)

    @property
    def good(self) -> Organisation:
        """The last good files."""
        return self.year.organisation

    def take_in(self, organisation: Organisation, now: datetime) -> None:
        """Use these files from now on, or keep the last good ones when there is something wrong with them."""
        self._held, self.problems = (), organisation.problems
        if organisation.problems:
            log.error("Filene har feil, så de forrige brukes fortsatt:\n%s", _lines(organisation.problems))
            return
        year = year_of(recall(organisation, self.store, now), local_day(now))
        if asked := tuple(questions(year.organisation.catalogue)):
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
        for note in (*organisation.notes, *self._remarked()):
            log.warning("%s", note)

    @property
    def is_held(self) -> bool:
        """Whether files are held back until somebody gives leave."""
        return bool(self._held)

    def is_released(self) -> bool:
        """Tell whether somebody has given that leave."""
        return self.is_held and released(self.store) == vanishing_digest(self._held)

    def to_show(self, now: datetime) -> Shown:
        """Return what is to be shown at `now` (UTC). Raises StoreError."""
        mark = self.store.mark()
        if mark is None or mark != self._mark or not timedelta(0) <= now - self._asked < UNASKED:
            tokens, silent = all_hashes(self.store, now).items(), (one.address for one in opt_outs(self.store))
            self._found = frozenset(tokens), frozenset(silent)
            self._mark, self._asked = mark, now
        return Shown(self.good, self.problems, *self._found, local_day(now))

    def state(self, shown: Shown, now: datetime) -> SiteState:
        """Publish what has changed and return what is served. Raises StoreError."""
        known = remember(shown.good, self.store, now)
        if shown.day != self.year.today:
            self.year = year_of(known, shown.day)
        tokens = dict(shown.tokens)
        published = self._publisher.publish(self.year, wanted_specs(shown.good, tokens), now)
        problems = [*shown.problems, *_too_many(published)]
        state = site_state(self.year, published, problems, tokens, self._taken_in, shown.opted_out, self._remarked())
        return replace(state, coming=shown.coming, unheard=shown.unheard, notices=shown.notices)

    def _remarked(self) -> tuple[Note, ...]:
        """Return the remarks on the catalogue, which are found once: it takes as long as reading the files."""
        if self._remarks[0] is not self.good.catalogue:
            self._remarks = self.good.catalogue, tuple(remarks(self.good.catalogue))
        return self._remarks[1]

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


LOOK_SECONDS = 1.0
"""Between looks whether a next try is due: the pauses between tries grow, see `guard`."""

Opened = TypeVar("Opened")
"""What `start` opens: the service."""


@dataclass(slots=True)
class Waiting(Generic[Opened]):
    """Fills a site from the files alone, and opens the service with `start` as soon as that goes.

    What only the database knows is not there: who has which private feed, who wants no letters, what was sent; nor
    the brake against dates that vanish. So it shows the files that were published last, where copies of them are kept.
    """

    site: Site
    organisation: Organisation
    start: Callable[[Organisation], Awaitable[Opened]]
    now: Callable[[], datetime]
    error: InitVar[StoreError]
    _guard: Guard = field(init=False, default_factory=Guard)
    _stopping: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    _service: Opened | None = field(init=False, default=None)
    _notices: Notices = field(init=False, default_factory=Notices)
    _shown: tuple[object, ...] = field(init=False, default=())

    def __post_init__(self, error: StoreError) -> None:
        self.site.health, self.site.opt_outs = self.health, None
        self._show(str(error))

    def health(self) -> Health:
        words = [error.words for error in self._guard.errors() if isinstance(error, StoreError)]
        faults = [Fault(AREAS[OPENING], OPENING, AGAIN), *(Fault(Area.STORE, said, AGAIN) for said in words)]
        return Health(tuple(dict.fromkeys(faults)), tuple(faults_of_files(len(self.organisation.problems))))

    def stop(self) -> None:
        self._stopping.set()

    def read_anew(self) -> None:
        """The files are read before each try."""

    async def run(self) -> Opened | None:
        """Return the service once its database can be used; None when asked to end first."""
        with asked_to_end(self.stop, self.read_anew):
            while not await self._stopped(self._guard.pause(OPENING, LOOK_SECONDS)):
                if await self._guard.step(OPENING, self._try()):
                    return self._service
        return None

    async def _try(self) -> None:
        organisation = await asyncio.to_thread(load_to_act, self.organisation.settings.folder, local_day(self.now()))
        if organisation.catalogue.calendars:
            self.organisation = organisation
        try:
            self._service = await self.start(self.organisation)
        except StoreError as error:
            await asyncio.to_thread(self._show, str(error))
            raise

    def _show(self, reason: str) -> None:
        """Show the files by themselves; what is wrong with the database stands beside them."""
        now = self.now()
        self._notices.say(OPENING, f"{OPENING} {reason}", AGAIN)
        shown = (self.organisation.edition, self.organisation.problems, reason, local_day(now))
        if shown == self._shown:
            return
        good = load_kept(self.organisation.settings.folder, local_day(now)) or self.organisation
        year = year_of(good, local_day(now))
        published = Publisher(None).publish(year, public_specs(good), now)
        state = site_state(year, published, self.organisation.problems, {}, now)
        self.site.state = replace(state, letters=(), knows_tokens=False, notices=self._notices.shown())
        self._shown = shown

    async def _stopped(self, seconds: float) -> bool:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
        return self._stopping.is_set()
