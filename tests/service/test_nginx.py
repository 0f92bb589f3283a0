"""The nginx snippets of docs/webserver before real files and a real service."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
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

pytestmark = pytest.mark.clients

NAME = "kalender.example.no"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
SNIPPETS = ROOT / "docs" / "webserver"


@pytest.fixture
def calendar(tmp_path: Path) -> Path:
    return write_site(tmp_path / "site")


@dataclass(frozen=True)
class Nginx:
    """A running nginx: a client for its https, its two ports, and the folder of all that it writes."""

    client: httpx.Client
    plain: int
    tls: int
    folder: Path
    trusted: ssl.SSLContext

    def written(self) -> str:
        """Return all that nginx has written, what it said to its terminal too."""
        return "".join(path.read_text("utf-8", "replace") for path in sorted(self.folder.glob("*.log")))


@contextmanager
def nginx(folder: Path, shipped: str) -> Iterator[Nginx]:
    """Run with one of the shipped files in the http block of a usual nginx.conf, with gzip and both logs."""
    binary, plain, tls = need("nginx", NGINX), free_port(), free_port()
    folder.mkdir(exist_ok=True)
    key, certificate = made_certificate(folder)
    for old, new in (
        ("listen 80", f"listen 127.0.0.1:{plain}"),
        ("listen 443", f"listen 127.0.0.1:{tls}"),
        ("/etc/ssl/arshjul/fullchain.pem", str(certificate)),
        ("/etc/ssl/arshjul/privkey.pem", str(key)),
        ("/var/log/nginx/", f"{folder}/"),
    ):
        assert old in shipped
        shipped = shipped.replace(old, new)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    config = folder / "nginx.conf"
    config.write_text(
        f"daemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{\n{temporary}access_log {folder}/access.log;\n"
        f"gzip on;\ngzip_types *;\ngzip_min_length 1;\n{shipped}\n}}\n",
        encoding="utf-8",
    )
    trusted = ssl.create_default_context(cafile=str(certificate))
    with (
        (folder / "terminal.log").open("wb") as out,
        subprocess.Popen([binary, "-p", str(folder), "-c", str(config)], stdout=out, stderr=out) as process,
    ):
        try:
            until(lambda: is_up(plain) or process.poll() is not None)
            with client_of(tls, trusted) as client:
                yield Nginx(client, plain, tls, folder, trusted)
        finally:
            process.terminate()
            process.wait(10)


def client_of(tls: int, trusted: ssl.SSLContext) -> httpx.Client:
    """Return a client that asks for the site by its name, wherever that is."""
    return httpx.Client(
        base_url=f"https://127.0.0.1:{tls}",
        headers={"Accept-Encoding": "gzip", "Host": NAME},
        verify=trusted,
        event_hooks={"request": [as_named]},
    )


def as_named(request: httpx.Request) -> None:
    request.extensions = {**request.extensions, "sni_hostname": NAME}


def made_certificate(folder: Path) -> tuple[Path, Path]:
    """Return a key and a certificate that only this test trusts."""
    key, certificate = folder / "privkey.pem", folder / "fullchain.pem"
    openssl = need("openssl", shutil.which("openssl"))
    command = [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "36500", "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
    subprocess.run([*command, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    return key, certificate


def is_up(port: int) -> bool:
    try:
        httpx.get(f"http://127.0.0.1:{port}/", trust_env=False)
    except httpx.TransportError:
        return False
    return True


def test_published_files_are_served_by_nginx_as_the_service_would(calendar: Path, tmp_path: Path) -> None:
    def publish() -> None:
        assert main(["-C", str(calendar.parents[1]), "publish", str(tmp_path / "web" / "f")]) == 0

    publish()
    snippet = (SNIPPETS / "nginx-files.conf").read_text(encoding="utf-8").replace("/srv/arshjul", f"{tmp_path}/web")
    with nginx(tmp_path / "nginx", snippet) as running:
        client = running.client
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
        for hidden in (".git/config", "notat.txt", ".skjult.ics", "privat/.git/x.ics", "privat/x/y.ics"):
            path = tmp_path / "web" / "f" / hidden
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("x")
            assert client.get(f"/f/{hidden}").status_code == 404
        assert versions(running) == {"TLSv1.2", "TLSv1.3"}


def versions(running: Nginx) -> set[str]:
    """Return the versions of TLS that are agreed to, of those that are asked for one by one."""
    found = set()
    for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        asked = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        asked.load_verify_locations(running.folder / "fullchain.pem")
        asked.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # the old ones are asked for on purpose
            asked.minimum_version = asked.maximum_version = version
        with (
            suppress(ssl.SSLError, ConnectionError),
            socket.create_connection(("127.0.0.1", running.tls), timeout=5) as line,
            asked.wrap_socket(line, server_hostname=NAME) as safe,
        ):
            found.add(str(safe.version()))
    return found


EXPECTED = {
    "content-type": "text/calendar; charset=utf-8",
    "cache-control": "private, max-age=900",
    "x-content-type-options": "nosniff",
    "content-disposition": "inline",
    "strict-transport-security": "max-age=31536000",
    "content-encoding": None,
    "content-length": "",
}


def behind(folder: Path, address: str) -> AbstractContextManager[Nginx]:
    """Run nginx before a service at an address, "127.0.0.1:8000"."""
    shipped = (SNIPPETS / "nginx-service.conf").read_text(encoding="utf-8")
    return nginx(folder, shipped.replace("127.0.0.1:8000", address))


def test_service_behind_nginx_answers_as_by_itself(calendar: Path, tmp_path: Path) -> None:
    config = calendar.parents[1] / "config.toml"
    edit(config, "[site]\n", f'[site]\nurl = "https://{NAME}"\n')
    with serving(calendar.parents[1]) as (direct, _):
        link = path_of(arshjul(calendar, "token", "add", "region/styret"))
        until(lambda: direct.get(link).status_code == 200)
        with behind(tmp_path / "nginx", direct.base_url.netloc.decode()) as running:
            client = running.client
            answer = client.get(link)
            assert (answer.content, answer.headers.get("content-encoding")) == (direct.get(link).content, None)
            assert client.get(link, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
            assert client.get("/livez").headers["strict-transport-security"] == "max-age=31536000"
            assert client.get("/", headers={"Host": "rebind.example"}).status_code == 421
            plain = httpx.get(f"http://127.0.0.1:{running.plain}/f/x.ics", headers={"Host": NAME}, trust_env=False)
            assert (plain.status_code, plain.headers["location"]) == (301, f"https://{NAME}/f/x.ics")
            foreign = httpx.get(f"http://127.0.0.1:{running.plain}/f/x.ics", trust_env=False)
            assert (foreign.status_code, foreign.headers.get("location")) == (421, None)
            with pytest.raises(ssl.SSLError):
                handshake(running, "rebind.example")
        assert " GET /livez 200 " in running.written()


def handshake(running: Nginx, name: str) -> None:
    with (
        socket.create_connection(("127.0.0.1", running.tls), timeout=5) as line,
        running.trusted.wrap_socket(line, server_hostname=name),
    ):
        pass


def said_plainly(running: Nginx, octets: bytes) -> None:
    """Send octets to the port of http, and to that of https without TLS."""
    for port in (running.plain, running.tls):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2) as line:
            line.sendall(octets)
            line.shutdown(socket.SHUT_WR)
            while line.recv(65536):
                pass


def said_over_tls(running: Nginx, octets: bytes) -> None:
    """Send octets over TLS, and wait for the answer."""
    with (
        suppress(OSError),
        socket.create_connection(("127.0.0.1", running.tls), timeout=2) as line,
        running.trusted.wrap_socket(line, server_hostname=NAME) as safe,
    ):
        safe.sendall(octets)
        while safe.recv(65536):
            pass


BODY = "Content-Length: 9\r\n\r\n"
HOST = f"Host: {NAME}\r\nConnection: close\r\n"
ODD_REQUESTS = (
    "GET /f/@/styret.ics HTTP/1.1\r\n{host}\r\n",
    "GET /u/@ HTTP/1.1\r\n{host}\r\n",
    "POST /u/@ HTTP/1.1\r\n{host}Content-Length: 0\r\n\r\n",
    "GET /F/@/styret.ics HTTP/1.1\r\n{host}\r\n",
    "GET /U/@ HTTP/1.1\r\n{host}\r\n",
    "GET //f/@/styret.ics HTTP/1.1\r\n{host}\r\n",
    "GET /./f/@/styret.ics HTTP/1.1\r\n{host}\r\n",
    "GET /x/../f/@/styret.ics HTTP/1.1\r\n{host}\r\n",
    "GET /%66/@/styret.ics HTTP/1.1\r\n{host}\r\n",
    "GET /f%2F@/styret.ics HTTP/1.1\r\n{host}\r\n",
    "GET /f/@%00/styret.ics HTTP/1.1\r\n{host}\r\n",
    "GET /f/@%/styret.ics HTTP/1.1\r\n{host}\r\n",
    "GET /f/@\\styret.ics HTTP/1.1\r\n{host}\r\n",
    "GET /https://kalender.example.no/f/@/styret.ics HTTP/1.1\r\n{host}\r\n",
    "GET https://kalender.example.no/f/@/styret.ics HTTP/1.1\r\n{host}\r\n",
    "GET https://rebind.example/f/@/styret.ics HTTP/1.1\r\n{host}\r\n",
    "GET webcal://kalender.example.no/f/@/styret.ics HTTP/1.1\r\n{host}\r\n",
    "GET /static/@ HTTP/1.1\r\n{host}\r\n",
    "GET /?kalender=/f/@ HTTP/1.1\r\n{host}\r\n",
    "GET /livez?/u/@ HTTP/1.1\r\n{host}\r\n",
    "GET / HTTP/1.1\r\n{host}Referer: https://kalender.example.no/f/@/styret.ics\r\n\r\n",
    "GET / HTTP/1.1\r\n{host}User-Agent: /f/@/styret.ics\r\n\r\n",
    "GET / HTTP/1.1\r\n{host}X-Forwarded-For: /f/@\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: /f/@\r\nConnection: close\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: @\r\nConnection: close\r\n\r\n",
    "GET /f/@/styret.ics HTTP/1.1\r\nConnection: close\r\n\r\n",
    "GET /f/@/styret.ics HTTP/1.1\r\n{host}{host}\r\n",
    "GET /f/@/styret.ics HTTP/1.0\r\n\r\n",
    "GET /f/@/styret.ics\r\n",
    "GET /f/@/styret.ics HTTP/9.9\r\n{host}\r\n",
    "GET /f/@/styret.ics HTTP/1.1 x\r\n{host}\r\n",
    "GET  /f/@/styret.ics  HTTP/1.1\r\n{host}\r\n",
    "PUT /f/@/styret.ics HTTP/1.1\r\n{host}Content-Length: 3\r\n\r\nabc",
    "TRACE /f/@/styret.ics HTTP/1.1\r\n{host}\r\n",
    "CONNECT /f/@/styret.ics HTTP/1.1\r\n{host}\r\n",
    "BREW /f/@/styret.ics HTTP/1.1\r\n{host}\r\n",
    "get /f/@/styret.ics HTTP/1.1\r\n{host}\r\n",
    "/f/@/styret.ics\r\n\r\n",
    "@ / HTTP/1.1\r\n{host}\r\n",
    "GET /f/@/styret.ics HTTP/1.1\r\nHost kalender.example.no\r\n\r\n",
    "GET /f/@/styret.ics HTTP/1.1\r\n{host}: tom\r\n\r\n",
    "GET /f/@/styret.ics HTTP/1.1\r\n{host}X: {long}\r\n\r\n",
    "GET /f/@/{long} HTTP/1.1\r\n{host}\r\n",
    "POST /u/@ HTTP/1.1\r\n{host}Content-Length: 99999999\r\n\r\nx",
    "POST /u/@ HTTP/1.1\r\n{host}Content-Length: 1x\r\n\r\n",
    "POST /u/@ HTTP/1.1\r\n{host}Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    "POST /u/@ HTTP/1.1\r\n{host}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n",
    "GET /f/@/styret.ics HTTP/1.1\r\n{host}Range: bytes=9-1\r\n\r\n",
    "GET /f/@/styret.ics HTTP/1.1\r\n{host}Expect: 100-continue\r\n\r\n",
    "GET /livez HTTP/1.1\r\nHost: kalender.example.no\r\n\r\nGET /f/@/styret.ics HTTP/1.1\r\n{host}\r\n",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n/f/@",
)
"""Requests, as they should be and as nginx refuses them before it has chosen a place for them; @ is a secret."""


def secret(number: int) -> str:
    """Return a secret that is like no other one in its first eight signs."""
    return f"q{number:03d}Zk7Wq2s8Jm1LkY4uWcR6eTn5aPdVbX0t"


def secrets_in(running: Nginx, count: int) -> list[int]:
    written = running.written()
    return [number for number in range(count) if secret(number)[:8] in written]


def requests() -> Iterator[bytes]:
    """Yield each odd request with a secret of its own: first so many for TLS, then as many for plain sockets."""
    for number, text in enumerate(ODD_REQUESTS * 2):
        yield text.format(host=HOST, long="x" * 40_000).replace("@", secret(number)).encode("utf-8")


@pytest.mark.parametrize("is_up_behind", [True, False], ids=["service", "no service"])
def test_no_secret_is_in_what_nginx_writes_however_it_is_asked_for(
    calendar: Path, tmp_path: Path, *, is_up_behind: bool
) -> None:
    with ExitStack() as stack:
        address = f"127.0.0.1:{free_port()}"
        if is_up_behind:
            direct, _ = stack.enter_context(serving(calendar.parents[1]))
            address = direct.base_url.netloc.decode()
        running = stack.enter_context(behind(tmp_path / "nginx", address))
        for number, octets in enumerate(requests()):
            if number < len(ODD_REQUESTS):
                said_over_tls(running, octets)
            else:
                said_plainly(running, octets)
        running.client.get("/livez")
        assert secrets_in(running, 2 * len(ODD_REQUESTS)) == []
    lines = (tmp_path / "nginx" / "arshjul.log").read_text(encoding="utf-8").splitlines()
    assert len(lines) > len(ODD_REQUESTS)
    assert any(" GET /livez " in line for line in lines)


def test_no_secret_is_in_what_nginx_writes_of_a_service_that_breaks_off(tmp_path: Path) -> None:
    requests = (
        f"GET /f/{secret(0)}/a.ics HTTP/1.1\r\n{HOST}\r\n",
        f"POST /u/{secret(1)} HTTP/1.1\r\n{HOST}{BODY}123456789",
    )
    with socket.create_server(("127.0.0.1", 0)) as silent:
        with behind(tmp_path / "nginx", f"127.0.0.1:{silent.getsockname()[1]}") as running:
            for request in requests:
                client = threading.Thread(target=said_over_tls, args=(running, request.encode()))
                client.start()
                line, _ = silent.accept()
                line.recv(65536)
                line.close()  # before it has answered
                client.join()
        assert secrets_in(running, 2) == []
        assert running.written().count(" 502 ") == 2
