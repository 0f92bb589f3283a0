"""What a round puts in the outbox, with a real database, files that are edited in between, and `now` as an argument."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from arshjul.letters.history import Acknowledgement, Report
from arshjul.loading import load
from arshjul.mail.verdicts import Outcome, Phase, State, Verdict
from arshjul.organisation import Organisation
from arshjul.plan.model import ReminderId, ReminderKind
from arshjul.rounds import holds, ledger
from arshjul.rounds.planning import Planned, owed_reminders, plan_round
from arshjul.store import claims, decisions, facts, queue
from arshjul.store import told as told_
from arshjul.store.engine import Store
from arshjul.store.queue import INFO, wire_of
from arshjul.store.tables import ATTEMPT, OUTBOX, REMINDER, identity_values
from arshjul.timing.days import Offset
from tests.files_of import TODAY_OF_FILES

CONFIG = """
[letters]
leads = [20, 5]
send_days = ["tirsdag"]
urgent_leads = 5
from = "Årshjul <arshjul@example.no>"
"""
COORDINATOR = 'coordinator = "Koordinator <koordinator@example.no>"\n'
CALENDAR = """
[calendar]
id = "k"
name = "Kalenderen"
[[party]]
id = "kontoret"
name = "Kontoret"
members = ["Kontoret <kontoret@example.no>"]
[[event]]
id = "rapport"
title = "Rapporten sendes"
when = "innen 15. desember"
responsible = "Kontoret"
"""
MEETING = """
[[event]]
id = "mote"
title = "Møtet"
when = "9. desember"
responsible = "Kontoret"
"""


@dataclass(slots=True)
class Site:
    """A folder with files to be edited, and the outbox that rounds fill."""

    folder: Path
    store: Store
    organisation: Organisation | None = None
    seen: int = 0
    is_down: bool = False

    def write(self, calendar: str, config: str = CONFIG) -> None:
        (self.folder / "calendars").mkdir(exist_ok=True)
        (self.folder / "calendars" / "k.toml").write_text(calendar, encoding="utf-8")
        (self.folder / "config.toml").write_text(config, encoding="utf-8")
        self.organisation = load(self.folder, TODAY_OF_FILES)
        assert self.organisation.problems == ()

    def round(self, now: str) -> Planned:
        """Plan as at a time, and send all that waits, unless the mail server is down."""
        assert self.organisation
        done = plan_round(self.organisation, self.store, at(now))
        if not self.is_down:
            with self.store.writing() as connection:
                sent = {"state": State.ACCEPTED, "next_at": None, "accepted_at": at(now), "settled_at": at(now)}
                connection.execute(update(OUTBOX).where(OUTBOX.c.state == State.QUEUED).values(sent))
        return done

    def letters(self) -> list[tuple[str, str, str]]:
        """The day, address and subject of every letter that has come since this was last asked."""
        statement = select(OUTBOX.c.send_day, OUTBOX.c.address, OUTBOX.c.subject).order_by(OUTBOX.c.id)
        with self.store.reading() as connection:
            found = [(str(row[0]), str(row[1]), str(row[2])) for row in connection.execute(statement)]
        new, self.seen = found[self.seen :], len(found)
        return new

    def days(self, first: str, last: str) -> list[tuple[str, str]]:
        """Run a round at nine each day and return the day and subject of every letter."""
        day, end, subjects = date.fromisoformat(first), date.fromisoformat(last), []
        while day <= end:
            self.round(f"{day} 09:00")
            subjects += [(str(day)[5:], subject) for _, _, subject in self.letters()]
            day += timedelta(days=1)
        return subjects

    def states(self) -> list[tuple[str, str]]:
        """The send day and state of every letter, the first first."""
        with self.store.reading() as connection:
            found = connection.execute(select(OUTBOX.c.send_day, OUTBOX.c.state).order_by(OUTBOX.c.id))
            return [(str(row[0]), str(row[1])) for row in found]

    def text_of(self, day: str, address: str = "kontoret@example.no") -> str:
        """The text part of the letter of a day."""
        of_day = (OUTBOX.c.address == address, OUTBOX.c.send_day == date.fromisoformat(day))
        with self.store.reading() as connection:
            name = connection.execute(select(OUTBOX.c.id).where(*of_day)).scalar_one()
        return self._text(name)

    def text(self, address: str = "kontoret@example.no") -> str:
        """The text part of the newest letter to an address."""
        newest = select(INFO[0]).where(OUTBOX.c.address == address).order_by(OUTBOX.c.id.desc())
        with self.store.reading() as connection:
            name = connection.execute(newest).scalar() or ""
        return self._text(name)

    def _text(self, name: str) -> str:
        message = email.message_from_bytes(wire_of(self.store, name) or b"", policy=email.policy.default)
        body = message.get_body(("plain",))
        assert body is not None
        return str(body.get_content()).replace("\r\n", "\n")

    def report(self, key: str, state: Report, deadline: str = "2026-12-15") -> None:
        report = Acknowledgement(key, state, "Kari", "", date.fromisoformat(deadline), at("2026-11-20 12:00"))
        told_.acknowledge(self.store, report)


def at(text: str) -> datetime:
    """An instant in UTC; all these days are in winter, an hour before Norwegian time."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC) - timedelta(hours=1)


