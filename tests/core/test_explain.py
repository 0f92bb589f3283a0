"""The chain from a line in a file to a letter on a day to a person, told whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from arshjul.letters.explanation import Case, case_of, explain
from arshjul.letters.history import Acknowledgement, Report, Telling
from arshjul.letters.rules import LetterRules, SendDays
from arshjul.mail.verdicts import State
from arshjul.plan.model import Catalogue, ReminderId, ReminderKind
from arshjul.timing.days import Offset, Unit, year_span
from arshjul.timing.phrases import read
from arshjul.year.expand import expand
from tests.files_of import catalogue_of

TEXT = """
[[party]]
id = "regionene"
name = "Delregionene"
parts = ["follo"]
[[party]]
id = "follo"
name = "Folloregionen"
members = ["Follo <follo@example.no>"]
roles."Ordførerne" = ["Ordførerne i Follo <ordforerne@example.no>"]
[[event]]
id = "styremote"
title = "Styremøte"
when = ["7. april", "8. desember"]
announced = { 2027-12 = { date = "2027-12-10", source = "Møteplan", checked = "2026-11-20" } }
[[event]]
id = "innspill"
title = "Innspill til styret"
when = "dagen før styremøte"
responsible = "Delregionene, Delregionene: Ordførerne"
[[event]]
id = "fest"
title = "Fest"
when = "17. mai"
"""
QUIET = tuple(cadence for text in ("onsdag før skjærtorsdag", "1.–31. juli") if (cadence := read(text)))
RULES = LetterRules((Offset(10), Offset(5)), SendDays(frozenset({1}), quiet=QUIET), 5)
CATALOGUE = catalogue_of(TEXT)


def case(key: str, catalogue: Catalogue = CATALOGUE) -> Case:
    found = expand(catalogue, year_span(2027))
    return case_of(catalogue, found, next(one for one in found if one.key == key))


def told_of(
    kind: ReminderKind, lead: Offset | None = None, number: int = 0, address: str = "follo@example.no"
) -> ReminderId:
    return ReminderId("k0/innspill/2027-04", address, kind, lead, number, date(2027, 4, 6))


def test_whole_chain_of_one_thing() -> None:
    told = (
        Telling(told_of(ReminderKind.LEAD, Offset(10)), date(2027, 3, 16), State.ACCEPTED),
        Telling(told_of(ReminderKind.CHANGE, number=1), date(2027, 3, 23), State.UNKNOWN),
        Telling(told_of(ReminderKind.OVERDUE), date(2027, 4, 13), State.HELD),
        Telling(told_of(ReminderKind.GONE, number=2), date(2027, 4, 20), State.REJECTED),
        Telling(told_of(ReminderKind.LEAD, Offset(10), address="gammel@example.no"), date(2027, 3, 1), None),
    )
    report = Acknowledgement(
        "k0/innspill/2027-04", Report.DONE, "Kari", "sendt", date(2027, 4, 6), datetime(2027, 3, 30, 9, tzinfo=UTC)
    )
    found = replace(case("k0/innspill/2027-04"), tellings=told, reports=(report,))

    assert "\n".join(explain(found, RULES)) == (
        """\
Innspill til styret
k0/innspill/2027-04

Står i      prove.toml, linje 19
Regelen     «dagen før styremøte» (linje 22), forstått som: dagen før styremøte
Følger      Styremøte, onsdag 7. april 2027 (k0/styremote/2027-04, prove.toml, linje 14)
Fristen     tirsdag 6. april 2027
            Datoen er foreløpig. Den er regnet ut etter regelen «dagen før styremøte».
Varsles     10 virkedager og 5 virkedager før («leads» i config.toml)

10 virkedager før tirsdag 6. april 2027 er torsdag 18. mars 2027.
  Da er ikke regnet med: 5 dager (helg); torsdag 25. mars (skjærtorsdag); fredag 26. mars (langfredag); \
søndag 28. mars (første påskedag); mandag 29. mars (andre påskedag).
Brevet går tirsdag 16. mars 2027.
  På vei dit er hoppet over: 2 dager (ikke brevdag).

5 virkedager før tirsdag 6. april 2027 er tirsdag 30. mars 2027.
  Da er ikke regnet med: 2 dager (helg).
Brevet går tirsdag 30. mars 2027 (haster, så det venter ikke på brevdagen).

