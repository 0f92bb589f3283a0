"""Looking a domain up in DNS, where the package dnspython is installed. What the answers mean is in `core.checkup`."""

from __future__ import annotations

from typing import Any, Final, Protocol

from arshjul.core.checkup import Names
from arshjul.core.printable import printable

TIMEOUT_S: Final = 5.0


class NoNamesError(Exception):
    """DNS cannot be asked; the message is Norwegian."""


class Resolver(Protocol):
    """Who knows of domains."""

    def names(self, domain: str) -> Names:
        """Return what DNS says. Raises NoNamesError."""


class Dns:
    """DNS as this machine asks it."""

    def names(self, domain: str) -> Names:
        resolver, errors = _dnspython()
        resolver.lifetime = TIMEOUT_S

        def texts(name: str, kind: str) -> tuple[str, ...]:
            try:
                answer = resolver.resolve(name, kind)
            except errors.NoAnswer:
                return ()
            except errors.NXDOMAIN:
                return ()
            except errors.DNSException as error:
                raise NoNamesError(f"DNS svarer ikke: {printable(error)}") from error
            return tuple(_text(record) for record in answer)

        return Names(texts(domain, "TXT"), texts(f"_dmarc.{domain}", "TXT"), texts(domain, "MX"))


def _text(record: Any) -> str:  # noqa: ANN401  (dnspython's record)
    parts = getattr(record, "strings", None)
    return b"".join(parts).decode("utf-8", "replace") if parts else str(record.exchange)


def _dnspython() -> tuple[Any, Any]:
    try:
        import dns.exception  # noqa: PLC0415  (not everybody has it, and only doctor asks)
        import dns.resolver  # noqa: PLC0415  (as above)
    except ModuleNotFoundError as error:
        raise NoNamesError("Python-pakken «dnspython» er ikke installert") from error
    return dns.resolver.Resolver(), _Errors(dns.resolver, dns.exception)


class _Errors:
    """dnspython's exceptions by the names that are needed here."""

    def __init__(self, resolver: Any, exception: Any) -> None:  # noqa: ANN401  (modules)
        self.NoAnswer = resolver.NoAnswer
        self.NXDOMAIN = resolver.NXDOMAIN
        self.DNSException = exception.DNSException
