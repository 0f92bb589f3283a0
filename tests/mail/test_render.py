"""Letters in words: the text part says everything, the HTML part says the same, and both are calm."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from html import unescape
from pathlib import Path

import pytest

from arshjul.letters.render import COLUMNS, TemplateProblemError, Templates, wrapped
from arshjul.letters.templating import PACKAGED, templates_digest
from arshjul.mail.message import Letterhead
from arshjul.plan.model import Kind, Letter, Recipient
from arshjul.timing.days import Clock, Span, Status
from tests.sample_letters import letter, reminder

SHIPPED = PACKAGED
HEAD = Letterhead(
    "Osloregionen IPR",
    Recipient("arshjul@example.no", "Årshjul"),
    Recipient("sekretariatet@example.no", "Sekretariatet"),
    "https://arshjul.example.no/",
)
CALENDARS = {"osloregionen": "Osloregionen"}

MEETING = reminder(
    1,
    deadline=date(2026, 12, 4),
    title="Styremøte",
    kind=Kind.DAY,
    clock=Clock(time(10), time(12)),
    location="Rådhuset",
    responsible=("Styret",),
)
INPUT = reminder(
    2,
    title="Innspill til statsbudsjettet fra delregionene samlet i ett felles brev til departementet",
    kind=Kind.WINDOW,
    days=Span(date(2026, 10, 1), date(2026, 12, 16)),
    status=Status.TENTATIVE,
    responsible=("Delregionene", "Sekretariatet"),
    contributors=("Kommunene", "Ordførerne", "Adm. grupper"),
    main=frozenset({"ola@example.no"}),
    source="https://www.stortinget.no/no/Hva-skjer-pa-Stortinget/Nyhetsarkiv/Hva-skjer-nyheter/2025-2026/",
    note="Bruk malen fra i fjor.\nSend utkast til sekretariatet.",
)
STATUS = reminder(3, deadline=date(2026, 12, 31), title="Status", source="Handlingsplan 2026, tiltak 1.2")

ONE_LETTER = """\
Frist tirsdag 15. desember 2026 (foreløpig): Innspill til statsbudsjettet
fra delregionene samlet i ett felles brev til departementet

Om 15 virkedager. Du er medansvarlig.
Periode: 1. oktober–15. desember 2026
Ansvarlig: Delregionene (hovedansvarlig) og Sekretariatet
Medvirkende: Kommunene, Ordførerne og Adm. grupper
Kalender: Osloregionen
Merk: Bruk malen fra i fjor.
Send utkast til sekretariatet.
Kilde:
https://www.stortinget.no/no/Hva-skjer-pa-Stortinget/Nyhetsarkiv/Hva-skjer-nyheter/2025-2026/

«Foreløpig» betyr at ingen kilde bekrefter datoen ennå: den er regnet ut,
skrevet inn eller hentet fra planen. Den kan bli flyttet; kalenderen viser
alltid den siste datoen.

Kalenderen:
https://arshjul.example.no/

-- \n\
Du får dette brevet fordi:
- Du er hovedansvarlig, for Sekretariatet; 1.2 (Hvert år) varsles 15
  virkedager før fristen.

Spørsmål, eller er oppgaven ikke din? Svar på dette brevet, eller skriv til
sekretariatet@example.no.
Osloregionen IPR
"""

TWO_THINGS = """\
2 saker – den nærmeste fredag 4. desember 2026. Den som haster mest, står
først.

1. Fredag 4. desember 2026: Styremøte
   Om 8 virkedager. Du er hovedansvarlig.
   Tid: kl. 10.00–12.00
   Sted: Rådhuset
   Ansvarlig: Styret
   Kalender: Osloregionen

2. Frist torsdag 31. desember 2026: Status
   Om 26 virkedager. Du er hovedansvarlig.
   Ansvarlig: Sekretariatet
   Kalender: Osloregionen
   Kilde: Handlingsplan 2026, tiltak 1.2

