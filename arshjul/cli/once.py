"""A round of sending as a command does it, and what came of it in words."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Final

from arshjul.core.brakes import Reading
from arshjul.core.outbox import WORDS, State
from arshjul.core.words import count_in_words
from arshjul.rounds.reload import Loaded
from arshjul.rounds.send import SendReport, send_round
from arshjul.service.parts import at_once, crash_of, relay_of, spare, transport_of
from arshjul.store.engine import Store

MEND: Final = "Rett malen, og kjør «arshjul check»."


def send_once(
    loaded: Loaded,
    store: Store,
    now: Callable[[], datetime],
    *,
    owner: str,
    reading: Reading | None,
    only: Collection[str] | None = None,
) -> SendReport:
    """Send what waits, or `only` the letters of these ids. To be called by the one sender."""
    settings = loaded.settings
    round_ = send_round(
        store,
        transport_of(settings),
        now,
        owner=owner,
        at_once=at_once(settings),
        spare=spare(settings),
        reading=reading,
        relay=relay_of(settings),
        only=only,
        crash=crash_of(settings),
    )
    return asyncio.run(round_)


def unwritten_text(count: int) -> str:
    return f"{count_in_words(count, 'brev', 'brev')} kunne ikke skrives."


def sent_text(queued: int, report: SendReport, unwritten: int = 0) -> str:
    """Return "2 brev sendt, 1 venter.", and why the queue rests, if it does, and how many letters were not written."""
    more = f"\n{unwritten_text(unwritten)}" if unwritten else ""
    return _sent(queued, report) + more


def _sent(queued: int, report: SendReport) -> str:
    others = {state: count for state, count in report.states.items() if state is not State.ACCEPTED}
    more = "".join(f", {count} {WORDS[state]}" for state, count in others.items())
    sent = f"{report.accepted} brev sendt{more}."
    if not report.trouble or report.hold:
        return sent
    fresh = f"{count_in_words(queued, 'nytt', 'nye')} brev i utboksen."
    return f"{fresh}{f' {sent}' if report.states else ''} Utsendingen hviler: {report.trouble}"
