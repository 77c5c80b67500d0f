"""A Keepwell that really runs: its own data folder, its own server process, spoken to from outside alone."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

START_SECONDS = 240


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Instance:
    """A data folder, and how to run commands and a server on it."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        passed = {
            k: v
            for k, v in os.environ.items()
            if k not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "XDG_RUNTIME_DIR")
        }
        return passed | {"KEEPWELL_DATA": str(self.folder), "KEEPWELL_PORT": str(self.port)}

    def command(self, *words: str) -> list[str]:
        return [str(Path(sys.executable).with_name("keepwell")), *words]

    def run(self, *words: str, ok: bool = True) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            self.command(*words),
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert (done.returncode == 0) == ok, done.stdout + done.stderr
        return done

    def json(self, *words: str) -> Any:
        return json.loads(self.run(*words, "--json").stdout)

    def serve(self, *words: str) -> None:
        with (self.folder / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command("serve", *words), env=self.environment, stdout=log, stderr=log
            )
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            assert self.process is not None
            assert self.process.poll() is None, (self.folder / "serve.log").read_text()
            try:
                if httpx.get(f"{self.url}/healthz", timeout=20).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.2)
        raise AssertionError("not ready in time:\n" + (self.folder / "serve.log").read_text())

    def said(self) -> str:
        """What the serving process printed last: for whoever wonders why it does not answer."""
        return (self.folder / "serve.log").read_text()[-4000:]

    def has_a_server(self) -> bool:
        """Whether the folder's PostgreSQL runs."""
        return (self.folder / "postgres" / "postmaster.pid").exists()

    def last_words(self) -> str:
        """What the server said last, and who holds which lock: for whoever wonders why it still runs."""
        log = (self.folder / "postgres" / "log").read_text()[-2000:]
        locks = Path("/proc/locks")
        return log + (locks.read_text() if locks.exists() else "")

    def stop(self, number: int = signal.SIGINT) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        code = self.process.wait(180)
        self.process = None
        return code


@pytest.fixture
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    made = Instance(tmp_path_factory.mktemp("kw"), free_port())
    yield made
    if made.process is not None:
        made.stop()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """A served instance without a demo, with one administrator."""
    made = Instance(tmp_path_factory.mktemp("kw"), free_port())
    made.serve("--no-demo")
    made.run("user", "create", "root@fernhill.test", "--password", "correct horse battery", "--role", "admin")
    yield made
    if made.process is not None:
        made.stop()


def until(ask: Any, *, seconds: float = 400) -> Any:
    """Ask until the answer is true; what it last said otherwise."""
    deadline = time.monotonic() + seconds
    answer = ask()
    while not answer and time.monotonic() < deadline:
        time.sleep(0.1)
        answer = ask()
    return answer
