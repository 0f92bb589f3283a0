"""A subscribed address asked the ways that calendar programs ask it. What the answers mean is in `lint.answers`."""

from __future__ import annotations

import gzip
import os
import re
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from errno import ETIMEDOUT
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection, IncompleteRead
from io import BufferedReader, BytesIO, RawIOBase
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import SplitResult, urljoin, urlsplit

from arshjul.lint.answers import REDIRECTIONS, UNCHANGED, Answer, Answers
from arshjul.printable import why

TRANSLATED: Final = IPv6Network("64:ff9b::/96")
"""IPv4 behind a translator (RFC 6052): the last four octets are the address."""


def is_public(address: str) -> bool:
    """Tell whether an IP address is of the open net, also by the IPv4 address that is wrapped in it."""
    ip = ip_address(address.partition("%")[0])
    inner = _wrapped(ip)
    return ip.is_global and not ip.is_multicast and (inner is None or is_public(str(inner)))


def _wrapped(ip: IPv4Address | IPv6Address) -> IPv4Address | None:
    if isinstance(ip, IPv4Address):
        return None
    if ip in TRANSLATED:
        return IPv4Address(ip.packed[-4:])
    return ip.ipv4_mapped or ip.sixtofour


if TYPE_CHECKING:  # collections.abc has it from Python 3.12 on
    from typing_extensions import Buffer

TIMEOUT = 30.0
"""Seconds for each answer."""

TIMEOUT_IN_ALL = 120.0
"""Seconds for all answers of one address."""

MOST_OCTETS = 50_000_000
"""In a body, packed or not: many times the largest feed that any calendar program takes."""

PIECE: Final = 65_536
"""Octets that are read at a time."""

MOST_REDIRECTS = 5
SCHEMES: Final[Mapping[str, type[HTTPConnection]]] = {
    "http": HTTPConnection,
    "https": HTTPSConnection,
    "webcal": HTTPSConnection,
}
AGENT = {"User-Agent": "arshjul lint", "Accept-Encoding": "identity"}
BEARER = {"Authorization": "Bearer"}
_TARGET: Final = re.compile(r"[!-~]+")
"""What may stand in the first line of a request; a blank or a line break would say more than an address."""


Octets = TypeVar("Octets", bytes, bytearray)


class FetchError(ValueError):
    """The address cannot be fetched or the answer is no HTTP; the message is Norwegian, the end of a sentence."""


def addresses_of(host: str, port: int) -> list[str]:
    """Return the IP addresses of a name, as the system finds them. Raises OSError."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise FetchError("navnet i adressen er ikke gyldig") from error
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def silence(error: OSError) -> str:
    """Return why nothing came back, as the end of a Norwegian sentence."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return "sertifikatet er ikke gyldig for navnet, eller er gått ut"
    if isinstance(error, ssl.SSLError):
        return "den krypterte forbindelsen ble ikke til"
    return "hele svaret kom ikke i tide" if isinstance(error, TimeoutError) else why(error)


@dataclass(frozen=True, slots=True)
class Net:
    """How names become addresses, and which of those are of the open net. A name is asked for once a connection."""

    addresses_of: Callable[[str, int], list[str]] = addresses_of
    is_public: Callable[[str], bool] = is_public


def is_address(text: str) -> bool:
    """Tell whether the text is an address to fetch from, not a file."""
    return text.partition("://")[0].lower() in SCHEMES and "://" in text


def fetch(url: str, net: Net | None = None, seconds: float = TIMEOUT_IN_ALL) -> Answers:
    """Return all answers, within so many seconds. OSError when nobody answers, FetchError for what is no HTTP.

    No server of the open net leads us into a closed one: what is there would be read for a stranger.
    """
    return _Fetching(net or Net(), time.monotonic() + seconds).all_answers(url)


