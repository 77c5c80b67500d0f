"""Servers to measure: a real Keepwell on a data folder of its own, and the yardstick beside it."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

PARTS = {"web": "granian", "relay": "config.carry", "worker": "config.work"}
BIN = Path(sys.executable).parent


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class House:
    """A running server: where it listens, its process, its data folder."""

    port: int
    process: psutil.Process
    folder: Path

    def cpu_seconds(self) -> dict[str, float]:
        """CPU used so far: by each of the house's processes by name, and by the PostgreSQL of its folder."""
        used: dict[str, float] = {"postgres": _used_by_family(self.postmaster())}
        for child in self.process.children():
            words = " ".join(child.cmdline())
            name = next((name for name, sign in PARTS.items() if sign in words), "other")
            used[name] = used.get(name, 0.0) + _used_by_family(child)
        return used

    def postmaster(self) -> psutil.Process:
        """The folder's PostgreSQL."""
        return psutil.Process(int((self.folder / "postgres/postmaster.pid").read_text().split()[0]))

    def url(self) -> str:
        """Where the folder's PostgreSQL listens."""
        return str(json.loads((self.folder / "postgres.json").read_text())["url"])


def _used_by_family(process: psutil.Process) -> float:
    family = [process, *process.children(recursive=True)]
    return sum(_used(each) for each in family)


def _used(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system + times.children_user + times.children_system)


@contextmanager
def keepwell() -> Iterator[tuple[House, str]]:
    """A served instance without a demo, and a write key for it."""
    with tempfile.TemporaryDirectory(prefix="kwbench-") as name:
        folder, port = Path(name), free_port()
        environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"} | {"KEEPWELL_DATA": name}
        command = [str(BIN / "keepwell"), "serve", "--no-demo", "--port", str(port)]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        try:
            _wait(f"http://127.0.0.1:{port}/healthz")
            made = subprocess.run(
                [str(BIN / "keepwell"), "source", "create", "bench"],
                env=environment,
                capture_output=True,
                text=True,
                check=True,
            )
            yield House(port, psutil.Process(process.pid), folder), made.stdout.strip()
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


@contextmanager
def yardstick(house: House) -> Iterator[tuple[int, psutil.Process]]:
    """The bare server on a house's PostgreSQL: its port and process."""
    import psycopg

    with psycopg.connect(house.url()) as connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS yardstick (id text, person text, name text, at timestamptz, props text)"
        )
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--port", str(port), "--workers", "1"]
    command += ["--log-level", "error", "benchmarks.yardstick:application"]
    process = subprocess.Popen(command, env=os.environ | {"YARDSTICK_URL": house.url()})
    try:
        _wait(f"http://127.0.0.1:{port}/", method="POST")
        yield port, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(30)


def used_by(process: psutil.Process) -> float:
    """CPU used so far by a process and its children."""
    return _used_by_family(process)


def _wait(url: str, *, method: str = "GET") -> None:
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        try:
            answer = httpx.request(
                method, url, content=b'{"batch": []}' if method == "POST" else None, timeout=5
            )
        except httpx.TransportError:
            time.sleep(0.2)
            continue
        if answer.status_code == 200:
            return
        time.sleep(0.2)
    raise RuntimeError(f"{url} was not ready within five minutes")
