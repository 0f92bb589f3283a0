"""The wheel, installed where there is no clone, checks files and sends letters as the clone does."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest

from tests import clock
from tests.cli.test_doctor import running
from tests.conftest import ROOT
from tests.rounds.test_write import OFFICE, text_of
from tests.serving import free_port, until
from tests.small_site import CONFIG, edit, write_site
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


@pytest.fixture
def own_package(installed: Path, tmp_path: Path) -> Path:
    """Return an installed package that a test may spoil."""
    folder = tmp_path / "installed"
    shutil.copytree(installed, folder)
    return folder


def environment(installed: Path) -> dict[str, str]:
    """Return one with the installed package first on the path, and with PYTHON no clone: see there."""
    libraries = dict.fromkeys(sysconfig.get_path(kind) for kind in ("purelib", "platlib"))
    return os.environ | {"PYTHONPATH": os.pathsep.join([str(installed), *libraries])}


PYTHON = [sys.executable, "-S", "-P"]
"""Without the .pth file that puts the clone on the path, and without the folder of what is run."""


def python(installed: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = environment(installed)
    return subprocess.run([*PYTHON, *arguments], check=False, cwd=installed, env=env, capture_output=True, text=True)


def arshjul(installed: Path, *arguments: str) -> tuple[int, str, str]:
    """Run a command of the package at the noon of the tests."""
    done = python(installed, clock.__file__, str(clock.STARTED), *arguments)
    return done.returncode, done.stdout, done.stderr


@contextmanager
def served(installed: Path, site: Path) -> Iterator[tuple[str, Path]]:
    """Run the service of the package; gives its address and its log."""
    port, log = free_port(), site / "serve.log"
    edit(site / "config.toml", "port = 8000", f"port = {port}")
    command = [*PYTHON, clock.__file__, str(clock.STARTED), "-C", str(site), "serve"]
    with log.open("ab") as out:
        process = subprocess.Popen(command, cwd=installed, env=environment(installed), stdout=out, stderr=out)
        try:
            until(lambda: "Stopp med Ctrl-C." in log.read_text(encoding="utf-8"))
            yield f"http://127.0.0.1:{port}", log
        finally:
            process.terminate()
            process.wait(timeout=15)


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
    templates = {f"arshjul/letters/templates/{name}": data for name, data in files_below(ROOT / "templates").items()}
    package = {f"arshjul/{name}": data for name, data in files_below(ROOT / "arshjul").items()}

    with ZipFile(wheel) as archive:
        held = {name: archive.read(name) for name in archive.namelist() if ".dist-info/" not in name}

    assert held == package | templates
    assert "arshjul/letters/templates/email/reminder.txt" in held
    assert "arshjul/store/migrations/script.py.mako" in held


def test_installed_package_checks_and_sends_without_the_clone(installed: Path, tmp_path: Path) -> None:
    where = python(installed, "-c", "import arshjul, sys; print(arshjul.__file__, *sys.path, sep='\\n')").stdout.split()
    assert where[0] == str(installed / "arshjul" / "__init__.py")
    assert str(ROOT) not in where

    server = ScriptedServer()
    with running(server) as port:
        site = site_with_server(tmp_path, port)
        checked = check(installed, site)
        first, then = send(installed, site, FIRST), send(installed, site, TUESDAY)

    assert (checked[0], checked[1].splitlines()[-1], checked[2]) == (0, "Alt er i orden.", "")
    assert (first[0], first[2]) == (0, "")
    assert then == (0, "2 brev sendt.\n", "")
    assert letters(server) == [KARI, OLA]


@pytest.mark.faults
def test_own_template_wins_over_the_one_in_the_package(installed: Path, tmp_path: Path) -> None:
    server = ScriptedServer()
    with running(server) as port:
        site = site_with_server(tmp_path, port)
        own = site / "templates" / "email" / "reminder.txt"
        own.parent.mkdir(parents=True)
        own.write_text(OWN, encoding="utf-8")
        checked = check(installed, site)
        send(installed, site, FIRST)
        then = send(installed, site, TUESDAY)

    assert (checked[0], checked[2]) == (0, "")
    assert then == (0, "2 brev sendt.\n", "")
    assert letters(server) == [
        f"Egen mal: Befaring.\n{DUTY}\nSted: Rådhuset\nAnsvarlig: Kontoret\nKalender: Regionen\n",
        f"Egen mal: Regnskap.\n{DUTY}\nAnsvarlig: Styret\nKalender: Regionen\n",
    ]


SUDDEN = """\
[[event]]
id = "uhell"
title = "Ekstraordinært møte"
when = "2026-11-24"
responsible = "Styret"

