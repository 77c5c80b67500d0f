"""Signals beside 8,000 accounts: a sweep of 60 rules, and the rehearsal of one rule over a year, each day as known then.

The instance is a copy of that of `benchmarks.one_fact`, which stays as it is: its tables are copied, its lake is linked file by
file, for a lake never changes a file. The rules are those of the practice pack and variations of them, so that every
kind of condition is asked. The run in which the rules begin writes the firings; the sweep that is told comes after it and finds
nothing new, as on most nights. CPU is this process's and PostgreSQL's.
"""

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks import ground, multiplied, one_fact

RULES, MOST_SWEEP_SECONDS, MOST_REHEARSAL_SECONDS = 60, 10, 5
LATER = one_fact.NOON + timedelta(hours=2)


def measure() -> Iterator[str]:
    """Make the instance if it is not there, let rules watch in a copy of it, then sweep and rehearse."""
    made, folder = ground.kept(f"fact-{one_fact.EVENTS}"), ground.kept(f"signals-{one_fact.EVENTS}")

    def part(module: str, name: str, where: Path = folder) -> ground.Figures:
        return ground.part(f"benchmarks.{module}", name, where, FACT_EVENTS=str(one_fact.EVENTS))

    part("one_fact", "make", made)
    if not (made / "told").exists():
        with ground.database(made):
            part("one_fact", "tell", made)
            (made / "told").touch()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    multiplied.copied(made, folder)
    subprocess.run(["cp", "-al", str(made / "lake"), str(folder / "lake")], check=True)
    with ground.database(folder):
        part("one_fact", "ready")
        watched, swept = part("signals", "watch"), part("signals", "sweep")
        rehearsed = part("signals", "rehearse")
    shutil.rmtree(folder)
    many = f"{RULES} rules over {one_fact.BASE.accounts:,} accounts"
    yield (
        f"signals: {many}, swept whole: {swept['seconds']:.1f} s, {swept['cpu']:.1f} CPU seconds "
        f"(limit {MOST_SWEEP_SECONDS} s on two cores); {watched['held']:,.0f} firings hold"
    )
    yield (
        f"signals: one rule rehearsed over {rehearsed['days']:.0f} weekly dates of {rehearsed['accounts']:,.0f} accounts, "
        f"{one_fact.EVENTS:,} events: {rehearsed['seconds']:.1f} s, {rehearsed['cpu']:.1f} CPU seconds "
        f"(limit {MOST_REHEARSAL_SECONDS} s)"
    )


def _timed(do: Callable[[], dict[str, float]]) -> ground.Figures:
    from django.conf import settings

    folder = Path(settings.KEEPWELL_DATA)
    served, begun, worked = ground.served(folder), time.monotonic(), time.process_time()
    found = do()
    seconds = time.monotonic() - begun
    return found | {"seconds": seconds, "cpu": time.process_time() - worked + ground.served(folder) - served}


def _definitions() -> Iterator[dict[str, Any]]:
    """Those of the pack, then thresholds, changes, streaks and dates, each a little different."""
    from keepwell.packs import loading

    shipped = [rule.definition for rule in loading.find("saas").rules]
    yield from shipped
    for n in range(RULES - len(shipped)):
        kinds: list[dict[str, Any]] = [
            {"of": "metric.active_days", "below": n},
            {"of": "change.active_people", "below": -n, "in_days": 28},
            {"of": "highest.seat_utilisation", "below": n, "in_days": 28},
            {"of": "renewal_date", "within_days": n},
            {"all": [{"of": "arr", "above": 1000 * n}, {"of": "score.points", "below": 2 * n}]},
        ]
        yield {"when": kinds[n % len(kinds)]}


def watch() -> ground.Figures:
    """Let all rules watch, and count of whom they hold already."""
    from keepwell.access.scopes import system
    from keepwell.pipeline.actions import advance
    from keepwell.signals.actions import rules
    from keepwell.signals.models import Firing

    by = system(through="bench")
    for number, definition in enumerate(_definitions()):
        slug = f"bench-{number}"
        rules.put(slug=slug, title=slug, definition=definition, by=by, at=one_fact.NOON, begin=False)
    advance(at=LATER)
    return {"held": Firing.objects.count()}


def sweep() -> ground.Figures:
    """Everybody is looked at again."""
    from keepwell.signals.actions import looking

    def do() -> dict[str, float]:
        found = looking.look(since_by_account=None, at=LATER)
        return {"fired": len(found.fired)}

    return _timed(do)


def rehearse() -> ground.Figures:
    """A year of one rule: a fall in use before a renewal, of accounts worth looking at."""
    from keepwell.access.scopes import system
    from keepwell.signals.actions import rehearsals as deeds
    from keepwell.signals.actions import rules
    from keepwell.signals.queries import rehearsals

    by = system(through="bench")
    asked = [{"of": "arr", "above": 5000}, {"of": "change.active_people", "below": -20, "in_days": 28}]
    rules.save(slug="rehearsed", title="Rehearsed", definition={"when": {"all": asked}}, by=by, at=LATER)

    def do() -> dict[str, float]:
        number = deeds.ask(slug="rehearsed", by=by, at=LATER)
        deeds.run(rehearsal_id=number, at=LATER)
        figures = rehearsals.find(rehearsal_id=number, seen_by=by).figures or {}
        return {"days": figures["days"], "accounts": figures["customers"]}

    return _timed(do)


if __name__ == "__main__":
    ground.answer({"watch": watch, "sweep": sweep, "rehearse": rehearse})
