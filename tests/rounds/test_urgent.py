"""What the coordinator must hear today goes to her at once, at most once an hour, and never twice."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from arshjul.disk import go_on
from arshjul.letters.brakes import Hold, HoldKind
from arshjul.letters.coordinator import without_address
from arshjul.loading import load
from arshjul.mail.smtp import Pace, SmtpServer, SmtpTransport
from arshjul.mail.transports import MaildirTransport, Transport
from arshjul.mail.verdicts import State
from arshjul.organisation import Organisation
from arshjul.plan.model import Recipient
from arshjul.rounds import holds
from arshjul.rounds.immediate import tell_coordinator, urgent_now
from arshjul.rounds.planning import plan_round
from arshjul.rounds.sending import SendReport, send_round
from arshjul.store import facts, queue, told
from arshjul.store.engine import Store
from arshjul.store.queue import LetterInfo
from tests.files_of import TODAY_OF_FILES
from tests.rounds.test_brakes import council, one_by_one
from tests.sample_letters import queued
from tests.small_site import CONFIG, edit, write_site
from tests.smtp_servers import HOST, ScriptedServer

COORDINATOR = "koordinator@example.no"
LETTERS = f'[letters]\nfrom = "Årshjul <arshjul@example.no>"\ncoordinator = "Koordinator <{COORDINATOR}>"\n'

START = datetime(2027, 2, 11, 9, tzinfo=UTC)
MORNINGS = tuple(
    datetime(2027, month, day, 9, tzinfo=UTC)
    for month, day in ((2, 11), (2, 12), (3, 5), (3, 8), (3, 9), (3, 10), (3, 11), (4, 5), (4, 9))
)
"""The mornings at which the meetings of March and April are told of, and some between."""
EVENING = datetime(2027, 3, 11, 18, tzinfo=UTC)  # Thursday, the day before a board meeting
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
MEETING = '"2027-03-12"'


def site(folder: Path, letters_table: str = LETTERS) -> Path:
    """The small site, whose meetings the board is told of and invited to."""
    calendar = write_site(folder)
    edit(calendar, 'contributors = "Styret"', 'responsible = "Styret"')
    (folder / "config.toml").write_text(CONFIG + letters_table, encoding="utf-8")
    return calendar


def read(folder: Path) -> Organisation:
    organisation = load(folder, TODAY_OF_FILES)
    assert organisation.problems == ()
    return organisation


def saved(calendar: Path, at: datetime, old: str, new: str) -> None:
    edit(calendar, old, new)
    os.utime(calendar, (at.timestamp(), at.timestamp()))


def told_site(folder: Path, store: Store, letters_table: str = LETTERS, until: datetime = EVENING) -> Path:
    """A site whose letters have gone until that evening."""
    calendar = site(folder, letters_table)
    os.utime(calendar, (START.timestamp(), START.timestamp()))
    for morning in MORNINGS:
        if morning < until:
            plan_round(read(folder), store, morning)
            sent(store, folder, morning)
    return calendar


def cancel(calendar: Path, at: datetime) -> None:
    saved(calendar, at, 'title = "Styremøte"', 'title = "Styremøte"\ncancelled = ["2027-03"]')


def look(folder: Path, store: Store, now: datetime) -> bool:
    """As the service does each minute."""
    organisation = read(folder)
    plan_round(organisation, store, now)
    return tell_coordinator(organisation, store, now, urgent_now(organisation, store, now))


def sent(store: Store, folder: Path, at: datetime, way: Transport | None = None) -> SendReport:
    return asyncio.run(send_round(store, way or MaildirTransport(folder / "mail"), lambda: at, jitter=lambda: 0.0))


def alarms(store: Store) -> list[LetterInfo]:
    """Return the coordinator's urgent letters, the first first."""
    return [one for one in queue.letters_by_state(store)[::-1] if one.subject.startswith("Haster: ")]


def text_of(store: Store, one: LetterInfo) -> str:
    body = message_from_bytes(queue.wire_of(store, one.id) or b"", policy=policy.default).get_body(("plain",))
    return " ".join(str(body.get_content()).split()).partition(" -- ")[0] if body else ""