-- \n\
Du får dette brevet fordi:
- Du er hovedansvarlig, for Sekretariatet; 1.2 (Hvert år) varsles 15
  virkedager før fristen.

Spørsmål, eller er oppgaven ikke din? Svar på dette brevet, eller skriv til
sekretariatet@example.no.
Osloregionen IPR
"""


def words_of(html: str) -> str:
    """What a reader sees, on one line."""
    body = html.partition("<body")[2].partition(">")[2]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())


def test_digest_of_the_shipped_templates_is_theirs(snapshot: Callable[[Path, str], None]) -> None:
    snapshot(SHIPPED / "email" / "SHIPPED", f"{templates_digest(SHIPPED / 'email')}\n")


def test_a_letter_of_one_thing_reads_well() -> None:
    assert Templates([SHIPPED]).render(letter(INPUT), HEAD, CALENDARS).text == ONE_LETTER


def test_a_letter_of_several_things_reads_well() -> None:
    nowhere = replace(HEAD, url="")
    assert Templates([SHIPPED]).render(letter(MEETING, STATUS), nowhere, CALENDARS).text == TWO_THINGS


def test_dates_to_confirm_stand_in_a_section_of_their_own() -> None:
    wanted = replace(
        reminder(4, title="Bekreft datoen: Arendalsuka", kind=Kind.DAY, status=Status.TENTATIVE), is_to_confirm=True
    )

    draft = Templates([SHIPPED]).render(letter(wanted, MEETING, STATUS), HEAD, CALENDARS)

    assert [line for line in draft.text.splitlines() if re.match(r"\d\. |Datoer", line)] == [
        "1. Fredag 4. desember 2026: Styremøte",
        "2. Frist torsdag 31. desember 2026: Status",
        "Datoer som bør bekreftes",
        "3. Tirsdag 15. desember 2026 (foreløpig): Bekreft datoen: Arendalsuka",
    ]
    words = words_of(draft.html)
    assert words.index("Status") < words.index("Datoer som bør bekreftes") < words.index("Bekreft datoen: Arendalsuka")
    assert "Datoer som bør bekreftes" not in Templates([SHIPPED]).render(letter(MEETING, STATUS), HEAD).html


@pytest.mark.parametrize(
    ("letter_", "subject"),
    [
        (letter(STATUS), "Påminnelse: Status – frist torsdag 31. desember 2026"),
        (letter(MEETING), "Påminnelse: Styremøte – fredag 4. desember 2026"),
        (
            letter(INPUT, STATUS),
            f"2 frister – den nærmeste tirsdag 15. desember 2026 (foreløpig): {INPUT.occurrence.title}",
        ),
        (letter(MEETING, INPUT, STATUS), "3 saker – den nærmeste fredag 4. desember 2026: Styremøte"),
    ],
)
def test_the_subject_names_the_thing_or_the_nearest_day(letter_: Letter, subject: str) -> None:
    templates = Templates([SHIPPED])
    assert templates.render(letter_, HEAD).subject == subject
    assert templates.subject(letter_) == subject


@pytest.mark.parametrize(
    ("deadline", "left"),
    [
        (date(2026, 11, 24), "I dag."),
        (date(2026, 11, 25), "I morgen."),
        (date(2026, 11, 26), "Om 2 virkedager."),
        (date(2026, 11, 30), "Om 4 virkedager."),
        (date(2026, 11, 23), "Fristen er ute."),
    ],
)
def test_a_letter_says_how_long_is_left(deadline: date, left: str) -> None:
    text = Templates([SHIPPED]).render(letter(reminder(1, deadline=deadline)), HEAD).text
    assert f"\n{left} Du er hovedansvarlig.\n" in text


def test_the_html_part_says_what_the_text_part_says() -> None:
    draft = Templates([SHIPPED]).render(letter(MEETING, INPUT, STATUS), HEAD, CALENDARS)
    html = words_of(draft.html)
    for line in (
        "3 saker – den nærmeste fredag 4. desember 2026",
        "Styremøte Fredag 4. desember 2026, kl. 10.00–12.00 Om 8 virkedager. Du er hovedansvarlig. Sted: Rådhuset",
        "Frist tirsdag 15. desember 2026 (foreløpig) Om 15 virkedager. Du er medansvarlig.",
        "Medvirkende: Kommunene, Ordførerne og Adm. grupper",
        "Merk: Bruk malen fra i fjor. Send utkast til sekretariatet. Kilde: les mer hos stortinget.no",
        "Kilde: Handlingsplan 2026, tiltak 1.2",
        "«Foreløpig» betyr at ingen kilde bekrefter datoen ennå",
        "Du er hovedansvarlig, for Sekretariatet; 1.2 (Hvert år) varsles 15 virkedager før fristen.",
    ):
        assert line in html
    links = set(re.findall('href="([^"]*)"', draft.html))
    assert links == {INPUT.occurrence.source, HEAD.url, "mailto:sekretariatet@example.no"}


def test_the_html_part_is_made_for_mail_programs() -> None:
    html = Templates([SHIPPED]).render(letter(MEETING, INPUT, STATUS), HEAD, CALENDARS).html
    assert html.startswith('<!DOCTYPE html><html lang="nb">')
    assert html.count("<h1") == 1
    assert html.count("<table") == html.count('role="presentation"') == 2
    assert "<title>3 saker – den nærmeste fredag 4. desember 2026: Styremøte</title>" in html
    assert not re.search("<(img|script|link|iframe|form)|url\\(|flex|grid|@font-face", html)
    assert {int(size) for size in re.findall(r"font-size: (\d+)px", html)} == {16, 17, 19, 22}
    assert len(html.encode()) < 60_000


def test_what_people_write_is_text_not_markup() -> None:
    nasty = reminder(
        1, title="<b>Frist</b> & {{ 7*7 }}", note="<script>", source="javascript:alert(1)", location="«Ås»"
    )
    draft = Templates([SHIPPED]).render(letter(nasty), HEAD)
    assert "<b>Frist</b> & {{ 7*7 }}" in draft.text
    assert "&lt;b&gt;Frist&lt;/b&gt; &amp; {{ 7*7 }}" in draft.html
    assert "<script" not in draft.html
    assert 'href="javascript' not in draft.html


def test_a_title_over_several_lines_makes_no_new_line() -> None:
    draft = Templates([SHIPPED]).render(letter(reminder(1, title="Frist\r\nBcc: alle@example.no\u2028-- ")), HEAD)
    assert draft.subject == "Påminnelse: Frist Bcc: alle@example.no -- – frist tirsdag 15. desember 2026"
    assert draft.text.splitlines().count("-- ") == 1


def test_own_templates_win_over_shipped_ones(tmp_path: Path) -> None:
    (tmp_path / "email").mkdir()
    (tmp_path / "email" / "reminder-subject.txt").write_text("Husk {{ first.title }}\n")
    draft = Templates([tmp_path, SHIPPED]).render(letter(STATUS), HEAD)
    assert draft.subject == "Husk Status"
    assert draft.text.startswith("Frist torsdag 31. desember 2026: Status")


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("Hei {{ fornavn }}", "Malen «email/reminder-subject.txt» kan ikke brukes: 'fornavn' is undefined"),
        ("Hei\n{% if %}", "Malen «email/reminder-subject.txt» har en feil i linje 2: Expected an expression"),
        ("{{ 1/0 }}", "Malen «email/reminder-subject.txt» kan ikke brukes: division by zero"),
        ("{{ items + 1 }}", "Malen «email/reminder-subject.txt» kan ikke brukes: can only concatenate list"),
        ("{{ '%d' % first.title }}", "Malen «email/reminder-subject.txt» kan ikke brukes: %d format: a "),
        ("{{ 'æ'.encode('ascii') }}", "Malen «email/reminder-subject.txt» kan ikke brukes: 'ascii' codec can't"),
        (
            "{% include 'email/reminder-subject.txt' %}",
            "Malen «email/reminder-subject.txt» kan ikke brukes: maximum recursion depth exceeded",
        ),
        (" \n\n", "Malen «email/reminder-subject.txt» gir et tomt emne."),
        ("{% if first.location %}Hei{% endif %}", "Malen «email/reminder-subject.txt» gir et tomt emne."),
    ],
)
def test_a_template_with_a_mistake_is_named(tmp_path: Path, template: str, message: str) -> None:
    (tmp_path / "email").mkdir()
    (tmp_path / "email" / "reminder-subject.txt").write_text(template)
    with pytest.raises(TemplateProblemError, match=re.escape(message)):
        Templates([tmp_path, SHIPPED]).render(letter(STATUS), HEAD)


@pytest.mark.parametrize(
    ("name", "template", "message"),
    [
        ("reminder.txt", "\n", "Malen «email/reminder.txt» gir et tomt brev."),
        ("reminder.html", "", "Malen «email/reminder.html» gir et tomt brev."),
        (
            "reminder.html",
            "<html><head><title>Frist</title></head><body> <p>&nbsp;</p></body></html>",
            "Malen «email/reminder.html» gir et tomt brev.",
        ),
        (
            "items.txt",
            "{% macro details(item, indent) %}{{ 1/0 }}{% endmacro %}",
            "Malen «email/items.txt» kan ikke brukes: divi",
        ),
        ("nn/reminder.txt", "{{ 1/0 }}", "Malen «email/nn/reminder.txt» kan ikke brukes: division by zero"),
    ],
)
def test_a_template_that_fails_or_says_nothing_is_the_one_named(
    tmp_path: Path, name: str, template: str, message: str
) -> None:
    path = tmp_path / "email" / name
    path.parent.mkdir(parents=True)
    path.write_text(template)
    one = letter(STATUS)
    one = replace(one, to=replace(one.to, language="nn")) if name.startswith("nn") else one
    with pytest.raises(TemplateProblemError, match=re.escape(message)):
        Templates([tmp_path, SHIPPED]).render(one, HEAD)


def test_a_template_that_is_not_utf_8_says_how_to_save_it(tmp_path: Path) -> None:
    (tmp_path / "email").mkdir()
    (tmp_path / "email" / "items.txt").write_bytes("Blåbær".encode("latin-1"))
    with pytest.raises(TemplateProblemError) as caught:
        Templates([tmp_path, SHIPPED]).render(letter(STATUS), HEAD)
    assert str(caught.value) == (
        "Malen «email/items.txt» er ikke lagret som UTF-8. Lagre den på nytt med kodingen UTF-8."
    )


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="only Linux has a file that opens and cannot be read")
def test_a_template_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    (tmp_path / "email").mkdir()
    with pytest.raises(TemplateProblemError) as caught:
        Templates([Path("/proc/self"), SHIPPED]).text.get_template("mem")
    assert str(caught.value) == "Malen «mem» kan ikke leses: disken svarer ikke som den skal."


def test_long_lines_are_broken_and_addresses_are_not() -> None:
    address = "https://example.no/" + "x" * 90
    text = f"- {'ord ' * 30}\n\n\n\n{address}\n-- \nKort  \n"
    lines = wrapped(text).splitlines()
    assert lines == [
        "- " + " ".join(["ord"] * 18),
        "  " + " ".join(["ord"] * 12),
        "",
        address,
        "-- ",
        "Kort",
    ]
    assert all(len(line) <= COLUMNS for line in lines if line != address)


@pytest.mark.parametrize(
    ("said", "shown"), [("a\x1b[2J", r"a\x1b[2J"), ("a\nb\u2028c", "a b c"), ("\u202ea", r"\u202ea")]
)
def test_problem_of_a_template_is_one_line_that_can_be_printed(said: str, shown: str) -> None:
    assert str(TemplateProblemError(f"Malen «{said}» finnes ikke.")) == f"Malen «{shown}» finnes ikke."
