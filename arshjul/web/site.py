"""All that the web shows, as one value that is swapped whole; feeds ready in memory, who fetches them, opt-outs."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hmac import compare_digest
from ipaddress import ip_address
from typing import Final

from starlette.types import Scope

from arshjul.feeds.entries import heading
from arshjul.feeds.ics import Feed
from arshjul.health import Health
from arshjul.letters.history import normalize_address
from arshjul.plan.model import Calendar, Letter, Occurrence
from arshjul.plan.problems import Note, Problem
from arshjul.store import told
from arshjul.store.engine import Store
from arshjul.store.tokens import token_hash

Headers = list[tuple[bytes, bytes]]

CACHE = (b"cache-control", b"private, max-age=900")
NOSNIFF = (b"x-content-type-options", b"nosniff")
SECRET = [(b"referrer-policy", b"no-referrer"), (b"x-robots-tag", b"noindex, nofollow")]


@dataclass(frozen=True, slots=True)
class ServedFeed:
    """A feed with its answers' headers made ready. `token_hash` is empty for a public one."""

    slug: str
    name: str
    description: str
    token_hash: str
    etag: bytes
    last_modified: datetime
    body: bytes
    full: Headers
    unchanged: Headers


def served(feed: Feed, slug: str, *, name: str = "", description: str = "", token_hash: str = "") -> ServedFeed:
    """Return the feed ready to be served as `<slug>.ics`, behind a token when its hash is given. Slugs are ASCII."""
    shared = [
        (b"etag", feed.etag.encode()),
        (b"last-modified", format_datetime(feed.last_modified.astimezone(UTC), usegmt=True).encode()),
        CACHE,
        *(SECRET if token_hash else []),
    ]
    full = [
        (b"content-type", b"text/calendar; charset=utf-8"),
        (b"content-length", str(len(feed.body)).encode()),
        (b"content-disposition", f'inline; filename="{slug}.ics"'.encode("ascii")),
        NOSNIFF,
        *shared,
    ]
    return ServedFeed(
        slug=slug,
        name=name,
        description=description,
        token_hash=token_hash,
        etag=feed.etag.encode(),
        last_modified=feed.last_modified,
        body=feed.body,
        full=full,
        unchanged=shared,
    )


def public_slug(path: str) -> str | None:
    """Return the slug in `/f/<slug>.ics`; None for any other path."""
    slug = path[3:].removesuffix(".ics")
    return slug if path.endswith(".ics") and "/" not in slug else None


def private_address(path: str) -> tuple[str, str] | None:
    """Return token and slug of `/f/<token>/<slug>.ics`; None for any other path."""
    token, slash, name = path[3:].partition("/")
    slug = name.removesuffix(".ics")
    return (token, slug) if slash and name.endswith(".ics") and "/" not in slug else None


def opens(found: ServedFeed | None, digest: str, slug: str) -> bool:
    """Tell whether the token's hash and the slug are those of the feed, in the same time whether or not they are."""
    key = (found.token_hash if found else "0" * 64).encode()
    name = (found.slug if found else "").encode()
    return compare_digest(key, digest.encode()) & compare_digest(name, slug.encode("utf-8", "replace")) & bool(found)


