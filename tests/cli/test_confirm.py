from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from arshjul.cli.confirm import waiting_text
from arshjul.loading import load
from arshjul.year.awaited import dates_to_confirm
from tests.clock import main
from tests.conftest import only_political
from tests.files_of import TODAY_OF_FILES

FILE = "calendars/politisk-aar.toml"
SOURCE = ["--source", "https://example.no/a"]


@pytest.fixture
def site(whole_site: Path) -> Path:
    """The shipped files, and of the calendars only the one that is written to."""
    return only_political(whole_site)


def run(site: Path, *arguments: str) -> int:
    return main(["-C", str(site), "confirm", *arguments])


def test_list_says_what_is_computed_where_to_look_and_what_to_type(site: Path) -> None:
    waiting = dates_to_confirm(load(site, TODAY_OF_FILES).catalogue, date(2026, 11, 20))

    assert (
        waiting_text(waiting)
        == """\
Én dato er foreløpig, men skulle vært kunngjort nå.

Kommune- og fylkestingsvalg
    Nå står det:  mandag 13. september 2027 (etter regelen «andre mandag i september»)
    Ventet:       kunngjort innen onsdag 13. mai 2026
    Se etter her: https://www.valg.no/nn-no/aktuelt/aktuelle-saker/valdagen-er-fastset/
    Merk:         Dagen fastsettes i statsråd våren året før; vedtaket for 2027 er ikke funnet. \
Noen kommuner holder valg også søndagen før.
    Skriv så:     arshjul confirm politisk-aar/kommune-og-fylkestingsvalg/2027 DATO --source ADRESSE"""
    )


def test_list_without_dates_says_so() -> None:
    assert waiting_text(()) == "Ingen datoer venter på å bli bekreftet."


