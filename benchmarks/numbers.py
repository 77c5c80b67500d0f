"""Every built-in metric of 100,000 accounts over the lake of `benchmarks.lake`; and a replay beside a single date.

The lake holds use alone, so what the metrics of facts cost here is their share of the pass, not of facts.
"""

import resource
import time
from collections.abc import Iterator
from functools import partial

from benchmarks import ground, lake

MOST_CPU, MOST_MEMORY, MOST_RATIO = 120, 4096, 8.0
WEEKS = 104
CARD = (
    "core_feature_adoption", "active_days", "seat_utilisation", "escalations_per_month", "latest_nps",
    "days_since_touchpoint",
)  # fmt: skip


def measure() -> Iterator[str]:
    """Each figure in a process of its own; the lake and its accounts must have been made by `benchmarks.lake`."""
    with ground.database(lake.folder()):
        all_, one, many = _part("all"), _part("one"), _part("many")
    yield (
        f"numbers: {all_['metrics']:.0f} metrics of {all_['accounts']:,.0f} accounts at one date over {lake.EVENTS:,} events: "
        f"{all_['cpu']:.0f} CPU seconds (limit {MOST_CPU}), memory {all_['memory']:,.0f} MiB (limit {MOST_MEMORY:,})"
    )
    yield (
        f"numbers: the metrics of the card, {WEEKS} weekly dates, each as known then: {many['cpu']:.0f} CPU seconds, "
        f"one date {one['cpu']:.0f}: {many['cpu'] / one['cpu']:.1f} times (limit {MOST_RATIO:.0f}); "
        f"memory {many['memory']:,.0f} MiB"
    )


def _part(name: str) -> ground.Figures:
    return ground.part("benchmarks.numbers", name, lake.folder(), EVENTS=str(lake.EVENTS))


def _asked(name: str) -> ground.Figures:
    from keepwell.kernel.moments import Grid
    from keepwell.metrics.catalogue import METRICS
    from keepwell.metrics.queries import values

    metrics = list(METRICS) if name == "all" else list(CARD)
    begun, worked = time.monotonic(), time.process_time()
    if name == "all":
        found = values.evaluate(metrics=metrics, grid=Grid(last=lake.DAY), known_by=None)
    else:
        found = values.replayed(metrics=metrics, grid=Grid(lake.DAY, 7, WEEKS if name == "many" else 1))
    return {
        "metrics": len(metrics),
        "accounts": found["account_id"].n_unique(),
        "rows": found.height,
        "seconds": time.monotonic() - begun,
        "cpu": time.process_time() - worked,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


if __name__ == "__main__":
    ground.answer({name: partial(_asked, name) for name in ("all", "one", "many")})
