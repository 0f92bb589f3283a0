"""A round of planning on the shipped folder, with a real database: what is put in the outbox, and what is not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from pathlib import Path

from sqlalchemy import select

from arshjul.cli.confirm import NewDate, announce
from arshjul.loading import load
from arshjul.organisation import Organisation
from arshjul.plan.model import Announcement
from arshjul.rounds import holds
from arshjul.rounds.planning import plan_round
from arshjul.store.engine import Store
from arshjul.store.tables import OUTBOX
from arshjul.store.tokens import token_hash
from arshjul.timing.days import Span
from tests.files_of import TODAY_OF_FILES
from tests.small_site import edit

FIRST, TUESDAY = datetime(2026, 11, 20, 9, tzinfo=UTC), datetime(2026, 11, 24, 7, 1, tzinfo=UTC)
MANY = datetime(2026, 12, 22, 7, 1, tzinfo=UTC)
SECTION = "Datoer som bør bekreftes"


def letter_to_the_office(store: Store) -> str:
    """Return the text of the one letter to the secretariat."""
    with store.reading() as connection:
        wires = connection.execute(select(OUTBOX.c.wire).where(OUTBOX.c.address == "sekretariatet@example.no")).all()
    (wire,) = (row[0] for row in wires)
    body = message_from_bytes(wire, policy=policy.default).get_body(("plain",))
    assert body
    return str(body.get_content())


def test_letter_of_the_send_day_asks_for_the_dates_that_should_be_public(site: Path, store: Store) -> None:
    organisation = load(site, TODAY_OF_FILES)
    plan_round(organisation, store, FIRST)

    plan_round(organisation, store, TUESDAY)
    again = plan_round(organisation, store, TUESDAY)

    text = letter_to_the_office(store)
    work, _, asked = text.partition(SECTION)
    assert "Møte i interessepolitisk utvalg" in work
    assert "Tirsdag 1. desember 2026 (foreløpig): Bekreft datoen: Finansdebatt og" in asked
    at_length, _, listed = asked.partition("Datoer som skulle vært kunngjort")
    assert "Kommune- og fylkestingsvalg" not in at_length  # it was late before the first start, and comes in its turn
    assert "Kommune- og fylkestingsvalg" in listed
    assert "Finansdebatt" not in listed
    assert again.queued == 0


def test_letter_has_a_link_to_say_no_with_a_token_of_its_own_and_the_coordinators_has_none(
    site: Path, store: Store
) -> None:
    config = site / "config.toml"
    edit(config, 'url = "http://127.0.0.1:8000"', 'url = "https://kalender.example.no"')
    organisation = load(site, TODAY_OF_FILES)
    plan_round(organisation, store, FIRST)

    assert plan_round(organisation, store, MANY).held  # weeks without a round are asked about
    holds.release(store, MANY)
    plan_round(organisation, store, MANY)

    coordinator = organisation.settings.rules.coordinator
    links = {}
    with store.reading() as connection:
        for row in connection.execute(select(OUTBOX.c.address, OUTBOX.c.wire, OUTBOX.c.opt_out_hash)):
            message = message_from_bytes(row.wire, policy=policy.default)
            links[row.address] = (
                message["List-Unsubscribe"],
                message["List-Unsubscribe-Post"],
                row.opt_out_hash,
                row.wire,
            )
    assert coordinator is not None
    assert links.pop(coordinator.address)[:3] == (None, None, None)
    assert len(links) > 1
    for header, post, found, wire in links.values():
        token = str(header).removeprefix("<https://kalender.example.no/u/").removesuffix(">")
        assert (token_hash(token), post) == (found, "List-Unsubscribe=One-Click")
        body = message_from_bytes(wire, policy=policy.default).get_body(("plain",))
        assert body
        assert f"https://kalender.example.no/u/{token}\n" in str(body.get_content()).replace("\r", "")
    assert len({found for _, _, found, _ in links.values()}) == len(links)


def test_letter_has_no_link_where_nobody_else_can_open_it(shipped: Organisation, store: Store) -> None:
    plan_round(shipped, store, FIRST)
    plan_round(shipped, store, TUESDAY)
    with store.reading() as connection:
        rows = connection.execute(select(OUTBOX.c.wire, OUTBOX.c.opt_out_hash)).all()
    assert rows
    assert all(b"List-Unsubscribe" not in row.wire and row.opt_out_hash is None for row in rows)


def test_date_that_is_announced_in_time_is_not_asked_for(site: Path, store: Store) -> None:
    organisation = load(site, TODAY_OF_FILES)
    plan_round(organisation, store, FIRST)
    debate = next(one for one in organisation.catalogue.calendars["politisk-aar"].items if one.id == "finansdebatt")
    date_ = Announcement(Span.of(date(2026, 12, 3)), source="https://example.no/a", checked=date(2026, 11, 21))
    announce(
        site / "calendars" / "politisk-aar.toml", NewDate(debate, "2026", date_), organisation.catalogue, TODAY_OF_FILES
    )

    plan_round(load(site, TODAY_OF_FILES), store, TUESDAY)

    assert SECTION not in letter_to_the_office(store)
