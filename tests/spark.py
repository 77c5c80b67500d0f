"""A Spark cluster of our own on the loopback: a master and two workers."""

import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pyspark
import pytest

HOME = Path(pyspark.__file__).parent
CLASS = HOME / "bin" / "spark-class"
DEPLOY = "org.apache.spark.deploy"
LOCAL = "127.0.0.1"


@pytest.fixture(scope="session")
def spark_master(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The master's address, once both workers have joined it."""
    folder = tmp_path_factory.mktemp("spark")
    environment = os.environ | {
        "SPARK_HOME": str(HOME),
        "SPARK_LOCAL_IP": LOCAL,
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_LOCAL_DIRS": str(folder),
        "SPARK_WORKER_DIR": str(folder / "work"),
    }
    with ExitStack() as stack:

        def start(name: str, *words: str) -> Path:
            log = folder / f"{name}.log"
            out = stack.enter_context(log.open("wb"))
            process = subprocess.Popen([str(CLASS), *words], env=environment, stdout=out, stderr=out)
            stack.callback(process.wait, 30)
            stack.callback(process.kill)
            return log

        listens = ("--host", LOCAL, "--port", "0", "--webui-port", "0")
        master = _said(start("master", f"{DEPLOY}.master.Master", *listens), r"(spark://\S+:\d+)")
        for number in (1, 2):
            size = ("--cores", "1", "--memory", "1g")
            log = start(f"worker{number}", f"{DEPLOY}.worker.Worker", *listens, *size, master)
            _said(log, r"(Successfully registered)")
        yield master


def _said(log: Path, pattern: str) -> str:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if found := re.search(pattern, log.read_text()):
            return found[1]
        time.sleep(0.2)
    raise AssertionError(f"{log.name} never said {pattern}:\n{log.read_text()[-3000:]}")
