"""Why the system would not do something, in Norwegian: its own texts are English. Only numbers are looked at here."""

from __future__ import annotations

import errno

_WHY = {
    errno.EACCES: "tilgang mangler",
    errno.EPERM: "det er ikke tillatt",
    errno.ENOENT: "den finnes ikke",
    errno.EISDIR: "det er en mappe",
    errno.ENOTDIR: "en del av stien er ingen mappe",
    errno.EEXIST: "den finnes fra før",
    errno.ENOTEMPTY: "mappen er ikke tom",
    errno.ENOSPC: "disken er full",
    errno.EDQUOT: "kvoten er brukt opp",
    errno.EROFS: "disken kan bare leses",
    errno.ENAMETOOLONG: "navnet er for langt",
    errno.ELOOP: "lenkene går i ring",
    errno.EMFILE: "for mange filer er åpne",
    errno.ENFILE: "for mange filer er åpne",
    errno.EIO: "disken svarer ikke som den skal",
    errno.EBUSY: "den er opptatt",
    errno.ETXTBSY: "den er opptatt",
    errno.EXDEV: "den ligger på en annen disk",
    errno.ENXIO: "det er ingen vanlig fil",
    errno.EADDRINUSE: "adressen er i bruk av et annet program",
    errno.EADDRNOTAVAIL: "maskinen har ikke den adressen",
    errno.ECONNREFUSED: "ingen svarer der",
    errno.ECONNRESET: "forbindelsen ble brutt",
    errno.EPIPE: "forbindelsen ble brutt",
    errno.ETIMEDOUT: "svaret kom ikke i tide",
    errno.EHOSTUNREACH: "tjeneren kan ikke nås",
    errno.ENETUNREACH: "nettet kan ikke nås",
    -2: "navnet finnes ikke på nettet",  # EAI_NONAME, EAI_AGAIN of getaddrinfo(3)
    -3: "navnetjeneren svarer ikke",
}


def why(error: OSError) -> str:
    """Return the reason as the end of a sentence: "tilgang mangler"; the number of an error that has no words here."""
    return _WHY.get(error.errno or 0, f"feil {error.errno} fra systemet" if error.errno else "systemet sa ikke hvorfor")
