"""The page, health and errors over HTTP: what is shown to whom, and what never is."""

from __future__ import annotations

import logging
import re
import time
import traceback
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from typing import Any, cast

import pytest

from arshjul.plan.model import Letter, Recipient, Reminder
from arshjul.plan.problems import Note, Place, Problem
from arshjul.timing.days import Offset, Span, Status
from arshjul.web.pages import STATIC, index_page, months, undated
from arshjul.web.site import NextLetter, next_letter
from tests.colours import contrast
from tests.web.conftest import Running
from tests.web.sample import BOARD, DEBATE, ON_DEMAND, PAPERS, POLITICAL, PROBLEM, REGIONAL, TODAY, TOKEN, state_of

UNNAMED = "en mottaker uten navn"
NAMES = {"osloregionen": "Osloregionen IPR", "politisk-aar": "Det politiske året"}


class Outline(HTMLParser):
    """Collects what a page must have: headings, landmarks, ids, links within the page, and balanced elements."""

    VOID = frozenset({"meta", "link", "img", "col"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag not in self.VOID:
            self.open.append(tag)
        if tag[0] == "h" and tag[1:].isdigit():
            self.headings.append(int(tag[1:]))
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.targets += [named[name] or "" for name in ("aria-labelledby",) if name in named]
        self.targets += [(named["href"] or "")[1:]] if (named.get("href") or "").startswith("#") else []

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_page_has_a_sound_outline() -> None:
    page = index_page(replace(state_of("https://kalender.example.no"), problems=(PROBLEM,)))
    outline = Outline(page)
    assert outline.open == []
    assert outline.headings[0] == 1
    assert outline.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(outline.headings, outline.headings[1:], strict=False))
    assert len(outline.ids) == len(set(outline.ids))
    assert set(outline.targets) <= set(outline.ids)
    assert '<html lang="nb">' in page


def test_page_loads_nothing_from_elsewhere_and_runs_nothing(running: Running) -> None:
    answer = running.client.get("/")
    assert answer.headers["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in answer.headers
    assert [tag for tag in ("<script", "style=", "onclick", "src=http") if tag in answer.text] == []
    for path in ("/static/style.css", "/static/mark.svg"):
        assert path in answer.text
        assert running.client.get(path).status_code == 200


def test_page_shows_the_year_the_feeds_and_the_letters(running: Running) -> None:
    page = running.client.get("/").text
    for words in (
        "I dag er det fredag 20. november 2026.",
        "Frist: Sakspapirer sendes",
        "Senest: Nasjonal transportplan legges frem",
        "Periode 11. mars–12. april 2027",
        "Avlyst: Fellesmøte",
        "kl. 10.00–13.00",
        "Uten fast dato",
        "Til Regionkoordinator Kongsvingerregionen",
        "mandag 23. november 2026",
        f"<code>http://127.0.0.1:{running.port}/f/politisk-aar.ics</code>",
        f'href="webcal://127.0.0.1:{running.port}/f/politisk-aar.ics"',
        "Lest inn fredag 20. november 2026 kl. 09.41.",
    ):
        assert words in page


def test_page_shows_no_address_and_no_token(running: Running) -> None:
    running.site.state = replace(running.site.state, problems=(PROBLEM,))
    page = running.client.get("/").text
    assert "@" not in page
    assert TOKEN not in page


def test_public_page_shows_only_public_calendars(running: Running) -> None:
    running.site.state = replace(running.site.state, public_only=True, title="Året", problems=(PROBLEM,))
    answer = running.client.get("/")
    assert "Finansdebatt" in answer.text
    assert "x-robots-tag" not in answer.headers
    for words in ("Styremøte", "Osloregionen", "Høringssvar", "Neste brev", "Kongsvinger", "osloregionen.toml"):
        assert words not in answer.text
    assert "Kalenderen er ikke helt oppdatert" in answer.text


def test_page_shows_one_calendar_when_asked_and_no_other(running: Running) -> None:
    one, other = running.client.get("/?kalender=politisk-aar").text, running.client.get("/?kalender=osloregionen").text
    assert ("Finansdebatt" in one, "Styremøte" in one) == (True, False)
    assert ("Finansdebatt" in other, "Styremøte" in other) == (False, True)
    assert '<a href="/?kalender=politisk-aar" aria-current="page">Det politiske året</a>' in one
    assert '<a href="/" aria-current="page">Alle kalendere</a>' in running.client.get("/").text
    running.site.state = replace(running.site.state, public_only=True)
    for unknown in ("osloregionen", "finnes-ikke"):
        answer = running.client.get(f"/?kalender={unknown}")
        assert (answer.status_code, answer.text) == (404, running.client.get("/finnes-ikke").text)


def test_page_of_several_organisations_is_kept_from_search(running: Running) -> None:
    assert running.client.get("/").headers["x-robots-tag"] == "noindex"


def test_broken_file_is_told_of_and_the_last_good_year_stays(running: Running) -> None:
    running.site.state = replace(running.site.state, problems=(PROBLEM,))
    page = running.client.get("/").text
    for words in (
        "Kalenderfilene har feil",
        "lest fredag 20. november 2026 kl. 09.41",
        "<code>calendars/osloregionen.toml:41:8</code>",
        "Jeg forstår ikke «hver tredje fullmåne».",
        "Skriv for eksempel «siste fredag i mars».",
        "Styremøte",
    ):
        assert words in page


NOTE = Note(Place("calendars/osloregionen.toml", 7, 8), "«uke 53» kommer ikke hvert år.", "Skriv «uke 52».")


def test_notes_are_counted_and_folded_for_who_sees_everything() -> None:
    other = replace(NOTE, place=Place("calendars/politisk-aar.toml"))
    page = index_page(replace(state_of("https://kalender.example.no"), notes=(NOTE, other)))
    for words in (
        '<li><a href="#merknader">2 merknader</a></li>',
        "<details>\n<summary>2 merknader om det som kanskje ikke er slik det var ment</summary>",
        "<code>calendars/osloregionen.toml:7:8</code> <span>«uke 53» kommer ikke hvert år.</span>",
        '<span class="hint">Skriv «uke 52».</span>',
    ):
        assert words in page
    assert Outline(page).open == []
    assert "<details open" not in page
    assert "Kalenderfilene har feil" not in page


def test_page_without_notes_says_nothing_of_them() -> None:
    assert "merknad" not in index_page(state_of("https://kalender.example.no"))


@pytest.mark.parametrize(("count", "shown", "more"), [(100, 100, ""), (103, 100, "3 til vises av")])
def test_many_notes_are_shown_up_to_a_bound(count: int, shown: int, more: str) -> None:
    notes = tuple(replace(NOTE, place=Place("calendars/k.toml", line)) for line in range(1, count + 1))
    page = index_page(replace(state_of("https://kalender.example.no"), notes=notes))
    assert page.count("<code>calendars/k.toml:") == shown
    assert (more in page, f"{count} merknader" in page) == (True, True)
    assert ("til vises av" in page) == bool(more)


def test_public_page_holds_no_notes_of_any_calendar(running: Running) -> None:
    running.site.state = replace(running.site.state, public_only=True, notes=(NOTE,))
    page = running.client.get("/").text
    for words in ("merknad", "uke 53", "osloregionen.toml", "Til den som fører kalenderen"):
        assert words not in page


def test_everything_from_files_is_escaped() -> None:
    evil = '<script>alert("x")</script>'
    odd = replace(
        BOARD, title=evil, location=evil, area=evil, responsible=(evil,), contributors=(evil,), source=evil, rule=evil
    )
    problem = Problem(Place(evil), evil, evil)
    note = Note(Place(evil), evil, evil)
    state = replace(state_of("https://example.no"), title=evil, occurrences=(odd,), problems=(problem,), notes=(note,))
    page = index_page(state)
    assert "<script" not in page
    assert page.count("&lt;script&gt;") == 14


def test_empty_year_says_so() -> None:
    page = index_page(replace(state_of("https://example.no"), occurrences=(), letters=(), feeds={}))
    for words in ("Det står ingenting i kalenderen", "Ingen brev er planlagt.", "Ingen kalendere er åpne for alle."):
        assert words in page


def test_agenda_groups_by_month_and_leaves_out_what_is_over() -> None:
    past = replace(BOARD, id="over", days=Span.of(date(2026, 11, 19)))
    rows = [
        (each.id, [row.heading for row in each.rows]) for each in months((*POLITICAL, *REGIONAL, past), NAMES, TODAY)
    ]
    assert rows == [
        ("2026-11", ["Åpne budsjetthøringer", "Frist: Sakspapirer sendes"]),
        (
            "2026-12",
            [
                "Finansdebatt",
                "Frist: Status for det interessepolitiske arbeidet",
                "Styremøte",
                "Siste møte i Stortinget før jul",
                "Status: Dialog med stortingsrepresentantene fra regionen",
                "Frist: Kommunestyret vedtar årsbudsjettet",
            ],
        ),
        ("2027-01", ["Første møte i Stortinget etter jul", "Avlyst: Fellesmøte"]),
        ("2027-04", ["Senest: Nasjonal transportplan legges frem"]),
    ]


@pytest.mark.parametrize(
    ("days", "number", "weekday", "now"),
    [
        (Span.of(TODAY), "20.", "fredag", "i dag"),
        (Span.of(date(2026, 12, 1)), "1.", "tirsdag", ""),
        (Span.of(date(2026, 11, 18), date(2026, 11, 24)), "18.–24.", "onsdag–tirsdag", "pågår"),
        (Span.of(date(2026, 11, 30), date(2026, 12, 4)), "30.11.–4.12.", "mandag–fredag", ""),
    ],
)
def test_agenda_row_says_its_days(days: Span, number: str, weekday: str, now: str) -> None:
    (month,) = months([replace(BOARD, days=days)], NAMES, TODAY)
    assert [(row.number, row.weekday, row.now) for row in month.rows] == [(number, weekday, now)]


def test_agenda_row_says_how_the_date_is_known() -> None:
    (month,) = months([DEBATE, replace(DEBATE, id="2", status=Status.CONFIRMED, source="Budsjettloven")], NAMES, TODAY)
    known = [(row.status_word, row.rule, row.source, row.source_url[:12]) for row in month.rows]
    assert known == [
        ("bekreftet", "", "Budsjettloven", ""),
        ("foreløpig", "«1.–5. desember»", "stortinget.no", "https://www."),
    ]


def test_short_name_of_a_month_has_its_year_where_it_could_be_taken_for_another() -> None:
    days = [date(2026, 11, 30), date(2026, 12, 4), date(2027, 1, 4), date(2027, 10, 4), date(2027, 11, 4)]
    found = [replace(BOARD, id=str(day), days=Span.of(day)) for day in days]
    assert [one.short for one in months(found, NAMES, TODAY)] == [
        "november",
        "desember",
        "januar 2027",
        "oktober",
        "november 2027",
    ]


def test_undated_is_listed_with_what_the_plan_says() -> None:
    (row,) = undated([ON_DEMAND, BOARD], NAMES, TODAY)
    assert (row.heading, row.rule, row.status_word, row.days) == ("Høringssvar", "«ved behov»", "", None)


def test_health_says_alive_and_ready(running: Running) -> None:
    assert running.client.get("/livez").text == "lever\n"
    assert running.client.get("/readyz").status_code == 200
    running.site.state = replace(running.site.state, loaded_at=None)
    assert running.client.get("/livez").status_code == 200
    assert [running.client.get(path).status_code for path in ("/readyz", "/")] == [503, 503]


def test_robots_may_fetch_everything(running: Running) -> None:
    answer = running.client.get("/robots.txt")
    assert (answer.text, answer.headers["content-type"]) == (
        "User-agent: *\nAllow: /\n",
        "text/plain; charset=utf-8",
    )


@pytest.mark.parametrize(
    "path", ["/finnes-ikke", "/livez/", "/static/finnes-ikke.css", "/static/../app.py", "/static/"]
)
def test_error_page_is_norwegian_and_repeats_nothing(running: Running, path: str) -> None:
    answer = running.client.get(path)
    assert answer.status_code == 404
    assert "Siden finnes ikke" in answer.text
    assert "finnes-ikke" not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_page_that_fails_says_so_in_norwegian_and_logs_no_address(
    running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    running.site.state = replace(running.site.state, calendars=cast("Any", None))
    answer = running.client.get(f"/?{TOKEN}")
    assert answer.status_code == 500
    assert "Noe gikk galt hos oss" in answer.text
    logged = logged_by_uvicorn(caplog)
    assert [record.getMessage() for record in logged] == ["Exception in ASGI application\n"]
    told = [line for record in logged if record.exc_info for line in traceback.format_exception(*record.exc_info)]
    assert told[0] == "Traceback (most recent call last):\n"
    assert TOKEN not in answer.text + "".join(told)


def logged_by_uvicorn(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    """Return its records; it writes one only after the answer is sent."""
    end = time.monotonic() + 2
    while not (found := [record for record in caplog.records if record.name == "uvicorn.error"]):
        assert time.monotonic() < end
        time.sleep(0.01)
    return found


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_every_text_colour_has_the_contrast_of_wcag_aa(scheme: int) -> None:
    sheet = (STATIC / "style.css").read_text()
    block = sheet.split(":root {")[scheme + 1].split("}")[0]
    colour = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))
    pairs = [(text, ground) for text in ("ink", "soft", "link") for ground in ("paper", "card", "warm")]
    pairs += [(text, "paper") for text in ("confirmed", "tentative", "cancelled")] + [("button-ink", "button")]
    too_weak = {pair: contrast(colour[pair[0]], colour[pair[1]]) for pair in pairs}
    assert {pair: value for pair, value in too_weak.items() if value < 4.5} == {}


def test_next_letter_shows_a_name_and_never_an_address() -> None:
    send = datetime(2026, 11, 23, 7, tzinfo=UTC)
    reminder = Reminder(PAPERS, Offset(4), Recipient("a@example.no", "Anna"), TODAY, "")
    for name, shown in (("Sekretariatet", "Sekretariatet"), ("", UNNAMED), ("a@example.no", UNNAMED)):
        letter = Letter(Recipient("a@example.no", name), date(2026, 11, 23), send, (reminder,))
        assert next_letter(letter) == NextLetter(date(2026, 11, 23), shown, ("Frist: Sakspapirer sendes",))


def test_page_is_only_read(running: Running) -> None:
    answer = running.client.post("/")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert "Dette går ikke an her" in answer.text
    assert running.client.head("/").content == b""


def test_index_page_is_written_once_for_each_state() -> None:
    state = state_of("https://example.no")
    assert index_page(state) is index_page(state)
    assert "Ny tittel" in index_page(replace(state, title="Ny tittel"))


def test_page_shows_the_first_hundred_problems_of_a_file_and_how_many_more_there_are() -> None:
    wrong = tuple(Problem(Place("a.toml", line), "Her er det feil.") for line in range(1, 1_202))

    page = index_page(replace(state_of("https://kalender.example.no"), problems=wrong))

    assert page.count("Her er det feil.") == 100
    assert "… og 1 101 til." in page
