"""A real S3 server on the loopback, with a bucket for whoever asks."""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

KEY, SECRET = "keepwell", "keepwell-secret"


def _free() -> int:
    """A port that nobody listens on; its neighbour 10,000 above is free too, where the server talks to itself."""
    while True:
        with socket.socket() as probe, socket.socket() as inner:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
            if port + 10_000 > 65_535:
                continue
            try:
                inner.bind(("127.0.0.1", port + 10_000))
            except OSError:
                continue
            return port


@pytest.fixture(scope="session")
def object_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The server's address."""
    folder = tmp_path_factory.mktemp("objects")
    may = ["Admin", "Read", "Write", "List", "Tagging"]
    who = {"name": KEY, "credentials": [{"accessKey": KEY, "secretKey": SECRET}], "actions": may}
    (folder / "s3.json").write_text(json.dumps({"identities": [who]}))
    ports = {name: _free() for name in ("master", "volume", "filer", "s3")}
    command = [str(Path(sys.executable).parent / "weed"), "server", f"-dir={folder}", "-ip=127.0.0.1"]
    command += ["-ip.bind=127.0.0.1", "-s3", f"-s3.config={folder / 's3.json'}", "-master.telemetry=false"]
    command += ["-volume.max=20", "-master.volumeSizeLimitMB=64"]
    command += [f"-{name}.port={port}" for name, port in ports.items()]
    with (folder / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as server:
        try:
            yield _ready(f"http://127.0.0.1:{ports['s3']}", folder / "log")
        finally:
            server.kill()


def _ready(address: str, log: Path) -> str:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=5).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
        else:
            return address
    raise AssertionError(f"the object store did not answer:\n{log.read_text()[-3000:]}")