@pytest.fixture
def site(tmp_path: Path, store: Store) -> Site:
    """A site that was started on 2 November 2026, before anything was due."""
    found = Site(tmp_path, store)
    found.write(CALENDAR)
    assert found.round("2026-11-02 09:00") == Planned()
    return found


def moved(calendar: str, to: str) -> str:
    return calendar.replace('when = "innen', f'announced.2026 = {{ date = "{to}", unusual = "utsatt" }}\nwhen = "innen')


def test_each_lead_is_told_once_on_its_day(site: Site) -> None:
    assert site.days("2026-11-03", "2026-12-15") == [
        ("11-17", "Påminnelse: Rapporten sendes – frist tirsdag 15. desember 2026 (foreløpig)"),
        ("12-08", "Påminnelse: Rapporten sendes – frist tirsdag 15. desember 2026 (foreløpig)"),
    ]


def test_moved_date_is_told_on_the_next_send_day_and_reminded_of_anew(site: Site) -> None:
    site.days("2026-11-03", "2026-11-18")
    site.write(moved(CALENDAR, "2027-02-01"))

    assert site.days("2026-11-19", "2027-02-01") == [
        ("11-24", "Flyttet: Rapporten sendes – tirsdag 15. desember 2026 → mandag 1. februar 2027"),
        ("12-29", "Påminnelse: Rapporten sendes – mandag 1. februar 2027 (foreløpig)"),
        ("01-25", "Påminnelse: Rapporten sendes – mandag 1. februar 2027 (foreløpig)"),
    ]


def test_date_moved_a_little_is_not_reminded_of_again_for_the_lead_that_the_change_stood_for(site: Site) -> None:
    site.days("2026-11-03", "2026-11-18")
    site.write(moved(CALENDAR, "2026-12-17"))

    assert site.days("2026-11-19", "2026-12-18") == [
        ("11-24", "Flyttet: Rapporten sendes – tirsdag 15. desember → torsdag 17. desember"),
        ("12-10", "Påminnelse: Rapporten sendes – torsdag 17. desember 2026 (foreløpig)"),
    ]


def test_near_move_is_told_at_once_with_both_weekdays(site: Site) -> None:
    site.days("2026-11-03", "2026-12-09")
    site.write(moved(CALENDAR, "2026-12-11"))

    assert site.days("2026-12-10", "2026-12-12") == [
        ("12-10", "Flyttet: Rapporten sendes – tirsdag 15. desember → fredag 11. desember")
    ]
    assert "\nFlyttet: tirsdag 15. desember → fredag 11. desember.\nI morgen. Du er hovedansvarlig.\n" in site.text()


def test_who_was_never_told_gets_no_notice_of_the_move(site: Site) -> None:
    site.write(moved(CALENDAR, "2027-02-01"))

    assert [day for day, _ in site.days("2026-11-03", "2026-12-31")] == ["12-29"]


def test_date_that_is_moved_there_and_back_is_told_both_times(site: Site) -> None:
    site.days("2026-11-03", "2026-11-17")
    site.write(moved(CALENDAR, "2027-02-01"))
    there = site.days("2026-11-18", "2026-11-24")
    site.write(CALENDAR)
    back = site.days("2026-11-25", "2026-12-01")
    site.write(moved(CALENDAR, "2027-02-01"))
    again = site.days("2026-12-02", "2026-12-09")

    assert [subject for _, subject in there + back + again] == [
        "Flyttet: Rapporten sendes – tirsdag 15. desember 2026 → mandag 1. februar 2027",
        "Flyttet: Rapporten sendes – mandag 1. februar 2027 → tirsdag 15. desember 2026",
        "Flyttet: Rapporten sendes – tirsdag 15. desember 2026 → mandag 1. februar 2027",
    ]


