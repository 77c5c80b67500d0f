"""A whole demo, small: loaded through intake, nothing refused, nothing of the truth inside."""

import json
from dataclasses import dataclass
from datetime import date

import pytest
from django.apps import apps
from django.core import serializers

from keepwell.intake.models import Batch, Rejection
from keepwell.kernel.moments import end_of
from keepwell.ledger import frames
from keepwell.ledger.models import Account, Contract, Ownership, Person, Ticket
from keepwell.simulate import actions
from keepwell.simulate.truth import Cause, Scare
from tests import world as cast

LAST = date(2026, 6, 14)


@dataclass
class Told:
    """What was heard of the progress."""

    done: list[int]
    total: int = 0

    def __call__(self, done: int, total: int, words: str) -> None:
        assert words
        self.done.append(done)
        self.total = total


def _build(told: Told) -> actions.Built:
    people = cast.build()
    return actions.build(
        seed=9,
        last_day=LAST,
        by=cast.TESTS,
        accounts=24,
        events=12_000,
        owners=[people.ada, people.ben],
        progress=told,
    )


@pytest.mark.django_db
def test_a_demo_is_loaded_whole_and_the_truth_stays_outside() -> None:
    told = Told([])
    built = _build(told)

    assert Rejection.objects.count() == 0
    assert set(Batch.objects.values_list("state", flat=True)) == {"done"}
    invented = Account.objects.filter(key__startswith="FH-")
    assert invented.count() == built.accounts == 24
    assert Ownership.objects.filter(account__in=invented, role="csm").count() == 24
    assert Contract.objects.count() >= 24
    assert Person.objects.exists()
    assert Ticket.objects.exists()
    assert told.done == sorted(told.done)
    assert told.done[-1] <= told.total

    events = frames.events(until=end_of(LAST)).collect()
    usage = events.filter(events["kind"] == "usage")
    assert 9_000 < len(usage) <= built.events
    late = usage.filter((usage["known_at"] - usage["at"]).dt.total_minutes() > 24 * 60)
    assert len(late) > 0

    rows = [
        row
        for model in apps.get_models()
        if model.__module__.startswith("keepwell.")
        for row in model._default_manager.all()
    ]
    said = serializers.serialize("json", rows, ensure_ascii=False)
    said += json.dumps(events.select("name", "feature", "props").rows(), ensure_ascii=False)
    for word in (*Cause, *Scare):
        assert word.value not in said
