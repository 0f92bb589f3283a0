"""Saying no to letters by the link in one: only a POST changes anything, and whoever posts may change their mind."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from arshjul.letters.history import OptOut
from arshjul.store import queue
from arshjul.store import told as told_
from arshjul.store.engine import Store
from arshjul.store.tokens import token_hash
from arshjul.web.pages import PAGE
from arshjul.web.site import OptOuts
from tests.databases import store
from tests.sample_letters import KARI, NOW, queued
from tests.web.conftest import Running
from tests.web.sample import BOARD, TOKEN
from tests.web.test_pages import Outline, logged_by_uvicorn

__all__ = ["store"]
PATH = f"/u/{TOKEN}"
BY = "lenken i brevet «Påminnelse 1»"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def letters(running: Running, store: Store) -> Iterator[Running]:
    """The running site, with one letter whose link holds the token."""
    queue.queue(store, [queued(1, opt_out_hash=token_hash(TOKEN))], NOW)
    running.site.opt_outs = OptOuts(store, lambda: NOW)
    yield running
    running.site.opt_outs = None


def digest(store: Store) -> str:
    """Return a digest of all that the database holds."""
    with store.reading() as connection:
        names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")).scalars()
        held = [(name, connection.execute(text(f"SELECT * FROM {name}")).all()) for name in list(names)]
    return hashlib.sha256(repr(held).encode()).hexdigest()


def test_opening_the_link_changes_nothing(letters: Running, store: Store) -> None:
    before = digest(store)
    for _ in range(3):
        for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE"):
            letters.client.request(method, PATH)
            letters.client.request(method, f"{PATH}/undo")
    assert digest(store) == before


def test_button_of_a_mail_program_stops_the_letters_without_a_redirect_or_cookie(
    letters: Running, store: Store
) -> None:
    answer = letters.client.post(PATH, data=ONE_CLICK)
    assert (answer.status_code, answer.headers.get("location"), answer.headers.get("set-cookie")) == (200, None, None)
    assert told_.opt_outs(store) == (OptOut(KARI.address, NOW, BY),)
    again = letters.client.post(PATH, data=ONE_CLICK)
    assert (again.status_code, again.text) == (200, answer.text)
    assert told_.opt_outs(store) == (OptOut(KARI.address, NOW, BY),)


def test_page_says_what_it_is_about_and_its_button_does_it(letters: Running, store: Store) -> None:
    asked = letters.client.get(PATH)
    (action,) = re.findall(r'<form method="post" action="([^"]+)">', asked.text)
    stopped = letters.client.post(action)
    (back,) = re.findall(r'<form method="post" action="([^"]+)">', stopped.text)
    told = told_.opt_outs(store)
    started = letters.client.post(back)

    assert (asked.status_code, stopped.status_code, started.status_code) == (200, 200, 200)
    assert "Det gjelder brev til kari@example.no. Du får brev i god tid før det du har ansvar for." in asked.text
    assert "<h1>Brevene er stoppet.</h1>" in stopped.text
    assert letters.client.get(PATH).text == started.text == asked.text
    assert (told, told_.opt_outs(store)) == ((OptOut(KARI.address, NOW, BY),), ())
    assert asked.headers["cache-control"] == "no-store"
    assert asked.headers["x-robots-tag"] == "noindex"
    assert asked.headers["referrer-policy"] == "no-referrer"
    assert "form-action 'self'" in asked.headers["content-security-policy"]


@pytest.mark.parametrize(("language", "word"), [("nb", "Stopp brevene"), ("nn", "Stopp breva"), ("en", "Stop the le")])
def test_page_is_in_the_language_of_the_letters(letters: Running, language: str, word: str) -> None:
    theirs = replace(BOARD, recipients=(replace(KARI, language=language),))
    letters.site.state = replace(letters.site.state, occurrences=(theirs,))
    page = letters.client.get(PATH).text
    assert f'<html lang="{language}">' in page
    assert word in page
    outline = Outline(page)
    assert (outline.headings, outline.open) == ([1], [])


def test_words_of_the_page_are_there_in_all_languages() -> None:
    blanks = {
        language: {name: re.findall(r"{\w+}", said) for name, said in words.items()} for language, words in PAGE.items()
    }
    assert list(blanks) == ["nb", "nn", "en"]
    assert blanks["nb"] == blanks["nn"] == blanks["en"]


def test_coordinator_is_told_why_and_nothing_changes(letters: Running, store: Store) -> None:
    letters.site.opt_outs = OptOuts(store, lambda: NOW, KARI.address.upper)
    before = digest(store)
    for answer in (letters.client.get(PATH), letters.client.post(PATH), letters.client.post(f"{PATH}/undo")):
        assert answer.status_code == 200
        assert "Koordinatoren må få brevene." in answer.text
        assert "<form" not in answer.text
    assert digest(store) == before


def test_page_says_who_hears_of_it_or_that_nobody_does(letters: Running, store: Store) -> None:
    asked, stopped = letters.client.get(PATH).text, letters.client.post(PATH).text
    assert "Koordinatoren" not in asked + stopped
    assert "Ingen får vite det av seg selv. Si fra til den som gir deg oppgavene." in stopped
    letters.site.opt_outs = OptOuts(store, lambda: NOW, lambda: "koordinator@example.no")
    assert "Koordinatoren får vite det. Oppgavene" in letters.client.get(PATH).text
    assert "Koordinatoren får vite det og kan høre" in letters.client.post(f"{PATH}/undo").text


def test_wrong_method_is_told_which_are_right(letters: Running) -> None:
    for path in (PATH, f"{PATH}/undo"):
        answer = letters.client.request("PUT", path)
        assert (answer.status_code, set(answer.headers["allow"].split(", "))) == (405, {"GET", "HEAD", "POST"})
    assert letters.client.put("/").headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize("token", ["x" * len(TOKEN), "x", "æ", "%00", TOKEN.swapcase(), f"{TOKEN}x"])
def test_unknown_tokens_are_answered_alike_and_change_nothing(letters: Running, store: Store, token: str) -> None:
    before = digest(store)
    plain = letters.client.get("/finnes-ikke")
    for answer in (
        letters.client.get(f"/u/{token}"),
        letters.client.post(f"/u/{token}", data=ONE_CLICK),
        letters.client.post(f"/u/{token}/undo"),
    ):
        assert (answer.status_code, answer.text) == (404, plain.text)
    assert digest(store) == before


def test_database_that_is_gone_is_told_and_nothing_is_said_to_be_done(letters: Running, store: Store) -> None:
    path = store.path
    assert path
    moved = path.rename(path.with_name("away.db"))
    Path(path).mkdir()
    store.close()
    answer = letters.client.post(PATH, data=ONE_CLICK)
    Path(path).rmdir()
    moved.rename(path)
    assert answer.status_code == 503
    assert "Ingenting er endret." in answer.text
    assert answer.headers["retry-after"] == "60"


def test_token_is_in_no_log_and_no_page_when_the_server_fails(
    letters: Running, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> datetime:
        raise RuntimeError("broken on purpose")

    caplog.set_level(logging.DEBUG)
    letters.site.opt_outs = OptOuts(store, broken)
    answer = letters.client.post(PATH, data=ONE_CLICK)
    said = "\n".join(caplog.handler.format(one) for one in logged_by_uvicorn(caplog))
    assert answer.status_code == 500
    assert "broken on purpose" in said
    assert TOKEN not in said + answer.text + str(answer.headers)
