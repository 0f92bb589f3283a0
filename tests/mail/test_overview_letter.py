"""The coordinator's letter as it is read: the whole of it in each language, and the HTML part beside the text."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from arshjul.letters.render import Templates
from arshjul.mail.message import Letterhead
from arshjul.plan.model import Recipient
from arshjul.rounds.write import OFFICE, sample_drafts
from arshjul.wording import OVERVIEW

HEAD = Letterhead("Prøverådet", Recipient("arshjul@example.no", "Årshjul"), OFFICE, "https://arshjul.example.no/")
DRAFTS = dict(sample_drafts(Templates([]), HEAD))

BOKMAL = """\
Årshjulet lever. 1 brev er sendt siden tirsdag 17. november 2026, 1 er
usikkert og 2 venter i utboksen.

Utsendingen hviler: 421 4.3.2 Service not available

Hemmeligheten for innlogging på e-posttjeneren går ut om 7 dager, tirsdag 1.
desember 2026. Lag en ny før den tid.

Brev som er usikre eller ikke kom frem
Spør mottakeren; «arshjul outbox list» viser dem.
- tirsdag 17. november til Valgkomiteen <valg@example.no>: Påminnelse:
  Innstilling – tirsdag 1. desember 2026 – avvist (550 5.1.1)
- tirsdag 17. november til Nordregionen <nordregionen@example.no>:
  Påminnelse: Styremøte – fredag 11. desember 2026 – usikkert

Dine saker denne uken

1. Frist tirsdag 15. desember 2026 (foreløpig): Innspill til statsbudsjettet
   Om 15 virkedager. Du er hovedansvarlig.
   Periode: 1. oktober–15. desember 2026
   Ansvarlig: Delregionene (hovedansvarlig) og Sekretariatet
   Medvirkende: Kommunene og Faggruppene
   Kalender: Prøvekalenderen
   Merk: Bruk malen fra i fjor.
   Send utkast til sekretariatet først.
   Kilde:
   https://www.example.no/innspill

Datoer som bør bekreftes

2. Torsdag 4. februar 2027 (foreløpig): Bekreft datoen: Årsmøtet
   Om 50 virkedager.
   Kalender: Prøvekalenderen
   Merk: Når den er kunngjort: skriv den inn med «arshjul confirm».
   Kilde:
   https://www.example.no/arsmote

Frister som gikk uten at noen fikk vite det
De var nære da tjenesten startet, ble lagt inn for sent, eller brevet kom
ikke frem. Ring dem det gjelder.
- mandag 23. november 2026: Regnskapet sendes – Sekretariatet

Over fristen og ikke meldt ferdig
De ansvarlige er påminnet én gang. Ring dem; meld så «arshjul done NØKKEL».
- fredag 20. november 2026: Årsrapporten sendes medlemmene – Delregionene
  (prove/rapport/2026)

Datoer som skulle vært kunngjort
Se etter, og skriv dem inn med «arshjul confirm».
- Toppforum: torsdag 4. februar 2027 (foreløpig), skulle vært kunngjort
  innen mandag 16. november 2026

Roller uten mottaker
Ingen får brev for disse. Skriv inn hvem det er i kalenderfilen.
- Regionkoordinator: Nordregionen (Prøvekalenderen)

Har sagt nei til brev
Oppgavene er fortsatt deres. Avtal hvordan de får vite om fristene, eller
skriv inn en annen mottaker.
- Nordregionen <nordregionen@example.no>, siden tirsdag 17. november 2026

Ingen får brev om dette
Alle mottakerne har sagt nei til brev. Skriv inn en annen i kalenderfilen,
eller ring dem.
- tirsdag 1. desember 2026: Innspill – Nordregionen

Antall som ikke stemmer
Planen sier hvor mange det skal være; så mange har dato.
- Ordførerforum: «fire ganger i året», 1 har dato i 2026

De neste brevene
- tirsdag 1. desember 2026: 12 brev
- tirsdag 8. desember 2026: 1 brev

