"""A file of parents: what stands under what, from a day on, with a verdict for each row."""

import io
from datetime import date

import pytest

from keepwell.intake.actions import imports
from keepwell.intake.queries import batches
from keepwell.ledger.queries import hierarchy
from tests import world
from tests.world import NOW, TESTS

pytestmark = pytest.mark.django_db

FILE = b"""account_id,parent_account,parent_kind,parent_since
elm,birch,Legal,2026-03-01
ash,elm,legal,
birch,ash,legal,2026-04-01
willow,willow,legal,
elm,,legal,2026-05-01
"""


def test_rows_are_taken_in_order_and_loops_refused() -> None:
    cast = world.build()
    batch = imports.prepare(
        kind="parents", file=io.BytesIO(FILE), file_name="parents.csv", source="crm", by=TESTS, at=NOW
    )
    imports.start(
        batch_id=batch,
        mapping=imports.suggest(batch),
        constants={},
        dry_run=False,
        vouched=False,
        by=TESTS,
        at=NOW,
    )
    imports.run(batch_id=batch, at=NOW)
    found = batches.find(batch_id=batch, seen_by=TESTS)
    assert (found.state, found.updated, found.rejected) == ("done", 3, 2)
    reasons = [row.reason for row in batches.rejections(batch_id=batch, seen_by=TESTS)]
    assert "would stand under each other" in " ".join(reasons)
    assert "cannot stand under itself" in " ".join(reasons)
    for day, keys in ((date(2026, 3, 1), ["birch", "elm", "ash"]), (date(2026, 5, 1), ["elm", "ash"])):
        tree = hierarchy.tree(account_id=cast.ash.pk, kind="legal", as_of=day, seen_by=TESTS)
        assert [node.key for node in tree.nodes] == keys
