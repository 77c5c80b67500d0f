"""Counts of 28 days per account, event and week: fight-churn's SQL on PostgreSQL, and the same asked of the lake.

fight-churn 1.2.0 is installed from its pinned requirements into an environment of its own and runs its listing 3.3 by its own
code, on its own tables with its own indexes, on the PostgreSQL that Keepwell brings, with that server's default settings. The
listing counts each of eight events on fifteen weekly dates: `event_time >= date - 28 days and event_time < date`. Keepwell is
asked for the same numbers as eight defined metrics; a window there is 28 whole days that end with the asked one, so the day
before the date is asked. Where an account did nothing, fight-churn says nothing and Keepwell says zero.

Both are asked twice on servers that run already, and of each the lesser counts. The history is drawn from a seed over the five
months that fight-churn simulates. COUNTS=1000000 takes one size only.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, urlsplit

from benchmarks import ground, history

if TYPE_CHECKING:
    import polars as pl

SIZES = [int(size) for size in os.environ.get("COUNTS", "1000000,3000000,10000000").split(",")]
EVENTS = ("like", "newfriend", "post", "adview", "dislike", "unfriend", "message", "reply")
BASE = history.Base(
    accounts=8_000, visitors=0, visiting=0, first_day=date(2020, 1, 1), days=152, features=EVENTS, name="{}"
)
DATES, LAST = 15, date(2020, 5, 10)
MOST = 1 / 40
REQUIREMENTS = Path(__file__).with_name("fightchurn.txt")
LISTINGS = Path(__file__).with_name("fightchurn_listings.py")


def measure() -> Iterator[str]:
    """The CPU of both for each size, and at the largest their ratio."""
    python, ratio = _environment(), 0.0
    for size in SIZES:
        theirs, ours = _measured(python, size)
        ratio = ours["cpu"] / theirs["cpu"]
        yield (
            f"counts: 28 days of {len(EVENTS)} events on {DATES} weekly dates, {BASE.accounts:,} accounts, {size:,} events, "
            f"{ours['counts']:,.0f} counts, all equal: {ours['cpu']:.2f} CPU seconds ({ours['seconds']:.1f} s), "
            f"fight-churn {theirs['cpu']:.1f} ({theirs['seconds']:.1f} s): 1/{1 / ratio:.0f}"
        )
    yield f"counts: at {SIZES[-1]:,} events 1/{1 / ratio:.0f} of fight-churn's CPU (limit 1/{1 / MOST:.0f})"


def _environment() -> Path:
    """fight-churn's Python, made once. Of what it requires there is what its listings of SQL import."""
    folder = ground.kept("fightchurn-1.2.0")
    python = folder / "bin" / "python"
    uv: list[str | Path] = [sys.executable, "-m", "uv"]
    if not (folder / "made").exists():
        subprocess.run([*uv, "venv", "--quiet", "--clear", "--python", sys.executable, folder], check=True)
        command: list[str | Path] = [
            *uv,
            "pip",
            "install",
            "--quiet",
            "--python",
            python,
            "--require-hashes",
            "--no-deps",
        ]
        subprocess.run([*command, "--build-constraints", REQUIREMENTS, "-r", REQUIREMENTS], check=True)
        (folder / "made").touch()
    return python


def _measured(python: Path, size: int) -> tuple[ground.Figures, ground.Figures]:
    folder = ground.kept(f"counts-{size}")

    def part(name: str) -> ground.Figures:
        return ground.part("benchmarks.peer_counts", name, folder, COUNTS=str(size))

    part("make")
    with ground.database(folder) as url:
        if not (folder / "filled").exists():
            _listing(python, "tables", url, folder)
            part("fill")
            (folder / "filled").touch()
        found = []
        for _ in range(2):
            part("ready")
            begun, worked = time.monotonic(), ground.served(folder)
            _listing(python, "counts", url, folder)
            spent = {"cpu": ground.served(folder) - worked, "seconds": time.monotonic() - begun}
            found.append((spent, part("ours")))
    theirs, ours = (min((pair[place] for pair in found), key=lambda one: one["cpu"]) for place in (0, 1))
    return theirs, ours


def _listing(python: Path, deed: str, url: str, folder: Path) -> None:
    """Let fight-churn's code do it. It writes its address of the server by itself, where a socket's folder is escaped."""
    split = urlsplit(url)
    socket = quote(parse_qs(split.query)["host"][0], safe="")
    words: list[str | Path] = [
        socket,
        split.path.removeprefix("/"),
        split.username or "postgres",
        folder / "fightchurn",
    ]
    subprocess.run([python, "-P", LISTINGS, deed, *words], check=True, stdout=subprocess.DEVNULL)


