"""Who fetches, counted without a word about who they are."""

from __future__ import annotations

import pytest

from arshjul.web.site import client
from tests.web.conftest import Running
from tests.web.sample import PARTY, TOKEN


@pytest.mark.parametrize(
    ("agent", "kind"),
    [
        ("Google-Calendar-Importer", "Google"),
        ("Microsoft Office/15.0 (Windows NT 10.0; Microsoft Outlook 15.0.4420; Pro)", "Outlook"),
        ("Microsoft Exchange/15.20", "Outlook"),
        ("macOS/15.5 (24F74) dataaccessd/1.0", "Apple"),
        ("iOS/18.1 (22B83) dataaccessd/1.0", "Apple"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Thunderbird/153.7.0", "Thunderbird"),
        ("Evolution/3.46.4", "annet"),
        ("", "annet"),
    ],
)
def test_client_is_known_by_its_kind(agent: str, kind: str) -> None:
    assert client([(b"accept", b"Google"), (b"user-agent", agent.encode())]) == kind


def test_client_that_says_nothing_is_another() -> None:
    assert client([]) == "annet"


def test_fetches_with_a_token_are_counted_once_and_taken_once(running: Running) -> None:
    running.site.fetches.take()
    agent = {"User-Agent": "Google-Calendar-Importer"}
    path = f"/f/{TOKEN}/sekretariatet.ics"
    assert running.client.get(path, headers=agent).status_code == 200
    not_modified = agent | {"If-None-Match": PARTY.etag.decode()}
    assert running.client.get(path, headers=not_modified).status_code == 304
    running.client.head(path)
    running.client.get(f"/f/{TOKEN}/styret.ics")
    running.client.get("/f/politisk-aar.ics")
    assert running.site.fetches.take() == {(PARTY.token_hash, "Google"): 2, (PARTY.token_hash, "annet"): 1}
    assert running.site.fetches.take() == {}
