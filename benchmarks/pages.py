"""What every page costs the server, beside 8,000 and beside 100,000 accounts with 10 million events.

The instances are that of `one_fact`, and that one multiplied (`multiplied`), made once and kept. Every address that answers a
signed-in administrator is asked for through all of the server but its socket, some times over; a few are turned back in time as
well. What reads the lake is no page's first answer: the page asks for it by itself afterwards. CPU is this process's and
PostgreSQL's. The first answer, which fills caches, is not counted. PAGES_ACCOUNTS=8000 measures one size alone.
"""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import ground, multiplied, one_fact

SIZES = tuple(int(size) for size in os.environ.get("PAGES_ACCOUNTS", "8000 100000").split())
TIMES = int(os.environ.get("PAGES_TIMES", "15"))
MOST_MS, BACK_MOST_MS, MOST_CPU_MS = 100, 1000, 50
LEAN = ("/accounts/", "/accounts/KEY/")
BACK = ("/accounts/?as_of=2025-12-07", "/accounts/KEY/?as_of=2025-12-07")
LATER = (
    "/measures/core-features/", "/data/unresolved/", "/data/identity/keys/", "/settings/departure/left/",
    "/accounts/KEY/movement/", "/accounts/KEY/charts/arr/", "/accounts/KEY/changes/",
)  # fmt: skip
FILES = (".csv", ".pdf", ".pptx", ".zip", ".ics")
COMPUTED = 8_000
SLUGS = {"measure": "active_people", "settings-scorecard": "saas-health", "quality-check": "no_people"}


def measure() -> Iterator[str]:
    """Each size in a process of its own; the pages over their limit are named."""
    for accounts in SIZES:
        with _standing(accounts) as folder:
            found = ground.part("benchmarks.pages", "pages", folder)
        yield from _told(accounts, found)


@contextmanager
def _standing(accounts: int) -> Iterator[Path]:
    """An instance of so many accounts, served: computed, or what was computed multiplied."""
    made = ground.kept(f"fact-{one_fact.EVENTS}")
    folder = made if accounts == COMPUTED else ground.kept(f"{made.name}-{accounts}")
    more = {"FACT_EVENTS": str(one_fact.EVENTS), "FACT_ACCOUNTS": str(accounts)}
    if accounts != COMPUTED and not (folder / "copied").exists():
        with _standing(COMPUTED):
            pass
        multiplied.copied(made, folder)
    ground.part("benchmarks.one_fact", "make", folder, **more)
    with ground.database(folder):
        if accounts != COMPUTED:
            ground.part("benchmarks.multiplied", "grow", folder, **more)
            yield folder
            return
        if not (folder / "told").exists():
            ground.part("benchmarks.one_fact", "tell", folder, **more)
            (folder / "told").touch()
        ground.part("benchmarks.one_fact", "ready", folder, **more)
        yield folder


def _told(accounts: int, found: ground.Figures) -> Iterator[str]:
    paths = sorted({name.split(" ", 1)[1] for name in found}, key=lambda path: -found[f"p95 {path}"])
    slow = [path for path in paths if found[f"p95 {path}"] > _limit(path)]
    held = len(paths) - len(slow)
    how = (
        "" if accounts == COMPUTED else f", what is stored of {COMPUTED:,} multiplied, of history eight weeks"
    )
    yield (
        f"pages: {accounts:,} accounts{how}: {held} of {len(paths)} pages within {MOST_MS} ms p95 "
        f"(turned back, and what a page asks for afterwards: {BACK_MOST_MS})"
    )
    for path in [*slow, *(path for path in (*LEAN, *BACK) if path in paths and path not in slow)]:
        p50, p95, cpu = (found[f"{what} {path}"] for what in ("p50", "p95", "cpu"))
        yield f"pages: {accounts:,} accounts: {path}: p50 {p50:.0f} ms, p95 {p95:.0f} ms, {cpu:.0f} ms of CPU"


def _limit(path: str) -> int:
    return BACK_MOST_MS if "as_of=" in path or path in LATER else MOST_MS


def pages() -> ground.Figures:
    """By page its server time and its CPU."""
    from django.conf import settings
    from django.test import Client

    from keepwell.config import schema, wsgi  # noqa: F401 - what is served has set how garbage is collected

    schema.bring_up_to_date()
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    client = Client()
    client.force_login(_somebody(), backend="django.contrib.auth.backends.ModelBackend")
    key = _largest()
    gc.collect()  # as in config/wsgi.py: what was loaded is not looked through for garbage meanwhile
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    found: ground.Figures = {}
    for path in (*_addresses(), *BACK):
        asked = path.replace("KEY", key)
        if client.get(asked).status_code != 200:
            continue
        cost = ground.timed(Path(settings.KEEPWELL_DATA), [partial(_read, client, asked)] * TIMES)
        found |= {f"p50 {path}": cost.p50, f"p95 {path}": cost.p95, f"cpu {path}": cost.cpu}
    return found


def _addresses() -> Iterator[str]:
    """Every address of the pages, with parts that stand in the instance; files and what never ends are left out."""
    from django.urls import get_resolver, reverse

    for pattern in get_resolver("keepwell.faces.web.urls").url_patterns:
        name = str(getattr(pattern, "name", ""))
        route = str(pattern.pattern)
        if route.endswith(FILES) or name == "live" or name.startswith("styles"):
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


def _read(client: Any, address: str) -> None:
    answer = client.get(address)
    _ = answer.getvalue() if answer.streaming else answer.content


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
