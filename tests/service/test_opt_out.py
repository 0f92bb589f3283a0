"""From a letter to a mail program's button: the running service stops the letters of whoever presses it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from arshjul.mail.verdicts import State
from arshjul.store import queue, told
from arshjul.store.engine import open_store
from arshjul.store.tokens import token_hash
from arshjul.store.upkeep import upgrade
from tests.clock import going
from tests.sample_letters import KARI, queued
from tests.serving import serving
from tests.small_site import write_site

pytestmark = pytest.mark.faults

TOKEN = "et-tegn-som-ingen-andre-har"  # invented


def test_button_in_a_letter_stops_what_waits_and_undo_lets_it_go(tmp_path: Path) -> None:
    write_site(tmp_path)
    store = open_store(f"sqlite:///{tmp_path}/var/arshjul.db", tmp_path / "var")
    upgrade(store)
    now = going()
    ours = queued(
        1,
        reminders=(),
        send_at=now + timedelta(hours=1),
        expires_at=now + timedelta(days=1),
        opt_out_hash=token_hash(TOKEN),
    )
    queue.queue(store, [ours], now)
    with serving(tmp_path) as served, httpx.Client(base_url=served.url, trust_env=False) as client:
        stopped = client.post(f"/u/{TOKEN}", data={"List-Unsubscribe": "One-Click"})
        counts, out = queue.counts(store), told.opt_outs(store)
        started = client.post(f"/u/{TOKEN}/undo")
    back, waiting = told.opt_outs(store), queue.counts(store)
    store.close()
    assert (stopped.status_code, started.status_code) == (200, 200)
    assert counts == {State.SUPPRESSED: 1}
    assert [(one.address, one.by) for one in out] == [(KARI.address, "lenken i brevet «Påminnelse 1»")]
    assert (back, waiting) == ((), {State.QUEUED: 1})
