"""The nginx snippets of docs/webserver before real files and a real service."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
import pytest

from tests.clock import main
from tests.conftest import ROOT, need
from tests.service.test_feeds import arshjul, path_of
from tests.service.test_running import serving
from tests.serving import free_port, until
from tests.small_site import edit, write_site

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
SNIPPETS = ROOT / "docs" / "webserver"


@pytest.fixture
def calendar(tmp_path: Path) -> Path:
    return write_site(tmp_path / "site")


@contextmanager
def nginx(folder: Path, snippet: str) -> Iterator[httpx.Client]:
    """Serve with one of the snippets inside a plain server block, gzip on and logs kept, as sites have it."""
    binary, port = need("nginx", NGINX), free_port()
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    config = folder / "nginx.conf"
    config.write_text(
        f"daemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log {folder}/error.log info;\n"
        f"events {{}}\nhttp {{\n{temporary}access_log {folder}/access.log;\n"
        "gzip on;\ngzip_types *;\ngzip_min_length 1;\n"
        f"server {{\nlisten 127.0.0.1:{port};\n{snippet}\n}}\n}}\n",
        encoding="utf-8",
    )
    with subprocess.Popen([binary, "-p", str(folder), "-c", str(config)], stderr=subprocess.DEVNULL) as process:
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers={"Accept-Encoding": "gzip"}) as client:
                until(lambda: is_up(client) or process.poll() is not None)
                yield client
        finally:
            process.terminate()
            process.wait(10)


def is_up(client: httpx.Client) -> bool:
    try:
        client.get("/")
    except httpx.TransportError:
        return False
    return True


def test_published_files_are_served_by_nginx_as_the_service_would(calendar: Path, tmp_path: Path) -> None:
    def publish() -> None:
        assert main(["-C", str(calendar.parents[1]), "publish", str(tmp_path / "web" / "f")]) == 0

    publish()
    snippet = (SNIPPETS / "nginx-files.conf").read_text(encoding="utf-8").replace("/srv/arshjul", f"{tmp_path}/web")
    with nginx(tmp_path, snippet) as client:
        first = client.get("/f/region.ics")
        body = (tmp_path / "web" / "f" / "region.ics").read_bytes()
        assert (first.status_code, first.content) == (200, body)
        assert {name: first.headers.get(name) for name in EXPECTED} == EXPECTED | {"content-length": str(len(body))}
        assert first.headers["etag"].startswith('"')
        publish()
        unchanged = client.get("/f/region.ics", headers={"If-None-Match": first.headers["etag"]})
        assert (unchanged.status_code, unchanged.content) == (304, b"")
        since = {"If-Modified-Since": first.headers["last-modified"]}
        assert client.get("/f/region.ics", headers=since).status_code == 304

        edit(calendar, '"2027-03-12"', '"2027-03-19"')
        publish()
        changed = client.get("/f/region.ics", headers={"If-None-Match": first.headers["etag"]})
        assert (changed.status_code, changed.content.count(b"SEQUENCE:1")) == (200, 1)
        ages = [parsedate_to_datetime(one.headers["last-modified"]) for one in (first, changed)]
        assert ages[0] < ages[1]
        assert [client.get("/f/borte.ics").status_code, client.post("/f/region.ics").status_code] == [404, 405]


EXPECTED = {
    "content-type": "text/calendar; charset=utf-8",
    "cache-control": "private, max-age=900",
    "x-content-type-options": "nosniff",
    "content-disposition": "inline",
    "content-encoding": None,
    "content-length": "",
}


def test_service_behind_nginx_leaves_no_token_in_its_logs(calendar: Path, tmp_path: Path) -> None:
    with serving(calendar.parents[1]) as (direct, _):
        link = path_of(arshjul(calendar, "token", "add", "region/styret"))
        token = link.split("/")[2]
        until(lambda: direct.get(link).status_code == 200)
        snippet = (SNIPPETS / "nginx-service.conf").read_text(encoding="utf-8")
        snippet = snippet.replace("http://127.0.0.1:8000", str(direct.base_url).rstrip("/"))
        with nginx(tmp_path, snippet) as client:
            answer = client.get(link)
            assert (answer.content, answer.headers.get("content-encoding")) == (direct.get(link).content, None)
            assert client.get(link, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
            assert client.get(f"/f/{token}/borte.ics").status_code == 404
            assert client.get("/livez").status_code == 200
            direct.get(link)
    with_service_gone = [path.read_text(encoding="utf-8") for path in tmp_path.glob("*.log")]
    assert "GET /livez" in "".join(with_service_gone)
    assert token not in "".join(with_service_gone)


def test_failing_service_behind_nginx_leaves_no_token_in_its_logs(calendar: Path, tmp_path: Path) -> None:
    snippet = (SNIPPETS / "nginx-service.conf").read_text(encoding="utf-8").replace(":8000", f":{free_port()}")
    with nginx(tmp_path, snippet) as client:
        assert client.get("/f/kanarifugl/styret.ics").status_code == 502
        assert client.get("/livez").status_code == 502
    logs = "".join(path.read_text(encoding="utf-8") for path in tmp_path.glob("*.log"))
    assert "/livez" in logs
    assert "kanarifugl" not in logs
