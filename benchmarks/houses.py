"""Servers to measure: a real Keepwell on a data folder of its own, and the yardstick beside it."""

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

    def cpu_seconds(self) -> float:
        """CPU used so far by the server, its children, and the PostgreSQL of its folder."""
        family = [self.process, *self.process.children(recursive=True)]
        postmaster = psutil.Process(int((self.folder / "postgres/postmaster.pid").read_text().split()[0]))
        family += [postmaster, *postmaster.children(recursive=True)]
        return sum(_used(process) for process in {p.pid: p for p in family}.values())


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
def yardstick() -> Iterator[House]:
    """The bare server, with a PostgreSQL of its own."""
    from keepwell.config import instance

    with tempfile.TemporaryDirectory(prefix="kwbench-") as name, instance.postgres(Path(name)) as url:
        import psycopg

        with psycopg.connect(url) as connection:
            connection.execute(
                "CREATE TABLE yardstick (id text, person text, name text, at timestamptz, props text)"
            )
        port = free_port()
        command = [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--port",
            str(port),
            "--blocking-threads",
            "8",
        ]
        command += ["--log-level", "error", "benchmarks.yardstick:application"]
        process = subprocess.Popen(command, env=os.environ | {"DATABASE_URL": url})
        try:
            _wait(f"http://127.0.0.1:{port}/", method="POST")
            yield House(port, psutil.Process(process.pid), Path(name))
        finally:
            process.terminate()
            process.wait(30)


def _wait(url: str, *, method: str = "GET") -> None:
    deadline = time.monotonic() + 60
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
    raise RuntimeError(f"{url} was not ready within a minute")
