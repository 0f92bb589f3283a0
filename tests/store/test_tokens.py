"""Feed tokens: one feed each, revocable, never kept in plain."""

from __future__ import annotations

from sqlalchemy import select

from arshjul.store import tokens
from arshjul.store.engine import Store
from arshjul.store.tables import FEED_TOKEN
from arshjul.store.tokens import TokenInfo
from tests.sample_letters import NOW

FEED, ANOTHER = "osloregionen/styret", "osloregionen/sekretariatet"


def test_a_token_opens_its_feed_until_it_is_revoked(any_store: Store) -> None:
    first, second = (tokens.add(any_store, FEED, label, NOW) for label in ("Outlook", "telefon"))
    other = tokens.add(any_store, ANOTHER, "", NOW)
    opened = {tokens.hash_of(first): FEED, tokens.hash_of(second): FEED, tokens.hash_of(other): ANOTHER}
    assert tokens.all_hashes(any_store, NOW) == opened
    assert tokens.revoke(any_store, FEED, first[:6], NOW) == 1
    assert tokens.revoke(any_store, FEED, first[:6], NOW) == 0
    assert tokens.all_hashes(any_store, NOW) == {tokens.hash_of(second): FEED, tokens.hash_of(other): ANOTHER}
    assert tokens.revoke(any_store, FEED, "", NOW) == 1
    assert tokens.all_hashes(any_store, NOW) == {tokens.hash_of(other): ANOTHER}


def test_tokens_are_listed_by_how_they_begin(any_store: Store) -> None:
    token = tokens.add(any_store, FEED, "Outlook", NOW)
    tokens.add(any_store, ANOTHER, "", NOW)
    assert tokens.all_tokens(any_store, FEED) == (TokenInfo(token[:6], FEED, "Outlook", NOW, None),)
    assert [info.feed for info in tokens.all_tokens(any_store)] == [ANOTHER, FEED]


def test_the_plain_token_is_not_kept(store: Store) -> None:
    token = tokens.add(store, FEED, "Outlook", NOW)
    assert len(token) == 43
    with store.reading() as connection:
        assert not any(token in str(value) for row in connection.execute(select(FEED_TOKEN)) for value in row)
