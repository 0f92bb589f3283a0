"""A letter as its templates see it: all in words, in the recipient's language. The layout is in the templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from arshjul.core.differences import arrow, change_word, details, hours
from arshjul.core.entries import web_address
from arshjul.core.model import CHANGES, GONE, Kind, Letter, Occurrence, Reminder, Said, Status
from arshjul.core.offsets import Offset, Unit
from arshjul.core.overview import Overview
from arshjul.core.texts import clean, lower_first, one_line
from arshjul.core.urgent import Urgent, headlines
from arshjul.core.wording import SAY, counted
from arshjul.core.words import (
    clock_in_words,
    day_in_words,
    instant_in_words,
    lead_in_words,
    list_in_words,
    short_day_in_words,
    span_in_words,
)
from arshjul.core.workdays import workdays_between


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in a letter, "" for what is not there.

    `headline` says when it is, or what has become of it; `word` names a change for the subject. `date` is the day in
    words, with "(foreløpig)" when it is tentative; `when` has "frist" before it where it is a last day, and both dates
    where it was moved. `mark` is a sentence on what is out of the ordinary. `left` says how far away it is, `role` what
    the recipient is in it. With `is_to_confirm`, it is the date itself that is wanted.
    """

    key: str
    title: str
    headline: str
    word: str
    date: str
    when: str
    mark: str
    left: str
    role: str
    calendar: str
    responsible: str
    contributors: str
    period: str
    clock: str
    location: str
    note: str
    source: str
    source_url: str
    source_name: str
    reason: str
    is_deadline: bool
    is_tentative: bool
    is_to_confirm: bool


def letter_words(letter: Letter, calendars: Mapping[str, str]) -> dict[str, object]:
    """Return what the templates of a letter are filled with; `calendars` gives the names of calendars by id."""
    say = SAY[letter.to.language]
    items = [item_of(reminder, letter, calendars) for reminder in letter.reminders]
    things = say["deadlines"] if all(item.is_deadline for item in items) else say["things"]
    ahead = (
        item
        for item, one in zip(items, letter.reminders, strict=True)
        if one.said not in GONE and one.day >= letter.send_day
    )
    nearest = next(ahead, items[0])
    return {"items": items, "first": items[0], "nearest": nearest, "things": things, "to": letter.to}


def overview_words(overview: Overview, letter: Letter, calendars: Mapping[str, str]) -> dict[str, object]:
    """Return what the templates of the coordinator's letter are filled with; what the letter says is in it, too.

    All is in the coordinator's language. `summary` is a sentence on how it went with letters, `tally` the same for the
    subject: "12 sendt, 1 må følges opp"; `next` says when the next one comes, "" where none is in sight.
    """
    own = letter_words(letter, calendars) if letter.reminders else {"items": []}
    language, post = overview.to.language, overview.post
    since, sent = day_in_words(overview.since, language), len(post.sent)
    summary = (
        counted(language, "letters_sent", sent, since=since),
        counted(language, "letters_doubtful", post.unknown),
        counted(language, "letters_waiting", post.waiting),
    )
    doubtful = len(post.doubtful)
    tally = [counted(language, "tally_sent", sent)]
    tally += [counted(language, "tally_doubtful", doubtful)] if doubtful else []
    coming = day_in_words(overview.next_day, language) if overview.next_day else ""
    return {
        **own,
        "overview": overview,
        "post": post,
        "day": short_day_in_words(overview.day, language),
        "since": since,
        "summary": f"{list_in_words(summary, language)}.",
        "tally": ", ".join(tally),
        "next": SAY[language]["next_overview"].format(day=coming) if coming else "",
    }


def urgent_words(things: Sequence[Urgent], at: datetime, language: str) -> dict[str, object]:
    """Return what the templates of the coordinator's urgent letter are filled with; `at` (UTC) is when it was so."""
    return {
        "headline": headlines(things, language),
        "lines": [thing.words(language) for thing in things],
        "as_of": SAY[language]["urgent_as_of"].format(at=instant_in_words(at, language)),
    }


