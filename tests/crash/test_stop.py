"""`arshjul serve` asked to end while the mail server hangs: it ends soon, the web last, and no letter is lost."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from arshjul.mail.verdicts import State
from arshjul.store import queue
from arshjul.store.engine import Store, open_store
from arshjul.store.upkeep import upgrade
from tests.clock import going
from tests.crash.bench import write_site
from tests.crash.test_serve import letter, serving
from tests.serving import free_port
from tests.smtp_servers import HANG, LATE, ScriptedServer

pytestmark = pytest.mark.faults

SOON_S = 10.0
"""Long before the mail server's time is up, which is a minute; with room for a busy machine."""


@contextmanager
def outbox_of(site: Path, smtp: int, web: int) -> Iterator[Store]:
    write_site(site, smtp, 1, 1)
    config = site / "config.toml"
    config.write_text(config.read_text(encoding="utf-8").replace("port = 0", f"port = {web}", 1), encoding="utf-8")
    store = open_store(f"sqlite:///{site}/var/arshjul.db", site / "var")
    upgrade(store)
    queue.queue(store, [letter(number, going()) for number in range(3)], going())
    yield store
    store.close()


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(3 * SOON_S):
        while not is_so():  # noqa: ASYNC110  (another process has no event for this)
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("step", ["EHLO", "RCPT"])
def test_serve_ends_at_once_while_the_mail_server_hangs_before_data(tmp_path: Path, step: str) -> None:
    server = ScriptedServer({step: HANG})

    async def work() -> tuple[int, dict[State, int]]:
        async with server.running() as port:
            with outbox_of(tmp_path, port, 0) as store, serving(tmp_path) as running:
                await until(lambda: step in server.commands)
                running.send_signal(signal.SIGTERM)
                code = await asyncio.to_thread(running.wait, SOON_S)
                return code, dict(queue.counts(store))

    assert asyncio.run(work()) == (0, {State.QUEUED: 3})


def test_serve_waits_for_the_answer_to_a_letter_and_serves_meanwhile(tmp_path: Path) -> None:
    server, web = ScriptedServer({".": LATE}, late_s=4), free_port()

    async def work() -> tuple[int, int, dict[State, int]]:
        async with server.running() as port:
            with outbox_of(tmp_path, port, web) as store, serving(tmp_path) as running:
                await until(lambda: len(server.taken) == 1)
                running.send_signal(signal.SIGTERM)
                await asyncio.sleep(1.5)
                shown = await _status(web)
                code = await asyncio.to_thread(running.wait, SOON_S)
                return shown, code, dict(queue.counts(store))

    assert asyncio.run(work()) == (200, 0, {State.ACCEPTED: 1, State.QUEUED: 2})


async def _status(web: int) -> int:
    async with httpx.AsyncClient() as client:
        return (await client.get(f"http://127.0.0.1:{web}/readyz")).status_code
