"""The Caddyfile of docs/webserver before a real service: what it answers, and that it writes no key down."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.conftest import need
from tests.service.test_feeds import arshjul, path_of
from tests.service.test_nginx import (
    NAME,
    ODD_REQUESTS,
    SNIPPETS,
    Nginx,
    client_of,
    is_up,
    made_certificate,
    requests,
    said_over_tls,
    said_plainly,
    secrets_in,
)
from tests.service.test_running import serving
from tests.serving import free_port, until
from tests.small_site import edit, write_site

pytestmark = pytest.mark.clients

CADDY = shutil.which("caddy")


@contextmanager
def caddy(folder: Path, service: str) -> Iterator[Nginx]:
    """Run with the shipped file, with a certificate and ports of our own; the terminal is its log, as Caddy has it."""
    binary, plain, tls = need("caddy", CADDY), free_port(), free_port()
    folder.mkdir()
    key, certificate = made_certificate(folder)
    shipped = (SNIPPETS / "Caddyfile").read_text(encoding="utf-8")
    for old, new in (
        ("{\n\tlog default {", f"{{\n\tadmin off\n\thttp_port {plain}\n\thttps_port {tls}\n\tlog default {{"),
        (f"\n{NAME} {{\n", f"\n{NAME} {{\n\ttls {certificate} {key}\n"),
        ("127.0.0.1:8000", service),
    ):
        assert old in shipped
        shipped = shipped.replace(old, new, 1)
    (folder / "Caddyfile").write_text(shipped, encoding="utf-8")
    home = {"HOME": str(folder), "PATH": "/usr/bin:/bin"}
    trusted = ssl.create_default_context(cafile=str(certificate))
    asked = [binary, "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
    with (
        (folder / "terminal.log").open("wb") as out,
        subprocess.Popen(asked, stdout=out, stderr=out, env=home, cwd=folder) as process,
    ):
        try:
            until(lambda: is_up(plain) or process.poll() is not None)
            with client_of(tls, trusted) as client:
                yield Nginx(client, plain, tls, folder, trusted)
        finally:
            process.terminate()
            process.wait(20)


def test_service_behind_caddy_answers_as_by_itself(tmp_path: Path) -> None:
    calendar = write_site(tmp_path / "site")
    edit(tmp_path / "site" / "config.toml", "[site]\n", f'[site]\nurl = "https://{NAME}"\n')
    with serving(tmp_path / "site") as (direct, _):
        link = path_of(arshjul(calendar, "token", "add", "region/styret"))
        until(lambda: direct.get(link).status_code == 200)
        with caddy(tmp_path / "caddy", direct.base_url.netloc.decode()) as running:
            answer = running.client.get(link)
            assert (answer.content, answer.headers.get("content-encoding")) == (direct.get(link).content, None)
            assert running.client.get(link, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
            assert running.client.get("/livez").headers["strict-transport-security"] == "max-age=31536000"
            plain = httpx.get(f"http://127.0.0.1:{running.plain}/f/x.ics", headers={"Host": NAME}, trust_env=False)
            assert (plain.status_code, plain.headers["location"].startswith(f"https://{NAME}")) == (308, True)


@pytest.mark.parametrize("is_up_behind", [True, False], ids=["service", "no service"])
def test_no_secret_is_in_what_caddy_writes_however_it_is_asked_for(tmp_path: Path, *, is_up_behind: bool) -> None:
    write_site(tmp_path / "site")
    if is_up_behind:
        with serving(tmp_path / "site") as (direct, _):
            ask_all(tmp_path / "caddy", direct.base_url.netloc.decode())
    else:
        ask_all(tmp_path / "caddy", f"127.0.0.1:{free_port()}")


def ask_all(folder: Path, service: str) -> None:
    with caddy(folder, service) as running:
        for number, octets in enumerate(requests()):
            if number < len(ODD_REQUESTS):
                said_over_tls(running, octets)
            else:
                said_plainly(running, octets)
        assert secrets_in(running, 2 * len(ODD_REQUESTS)) == []
    assert "serving initial configuration" in (folder / "terminal.log").read_text(encoding="utf-8")