def test_change_comes_in_the_letter_that_goes_anyway(site: Site) -> None:
    site.write(CALENDAR + MEETING)
    site.days("2026-11-03", "2026-11-24")
    site.write(moved(CALENDAR, "2026-12-21") + MEETING)

    assert site.days("2026-11-25", "2026-12-01") == [
        ("12-01", "Flyttet: Rapporten sendes – tirsdag 15. desember → mandag 21. desember")
    ]
    site.write(moved(CALENDAR, "2026-12-22") + MEETING)
    assert site.days("2026-12-02", "2026-12-02") == [
        ("12-02", "2 saker – den nærmeste onsdag 9. desember 2026 (foreløpig): Møtet")
    ]
    assert "2. Flyttet til tirsdag 22. desember 2026 (foreløpig): Rapporten sendes\n" in site.text()


def test_letter_that_waits_is_taken_back_when_its_date_moves_and_the_new_one_is_told(site: Site) -> None:
    site.is_down = True
    assert [day for day, _ in site.days("2026-11-03", "2026-11-17")] == ["11-17"]
    site.write(moved(CALENDAR, "2026-12-14"))

    (first, second) = [site.round("2026-11-18 09:00"), site.round("2026-11-18 09:01")]

    assert (first.withdrawn, second.withdrawn) == (1, 0)
    assert [subject for _, _, subject in site.letters()] == [
        "Påminnelse: Rapporten sendes – mandag 14. desember 2026 (foreløpig)"
    ]
    assert "\nForsinket: skulle vært sendt tirsdag 10. november 2026.\n" in site.text()
    with site.store.reading() as connection:
        states = connection.execute(select(OUTBOX.c.send_day, OUTBOX.c.state).order_by(OUTBOX.c.id)).all()
        said = connection.execute(select(ATTEMPT.c.outcome, ATTEMPT.c.text)).all()
    assert [(str(day), state) for day, state in states] == [("2026-11-17", "cancelled"), ("2026-11-18", "queued")]
    assert [tuple(one) for one in said] == [("withdrawn", "k/rapport/2026 har fått en annen dato")]
    with site.store.reading() as connection:
        sizes = connection.execute(select(OUTBOX.c.wire).order_by(OUTBOX.c.id)).scalars().all()
    assert [bool(wire) for wire in sizes] == [False, True]  # what never goes need not be kept


def test_coordinator_who_had_said_no_gets_letters_again(site: Site) -> None:
    told_.opt_out(site.store, "kontoret@example.no", "lenken i et brev", at("2026-11-03 08:00"))
    assert site.days("2026-11-03", "2026-11-16") == []
    site.write(CALENDAR, CONFIG + 'coordinator = "Kontoret@example.no"\n')

    site.round("2026-11-17 09:00")
    assert told_.opt_outs(site.store) == ()


def test_date_that_was_wrong_for_a_moment_is_told_all_the_same(site: Site) -> None:
    site.is_down = True
    site.days("2026-11-03", "2026-11-17")
    site.write(moved(CALENDAR, "2026-12-22"))
    assert site.round("2026-11-18 09:00").withdrawn == 1
    site.write(CALENDAR)

    assert site.days("2026-11-18", "2026-11-19") == [
        ("11-19", "Påminnelse: Rapporten sendes – frist tirsdag 15. desember 2026 (foreløpig)")
    ]


def test_letter_that_holds_something_right_goes_the_same_day(site: Site) -> None:
    meeting = MEETING.replace("9. des", "15. des")
    site.write(CALENDAR + meeting)
    site.is_down = True
    assert [day for day, _ in site.days("2026-11-03", "2026-11-17")] == ["11-17"]
    site.write(CALENDAR + meeting.replace("15. des", "17. des"))

    assert site.round("2026-11-17 12:00").withdrawn == 0


@pytest.mark.years
def test_letters_that_have_waited_are_written_anew_as_one_with_the_nearest_of_each_thing(site: Site) -> None:
    meeting = MEETING.replace("9. des", "15. des")
    site.write(CALENDAR + meeting)
    site.is_down = True
    site.days("2026-11-03", "2026-12-08")
    site.write(CALENDAR + meeting.replace("15. des", "17. des"))
    site.is_down = False

    assert site.days("2026-12-09", "2026-12-20") == [
        ("12-09", "2 saker – den nærmeste tirsdag 15. desember 2026 (foreløpig): Rapporten sendes"),
        ("12-10", "Påminnelse: Møtet – torsdag 17. desember 2026 (foreløpig)"),
    ]
    first = site.text_of("2026-12-09")
    assert first.count("Forsinket: skulle vært sendt tirsdag 8. desember 2026.") == 1
    assert first.count("Forsinket: skulle vært sendt tirsdag 17. november 2026.") == 1
    states = site.states()
    assert [day for day, state in states if state == "accepted"] == ["2026-12-09", "2026-12-10"]
    assert {state for day, state in states if day < "2026-12-09"} == {"cancelled"}


