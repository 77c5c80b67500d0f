"""A hundred million events of 100,000 accounts: bytes on disk, and a metric's time beside a bare scan of its columns.

`make bench EVENTS=1000000` takes fewer. The lake is made once and kept (KEEPWELL_BENCH, by default ~/.cache/keepwell-bench).
"""

import os
import resource
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from benchmarks import ground, history

EVENTS = int(os.environ.get("EVENTS", "100000000"))
DAY = date(2025, 12, 20)
KNOWN_BY = datetime(2025, 12, 21, tzinfo=UTC)
RETRACTED = 1000
MOST_BYTES, MOST_RATIO, MOST_MEMORY = 30, 3.0, 4096


def folder() -> Path:
    """Where the lake of this size is kept."""
    return ground.kept(f"lake-{EVENTS}")


def measure() -> Iterator[str]:
    """Make the lake if it is not there; then measure it, each figure in a process of its own."""
    _part("make")
    size = _part("size")
    yield (
        f"lake: {size['events']:,} events of 100,000 accounts without props, compacted: "
        f"{size['bytes']:.1f} bytes each on disk (limit {MOST_BYTES})"
    )
    with ground.database(folder()):
        _part("accounts")
        found = [(_part("scan"), _part("metric")) for _ in range(2)]
    scan, metric = (min((pair[place] for pair in found), key=lambda part: part["cpu"]) for place in (0, 1))
    memory = max(metric["memory"] for _, metric in found)
    yield (
        f"lake: people active in 28 days, {metric['accounts']:,} accounts at one moment, as known then, "
        f"{RETRACTED:,} events retracted: {metric['cpu']:.1f} CPU seconds ({metric['seconds']:.1f} s), bare scan of the "
        f"same columns {scan['cpu']:.1f} ({scan['seconds']:.1f} s): {metric['cpu'] / scan['cpu']:.1f} times "
        f"(limit {MOST_RATIO:.0f}); memory {memory:,.0f} MiB (limit {MOST_MEMORY:,})"
    )


def _part(name: str) -> ground.Figures:
    return ground.part("benchmarks.lake", name, folder(), EVENTS=str(EVENTS))


def make() -> ground.Figures:
    """The lake, once."""
    return ground.lay(folder(), history.chunks(events=EVENTS))


def size() -> ground.Figures:
    """Bytes of the present version's files, an event."""
    import polars as pl

    from keepwell.ledger import lake

    files = lake.snapshot().files
    events = pl.scan_parquet(files).select(pl.len()).collect().item()
    return {"events": events, "bytes": sum(Path(file).stat().st_size for file in files) / events}


def accounts() -> ground.Figures:
    """The accounts, their keys, the people without an account of their own, some retractions."""
    from keepwell.ledger import lake, models

    made = ground.take_in(history.LARGE)
    recent = lake.scan(since=KNOWN_BY - timedelta(days=5)).select("id", "account", "kind", "at")
    taken_back = recent.head(100 * RETRACTED).gather_every(100).collect(engine="streaming")
    models.Retraction.objects.bulk_create(
        models.Retraction(
            key=UUID(bytes=key), account=account, kind=kind, at=at, known_at=KNOWN_BY - timedelta(days=1)
        )
        for key, account, kind, at in taken_back.iter_rows()
    )
    return {"accounts": len(made)}


def scan() -> ground.Figures:
    """Read the columns that the metric reads, all rows, and do nothing with them."""
    import polars as pl

    from keepwell.ledger import lake

    columns = ["account", "person", "kind", "at", "known_at", "origin"]
    begun, worked = time.monotonic(), time.process_time()
    rows = 0

    def seen(frame: pl.DataFrame) -> None:
        nonlocal rows
        rows += frame.height

    pl.scan_parquet(lake.snapshot().files).select(columns).sink_batches(seen, engine="streaming")
    return {"seconds": time.monotonic() - begun, "cpu": time.process_time() - worked, "rows": rows}


def metric() -> ground.Figures:
    """Distinct people of 28 days for every account at one moment, as it was known then."""
    from keepwell.kernel.moments import Grid
    from keepwell.metrics.queries import values

    begun, worked = time.monotonic(), time.process_time()
    found = values.evaluate(metrics=["active_people"], grid=Grid(last=DAY), known_by=KNOWN_BY)
    seconds = time.monotonic() - begun
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "seconds": seconds,
        "cpu": time.process_time() - worked,
        "accounts": found.height,
        "memory": memory,
        "people": float(found["value"].sum()),
    }


PARTS = {"make": make, "size": size, "accounts": accounts, "scan": scan, "metric": metric}

if __name__ == "__main__":
    ground.answer(PARTS)