[[event]]
id = "regnskap\""""
WATCH = """
import sys
from datetime import date
from pathlib import Path
from arshjul.loading import load
from arshjul.rounds.write import TemplateWatch

site, aside, email = map(Path, sys.argv[1:])
watch, loaded = TemplateWatch(), load(site, date(2026, 11, 20))
print(watch.look(loaded), watch.is_stuck)
print(watch.look(loaded), watch.is_stuck)
aside.rename(email)
print(watch.look(loaded), watch.is_stuck)
"""
FAULT = {"status": "fault", "faults": [{"area": "sending", "words": "En mal for brevene kan ikke brukes."}]}
MEND = "Rett malen, og kjør «arshjul check».\n"


def check(installed: Path, site: Path) -> tuple[int, str, str]:
    return arshjul(installed, "-C", str(site), "check")


def useless(error: str) -> tuple[int, str, str]:
    said = f"Malene som følger med programmet, kan ikke brukes. Installer programmet på nytt. {error}"
    return 1, "", f"{said}\n\nÉn feil. Ingenting er gjort.\n"


def waiting(error: str) -> str:
    return f"Brev venter på at en mal blir rettet: {error}"


@pytest.mark.parametrize(
    ("lost", "error"),
    [
        ("", "Malen «email/reminder-subject.txt» finnes ikke."),
        ("email/reminder.html", "Malen «email/reminder.html» finnes ikke."),
        ("email/items.txt", "Malen «email/reminder.txt» kan ikke brukes: «email/items.txt» finnes ikke."),
    ],
)
@pytest.mark.faults
def test_package_without_templates_says_so_until_they_are_there(
    own_package: Path, tmp_path: Path, lost: str, error: str
) -> None:
    templates = own_package / "arshjul" / "letters" / "templates"
    (templates / lost).rename(tmp_path / "aside")
    server = ScriptedServer()
    with running(server) as port:
        site = site_with_server(tmp_path / "site", port)
        assert check(own_package, site) == useless(error)
        first, then = send(own_package, site, FIRST), send(own_package, site, TUESDAY)
        (tmp_path / "aside").rename(templates / lost)
        mended = send(own_package, site, "2026-12-08T08:02")

    assert (first[0], first[2]) == (1, f"{waiting(error)}\n{MEND}")
    assert then == (1, "0 brev sendt.\n2 brev kunne ikke skrives.\n", f"{waiting(error)}\n{MEND}")
    assert mended == (0, "2 brev sendt.\n", "")
    assert letters(server) == [KARI, OLA]


@pytest.mark.faults
def test_own_templates_write_letters_though_the_package_has_none(own_package: Path, tmp_path: Path) -> None:
    server = ScriptedServer()
    with running(server) as port:
        site = site_with_server(tmp_path / "site", port)
        shutil.move(own_package / "arshjul" / "letters" / "templates", site / "templates")
        assert check(own_package, site) == useless("Malen «email/reminder-subject.txt» finnes ikke.")
        send(own_package, site, FIRST)
        assert send(own_package, site, TUESDAY) == (0, "2 brev sendt.\n", "")

    assert letters(server) == [KARI, OLA]