Sendt siden sist
- tirsdag 17. november til Styret <styret@example.no>: Påminnelse: Styremøte
  – fredag 11. desember 2026

-- \n\
Du får dette brevet fordi du står som «coordinator» i config.toml. Det neste
kommer tirsdag 1. desember 2026. Kommer det ikke, er noe galt: kjør «arshjul
doctor».
- Sendes tirsdag 24. november fordi prove/innspill/2026 → «Q4» → frist
  tirsdag 15. desember 2026 → 20 virkedager før → hovedansvarlig:
  Delregionene: Ordførerne → Nordregionen.
- Du er koordinator. Datoen skulle vært kunngjort innen mandag 16. november
  2026.
Prøverådet
"""

NYNORSK = """\
Årshjulet lever. 1 brev er sendt sidan tysdag 17. november 2026, 1 er
usikkert og 2 ventar i utboksen.

Utsendinga kviler: 421 4.3.2 Service not available

Hemmelegheita for innlogging på e-posttenaren går ut om 7 dagar, tysdag 1.
desember 2026. Lag ei ny før den tid.

Brev som er usikre eller ikkje kom fram
Spør mottakaren; «arshjul outbox list» viser dei.
- tysdag 17. november til Valgkomiteen <valg@example.no>: Påminning:
  Innstilling – tysdag 1. desember 2026 – avvist (550 5.1.1)
- tysdag 17. november til Nordregionen <nordregionen@example.no>: Påminning:
  Styremøte – fredag 11. desember 2026 – usikkert

Dine saker denne veka

1. Frist tysdag 15. desember 2026 (førebels): Innspill til statsbudsjettet
   Om 15 virkedagar. Du er hovudansvarleg.
   Periode: 1. oktober–15. desember 2026
   Ansvarleg: Delregionene (hovudansvarleg) og Sekretariatet
   Medverkande: Kommunene og Faggruppene
   Kalender: Prøvekalenderen
   Merk: Bruk malen fra i fjor.
   Send utkast til sekretariatet først.
   Kjelde:
   https://www.example.no/innspill

Datoar som bør stadfestast

2. Torsdag 4. februar 2027 (førebels): Stadfest datoen: Årsmøtet
   Om 50 virkedagar.
   Kalender: Prøvekalenderen
   Merk: Når han er kunngjord: skriv han inn med «arshjul confirm».
   Kjelde:
   https://www.example.no/arsmote

Fristar som gjekk utan at nokon fekk vite det
Dei var nære då tenesta starta, blei lagde inn for seint, eller brevet kom
ikkje fram. Ring dei det gjeld.
- måndag 23. november 2026: Regnskapet sendes – Sekretariatet

Over fristen og ikkje melde ferdige
Dei ansvarlege er påminte éin gong. Ring dei; meld så «arshjul done NØKKEL».
- fredag 20. november 2026: Årsrapporten sendes medlemmene – Delregionene
  (prove/rapport/2026)

Datoar som skulle vore kunngjorde
Sjå etter, og skriv dei inn med «arshjul confirm».
- Toppforum: torsdag 4. februar 2027 (førebels), skulle vore kunngjord innan
  måndag 16. november 2026

Roller utan mottakar
Ingen får brev for desse. Skriv inn kven det er, i kalenderfila.
- Regionkoordinator: Nordregionen (Prøvekalenderen)

Har sagt nei til brev
Oppgåvene er framleis deira. Avtal korleis dei får vite om fristane, eller
skriv inn ein annan mottakar.
- Nordregionen <nordregionen@example.no>, sidan tysdag 17. november 2026

Ingen får brev om dette
Alle mottakarane har sagt nei til brev. Skriv inn ein annan i kalenderfila,
eller ring dei.
- tysdag 1. desember 2026: Innspill – Nordregionen

Tal som ikkje stemmer
Planen seier kor mange det skal vere; så mange har dato.
- Ordførerforum: «fire ganger i året», 1 har dato i 2026

