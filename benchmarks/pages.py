"""What every page costs the server, beside 8,000 and beside 100,000 accounts with 10 million events.

The instance is that of `one_fact`, made once and kept. Every address that answers a signed-in administrator is asked for
through all of the server but its socket, some times over; a few are turned back in time as well. CPU is this process's and
PostgreSQL's. The first answer, which fills caches, is not counted. PAGES_ACCOUNTS=8000 measures one size alone.
"""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks import ground, one_fact

SIZES = tuple(int(size) for size in os.environ.get("PAGES_ACCOUNTS", "8000 100000").split())
TIMES = int(os.environ.get("PAGES_TIMES", "15"))
MOST_MS, BACK_MOST_MS, MOST_CPU_MS = 100, 1000, 50
LEAN = ("/accounts/", "/accounts/KEY/")
BACK = ("/accounts/?as_of=2025-06-30", "/accounts/KEY/?as_of=2025-06-30")
SLUGS = {"measure": "active_people", "settings-scorecard": "saas-health", "quality-check": "no_people"}


def measure() -> Iterator[str]:
    """Each size in a process of its own; the pages over their limit are named."""
    for accounts in SIZES:
        name = f"fact-{one_fact.EVENTS}" + ("" if accounts == 8_000 else f"-{accounts}")
        more = {"FACT_EVENTS": str(one_fact.EVENTS), "FACT_ACCOUNTS": str(accounts)}
        folder = ground.kept(name)
        ground.part("benchmarks.one_fact", "make", folder, **more)
        with ground.database(folder):
            if not (folder / "told").exists():
                ground.part("benchmarks.one_fact", "tell", folder, **more)
                (folder / "told").touch()
            ground.part("benchmarks.one_fact", "ready", folder, **more)
            yield from _told(accounts, ground.part("benchmarks.pages", "pages", folder, **more))


def _told(accounts: int, found: ground.Figures) -> Iterator[str]:
    paths = sorted({name.split(" ", 1)[1] for name in found}, key=lambda path: -found[f"p95 {path}"])
    slow = [path for path in paths if found[f"p95 {path}"] > _limit(path)]
    held = len(paths) - len(slow)
    yield f"pages: {accounts:,} accounts: {held} of {len(paths)} pages within {MOST_MS} ms p95 (turned back {BACK_MOST_MS})"
    for path in [*slow, *(path for path in (*LEAN, *BACK) if path in paths and path not in slow)]:
        p50, p95, cpu = (found[f"{what} {path}"] for what in ("p50", "p95", "cpu"))
        yield f"pages: {accounts:,} accounts: {path}: p50 {p50:.0f} ms, p95 {p95:.0f} ms, {cpu:.0f} ms of CPU"


def _limit(path: str) -> int:
    return BACK_MOST_MS if "as_of=" in path else MOST_MS


def pages() -> ground.Figures:
    """By page its server time and its CPU."""
    from django.conf import settings
    from django.test import Client

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    client = Client()
    client.force_login(_somebody(), backend="django.contrib.auth.backends.ModelBackend")
    key = _largest()
    found: ground.Figures = {}
    for path in (*_addresses(), *BACK):
        asked = path.replace("KEY", key)
        if client.get(asked).status_code != 200:
            continue
        walls, cpus = [], []
        for _ in range(TIMES):
            begun, worked = time.monotonic(), _worked()
            answer = client.get(asked)
            _ = answer.getvalue() if answer.streaming else answer.content
            walls.append(1000 * (time.monotonic() - begun))
            cpus.append(1000 * (_worked() - worked))
        found |= {f"p{q} {path}": float(np.percentile(walls, q)) for q in (50, 95)}
        found[f"cpu {path}"] = float(np.median(cpus))
    return found


def _addresses() -> Iterator[str]:
    """Every address of the pages, with parts that stand in the instance; files and what never ends are left out."""
    from django.urls import get_resolver, reverse

    for pattern in get_resolver("keepwell.faces.web.urls").url_patterns:
        name = str(getattr(pattern, "name", ""))
        route = str(pattern.pattern)
        if route.endswith(".csv") or "stream" in route or name.startswith("styles"):
            continue
        slug = next((slug for start, slug in SLUGS.items() if name.startswith(start)), "quiet-and-large")
        said = {"key": "KEY", "slug": slug, "name": "arr", "kind": "tickets"}
        parts = [
            part
            for part in pattern.pattern.converters
            if part not in (getattr(pattern, "default_args", None) or {})
        ]  # type: ignore[union-attr]
        yield reverse(
            name,
            kwargs={part: said.get(part, 1 if part.endswith(("_id", "number")) else "arr") for part in parts},
        )


def _worked() -> float:
    """CPU seconds of this process and of PostgreSQL."""
    from django.conf import settings

    return time.process_time() + ground.served(Path(settings.KEEPWELL_DATA))


def _somebody() -> "object":
    from keepwell.access.actions import users
    from keepwell.access.models import User
    from keepwell.access.scopes import system

    email = "pages@bench.test"
    found = User.objects.filter(email=email).first()
    if found is None:
        by = system(through="bench")
        users.create(
            email=email, password="correct horse battery", role="admin", by=by, at=one_fact.NOON, name="Pages"
        )
        found = User.objects.get(email=email)
    return found


def _largest() -> str:
    """The account with the largest ARR."""
    from keepwell.ledger.models import Account

    return str(Account.objects.exclude(arr_reporting=None).order_by("-arr_reporting")[0].key)


if __name__ == "__main__":
    ground.answer({"pages": pages})