def test_cancellation_that_nobody_hears_of_in_time_goes_to_the_coordinator(tmp_path: Path, store: Store) -> None:
    calendar = told_site(tmp_path, store)
    cancel(calendar, EVENING)

    assert [look(tmp_path, store, EVENING + n * MINUTE) for n in (10, 11)] == [True, False]

    (alarm,) = alarms(store)
    assert (alarm.to, alarm.subject, alarm.state) == (
        Recipient(COORDINATOR, "Koordinator"),
        "Haster: Avlyst: Styremøte fredag 12. mars 2027",
        State.QUEUED,
    )
    assert text_of(store, alarm) == (
        "Dette må du vite i dag. - Avlyst: Styremøte fredag 12. mars 2027. Ingen brev går før fredag 12. mars 2027 "
        "kl. 08.00; ring dem: Ola <ola@example.no>. Slik var det torsdag 11. mars 2027 kl. 19.10."
    )
    assert sent(store, tmp_path, EVENING + 10 * MINUTE).states == {State.ACCEPTED: 1}


def test_move_that_nobody_hears_of_in_time_names_both_days(tmp_path: Path, store: Store) -> None:
    calendar = told_site(tmp_path, store)
    saved(calendar, EVENING, MEETING, '"2027-03-19"')

    look(tmp_path, store, EVENING + HOUR)

    assert [text_of(store, one).split(". Slik")[0] for one in alarms(store)] == [
        "Dette må du vite i dag. - Flyttet: Styremøte, fredag 12. mars → fredag 19. mars. Ingen brev går før "
        "fredag 12. mars 2027 kl. 08.00; ring dem: Ola <ola@example.no>"
    ]


def test_new_hour_that_nobody_hears_of_in_time_is_told(tmp_path: Path, store: Store) -> None:
    calendar = told_site(tmp_path, store)
    announced = 'announced.2027-03 = { date = "2027-03-12", time = "08:00", source = "Epost", checked = "2026-11-20" }'
    saved(calendar, EVENING, 'title = "Styremøte"', f'title = "Styremøte"\n{announced}')

    look(tmp_path, store, EVENING + HOUR)

    assert [text_of(store, one).split(" Ingen")[0] for one in alarms(store)] == [
        "Dette må du vite i dag. - Styremøte, fredag 12. mars 2027. Ny tid: uten klokkeslett → kl. 08.00."
    ]


def test_change_in_the_weekend_for_the_first_workday_is_told(tmp_path: Path, store: Store) -> None:
    friday = datetime(2027, 4, 9, 18, tzinfo=UTC)
    calendar = told_site(tmp_path, store, until=friday)
    saved(calendar, friday + 6 * HOUR, ', "2027-04-12"', "")

    look(tmp_path, store, friday + 12 * HOUR)

    assert [one.subject for one in alarms(store)] == ["Haster: Utgår: Styremøte mandag 12. april 2027"]
    assert "før mandag 12. april 2027 kl. 08.00; ring dem: Ola" in text_of(store, alarms(store)[0])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (', "2027-04-12"', ""),  # the letter comes in time
        ('title = "Styremøte"', 'title = "Styremøtet"'),  # nobody acts on that
        ('"2027-06-12"', '"2027-06-14"'),  # nobody was told of it
    ],
)
def test_change_that_is_told_in_time_or_to_nobody_is_no_alarm(tmp_path: Path, store: Store, old: str, new: str) -> None:
    calendar = told_site(tmp_path, store)
    saved(calendar, EVENING, old, new)

    assert not look(tmp_path, store, EVENING + HOUR)
    assert alarms(store) == []


def test_slip_that_is_put_right_within_ten_minutes_troubles_nobody(tmp_path: Path, store: Store) -> None:
    calendar = told_site(tmp_path, store)
    saved(calendar, EVENING, MEETING, '"2027-03-19"')
    assert not look(tmp_path, store, EVENING + MINUTE)
    assert [one.headline("nb") for one in urgent_now(read(tmp_path), store, EVENING + MINUTE)] == [
        "Flyttet: Styremøte fredag 19. mars 2027"  # the page says so meanwhile
    ]
    saved(calendar, EVENING + 2 * MINUTE, '"2027-03-19"', MEETING)

    assert not look(tmp_path, store, EVENING + HOUR)
    assert alarms(store) == []


