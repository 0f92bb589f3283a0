"""Addresses as people write them: of recipients, servers, the service itself → those, or what is wrong with them."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

import idna

from arshjul.plan.model import Recipient
from arshjul.plan.shapes import quoted
from arshjul.words import read_language

_WRITTEN = re.compile(r'^(?:"?(?P<name>[^"<>]*?)"?\s*<(?P<inner>[^<>]+)>|(?P<bare>[^<>\s]+))$')
_LOCAL = re.compile(r"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$")
_PLAIN_URL = re.compile(r"[^\s<>\"\x00-\x1f\x7f]+")
_LONGEST, _LONGEST_LOCAL = 254, 64
"""Octets, RFC 5321 section 4.5.3.1 (the whole path is 256 with its brackets)."""
_URL_PASSWORD = re.compile(r"^[^:/]+://[^:/]*:[^@]+@|[?&](?:ssl)?password=", re.IGNORECASE)
"""As SQLAlchemy tells a password in the address of a database, and as libpq takes one among the parameters."""

LAST_PORT = 65_535
_SERVER = re.compile(r"(\[[^\]]*\]|[^:]*)(?:(:)(.*))?")
_PORT_PARAMETER = re.compile(r"[?&]port=([^&]*)")

_NO_DOMAINS = ("localhost", "localdomain", "invalid")
"""Last labels of names that have a meaning on one machine only, or none (RFC 6761)."""

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_ASCII_HOST = re.compile(rf"(?=.{{1,254}}$){_LABEL}(?:\.{_LABEL})*\.?")
_NUMBER_LAST = re.compile(r"(?:.*\.)?\d+\.?")


def read_address(text: str, language: str = "nb") -> Recipient:
    """Return the recipient; ValueError with a Norwegian sentence when no mail could reach such an address.

    A language may stand last, after a semicolon ("Navn <navn@example.no>; nynorsk"), else it is the one given.
    The domain becomes an A-label (IDNA 2008, UTS 46), all of it lower case: no server tells Kari@ from kari@, and one
    person in two parties must not be two. A local part with æ, ø or å is refused: Norwegian mail servers
    do not have such addresses, so it is a slip of the pen.
    """
    text, semicolon, named = text.partition(";")
    code = read_language(named) if semicolon else language
    if code is None:
        raise ValueError(f"{quoted(named.strip())} er ikke noe språk. Skriv «bokmål», «nynorsk» eller «engelsk».")
    found = _WRITTEN.match(text.strip())
    if not found:
        raise ValueError(f"{quoted(text)} er ingen adresse. Skriv «Navn <navn@example.no>».")
    local, at, domain = (found["inner"] or found["bare"]).strip().rpartition("@")
    if not at or "." not in domain:
        raise ValueError(f"{quoted(text)} mangler en e-postadresse. Skriv «Navn <navn@example.no>».")
    if domain.endswith("."):
        raise ValueError(f"{quoted(text)} slutter med punktum. Adressen skal slutte med domenet: «navn@example.no».")
    if len(local) > _LONGEST_LOCAL:
        raise ValueError(f"{quoted(local)} er for langt foran @: høyst {_LONGEST_LOCAL} tegn.")
    if not _LOCAL.match(local):
        raise ValueError(f"{quoted(f'{local}@{domain}')} har et tegn foran @ som ikke kan brukes i en adresse.")
    try:
        address = f"{local.lower()}@{idna.encode(domain.lower(), uts46=True).decode()}"
    except idna.IDNAError:
        raise ValueError(f"{quoted(domain)} er ikke noe gyldig domene.") from None
    if len(address) > _LONGEST:
        raise ValueError(f"{quoted(address)} er for lang for en adresse.")
    return Recipient(address, (found["name"] or "").strip(), code)


def has_password(url: str) -> bool:
    """Tell whether the address of a database has a password in it."""
    return bool(_URL_PASSWORD.search(url.strip()))


def read_store_address(url: str) -> str:
    """Return the address of a database; ValueError with a Norwegian sentence for one that nothing can be opened by.

    It may not be quoted: there can be a password in it. An address without a host is a server on this machine.
    """
    kind, found, rest = url.strip().partition("://")
    if not found or kind.partition("+")[0] not in ("sqlite", "postgresql"):
        raise _no_store_address("den må begynne med «sqlite:///» eller «postgresql://»")
    if kind.startswith("sqlite"):
        _read_sqlite_file(kind, rest)
    else:
        _read_server(rest)
    return url.strip()


def _read_sqlite_file(kind: str, rest: str) -> None:
    path, _, parameters = rest.partition("?")
    if kind != "sqlite" or not path.startswith("/"):
        raise _no_store_address("før filen skal det stå «sqlite:///», med tre skråstreker")
    if path in ("/", "/:memory:") or path.endswith("/") or "mode=" in parameters:
        raise _no_store_address("databasen må ligge i en fil")


def _read_server(rest: str) -> None:
    server = re.split("[/?]", rest, maxsplit=1)[0].rpartition("@")[2]
    found = _SERVER.fullmatch(server)
    host, colon, port = found.groups() if found else ("", "", "")
    if colon and not host:
        raise _no_store_address("navnet på tjeneren mangler før porten")
    ports = [*([port] if colon else []), *_PORT_PARAMETER.findall(rest)]
    if not all(one.isascii() and one.isdecimal() and 0 < int(one) <= LAST_PORT for one in ports):
        raise _no_store_address(f"porten må være et tall fra 1 til {LAST_PORT}")


def _no_store_address(why: str) -> ValueError:
    examples = "«sqlite:///var/arshjul.db» eller «postgresql://arshjul@db.example.no/arshjul»"
    return ValueError(f"Dette kan ikke være adressen til databasen: {why}. Skriv for eksempel {examples}.")


def database_in_words(url: str) -> str:
    """Return which database an address names, in bokmål, without who logs in there and how."""
    kind, _, rest = url.strip().partition("://")
    if kind.startswith("sqlite"):
        return f"databasen {rest.removeprefix('/').partition('?')[0]}"
    if has_password(url):
        return "PostgreSQL-databasen"
    host, _, name = rest.partition("?")[0].rpartition("@")[2].partition("/")
    return f"PostgreSQL-databasen «{name or 'uten navn'}» på {host or 'denne maskinen'}"


def read_host(text: str) -> str:
    """Return the name of a machine as DNS knows it (IDNA), or its IP address without brackets; both in lower case.

    ValueError with a Norwegian sentence for anything else. An underscore is let through: inside a network some have it.
    """
    name = text.strip().lower()
    try:
        return str(ip_address(name.removeprefix("[").removesuffix("]")))
    except ValueError:
        pass
    if "@" in name:  # not quoted: there may be a password before it
        raise ValueError(
            "Det står noe foran @ i navnet på tjeneren. Skriv bare navnet, og brukernavn og passord for seg."
        )
    if "://" in name:
        raise ValueError(f"{quoted(text)} er en adresse. Skriv bare navnet, uten «{name.partition('://')[0]}://».")
    host, colon, port = name.rpartition(":")
    if colon and port.isdecimal() and ":" not in host:
        raise ValueError(f"{quoted(text)} har porten i seg. Skriv bare navnet her, og port = {port} for seg.")
    try:
        found = name if _ASCII_HOST.fullmatch(name) else idna.encode(name, uts46=True).decode()
    except idna.IDNAError:
        found = ""
    if not found or _NUMBER_LAST.fullmatch(found):  # a name that ends in a number would be read as an IP address
        raise ValueError(f"{quoted(text)} er ikke navnet på noen tjener. Skriv for eksempel «smtp.example.no».")
    return found


def read_hello(text: str) -> str:
    """Return the name that a mail server is greeted with, as DNS knows it (IDNA), in lower case.

    ValueError with a Norwegian sentence for one that servers elsewhere cannot look up, and so refuse: no full name, a
    machine's name for itself, an IP address, one with an underscore (RFC 5321 section 2.3.5).
    """
    name, example = (
        read_host(text).removesuffix("."),
        "Skriv et navn som finnes i DNS, for eksempel «arshjul.example.no».",
    )
    try:
        ip_address(name)
    except ValueError:
        pass
    else:
        raise ValueError(f"{quoted(text)} er en IP-adresse. {example}")
    if "." not in name or name.rpartition(".")[2] in _NO_DOMAINS:
        raise ValueError(f"{quoted(text)} er et navn som bare denne maskinen kjenner. {example}")
    if "_" in name:
        raise ValueError(f"{quoted(text)} har en understrek, og det godtar ikke e-posttjenere. {example}")
    return name


def read_site_address(url: str) -> str:
    """Return "https://kalender.example.no:8443": scheme, name as DNS knows it (IDNA) and port, without a slash.

    ValueError with a Norwegian sentence for anything else: a space or an "å" in it would break the links in letters.
    """
    text = url.strip()
    try:
        parts = urlsplit(text)
        name, port = parts.hostname or "", parts.port
        host = read_host(name)
    except ValueError:
        raise _no_site_address("navnet eller porten er ikke gyldig") from None
    if parts.scheme not in ("http", "https"):
        raise _no_site_address("den må begynne med https://")
    if "@" in parts.netloc or parts.query or parts.fragment or not _PLAIN_URL.fullmatch(text):
        raise _no_site_address("den skal bare ha navn og port")
    if path := parts.path.strip("/"):
        raise _no_site_address(f"tjenesten må ligge øverst på sitt eget navn, uten «/{path}»")
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{port}" if port is not None else "")


def _no_site_address(why: str) -> ValueError:
    return ValueError(f"Dette kan ikke være adressen: {why}. Skriv for eksempel «https://kalender.example.no».")