def test_what_waited_over_a_weekend_is_told_on_the_first_day_that_is_open(site: Site) -> None:
    site.write(CALENDAR.replace("15. desember", "14. desember"), CONFIG.replace("[20, 5]", "[1]"))
    site.is_down = True
    assert [day for day, _ in site.days("2026-11-03", "2026-12-13")] == ["12-11"]
    site.is_down = False

    assert site.days("2026-12-14", "2026-12-14") == [
        ("12-14", "Påminnelse: Rapporten sendes – frist mandag 14. desember 2026 (foreløpig)")
    ]
    assert "\nForsinket: skulle vært sendt fredag 11. desember 2026.\nI dag." in site.text()


@pytest.mark.parametrize(
    ("calendar", "reason"),
    [
        (CALENDAR.replace("[[event]]", '[[event]]\ncancelled = ["2026"]'), "gjelder ikke lenger"),
        (CALENDAR.partition("[[event]]")[0], "gjelder ikke lenger"),
        (CALENDAR.replace("kontoret@", "nye@"), "er ikke lenger mottakerens oppgave"),
    ],
)
def test_letter_that_waits_is_taken_back_when_its_thing_is_gone_or_somebody_elses(
    site: Site, calendar: str, reason: str
) -> None:
    site.is_down = True
    site.days("2026-11-03", "2026-11-17")
    site.write(calendar)

    assert site.round("2026-11-18 09:00").withdrawn == 1
    with site.store.reading() as connection:
        assert connection.execute(select(ATTEMPT.c.text)).scalar() == f"k/rapport/2026 {reason}"


def test_letter_that_waits_is_taken_back_when_its_thing_is_reported_done(site: Site) -> None:
    site.is_down = True
    site.days("2026-11-03", "2026-11-17")
    site.report("k/rapport/2026", Report.DONE)

    assert site.round("2026-11-17 23:00").withdrawn == 1
    site.is_down = False
    assert site.days("2026-11-18", "2026-12-31") == []


def test_letter_that_a_server_may_have_is_not_taken_back(site: Site) -> None:
    site.is_down = True
    site.days("2026-11-03", "2026-11-17")
    with site.store.writing() as connection:
        connection.execute(update(OUTBOX).values(generation=2))
    site.write(moved(CALENDAR, "2026-12-22"))

    assert site.round("2026-11-18 09:00").withdrawn == 0


def test_cancelled_thing_is_told_once_and_once_more_when_it_is_on_again(site: Site) -> None:
    site.days("2026-11-03", "2026-11-18")
    site.write(CALENDAR + 'cancelled = ["2026"]\n')
    off = site.days("2026-11-19", "2026-12-02")
    site.write(CALENDAR)

    assert off == [("11-24", "Avlyst: Rapporten sendes – tirsdag 15. desember 2026")]
    assert site.days("2026-12-03", "2026-12-16") == [
        ("12-08", "Likevel ikke avlyst: Rapporten sendes – tirsdag 15. desember 2026")
    ]


def test_thing_that_is_taken_out_is_told_with_the_title_it_had(site: Site) -> None:
    site.days("2026-11-03", "2026-11-18")
    site.write(CALENDAR.partition("[[event]]")[0] + MEETING)

    assert site.days("2026-11-19", "2026-12-01") == [
        ("11-24", "2 saker – den nærmeste onsdag 9. desember 2026 (foreløpig): Møtet")
    ]
    text = site.text()
    assert "\n1. Onsdag 9. desember 2026 (foreløpig): Møtet\n   Nytt siden forrige brev.\n" in text
    assert (
        "\n2. Utgår: Rapporten sendes\n   Tatt ut av årshjulet: tirsdag 15. desember 2026 gjelder ikke lenger.\n"
        in text
    )


def test_after_downtime_the_nearest_reminder_goes_once_and_says_that_it_is_late(site: Site) -> None:
    assert "1 påminnelse" in site.round("2026-12-10 08:00").held.lower()  # nobody knows why no round ran for so long
    holds.release(site.store, at("2026-12-10 08:30"))
    assert site.days("2026-12-10", "2026-12-15") == [
        ("12-10", "Påminnelse: Rapporten sendes – frist tirsdag 15. desember 2026 (foreløpig)")
    ]
    assert "\nForsinket: skulle vært sendt tirsdag 8. desember 2026.\n" in site.text()


