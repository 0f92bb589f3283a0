"""The web application: feeds before everything else, then pages, health and static files; which names it answers to."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from functools import lru_cache, partial
from hmac import compare_digest
from http import HTTPStatus
from ipaddress import ip_address
from time import monotonic
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from arshjul.store.engine import StoreError
from arshjul.store.tokens import token_hash
from arshjul.web import pages
from arshjul.web.pages import language_of, opt_out_page
from arshjul.web.site import (
    AT_A_TIME,
    Headers,
    ServedFeed,
    Site,
    SiteState,
    address_of,
    is_unchanged,
    opens,
    private_address,
    public_slug,
)

ANY_HOST = frozenset({"/livez", "/readyz", "/healthz"})
"""Paths that answer whatever name is asked for: probes ask by the address of a container, and learn nothing private."""


def hosts_of(url: str, host: str, aliases: Iterable[str]) -> frozenset[str]:
    """Return the names of the service, folded: of its public address, of what it listens on, and its aliases."""
    return frozenset(_folded(name) for name in (urlsplit(url).hostname or "", host, *aliases) if name)


def refusal(scope: Scope, hosts: frozenset[str]) -> HTTPStatus | None:
    """Return why a request is not answered; None when it is.

    400 without exactly one Host (RFC 9112, 3.2), which HTTP/1.0 need not have; 421 for another's name (RFC 9110,
    15.5.20).
    """
    if scope["path"] in ANY_HOST:
        return None
    named = [value for name, value in scope["headers"] if name == b"host"]
    if not named and scope["http_version"] == "1.0":
        return None
    if len(named) != 1:
        return HTTPStatus.BAD_REQUEST
    return None if _is_ours(named[0], hosts) else HTTPStatus.MISDIRECTED_REQUEST


@lru_cache(maxsize=256)
def _is_ours(header: bytes, hosts: frozenset[str]) -> bool:
    """Tell whether a Host header names this service, by any of its names or by an address, which no name can mean."""
    try:
        name = _folded(urlsplit(f"//{header.decode('ascii')}").hostname or "")
    except ValueError:
        return False
    return name == "localhost" or name in hosts or _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _folded(name: str) -> str:
    return name.casefold().removesuffix(".")


RETRY_AFTER = "60"
"""Seconds."""

PAGE_HEADERS: Headers = [
    (
        b"content-security-policy",
        (
            b"default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
            b"frame-ancestors 'none'"
        ),
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
NO_STORE = {"Cache-Control": "no-store"}
READ_ONLY = {"Allow": "GET, HEAD"}


def create_app(site: Site) -> ASGIApp:
    """Return the application. It serves `site.state` as it is at the moment of each request."""
    return Application(site)


class Application:
    """Answers to its own names only, sends /f/ to the feeds before any router sees it, and all else to the pages."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.feeds = FeedAnswers(site)
        self.pages = with_page_headers(page_routes(site))
        self.refused = {
            HTTPStatus.BAD_REQUEST: failure(pages.BAD_HOST, HTTPStatus.BAD_REQUEST),
            HTTPStatus.MISDIRECTED_REQUEST: failure(pages.WRONG_HOST, HTTPStatus.MISDIRECTED_REQUEST),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused = refusal(scope, self.site.state.hosts) if scope["type"] == "http" else None
        if refused:
            await self.refused[refused](scope, receive, send)
        elif scope["type"] == "http" and scope["path"].startswith("/f/"):
            await self.feeds(scope, receive, send)
        else:
            await self.pages(scope, receive, send)


class FeedAnswers:
    """Answers GET and HEAD below /f/ from memory."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.not_found = failure(pages.FEED_NOT_FOUND, HTTPStatus.NOT_FOUND)
        self.not_allowed = failure(pages.NOT_ALLOWED, HTTPStatus.METHOD_NOT_ALLOWED, READ_ONLY)
        self.not_ready = failure(pages.NOT_READY, HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": RETRY_AFTER})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        method = scope["method"]
        if method not in {"GET", "HEAD"}:
            return await self.not_allowed(scope, receive, send)
        state = self.site.state
        if state.loaded_at is None:
            # A 404 here would make Thunderbird switch the subscription off.
            return await self.not_ready(scope, receive, send)
        feed = find(state, scope["path"])
        if feed is None and not state.knows_tokens and private_address(scope["path"]):
            return await self.not_ready(scope, receive, send)
        if feed is None:
            return await self.not_found(scope, receive, send)
        if feed.token_hash:
            self.site.fetches.note(feed.token_hash, scope["headers"])
        return await answer(feed, scope, send)


def find(state: SiteState, path: str) -> ServedFeed | None:
    """Return the feed at a path; None for what is unknown, revoked or malformed alike."""
    slug = public_slug(path)
    if slug is not None:
        return state.feeds.get(slug)
    token, slug = private_address(path) or ("", "")
    digest = token_hash(token)
    found = state.private_feeds.get(digest)
    return found if opens(found, digest, slug) else None


async def answer(feed: ServedFeed, scope: Scope, send: Send) -> None:
    """Send the feed, its headers only, or that it has not changed."""
    unchanged = is_unchanged(feed, scope["headers"])
    status, headers = (304, feed.unchanged) if unchanged else (200, feed.full)
    await send({"type": "http.response.start", "status": status, "headers": headers})
    body = b"" if unchanged or scope["method"] == "HEAD" else feed.body
    await send({"type": "http.response.body", "body": body})


def page_routes(site: Site) -> Starlette:
    """Return the pages' own application."""

    async def index(request: Request) -> Response:
        return index_response(site, request.query_params.get("kalender", ""))

    async def whole(request: Request) -> Response:
        key = request.path_params["key"]
        if not site.key or not compare_digest(key.encode("utf-8", "replace"), site.key.encode()):
            return failure_response(pages.NOT_FOUND, HTTPStatus.NOT_FOUND, {})
        return index_response(site, request.query_params.get("kalender", ""), key=site.key)

    async def ready(_: Request) -> Response:
        is_loaded = site.state.loaded_at is not None
        return PlainTextResponse(
            site.health().text() if is_loaded else "leser inn\n", 200 if is_loaded else 503, NO_STORE
        )

    async def healthy(_: Request) -> Response:
        health = site.health()
        return JSONResponse(health.as_json(), 200 if health.is_well else 503, NO_STORE)

    async def alive(_: Request) -> Response:
        return PlainTextResponse("lever\n", headers=NO_STORE)

    letters = LetterAnswers(site)

    async def opt_out(request: Request) -> Response:
        return await letters.answer(request, is_out=True)

    async def opt_in(request: Request) -> Response:
        return await letters.answer(request, is_out=False)

    async def robots(_: Request) -> Response:
        return PlainTextResponse("User-agent: *\nAllow: /\n")

    routes = [
        Route("/", index),
        Route("/alt/{key}", whole),
        Route("/robots.txt", robots),
        Route("/u/{token}", opt_out, methods=["GET", "POST"]),
        Route("/u/{token}/undo", opt_in, methods=["GET", "POST"]),
        Route("/livez", alive),
        Route("/readyz", ready),
        Route("/healthz", healthy),
        Mount("/static", StaticFiles(directory=pages.STATIC), name="static"),
    ]
    app = Starlette(routes=routes, exception_handlers={404: not_found, 405: not_allowed, 500: server_failure})
    # A redirect would repeat the address, and there is nothing here that has two.
    app.router.redirect_slashes = False
    return app


def index_response(site: Site, calendar: str, *, key: str = "") -> Response:
    """Return the front page, or the one behind the key."""
    state = site.state
    if state.loaded_at is None:
        return failure_response(pages.NOT_READY, HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": RETRY_AFTER})
    public_only = state.public_only and not key
    if calendar and calendar not in pages.choices(state, public_only=public_only):
        return failure_response(pages.NOT_FOUND, HTTPStatus.NOT_FOUND, {})
    unlisted = {} if public_only else {"X-Robots-Tag": "noindex"}
    page = pages.index_page(state, calendar, site.health().failing, key)
    return HTMLResponse(page, headers={"Cache-Control": "no-store" if key else "private, no-cache"} | unlisted)


class LetterAnswers:
    """Shows how it stands with the letters to whoever has the token in one; a POST changes it, a GET never does.

    Mail servers open links to look for evil, so a GET must not. The body of a POST says nothing that the path does not:
    a mail program's own button sends "List-Unsubscribe=One-Click" (RFC 8058), and is answered without a redirect.
    """

    def __init__(self, site: Site) -> None:
        self.site, self.turn = site, asyncio.Semaphore(AT_A_TIME)

    async def answer(self, request: Request, *, is_out: bool) -> Response:
        token, opt_outs = request.path_params["token"], self.site.opt_outs
        if opt_outs is None and not self.site.state.knows_tokens:
            return failure_response(pages.BUSY, HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": RETRY_AFTER})
        if opt_outs is None:
            return failure_response(pages.NOT_FOUND, HTTPStatus.NOT_FOUND, {})
        is_change = request.method == "POST"
        if is_change and not self.site.rates.allow(token_hash(token), address_of(request.scope), monotonic()):
            return failure_response(pages.TOO_MANY, HTTPStatus.TOO_MANY_REQUESTS, {"Retry-After": RETRY_AFTER})
        ask = partial(opt_outs.change, is_out=is_out) if is_change else opt_outs.standing
        try:
            async with self.turn:
                standing = await asyncio.to_thread(ask, token)
        except StoreError:
            return failure_response(pages.BUSY, HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": RETRY_AFTER})
        if standing is None:
            return failure_response(pages.NOT_FOUND, HTTPStatus.NOT_FOUND, {})
        language = language_of(self.site.state, standing.address)
        return HTMLResponse(
            opt_out_page(standing, token, language, self.site.state.title),
            headers=NO_STORE | {"X-Robots-Tag": "noindex"},
        )


async def not_found(_: Request, __: Exception) -> Response:
    """Answer an address that is not there."""
    return failure_response(pages.NOT_FOUND, HTTPStatus.NOT_FOUND, {})


async def not_allowed(_: Request, error: Exception) -> Response:
    """Answer a method that the page does not take, and say which it does."""
    told = error.headers if isinstance(error, HTTPException) and error.headers else READ_ONLY
    methods = ", ".join(sorted(told["Allow"].split(", ")))
    return failure_response(pages.NOT_ALLOWED, HTTPStatus.METHOD_NOT_ALLOWED, {"Allow": methods})


async def server_failure(_: Request, __: Exception) -> Response:
    """Answer when the page itself fails; uvicorn writes the traceback, which holds no address."""
    return failure_response(pages.BROKEN, HTTPStatus.INTERNAL_SERVER_ERROR, {})


def failure_response(words: pages.Failure, status: int, headers: dict[str, str]) -> Response:
    return HTMLResponse(pages.error_page(words), status, NO_STORE | headers)


def failure(words: pages.Failure, status: int, headers: dict[str, str] | None = None) -> ASGIApp:
    """Return an application that always gives the same bytes, with the pages' headers, and no body for HEAD."""
    return with_page_headers(failure_response(words, status, headers or {}))


def with_page_headers(app: ASGIApp) -> ASGIApp:
    """Return the application with the headers that keep a page to itself on every answer."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *PAGE_HEADERS]}
            await send(message)

        await app(scope, receive, send_with_headers)

    return wrapped
