"""What is done about those who have said no to letters."""

from __future__ import annotations

from datetime import date

from arshjul.core.dates import Span
from arshjul.core.expand import expand
from arshjul.core.opt_outs import unreached
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
id = "fest"
title = "Uten ansvarlig"
when = "14. desember"
"""


def test_unreached_is_the_next_of_what_nobody_who_takes_letters_is_responsible_for() -> None:
    found = expand(catalogue_of(FILES + OFFICE), Span(date(2026, 11, 1), date(2027, 12, 31)))

    def keys(*addresses: str) -> list[str]:
        return [one.key for one in unreached(found, addresses, TODAY)]

    assert keys() == []
    assert keys("styret@example.no") == ["k0/rapport/2026-12"]
    assert keys("styret@example.no", "sekretariatet@example.no") == ["k0/plan/2026", "k0/rapport/2026-12"]
