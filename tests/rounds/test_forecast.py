"""A brake is told before it trips: when, how many letters, and only where the round will really pull it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from arshjul.letters.brakes import HoldKind, brake_ahead_in_words
from arshjul.organisation import Organisation
from arshjul.rounds import holds
from arshjul.rounds.planning import brake_ahead, next_letters, plan_round
from arshjul.store.engine import Store
from tests.rounds.test_brakes import MEMBERS, START, all_at_once, council, days_of, one_by_one

FRIDAY = datetime(2026, 11, 20, 12, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 7, tzinfo=UTC)  # 08.00 in Oslo
TUESDAY = datetime(2026, 11, 24, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)


def started(folder: Path, store: Store, calendar: str) -> Organisation:
    """A council whose day of the first start is over."""
    organisation = council(folder, calendar)
    plan_round(organisation, store, START)
    return organisation


def test_flood_is_told_before_the_hour_and_comes_as_told(tmp_path: Path, store: Store) -> None:
    started(tmp_path, store, one_by_one())
    slip = council(tmp_path, one_by_one(), leads="250")

    found = brake_ahead(slip, store, FRIDAY)

    assert found is not None
    assert (found.kind, found.letters, found.since, holds.current(store)) == (HoldKind.FLOOD, MEMBERS, TUESDAY, None)
    assert brake_ahead_in_words(found) == (
        "65 brev går tirsdag 24. november 2026 kl. 08.00; bremsen holder mer enn 50, så ingen av dem kommer av sted.",
        "Se dem med «arshjul preview». Skal de gå, slipp dem da løs med «arshjul outbox release», eller sett "
        "letters_at_once høyere under [brakes] i config.toml.",
    )
    assert plan_round_holds(slip, store, MONDAY) is None
    assert plan_round_holds(slip, store, TUESDAY) is HoldKind.FLOOD
    assert brake_ahead(slip, store, TUESDAY + HOUR) is None  # what it holds is known by now


def test_edit_whose_letters_wait_for_the_weekly_day_is_told_for_that_day(tmp_path: Path, store: Store) -> None:
    started(tmp_path, store, all_at_once())
    days_of(council(tmp_path, all_at_once()), store, "2026-11-21", "2027-01-27")
    wednesday = datetime(2027, 1, 28, 12, tzinfo=UTC)
    slip = council(tmp_path, all_at_once("12. mars"), by_edit=20)

    found = brake_ahead(slip, store, wednesday)

    assert found is not None
    assert (found.kind, found.letters, found.since) == (
        HoldKind.EDITS,
        MEMBERS,
        datetime(2027, 2, 2, 7, tzinfo=UTC),
    )
    assert brake_ahead_in_words(found) == (
        "65 brev går tirsdag 2. februar 2027 kl. 08.00 fordi kalenderfilene er endret; bremsen holder mer enn 20.",
        "Rett filene før da. Er endringene riktige, slipp dem da løs med «arshjul outbox release», eller sett "
        "letters_by_edit høyere under [brakes] i config.toml.",
    )
    days_of(slip, store, "2027-01-29", "2027-02-01")
    assert holds.current(store) is None
    assert plan_round_holds(slip, store, datetime(2027, 2, 2, 8, tzinfo=UTC)) is HoldKind.EDITS
    assert brake_ahead(council(tmp_path, all_at_once(), by_edit=20), store, wednesday) is None


def plan_round_holds(organisation: Organisation, store: Store, now: datetime) -> HoldKind | None:
    plan_round(organisation, store, now)
    hold = holds.current(store)
    return hold.kind if hold else None


def test_days_that_were_missed_are_told_of(tmp_path: Path, store: Store) -> None:
    text = one_by_one().replace("innen 2027-06-01", "innen 2026-12-15").replace("innen 2027-06-02", "innen 2026-12-22")
    organisation = started(tmp_path, store, text)
    days_of(organisation, store, "2026-11-21", "2026-12-07")

    found = brake_ahead(organisation, store, datetime(2026, 12, 14, 6, tzinfo=UTC))

    assert found is not None
    assert found.kind is HoldKind.GAP
    what, ask = brake_ahead_in_words(found)
    assert what.startswith("Bremsen holder brev mandag 14. desember 2026 kl. 08.00: Brev ble sist planlagt")
    assert ask == ""


@pytest.mark.parametrize("first", ["2026-11-23", "2027-01-22", "2027-02-12", "2027-06-04"])
@pytest.mark.years
def test_mailing_that_the_year_plans_is_never_told_as_held(tmp_path: Path, store: Store, first: str) -> None:
    organisation = started(tmp_path, store, all_at_once())
    day = datetime.fromisoformat(f"{first}T12:00+00:00")
    days_of(organisation, store, "2026-11-21", f"{day:%Y-%m-%d}")

    assert [brake_ahead(organisation, store, day + timedelta(days=n)) for n in range(2)] == [None, None]


def test_letters_that_may_go_by_a_persons_word_are_not_told_as_held(tmp_path: Path, store: Store) -> None:
    started(tmp_path, store, one_by_one())
    slip = council(tmp_path, one_by_one(), leads="250")
    assert plan_round_holds(slip, store, TUESDAY) is HoldKind.FLOOD
    holds.release(store, TUESDAY + HOUR)

    assert brake_ahead(slip, store, TUESDAY + HOUR) is None


def test_next_letters_are_those_of_today_until_they_are_planned(tmp_path: Path, store: Store) -> None:
    organisation = started(tmp_path, store, all_at_once())
    assert next_letters(organisation, store, FRIDAY) == MONDAY
    assert next_letters(organisation, store, MONDAY - HOUR) == MONDAY
    assert next_letters(organisation, store, MONDAY + HOUR) == MONDAY + HOUR
    plan_round(organisation, store, MONDAY + HOUR)
    assert next_letters(organisation, store, MONDAY + HOUR) == TUESDAY
