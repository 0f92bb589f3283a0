from __future__ import annotations

import stat
from datetime import date
from pathlib import Path

import pytest

from arshjul.cli.confirm import NewDate, announce
from arshjul.disk import ChangedMeanwhileError, replace_file
from arshjul.loading import load
from arshjul.plan.model import Announcement, Catalogue, Item
from arshjul.timing.days import Span, Status
from arshjul.year.dating import Dating
from tests.conftest import only_political
from tests.files_of import TODAY_OF_FILES

NAME = "calendars/politisk-aar.toml"


@pytest.fixture
def site(whole_site: Path) -> Path:
    """The shipped files, and of the calendars only the one that is written to."""
    return only_political(whole_site)


def rnb(catalogue: Catalogue) -> Item:
    return next(item for item in catalogue.calendars["politisk-aar"].items if item.id == "rnb")


def may(day: int, source: str = "https://example.no/rnb") -> Announcement:
    return Announcement(Span.of(date(2027, 5, day)), source=source, checked=date(2026, 11, 20))


def announce_rnb(site: Path, announcement: Announcement) -> tuple[Catalogue, list[str]]:
    catalogue = load(site, TODAY_OF_FILES).catalogue
    changed, problems = announce(site / NAME, NewDate(rnb(catalogue), "2027", announcement), catalogue, TODAY_OF_FILES)
    return changed, [str(problem) for problem in problems]


def test_announced_date_is_one_line_more_in_the_file(site: Path) -> None:
    before = (site / NAME).read_text(encoding="utf-8").splitlines()

    changed, problems = announce_rnb(site, may(11))

    after = (site / NAME).read_text(encoding="utf-8").splitlines()
    at = next(number for number, (old, new) in enumerate(zip(before, after, strict=False)) if old != new)
    assert problems == []
    assert after[at] == (
        'announced.2027 = { date = "2027-05-11", source = "https://example.no/rnb", checked = "2026-11-20" }'
    )
    assert before == after[:at] + after[at + 1 :]
    assert before[at - 1].startswith("announced.2025 = ")
    assert load(site, TODAY_OF_FILES).problems == ()
    assert load(site, TODAY_OF_FILES).catalogue == changed


def test_announced_date_is_confirmed_in_the_catalogue_that_comes_back(site: Path) -> None:
    changed, _ = announce_rnb(site, may(11))

    dated = {one.turn.period: one for one in Dating(changed, Span.of(date(2027, 5, 11))).dated(rnb(changed))}

    assert (dated["2027"].turn.days, dated["2027"].status) == (Span.of(date(2027, 5, 11)), Status.CONFIRMED)


def test_date_after_the_legal_limit_is_not_written(site: Path) -> None:
    before = (site / NAME).read_bytes()

    catalogue, problems = announce_rnb(site, may(20))

    assert len(problems) == 1
    assert problems[0].endswith(
        "«rnb» 2027 (20. mai 2027) er etter lovens frist 15. mai 2027.\n    Loven: senest 15. mai."
    )
    assert (site / NAME).read_bytes() == before
    assert catalogue == load(site, TODAY_OF_FILES).catalogue


def test_file_that_is_built_otherwise_is_left_alone_and_the_line_is_said(tmp_path: Path) -> None:
    (tmp_path / "calendars").mkdir()
    text = """\
calendar = { id = "politisk-aar", name = "P" }
event = [ { id = "rnb", title = "RNB", when = "15. mai" } ]
"""
    (tmp_path / NAME).write_text(text, encoding="utf-8")
    (tmp_path / "config.toml").write_text("[site]\n")

    _, problems = announce_rnb(tmp_path, may(11))

    assert problems[-1] == (
        "calendars/politisk-aar.toml:2:11: Datoen kan ikke skrives inn i «rnb» slik bolken står.\n"
        '    Skriv den selv: announced.2027 = { date = "2027-05-11", source = "https://example.no/rnb", '
        'checked = "2026-11-20" }'
    )
    assert (tmp_path / NAME).read_text(encoding="utf-8") == text


def test_windows_file_keeps_its_mark_line_ends_mode_and_link(site: Path) -> None:
    elsewhere = site / "elsewhere.toml"
    data = b"\xef\xbb\xbf" + (site / NAME).read_bytes().replace(b"\n", b"\r\n")
    elsewhere.write_bytes(data)
    elsewhere.chmod(0o640)
    (site / NAME).unlink()
    (site / NAME).symlink_to(elsewhere)

    _, problems = announce_rnb(site, may(11))

    new = elsewhere.read_bytes()
    assert problems == []
    assert new.startswith(b"\xef\xbb\xbf#")
    assert new.count(b"\r\n") == new.count(b"\n") == data.count(b"\n") + 1
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o640
    assert (site / NAME).is_symlink()


def test_what_somebody_saved_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(b"theirs")

    with pytest.raises(ChangedMeanwhileError):
        replace_file(path, b"ours, as we read it", b"ours")

    assert path.read_bytes() == b"theirs"
    assert list(tmp_path.iterdir()) == [path]


def test_file_is_replaced_whole_and_no_draft_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(b"old")

    replace_file(path, b"old", b"new")

    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_file_that_is_gone_is_a_problem_and_no_traceback(site: Path) -> None:
    catalogue = load(site, TODAY_OF_FILES).catalogue
    (site / NAME).unlink()

    _, problems = announce(site / NAME, NewDate(rnb(catalogue), "2027", may(11)), catalogue, TODAY_OF_FILES)

    assert [problem.message for problem in problems] == ["Filen kan ikke endres: den finnes ikke."]