def test_new_thing_inside_its_lead_time_waits_for_the_send_day_and_says_that_it_is_new(site: Site) -> None:
    site.days("2026-11-03", "2026-11-25")
    site.write(CALENDAR + MEETING.replace("9. desember", "16. desember"))

    assert site.days("2026-11-26", "2026-12-05") == [
        ("12-01", "Påminnelse: Møtet – onsdag 16. desember 2026 (foreløpig)")
    ]
    assert "\nNytt siden forrige brev.\n" in site.text()


def test_new_thing_that_is_near_goes_at_once(site: Site) -> None:
    site.days("2026-11-03", "2026-12-02")
    site.write(CALENDAR + MEETING)

    assert site.days("2026-12-03", "2026-12-07") == [
        ("12-03", "Påminnelse: Møtet – onsdag 9. desember 2026 (foreløpig)")
    ]
    assert "\nNytt siden forrige brev.\n" in site.text()


@pytest.mark.parametrize("state", [Report.DONE, Report.NOT_RELEVANT])
def test_what_is_reported_done_is_not_reminded_of_even_when_it_moves(site: Site, state: Report) -> None:
    site.days("2026-11-03", "2026-11-18")
    site.report("k/rapport/2026", state)
    site.write(moved(CALENDAR, "2026-12-22"))

    assert site.days("2026-11-19", "2026-12-31") == []


@pytest.mark.years
def test_what_is_put_off_is_open_again_with_its_new_date(site: Site) -> None:
    site.days("2026-11-03", "2026-11-18")
    site.report("k/rapport/2026", Report.PUT_OFF)
    quiet = site.days("2026-11-19", "2026-12-09")
    site.write(moved(CALENDAR, "2027-01-12"))

    assert quiet == []
    assert site.days("2026-12-10", "2027-01-12") == [
        ("12-10", "Flyttet: Rapporten sendes – tirsdag 15. desember 2026 → tirsdag 12. januar 2027"),
        ("01-05", "Påminnelse: Rapporten sendes – tirsdag 12. januar 2027 (foreløpig)"),
    ]


def test_what_is_opened_again_is_reminded_of_again(site: Site) -> None:
    site.report("k/rapport/2026", Report.DONE)
    site.report("k/rapport/2026", Report.OPEN)

    assert [day for day, _ in site.days("2026-11-03", "2026-12-15")] == ["11-17", "12-08"]


def test_overdue_thing_is_reminded_of_once_on_a_send_day(site: Site) -> None:
    site.days("2026-11-03", "2026-12-15")

    assert site.days("2026-12-16", "2027-01-31") == [
        ("12-22", "Fristen er ute: Rapporten sendes – frist tirsdag 15. desember 2026 (foreløpig)")
    ]


def test_meeting_that_has_been_held_is_never_overdue(site: Site) -> None:
    site.write(CALENDAR.partition("[[event]]")[0] + MEETING)
    site.days("2026-11-03", "2026-12-09")

    assert site.days("2026-12-10", "2027-01-31") == []


def test_first_start_after_a_deadline_has_begun_says_nothing_of_what_is_past(tmp_path: Path, store: Store) -> None:
    found = Site(tmp_path, store)
    found.write(CALENDAR)

    assert found.round("2026-12-10 09:00") == Planned(passed_over=2)
    assert found.days("2026-12-10", "2027-01-31") == []


def test_change_in_a_letter_that_never_went_is_told_again(site: Site) -> None:
    site.days("2026-11-03", "2026-11-18")
    site.write(moved(CALENDAR, "2027-02-01"))
    site.days("2026-11-19", "2026-11-24")
    last = select(OUTBOX.c.id).order_by(OUTBOX.c.id.desc()).limit(1).scalar_subquery()
    with site.store.writing() as connection:
        connection.execute(update(OUTBOX).where(OUTBOX.c.id == last).values(state=State.EXPIRED, next_at=None))

    assert [day for day, _ in site.days("2026-11-25", "2026-12-09")] == ["12-01"]


