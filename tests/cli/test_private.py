"""What the program remembers is for its owner alone, whatever the umask; what was made wider before is told of."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from arshjul.loading import keep, load
from arshjul.service.parts import store_of
from arshjul.store import queue
from tests.cli.test_commands import run
from tests.files_of import TODAY_OF_FILES
from tests.sample_letters import NOW, queued
from tests.small_site import write_site

AT = "2026-11-24T08:01"


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=["000", "022", "077"])
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    """The umask of whoever starts the program."""
    before = os.umask(request.param)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, str]:
    """Return the mode of each file and folder, by its path."""
    found = [folder, *folder.rglob("*")]
    return {str(path.relative_to(folder.parent)): f"{stat.S_IMODE(path.stat().st_mode):o}" for path in found}


def site_with_a_letter(folder: Path) -> Path:
    """A site that has sent a letter into its Maildir, and keeps copies of its files."""
    write_site(folder)
    organisation = load(folder, TODAY_OF_FILES)
    keep(organisation)
    with closing(store_of(organisation.settings)) as store:
        queue.queue(store, [queued(1)], NOW)
    assert run(folder, "send", "--at", AT) == 0
    return folder


@pytest.mark.usefixtures("umask")
def test_everything_in_var_is_for_its_owner_alone(tmp_path: Path) -> None:
    site = site_with_a_letter(tmp_path / "site")

    with closing(store_of(load(site, TODAY_OF_FILES).settings)):  # so that what SQLite puts beside it is there
        found = modes(site / "var")

    folders = {path for path in found if (site / path).is_dir()}
    assert {path: mode for path, mode in found.items() if mode != ("700" if path in folders else "600")} == {}
    assert {"var", "var/mail/new", "var/last-good"} <= folders
    assert {"var/arshjul.db", "var/arshjul.db-wal", "var/arshjul.db-shm", "var/arshjul.db.epoch"} <= set(found)
    assert {"var/arshjul.db.accepted", "var/arshjul.db.sender", "var/last-good/config.toml"} <= set(found)
    assert sum(path.startswith("var/mail/new/") for path in found) == 1


def test_database_that_was_wider_is_narrowed_and_its_folder_is_left_to_a_person(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = site_with_a_letter(tmp_path / "site")
    (letter,) = (site / "var" / "mail" / "new").iterdir()
    for path, mode in ((site / "var", 0o755), (site / "var" / "arshjul.db", 0o644), (letter, 0o640)):
        path.chmod(mode)
    capsys.readouterr()

    run(site, "doctor")

    assert stat.S_IMODE((site / "var" / "arshjul.db").stat().st_mode) == 0o600
    assert (
        f"✗ Andre på maskinen kan lese «{site}/var», «{letter}». Der står navn, adresser og brev.\n"
        f"    Spør eller gjør: Kjør: chmod -R go-rwx {site}/var\n" in capsys.readouterr().out
    )

    for path in (site / "var", letter):
        path.chmod(path.stat().st_mode & ~0o077)
    run(site, "doctor")
    assert "✓ Ingen andre på maskinen kan lese det programmet husker.\n" in capsys.readouterr().out


def test_database_and_maildir_elsewhere_are_looked_at_and_nothing_else_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site, data, mail = tmp_path / "site", tmp_path / "data", tmp_path / "min post"
    write_site(site)
    data.mkdir(mode=0o755)
    (data / "noe annet").write_text("", encoding="utf-8")
    config = site / "config.toml"
    more = f'[store]\nurl = "sqlite:///{data}/a.db"\n[mail]\nmaildir = "{mail}"\n'
    config.write_text(config.read_text(encoding="utf-8") + more, encoding="utf-8")
    assert run(site, "send", "--at", AT) == 0
    mail.mkdir(mode=0o755)
    (data / "a.db.epoch").write_text("0\n", encoding="ascii")
    (data / "a.db.epoch").chmod(0o604)
    mail.chmod(0o750)
    capsys.readouterr()

    run(site, "doctor")

    assert (
        f"✗ Andre på maskinen kan lese «{data}/a.db.epoch», «{mail}». Der står navn, adresser og brev.\n"
        f"    Spør eller gjør: Kjør: chmod -R go-rwx {data}/a.db.epoch '{mail}'\n" in capsys.readouterr().out
    )


def test_link_out_of_the_folder_is_not_followed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = site_with_a_letter(tmp_path / "site")
    outside = tmp_path / "utenfor"
    outside.mkdir(mode=0o755)
    (site / "var" / "lenke").symlink_to(outside)
    capsys.readouterr()
    run(site, "doctor")
    assert "✓ Ingen andre på maskinen kan lese det programmet husker.\n" in capsys.readouterr().out
