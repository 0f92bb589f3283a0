"""The tables. Their statements are in the modules beside this one, written against the `Table`s, not the classes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, TypeVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    Dialect,
    Index,
    LargeBinary,
    Table,
    Text,
    TypeDecorator,
    or_,
    text,
)
from sqlalchemy import UniqueConstraint as Unique
from sqlmodel import Field, SQLModel

from arshjul.mail.verdicts import NOW, URGENT
from arshjul.plan.model import ReminderId, ReminderKind
from arshjul.timing.days import Offset, Unit

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
IS_WAITING: Final = text("next_at IS NOT NULL")
IS_OUT: Final = text("lease_until IS NOT NULL")
IDENTITY: Final = ("address", "key", "kind", "lead_amount", "lead_unit", "number", "deadline")
"""The columns of a `plan.model.ReminderId`."""


class Instant(TypeDecorator[datetime]):
    """An instant, kept as microseconds since 1970 UTC: it sorts, and reads back the same from every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002  (SQLAlchemy's)
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant needs a time zone: {value!r}")
        return (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  (SQLAlchemy's)
        return None if value is None else EPOCH + timedelta(microseconds=value)


def _partial(name: str, *columns: str, where: Any) -> Index:  # noqa: ANN401  (SQLAlchemy's text clause)
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


class OutboxRow(SQLModel, table=True):
    """A letter and its fate. `wire` is what goes over the line, frozen with its Message-ID and Date when it is queued.

    `next_at` is set exactly while the letter waits to be claimed, `lease_until` exactly while a sender has it, so that
    the indexes for both stay small. `variant` tells letters to one address on one send day apart. `generation` is 1
    until the letter may have been taken, and one more each time: what goes out from 2 on may be a second copy.
    `opt_out_hash` is the SHA-256 of the token in the letter's link to say no to more. `settled_at` is since when it
    waits no more, whatever has become of it.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Unique("address", "send_day", "variant", name="uq_outbox_address_send_day_variant"),
        CheckConstraint("(next_at IS NOT NULL) = (state IN ('queued', 'unknown'))", name="ck_outbox_next_at"),
        CheckConstraint("(lease_until IS NOT NULL) = (state IN ('sending', 'data_started'))", name="ck_outbox_lease"),
        _partial("ix_outbox_waiting", "next_at", "id", where=IS_WAITING),
        _partial("ix_outbox_out", "lease_until", where=IS_OUT),
        Index("ix_outbox_opt_out_hash", "opt_out_hash", unique=True),
    )

    id: str = Field(primary_key=True, max_length=26)
    state: str = Field(max_length=16, index=True)
    address: str
    name: str = ""
    send_day: date
    variant: str = ""
    send_at: datetime = Field(sa_type=Instant)
    subject: str
    sender: str
    message_id: str = Field(unique=True)
    wire: bytes = Field(sa_type=LargeBinary)
    wire_sha256: str = Field(max_length=64)
    attempt: int = 0
    generation: int = 1
    next_at: datetime | None = Field(default=None, sa_type=Instant)
    expires_at: datetime | None = Field(default=None, sa_type=Instant)
    lease_owner: str | None = None
    lease_until: datetime | None = Field(default=None, sa_type=Instant)
    last_code: int | None = None
    last_text: str = Field(default="", sa_type=Text)
    accepted_at: datetime | None = Field(default=None, sa_type=Instant)
    opt_out_hash: str | None = Field(default=None, max_length=64)
    settled_at: datetime | None = Field(default=None, sa_type=Instant)
    created_at: datetime = Field(sa_type=Instant)


class ReminderRow(SQLModel, table=True):
    """What somebody has been told, or is about to be: in the letter `outbox_id`, or in none if it was passed over.

    `deadline` is the day that they were told, `clock` and `location` the hours and the place (None: not known, in rows
    of older versions), `title` what it was called. `kind`, `lead_amount`, `lead_unit` and `number` are those of a
    `plan.model.ReminderId`, 0 and "" where it has none; `withdrawn_by` is the letter that would have told it and was
    taken back.
    """

    __tablename__ = "reminder"
    __table_args__ = (Unique(*IDENTITY, "withdrawn_by", name="uq_reminder_identity"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str
    address: str
    kind: str = Field(max_length=8)
    lead_amount: int = 0
    lead_unit: str = Field(default="", max_length=8)
    number: int = 0
    withdrawn_by: str = Field(default="", max_length=26)
    due: date
    deadline: date | None = None
    title: str = ""
    clock: str | None = None
    location: str | None = Field(default=None, sa_type=Text)
    passed_over: bool = False
    outbox_id: str | None = Field(default=None, foreign_key="outbox.id", index=True, max_length=26)
    created_at: datetime = Field(sa_type=Instant)


class AttemptRow(SQLModel, table=True):
    """What happened in one attempt to send; rows are only added."""

    __tablename__ = "attempt"

    id: int | None = Field(default=None, primary_key=True)
    outbox_id: str = Field(foreign_key="outbox.id", index=True, max_length=26)
    generation: int
    phase: str = Field(max_length=16)
    outcome: str = Field(max_length=16)
    code: int | None = None
    enhanced: str = Field(default="", max_length=16)
    text: str = Field(default="", sa_type=Text)
    owner: str
    ended_at: datetime = Field(sa_type=Instant)


class AcknowledgementRow(SQLModel, table=True):
    """What somebody has reported of a thing: done, not relevant, put off, or open after all. Rows are only added."""

    __tablename__ = "acknowledgement"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(index=True)
    state: str = Field(max_length=16)
    by: str = ""
    note: str = Field(default="", sa_type=Text)
    deadline: date | None = None
    reported_at: datetime = Field(sa_type=Instant)


class OptOutRow(SQLModel, table=True):
    """What somebody has said of letters to an address: none (`is_out`), or again. Rows are only added."""

    __tablename__ = "opt_out"

    id: int | None = Field(default=None, primary_key=True)
    address: str = Field(index=True)
    is_out: bool
    by: str
    reported_at: datetime = Field(sa_type=Instant)


class FeedTokenRow(SQLModel, table=True):
    """The way to one feed for one subscriber. Only the token's SHA-256 is kept."""

    __tablename__ = "feed_token"

    hash: str = Field(primary_key=True, max_length=64)
    prefix: str = Field(max_length=6)
    feed: str = Field(index=True)
    label: str = ""
    created_at: datetime = Field(sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)


class RevisionRow(SQLModel, table=True):
    """What was published of one key; `digest` is empty when it has left the feeds. The rest is in `feeds.revisions`."""

    __tablename__ = "revision"

    key: str = Field(primary_key=True)
    digest: str = Field(max_length=64)
    sequence: int
    modified_at: datetime = Field(sa_type=Instant)
    first_seen: datetime = Field(sa_type=Instant)
    first: date
    end: date
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)


class PublishedFeedRow(SQLModel, table=True):
    """The bytes that a feed last had, by their ETag, and since when: a date that leaves it leaves no other trace."""

    __tablename__ = "published_feed"

    feed: str = Field(primary_key=True)
    etag: str = Field(max_length=64)
    changed_at: datetime = Field(sa_type=Instant)


class FeedFetchRow(SQLModel, table=True):
    """The last day (UTC) that a kind of client fetched with a token, and how often on that day."""

    __tablename__ = "feed_fetch"

    token_hash: str = Field(primary_key=True, foreign_key="feed_token.hash", max_length=64)
    client: str = Field(primary_key=True, max_length=16)
    day: date
    times: int


class TurnRow(SQLModel, table=True):
    """A turn of an item as it was when the files last had it; the fields are those of `keys.TurnRecord`."""

    __tablename__ = "turn"

    calendar: str = Field(primary_key=True)
    item: str = Field(primary_key=True)
    period: str = Field(primary_key=True)
    natural: str
    ruled_first: date
    ruled_end: date
    first: date
    end: date = Field(index=True)
    status: str = Field(max_length=16)
    is_deadline: bool
    is_due: bool
    clock: str
    because: str
    known_by: str = Field(max_length=16)
    marker: str
    rule: str = Field(sa_type=Text)
    source: str = Field(sa_type=Text)
    title: str = Field(sa_type=Text)
    location: str = Field(sa_type=Text)
    gone_on: date | None = None


class ExpectedRow(SQLModel, table=True):
    """A reminder that is to come by the files as they were at the last hour of letters; a `model.ReminderId`."""

    __tablename__ = "expected"

    key: str = Field(primary_key=True)
    address: str = Field(primary_key=True)
    kind: str = Field(primary_key=True, max_length=8)
    lead_amount: int = Field(primary_key=True)
    lead_unit: str = Field(primary_key=True, max_length=8)
    number: int = Field(primary_key=True)
    deadline: date = Field(primary_key=True)


class FactRow(SQLModel, table=True):
    """One thing to remember, by name: the instant of the first start, a pause."""

    __tablename__ = "fact"

    key: str = Field(primary_key=True)
    value: str = Field(sa_type=Text)


def _table(name: str) -> Table:
    return SQLModel.metadata.tables[name]


OUTBOX: Final = _table("outbox")
REMINDER: Final = _table("reminder")
ATTEMPT: Final = _table("attempt")
ACKNOWLEDGEMENT: Final = _table("acknowledgement")
OPT_OUT: Final = _table("opt_out")
FEED_TOKEN: Final = _table("feed_token")
REVISION: Final = _table("revision")
PUBLISHED_FEED: Final = _table("published_feed")
FEED_FETCH: Final = _table("feed_fetch")
TURN: Final = _table("turn")
EXPECTED: Final = _table("expected")
FACT: Final = _table("fact")


def identity_of(table: Table) -> list[ColumnElement[Any]]:
    """Return the columns of a table that `reminder_id` makes a ReminderId from."""
    return [table.c[name] for name in IDENTITY]


def reminder_id(values: Sequence[Any]) -> ReminderId:
    """Return the identity that stands in the columns of `identity_of`."""
    address, key, kind, amount, unit, number, deadline = values
    return ReminderId(key, address, ReminderKind(kind), Offset(amount, Unit(unit)) if unit else None, number, deadline)


def identity_values(reminder: ReminderId) -> dict[str, Any]:
    """Return the columns of an identity with their values."""
    amount, unit = (reminder.lead.amount, reminder.lead.unit.value) if reminder.lead else (0, "")
    values = (reminder.address, reminder.key, reminder.kind.value, amount, unit, reminder.number, reminder.deadline)
    return dict(zip(IDENTITY, values, strict=True))


IS_TO_READER: Final = or_(OUTBOX.c.variant == "", OUTBOX.c.variant.startswith(NOW))
"""A letter that tells a reader of their own things, and none that tells the coordinator how it goes."""

IS_URGENT: Final = OUTBOX.c.variant.startswith(URGENT)
"""A letter that tells the coordinator at once."""

IS_OF_ITS_DAY: Final = ~or_(IS_URGENT, OUTBOX.c.variant.startswith(NOW))
"""A letter beside which its reader gets no other on that day."""

METADATA: Final = SQLModel.metadata


T = TypeVar("T")
MOST_IN_STATEMENT: Final = 500


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield the values in parts that a statement can hold."""
    for start in range(0, len(values), MOST_IN_STATEMENT):
        yield values[start : start + MOST_IN_STATEMENT]
