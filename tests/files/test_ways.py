"""In which folders a change can be one of the site's files, over links too, and where it is still to come."""

from __future__ import annotations

from pathlib import Path

from arshjul.plan.files import ANY, MOST_LINKS, Ways, ways_to


def ways(folder: Path) -> Ways:
    return ways_to([folder / "config.toml", *sorted((folder / "calendars").glob("*.toml"))], folder / "calendars")


def test_files_and_all_calendars_to_come_count_and_nothing_beside_them(tmp_path: Path) -> None:
    (tmp_path / "calendars").mkdir()
    found = ways(tmp_path)
    for name in ("config.toml", "calendars", "calendars/new.toml"):
        assert found.lead_over(str(tmp_path / name))
    for name in ("serve.log", "var", "var/arshjul.db", "calendars/notes.txt", "other/new.toml"):
        assert not found.lead_over(str(tmp_path / name))


def test_folder_that_is_replaced_is_another_way(tmp_path: Path) -> None:
    calendars = tmp_path / "calendars"
    calendars.mkdir()
    before = ways(tmp_path)
    assert ways(tmp_path) == before
    calendars.rename(tmp_path / "old")
    calendars.mkdir()
    assert ways(tmp_path).names == before.names
    assert ways(tmp_path) != before


def test_links_count_with_the_folders_that_they_lie_in_and_lead_to(tmp_path: Path) -> None:
    """As Kubernetes lays a ConfigMap out: `..data` is the link that is swapped."""
    calendars, first = tmp_path / "calendars", tmp_path / "calendars" / "..2026_11_20"
    first.mkdir(parents=True)
    (first / "a.toml").touch()
    (calendars / "..data").symlink_to("..2026_11_20")
    (calendars / "a.toml").symlink_to("..data/a.toml")
    found = ways(tmp_path)
    assert found.names[str(calendars)] == {ANY, "a.toml", "..data", "..2026_11_20"}
    assert found.names[str(first)] == {"a.toml"}
    assert str(first) in found.folders


def test_file_elsewhere_and_a_link_that_goes_up_are_followed(tmp_path: Path) -> None:
    secret, folder = tmp_path / "run" / "secret", tmp_path / "site"
    secret.parent.mkdir()
    secret.touch()
    folder.mkdir()
    (folder / "password").symlink_to("../run/secret")
    found = ways_to([folder / "password"], folder / "calendars")
    assert found.lead_over(str(secret))
    assert found.lead_over(str(folder / "password"))
    assert str(secret.parent) in found.folders


def test_what_is_not_there_yet_is_known_by_its_name_in_the_nearest_folder(tmp_path: Path) -> None:
    found = ways(tmp_path / "away" / "site")
    assert found.lead_over(str(tmp_path / "away"))
    assert str(tmp_path) in found.folders
    assert str(tmp_path / "away") not in found.folders


def test_links_in_a_ring_end(tmp_path: Path) -> None:
    (tmp_path / "config.toml").symlink_to("config.toml")
    assert ways(tmp_path).lead_over(str(tmp_path / "config.toml"))
    assert MOST_LINKS < 100
