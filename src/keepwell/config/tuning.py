"""What the libraries beneath read once from the environment, as they are loaded."""

import os

# One thread for each sum of few numbers. Memory that is free again stays for ten seconds (jemalloc's own default; Polars has
# half a second): a run of many small questions asks for it anew at once, and pages that the kernel clears are a sixth of it.
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "_RJEM_MALLOC_CONF": "dirty_decay_ms:10000,muzzy_decay_ms:10000",
}


def settle() -> None:
    """Say it for this process and those it starts, unless somebody said otherwise. Before NumPy and Polars are imported."""
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
