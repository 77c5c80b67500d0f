"""The disk fills up: it is told in words, nothing that was acknowledged is lost, and all goes on when there is room again."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import psutil
import pytest

from tests.stories import killing
from tests.stories.conftest import Instance, free_port, until

DISK_MB, LEAST_FREE_MB = 500, 60


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Instance]:
    """An instance on a small disk of its own."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root can make a small disk")
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        pytest.skip(f"no disk can be mounted here: {made.stderr.strip()}")
    instance = Instance(tmp_path, free_port())
    try:
        yield instance
    finally:
        if instance.process is not None:
            instance.stop()
        subprocess.run(["umount", "-l", str(tmp_path)], check=True)


def fill(folder: Path, *, leave_mb: int) -> Path:
    """Take all of the disk but some megabytes."""
    path = folder / "filler"
    with path.open("ab") as file:
        try:
            while os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize > leave_mb * 1024**2:
                file.write(b"x" * 1024**2)
                file.flush()
        except OSError:
            pass
    return path


def test_a_full_disk_is_told_and_loses_nothing(small: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEEPWELL_LEAST_FREE_MB", str(LEAST_FREE_MB))
    small.serve("--no-demo")
    key = small.run("source", "create", "app").stdout.strip()
    relay = killing.victims(small)["relay"]
    names = [f"m{i}" for i in range(400)]
    relay.send_signal(signal.SIGSTOP)  # so that acknowledged events wait when the disk is full
    assert _sent(small, key, names) == 200
    filler = fill(small.folder, leave_mb=LEAST_FREE_MB - 20)
    time.sleep(1.5)
    refused = httpx.post(f"{small.url}/v1/batch", json={"batch": []}, auth=(key, ""), timeout=60)
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
    assert f"{LEAST_FREE_MB} MB are kept free" in refused.json()["error"]
    health = httpx.get(f"{small.url}/healthz", timeout=60)
    assert (health.status_code, health.json()["disk"]) == (503, False)
    assert any("MB left" in words for words in health.json()["trouble"])
    found = json.loads(small.run("doctor", "--json", ok=False).stdout)
    disk = next(check for check in found if check["name"] == "disk")
    assert not disk["ok"]
    fill(small.folder, leave_mb=0)
    relay.send_signal(signal.SIGCONT)
    assert until(lambda: "again" in _relays_words(small))
    filler.unlink()
    assert until(lambda: _ready(small)), (small.folder / "serve.log").read_text()
    assert until(lambda: _sent(small, key, ["after"]) == 200)
    assert until(lambda: killing.nothing_waits(small))
    killing.came_through_once(small, [*names, "after"])


def _sent(instance: Instance, key: str, names: list[str]) -> int:
    calls = [{"type": "track", "event": "login", "userId": "u1", "messageId": name} for name in names]
    address = f"{instance.url}/v1/batch"
    try:
        return httpx.post(address, json={"batch": calls}, auth=(key, ""), timeout=60).status_code
    except httpx.TransportError:
        return 0


def _relays_words(instance: Instance) -> str:
    """What the log says of a relay that cannot go on."""
    return (instance.folder / "serve.log").read_text()


def _ready(instance: Instance) -> bool:
    try:
        return httpx.get(f"{instance.url}/healthz", timeout=60).status_code == 200
    except httpx.TransportError:
        return False


def test_a_database_that_was_killed_is_started_again(instance: Instance) -> None:
    instance.serve("--no-demo")
    key = instance.run("source", "create", "app").stdout.strip()
    assert _sent(instance, key, ["m1"]) == 200
    postmaster = int((instance.folder / "postgres" / "postmaster.pid").read_text().split()[0])
    backends = psutil.Process(postmaster).children()
    for process in (postmaster, *(backend.pid for backend in backends)):
        with suppress(ProcessLookupError):  # without the first of them the others end by themselves
            os.kill(process, signal.SIGKILL)
    assert until(lambda: _sent(instance, key, ["m2"]) == 200), _relays_words(instance)
    assert until(lambda: killing.nothing_waits(instance))
    killing.came_through_once(instance, ["m1", "m2"])