def test_later_letters_on_one_thing_answer_the_first_that_went(site: Site) -> None:
    site.days("2026-11-03", "2026-11-17")
    with site.store.writing() as connection:
        connection.execute(update(OUTBOX).values(state=State.ACCEPTED, next_at=None))
    site.write(moved(CALENDAR, "2027-02-01"))
    site.days("2026-11-18", "2026-11-24")

    with site.store.reading() as connection:
        first, second = connection.execute(select(OUTBOX.c.message_id, OUTBOX.c.wire).order_by(OUTBOX.c.id)).all()
    answered = email.message_from_bytes(second.wire, policy=email.policy.default)
    assert (answered["In-Reply-To"], answered["References"]) == (first.message_id, first.message_id)
    assert email.message_from_bytes(first.wire)["References"] is None


def test_coordinator_hears_that_the_secret_runs_out(site: Site) -> None:
    expires = '[mail]\ntransport = "maildir"\nsecret_expires = 2026-12-01\n'
    site.write(CALENDAR, CONFIG + COORDINATOR + expires)
    overview_days(site, "2026-11-03", "2026-11-03")

    assert "går ut om 28 dager, tirsdag 1. desember 2026." in " ".join(site.text("koordinator@example.no").split())


@pytest.mark.parametrize(("paused", "is_told"), [("2026-11-03 08:30", False), ("2026-11-03 08:59:30", True)])
def test_coordinator_hears_of_a_pause_only_while_it_lasts(site: Site, paused: str, is_told: bool) -> None:
    site.write(CALENDAR, CONFIG + COORDINATOR)
    facts.order_pause(site.store, at(paused), "421 4.3.2 Travelt")

    assert overview_days(site, "2026-11-03", "2026-11-03")
    assert ("Utsendingen hviler: 421 4.3.2 Travelt\n" in site.text("koordinator@example.no")) is is_told


def test_all_that_the_coordinator_is_told_is_in_their_own_language(site: Site) -> None:
    # The party has the same address, and no language of its own.
    site.write(CALENDAR, CONFIG + 'coordinator = "Kontoret <kontoret@example.no>; nynorsk"\n')
    site.days("2026-11-03", "2026-11-16")

    assert site.days("2026-11-17", "2026-11-17") == [("11-17", "Årshjulet lever – tysdag 17. november: 1 sendt")]
    assert site.text() == (
        """\
Årshjulet lever. 1 brev er sendt sidan tysdag 10. november 2026, 0 er usikre
og 0 ventar i utboksen.

Dine saker denne veka

1. Frist tysdag 15. desember 2026 (førebels): Rapporten sendes
   Om 20 virkedagar. Du er hovudansvarleg.
   Ansvarleg: Kontoret
   Kalender: Kalenderen

Sendt sidan sist
- tysdag 10. november til Kontoret <kontoret@example.no>: Årshjulet lever –
  tysdag 10. november: 1 sendt

-- \n\
Du får dette brevet fordi du står som «coordinator» i config.toml. Det neste
kjem tysdag 24. november 2026. Kjem det ikkje, er noko gale: køyr «arshjul
doctor».
- Blir sendt tysdag 17. november fordi k/rapport/2026 → «innen 15. desember»
  → frist tysdag 15. desember 2026 → 20 virkedagar før → hovudansvarleg:
  Kontoret.
Årshjul
"""
    )


def overview_days(site: Site, first: str, last: str) -> list[tuple[str, str]]:
    return [one for one in site.days(first, last) if "lever" in one[1]]


def test_coordinator_hears_every_week_and_a_missed_week_is_made_good(site: Site) -> None:
    site.write(CALENDAR, CONFIG + COORDINATOR)

    assert overview_days(site, "2026-11-03", "2026-11-11") == [
        ("11-03", "Årshjulet lever – tirsdag 3. november: 0 sendt"),
        ("11-10", "Årshjulet lever – tirsdag 10. november: 1 sendt"),
    ]
    assert site.round("2026-11-18 09:00").held  # a week without a round is asked about
    holds.release(site.store, at("2026-11-18 09:30"))
    assert overview_days(site, "2026-11-19", "2026-11-25") == [
        ("11-19", "Årshjulet lever – onsdag 18. november: 1 sendt"),
        ("11-24", "Årshjulet lever – tirsdag 24. november: 2 sendt"),
    ]


def test_deadline_that_passed_untold_is_listed_to_the_coordinator_and_so_is_what_is_overdue(site: Site) -> None:
    site.write(CALENDAR, CONFIG + COORDINATOR)
    site.days("2026-11-03", "2026-12-11")
    site.write(CALENDAR + MEETING.replace('"9. ', '"innen 14. '), CONFIG + COORDINATOR)
    # Nothing ran from the 12th to the 21st: the meeting's deadline came and went.
    assert overview_days(site, "2026-12-22", "2026-12-22") == [
        ("12-22", "Årshjulet lever – tirsdag 22. desember: 2 sendt")
    ]
    text = site.text("koordinator@example.no")
    assert "- mandag 14. desember 2026: Møtet – Kontoret\n" in text
    assert "- tirsdag 15. desember 2026: Rapporten sendes – Kontoret (k/rapport/2026)\n" in text
    assert overview_days(site, "2026-12-29", "2026-12-29")
    assert "Møtet" not in site.text("koordinator@example.no")


