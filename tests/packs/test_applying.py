"""Applying a pack puts its card and rule in force, once."""

import pytest

from keepwell.access.models import AuditEntry
from keepwell.access.queries import settings
from keepwell.health.actions import scorecards
from keepwell.health.models import ScorecardVersion
from keepwell.health.queries import cards
from keepwell.kernel.errors import Forbidden, NotFound
from keepwell.packs import actions, loading, queries
from keepwell.signals.models import Rule
from tests import world
from tests.world import NOW, TESTS, TODAY

pytestmark = pytest.mark.django_db


def states(pack: str) -> dict[str, str]:
    return {difference.slug: difference.state for difference in queries.diff(pack=pack, seen_by=TESTS)}


def test_a_pack_is_new_then_applied_then_the_same() -> None:
    assert set(states("agency").values()) == {"new"}
    pack = loading.find("agency")
    stated = pack.rules
    begun_from = len(pack.plans) + len(pack.value)
    changed = actions.apply(pack="agency", by=TESTS, at=NOW)
    assert len(changed) == 7 + len(stated) + len(pack.playbooks) + begun_from
    assert cards.on(TODAY).versions[0].slug == "agency-health"
    assert settings.get("pack") == "agency"
    assert set(Rule.objects.values_list("slug", flat=True)) == {rule.slug for rule in stated}
    assert set(states("agency").values()) == {"same"}


def test_applying_again_changes_nothing_and_leaves_no_trace() -> None:
    actions.apply(pack="saas", by=TESTS, at=NOW)
    entries = AuditEntry.objects.count()
    assert actions.apply(pack="saas", by=TESTS, at=NOW) == ()
    assert AuditEntry.objects.count() == entries
    assert ScorecardVersion.objects.count() == 1


def test_the_diff_says_what_would_change_line_by_line() -> None:
    actions.apply(pack="saas", by=TESTS, at=NOW)
    definition = loading.find("saas").scorecards[0].definition
    parts = [dict(part) for part in definition["parts"]]
    parts[0]["weight"], parts[1]["weight"] = 30, 15
    parts[2]["green"] = ">= 80"
    mine = scorecards.save(
        slug="saas-health", title="SaaS health", definition={**definition, "parts": parts}, by=TESTS, at=NOW
    )
    scorecards.publish(slug="saas-health", number=mine.number, by=TESTS, at=NOW)
    card = next(d for d in queries.diff(pack="saas", seen_by=TESTS) if d.kind == "scorecard")
    assert card.state == "changed"
    assert card.lines == (
        "parts[feature_adoption].weight: 30 → 25",
        "parts[active_days].weight: 15 → 20",
        "parts[seat_utilisation].green: >= 80 → >= 70",
    )
    changed = actions.apply(pack="saas", by=TESTS, at=NOW)
    assert [difference.slug for difference in changed] == ["saas-health"]
    assert cards.on(TODAY).versions[0].number == 3


def test_another_pack_takes_over_and_the_first_one_s_card_is_kept() -> None:
    actions.apply(pack="saas", by=TESTS, at=NOW)
    agency, saas = loading.find("agency"), loading.find("saas")
    now, own = (
        states("agency"),
        {one.slug for one in (*agency.rules, *agency.playbooks, *agency.plans, *agency.value)},
    )
    ours = {one.slug for one in (*saas.rules, *saas.playbooks, *saas.plans, *saas.value)}
    assert {slug for slug, state in now.items() if state == "ends"} == ours - own
    assert {slug: state for slug, state in now.items() if slug not in own | ours} == {
        "agency-health": "new",
        "pack": "changed",
        "version": "same",
        "scorecards": "changed",
        "incidents": "new",
        "cadence": "changed",
        "journey": "changed",
    }
    assert now["falls-into-red"] == "changed"
    assert now["champion-left"] == "same"
    actions.apply(pack="agency", by=TESTS, at=NOW)
    assert cards.on(TODAY).versions[0].slug == "agency-health"
    assert cards.find(slug="saas-health").published == 1


def test_ada_may_neither_apply_nor_compare() -> None:
    cast = world.build()
    with pytest.raises(Forbidden):
        actions.apply(pack="saas", by=cast.scope("ada"), at=NOW)
    with pytest.raises(Forbidden):
        queries.diff(pack="saas", seen_by=cast.scope("ada"))
    with pytest.raises(NotFound):
        actions.apply(pack="bakery", by=TESTS, at=NOW)
    assert not ScorecardVersion.objects.exists()
