"""A database that goes away while letters are on their way, or comes back older: nothing goes twice unsaid."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from sqlalchemy import event

from arshjul.letters.brakes import Hold, HoldKind
from arshjul.mail.smtp import SmtpTransport
from arshjul.mail.transports import OnDataStarted, Parcel
from arshjul.mail.verdicts import State, Verdict
from arshjul.rounds import holds
from arshjul.rounds.sending import SendReport, send_round
from arshjul.store import queue
from arshjul.store.engine import Store, open_store
from arshjul.store.facts import beside
from tests.databases import away, back_up, fetch_back
from tests.rounds.test_send import MINUTE, Clock, rounds_with, run, smtp
from tests.sample_letters import NOW, many, queued
from tests.smtp_servers import ScriptedServer


@dataclass
class Losing:
    """A way to a real server on which the database goes away as soon as the server has answered."""

    way: SmtpTransport
    url: str
    gone: ExitStack

    async def ready(self) -> None:
        await self.way.ready()

    async def deliver(self, parcel: Parcel, on_data_started: OnDataStarted) -> Verdict:
        verdict = await self.way.deliver(parcel, on_data_started)
        await asyncio.to_thread(self.gone.enter_context, away(self.url))
        return verdict

    async def close(self) -> None:
        await self.way.close()


@pytest.fixture
def impatient(any_store: Store, database_url: str) -> Iterator[Store]:
    """The same database, opened so that a lock is reported at once."""
    opened = open_store(database_url, any_store.folder)
    if opened.is_sqlite:
        event.listen(opened.engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=1"))
    yield opened
    opened.close()


def sent_into_silence(store: Store, url: str, server: ScriptedServer) -> SendReport:
    """Send a letter whose 250 cannot be written into the database; after that the database is there again."""
    queue.queue(store, [queued(1)], NOW)

    async def work(gone: ExitStack) -> SendReport:
        async with server.running() as port:
            return await send_round(store, Losing(smtp(port), url, gone), Clock(), sleep=Clock().sleep)

    with ExitStack() as gone:
        return run(work(gone))


def test_what_the_server_took_is_known_from_the_journal_when_the_database_stayed_away(
    any_store: Store, impatient: Store, database_url: str
) -> None:
    server = ScriptedServer()
    report = sent_into_silence(impatient, database_url, server)
    assert (report.states, report.trouble.partition(":")[0]) == ({}, "Databasen kan ikke brukes nå")
    assert rounds_with(any_store, server, MINUTE) == [SendReport(replayed=1), SendReport()]
    assert len(server.taken) == 1
    (info,) = queue.letters_by_state(any_store)
    assert (info.state, info.accepted_at, info.last_code) == (State.ACCEPTED, NOW, 250)
    assert [attempt.text for attempt in queue.attempts_of(any_store, info.id)] == ["Fra accepted.journal"]


def test_without_its_journal_the_letter_is_in_doubt_not_lost(
    any_store: Store, impatient: Store, database_url: str
) -> None:
    sent_into_silence(impatient, database_url, ScriptedServer())
    beside(any_store, "accepted").unlink()
    assert rounds_with(any_store, ScriptedServer())[0] == SendReport(recovered={State.UNKNOWN: 1})


def test_what_was_sent_since_a_backup_stands_still_and_does_not_go_again(any_store: Store, database_url: str) -> None:
    server = ScriptedServer()
    queue.queue(any_store, many(2), NOW)
    assert rounds_with(any_store, server)[0].accepted == 2
    queue.queue(any_store, many(4)[2:], NOW)
    any_store.close()
    copy = back_up(database_url)
    assert rounds_with(any_store, server)[0].accepted == 2
    any_store.close()
    fetch_back(copy, database_url)
    assert queue.counts(any_store) == {State.ACCEPTED: 2, State.QUEUED: 2}

    hold = Hold(HoldKind.RESTORED, holds.RESTORED, NOW)
    assert rounds_with(any_store, server) == [SendReport(trouble=holds.RESTORED, hold=hold)]
    assert holds.release(any_store, NOW) == hold
    assert rounds_with(any_store, server) == [SendReport(replayed=2)]
    assert len(server.taken) == 4