def test_what_comes_within_the_hour_goes_in_one_letter_once_it_has_passed(tmp_path: Path, store: Store) -> None:
    calendar = told_site(tmp_path, store)
    cancel(calendar, EVENING - HOUR)
    assert look(tmp_path, store, EVENING)
    holds.order(store, Hold(HoldKind.FLOOD, "77 brev.", EVENING, 77))
    saved(calendar, EVENING, '\ncancelled = ["2027-03"]', "")
    saved(calendar, EVENING, MEETING, '"2027-03-13"')

    assert [look(tmp_path, store, EVENING + n * MINUTE) for n in (15, 59, 60, 61, 200)] == [
        False,
        False,
        True,
        False,
        False,
    ]
    assert [one.subject for one in alarms(store)] == [
        "Haster: Avlyst: Styremøte fredag 12. mars 2027",
        "Haster: for mange brev på én gang, og 1 til",
    ]
    both = text_of(store, alarms(store)[1])
    assert "Brev holdes tilbake: 77 brev. Slipp utsendingen løs med «arshjul outbox release»" in both
    assert "Brevene om det går ikke så lenge utsendingen står; ring dem: Ola" in both


def test_what_is_over_before_the_hour_has_passed_is_not_told(tmp_path: Path, store: Store) -> None:
    calendar = told_site(tmp_path, store)
    cancel(calendar, EVENING - HOUR)
    look(tmp_path, store, EVENING)
    holds.order(store, Hold(HoldKind.FLOOD, "77 brev.", EVENING, 77))
    look(tmp_path, store, EVENING + MINUTE)
    holds.release(store, EVENING + 2 * MINUTE)

    assert not look(tmp_path, store, EVENING + HOUR)


def test_flood_is_told_once_and_the_letter_counts_for_no_brake(tmp_path: Path, store: Store) -> None:
    plan_round(council(tmp_path, one_by_one()), store, datetime(2026, 11, 20, 8, tzinfo=UTC))
    council(tmp_path, one_by_one(), leads="250")
    tuesday = datetime(2026, 11, 24, 8, tzinfo=UTC)

    assert [look(tmp_path, store, tuesday + n * HOUR) for n in range(3)] == [True, False, False]

    (alarm,) = alarms(store)
    hold = holds.current(store)
    assert hold is not None
    assert hold.reason in text_of(store, alarm)
    addresses = sorted(one.to.address for one in queue.letters_by_state(store, State.QUEUED))
    assert addresses == [COORDINATOR, COORDINATOR]  # the weekly letter goes beside it
    assert sent(store, tmp_path, tuesday + 3 * HOUR).states == {State.ACCEPTED: 2}


@pytest.mark.parametrize("kind", [HoldKind.CLOCK, HoldKind.RESTORED, HoldKind.DAMAGED])
def test_hold_of_everything_lets_the_coordinators_letter_go(tmp_path: Path, any_store: Store, kind: HoldKind) -> None:
    told_site(tmp_path, any_store)
    other = queued(1, reminders=(), expires_at=EVENING + 24 * HOUR)
    queue.queue(any_store, [other], EVENING)
    holds.order(any_store, Hold(kind, "Noe er galt.", EVENING))
    look(tmp_path, any_store, EVENING)

    report = sent(any_store, tmp_path, EVENING)

    assert (report.states, report.hold, report.trouble) == (
        {State.ACCEPTED: 1},
        holds.current(any_store),
        "Noe er galt.",
    )
    assert [one.state for one in alarms(any_store)] == [State.ACCEPTED]
    assert queue.letter(any_store, other.id).state is State.QUEUED  # type: ignore[union-attr]  # it is there


def test_letter_from_a_database_that_is_behind_does_not_hide_how_far(tmp_path: Path, store: Store) -> None:
    told_site(tmp_path, store)
    facts.note_epoch(store, 1000)
    assert sent(store, tmp_path, EVENING).hold is not None
    look(tmp_path, store, EVENING)
    assert sent(store, tmp_path, EVENING).states == {State.ACCEPTED: 1}

    holds.lift(store)

    assert facts.is_behind(store)


def test_person_who_says_stop_stops_the_coordinators_letter_too(tmp_path: Path, store: Store) -> None:
    calendar = told_site(tmp_path, store)
    cancel(calendar, EVENING - HOUR)
    look(tmp_path, store, EVENING)
    holds.order(store, Hold(HoldKind.PERSON, "Stanset av kari.", EVENING))

    assert sent(store, tmp_path, EVENING).states == {}
    assert not look(tmp_path, store, EVENING + 2 * HOUR)
    assert len(alarms(store)) == 1