def is_unchanged(feed: ServedFeed, headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Tell whether the client has these bytes. If-Modified-Since counts only without If-None-Match (RFC 9110)."""
    since, tags = None, None
    for name, value in headers:
        if name == b"if-none-match":
            tags = value if tags is None else tags + b"," + value
        elif name == b"if-modified-since":
            since = value
    if tags is not None:
        return tags == feed.etag or any(tag.strip() in {b"*", feed.etag, b"W/" + feed.etag} for tag in tags.split(b","))
    return since is not None and _is_since(feed.last_modified, since)


def _is_since(last_modified: datetime, since: bytes) -> bool:
    try:
        asked = parsedate_to_datetime(since.decode("latin-1"))
    except (ValueError, OverflowError):
        return False
    return last_modified <= (asked if asked.tzinfo else asked.replace(tzinfo=UTC))


CLIENTS = (
    (b"Google-Calendar-Importer", "Google"),
    (b"Outlook", "Outlook"),
    (b"Microsoft", "Outlook"),
    (b"Exchange", "Outlook"),
    (b"Thunderbird", "Thunderbird"),
    (b"dataaccessd", "Apple"),
    (b"CalendarAgent", "Apple"),
    (b"CFNetwork", "Apple"),
)
OTHER = "annet"


class Fetches:
    """Fetches since the last time that they were taken, by token hash and kind of client."""

    def __init__(self) -> None:
        self._counted: Counter[tuple[str, str]] = Counter()

    def note(self, token_hash: str, headers: Iterable[tuple[bytes, bytes]]) -> None:
        """Count one. Nothing else of the request is kept: not the address, not the version."""
        self._counted[token_hash, client(headers)] += 1

    def take(self) -> Counter[tuple[str, str]]:
        """Return what was counted and begin anew. One thread counts and another takes: the swap is one step."""
        taken, self._counted = self._counted, Counter()
        return taken


def client(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """Return the kind of calendar program that asks."""
    agent = next((value for name, value in headers if name == b"user-agent"), b"")
    return next((kind for mark, kind in CLIENTS if mark in agent), OTHER)


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
        letter = told.letter_of(self.store, token_hash(token))
        return self._of(letter[0]) if letter else None

    def change(self, token: str, *, is_out: bool) -> Standing | None:
        """Stop the letters or let them go again; to ask for what is so already changes nothing."""
        letter = told.letter_of(self.store, token_hash(token))
        if letter is None:
            return None
        address, subject = letter
        if not self._of(address).is_coordinator:
            change = told.opt_out if is_out else told.opt_in
            change(self.store, address, BY.format(subject=subject), self.now())
        return self._of(address)

    def _of(self, address: str) -> Standing:
        is_coordinator = normalize_address(address) == normalize_address(self.coordinator())
        is_out = any(one.address == normalize_address(address) for one in told.opt_outs(self.store))
        return Standing(address, is_out and not is_coordinator, is_coordinator, bool(self.coordinator()))


MOST_KEYS: Final = 10_000
"""Links or addresses that are remembered, those that asked last."""

AT_A_TIME: Final = 2
"""Questions of the pages to the database at a time: of the threads that the service has, most stay with its rounds."""


@dataclass(slots=True)
class Rate:
    """So many `times` at once for each key, and as many again spread over `seconds`."""

    times: int
    seconds: float
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def allows(self, key: str, now: float) -> bool:
        """Count one more at `now`, seconds of a monotonic clock; False when that is too many."""
        left, at = self._left.pop(key, (float(self.times), now))
        left = min(self.times, left + (now - at) * self.times / self.seconds)
        allowed = left >= 1
        self._left[key] = (left - allowed, now)
        if len(self._left) > MOST_KEYS:
            self._left.popitem(last=False)
        return allowed


@dataclass(slots=True)
class ChangeRates:
    """Of changes by the links in letters. People press once or twice, and mail programs for many people at a time."""

    by_link: Rate = field(default_factory=lambda: Rate(10, 600.0))
    by_address: Rate = field(default_factory=lambda: Rate(60, 60.0))

    def allow(self, link: str, address: str, now: float) -> bool:
        """Count a change by a link, named by its hash, from an address; False when either has made too many."""
        return self.by_address.allows(address, now) and self.by_link.allows(link, now)


def address_of(scope: Scope) -> str:
    """Return whom a request comes from. Of a server on this machine it is whom that server says, the last it names."""
    host: str = (scope.get("client") or ("",))[0]
    if not _is_loopback(host):
        return host
    said = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
    return said[-1].rpartition(b",")[2].strip().decode("latin-1")[:64] if said else host


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


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


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
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
