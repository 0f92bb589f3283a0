"""A subscribed address asked the ways that calendar programs ask it. What the answers are worth is in `core.lint`."""

from __future__ import annotations

import gzip
import os
import socket
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from errno import ETIMEDOUT
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection, IncompleteRead
from io import BytesIO
from urllib.parse import SplitResult, urljoin, urlsplit

from arshjul.core.lint.answers import REDIRECTIONS, UNCHANGED, Answer, Answers

TIMEOUT = 30.0
"""Seconds for each answer."""

MOST_OCTETS = 50_000_000
"""In a body, packed or not: many times the largest feed that any calendar program takes."""

MOST_REDIRECTS = 5
SCHEMES = {"http": HTTPConnection, "https": HTTPSConnection, "webcal": HTTPSConnection}
AGENT = {"User-Agent": "arshjul lint", "Accept-Encoding": "identity"}
BEARER = {"Authorization": "Bearer"}


def is_address(text: str) -> bool:
    """Tell whether the text is an address to fetch from, not a file."""
    return text.partition("://")[0].lower() in SCHEMES and "://" in text


def fetch(url: str) -> Answers:
    """Return all answers. OSError when nobody answers, ValueError when the address or the answer is no HTTP."""
    try:
        return _fetch(url)
    except HTTPException as error:
        raise ValueError(f"{type(error).__name__} {error}".strip()) from error


def _fetch(url: str) -> Answers:
    redirects, full = [], ask("GET", url)
    while full.status in REDIRECTIONS and full.status != UNCHANGED and "location" in full.headers:
        redirects.append(full)
        if len(redirects) > MOST_REDIRECTS:
            raise ValueError("adressen viser videre i ring")
        full = ask("GET", urljoin(full.url, full.headers["location"]))
    validators = {
        asked: full.headers[given]
        for asked, given in (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified"))
        if given in full.headers
    }
    return Answers(
        redirects=tuple(redirects),
        full=full,
        head=ask("HEAD", full.url),
        again=ask("GET", full.url, validators) if validators else None,
        packed=ask("GET", full.url, {"Accept-Encoding": "gzip"}),
        bearer=ask("GET", full.url, BEARER),
    )


def ask(method: str, url: str, headers: Mapping[str, str] | None = None, seconds: float = TIMEOUT) -> Answer:
    """Return the answer to one request on a connection of its own. No redirect is followed.

    Raises OSError, a TimeoutError when the whole answer is not there in time; HTTPException or ValueError when what
    comes is no HTTP, or too much.
    """
    target, started = urlsplit(url), time.monotonic()
    if target.scheme.lower() not in SCHEMES or not target.hostname:
        raise ValueError(f"«{target.scheme}» kan ikke hentes, bare http og https")
    connection = SCHEMES[target.scheme.lower()](target.hostname, target.port, timeout=seconds)
    try:
        connection.connect()
        with _hung_up_after(seconds, connection.sock):
            connection.request(method, _path(target), headers={**AGENT, **(headers or {})})
            answer = connection.getresponse()
            body, cut = _body(answer)
    finally:
        connection.close()
    named = {name.lower(): value for name, value in answer.getheaders()}
    if named.get("content-encoding") == "gzip" and body:
        body = _unpacked(body)
    return Answer(url, answer.status, named, body, time.monotonic() - started, cut)


@contextmanager
def _hung_up_after(seconds: float, line: socket.socket) -> Iterator[None]:
    """End the conversation after so long, however steadily an answer trickles in. Raises TimeoutError then."""
    is_late = threading.Event()

    def hang_up() -> None:
        is_late.set()
        with suppress(OSError):  # it may just have ended by itself
            socket.socket.shutdown(line, socket.SHUT_RDWR)  # not SSLSocket's own, which a reader must not meet

    timer = threading.Timer(seconds, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, HTTPException, ValueError) as error:
        if is_late.is_set():
            raise TimeoutError(ETIMEDOUT, os.strerror(ETIMEDOUT)) from error
        raise
    finally:
        timer.cancel()
    if is_late.is_set():
        raise TimeoutError(ETIMEDOUT, os.strerror(ETIMEDOUT))


def _unpacked(body: bytes) -> bytes:
    try:
        with gzip.open(BytesIO(body)) as packed:
            return _not_too_much(packed.read(MOST_OCTETS + 1))
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ValueError("det pakkede svaret (gzip) er avkortet eller ødelagt") from error


def _path(target: SplitResult) -> str:
    return (target.path or "/") + (f"?{target.query}" if target.query else "")


def _body(answer: HTTPResponse) -> tuple[bytes, bool]:
    try:
        body = answer.read(MOST_OCTETS + 1)
        is_cut = bool(answer.length) and len(body) <= MOST_OCTETS  # a bounded read does not say so by itself
    except IncompleteRead as error:
        body, is_cut = error.partial, True
    return _not_too_much(body), is_cut


def _not_too_much(body: bytes) -> bytes:
    if len(body) > MOST_OCTETS:
        raise ValueError(f"svaret er på over {MOST_OCTETS // 1_000_000} MB")
    return body
