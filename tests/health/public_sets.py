"""Public data sets imported as a customer would: accounts first, then what happened, every fact vouched for."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from keepwell.health.actions import proofs as deeds
from keepwell.health.actions import scorecards
from keepwell.health.queries import proofs
from keepwell.intake.actions import imports
from keepwell.intake.queries import batches
from keepwell.ledger.actions import relay
from keepwell.metrics.actions import departures
from tests.intake.files import prepared
from tests.world import NOW, TESTS


def folder(shared_data: Path, name: str) -> Path:
    """The folder of a set; the test skips where it is absent."""
    found = shared_data / name
    if not found.is_dir():
        pytest.skip(f"the data set {name} is not beside the checkout")
    return found


def take(kind: str, rows: pl.DataFrame | bytes, **constants: str) -> int:
    """Import a frame as a CSV file with the mapping that its headings propose; gives how many rows went in."""
    content = rows if isinstance(rows, bytes) else rows.write_csv().encode()
    batch_id = prepared(kind, content, file_name=f"{kind}.csv")
    imports.start(
        batch_id=batch_id,
        mapping=imports.suggest(batch_id),
        constants=constants,
        dry_run=False,
        vouched=True,
        by=TESTS,
        at=NOW,
    )
    imports.run(batch_id=batch_id, at=NOW)
    found = batches.find(batch_id=batch_id, seen_by=TESTS)
    assert found.state == "done", found.error
    return found.created


def carry() -> None:
    """Bring all that was imported into the lake."""
    relay.all_waiting(at=NOW)


def card(slug: str, parts: Iterable[tuple[str, str, str]]) -> None:
    """A card of metrics with their thresholds, of equal weight."""
    told = list(parts)
    definition: dict[str, Any] = {
        "least_known_percent": 50,
        "bands": {"green": ">= 75", "red": "< 50"},
        "parts": [
            {"measure": m, "metric": m, "label": m, "weight": 100 / len(told), "green": green, "red": red}
            for m, green, red in told
        ],
    }
    scorecards.save(slug=slug, title=slug.title(), definition=definition, by=TESTS, at=NOW)


def proven(slug: str, departure: dict[str, Any], *, at: datetime = NOW, **asked: Any) -> dict[str, Any]:
    """Declare departure, ask for a proof, carry it out; the figures."""
    departures.declare(definition=departure, by=TESTS, at=at)
    proof_id = deeds.ask(slug=slug, number=None, by=TESTS, at=at, **asked)
    deeds.run(proof_id=proof_id, at=at)
    found = proofs.find(proof_id=proof_id, seen_by=TESTS)
    assert found.state == "done", found.error
    assert found.figures is not None
    return found.figures
