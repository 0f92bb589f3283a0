"""Letters accepted per second, rendering and every durable commit included, against a connection for each letter.

The reference is what is written first: render, build an EmailMessage, `aiosmtplib.send`, mark the row as sent. Both run
against the same server, on databases of their own, in one run; the server's count and digest are checked each time.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path
from statistics import median

import aiosmtplib
from sqlalchemy import insert

from arshjul.letters.render import Templates
from arshjul.mail.message import Letterhead, compose, message_id, new_letter_id
from arshjul.mail.smtp import Pace, SmtpPool, SmtpServer, SmtpTransport
from arshjul.mail.verdicts import State
from arshjul.plan.model import Kind, Letter, Occurrence, Recipient, Reminder
from arshjul.rounds.sending import send_round
from arshjul.store import queue
from arshjul.store.engine import Store, open_store
from arshjul.store.queue import QueuedLetter
from arshjul.store.tables import FACT
from arshjul.store.upkeep import upgrade
from arshjul.timing.days import Offset, Span, Status

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 11, 24, 7, tzinfo=UTC)
DAY, DEADLINE = date(2026, 11, 24), date(2026, 12, 15)
SENDER = Recipient("arshjul@example.no", "Årshjul")
HEAD = Letterhead("Osloregionen IPR", SENDER, SENDER)
TEMPLATES = Templates((ROOT / "templates",))


def letters(count: int) -> list[Letter]:
    """So many letters of three reminders each."""
    return [letter(Recipient(f"mottaker{number}@example.no", f"Mottaker {number}")) for number in range(count)]


def letter(to: Recipient) -> Letter:
    told = tuple(
        Reminder(occurrence(number, to), Offset(15), to, DAY, "Du er hovedansvarlig, for Sekretariatet.")
        for number in range(3)
    )
    return Letter(to=to, send_day=DAY, send_at=NOW, reminders=told)


def occurrence(number: int, to: Recipient) -> Occurrence:
    return Occurrence(
        calendar="osloregionen",
        id=f"1.{number}",
        period="2026",
        title=f"Innspill til statsbudsjettet {number}",
        kind=Kind.DEADLINE,
        days=Span.of(DEADLINE),
        deadline=DEADLINE,
        status=Status.CONFIRMED,
        responsible=("Sekretariatet",),
        recipients=(to,),
        main=frozenset({to.address}),
    )


def written(one: Letter) -> QueuedLetter:
    """Write a letter as `letters.planning` does."""
    name, draft = new_letter_id(NOW), TEMPLATES.render(one, HEAD)
    return QueuedLetter(
        id=name,
        to=one.to,
        sender=SENDER.address,
        send_day=one.send_day,
        send_at=one.send_at,
        subject=draft.subject,
        message_id=message_id(name, HEAD.domain),
        wire=compose(draft, one.to, HEAD, name, NOW),
        reminders=one.reminders,
        expires_at=NOW + timedelta(days=30),
    )


async def ours(store: Store, port: int, count: int, connections: int) -> list[bytes]:
    """Render, queue (T1), claim (T2), and for each letter T3 before DATA and T4 after the 250."""
    ready = [written(one) for one in letters(count)]
    queue.queue(store, ready, NOW)
    server = SmtpServer("127.0.0.1", port, start_tls=False, local_hostname="localhost")
    pace = Pace(10**9)
    pool = SmtpPool(tuple(SmtpTransport(server, pace) for _ in range(connections)))
    report = await send_round(store, pool, lambda: NOW, at_once=connections)
    assert report.states == {State.ACCEPTED: count}, report
    return [one.wire for one in ready]


async def naive(store: Store, port: int, count: int) -> list[bytes]:
    """A connection for each letter, and one durable commit after it."""
    wires: list[bytes] = []
    for number, one in enumerate(letters(count)):
        draft = TEMPLATES.render(one, HEAD)
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = str(SENDER), str(one.to), draft.subject
        message["Message-ID"] = make_msgid(domain="example.no")
        message.set_content(draft.text)
        message.add_alternative(draft.html, subtype="html")
        await aiosmtplib.send(message, hostname="127.0.0.1", port=port, start_tls=False, local_hostname="localhost")
        with store.writing() as connection:
            connection.execute(insert(FACT).values(key=f"sent-{number}", value="1"))
    return wires


@contextmanager
def sink(delay_ms: float) -> Iterator[int]:
    command = [sys.executable, "-m", "benchmarks.sink", str(delay_ms)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


async def counted(port: int) -> list[str]:
    client = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False, local_hostname="localhost")
    async with client:
        return (await client.execute_command(b"XCOUNT")).message.split()


async def rate(port: int, count: int, work: Callable[[Store], Awaitable[list[bytes]]]) -> float:
    """Return letters per second; the server must have taken each letter once, byte for byte."""
    with tempfile.TemporaryDirectory(dir=ROOT / "var" if (ROOT / "var").exists() else None) as folder:
        store = open_store(f"sqlite:///{folder}/arshjul.db", Path(folder))
        upgrade(store)
        await counted(port)
        start = time.perf_counter()
        wires = await work(store)
        gone = time.perf_counter() - start
        store.close()
    taken, different, digest = await counted(port)
    assert (int(taken), int(different)) == (count, count), (taken, different)
    whole = hashlib.sha256(b"".join(sorted(hashlib.sha256(wire).digest() for wire in wires))).hexdigest()
    assert not wires or digest == whole
    return count / gone


async def compare(delay_ms: float, ours_count: int, naive_count: int, rounds: int, connections: int) -> float:
    """Print both rates and their ratio, medians of some rounds that take turns."""
    with sink(delay_ms) as port:
        many, few = [], []
        for _ in range(rounds):
            many.append(await rate(port, ours_count, lambda store: ours(store, port, ours_count, connections)))
            few.append(await rate(port, naive_count, lambda store: naive(store, port, naive_count)))
    ratio = median(many) / median(few)
    print(
        f"{delay_ms:4.0f} ms round trip: {connections} connections {median(many):8.1f} letters/s, "
        f"one connection per letter {median(few):7.1f} letters/s, ratio {ratio:5.1f}",
        flush=True,
    )
    return ratio


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=10)
    arguments = parser.parse_args()
    fast = asyncio.run(compare(0, 1000, 300, arguments.rounds, arguments.connections))
    slow = asyncio.run(compare(20, 600, 30, arguments.rounds, arguments.connections))
    print(f"goals: at least 3 without delay ({fast:.1f}), at least 15 at 20 ms ({slow:.1f})")


if __name__ == "__main__":
    main()