def test_refusal_of_us_is_told_by_a_server_that_takes_letters_to_its_own(tmp_path: Path, store: Store) -> None:
    told_site(tmp_path, store)
    queue.queue(store, [queued(1, reminders=(), expires_at=EVENING + 24 * HOUR)], EVENING)
    refusal = "550 5.7.1 <kari@example.no>: Relay access denied"
    assert sent_to(ScriptedServer({"RCPT": refusal}), store, EVENING).hold is not None

    look(tmp_path, store, EVENING + MINUTE)
    report = sent_to(ScriptedServer(), store, EVENING + MINUTE)

    assert report.states == {State.ACCEPTED: 1}
    (alarm,) = alarms(store)
    assert alarm.subject == "Haster: e-posttjeneren vil ikke ta imot brevene våre"
    assert "Relay access denied. Spør den som drifter e-posttjeneren, om denne maskinen får sende" in text_of(
        store, alarm
    )


def test_wrong_addresses_do_not_hold_the_rest_again_after_the_coordinators_letter(tmp_path: Path, store: Store) -> None:
    told_site(tmp_path, store)
    later = EVENING + 24 * HOUR
    people = [Recipient(f"mottaker{n}@example.no") for n in range(3)]
    queue.queue(store, [queued(n, to=one, reminders=(), expires_at=later) for n, one in enumerate(people)], EVENING)
    unknown = "550 5.1.1 User unknown"
    assert sent_to(ScriptedServer({"RCPT": unknown}), store, EVENING).hold is not None
    look(tmp_path, store, EVENING + MINUTE)
    assert sent_to(ScriptedServer(), store, EVENING + MINUTE).states == {State.ACCEPTED: 1}
    holds.release(store, EVENING + 2 * MINUTE)

    report = sent_to(ScriptedServer({"RCPT": ["250 OK", unknown, unknown]}), store, EVENING + 3 * MINUTE)

    assert (report.states, report.hold) == ({State.REJECTED: 2, State.ACCEPTED: 1}, None)


def test_change_in_a_letter_that_waits_while_nothing_is_sent_is_told(tmp_path: Path, store: Store) -> None:
    morning = datetime(2027, 3, 10, 9, tzinfo=UTC)
    calendar = told_site(tmp_path, store, until=morning)
    cancel(calendar, morning - HOUR)
    plan_round(read(tmp_path), store, morning)
    assert urgent_now(read(tmp_path), store, morning) == ()  # the letter goes, two days before

    holds.order(store, Hold(HoldKind.SETUP, "Avvist.", morning))

    assert [one.words("nb") for one in urgent_now(read(tmp_path), store, morning)] == [
        "Utsendingen står: Avvist. Slipp utsendingen løs med «arshjul outbox release» når det er i orden.",
        "Avlyst: Styremøte fredag 12. mars 2027. Brevene om det går ikke så lenge utsendingen står; "
        "ring dem: Ola <ola@example.no>.",
    ]


def test_server_that_refuses_us_is_asked_once_and_no_more(tmp_path: Path, store: Store) -> None:
    told_site(tmp_path, store)
    queue.queue(store, [queued(1, reminders=(), expires_at=EVENING + 24 * HOUR)], EVENING)
    server = ScriptedServer({"RCPT": "504 5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname"})
    sent_to(server, store, EVENING)
    look(tmp_path, store, EVENING + MINUTE)

    for minutes in (1, 2, 10, 59):
        assert sent_to(server, store, EVENING + minutes * MINUTE).hold is not None

    assert server.commands.count("RCPT") == 2
    assert [one.state for one in alarms(store)] == [State.QUEUED]
    assert sent_to(ScriptedServer(), store, EVENING + HOUR, relay="rettet").states == {State.ACCEPTED: 2}


def sent_to(server: ScriptedServer, store: Store, at: datetime, relay: str = "før") -> SendReport:
    async def work() -> SendReport:
        async with asyncio.timeout(30), server.running() as port:
            place = SmtpServer(HOST, port, start_tls=False, local_hostname="example.no", timeout=5, data_timeout=5)
            way = SmtpTransport(place, Pace(1000))
            return await send_round(store, way, lambda: at, relay=relay, jitter=lambda: 0.0)

    return asyncio.run(work())


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ("550 5.1.1 <ola@example.no>: User unknown", State.REJECTED),
        ("552 5.2.2 Mailbox full", State.DEAD),
        ("553 no", State.REJECTED),
    ],
)
def test_letter_that_comes_back_is_told_the_same_day_and_once(
    tmp_path: Path, store: Store, answer: str, state: State
) -> None:
    refused, fine = two_letters(tmp_path, store)
    server = ScriptedServer({"RCPT": [answer, "250 OK"]})
    assert sent_to(server, store, EVENING).states == {state: 1, State.ACCEPTED: 1}

    assert [look(tmp_path, store, EVENING + minutes * MINUTE) for minutes in (1, 2, 61)] == [True, False, False]

    (alarm,) = alarms(store)
    assert alarm.subject == f"Haster: et brev til {refused.name} kom i retur"
    assert text_of(store, alarm).startswith(
        f"Dette må du vite i dag. - «Påminnelse 1» kom ikke frem til {refused}. Si det på en annen måte, og rett "
        f"adressen. E-posttjeneren svarte: {answer}"
    )
    assert fine.address not in text_of(store, alarm)