def test_letter_that_waited_over_night_goes_at_the_hour_of_letters_and_not_before(site: Site) -> None:
    site.is_down = True
    site.days("2026-11-03", "2026-11-17")

    assert site.round("2026-11-18 06:00").withdrawn == 0
    with site.store.reading() as connection:
        next_at = connection.execute(select(OUTBOX.c.next_at)).scalar_one()
    assert next_at == at("2026-11-18 08:00")
    assert site.round("2026-11-18 08:00").withdrawn == 1


def test_letter_that_is_tried_again_is_taken_back_only_when_something_in_it_has_changed(site: Site) -> None:
    meeting = MEETING.replace("9. des", "15. des")
    site.write(CALENDAR + meeting)
    site.is_down = True
    site.days("2026-11-03", "2026-11-17")
    with site.store.writing() as connection:
        connection.execute(update(OUTBOX).values(attempt=3))

    assert site.round("2026-11-18 09:00").withdrawn == 0
    site.write(CALENDAR + meeting.replace("15. des", "17. des"))
    assert site.round("2026-11-18 09:01").withdrawn == 1


def test_letter_that_a_person_lets_go_is_not_taken_back(site: Site) -> None:
    site.is_down = True
    site.days("2026-11-03", "2026-11-17")
    with site.store.reading() as connection:
        name = connection.execute(select(OUTBOX.c.id)).scalar_one()
    decisions.resend(site.store, name, at("2026-11-18 07:00"), "Kari")

    assert site.round("2026-11-18 09:00").withdrawn == 0


def test_letter_that_the_journal_knows_to_have_gone_is_not_written_anew(site: Site) -> None:
    site.is_down = True
    site.days("2026-11-03", "2026-11-17")
    (claimed,) = claims.claim_due(site.store, at("2026-11-17 10:00"), "test", 1)
    accepted = claims.Entry(claimed, Verdict(Outcome.ACCEPTED, Phase.DATA, 250, "ok"))
    ledger.note(site.store, [accepted], at("2026-11-17 10:01"))
    claims.release(site.store, [claimed], "test", at("2026-11-17 10:02"))  # as a database from before would have it

    assert site.round("2026-11-18 09:00") == Planned()
    assert site.states() == [("2026-11-17", "accepted")]


def test_letters_that_take_the_place_of_others_are_no_flood(site: Site) -> None:
    site.write(CALENDAR, CONFIG + "[brakes]\nletters_at_once = 1\ntimes_normal = 1\n")
    site.is_down = True
    site.days("2026-11-03", "2026-11-17")

    assert site.round("2026-11-18 09:00") == Planned(queued=1, withdrawn=1)


UNTOLD = "Frister som gikk uten at noen fikk vite det"


def untold(site: Site) -> list[str]:
    """What the newest overview lists as untold."""
    part = site.text("koordinator@example.no").partition(UNTOLD)[2].partition("\n\n")[0]
    return [line for line in part.splitlines() if line.startswith("- ")]


@pytest.mark.years
def test_deadline_whose_letters_never_went_is_listed_once_the_overview_goes(site: Site) -> None:
    site.write(CALENDAR, CONFIG + COORDINATOR)
    site.days("2026-11-03", "2026-11-10")
    site.is_down = True
    site.days("2026-11-11", "2026-12-28")
    site.is_down = False

    assert overview_days(site, "2026-12-29", "2026-12-29")
    assert untold(site) == ["- tirsdag 15. desember 2026: Rapporten sendes – Kontoret"]
    assert overview_days(site, "2027-01-05", "2027-01-05")
    assert untold(site) == []


def test_deadline_that_is_moved_after_its_day_keeps_the_day_that_was_told(site: Site) -> None:
    """What has passed stays: whoever was told of the 15th in time is not said to have missed the 17th."""
    site.write(CALENDAR, CONFIG + COORDINATOR)
    site.days("2026-11-03", "2026-12-09")
    site.write(moved(CALENDAR, "2026-12-17"), CONFIG + COORDINATOR)

    assert overview_days(site, "2026-12-22", "2026-12-22")
    assert untold(site) == []


