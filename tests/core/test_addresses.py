"""Addresses as people write them."""

from __future__ import annotations

import re

import pytest

from arshjul.plan.addresses import database_in_words, read_address, read_site_address
from arshjul.plan.model import Recipient


@pytest.mark.parametrize("text", ["kari@BLÅBÆR.no", "kari@blåbær.NO", "<kari@xn--blbr-roah.no>"])
def test_domain_is_the_same_however_it_is_written(text: str) -> None:
    assert read_address(text) == Recipient("kari@xn--blbr-roah.no")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "kari@example.no.",
            "«kari@example.no.» slutter med punktum. Adressen skal slutte med domenet: «navn@example.no».",
        ),
        (f"{'k' * 65}@example.no", f"«{'k' * 65}» er for langt foran @: høyst 64 tegn."),
        (f"kari@{'k' * 100}", f"«kari@{'k' * 74}…» mangler en e-postadresse. Skriv «Navn <navn@example.no>»."),
        ("kari@-x.no", "«-x.no» er ikke noe gyldig domene."),
    ],
)
def test_address_that_no_mail_can_reach_is_refused(text: str, told: str) -> None:
    with pytest.raises(ValueError, match="«") as refused:
        read_address(text)

    assert str(refused.value) == told


def test_longest_local_part_is_taken() -> None:
    assert read_address(f"{'k' * 64}@example.no").address == f"{'k' * 64}@example.no"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://localhost", "http://localhost"),
        ("http://[::1]:8000/", "http://[::1]:8000"),
        ("HTTPS://Kalender.Example.no/", "https://kalender.example.no"),
        (" https://kalender.example.no// ", "https://kalender.example.no"),
        ("https://årshjul.example.no", "https://xn--rshjul-hua.example.no"),
    ],
)
def test_site_address_is_scheme_name_and_port(written: str, read: str) -> None:
    assert read_site_address(written) == read


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("kalender.example.no", "navnet eller porten er ikke gyldig"),
        ("ftp://kalender.example.no", "den må begynne med https://"),
        ("https://", "navnet eller porten er ikke gyldig"),
        ("https://a..b", "navnet eller porten er ikke gyldig"),
        (f"https://{'a' * 64}.no", "navnet eller porten er ikke gyldig"),
        ("https://kalender.example.no:abc", "navnet eller porten er ikke gyldig"),
        ("https://ola:hemmelig@example.no", "den skal bare ha navn og port"),
        ("https://example.no?a=b", "den skal bare ha navn og port"),
        ("https://example.no#a", "den skal bare ha navn og port"),
        ("https://example.no/a b", "den skal bare ha navn og port"),
        ("https://example.no/årshjul/", "tjenesten må ligge øverst på sitt eget navn, uten «/årshjul»"),
    ],
)
def test_what_cannot_be_the_site_address_is_told(written: str, why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"kan ikke være adressen: {why}. Skriv")):
        read_site_address(written)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("sqlite:////srv/arshjul/var/arshjul.db", "databasen /srv/arshjul/var/arshjul.db"),
        ("postgresql://arshjul@db.example.no:5433/arshjul", "PostgreSQL-databasen «arshjul» på db.example.no:5433"),
        ("postgresql+psycopg://db.example.no/plan?sslmode=require", "PostgreSQL-databasen «plan» på db.example.no"),
        ("postgresql:///arshjul", "PostgreSQL-databasen «arshjul» på denne maskinen"),
        ("postgresql://arshjul:hemmelig@db.example.no/arshjul", "PostgreSQL-databasen"),
        ("postgresql://db.example.no/arshjul?password=hemmelig", "PostgreSQL-databasen"),
    ],
)
def test_database_is_named_without_who_logs_in(url: str, told: str) -> None:
    assert database_in_words(url) == told
