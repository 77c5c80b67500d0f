"""A proof over an invented book finds the measures that its planted causes move, and those that are theatre."""

from datetime import date
from typing import Any

import pytest

from keepwell.faces.web.pages import indicators
from keepwell.health.actions import proofs as deeds
from keepwell.health.actions import scorecards
from keepwell.health.queries import proofs
from keepwell.ledger.actions import relay
from keepwell.metrics.actions import departures
from keepwell.simulate import actions, world
from keepwell.simulate.deliveries import Meter
from keepwell.simulate.truth import MATTERS, THEATRE
from tests import world as cast

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WEIGHTS = {"active_days": 35, "days_since_plan_confirmed": 25, "proactive_share": 25, "days_to_first_use": 15}
BANDS = {
    "active_days": (">= 6", "< 2"),
    "days_since_plan_confirmed": ("<= 45", "> 90"),
    "proactive_share": (">= 60", "< 40"),
    "days_to_first_use": ("<= 7", "> 30"),
}


@pytest.fixture
def proof() -> proofs.ProofView:
    """The proof of a card of which 60 % rest on what matters and 40 % on theatre."""
    cast.build()
    book = world.make(seed=5, last_day=date(2026, 6, 14), accounts=300, events=50_000)
    desk = actions.archive(book=book, by=cast.TESTS, meter=Meter(lambda done, total, words: None, 1))
    assert desk.events > 40_000
    at = book.span.moment(book.span.days * 86_400)
    relay.all_waiting(at=at)
    definition: dict[str, Any] = {
        "least_known_percent": 50,
        "bands": {"green": ">= 75", "red": "< 50"},
        "parts": [
            {
                "measure": slug,
                "metric": slug,
                "label": slug,
                "weight": weight,
                "green": BANDS[slug][0],
                "red": BANDS[slug][1],
            }
            for slug, weight in WEIGHTS.items()
        ],
    }
    scorecards.save(slug="half", title="Half theatre", definition=definition, by=cast.TESTS, at=at)
    departures.declare(definition={"kind": "contract_end"}, by=cast.TESTS, at=at)
    number = deeds.ask(slug="half", number=None, step_days=14, by=cast.TESTS, at=at)
    deeds.run(proof_id=number, at=at)
    found = proofs.find(proof_id=number, seen_by=cast.TESTS)
    assert found.state == "done", found.error
    return found


def test_what_matters_is_told_from_theatre(proof: proofs.ProofView) -> None:
    figures = proof.figures
    assert figures is not None
    assert figures["departures"] >= 30
    by_slug = {one["slug"]: one for one in figures["indicators"]}
    assert {slug: by_slug[slug]["verdict"] for slug in MATTERS} == dict.fromkeys(MATTERS, "leads")
    for slug in THEATRE:
        one = by_slug[slug]
        assert one["verdict"] in ("nothing", "unclear"), one
        assert one["area"]["low"] < 0.5 < one["area"]["high"]
    assert by_slug["days_to_renewal"]["leaks"] == ["calendar"], "nobody leaves before a contract ends"
    assert figures["theatre"]["weight"]["leads"] == 60.0
    assert set(figures["theatre"]["measures"]) <= set(THEATRE)
    page = indicators.page(proof)
    assert "told beforehand who would leave" in page.state
    said = {row.title: row.leaks for row in page.rows}
    assert "it is the contract’s own calendar" in said["Days to renewal"][0]