def test_letter_that_is_refused_after_an_overview_is_in_the_next(site: Site) -> None:
    site.write(CALENDAR, CONFIG + COORDINATOR)
    site.days("2026-11-03", "2026-12-08")
    refused = {"state": State.REJECTED, "accepted_at": None, "settled_at": at("2026-12-09 12:00"), "last_code": 550}
    with site.store.writing() as connection:
        of_day = (OUTBOX.c.send_day == date(2026, 12, 8), OUTBOX.c.variant == "")
        connection.execute(update(OUTBOX).where(*of_day).values(refused | {"last_text": "5.1.1 Unknown"}))

    assert overview_days(site, "2026-12-15", "2026-12-15")
    text = " ".join(site.text("koordinator@example.no").split())
    assert "tirsdag 15. desember 2026 (foreløpig) – avvist (550 5.1.1 Unknown)" in text


@pytest.mark.years
def test_overdue_is_listed_whoever_holds_it_now_and_for_a_year(site: Site) -> None:
    site.write(CALENDAR, CONFIG + COORDINATOR)
    site.days("2026-11-03", "2026-12-15")
    site.write(CALENDAR.replace("kontoret@", "nye@"), CONFIG + COORDINATOR)

    for day in ("2026-12-22", "2027-11-23"):
        assert overview_days(site, day, day)
        assert "tirsdag 15. desember 2026: Rapporten sendes – Kontoret (k/rapport/2026)" in " ".join(
            site.text("koordinator@example.no").split()
        )


PAPERS = """
milestones = [
    { id = "papirer", title = "Sakspapirer", when = "5 virkedager før", responsible = "Kontoret" },
]
"""


@pytest.mark.years
def test_milestone_that_nobody_reported_done_is_overdue_and_its_meeting_is_not(site: Site) -> None:
    site.write(CALENDAR.partition("[[event]]")[0] + MEETING + PAPERS)
    site.days("2026-11-03", "2026-12-02")

    assert site.days("2026-12-03", "2026-12-22") == [
        ("12-08", "Fristen er ute: Sakspapirer – onsdag 2. desember 2026 (foreløpig)")
    ]


@pytest.mark.years
def test_coordinator_is_reminded_of_the_secret_on_its_days(site: Site) -> None:
    site.write(CALENDAR.partition("[[event]]")[0], CONFIG + COORDINATOR + '[mail]\nsecret_expires = "2027-01-25"\n')
    site.days("2026-11-03", "2027-01-26")

    told = [day for day, _ in site.states() if "Ny hemmelighet" in site.text_of(day, "koordinator@example.no")]
    assert told == ["2026-11-24", "2026-12-22", "2027-01-05", "2027-01-18", "2027-01-22"]


def test_date_to_confirm_is_in_every_overview(site: Site) -> None:
    late = 'announced_by = "1. november"\nwhen'
    site.write(CALENDAR.replace("when", late, 1), CONFIG + COORDINATOR)
    for day in ("2026-11-10", "2026-11-17", "2026-11-24"):
        assert overview_days(site, day, day)
        assert "Rapporten sendes" in site.text_of(day, "koordinator@example.no").partition("Datoer som")[2]


def test_what_a_person_takes_as_told_is_not_told_again_and_its_changes_are(site: Site) -> None:
    saturday = at("2026-11-21 10:00")
    assert site.organisation
    owed = owed_reminders(site.organisation, site.store, saturday)

    assert queue.take_as_told(site.store, owed, saturday) == 1
    assert site.days("2026-11-21", "2026-11-30") == []
    site.write(moved(CALENDAR, "2027-02-01"))
    assert site.days("2026-12-01", "2026-12-01") == [
        ("12-01", "Flyttet: Rapporten sendes – tirsdag 15. desember 2026 → mandag 1. februar 2027")
    ]


def test_rows_of_a_first_schema_are_known_as_told(site: Site) -> None:
    deadline = date(2026, 12, 15)
    told = ReminderId("k/rapport/2026", "kontoret@example.no", ReminderKind.LEAD, Offset(20), deadline=deadline)
    row = identity_values(told) | {"withdrawn_by": "", "title": ""}
    more = {
        "due": date(2026, 11, 17),
        "passed_over": True,
        "created_at": at("2026-11-02"),
    }
    with site.store.writing() as connection:
        connection.execute(insert(REMINDER).values(row | more))

    assert [day for day, _ in site.days("2026-11-03", "2026-12-15")] == ["12-08"]
    assert len(told_.tellings(site.store, "k/rapport/2026")) == 2
