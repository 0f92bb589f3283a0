"""What a reminder is stands in columns: kind, lead, number, and the letter that would have told it and was taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# Before, all of it was a text in `lead`: "20 virkedager", "etter fristen", "endring 3", "bortfall 1", and before each of
# these "trukket <letter> " in what a letter would have told that was taken back.
WITHDRAWN = "trukket "
LETTER = 26
UNITS = {"virkedag": "workdays", "dag": "days", "uke": "weeks", "måned": "months"}
PLURALS = {"workdays": "virkedager", "days": "dager", "weeks": "uker", "months": "måneder"}
KINDS = {"endring": "change", "bortfall": "gone"}
LEAD = re.compile(r"(\d+) (virkedag|dag|uke|måned)(?:er|r)?")
COLUMNS = ("kind", "lead_amount", "lead_unit", "number")


def columns_of(lead: str) -> dict[str, Any]:
    """Return the new columns of a text that an earlier version wrote; ValueError for any other."""
    if lead == "etter fristen":
        return {"kind": "overdue", "lead_amount": 0, "lead_unit": "", "number": 0}
    if found := LEAD.fullmatch(lead):
        return {"kind": "lead", "lead_amount": int(found[1]), "lead_unit": UNITS[found[2]], "number": 0}
    word, _, number = lead.partition(" ")
    return {"kind": KINDS[word], "lead_amount": 0, "lead_unit": "", "number": int(number)}


def upgrade() -> None:
    with op.batch_alter_table("reminder") as batch:
        batch.add_column(sa.Column("withdrawn_by", sa.String(LETTER), nullable=False, server_default=""))
        for column in _new_columns():
            batch.add_column(column)
    # The old rule of uniqueness goes first: without "trukket …" two rows may have the same lead for a moment.
    with op.batch_alter_table("reminder") as batch:
        batch.drop_constraint("uq_reminder_address_key_lead_deadline", type_="unique")
    start = len(WITHDRAWN) + 1
    op.execute(
        f"UPDATE reminder SET withdrawn_by = substr(lead, {start}, {LETTER}), lead = substr(lead, {start + LETTER + 1}) "
        f"WHERE lead LIKE '{WITHDRAWN}%'"
    )
    _fill("reminder")
    with op.batch_alter_table("reminder") as batch:
        batch.drop_column("lead")
        for name, kind in _kinds():
            batch.alter_column(name, existing_type=kind, nullable=False, server_default=None)
        batch.alter_column("withdrawn_by", existing_type=sa.String(LETTER), nullable=False, server_default=None)
        batch.create_unique_constraint("uq_reminder_identity", ["address", "key", *COLUMNS, "deadline", "withdrawn_by"])
    _move_expected()


def _move_expected() -> None:
    old = sa.table(
        "expected", sa.column("key"), sa.column("lead"), sa.column("address"), sa.column("deadline", sa.Date)
    )
    rows = op.get_bind().execute(sa.select(old.c.key, old.c.lead, old.c.address, old.c.deadline)).all()
    op.drop_table("expected")
    table = op.create_table(
        "expected",
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("address", sa.String(), primary_key=True),
        sa.Column("kind", sa.String(8), primary_key=True),
        sa.Column("lead_amount", sa.Integer(), primary_key=True),
        sa.Column("lead_unit", sa.String(8), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("deadline", sa.Date(), primary_key=True),
    )
    if rows:
        op.bulk_insert(
            table,
            [
                {"key": key, "address": address, "deadline": deadline} | columns_of(lead)
                for key, lead, address, deadline in rows
            ],
        )


def _new_columns() -> Iterator[sa.Column[Any]]:
    for name, kind in _kinds():
        yield sa.Column(name, kind, nullable=False, server_default="" if isinstance(kind, sa.String) else "0")


def _kinds() -> Iterator[tuple[str, sa.types.TypeEngine[Any]]]:
    yield "kind", sa.String(8)
    yield "lead_amount", sa.Integer()
    yield "lead_unit", sa.String(8)
    yield "number", sa.Integer()


def _fill(table: str) -> None:
    connection = op.get_bind()
    for (lead,) in connection.execute(sa.text(f"SELECT DISTINCT lead FROM {table}")).all():
        values = ", ".join(f"{name} = :{name}" for name in COLUMNS)
        connection.execute(
            sa.text(f"UPDATE {table} SET {values} WHERE lead = :lead"), columns_of(lead) | {"lead": lead}
        )


def downgrade() -> None:
    with op.batch_alter_table("reminder") as batch:
        batch.add_column(sa.Column("lead", sa.String(), nullable=False, server_default=""))
        batch.drop_constraint("uq_reminder_identity", type_="unique")
    for unit, plural in PLURALS.items():
        one = next(word for word, name in UNITS.items() if name == unit)
        op.execute(
            f"UPDATE reminder SET lead = CASE WHEN lead_amount = 1 THEN '1 {one}' ELSE lead_amount || ' {plural}' END "
            f"WHERE kind = 'lead' AND lead_unit = '{unit}'"
        )
    op.execute("UPDATE reminder SET lead = 'etter fristen' WHERE kind = 'overdue'")
    for word, kind in KINDS.items():
        op.execute(f"UPDATE reminder SET lead = '{word} ' || number WHERE kind = '{kind}'")
    op.execute(f"UPDATE reminder SET lead = '{WITHDRAWN}' || withdrawn_by || ' ' || lead WHERE withdrawn_by <> ''")
    with op.batch_alter_table("reminder") as batch:
        for name in (*COLUMNS, "withdrawn_by"):
            batch.drop_column(name)
        batch.alter_column("lead", existing_type=sa.String(), nullable=False, server_default=None)
        batch.create_unique_constraint("uq_reminder_address_key_lead_deadline", ["address", "key", "lead", "deadline"])
    op.drop_table("expected")
    op.create_table(
        "expected",
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("lead", sa.String(), primary_key=True),
        sa.Column("address", sa.String(), primary_key=True),
        sa.Column("deadline", sa.Date(), primary_key=True),
    )
    # What was expected is worked out anew at the next hour of letters.
    op.execute("DELETE FROM fact WHERE key = 'expected-until'")