Dei neste breva
- tysdag 1. desember 2026: 12 brev
- tysdag 8. desember 2026: 1 brev

Sendt sidan sist
- tysdag 17. november til Styret <styret@example.no>: Påminning: Styremøte –
  fredag 11. desember 2026

-- \n\
Du får dette brevet fordi du står som «coordinator» i config.toml. Det neste
kjem tysdag 1. desember 2026. Kjem det ikkje, er noko gale: køyr «arshjul
doctor».
- Blir sendt tysdag 24. november fordi prove/innspill/2026 → «Q4» → frist
  tysdag 15. desember 2026 → 20 virkedagar før → hovudansvarleg:
  Delregionene: Ordførerne → Nordregionen.
- Du er koordinator. Datoen skulle vore kunngjord innan måndag 16. november
  2026.
Prøverådet
"""

ENGLISH = """\
The annual plan is alive. 1 letter has been sent since Tuesday 17 November
2026, 1 is uncertain and 2 are waiting in the outbox.

Sending is paused: 421 4.3.2 Service not available

The secret for logging in to the mail server expires in 7 days, on Tuesday 1
December 2026. Create a new one before then.

Letters that are uncertain or did not arrive
Please check with the recipient; “arshjul outbox list” shows them.
- Tuesday 17 November to Valgkomiteen <valg@example.no>: Reminder:
  Innstilling – Tuesday 1 December 2026 – rejected (550 5.1.1)
- Tuesday 17 November to Nordregionen <nordregionen@example.no>: Reminder:
  Styremøte – Friday 11 December 2026 – uncertain

Your own items this week

1. Due Tuesday 15 December 2026 (tentative): Innspill til statsbudsjettet
   In 15 working days. You are mainly responsible.
   Period: 1 October–15 December 2026
   Responsible: Delregionene (mainly responsible) and Sekretariatet
   Contributing: Kommunene and Faggruppene
   Calendar: Prøvekalenderen
   Note: Bruk malen fra i fjor.
   Send utkast til sekretariatet først.
   Source:
   https://www.example.no/innspill

Dates that should be confirmed

2. Thursday 4 February 2027 (tentative): Confirm the date: Årsmøtet
   In 50 working days.
   Calendar: Prøvekalenderen
   Note: Once it has been announced, enter it with “arshjul confirm”.
   Source:
   https://www.example.no/arsmote

Deadlines that passed without anybody being told
They were close when the service started, were entered too late, or the
letter did not arrive. Please call those concerned.
- Monday 23 November 2026: Regnskapet sendes – Sekretariatet

Past the deadline and not reported done
Those responsible have been reminded once. Please call them, and report what
is done with “arshjul done KEY”.
- Friday 20 November 2026: Årsrapporten sendes medlemmene – Delregionene
  (prove/rapport/2026)

Dates that should have been announced
Look them up, and write them in with “arshjul confirm”.
- Toppforum: Thursday 4 February 2027 (tentative), should have been
  announced by Monday 16 November 2026

Roles without a recipient
Nobody gets letters for these. Please enter who it is in the calendar file.
- Regionkoordinator: Nordregionen (Prøvekalenderen)

Have said no to letters
The tasks are still theirs. Agree on how they learn of the deadlines, or
write in another recipient.
- Nordregionen <nordregionen@example.no>, since Tuesday 17 November 2026

Nobody gets a letter about this
All recipients have said no to letters. Write another into the calendar
file, or phone them.
- Tuesday 1 December 2026: Innspill – Nordregionen

Numbers that do not add up
The plan says how many there should be; this is how many have a date.
- Ordførerforum: “fire ganger i året”, 1 with a date in 2026

The next letters
- Tuesday 1 December 2026: 12 letters
- Tuesday 8 December 2026: 1 letter

Sent since the last time
- Tuesday 17 November to Styret <styret@example.no>: Reminder: Styremøte –
  Friday 11 December 2026

