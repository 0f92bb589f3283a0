"""Phrases that are easily read wrong: what they say for 2027, or that they say nothing sure and are left unread."""

from __future__ import annotations

import pytest

from arshjul.timing.answer import answer
from arshjul.timing.describe import describe
from arshjul.timing.phrases import read, read_condition, read_offset

YEAR = 2027
Days = tuple[str | None, str | None, str | None]
"""First day, last day, deadline."""


def days_of(phrase: str) -> Days:
    """Return the days without their year where it is 2027."""
    said = answer(phrase, YEAR)
    first, last, deadline = (str(said[key]).removeprefix("2027-") for key in ("start", "end", "deadline"))
    return tuple(None if day == "None" else day for day in (first, last, deadline))  # type: ignore[return-value]  # always three


def start(day: str) -> Days:
    return day, None, None


def due(day: str) -> Days:
    return None, None, day


def window(first: str, last: str) -> Days:
    return first, last, last


def day(day: str) -> Days:
    return window(day, day)


UNDATED: Days = (None, None, None)


@pytest.mark.parametrize(
    ("phrase", "reading", "days"),
    [
        # Not before, not after
        ("ikke før 1. mars", "fra 1. mars", start("03-01")),
        ("ikkje før 1. mars", "fra 1. mars", start("03-01")),
        ("ikke tidligere enn 1. mars", "fra 1. mars", start("03-01")),
        ("tidligst 1. mars", "fra 1. mars", start("03-01")),
        ("tidlegast 1. mars", "fra 1. mars", start("03-01")),
        ("ikke seinare enn 1. mars", "innen 1. mars", due("03-01")),
        ("ikkje senere enn 1. mars", "innen 1. mars", due("03-01")),
        ("ikke etter 1. mars", "innen 1. mars", due("03-01")),
        ("1. mars senest", "innen 1. mars", due("03-01")),
        ("tidligst 3 uker før årsmøtet", "fra 3 uker før årsmøtet", UNDATED),
        ("fra 1. mars", "fra 1. mars", start("03-01")),
        ("fra og med mars", "fra mars", start("03-01")),
        ("fra 1. mars til 1. april", "1. mars–1. april", window("03-01", "04-01")),
        ("løpende fra 1. mars", "løpende fra 1. mars", start("03-01")),
        ("løpande frå mars", "løpende fra mars", start("03-01")),
        ("1. mars, ikke 8. mars", "1. mars", day("03-01")),
        ("hver måned, ikke juli", "hver måned unntatt juli", UNDATED),
        ("hver uke (ikke i juli)", "hver uke unntatt juli", UNDATED),
        # Moved
        ("flyttet fra 12. mars til 19. mars", "19. mars", day("03-19")),
        ("flytta frå 12. til 19. mars", "19. mars", day("03-19")),
        ("møtet 12. mars er flyttet til 19. mars kl. 10", "19. mars kl. 10:00", day("03-19")),
        ("utsatt til mars", "mars", window("03-01", "03-31")),
        ("1. mars (utsatt til 8. mars)", "8. mars", day("03-08")),
        # Ordinals
        ("første mars", "1. mars", day("03-01")),
        ("tjueførste april", "21. april", day("04-21")),
        ("den første juni", "1. juni", day("06-01")),
        ("tredje mars", "3. mars", day("03-03")),
        ("femtende juni", "15. juni", day("06-15")),
        ("den enogtyvende mars", "21. mars", day("03-21")),
        ("attande til tjuande april", "18.–20. april", window("04-18", "04-20")),
        ("den 25. i april", "25. april", day("04-25")),
        ("den siste i mars", "utgangen av mars", day("03-31")),
        ("tredje siste virkedag i mars", "tredje siste virkedag i mars", day("03-24")),
        ("fjerde siste dag i mars", "fjerde siste dag i mars", day("03-28")),
        ("andre dag påske", "2. påskedag", day("03-29")),
        ("2. dag pinse", "2. pinsedag", day("05-17")),
        ("lille julaften", "lille julaften", day("12-23")),
        ("første i måneden", "den 1. i hver måned", UNDATED),
        ("den siste i hver måned", "siste dag i hver måned", UNDATED),
        ("hver 1. og 15. i måneden", "den 1. og 15. i hver måned", UNDATED),
        # Halves and parts
        ("2. halvdel av mars", "andre halvdel av mars", window("03-16", "03-31")),
        ("første halvdel av mars", "første halvdel av mars", window("03-01", "03-15")),
        ("første halvdel av 2027", "første halvdel av 2027", window("01-01", "06-30")),
        ("andre halvdel av året", "andre halvdel av året", window("07-01", "12-31")),
        ("halve året", "første halvdel av året", window("01-01", "06-30")),
        ("sein vår", "slutten av våren", window("05-09", "05-31")),
        ("1. og 3. kvartal", "1. kvartal og 3. kvartal", window("01-01", "09-30")),
        # Meetings
        ("innen styremøtet i september", "innen styremøtet i september", UNDATED),
        ("innan styremøtet i juni", "innen styremøtet i juni", UNDATED),
        ("innen andre styremøte", "innen andre styremøte", UNDATED),
        ("innen landsmøtet 12. mars", "innen 12. mars", due("03-12")),
        # Rhythms
        ("anna kvar veke", "annenhver uke", UNDATED),
        ("annakvar månad", "annenhver måned", UNDATED),
        ("annet hvert år", "hvert 2. år", UNDATED),
        ("hver tirsdag i september og oktober", "hver tirsdag, september–oktober", window("09-01", "10-31")),
        ("hvert annet år fra 2028", "hvert 2. år, neste gang 2028", UNDATED),
        # Brackets
        ("mars/april (uke 12)", "uke 12", window("03-22", "03-28")),
        ("våren (april eller mai)", "april–mai", window("04-01", "05-31")),
        ("1. mars (uke 9)", "1. mars", day("03-01")),
        ("1. mars (kl. 10)", "1. mars kl. 10:00", day("03-01")),
        ("mars (tentativt)", "mars", window("03-01", "03-31")),
        # Clocks and years
        ("10. mars kl. 24", "10. mars kl. 23:59", day("03-10")),
        ("1. mars kl. 18–24", "1. mars kl. 18:00–00:00", day("03-01")),
        ("1. mars kl. 12:00–1. mars kl. 16", "1. mars kl. 12:00–16:00", day("03-01")),
        ("1. mars før kl. 12", "innen 1. mars kl. 12:00", due("03-01")),
        ("2027-03-11T10:00:00", "11. mars 2027 kl. 10:00", day("03-11")),
        ("2027-W12", "uke 12 2027", window("03-22", "03-28")),
        ("onsdag 3. mars 2027", "3. mars 2027", day("03-03")),
        ("tirsdag 3. mars", "3. mars", day("03-03")),
        ("2027: 1. mars", "1. mars 2027", day("03-01")),
        ("1. mars i 2028", "1. mars 2028", day("2028-03-01")),
    ],
)
def test_phrase_says_what_it_says(phrase: str, reading: str, days: Days) -> None:
    assert (answer(phrase, YEAR)["reading"], days_of(phrase)) == (reading, days)


