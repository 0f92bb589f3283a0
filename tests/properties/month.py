"""Thirty days with an edit a day on a real site, and a model of what each reader was told and what is so.

The model knows nothing of the program: it has the days because it made the edits, counts workdays by itself, and reads
the letters' texts. Each thing is of one title, so that a reader knows it by its title and its day.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from tests.clock import main
from tests.properties.almanac import DAY, days_between, is_workday, workdays_from
from tests.properties.mails import Mail, Said, mails

OSLO: Final = ZoneInfo("Europe/Oslo")
START, FIRST, LAST = date(2026, 10, 12), date(2026, 11, 16), date(2026, 12, 18)
"""The service is started when nothing is due, runs undisturbed for a while, and is then edited every day."""
LEADS: Final = (20, 5)
URGENT: Final = 5
TUESDAY: Final = 1
BOARD, PAPERS, MINUTES, BEFORE, REPORT = "Styremøte", "Sakspapirer", "Referat", "Formøte", "Rapporten"
BY: Final = 'responsible = "Kontoret"'
TITLES: Final = frozenset({BOARD, PAPERS, MINUTES, BEFORE, REPORT})
READERS: Final = {"styret@example.no": {BOARD}, "kontoret@example.no": {PAPERS, MINUTES, BEFORE, REPORT}}
TASKS: Final = frozenset({PAPERS, MINUTES, REPORT})

CONFIG: Final = """[site]
uid_domain = "kalender.example.no"
[letters]
leads = [20, 5]
send_days = ["tirsdag"]
urgent_leads = 5
from = "Årshjul <arshjul@example.no>"
coordinator = "Koordinator <koordinator@example.no>"
"""
HEAD: Final = """[calendar]
id = "k"
name = "Kalenderen"
visibility = "public"

[[party]]
id = "styret"
name = "Styret"
members = ["Styret <styret@example.no>"]

