"""Feed tokens: one feed each, revocable, never kept in plain."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from arshjul.store import tokens
from arshjul.store.engine import Store
from arshjul.store.tables import FEED_TOKEN
from arshjul.store.tokens import Fetched, TokenInfo, token_hash
from tests.sample_letters import NOW

FEED, ANOTHER = "osloregionen/styret", "osloregionen/sekretariatet"


def test_a_token_opens_its_feed_until_it_is_revoked(any_store: Store) -> None:
    first, second = (tokens.add(any_store, FEED, label, NOW) for label in ("Outlook", "telefon"))
    other = tokens.add(any_store, ANOTHER, "", NOW)
    opened = {token_hash(first): FEED, token_hash(second): FEED, token_hash(other): ANOTHER}
    assert tokens.all_hashes(any_store, NOW) == opened
    assert tokens.revoke(any_store, FEED, first[:6], NOW) == 1
    assert tokens.revoke(any_store, FEED, first[:6], NOW) == 0
    assert tokens.all_hashes(any_store, NOW) == {token_hash(second): FEED, token_hash(other): ANOTHER}
    assert tokens.revoke(any_store, FEED, "", NOW) == 1
    assert tokens.all_hashes(any_store, NOW) == {token_hash(other): ANOTHER}


def test_tokens_are_listed_by_how_they_begin(any_store: Store) -> None:
    token = tokens.add(any_store, FEED, "Outlook", NOW)
    tokens.add(any_store, ANOTHER, "", NOW)
    assert tokens.all_tokens(any_store)[-1] == TokenInfo(token[:6], FEED, "Outlook", NOW, None)
    assert [info.feed for info in tokens.all_tokens(any_store)] == [ANOTHER, FEED]


def test_the_plain_token_is_not_kept(store: Store) -> None:
    token = tokens.add(store, FEED, "Outlook", NOW)
    assert len(token) == 43
    with store.reading() as connection:
        assert not any(token in str(value) for row in connection.execute(select(FEED_TOKEN)) for value in row)


def test_renewed_token_and_the_old_one_both_open_for_a_while(any_store: Store) -> None:
    old = tokens.add(any_store, FEED, "Outlook", NOW)
    until = NOW + timedelta(days=30)
    renewed = tokens.rotate(any_store, old[:6], NOW, until)
    assert renewed
    assert renewed[0] == FEED
    both = {token_hash(old): FEED, token_hash(renewed[1]): FEED}
    assert tokens.all_hashes(any_store, until - timedelta(seconds=1)) == both
    assert tokens.all_hashes(any_store, until) == {token_hash(renewed[1]): FEED}
    assert [(info.label, info.revoked_at) for info in tokens.all_tokens(any_store)].count(("Outlook", until)) == 1


def test_token_that_is_mistyped_is_neither_revoked_nor_renewed(any_store: Store) -> None:
    token = tokens.add(any_store, FEED, "", NOW)
    for wrong in (token[:-1], token + "x", token[:7], token[:5]):
        assert tokens.revoke(any_store, FEED, wrong, NOW) == 0
        assert tokens.rotate(any_store, wrong, NOW, NOW) is None
    assert tokens.revoke(any_store, FEED, token, NOW) == 1


def test_renewing_twice_does_not_give_the_oldest_more_time(any_store: Store) -> None:
    old = tokens.add(any_store, FEED, "", NOW)
    soon = NOW + timedelta(days=2)
    assert tokens.rotate(any_store, old, NOW, soon)
    assert tokens.rotate(any_store, old, NOW, NOW + timedelta(days=90))
    assert token_hash(old) not in tokens.all_hashes(any_store, soon)


def test_only_an_open_token_that_is_meant_can_be_renewed(any_store: Store) -> None:
    old = tokens.add(any_store, FEED, "", NOW)
    tokens.revoke(any_store, FEED, old, NOW)
    assert tokens.rotate(any_store, old[:6], NOW, NOW) is None
    assert tokens.rotate(any_store, "aaaaaa", NOW, NOW) is None


def test_fetches_are_kept_by_day_and_kind_of_client(any_store: Store) -> None:
    token = token_hash(tokens.add(any_store, FEED, "", NOW))
    day, next_day = NOW.date(), NOW.date() + timedelta(days=1)
    tokens.note_fetches(any_store, {(token, "Google"): 2, (token, "Outlook"): 1, ("0" * 64, "Google"): 1}, day)
    tokens.note_fetches(any_store, {(token, "Google"): 3}, day)
    tokens.note_fetches(any_store, {(token, "Outlook"): 1}, next_day)
    (info,) = tokens.all_tokens(any_store)
    assert info.fetched == (Fetched("Outlook", next_day, 1), Fetched("Google", day, 5))


def test_token_is_never_taken_for_an_option() -> None:
    made = [tokens.new_token() for _ in range(1000)]
    assert not [token for token in made if token.startswith("-")]
    assert len(set(made)) == 1000
