"""Addresses as people write them."""

from __future__ import annotations

import pytest

from arshjul.core.addresses import read_address
from arshjul.core.model import Recipient


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
