"""What measurements stand on: a folder that is kept, a lake in it, its accounts; and each figure in a process of its own."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np
import psutil

from benchmarks import history, houses

MADE_AT = datetime(2025, 12, 21, tzinfo=UTC)
Figures = dict[str, float]


def kept(name: str) -> Path:
    """A folder that later runs find again: in KEEPWELL_BENCH, by default ~/.cache/keepwell-bench."""
    return Path(os.environ.get("KEEPWELL_BENCH") or Path.home() / ".cache" / "keepwell-bench") / name


def part(module: str, name: str, folder: Path, **more: str) -> Figures:
    """What a function of a module measures, in a new process whose data folder is this one."""
    environment = os.environ | {"KEEPWELL_DATA": str(folder)} | more
    command = [sys.executable, "-m", module, name]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    answer: Figures = json.loads(done.stdout.splitlines()[-1])
    return answer


def answer(parts: Mapping[str, Callable[[], Figures]]) -> None:
    """The other end of `part`."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keepwell.config.settings")
    django.setup()
    print(json.dumps(parts[sys.argv[1]]()))


@contextmanager
def database(folder: Path) -> Iterator[str]:
    """The PostgreSQL of a folder, named in the environment of what is started meanwhile."""
    from keepwell.config import instance

    home = folder / "home"
    home.mkdir(parents=True, exist_ok=True)
    with instance.postgres(home) as url:
        os.environ["DATABASE_URL"] = url
        try:
            yield url
        finally:
            del os.environ["DATABASE_URL"]


def served(folder: Path) -> float:
    """CPU seconds that a folder's PostgreSQL has used, all its processes together."""
    pid = (folder / "home" / "postgres" / "postmaster.pid").read_text().split()[0]
    return houses.used_by(psutil.Process(int(pid)))


class Timed(NamedTuple):
    """Milliseconds: CPU of one asking on average, of this process and PostgreSQL; of the clock the median and 19 of 20."""

    cpu: float
    p50: float
    p95: float


def timed(folder: Path, askings: Iterable[Callable[[], object]]) -> Timed:
    """What each of these costs, one after another; what looking at PostgreSQL costs is left out."""
    walls = []
    at_first = served(folder)
    own = time.process_time()
    for ask in askings:
        begun = time.monotonic()
        ask()
        walls.append(1000 * (time.monotonic() - begun))
    own = time.process_time() - own
    cpu = 1000 * (own + served(folder) - at_first) / len(walls)
    return Timed(cpu, float(np.median(walls)), float(np.percentile(walls, 95)))


def lay(folder: Path, chunks: Iterable[history.Chunk]) -> Figures:
    """Append a history to the folder's lake in the order of its arrival, sorting each month once it is over; once."""
    from keepwell.ledger import lake

    begun = time.monotonic()
    done = folder / "made"
    if done.exists():
        return {"seconds": 0}
    shutil.rmtree(folder / "lake", ignore_errors=True)
    month = ""
    for chunk in chunks:
        if chunk.month != month:
            lake.settle()
            month = chunk.month
        lake.append(chunk.rows, batch=chunk.last_batch)
    lake.settle()
    done.touch()
    return {"seconds": time.monotonic() - begun}


def take_in(base: history.Base) -> list[int]:
    """The accounts of a base, their keys, and the people without an account of their own; gives the accounts' ids."""
    from django.db import connection

    from keepwell.config import schema
    from keepwell.ledger import models

    schema.bring_up_to_date()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE ledger_account, ledger_person, ledger_retraction CASCADE")
    keys = [history.account_key(number) for number in range(base.accounts)]
    made = models.Account.objects.bulk_create(models.Account(key=key, name=key) for key in keys)
    models.IdentityLink.objects.bulk_create(
        models.IdentityLink(key=account.key, account=account, linked_at=MADE_AT) for account in made
    )
    visitors = models.Person.objects.bulk_create(
        models.Person(key=history.visitor_key(number)) for number in range(base.visitors)
    )
    models.Placement.objects.bulk_create(
        models.Placement(person=person, account=account)
        for person, account in zip(visitors, made, strict=False)
    )
    return [account.pk for account in made]