def test_date_is_written_and_the_year_shows_it(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    may = ["agenda", "--calendar", "politisk-aar", "--from", "2027-05-11", "--to", "2027-05-11"]

    code = run(site, "politisk-aar/rnb/2027", "2027-05-11", *SOURCE, "--time", "11.00")
    said = capsys.readouterr().out
    main(["-C", str(site), *may])

    assert code == 0
    assert said == (
        "Skrevet i calendars/politisk-aar.toml.\n"
        "Revidert nasjonalbudsjett legges frem: tirsdag 11. mai 2027 kl. 11.00, bekreftet.\n"
        "Før: 11.–13. mai 2027, foreløpig.\n"
    )
    assert "● tir 11.     Revidert nasjonalbudsjett legges frem kl. 11.00" in capsys.readouterr().out


def test_date_without_a_source_is_said_to_be_typed_in(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(site, "politisk-aar/rnb/2027", "2027-05-11", "--checked", "2026-11-20")
    said = capsys.readouterr().out

    assert code == 0
    assert said == (
        "Skrevet i calendars/politisk-aar.toml.\n"
        "Revidert nasjonalbudsjett legges frem: tirsdag 11. mai 2027, foreløpig: skrevet inn, uten kilde.\n"
        "Før: 11.–13. mai 2027, foreløpig.\n"
        "Den blir bekreftet av sin egen kilde: arshjul confirm politisk-aar/rnb/2027 DATO --source ADRESSE\n"
    )
    line = 'announced.2027 = { date = "2027-05-11", checked = "2026-11-20" }'
    assert line in (site / FILE).read_text(encoding="utf-8").splitlines()
    assert run(site, "politisk-aar/rnb/2027", "2027-05-11", *SOURCE) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        "Revidert nasjonalbudsjett legges frem: tirsdag 11. mai 2027, bekreftet.",
        "Før: tirsdag 11. mai 2027, foreløpig: skrevet inn, uten kilde.",
    ]


def test_date_without_a_source_stays_on_the_list(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(site, "politisk-aar/kommune-og-fylkestingsvalg/2027", "2027-09-13")

    waiting = dates_to_confirm(load(site, TODAY_OF_FILES).catalogue, date(2026, 11, 20))
    assert [one.key for one in waiting] == ["politisk-aar/kommune-og-fylkestingsvalg/2027"]


def test_source_stays_with_the_day_and_confirms_no_other(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(site, "politisk-aar/rnb/2027", "2027-05-11", *SOURCE)
    run(site, "politisk-aar/rnb/2027", "2027-05-11", "--time", "11.00")
    same_day = capsys.readouterr().out
    run(site, "politisk-aar/rnb/2027", "2027-05-12")
    moved = capsys.readouterr().out

    assert "tirsdag 11. mai 2027 kl. 11.00, bekreftet.\n" in same_day
    assert "onsdag 12. mai 2027, foreløpig: skrevet inn, uten kilde.\nFør: tirsdag 11. mai 2027" in moved


def test_confirmed_date_leaves_the_list(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(site, "politisk-aar/kommune-og-fylkestingsvalg/2027", "2027-09-13", *SOURCE)

    assert dates_to_confirm(load(site, TODAY_OF_FILES).catalogue, date(2026, 11, 20)) == ()


def test_range_of_days_is_taken_in(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(site, "politisk-aar/arendalsuka/2027", "2027-08-16/2027-08-20", *SOURCE, "--checked", "2026-11-20") == 0

    line = (
        'announced.2027 = { date = "2027-08-16/2027-08-20", source = "https://example.no/a", checked = "2026-11-20" }'
    )
    assert line in (site / FILE).read_text(encoding="utf-8").splitlines()


def test_known_time_stays_with_the_day_and_goes_when_it_moves(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(site, "politisk-aar/rnb/2027", "2027-05-11", *SOURCE, "--time", "11.00–12.30")
    run(site, "politisk-aar/rnb/2027", "2027-05-11", "--source", "https://example.no/b")
    same_day = (site / FILE).read_text(encoding="utf-8")
    run(site, "politisk-aar/rnb/2027", "2027-05-13", *SOURCE)
    moved = (site / FILE).read_text(encoding="utf-8")

    assert 'date = "2027-05-11", time = "11:00/12:30", source = "https://example.no/b"' in same_day
    assert 'date = "2027-05-13", source = "https://example.no/a"' in moved


def test_year_that_the_rule_passes_over_may_be_announced(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(site, "politisk-aar/ntp/2029", "2029-03-20", *SOURCE) == 0
    assert "Regelen gir ingen dato for 2029; datoen står nå likevel." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["politisk-aar/rnv/2027", "2027-05-11", *SOURCE],
            "Nøkkelen «politisk-aar/rnv/2027» finnes ikke. Mente du «politisk-aar/rnb/2027»?",
        ),
        (
            ["xyz", "2027-05-11", *SOURCE],
            "Nøkkelen «xyz» finnes ikke. «arshjul agenda --json» viser alle nøkler.",
        ),
        (
            ["politisk-aar/rnb", "2027-05-11", *SOURCE],
            "Nøkkelen «politisk-aar/rnb» mangler perioden: politisk-aar/rnb/2027.",
        ),
        (
            ["politisk-aar/rnb/2027-05", "2027-05-11", *SOURCE],
            "Nøkkelen «politisk-aar/rnb/2027-05» finnes ikke. Mente du en av disse? politisk-aar/rnb/2027",
        ),
        (
            ["politisk-aar/rnb/2072", "2027-05-11", *SOURCE],
            "tirsdag 11. mai 2027 ligger langt fra 2072. Er året riktig?",
        ),
        (
            ["politisk-aar/rnb/2027"],
            "Skriv også datoen: arshjul confirm politisk-aar/rnb/2027 DATO --source ADRESSE",
        ),
    ],
)
def test_wrong_use_is_said_and_nothing_is_written(
    site: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert_refused(site, capsys, arguments, said)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["osloregionen/1.2/2026-09", "2026-09-09", *SOURCE],
            "«1.2» er et tiltak. Når det skal gjøres, står i planen: endre timing i kalenderfilen.",
        ),
        (
            ["osloregionen/styremote.papirer/2026-09", "2026-09-09", *SOURCE],
            "«styremote.papirer» følger «styremote». Bekreft osloregionen/styremote/2026-09 i stedet.",
        ),
    ],
)
def test_date_that_follows_from_something_else_is_not_written(
    whole_site: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert_refused(whole_site, capsys, arguments, said)


def assert_refused(site: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str) -> None:
    before = {path: path.read_bytes() for path in (site / "calendars").iterdir()}

    assert run(site, *arguments) == 2
    assert capsys.readouterr().err == f"{said}\n"
    assert {path: path.read_bytes() for path in (site / "calendars").iterdir()} == before


def test_date_that_the_rule_cannot_give_is_written_only_with_a_reason(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (site / FILE).read_bytes()
    checked = ["--checked", "2026-11-20"]

    code = run(site, "politisk-aar/rnb/2027", "2027-03-11", *SOURCE, *checked)
    said = capsys.readouterr().err

    assert (code, (site / FILE).read_bytes()) == (1, before)
    assert "«rnb» 2027: torsdag 11. mars 2027 er ikke i mai, der regelen legger den.\n" in said
    assert '--even-so "…"' in said
    assert run(site, "politisk-aar/rnb/2027", "2027-03-11", *SOURCE, *checked, "--even-so", "valg i mai") == 0
    line = (
        'announced.2027 = { date = "2027-03-11", source = "https://example.no/a", checked = "2026-11-20", '
        'unusual = "valg i mai" }'
    )
    assert line in (site / FILE).read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(
    ("key", "days"),
    [("politisk-aar/statsbudsjett/2027", "2026-10-07"), ("politisk-aar/statsbudsjett/2028", "2027-10-07")],
)
def test_year_that_is_one_off_is_refused(site: Path, capsys: pytest.CaptureFixture[str], key: str, days: str) -> None:
    before = (site / FILE).read_bytes()

    assert run(site, key, days, *SOURCE, "--checked", "2026-11-20") == 1
    assert f" er ikke i {key[-4:]}, der regelen har perioden {key[-4:]}.\n" in capsys.readouterr().err
    assert (site / FILE).read_bytes() == before


def test_date_against_the_law_is_refused(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (site / FILE).read_bytes()

    assert run(site, "politisk-aar/rnb/2027", "2027-05-20", *SOURCE) == 1
    assert capsys.readouterr().err.endswith("\n\nIngenting er skrevet.\n")
    assert (site / FILE).read_bytes() == before


@pytest.mark.parametrize(
    ("date_text", "said"),
    [
        ("2027-13-01", "«2027-13-01» er ingen dato; skriv 2027-01-31"),
        ("2026-08-14/2026-08-10", "«2026-08-14/2026-08-10» slutter før det begynner"),
    ],
)
def test_date_that_is_none_is_refused(
    site: Path, capsys: pytest.CaptureFixture[str], date_text: str, said: str
) -> None:
    with pytest.raises(SystemExit):
        run(site, "politisk-aar/rnb/2027", date_text, *SOURCE)

    assert said in capsys.readouterr().err
