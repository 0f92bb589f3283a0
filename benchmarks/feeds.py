"""How many answers a second: the same feeds from nginx (a file), Radicale and a running `arshjul serve`, under wrk.

`python -m benchmarks.feeds [--seconds 3] [--rounds 3] [--radicale PYTHON]`. All in one run, taking turns, each server
on one core with one worker and wrk on another. Every measurement checks that it measured the server it says: its name
and ETag before and after, the number of bytes for each answer, and that the server's own processes were at work.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[1]
SIZES = (50, 500)
CONNECTIONS = 16
BUSY = 0.1
"""The share of the time in which a measured server must at least have been at work; more when the machine is idle."""

GOALS = {(50, "full"): 0.35, (50, "304"): 0.30}
"""Shares of nginx."""

MOST_MEMORY = 120
"""MiB."""

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Server:
    """A server that has both feeds: its addresses by number of events, and how its answers can be told from others'."""

    name: str
    process: subprocess.Popen[bytes]
    urls: dict[int, str]
    signature: str
    etags: dict[int, str] = field(default_factory=dict)
    rates: dict[tuple[int, str], list[float]] = field(default_factory=dict)
    by_work: dict[tuple[int, str], list[float]] = field(default_factory=dict)


def main() -> None:
    """Measure and print the table; with --json also write it to a file."""
    asked = _arguments()
    if lacking := [tool for tool in ("nginx", "wrk", "taskset") if shutil.which(tool) is None]:
        raise SystemExit(f"This needs {' and '.join(lacking)}, which this machine does not have.")
    with tempfile.TemporaryDirectory(prefix="arshjul-bench-") as name, ExitStack() as running:
        folder = Path(name)
        ours = running.enter_context(_ours(folder))
        bodies = {size: httpx.get(ours.urls[size], trust_env=False).content for size in SIZES}
        servers = [running.enter_context(_nginx(folder, bodies)), ours]
        if asked.radicale:
            servers.append(running.enter_context(_radicale(folder, bodies, asked.radicale)))
        _check_bodies(servers, bodies)
        for _ in range(asked.rounds):
            for size in SIZES:
                for server in servers:
                    for kind in ("full", "304"):
                        _measure(server, size, kind, asked.seconds, len(bodies[size]))
        _print(servers, bodies, _memory(ours.process.pid))
        if asked.json:
            rates = {
                server.name: {f"{size} {kind}": each for (size, kind), each in server.rates.items()}
                for server in servers
            }
            asked.json.write_text(json.dumps(rates, indent=1), encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--radicale", metavar="PYTHON", help="a Python that has Radicale; without it, it is left out")
    parser.add_argument("--json", type=Path, help="write all measurements to this file")
    return parser.parse_args()


def _check_bodies(servers: list[Server], bodies: dict[int, bytes]) -> None:
    """Each must hold the same events; nginx and we the same bytes."""
    for server in servers:
        for size, url in server.urls.items():
            answer = httpx.get(url, trust_env=False)
            assert answer.status_code == httpx.codes.OK, (server.name, answer.status_code)
            assert answer.content.count(b"BEGIN:VEVENT") == size, (server.name, size)
            if server.name != "Radicale":
                assert answer.content == bodies[size], server.name
            server.etags[size] = answer.headers["etag"]
    assert len({server.etags[50] for server in servers}) == len(servers), "the servers cannot be told apart"


def _measure(server: Server, size: int, kind: str, seconds: int, length: int) -> None:
    _check_server(server, size)
    header = ["-H", f"If-None-Match: {server.etags[size]}"] if kind == "304" else []
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", *header, server.urls[size]]
    busy, started = _busy_seconds(server.process.pid), time.monotonic()
    told = subprocess.run(_pinned(1, command), capture_output=True, text=True, check=True).stdout
    worked, wall = _busy_seconds(server.process.pid) - busy, time.monotonic() - started
    _check_server(server, size)
    assert "Non-2xx" not in told, told
    assert "Socket errors" not in told, told
    requests, read = re.search(r"(\d+) requests in [\d.]+s, ([\d.]+\w+) read", told).groups()  # type: ignore[union-attr]  # no match ends it
    each = _octets(read) / int(requests)
    answers_body = kind == "full" or server.name == "Radicale"  # which answers 200 to both
    assert (each > length * 0.98) if answers_body else each < 1000, (server.name, kind, each)
    assert worked > BUSY * wall, f"{server.name} was at work {worked / wall:.0%} of the time: was it who answered?"
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", told)[1])  # type: ignore[index]  # as above
    server.rates.setdefault((size, kind), []).append(rate)
    server.by_work.setdefault((size, kind), []).append(int(requests) / worked)


def _check_server(server: Server, size: int) -> None:
    answer = httpx.head(server.urls[size], trust_env=False)
    assert answer.headers["etag"] == server.etags[size], server.name
    assert server.signature in answer.headers.get("server", "none"), (server.name, dict(answer.headers))
    assert server.process.poll() is None, f"{server.name} has ended"


def _octets(text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(\w+)", text).groups()  # type: ignore[union-attr]  # no match ends it
    return float(number) * {"B": 1, "KB": 2**10, "MB": 2**20, "GB": 2**30}[unit]


def _pinned(core: int, command: list[str]) -> list[str]:
    return ["taskset", "-c", str(core), *command] if (os.cpu_count() or 1) > 1 else command


@contextmanager
def _started(
    name: str, command: list[str], urls: dict[int, str], signature: str, **options: object
) -> Iterator[Server]:
    process = subprocess.Popen(_pinned(0, command), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)  # type: ignore[call-overload]  # options as they came
    try:
        _wait(process, next(iter(urls.values())))
        yield Server(name, process, urls, signature)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(process: subprocess.Popen[bytes], url: str) -> None:
    for _ in range(300):
        assert process.poll() is None, process.args
        try:
            httpx.get(url, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(url)


@contextmanager
def _ours(folder: Path) -> Iterator[Server]:
    """`arshjul serve` as it is shipped, on a site of two calendars."""
    site, port = folder / "site", _free_port()
    shutil.copytree(ROOT / "templates", site / "templates")
    (site / "calendars").mkdir()
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    (site / "config.toml").write_text(re.sub(r"(?m)^port = \d+", f"port = {port}", text), encoding="utf-8")
    for size in SIZES:
        (site / "calendars" / f"k{size}.toml").write_text(_calendar(size), encoding="utf-8")
    urls = {size: f"http://127.0.0.1:{port}/f/k{size}.ics" for size in SIZES}
    command = [sys.executable, "-m", "arshjul", "-C", str(site), "serve"]
    with _started("arshjul", command, urls, "none") as server:
        yield server


def _calendar(size: int) -> str:
    """Return a public calendar of so many events with a date each, as long as real ones are."""
    start = date.today() + timedelta(days=1)  # noqa: DTZ011  (feeds show the days around today)
    events = "".join(
        f"""
[[event]]
id = "hendelse-{number}"
title = "Møte {number} i utvalget for samferdsel, areal og miljø"
when = "{start + timedelta(days=number)}"
responsible = "Sekretariatet"
location = "Rådhuset, Oslo"
note = "Sakspapirene ligger ute fem virkedager før møtet. Forfall meldes til sekretariatet så tidlig som mulig."
"""
        for number in range(size)
    )
    head = f'[calendar]\nid = "k{size}"\nname = "Kalender med {size}"\nvisibility = "public"\n'
    return head + '\n[[party]]\nid = "s"\nname = "Sekretariatet"\nmembers = ["S <s@example.no>"]\n' + events


@contextmanager
def _nginx(folder: Path, bodies: dict[int, bytes]) -> Iterator[Server]:
    """One worker, no log, files kept open: as fast as it goes."""
    port, home = _free_port(), folder / "nginx"
    home.mkdir(mode=0o755)
    folder.chmod(0o755)
    for size, body in bodies.items():
        (home / f"k{size}.ics").write_bytes(body)
    (home / "nginx.conf").write_text(NGINX.format(home=home, port=port), encoding="utf-8")
    urls = {size: f"http://127.0.0.1:{port}/k{size}.ics" for size in SIZES}
    command = ["nginx", "-p", str(home), "-c", str(home / "nginx.conf"), "-e", str(home / "error.log")]
    with _started("nginx", command, urls, "nginx") as server:
        yield server


NGINX = """
daemon off;
worker_processes 1;
pid {home}/pid;
events {{ worker_connections 512; }}
http {{
  types {{ text/calendar ics; }}
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 100000000;
  open_file_cache max=100;
  client_body_temp_path {home}/body;
  proxy_temp_path {home}/proxy;
  fastcgi_temp_path {home}/fastcgi;
  uwsgi_temp_path {home}/uwsgi;
  scgi_temp_path {home}/scgi;
  server {{ listen 127.0.0.1:{port}; root {home}; charset utf-8; charset_types text/calendar; }}
}}
"""


@contextmanager
def _radicale(folder: Path, bodies: dict[int, bytes], python: str) -> Iterator[Server]:
    """The usual small CalDAV server, with the feeds put into it as calendars."""
    port, home = _free_port(), folder / "radicale"
    home.mkdir()
    (home / "rights").write_text("[all]\nuser: .*\ncollection: .*\npermissions: RrWw\n", encoding="utf-8")
    (home / "config").write_text(RADICALE.format(home=home, port=port), encoding="utf-8")
    urls = {size: f"http://127.0.0.1:{port}/u/k{size}/" for size in SIZES}
    command = [python, "-m", "radicale", "--config", str(home / "config")]
    with _started("Radicale", command, urls, "WSGIServer") as server:
        httpx.request("MKCOL", f"http://127.0.0.1:{port}/u/", trust_env=False).raise_for_status()
        for size, body in bodies.items():
            put = httpx.put(
                urls[size], content=body, headers={"Content-Type": "text/calendar"}, trust_env=False, timeout=60
            )
            assert put.status_code == httpx.codes.CREATED, put.text
        yield server


RADICALE = """
[server]
hosts = 127.0.0.1:{port}
[auth]
type = none
[rights]
type = from_file
file = {home}/rights
[storage]
filesystem_folder = {home}/collections
[logging]
level = error
"""


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _family(pid: int) -> Iterator[int]:
    """Yield a process and all that it has started."""
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in children.read_text().split():
            yield from _family(int(child))


def _busy_seconds(pid: int) -> float:
    fields = [Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split() for one in _family(pid)]
    return sum(int(each[11]) + int(each[12]) for each in fields) / TICKS


def _memory(pid: int) -> float:
    """Return the MiB that a process and its children hold, at the most they have held."""
    texts = [Path(f"/proc/{one}/status").read_text() for one in _family(pid)]
    return sum(int(found[1]) for text in texts if (found := re.search(r"VmHWM:\s+(\d+)", text))) / 1024


def _print(servers: list[Server], bodies: dict[int, bytes], memory: float) -> None:
    """Print both ways of counting: by the clock, and by the servers' own work, which others disturb less."""
    print(f"feeds of {', '.join(f'{len(body):,} bytes' for body in bodies.values())}")
    _print_rates("answers a second", [(server.name, _medians(server.rates)) for server in servers])
    _print_rates("by second at work", [(server.name, _medians(server.by_work)) for server in servers])
    print(f"\nour memory at its most: {memory:.0f} MiB, goal {MOST_MEMORY}")


def _medians(rates: dict[tuple[int, str], list[float]]) -> dict[tuple[int, str], float]:
    return {key: statistics.median(each) for key, each in rates.items()}


def _print_rates(what: str, found: list[tuple[str, dict[tuple[int, str], float]]]) -> None:
    (_, nginx), (_, ours), *others = found
    print(f"\n{what:18}" + "".join(f"{f'{size} {kind}':>17}" for size, kind in nginx))
    for name, rates in found:
        print(f"{name:18}" + "".join(f"{rates[key]:>10,.0f} {rates[key] / nginx[key]:>6.1%}" for key in nginx))
    for key, goal in GOALS.items():
        ratio = ours[key] / nginx[key]
        verdict = "" if ratio >= goal else " NOT REACHED"
        print(f"  {key[0]} events, {key[1]}: {ratio:.1%} of nginx, goal {goal:.0%}{verdict}")
    print(f"  304 at 500 events is {ours[500, '304'] / ours[50, '304']:.2f} of that at 50, goal 0.95")
    for name, rates in others:
        print(f"  304 at 500 events: {ours[500, '304'] / rates[500, '304']:,.0f} times {name}, goal 1,000")


if __name__ == "__main__":
    main()