@pytest.mark.parametrize(
    "phrase",
    [
        # Denied, doubted, moved away
        *("ikke 1. mars", "ikkje i mars", "møtet er ikke 1. mars", "1. mars passer ikke", "ikke hver uke"),
        *("avlyst 12. mars", "1. mars (avlyst)", "1. mars utgår", "1. mars kanselleres", "ingen møter i juli"),
        *("1. mars (utsatt)", "utsatt til etter påske", "flyttet fra mars", "utsatt inntil videre"),
        *("kanskje 1. mars", "eventuelt 1. mars", "mars (evt. april)", "mars (eller april)", "1. mars eller senere"),
        *("verken 1. eller 2. mars", "enten mars eller april", "forrige 1. mars", "1. mars i fjor"),
        "1. mars, hvis helligdag flyttes til 2. mars",
        # Two sides, or the middle
        *(
            "før/etter 1. mars",
            "etter påske og før 17. mai",
            "mellom styremøtene",
            "i forkant eller etterkant av møtet",
        ),
        *("minst en gang før påske", "hver mandag før 1. mars", "fra årsmøtet til jul", "ikke før uke 12–14"),
        "innen regnskapet i mars",
        # Counted, and what is counted is not known
        *("hvert andre styremøte", "første uke i hvert kvartal", "andre uke i hver måned", "tredje dag jul"),
        *("1. eller 3. kvartal", "siste mars", "den femtende", "neste styremøte", "trettiførste april", "31. april"),
        *("17. mai-uka", "17. mai-helgen", "1. mars + 3 dager", "to timer før møtet"),
        *("tirsdag i uken etter statsbudsjettet", "tirsdag 6 til 8 dager etter statsbudsjettet"),
        # Years that the reading could not keep
        *("hvert år fra 2028", "årlig til 2030", "hvert år i mars fra 2028", "1. mars, neste gang i 2028"),
        # Rhythms and stretches that the reading could not cut
        *("hver tirsdag i mars og oktober", "oftere enn hver måned", "inntil 4 ganger i året", "hver uke fra årsmøtet"),
        *("2. halvår unntatt juli", "mars–april, men ikke i påsken", "løpende til 1. mars", "natt til 7. april"),
        # Clocks
        *("midnatt 1. mars", "1. mars kl. halv ni", "1. mars kl. kvart over ti", "1. mars kl. 25", "kl. 10 og kl. 14"),
        *(
            "1. mars kl. 10 eller 12",
            "1. mars kl. 7 om kvelden",
            "2027-03-11T10:00:00Z",
            "1. mars kl. 12 – 2. mars kl. 16",
        ),
        # What can never be
        *("tirsdag 3. mars 2027", "tysdag den tredje mars 2027", "tirsdag 2027-03-03", "tirsdag 3.3.27"),
        *("mandag 1. og onsdag 2. mars 2027", "1. mars 2027–1. mars 2026", "2027-03-12/2027-03-11"),
        *(
            "uke 53 2027",
            "2027: uke 53",
            "2027: tirsdag 3. mars",
            "tirsdag i uke 53 2027",
            "29. februar 2027",
            "1. mars (uke 30)",
            "mars (1. april)",
        ),
    ],
)
def test_phrase_that_says_nothing_sure_is_left_unread(phrase: str) -> None:
    assert read(phrase) is None


@pytest.mark.parametrize(
    "phrase",
    [
        "9" * 5000,
        "(" * 400 + "1. mars" + ")" * 400,
        "([" * 200 + "mars eller juli",
        "kl. " + "9" * 300,
        "999 år før jul",
    ],
)
def test_absurd_text_is_left_unread(phrase: str) -> None:
    assert (read(phrase), read_condition(phrase), read_offset(phrase)) == (None, None, None)


@pytest.mark.parametrize(
    "phrase",
    [
        *("løpende fra 1. mars", "innen styremøtet i september", "innen årsmøte", "tredje siste virkedag i mars"),
        *("innen mars årsmøte", "fjerde siste dag i mars", "2027: slutten av mars", "tidligst 3 uker før årsmøtet"),
        *("1. og 3. tertial", "lille julaften", "den 1. og 15. i måneden", "10. mars kl. 24"),
    ],
)
def test_reading_says_itself_and_is_read_back(phrase: str) -> None:
    cadence = read(phrase)
    assert cadence is not None

    assert read(describe(cadence)) == cadence
