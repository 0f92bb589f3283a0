"""How long PostgreSQL is waited for: nothing that it does, or fails to do, makes us wait without end.

A lock that somebody holds and a statement that takes too long end at the server. A server that answers nothing at all
(it is stopped, its machine is gone behind a network that says nothing) is given up here: no time-out of the server, and
none of TCP, ends a wait for a process that stands still.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Engine, event

KEEPALIVE: Final = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 20_000}
"""Seconds, and milliseconds: a machine that is gone without a word is noticed within half a minute."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait: for a connection, for a lock, for a statement at the server, and here for any answer at all."""

    connect: int = 5
    lock: float = 10.0
    statement: float = 20.0
    answer: float = 30.0


def wait_no_longer(engine: Engine, patience: Patience) -> None:
    """Let each connection of a PostgreSQL engine wait so long and no longer; then the error is the driver's own."""
    settings = f"SET lock_timeout = {patience.lock * 1000:.0f}; SET statement_timeout = {patience.statement * 1000:.0f}"

    def connect(_: object, _record: object, arguments: Sequence[Any], named: dict[str, Any]) -> Any:  # noqa: ANN401  (the driver's)
        asked = KEEPALIVE | {"connect_timeout": patience.connect} | named
        connection = _connection_class(patience.answer).connect(*arguments, **asked)
        connection.autocommit = True
        connection.execute(settings)
        connection.autocommit = False
        return connection

    event.listen(engine, "do_connect", connect)


def _connection_class(answer_s: float) -> Any:  # noqa: ANN401  (a class of the driver, which is not everywhere)
    from psycopg import Connection, OperationalError  # noqa: PLC0415  (only those with PostgreSQL have it)
    from psycopg.pq import TransactionStatus  # noqa: PLC0415

    class PatientConnection(Connection[Any]):
        """Gives up a server that does not answer; what becomes of the statement is then not known."""

        def wait(self, gen: Any, *more: Any, **named: Any) -> Any:  # noqa: ANN401  (as the driver has it)
            try:
                return super().wait(gen, *more, **{"timeout": answer_s} | named)
            except OperationalError:
                if not self.closed and self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                    self.pgconn.finish()  # else the pool would hand out a connection that still waits
                raise

    return PatientConnection