@pytest.mark.faults
def test_letter_that_only_the_lost_templates_could_write_is_counted(own_package: Path, tmp_path: Path) -> None:
    """An own template that fails for one letter, which no sample shows, and no other to take its place."""
    server = ScriptedServer()
    with running(server) as port:
        site = site_with_server(tmp_path / "site", port)
        shutil.move(own_package / "arshjul" / "letters" / "templates", site / "templates")
        template = site / "templates" / "email" / "reminder.txt"
        edit(template, "{{ first.headline }}", '{{ 1/0 if first.title == "Befaring" }}{{ first.headline }}')
        assert send(own_package, site, FIRST)[0] == 0
        then = send(own_package, site, TUESDAY)

    error = "Malen «email/reminder.txt» kan ikke brukes: division by zero"
    assert then == (1, "1 brev sendt.\n1 brev kunne ikke skrives.\n", f"{waiting(error)}\n{MEND}")
    assert letters(server) == [OLA]


@pytest.mark.faults
def test_send_now_says_that_no_template_could_write_it(own_package: Path, tmp_path: Path) -> None:
    with running(ScriptedServer()) as port:
        site = site_with_server(tmp_path / "site", port)
        send(own_package, site, FIRST)
        (own_package / "arshjul" / "letters" / "templates" / "email" / "items.txt").unlink()
        edit(site / "calendars" / "region.toml", '[[event]]\nid = "regnskap"', SUDDEN)
        done = arshjul(own_package, "-C", str(site), "send", "--now", "region/uhell/2026", "--yes")

    error = "Malen «email/reminder.txt» kan ikke brukes: «email/items.txt» finnes ikke."
    assert (done[0], done[2]) == (1, f"{waiting(error)}\n{MEND}1 brev kunne ikke skrives.\n")
    assert done[1].splitlines()[-1] == "1 brev til 1 mottaker."


@pytest.mark.faults
def test_what_the_coordinator_must_hear_and_nothing_can_write_is_said(own_package: Path, tmp_path: Path) -> None:
    server = ScriptedServer({"RCPT": "550 5.7.1 <kari@example.no>: Relay access denied"})
    with running(server) as port:
        site = site_with_server(tmp_path / "site", port)
        with (site / "config.toml").open("a", encoding="utf-8") as config:
            config.write('[letters]\ncoordinator = "Sjef <sjef@example.no>"\n')
        send(own_package, site, FIRST)
        (own_package / "arshjul" / "letters" / "templates" / "email" / "urgent.txt").unlink()
        code, _, err = send(own_package, site, TUESDAY)

    assert code == 1
    assert err.splitlines()[:2] == [
        "Det som haster, kunne ikke skrives til koordinatoren. Malen «email/urgent.txt» finnes ikke.",
        waiting("Malen «email/urgent.txt» finnes ikke."),
    ]
    assert server.taken == []


@pytest.mark.faults
def test_watch_sees_that_the_templates_of_the_package_are_back(own_package: Path, tmp_path: Path) -> None:
    site = site_with_server(tmp_path / "site", 1)
    email = own_package / "arshjul" / "letters" / "templates" / "email"
    email.rename(tmp_path / "aside")
    watched = python(own_package, "-c", WATCH, str(site), str(tmp_path / "aside"), str(email))

    error = "Malen «email/reminder-subject.txt» finnes ikke."
    assert (watched.stdout.splitlines(), watched.stderr) == ([f"{waiting(error)} True", "None True", " False"], "")


@pytest.mark.faults
def test_service_of_a_package_without_templates_says_so_at_once(own_package: Path, tmp_path: Path) -> None:
    shutil.rmtree(own_package / "arshjul" / "letters" / "templates")
    site, said = site_with_server(tmp_path / "site", 1), waiting("Malen «email/reminder-subject.txt» finnes ikke.")
    with served(own_package, site) as (url, log):
        until(lambda: said in log.read_text(encoding="utf-8"))
        until(lambda: said in httpx.get(url, trust_env=False).text)
        health = httpx.get(f"{url}/healthz", trust_env=False)

    assert (health.status_code, health.json() | {"facts": {}}) == (503, FAULT | {"facts": {}})
