"""Asking the site's public address for what a subscriber asks for. What the answers mean is in `core.reach`."""

from __future__ import annotations

from collections.abc import Iterator

from arshjul.cli.fetch import FetchError, ask, silence
from arshjul.core import reach
from arshjul.core.checkup import Finding, Mark
from arshjul.rounds.feeds import public_specs
from arshjul.rounds.reload import Loaded

PATIENCE = 10.0
"""Seconds for each answer: calendar programs have no more."""


def look(loaded: Loaded) -> Iterator[Finding]:
    """Yield what is found of the address and, where the service answers there, of the first public feed."""
    site = loaded.settings.site
    url = site.url
    found = reach.of_address(url)
    if found is not None:
        yield found
        if found.mark is Mark.WRONG:
            return
    try:
        ready = reach.of_ready(url, ask("GET", f"{url}/readyz", seconds=PATIENCE), f"{site.host}:{site.port}")
        yield ready
        spec = next(iter(public_specs(loaded)), None)
        if ready.mark is Mark.WELL and spec is not None:
            feed = f"{url}/f/{spec.slug}.ics"
            yield reach.of_feed(feed, ask("GET", feed, seconds=PATIENCE))
    except (OSError, FetchError) as error:
        yield reach.of_silence(url, _why(error), is_refused=isinstance(error, ConnectionRefusedError))


def _why(error: OSError | FetchError) -> str:
    """Return the reason as the end of a Norwegian sentence."""
    if isinstance(error, FetchError):
        return str(error)
    return f"hele svaret kom ikke innen {PATIENCE:g} sekunder" if isinstance(error, TimeoutError) else silence(error)