def test_letter_that_came_back_a_day_ago_is_left_to_the_weekly_letter(tmp_path: Path, store: Store) -> None:
    refused, _ = two_letters(tmp_path, store)
    sent_to(ScriptedServer({"RCPT": ["550 5.1.1 User unknown", "250 OK"]}), store, EVENING)

    (found,) = urgent_now(read(tmp_path), store, EVENING + 23 * HOUR)
    assert found.words("nb", without_address) == (
        f"«Påminnelse 1» kom ikke frem til {refused.name}. Si det på en annen måte, og rett adressen."
    )
    assert urgent_now(read(tmp_path), store, EVENING + 24 * HOUR) == ()


def two_letters(folder: Path, store: Store) -> tuple[Recipient, Recipient]:
    """Let a letter wait for each of two recipients, and return them in the order in which they get theirs."""
    told_site(folder, store)
    found = Recipient("ola@example.no", "Ola Nordmann"), Recipient("kari@example.no", "Kari Nordmann")
    for number, to in enumerate(found, 1):
        letter = queued(number, to=to, reminders=(), expires_at=EVENING + 24 * HOUR)
        queue.queue(store, [letter], EVENING)
    return found


class KilledError(Exception):
    """Stands for the process being gone."""


def killed_at(wanted: str) -> Callable[[str], None]:
    def crash(label: str) -> None:
        if label == wanted:
            raise KilledError

    return crash


@pytest.mark.parametrize(("label", "count"), [("planned", 0), ("queued", 1)])
def test_kill_loses_nothing_and_tells_nothing_twice(tmp_path: Path, any_store: Store, label: str, count: int) -> None:
    calendar = told_site(tmp_path, any_store)
    cancel(calendar, EVENING - HOUR)
    organisation = read(tmp_path)
    found = urgent_now(organisation, any_store, EVENING)
    with pytest.raises(KilledError):
        tell_coordinator(organisation, any_store, EVENING, found, crash=killed_at(label))
    assert len(alarms(any_store)) == count

    for n in range(3):
        tell_coordinator(organisation, any_store, EVENING + n * HOUR, found, crash=go_on)

    assert len(alarms(any_store)) == 1


def test_coordinator_who_has_said_no_to_letters_hears_all_the_same(tmp_path: Path, store: Store) -> None:
    calendar = told_site(tmp_path, store)
    told.opt_out(store, COORDINATOR, "på telefonen", EVENING)
    cancel(calendar, EVENING - HOUR)
    look(tmp_path, store, EVENING)

    assert sent(store, tmp_path, EVENING).states == {State.ACCEPTED: 1}


def test_letter_keeps_the_days_own_from_nobody(tmp_path: Path, store: Store) -> None:
    calendar = told_site(tmp_path, store)
    cancel(calendar, EVENING - HOUR)
    look(tmp_path, store, EVENING)

    assert (COORDINATOR, EVENING.date()) not in told.known(store).written


def test_without_a_coordinator_nothing_is_written_and_the_page_says_it(tmp_path: Path, store: Store) -> None:
    calendar = told_site(tmp_path, store, "[letters]\n")
    cancel(calendar, EVENING - HOUR)

    assert not look(tmp_path, store, EVENING)
    (found,) = urgent_now(read(tmp_path), store, EVENING)
    assert found.words("nb", without_address) == (
        "Avlyst: Styremøte fredag 12. mars 2027. Ingen brev går før fredag 12. mars 2027 kl. 08.00; ring dem: Ola."
    )

    (tmp_path / "config.toml").write_text(CONFIG + LETTERS, encoding="utf-8")
    assert look(tmp_path, store, EVENING + MINUTE)
