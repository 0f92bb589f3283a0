"""What nobody is told of any more, because all whom it concerns have said no to letters."""

from __future__ import annotations

from datetime import datetime

from arshjul.core.expand import expand
from arshjul.core.model import Occurrence
from arshjul.core.opt_outs import unreached
from arshjul.core.plan import horizon, leads_of
from arshjul.rounds.reload import Loaded
from arshjul.rounds.remember import recall
from arshjul.store import told
from arshjul.store.engine import Store


def unreached_now(loaded: Loaded, store: Store, now: datetime) -> list[Occurrence]:
    """Return the next of each such thing whose reminders may fall due (`now` is in UTC)."""
    days, leads = horizon(now), leads_of(loaded.catalogue, loaded.settings.rules)
    return unreached(expand(recall(loaded, store, now).catalogue, days), leads, told.known(store), days)
