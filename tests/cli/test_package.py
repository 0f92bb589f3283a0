"""The wheel, installed where there is no clone, checks files and sends letters as the clone does."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests import clock
from tests.cli.test_doctor import running
from tests.conftest import ROOT
from tests.rounds.test_write import OFFICE, text_of
from tests.small_site import CONFIG, write_site
from tests.smtp_servers import ScriptedServer

FIRST, TUESDAY = "2026-11-20T10:00", "2026-12-08T08:01"
"""The first start, and the day of the first letter."""

DUTY = "Om 23 virkedager. Du er hovedansvarlig."
UNCERTAIN = """\
«Foreløpig» betyr at ingen kilde bekrefter datoen ennå: den er regnet ut,
skrevet inn eller hentet fra planen. Den kan bli flyttet; kalenderen viser
alltid den siste datoen.
"""
KARI = f"""\
Tirsdag 12. januar 2027 (foreløpig): Befaring

{DUTY}
Sted: Rådhuset
Ansvarlig: Kontoret
Kalender: Regionen

{UNCERTAIN}"""
OLA = f"""\
Tirsdag 12. januar 2027 (foreløpig): Regnskap

{DUTY}
Ansvarlig: Styret
Kalender: Regionen

{UNCERTAIN}"""
"""What the letters say above the signature."""

OWN = """\
{% from "email/items.txt" import details with context %}
Egen mal: {{ first.title }}.
{{ details(first, "") }}
"""


def pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments]
    subprocess.run(command, check=True, capture_output=True, text=True)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(folder), str(ROOT))
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    pip("install", "--no-deps", "--no-index", "--target", str(folder), str(wheel))
    return folder


def python(installed: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python with the installed package first on its path and no clone: -S leaves out who put that there."""
    libraries = dict.fromkeys(sysconfig.get_path(kind) for kind in ("purelib", "platlib"))
    path = os.environ | {"PYTHONPATH": os.pathsep.join([str(installed), *libraries])}
    command = [sys.executable, "-S", "-P", *arguments]
    return subprocess.run(command, check=False, cwd=installed, env=path, capture_output=True, text=True)


def arshjul(installed: Path, *arguments: str) -> tuple[int, str, str]:
    """Run a command of the package at the noon of the tests."""
    done = python(installed, clock.__file__, str(clock.STARTED), *arguments)
    return done.returncode, done.stdout, done.stderr


def send(installed: Path, site: Path, at: str) -> tuple[int, str, str]:
    return arshjul(installed, "-C", str(site), "send", "--even-so", "--at", at)


def site_with_server(folder: Path, port: int) -> Path:
    calendar = write_site(folder)
    calendar.write_text(calendar.read_text(encoding="utf-8") + OFFICE, encoding="utf-8")
    mail = f'[mail]\ntransport = "smtp"\nhost = "127.0.0.1"\nport = {port}\nstart_tls = false\n'
    (folder / "config.toml").write_text(CONFIG + mail, encoding="utf-8")
    return folder


def letters(server: ScriptedServer) -> list[str]:
    """Return what the letters that a server took say above the signature, in order of the alphabet."""
    texts = (text_of(wire).replace("\r\n", "\n") for wire in server.taken)
    return sorted(text.partition("\n-- \n")[0] for text in texts)


def files_below(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def test_wheel_holds_all_of_the_package_and_the_templates(wheel: Path) -> None:
    templates = {f"arshjul/mail/templates/{name}": data for name, data in files_below(ROOT / "templates").items()}
    package = {f"arshjul/{name}": data for name, data in files_below(ROOT / "arshjul").items()}

    with ZipFile(wheel) as archive:
        held = {name: archive.read(name) for name in archive.namelist() if ".dist-info/" not in name}

    assert held == package | templates
    assert "arshjul/mail/templates/email/reminder.txt" in held
    assert "arshjul/store/migrations/script.py.mako" in held


def test_installed_package_checks_and_sends_without_the_clone(installed: Path, tmp_path: Path) -> None:
    where = python(installed, "-c", "import arshjul, sys; print(arshjul.__file__, *sys.path, sep='\\n')").stdout.split()
    assert where[0] == str(installed / "arshjul" / "__init__.py")
    assert str(ROOT) not in where

    server = ScriptedServer()
    with running(server) as port:
        site = site_with_server(tmp_path, port)
        checked = arshjul(installed, "-C", str(site), "check")
        first, then = send(installed, site, FIRST), send(installed, site, TUESDAY)

    assert (checked[0], checked[1].splitlines()[-1], checked[2]) == (0, "Alt er i orden.", "")
    assert (first[0], first[2]) == (0, "")
    assert then == (0, "2 brev sendt.\n", "")
    assert letters(server) == [KARI, OLA]


def test_own_template_wins_over_the_one_in_the_package(installed: Path, tmp_path: Path) -> None:
    server = ScriptedServer()
    with running(server) as port:
        site = site_with_server(tmp_path, port)
        own = site / "templates" / "email" / "reminder.txt"
        own.parent.mkdir(parents=True)
        own.write_text(OWN, encoding="utf-8")
        checked = arshjul(installed, "-C", str(site), "check")
        send(installed, site, FIRST)
        then = send(installed, site, TUESDAY)

    assert (checked[0], checked[2]) == (0, "")
    assert then == (0, "2 brev sendt.\n", "")
    assert letters(server) == [
        f"Egen mal: Befaring.\n{DUTY}\nSted: Rådhuset\nAnsvarlig: Kontoret\nKalender: Regionen\n",
        f"Egen mal: Regnskap.\n{DUTY}\nAnsvarlig: Styret\nKalender: Regionen\n",
    ]