def item_of(reminder: Reminder, letter: Letter, calendars: Mapping[str, str]) -> Item:
    """Return a reminder in words."""
    it, language, say = reminder.occurrence, letter.to.language, SAY[letter.to.language]
    is_gone = reminder.said in GONE
    is_tentative, is_deadline = it.status is Status.TENTATIVE and not is_gone, it.kind is not Kind.DAY
    plain = day_in_words(reminder.before if is_gone and reminder.before else reminder.day, language)
    day = plain + (f" ({say['tentative']})" if is_tentative else "")
    when = _when(reminder, f"{say['deadline']} {day}" if is_deadline else day, language)
    return Item(
        key=it.key,
        title=one_line(it.title),
        headline=_headline(reminder, day, f"{say['deadline']} {day}" if is_deadline else day, language),
        word=change_word(reminder, language),
        date=day,
        when=when,
        mark=_mark(reminder, language),
        left="" if is_gone or reminder.said is Said.OVERDUE else _left(letter.send_day, reminder.day, language),
        role=_role(it, letter.to.address, say),
        calendar=one_line(calendars.get(it.calendar, "")),
        responsible=_responsible(it, language),
        contributors=_contributors(it, language),
        period=span_in_words(it.days, language) if it.days is not None and len(it.days) > 1 else "",
        clock=clock_in_words(it.clock, language) if it.clock and not is_gone and reminder.clock_before is None else "",
        location=one_line(it.location),
        note=clean(it.note),
        source=one_line(it.source),
        **_source(one_line(it.source)),
        reason=one_line(reminder.reason),
        is_deadline=is_deadline,
        is_tentative=is_tentative,
        is_to_confirm=reminder.is_to_confirm,
    )


def _headline(reminder: Reminder, day: str, when: str, language: str) -> str:
    say = SAY[language]
    if reminder.said in GONE:
        return say["headline_gone"].format(word=say[f"{reminder.said}_word"])
    if reminder.said in CHANGES or reminder.said is Said.OVERDUE:
        return say[f"headline_{reminder.said}"].format(date=day, word=change_word(reminder, language))
    return when[0].upper() + when[1:]


def _when(reminder: Reminder, when: str, language: str) -> str:
    if reminder.before is None:
        return when
    if reminder.said is Said.MOVED:
        return arrow(reminder, language)
    changed = hours(reminder, language)
    return day_in_words(reminder.before, language) + (f", {' → '.join(changed)}" if changed else "")


def _mark(reminder: Reminder, language: str) -> str:
    if reminder.said is Said.DUE:
        return ""
    say, before, after = SAY[language], reminder.before, reminder.occurrence.deadline
    if reminder.said in (Said.MOVED, Said.CHANGED):
        before_words, _, after_words = arrow(reminder, language).partition(" → ")
        moved = [say["moved"].format(before=before_words, after=after_words)] if reminder.said is Said.MOVED else []
        return " ".join([*moved, *details(reminder, language)])
    if (because := reminder.occurrence.because) and reminder.said is Said.CANCELLED:
        told = day_in_words(before, language) if before else ""
        is_same_year = before is not None and before.year == because.day.year
        day = (short_day_in_words if is_same_year else day_in_words)(because.day, language)
        return say["cancelled_because"].format(title=lower_first(one_line(because.title)), day=day, before=told)
    return say[reminder.said].format(
        due=day_in_words(reminder.due, language),
        before=day_in_words(before, language) if before else "",
        after=day_in_words(after, language) if after else "",
    )


def _left(send_day: date, deadline: date, language: str) -> str:
    """Say how far away a deadline is, counted from the day of the letter."""
    say, days, workdays = SAY[language], (deadline - send_day).days, workdays_between(send_day, deadline)
    if days < 0:
        return say["passed"]
    if days <= 1:
        return say[("today", "tomorrow")[days]]
    lead = Offset(workdays) if workdays else Offset(days, Unit.DAYS)
    return say["in_days"].format(lead=lead_in_words(lead, language))


def _role(it: Occurrence, address: str, say: Mapping[str, str]) -> str:
    if not it.main:
        return ""
    return say["main"] if address in it.main else say["other"]


def _responsible(it: Occurrence, language: str) -> str:
    if len(it.responsible) < 2:  # noqa: PLR2004  (a main one needs another beside it)
        return "".join(it.responsible)
    main, *others = it.responsible
    return list_in_words((f"{main} ({SAY[language]['main']})", *others), language)


def _contributors(it: Occurrence, language: str) -> str:
    """Name those who help; plans often name who is responsible once more."""
    others = tuple(name for name in it.contributors if name not in it.responsible)
    return list_in_words(others, language) if others else ""


def _source(source: str) -> dict[str, str]:
    """Give a source that is a web address apart, with the name of its place to click on."""
    if not web_address(source):  # what only looks like an address is text: urlsplit refuses "http://[::1"
        return {"source_url": "", "source_name": source}
    return {"source_url": source, "source_name": (urlsplit(source).hostname or source).removeprefix("www.")}
