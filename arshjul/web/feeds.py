"""Answers below /f/: bytes that lie ready in memory. No routing, template, database or encoding happens here.

Rules: an unknown, revoked or malformed address is the same 404, byte for byte. No answer depends on Accept,
Authorization, cookies or the query. Nothing is compressed: gzip on a feed has broken Outlook on the web.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hmac import compare_digest

from arshjul.core.ics import Feed

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
