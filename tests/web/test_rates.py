"""How often the links in letters may be pressed."""

from __future__ import annotations

from collections import Counter

import pytest
from starlette.types import Scope

from arshjul.store import queue, told
from arshjul.store.engine import Store
from arshjul.store.tokens import token_hash
from arshjul.web.site import MOST_KEYS, ChangeRates, OptOuts, Rate, address_of
from tests.databases import store
from tests.sample_letters import NOW, queued
from tests.web.conftest import Running
from tests.web.sample import TOKEN

__all__ = ["store"]


def test_link_that_is_pressed_again_and_again_rests(running: Running, store: Store) -> None:
    queue.queue(store, [queued(1, opt_out_hash=token_hash(TOKEN))], NOW)
    running.site.opt_outs = OptOuts(store, lambda: NOW)
    try:
        turns = [running.client.post(f"/u/{TOKEN}{undo}") for undo in ("", "/undo") * 20]
    finally:
        running.site.opt_outs = None
    assert Counter(turn.status_code for turn in turns) == {200: 10, 429: 30}
    assert [turn.status_code for turn in turns[:10]] == [200] * 10
    assert turns[-1].headers["retry-after"] == "60"
    assert "For mange forsøk" in turns[-1].text
    assert TOKEN not in turns[-1].text
    assert told.opt_outs(store) == ()


def test_link_may_be_looked_at_while_it_rests(running: Running, store: Store) -> None:
    queue.queue(store, [queued(1, opt_out_hash=token_hash(TOKEN))], NOW)
    running.site.opt_outs = OptOuts(store, lambda: NOW)
    try:
        for _ in range(12):
            running.client.post(f"/u/{TOKEN}")
        assert running.client.get(f"/u/{TOKEN}").status_code == 200
    finally:
        running.site.opt_outs = None


def test_rate_fills_again_with_time() -> None:
    rate = Rate(3, 30.0)
    assert [rate.allows("a", 0.0) for _ in range(5)] == [True, True, True, False, False]
    assert [rate.allows("a", at) for at in (5.0, 10.0, 11.0, 20.0)] == [False, True, False, True]
    assert rate.allows("b", 0.0)
    assert [rate.allows("a", 900.0) for _ in range(4)] == [True, True, True, False]


def test_address_that_guesses_links_rests() -> None:
    rates = ChangeRates()
    assert [rates.allow(str(number), "10.0.0.7", 0.0) for number in range(70)] == [True] * 60 + [False] * 10
    assert rates.allow("1", "10.0.0.8", 0.0)


def test_rates_remember_only_so_many() -> None:
    rate = Rate(1, 60.0)
    for number in range(MOST_KEYS + 5):
        rate.allows(str(number), 0.0)
    assert rate.allows("0", 0.0)
    assert not rate.allows(str(MOST_KEYS + 4), 0.0)


@pytest.mark.parametrize(
    ("client", "said", "address"),
    [
        ("127.0.0.1", [b"192.0.2.4"], "192.0.2.4"),
        ("127.0.0.1", [b"203.0.113.9, 192.0.2.4"], "192.0.2.4"),
        ("::1", [b"203.0.113.9", b"192.0.2.4"], "192.0.2.4"),
        ("127.0.0.1", [], "127.0.0.1"),
        ("192.0.2.77", [b"192.0.2.4"], "192.0.2.77"),
    ],
)
def test_address_is_what_a_server_on_this_machine_says_and_nobody_elses_word(
    client: str, said: list[bytes], address: str
) -> None:
    scope: Scope = {"client": (client, 1), "headers": [(b"x-forwarded-for", one) for one in said]}
    assert address_of(scope) == address