-- \n\
You get this letter because you are named as “coordinator” in config.toml.
The next comes on Tuesday 1 December 2026. If it does not, something is
wrong: run “arshjul doctor”.
- Sent on Tuesday 24 November because prove/innspill/2026 → “Q4” → due
  Tuesday 15 December 2026 → 20 working days before → mainly responsible:
  Delregionene: Ordførerne → Nordregionen.
- You are the coordinator. The date should have been announced by Monday 16
  November 2026.
Prøverådet
"""


@pytest.mark.parametrize(("language", "text"), [("nb", BOKMAL), ("nn", NYNORSK), ("en", ENGLISH)])
def test_overview_is_in_one_language_from_the_first_line_to_the_last(language: str, text: str) -> None:
    assert DRAFTS[f"overview-own-{language}"].text == text


def test_subject_of_the_overview_counts_in_its_language() -> None:
    assert {name: draft.subject for name, draft in DRAFTS.items() if name.startswith("overview")} == {
        "overview-nb": "Årshjulet lever – tirsdag 24. november: 1 sendt, 2 må følges opp",
        "overview-own-nb": "Årshjulet lever – tirsdag 24. november: 1 sendt, 2 må følges opp",
        "overview-quiet-nb": "Årshjulet lever – tirsdag 24. november: 0 sendt",
        "overview-nn": "Årshjulet lever – tysdag 24. november: 1 sendt, 2 må følgjast opp",
        "overview-own-nn": "Årshjulet lever – tysdag 24. november: 1 sendt, 2 må følgjast opp",
        "overview-quiet-nn": "Årshjulet lever – tysdag 24. november: 0 sende",
        "overview-en": "The annual plan is alive – Tuesday 24 November: 1 sent, 2 to follow up",
        "overview-own-en": "The annual plan is alive – Tuesday 24 November: 1 sent, 2 to follow up",
        "overview-quiet-en": "The annual plan is alive – Tuesday 24 November: 0 sent",
    }


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("nb", "0 brev er sendt siden tirsdag 17. november 2026, 0 er usikre og 0 venter i utboksen."),
        ("nn", "0 brev er sende sidan tysdag 17. november 2026, 0 er usikre og 0 ventar i utboksen."),
        (
            "en",
            "0 letters have been sent since Tuesday 17 November 2026, 0 are uncertain and 0 are waiting in the outbox.",
        ),
    ],
)
def test_week_in_which_nothing_needs_a_person_says_so(language: str, said: str) -> None:
    first, well, *_ = DRAFTS[f"overview-quiet-{language}"].text.split("\n\n")

    say = OVERVIEW[language]
    assert [" ".join(first.split()), well] == [f"{say['overview']}. {said}", say["all_well"]]


@pytest.mark.parametrize("name", [name for name in DRAFTS if re.match("(overview-(quiet-)?|urgent-)..$", name)])
def test_html_part_of_the_overview_says_the_same_in_the_same_order(name: str) -> None:
    body = DRAFTS[name].html.partition("<body")[2].partition(">")[2]
    shown = unescape(re.sub("<[^>]*>", " ", body))

    assert words(shown) == words(DRAFTS[name].text)


def words(text: str) -> list[str]:
    return re.findall(r"[\w@/]+", text)


def test_own_template_in_a_folder_of_a_language_wins_for_that_language_only(tmp_path: Path) -> None:
    (tmp_path / "email" / "nn").mkdir(parents=True)
    own = "Veka i {{ head.name }}: {{ tally }}, {{ post.waiting }} {{ say.state_queued }}"
    (tmp_path / "email" / "nn" / "overview-subject.txt").write_text(own, encoding="utf-8")

    drafts = dict(sample_drafts(Templates([tmp_path]), HEAD))

    assert drafts["overview-nn"].subject == "Veka i Prøverådet: 1 sendt, 2 må følgjast opp, 2 ventar"
    assert [drafts[name].subject for name in ("overview-nb", "overview-en")] == [
        DRAFTS[name].subject for name in ("overview-nb", "overview-en")
    ]