@dataclass(slots=True)
class _Fetching:
    """The fetching of one address. `is_from_outside`: a server of the open net has answered."""

    net: Net
    end: float
    is_from_outside: bool = False

    def all_answers(self, url: str) -> Answers:
        redirects, full = [], self._ask("GET", url)
        while full.status in REDIRECTIONS and full.status != UNCHANGED and "location" in full.headers:
            redirects.append(full)
            if len(redirects) > MOST_REDIRECTS:
                raise FetchError("adressen viser videre i ring")
            full = self._ask("GET", _next(full))
        validators = {
            asked: full.headers[given]
            for asked, given in (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified"))
            if given in full.headers
        }
        return Answers(
            redirects=tuple(redirects),
            full=full,
            head=self._ask("HEAD", full.url),
            again=self._ask("GET", full.url, validators) if validators else None,
            packed=self._ask("GET", full.url, {"Accept-Encoding": "gzip"}),
            bearer=self._ask("GET", full.url, BEARER),
        )

    def _ask(self, method: str, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        return ask(method, url, headers, min(TIMEOUT, _left(self.end)), self._addresses)

    def _addresses(self, host: str, port: int) -> list[str]:
        found = self.net.addresses_of(host, port)
        is_outside = all(map(self.net.is_public, found))
        if self.is_from_outside and not is_outside:
            raise FetchError("tjeneren viser videre til en maskin på et lukket nett, og dit går vi ikke")
        self.is_from_outside = is_outside
        return found


def _next(answer: Answer) -> str:
    """Return where a redirect leads."""
    try:
        return urljoin(answer.url, answer.headers["location"])
    except ValueError as error:
        raise FetchError("tjeneren viser videre til noe som ikke er noen adresse") from error


def ask(
    method: str,
    url: str,
    headers: Mapping[str, str] | None = None,
    seconds: float = TIMEOUT,
    addresses: Callable[[str, int], list[str]] = addresses_of,
) -> Answer:
    """Return the answer to one request on a connection of its own. No redirect is followed.

    Raises OSError, a TimeoutError when the whole answer is not there in time; FetchError when the address is none,
    or what comes is no HTTP, or too much.
    """
    started = time.monotonic()
    try:
        response, body, is_cut = _converse(method, _target(url), {**AGENT, **(headers or {})}, seconds, addresses)
    except HTTPException as error:
        raise FetchError("det som svarer, snakker ikke HTTP") from error
    named = {name.lower(): value for name, value in response.getheaders()}
    if named.get("content-encoding") == "gzip" and body:
        body = _unpacked(body)
    return Answer(url, response.status, named, body, time.monotonic() - started, is_cut)


def _target(url: str) -> SplitResult:
    """Return the parts of an address that can be asked for."""
    try:
        target = urlsplit(url)
        is_whole = bool(target.hostname) and target.port != 0
    except ValueError as error:
        raise FetchError("adressen er ikke skrevet slik en adresse skal") from error
    if target.scheme.lower() not in SCHEMES:
        raise FetchError("bare http og https kan hentes")
    if not is_whole or re.search(r"[\0-\x20\x7f]", target.netloc) or not _TARGET.fullmatch(_path(target)):
        raise FetchError("adressen er ikke skrevet slik en adresse skal")
    return target


def _converse(
    method: str,
    target: SplitResult,
    headers: Mapping[str, str],
    seconds: float,
    addresses: Callable[[str, int], list[str]],
) -> tuple[HTTPResponse, bytes, bool]:
    end, host, way = time.monotonic() + seconds, target.hostname or "", SCHEMES[target.scheme.lower()]
    port = target.port or way.default_port
    connection, line = way(host, port), _connected(addresses(host, port), port, end)
    try:
        if isinstance(connection, HTTPSConnection):
            line = ssl.create_default_context().wrap_socket(line, server_hostname=host)
        connection.sock = _Line(line, end)  # and so it looks up no name by itself
        connection.request(method, _path(target), headers=dict(headers))
        response = connection.getresponse()
        return response, *_body(response)
    finally:
        line.close()
        connection.close()


def _connected(addresses: list[str], port: int, end: float) -> socket.socket:
    """Return a connection to the first of the addresses that takes one; they are not looked up again."""
    *others, last = addresses
    for address in others:
        with suppress(OSError):  # the next may answer
            return socket.create_connection((address, port), timeout=_left(end))
    return socket.create_connection((last, port), timeout=_left(end))


class _Timed(RawIOBase):
    """What comes on a line, until `end` and no longer, however steadily it trickles.

    Hanging up is not enough: who goes on sending is still read (Linux gives what comes after a shutdown).
    """

    def __init__(self, line: socket.socket, end: float) -> None:
        self.line, self.end = line, end

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        self.line.settimeout(_left(self.end))
        return self.line.recv_into(buffer)


@dataclass(frozen=True, slots=True)
class _Line:
    """As much of a socket as http.client uses, with an end to all that is said on it."""

    socket: socket.socket
    end: float

    def sendall(self, data: Buffer) -> None:
        self.socket.settimeout(_left(self.end))
        self.socket.sendall(data)

    def makefile(self, _mode: str) -> BufferedReader:
        return BufferedReader(_Timed(self.socket, self.end))

    def close(self) -> None:
        """Do nothing: http.client closes before it reads, and `_converse` when all is read."""


def _left(end: float) -> float:
    """Return the seconds until `end`. Raises TimeoutError when there are none."""
    if (left := end - time.monotonic()) <= 0:
        raise TimeoutError(ETIMEDOUT, os.strerror(ETIMEDOUT))
    return left


def _unpacked(body: bytes) -> bytes:
    try:
        with gzip.open(BytesIO(body)) as packed:
            return _not_too_much(packed.read(MOST_OCTETS + 1))
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise FetchError("det pakkede svaret (gzip) er avkortet eller ødelagt") from error


def _path(target: SplitResult) -> str:
    return (target.path or "/") + (f"?{target.query}" if target.query else "")


def _body(answer: HTTPResponse) -> tuple[bytes, bool]:
    """Return the body, read in pieces, and whether it was cut off."""
    body = bytearray()
    try:
        while piece := answer.read(PIECE):
            body += piece
            _not_too_much(body)
        is_cut = bool(answer.length)  # a bounded read does not say so by itself
    except IncompleteRead as error:
        body += error.partial
        is_cut = True
    return _not_too_much(bytes(body)), is_cut


def _not_too_much(body: Octets) -> Octets:
    if len(body) > MOST_OCTETS:
        raise FetchError(f"svaret er på over {MOST_OCTETS // 1_000_000} MB")
    return body
