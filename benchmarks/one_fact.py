"""What one new fact costs until its account's score holds it, beside 8,000 accounts with 10 million events.

The instance is made once and kept: two years of use, and of each account a contract, tickets, an NPS answer, touchpoints; the
practice pack for SaaS judges, a segment is kept. Then facts come one after another, of accounts drawn by how much they do (so
the largest most often), three of four of them use. Of each a run of the pipeline is measured, once the relay carried the fact
to the lake: until the score is stored (whom the fact concerns, the account's metrics, its score and standing), and to its end
(memberships, the portfolio, the rules). CPU is this process's and PostgreSQL's. FACT_EVENTS=1000000 takes a smaller history.
"""

import os
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from benchmarks import ground, history

EVENTS = int(os.environ.get("FACT_EVENTS", "10000000"))
ACCOUNTS = int(os.environ.get("FACT_ACCOUNTS", "8000"))
BASE = history.Base(accounts=ACCOUNTS, visitors=ACCOUNTS // 5)
DAY = date(2025, 12, 31)
NOON = datetime(2025, 12, 31, 12, tzinfo=UTC)
FACTS = 200
MOST_MS = 300


def measure() -> Iterator[str]:
    """Make the instance if it is not there, bring it up to date, and let the facts come."""
    folder = ground.kept(f"fact-{EVENTS}")

    def part(name: str) -> ground.Figures:
        return ground.part("benchmarks.one_fact", name, folder, FACT_EVENTS=str(EVENTS))

    part("make")
    with ground.database(folder):
        if not (folder / "told").exists():
            part("tell")
            (folder / "told").touch()
        whole, facts = part("ready"), part("facts")
    if whole["cpu"] > 10:
        yield f"fact: all scores of {BASE.accounts:,} accounts over {EVENTS:,} events: {whole['cpu']:.0f} CPU seconds"
    yield (
        f"fact: one account's score after a fact, {BASE.accounts:,} accounts, {EVENTS:,} events, {FACTS} facts one after "
        f"another: {_told(facts, 'score')} (limit {MOST_MS}); to the end of the run {_told(facts, 'run')}"
    )


def _told(facts: ground.Figures, until: str) -> str:
    parts = [
        f"p{q} {facts[f'{until}_cpu{q}']:.0f} ms of CPU, {facts[f'{until}_wall{q}']:.0f} ms" for q in (50, 95)
    ]
    return "; ".join(parts)


def make() -> ground.Figures:
    """The lake, once."""
    from django.conf import settings

    return ground.lay(Path(settings.KEEPWELL_DATA), history.chunks(events=EVENTS, base=BASE))


def tell() -> ground.Figures:
    """The accounts and what is known of them beside use; what judges them."""
    from keepwell.access.scopes import system
    from keepwell.ledger.actions import contracts, surveys, tickets, touchpoints
    from keepwell.metrics.actions import settings
    from keepwell.packs import actions as packs
    from keepwell.segments.actions import segments

    by = system(through="bench")
    ground.take_in(BASE)
    rng = np.random.default_rng(4)
    for upsert, rows in (
        (contracts.upsert, [_contract(rng, n) for n in range(BASE.accounts)]),
        (tickets.upsert, [_ticket(rng, n) for n in range(3 * BASE.accounts)]),
        (surveys.upsert, [_answer(rng, n) for n in range(BASE.accounts)]),
        (touchpoints.upsert, [_touchpoint(rng, n) for n in range(3 * BASE.accounts)]),
    ):
        for start in range(0, len(rows), 2000):
            said = upsert(rows=rows[start : start + 2000], source="bench", by=by, at=NOON, vouched=True)
            assert {verdict.outcome for verdict in said} == {"created"}, said[:3]
    packs.apply(pack="saas", by=by, at=NOON)
    core = list(history.FEATURES[:8])
    settings.save(metric="core_feature_adoption", parameters={"features": core}, by=by, at=NOON)
    asked = {"all": [{"of": "metric.active_days", "below": 4}, {"of": "arr", "at_least": 20_000}]}
    segments.save(slug="quiet-and-large", title="Quiet and large", condition=asked, by=by, at=NOON)
    return {}


def _account(n: int) -> str:
    return history.account_key(n % BASE.accounts)


def _day(rng: np.random.Generator, *, back: int) -> datetime:
    return NOON - timedelta(days=int(rng.integers(1, back)), seconds=int(rng.integers(0, 40_000)))


def _contract(rng: np.random.Generator, n: int) -> dict[str, Any]:
    start = date(2024, 1, 1) + timedelta(days=int(rng.integers(0, 300)))
    return {
        "key": f"contract-{n}",
        "account": _account(n),
        "product": "App",
        "arr": int(rng.integers(1, 80)) * 1000,
        "currency": "EUR",
        "seats": int(rng.integers(2, 200)),
        "start_date": start,
        "end_date": start + timedelta(days=1096),
    }


def _ticket(rng: np.random.Generator, n: int) -> dict[str, Any]:
    opened = _day(rng, back=700)
    closed = {} if rng.random() < 0.1 else {"resolved_at": opened + timedelta(hours=int(rng.integers(1, 20)))}
    told = {"key": f"ticket-{n}", "account": _account(n), "kind": "question", "opened_at": opened}
    return told | closed | {"escalated": bool(rng.random() < 0.1)}


def _answer(rng: np.random.Generator, n: int) -> dict[str, Any]:
    score = float(rng.integers(0, 11))
    told = {"key": f"answer-{n}", "account": _account(n), "kind": "nps", "score": score}
    return told | {"answered_at": _day(rng, back=300)}


def _touchpoint(rng: np.random.Generator, n: int) -> dict[str, Any]:
    return {"key": f"touch-{n}", "account": _account(n), "kind": "call", "held_at": _day(rng, back=400)}


def ready() -> ground.Figures:
    """Everything computed by the present definitions: a first time, or nothing to do."""
    from keepwell.config import schema
    from keepwell.pipeline.actions import advance

    schema.bring_up_to_date()
    begun, worked = time.monotonic(), spent()
    advance(at=NOON)
    advance(at=NOON)  # what the first run told itself
    return {"seconds": time.monotonic() - begun, "cpu": spent() - worked}


def spent() -> float:
    """CPU seconds of this process and of PostgreSQL."""
    from django.conf import settings

    return time.process_time() + ground.served(Path(settings.KEEPWELL_DATA))


def facts() -> ground.Figures:
    """The facts one after another, and what each cost."""
    from keepwell.health.actions import scores
    from keepwell.ledger.actions import relay
    from keepwell.pipeline.actions import advance

    run = time.strftime("%Y%m%d%H%M%S")
    marks: dict[str, list[float]] = {}
    stood: list[tuple[float, float]] = []
    refresh = scores.refresh

    def noted(**told: Any) -> Any:
        done = refresh(**told)
        stood.append((time.monotonic(), spent()))
        return done

    with mock.patch.object(scores, "refresh", noted):
        for n, account in enumerate(_busy()):
            at = NOON + timedelta(seconds=n)
            _tell(f"{run}-{n}", n, account, at)
            relay.all_waiting(at=at)
            begun, worked = time.monotonic(), spent()
            done = advance(at=at, carry=False)
            ends = {"score": stood.pop(), "run": (time.monotonic(), spent())}
            assert done.accounts == 1, done
            assert not stood
            for until, (ended, used) in ends.items():
                marks.setdefault(f"{until}_wall", []).append(1000 * (ended - begun))
                marks.setdefault(f"{until}_cpu", []).append(1000 * (used - worked))
    return {f"{name}{q}": float(np.percentile(each, q)) for name, each in marks.items() for q in (50, 95)}


def _busy() -> list[str]:
    """Accounts of events drawn from the whole history."""
    import polars as pl

    from keepwell.ledger import lake

    told = lake.scan().filter(pl.col("account") != "").select("account")
    rows = told.collect(engine="streaming")["account"]
    return rows.gather(np.random.default_rng(9).integers(0, len(rows), FACTS).tolist()).to_list()


def _tell(key: str, n: int, account: str, at: datetime) -> None:
    from keepwell.access.scopes import system
    from keepwell.ledger.actions import events, surveys, tickets, touchpoints
    from keepwell.ledger.event import Event

    row: dict[str, Any] = {"key": key, "account": account}
    given: dict[str, Any] = {"source": "bench", "by": system(through="bench"), "at": at, "vouched": False}
    if n % 4:
        feature = history.FEATURES[n % 40]
        said = Event(
            id=key, account=account, name=f"{feature} used", feature=feature, at=at,
            person=f"person-{n % 7}", source="bench",
        )  # fmt: skip
        events.append(events=[said], received_at=at)
    elif n % 3 == 0:
        tickets.upsert(rows=[row | {"opened_at": at, "escalated": True}], **given)
    elif n % 3 == 1:
        surveys.upsert(rows=[row | {"kind": "nps", "score": 3.0, "answered_at": at}], **given)
    else:
        touchpoints.upsert(rows=[row | {"kind": "call", "held_at": at}], **given)


if __name__ == "__main__":
    ground.answer({"make": make, "tell": tell, "ready": ready, "facts": facts})