def _size() -> int:
    (size,) = SIZES
    return size


def make() -> ground.Figures:
    """The lake, once."""
    from django.conf import settings

    return ground.lay(Path(settings.KEEPWELL_DATA), history.chunks(events=_size(), base=BASE))


def fill() -> ground.Figures:
    """fight-churn's tables: the same events in the order of their arrival; then vacuumed, analysed and forced to the disk."""
    import polars as pl
    from django.db import connection

    kinds = pl.DataFrame({"name": EVENTS, "kind": range(len(EVENTS))})
    with connection.cursor() as cursor:
        cursor.execute("SET search_path = socialnet7")
        with cursor.copy("COPY event_type FROM STDIN (FORMAT csv)") as copy:
            copy.write(kinds.select("kind", "name").write_csv(include_header=False))
        for chunk in history.chunks(events=_size(), base=BASE):
            rows = pl.DataFrame(chunk.rows).join(kinds, on="name", maintain_order="left")
            told = rows.select(
                pl.col("account").str.slice(5).cast(pl.Int64),
                pl.col("at").dt.strftime("%Y-%m-%d %H:%M:%S%.6f"),
                pl.col("kind_right"),
            )
            with cursor.copy(
                "COPY event (account_id, event_time, event_type_id) FROM STDIN (FORMAT csv)"
            ) as copy:
                copy.write(told.write_csv(include_header=False))
        cursor.execute("VACUUM ANALYZE event")
        cursor.execute("CHECKPOINT")
    return {}


def ready() -> ground.Figures:
    """The accounts and the metrics; and none of fight-churn's answers yet."""
    from django.db import connection

    from keepwell.access.scopes import system
    from keepwell.metrics.actions import definitions

    made = ground.take_in(BASE)
    for event in EVENTS:
        definitions.save(definition=_counting(event), by=system(through="bench"), at=ground.MADE_AT)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE socialnet7.metric")
        cursor.execute("CHECKPOINT")
    return {"accounts": len(made)}


def _counting(event: str) -> dict[str, Any]:
    return {
        "slug": event,
        "title": f"{event.capitalize()} per month",
        "unit": "events",
        "sentence": f"How often there was a {event} in 28 days.",
        "unknown_when": "no use is known",
        "measure": {"take": "count", "days": 28, "events": {"names": [event]}},
    }


def ours() -> ground.Figures:
    """Ask for the counts twice, of a process that runs as their server does; then see that they are fight-churn's."""
    from django.conf import settings

    from keepwell.kernel.moments import Grid
    from keepwell.metrics.queries import values

    folder, grid = Path(settings.KEEPWELL_DATA), Grid(LAST - timedelta(days=1), 7, DATES)
    each = []
    for _ in range(2):
        begun, worked, served = time.monotonic(), time.process_time(), ground.served(folder)
        found = values.evaluate(metrics=EVENTS, grid=grid, known_by=None)
        each.append(
            {
                "seconds": time.monotonic() - begun,
                "cpu": time.process_time() - worked + ground.served(folder) - served,
            }
        )
    return min(each, key=lambda one: one["cpu"]) | {"counts": _same(found)}


def _same(found: "pl.DataFrame") -> float:
    """How many counts both gave, each of them the same; else this fails."""
    import polars as pl
    from django.db import connection
    from polars.testing import assert_frame_equal

    from keepwell.ledger.models import Account

    numbers = pl.DataFrame(
        list(Account.objects.values_list("pk", "key")), schema=["account_id", "key"], orient="row"
    ).select("account_id", number=pl.col("key").str.slice(5).cast(pl.Int64))
    ours = found.filter(pl.col("value") > 0).join(numbers, on="account_id")
    with connection.cursor() as cursor:
        cursor.execute("SELECT account_id, metric_time, metric_name_id, metric_value FROM socialnet7.metric")
        told = pl.DataFrame(cursor.fetchall(), schema=["number", "at", "kind", "value"], orient="row")
    theirs = told.select(
        "number",
        as_of=pl.col("at").dt.date() - pl.duration(days=1),
        metric=pl.col("kind").replace_strict(dict(enumerate(EVENTS)), return_dtype=pl.String),
        value=pl.col("value").cast(pl.Float64),
    )
    keys = ["number", "as_of", "metric"]
    assert_frame_equal(ours.select(theirs.columns).sort(keys), theirs.sort(keys), check_exact=True)
    return float(theirs.height)


if __name__ == "__main__":
    ground.answer({"make": make, "fill": fill, "ready": ready, "ours": ours})
