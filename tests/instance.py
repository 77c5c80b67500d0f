"""Start the test session's PostgreSQL before Django reads its settings (loaded early by pytest's `-p tests.instance`).

Every test session has its own data folder and, unless DATABASE_URL names one, its own server; parallel workers share
the server and have databases of their own.
"""

import atexit
import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

if "PYTEST_XDIST_WORKER" not in os.environ:
    folder = Path(tempfile.mkdtemp(prefix="keepwell-tests-"))
    os.environ["KEEPWELL_DATA"] = str(folder)
    (folder / "static").mkdir()
    cleanup = ExitStack()
    atexit.register(cleanup.close)
    cleanup.callback(shutil.rmtree, folder, ignore_errors=True)
    if "DATABASE_URL" not in os.environ:
        from keepwell.config import instance

        os.environ["DATABASE_URL"] = cleanup.enter_context(instance.postgres(folder))
