"""What doctor says of an address before anybody is asked, and what it never prints."""

from __future__ import annotations

import pytest

from arshjul.cli import doctor
from arshjul.mail.checkup import Finding, Mark

ENCRYPT = "Kan vi få et sertifikat på nettjeneren? Skriv så url med https."
ONLY_HERE = "er bare for denne maskinen: ingen andre kan abonnere, og brevene er uten lenke."
BARE = "er uten kryptering (https), så brevene er uten lenke."


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://aarshjul.example.no", None),
        ("https://www.example.no:8443/aarshjul", None),
        ("http://127.0.0.1:8000", Finding(Mark.UNSEEN, f"http://127.0.0.1:8000 {ONLY_HERE}")),
        ("http://[::1]:8000", Finding(Mark.UNSEEN, f"http://[::1]:8000 {ONLY_HERE}")),
        ("https://localhost", Finding(Mark.UNSEEN, f"https://localhost {ONLY_HERE}")),
        ("http://example.no", Finding(Mark.WRONG, f"http://example.no {BARE}", doctor.KEY, ENCRYPT)),
    ],
)
def test_an_address_is_judged_by_itself(url: str, expected: Finding | None) -> None:
    assert doctor.of_address(url) == expected
