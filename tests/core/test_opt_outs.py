"""What is done about those who have said no to letters."""

from __future__ import annotations

from datetime import date

from arshjul.letters.history import Known, unreached
from arshjul.letters.reminders import leads_of
from arshjul.letters.rules import LetterRules
from arshjul.timing.days import Span
from arshjul.year.expand import expand
from tests.files_of import OFFICE, catalogue_of

TODAY = date(2026, 11, 20)
FILES = """
[[party]]
id = "styret"
name = "Styret"
members = ["Styret <styret@example.no>"]
[[event]]
id = "rapport"
title = "Rapport"
when = ["5. november 2026", "15. desember 2026", "15. desember 2027"]
responsible = "Styret"
[[event]]
id = "plan"
title = "Plan"
when = "innen 14. desember"
responsible = "Sekretariatet, styret"
[[event]]
id = "avlyst"
title = "Avlyst"
when = "innen 14. desember"
cancelled = ["2026", "2027"]
responsible = "Styret"
[[event]]
id = "stille"
title = "Uten varsel"
when = "14. desember"
responsible = "Styret"
leads = []
[[event]]
id = "fest"
title = "Uten ansvarlig"
when = "14. desember"
"""


def test_unreached_is_the_next_of_what_would_be_told_and_nobody_takes_letters_about() -> None:
    catalogue, days = catalogue_of(FILES + OFFICE), Span(TODAY, date(2027, 12, 31))
    found, leads = expand(catalogue, Span(date(2026, 11, 1), date(2027, 12, 31))), leads_of(catalogue, LetterRules())

    def keys(*addresses: str, settled: frozenset[tuple[str, date | None]] = frozenset()) -> list[str]:
        known = Known(opted_out=dict.fromkeys(addresses, TODAY), settled=settled)
        return [one.key for one in unreached(found, leads, known, days)]

    done = frozenset({("k0/rapport/2026-12", None)})
    assert keys() == []
    assert keys("styret@example.no") == ["k0/rapport/2026-12"]
    assert keys("styret@example.no", "sekretariatet@example.no") == ["k0/plan/2026", "k0/rapport/2026-12"]
    assert keys("styret@example.no", settled=done) == ["k0/rapport/2027-12"]
