"""Of which folders the system can tell that something has changed, by what it says of its mounts."""

from __future__ import annotations

from pathlib import Path

import pytest

from arshjul.disk import foreign_kind

MOUNTED = """\
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
28 27 0:25 / /srv/felles rw,nosuid shared:7 - nfs4 tjener:/felles rw,vers=4.2
29 27 0:26 / /srv/felles/her rw - xfs /dev/vdb rw
30 27 0:27 / /srv/Felles\\040mappe rw master:1 - cifs //tjener/felles rw
31 27 0:28 / /srv/over rw - ext4 /dev/vdc rw
32 31 0:29 / /srv/over rw - fuse.sshfs kari@tjener: rw
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/srv", ""),
        ("/srv/felles", "nfs4"),
        ("/srv/felles/arshjul/calendars", "nfs4"),
        ("/srv/felles/her/arshjul", ""),
        ("/srv/fellesskap", ""),
        ("/srv/Felles mappe/arshjul", "cifs"),
        ("/srv/over", "fuse.sshfs"),
    ],
)
def test_nearest_mount_that_lies_over_the_others_counts(tmp_path: Path, folder: str, kind: str) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTED, encoding="utf-8")
    assert foreign_kind(Path(folder), mounts) == kind


def test_link_to_a_network_drive_lies_there(tmp_path: Path) -> None:
    mounts, link = tmp_path / "mountinfo", tmp_path / "site"
    mounts.write_text(MOUNTED, encoding="utf-8")
    link.symlink_to("/srv/felles/arshjul")
    assert foreign_kind(link, mounts) == "nfs4"


def test_system_that_says_nothing_of_its_mounts_is_tried(tmp_path: Path) -> None:
    assert foreign_kind(tmp_path, tmp_path / "none") == ""