Ansvarlig   «Delregionene, Delregionene: Ordførerne»
  Follo <follo@example.no>: hovedansvarlig, Delregionene → Folloregionen
    tirsdag 16. mars 2027: 10 virkedager før tirsdag 6. april 2027 (sendt)
    tirsdag 23. mars 2027: datoen er nå tirsdag 6. april 2027 (usikkert)
    tirsdag 13. april 2027: etter fristen tirsdag 6. april 2027 (holdt tilbake)
    tirsdag 20. april 2027: tirsdag 6. april 2027 gjelder ikke lenger (avvist)
  Ordførerne i Follo <ordforerne@example.no>: medansvarlig, Delregionene: Ordførerne → Folloregionen
  gammel@example.no: ikke lenger mottaker
    mandag 1. mars 2027: 10 virkedager før tirsdag 6. april 2027 (var passert da tjenesten startet, og ble ikke sendt)

Meldt ferdig tirsdag 30. mars 2027 av Kari: sendt."""
    )


def test_quiet_days_and_holidays_on_the_way_to_the_send_day_are_named() -> None:
    rules = replace(RULES, leads=(Offset(1, Unit.WEEKS), Offset(9, Unit.MONTHS)))

    lines = explain(case("k0/innspill/2027-04"), rules)

    assert [line for line in lines if line.startswith(("Brevet", "  På vei"))] == [
        "Brevet går tirsdag 30. mars 2027 (haster, så det venter ikke på brevdagen).",
        "Brevet går tirsdag 30. juni 2026.",
        "  På vei dit er hoppet over: 1.–6. juli 2026 (stille dag: 1.–31. juli).",
    ]


@pytest.mark.parametrize(
    ("to", "last"),
    [
        ("ordforerne@example.no", "medansvarlig, Delregionene: Ordførerne → Folloregionen"),
        ("x@example.no", "Ansvarlig   «Delregionene, Delregionene: Ordførerne»"),
    ],
)
def test_only_one_recipient_when_asked(to: str, last: str) -> None:
    lines = explain(case("k0/innspill/2027-04"), RULES, to)

    assert lines[-1].endswith(last)
    assert not any("follo@" in line for line in lines)
    assert ("x@example.no er ikke mottaker av dette." in lines) is (to == "x@example.no")


def test_announced_date_shows_the_rule_beside_it() -> None:
    assert explain(case("k0/styremote/2027-12"), RULES)[3:] == [
        "Står i      prove.toml, linje 14",
        "Regelen     «8. desember» (linje 17), forstått som: 8. desember",
        "Kunngjort   fredag 10. desember 2027 for 2027-12, kontrollert fredag 20. november 2026; det går foran regelen",
        "Dato        fredag 10. desember 2027",
        "            Datoen er bekreftet. Kilde: Møteplan",
        "",
        "Ansvarlig   ingen, så ingen varsles",
    ]


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("k0/rapport/2027.follo", "Kunngjort   fredag 5. mars 2027 for 2027; det går foran regelen"),
        ("k0/rapport/2027.ost.follo", "Kunngjort   fredag 5. mars 2027 for 2027; det går foran regelen"),
        ("k0/utvalg/2027-09-21", "Kunngjort   onsdag 22. september 2027 for 2027-09-21; det går foran regelen"),
    ],
)
def test_announced_date_is_told_for_each_part_of_a_group_and_for_one_of_two_in_a_month(key: str, line: str) -> None:
    text = """
    [[party]]
    id = "regionene"
    name = "Delregionene"
    parts = ["follo", "ost.follo"]
    [[party]]
    id = "follo"
    name = "Folloregionen"
    members = ["follo@example.no"]
    [[party]]
    id = "ost.follo"
    name = "Østre Follo"
    members = ["ost@example.no"]
    [[event]]
    id = "rapport"
    title = "Rapport"
    when = "innen 1. mars for hver delregion"
    responsible = "Delregionene"
    announced.2027 = { date = "2027-03-05", source = "Møteplan" }
    [[event]]
    id = "utvalg"
    title = "Utvalg"
    when = ["8. september", "21. september"]
    announced.2027-09-21 = { date = "2027-09-22", source = "Møteplan" }
    """

    lines = explain(case(key, catalogue_of(text)), RULES)

    assert [one for one in lines if one.startswith("Kunngjort")] == [line]


def test_column_of_a_measure_is_the_phrase_that_is_told() -> None:
    catalogue = catalogue_of("""
[[measure]]
id = "1.2"
title = "Status"
responsible = "Styret"
cadence = "Årlig"
timing = { 2027 = "Q3" }

[[party]]
id = "styret"
name = "Styret"
members = ["styret@example.no"]
""")

    lines = explain(case("k0/1.2/2027", catalogue), RULES)

    assert [line for line in lines if line.startswith("Regelen")] == [
        "Regelen     «Q3» (linje 10), forstått som: 3. kvartal"
    ]
