"""What reached the ledger later changes no metric as known before, of all metrics, through the lake itself."""

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from keepwell.access.scopes import system
from keepwell.kernel.moments import Grid
from keepwell.ledger.actions import events, relay
from keepwell.ledger.event import Event
from keepwell.metrics.actions import settings as parameters
from keepwell.metrics.catalogue import METRICS
from keepwell.metrics.queries import values
from tests import world
from tests.metrics import dense
from tests.world import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MOMENT = NOW - 5 * DAY
GRID = Grid((MOMENT - DAY).date(), step_days=30, count=3)
ACCOUNTS = {1: "birch", 2: "willow", 3: "elm"}


def facts(seed: int, *, vouched: bool) -> Iterable[Event]:
    """Uses, facts and contracts of the last year, none of them after the moment."""
    told = dense.told(seed, size=200)
    back = max(row.at for row in (*told.usage, *told.business, *told.contracts)) - (MOMENT - DAY)
    common: dict[str, Any] = {"source": "t", "vouched": vouched}
    for number, used in enumerate(told.usage):
        said: dict[str, Any] = {
            "person": used.person,
            "name": used.name,
            "feature": used.feature,
            "value": used.value,
        }
        yield Event(
            id=f"u{seed}-{number}", account=ACCOUNTS[used.account_id], at=used.at - back, **said, **common
        )
    for number, fact in enumerate(told.business):
        said = {"person": fact.person, "name": fact.name, "feature": fact.feature, "value": fact.value}
        props = json.dumps(dict(fact.props))
        account = ACCOUNTS[fact.account_id]
        yield Event(id=f"f{seed}-{number}", account=account, at=fact.at - back, props=props, **said, **common)
    for number, contract in enumerate(told.contracts):
        terms = {
            "contract": f"{contract.contract}-{seed}",
            "currency": "EUR",
            "seats": contract.seats,
            "start_date": f"{(contract.at - back):%Y-%m-%d}",
            "end_date": f"{(contract.at - back + 400 * DAY):%Y-%m-%d}",
        }
        yield Event(
            id=f"c{seed}-{number}",
            account=ACCOUNTS[contract.account_id],
            name="contract.signed",
            value=100.0,
            at=contract.at - back,
            props=json.dumps(terms),
            **common,
        )


def test_what_comes_later_changes_nothing_as_known_before() -> None:
    world.build()
    parameters.save(
        metric="core_feature_adoption",
        parameters={"features": ["export", "share", "report"]},
        by=system(through="test"),
        at=NOW,
    )
    events.append(events=list(facts(1, vouched=True)), received_at=MOMENT - DAY)
    relay.all_waiting(at=NOW)
    asked: Any = {"metrics": list(METRICS), "grid": GRID}
    cut = values.evaluate(known_by=MOMENT, **asked)
    then, today = values.replayed(**asked), values.evaluate(known_by=None, **asked)

    events.append(events=list(facts(2, vouched=False)), received_at=MOMENT + DAY)
    relay.all_waiting(at=NOW)
    assert_frame_equal(values.evaluate(known_by=MOMENT, **asked), cut)
    assert_frame_equal(values.replayed(**asked), then)
    changed = values.evaluate(known_by=None, **asked).join(
        today, on=["account_id", "as_of", "metric", "value"], how="anti", nulls_equal=True
    )
    assert changed["metric"].n_unique() > 0.7 * len(METRICS), "late facts must matter once they are known"
    assert cut.filter(pl.col("value").is_not_null())["metric"].n_unique() > 0.7 * len(METRICS)