[[party]]
id = "kontoret"
name = "Kontoret"
members = ["Kontoret <kontoret@example.no>"]
"""


@dataclass(frozen=True)
class Meeting:
    """A date of a list. `thing` is the same as long as it is the same meeting; `hour` is announced, or ""."""

    thing: int
    day: date
    is_off: bool = False
    hour: str = ""


@dataclass(frozen=True)
class File:
    """The calendar file: the board's meetings and the reports' days, in their order."""

    board: tuple[Meeting, ...]
    reports: tuple[Meeting, ...]
    remark: str = ""

    def text(self) -> str:
        return (
            f'{HEAD}\n{self.remark}\n[[event]]\nid = "styremote"\ntitle = "{BOARD}"\nresponsible = "Styret"\n'
            f"{_dates(self.board)}"
            "milestones = [\n"
            f'  {{ id = "papirer", title = "{PAPERS}", when = "5 virkedager før", {BY} }},\n'
            f'  {{ id = "referat", title = "{MINUTES}", when = "3 virkedager etter", {BY} }},\n]\n\n'
            f'[[event]]\nid = "formote"\ntitle = "{BEFORE}"\nwhen = "9 dager før styremote"\n{BY}\n\n'
            f'[[event]]\nid = "rapport"\ntitle = "{REPORT}"\n{BY}\n{_dates(self.reports)}'
        )


def _dates(meetings: tuple[Meeting, ...]) -> str:
    lines = "when = [" + ", ".join(f'"{one.day}"' for one in meetings) + "]\n"
    for one in meetings:
        if one.hour:
            lines += f'announced.{one.day} = {{ date = "{one.day}", time = "{one.hour}" }}\n'
    off = ", ".join(f'"{one.day}"' for one in meetings if one.is_off)
    return lines + (f"cancelled = [{off}]\n" if off else "")


@dataclass(frozen=True)
class Fact:
    """How a thing stands: its day, whether it is off, and its hour."""

    day: date
    is_off: bool
    hour: str = ""


Key = tuple[str, int]
"""A title and a meeting."""


def facts(file: File, past: dict[Key, Fact]) -> dict[Key, Fact]:
    """Return how all things stand by the file; what has begun is as it was."""
    found: dict[Key, Fact] = {}
    for one in file.board:
        anchor = past.get((BOARD, one.thing)) or Fact(one.day, one.is_off, one.hour)
        found[BOARD, one.thing] = anchor
        found[PAPERS, one.thing] = Fact(workdays_from(anchor.day, -5), anchor.is_off)
        found[MINUTES, one.thing] = Fact(workdays_from(anchor.day, 3), anchor.is_off)
        found[BEFORE, one.thing] = Fact(anchor.day - 9 * DAY, anchor.is_off)
    for one in file.reports:
        found[REPORT, one.thing] = Fact(one.day, one.is_off, one.hour)
    for (title, thing), anchor in past.items():  # a meeting that was held is followed by its minutes, whatever is cut
        if title == BOARD:
            found.setdefault((MINUTES, thing), Fact(workdays_from(anchor.day, 3), anchor.is_off))
    return found | past


@dataclass
class Diary:
    """A month as it went: what was done, and what each letter said, with what is wrong in it."""

    seed: int
    folder: Path
    lines: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    early: list[str] = field(default_factory=list)
    """Letters at another hour than that of letters."""

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self.file = File(
            tuple(Meeting(n, day) for n, day in enumerate(_some_days(self.random, 6))),
            tuple(Meeting(n, day) for n, day in enumerate(_some_days(self.random, 6))),
        )
        self.next = 100
        self.past: dict[Key, Fact] = {}
        self.now: dict[Key, Fact] = {}
        self.told: dict[tuple[str, Key], list[tuple[date, Fact]]] = {}
        self.seen = 0
        self.looked = START
        self.had_a_letter: set[str] = set()
        """Readers who had the letter of the day while a slip hid what was so: nobody gets a second one that day."""

    # The site

    def save(self, file: File, at: datetime, what: str) -> None:
        path = self.folder / "calendars" / "k.toml"
        path.write_text(file.text(), encoding="utf-8")
        os.utime(path, (at.timestamp(), at.timestamp()))
        self.file = file
        self.lines.append(f"{at:%Y-%m-%d %H:%M} {what}")

    def look(self, at: datetime) -> None:
        """Let the service look, as it does every minute, and judge what it sends."""
        self._freeze(at.date())
        self.now = facts(self.file, self.past)
        said = StringIO()
        with redirect_stdout(said), redirect_stderr(said):
            code = main(["-C", str(self.folder), "send", "--at", f"{at:%Y-%m-%dT%H:%M}"], now=at.astimezone(UTC))
        if code:
            self.faults.append(f"{at:%Y-%m-%d %H:%M} send svarte {code}: {said.getvalue()}")
        found = mails(self.folder / "var" / "mail", TITLES)
        for mail in found[self.seen :]:
            self.lines.append(f"    brev {at:%Y-%m-%d %H:%M} til {mail.to}: {'; '.join(map(str, mail.said))}")
            if (at.hour, at.minute) < (8, 0) or not is_workday(at.date()) or at.hour >= 9:
                self.early.append(f"brev {at:%Y-%m-%d %H:%M} til {mail.to}: ikke brevtid")
            self.faults += [f"{at:%Y-%m-%d} {mail.to}: {one}: {why}" for one, why in self._unjustified(mail, at.date())]
        self.seen = len(found)
        if at.weekday() == TUESDAY and (at.hour, at.minute) == (8, 30) and is_workday(at.date()):
            self._miss_nothing(at.date())

    def _freeze(self, today: date) -> None:
        """What was so when its day came stays so; what an edit puts on a day that has been has never been."""
        self.past |= {
            key: fact for key, fact in self.now.items() if self.looked <= fact.day < today and key not in self.past
        }
        self.looked = today

    # The letters

    def _unjustified(self, mail: Mail, today: date) -> Iterator[tuple[Said, str]]:
        for one in mail.said:
            keys = [key for key in {**self.now, **self._known(mail.to)} if key[0] == one.title]
            if one.title not in READERS[mail.to]:
                yield one, "ikke mottakerens sak"
                continue
            reasons = [self._reason(one, key, mail.to, today) for key in keys]
            right = [key for key, why in zip(keys, reasons, strict=True) if not why]
            if not right:
                shown = "; ".join(dict.fromkeys(filter(None, reasons))) or "ingen slik sak"
                yield one, shown
                continue
            fact = self.now.get(right[0], Fact(one.before or today, is_off=True))
            if (
                one.what == "flyttet"
                and (mail.to, right[0]) not in self.told
                and (gone := self._gone_from(one, mail.to))
            ):
                self.told[mail.to, gone].append((today, GONE))
            self.told.setdefault((mail.to, right[0]), []).append((today, fact if one.what != "utgår" else GONE))

    def _known(self, reader: str) -> dict[Key, None]:
        return {key: None for to, key in self.told if to == reader}

    def _reason(self, one: Said, key: Key, reader: str, today: date) -> str:
        """Return why a thing cannot be what is said, "" when it can."""
        fact, before = self.now.get(key), self.told.get((reader, key), [])
        last = before[-1][1] if before else None
        match one.what:
            case "flyttet":
                if fact is None or fact.is_off or fact.day != one.day:
                    return "står ikke på den dagen"
                is_told_so = last.day == one.before != fact.day if last else self._gone_from(one, reader) is not None
                return "" if is_told_so else "var ikke fortalt slik"
            case "avlyst":
                if fact is None or not fact.is_off:
                    return "er ikke avlyst"
                return "" if last and not last.is_off and last.day == one.before else "var ikke fortalt slik"
            case "utgår":
                if fact is not None:
                    return "står der fortsatt"
                return "" if last and last != GONE and last.day == one.before else "var ikke fortalt slik"
            case "likevel":
                if fact is None or fact.is_off or fact.day != one.day:
                    return "står ikke på den dagen"
                is_told_so = last.is_off if last else self._was_off(fact, one, reader)
                return "" if is_told_so else "var ikke fortalt avlyst"
            case "over":
                is_so = fact and fact.day < today and key[0] in TASKS and last and last.day == one.day == fact.day
                return "" if is_so else "ingen oppgave som er over fristen"
            case _:
                return self._reason_to_remind(one, fact, before, today)

    def _gone_from(self, one: Said, reader: str) -> Key | None:
        """Return what the reader was told was on the day before, and is in the file no more.

        Taken out of one place and put in at another before anybody heard of it, it is moved for all that they know.
        """
        for key in self._known(reader):
            last = self.told[reader, key][-1][1]
            if key[0] == one.title and last.day == one.before and not last.is_off and key not in self.now:
                return key
        return None

    def _was_off(self, fact: Fact, one: Said, reader: str) -> bool:
        """Tell whether the reader was told of such a thing on that day, and then that it was off."""
        known = [self.told[reader, key] for key in self._known(reader) if key[0] == one.title and key not in self.now]
        return any(told[-1][1].is_off and fact.day in [before.day for _, before in told] for told in known)

    def _reason_to_remind(self, one: Said, fact: Fact | None, before: list[tuple[date, Fact]], today: date) -> str:
        if fact is None or fact.is_off or fact.day != one.day:
            return "står ikke på den dagen"
        of_this_day = [day for day, told in before if told.day == fact.day and not told.is_off]
        if one.what == "nytt" and before:
            return "er ikke nytt"
        if one.what == "nytt":
            return ""
        latest = max(of_this_day, default=date.min)
        due = [day for lead in LEADS if (day := send_day(fact.day, lead)) <= today]
        if before and before[-1][1].hour != fact.hour:
            return ""
        return "" if any(latest < day for day in due) else f"ikke tid for varsel: {due}, fortalt {latest}"

    def _miss_nothing(self, today: date) -> None:
        """After the weekly letter, nobody believes in a day to come that is not so."""
        for (reader, key), before in self.told.items():
            last, fact = before[-1][1], self.now.get(key)
            if last.is_off or last.day <= today or reader in self.had_a_letter:
                continue
            if fact is None or fact.is_off or fact.day != last.day:
                self.faults.append(f"{today} {reader} tror {key[0]} {last.day}, men det er {fact}")


GONE: Final = Fact(date.min, is_off=True)


def send_day(deadline: date, lead: int) -> date:
    """Return the day of the letter so many workdays before a deadline: that day, or the Tuesday before it."""
    day = workdays_from(deadline, -lead)
    while lead > URGENT and day.weekday() != TUESDAY:
        day -= DAY
    while not is_workday(day):
        day -= DAY
    return day


def _some_days(random: Random, count: int) -> list[date]:
    near = [day for day in days_between(date(2026, 11, 20), date(2027, 1, 29)) if is_workday(day)]
    far = [day for day in days_between(date(2027, 2, 1), date(2027, 6, 15)) if is_workday(day)]
    return sorted([*random.sample(near, count - 2), *random.sample(far, 2)])


def month(seed: int, folder: Path, *, with_mornings: bool = False) -> Diary:
    """Live through a month; with mornings, each has a slip that is saved before the letters go and put right after."""
    (folder / "calendars").mkdir(parents=True)
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    diary = Diary(seed, folder)
    diary.save(diary.file, at(START, "09:00"), f"start: {', '.join(str(one.day) for one in diary.file.board)}")
    diary.look(at(START, "09:00"))
    for day in days_between(START + DAY, LAST):
        if with_mornings and day >= FIRST and is_workday(day):
            slip_in_the_morning(diary, day)
        elif is_workday(day):
            diary.look(at(day, "08:00"))
        if day >= FIRST:
            if day.weekday() == TUESDAY:
                diary.look(at(day, "08:30"))
            edit(diary, day)
        if diary.faults:
            break
    return diary


def at(day: date, clock: str) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=OSLO)


def slip_in_the_morning(diary: Diary, day: date) -> None:
    """Save a slip five minutes before the letters, and put it right four minutes after; ten minutes rest with it."""
    good = diary.file
    new, what = changed(diary, "board", diary.random.choice(["move", "remove", "cancel", "insert"]), day)
    diary.save(new, at(day, "07:55"), f"feil: {what}")
    before = diary.seen
    diary.look(at(day, "08:00"))
    diary.had_a_letter = {mail.to for mail in mails(diary.folder / "var" / "mail", TITLES)[before:]}
    diary.save(good, at(day, "08:04"), "rettet")
    diary.look(at(day, "08:06"))
    diary.look(at(day, "08:20"))


def edit(diary: Diary, day: date) -> None:
    """Save one edit, at some hour after the letters; a slip is looked at, and put right within minutes."""
    random, hour = diary.random, 10
    kind = random.choice(
        ["move", "move", "cancel", "insert", "remove", "hour", "sort", "remark", "slip", "slip", "far"]
    )
    when = at(day, f"{hour}:{random.randrange(60):02}")
    good = diary.file
    name = random.choice(["board", "board", "reports"])
    new, what = changed(diary, name, "move" if kind == "far" else kind, day)
    if kind == "slip":
        new, what = changed(diary, name, random.choice(["move", "remove", "cancel", "insert"]), day)
        diary.save(new, when, f"feil: {what}")
        diary.look(when + timedelta(minutes=1))
        diary.save(good, when + timedelta(minutes=3), "rettet")
        diary.look(when + timedelta(minutes=4))
        return
    diary.save(new, when, what)
    diary.look(when + timedelta(minutes=1))


def changed(diary: Diary, name: str, kind: str, today: date) -> tuple[File, str]:
    """Return the file with one edit of the board's meetings or the reports, and what was done."""
    random, meetings = diary.random, list(getattr(diary.file, name))
    ahead = [one for one in meetings if one.day > today + 2 * DAY]
    days = {one.day for one in meetings}
    free = [day for day in days_between(today + 3 * DAY, today + 90 * DAY) if is_workday(day) and day not in days]
    what = f"{name} {kind}"
    if kind == "insert":
        new = Meeting(diary.next, random.choice(free))
        diary.next += 1
        meetings.insert(random.randrange(len(meetings) + 1), new)
        what += f" {new.day}"
    elif kind == "sort":
        random.shuffle(meetings)
    elif kind == "remark":
        return replace(diary.file, remark=f"# sett på {today}"), "merknad"
    elif ahead and len(meetings) > 3:
        old = random.choice(ahead)
        where = meetings.index(old)
        near = [day for day in free if abs((day - old.day).days) <= 20]
        if kind == "move" and near:
            meetings[where] = replace(old, day=random.choice(near))
        elif kind == "cancel":
            meetings[where] = replace(old, is_off=not old.is_off)
        elif kind == "hour":
            meetings[where] = replace(old, hour=random.choice(["10:00", "12:30", "09:00/11:00"]))
        elif kind == "remove":
            del meetings[where]
        new_one = meetings[where] if kind != "remove" else None
        what += f" {old.day} → {new_one.day if new_one else 'borte'}{' avlyst' if new_one and new_one.is_off else ''}"
    new_file = (
        replace(diary.file, board=tuple(meetings)) if name == "board" else replace(diary.file, reports=tuple(meetings))
    )
    return new_file, what
