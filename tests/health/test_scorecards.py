"""Scorecards are data with versions, and a version judges from its day on."""

import copy
from datetime import date, timedelta
from typing import Any

import pytest

from keepwell.access.actions import versions
from keepwell.access.models import AuditEntry
from keepwell.health.actions import scorecards
from keepwell.health.models import ScorecardVersion
from keepwell.health.queries import cards
from keepwell.hooks import registry
from keepwell.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from keepwell.metrics.actions import definitions
from keepwell.segments.actions import segments
from tests import world
from tests.health.test_cards import CARD
from tests.world import NOW, TESTS, TODAY

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def heavier(weight: int) -> dict[str, Any]:
    card = copy.deepcopy(CARD)
    card["parts"][0]["weight"], card["parts"][1]["weight"] = weight, 100 - weight
    return card


def save(definition: dict[str, Any] = CARD, **given: Any) -> ScorecardVersion:
    usual: dict[str, Any] = {"slug": "ours", "title": "Ours", "by": TESTS, "at": NOW}
    return scorecards.save(**{**usual, **given}, definition=definition)


def publish(number: int, **given: Any) -> None:
    scorecards.publish(**{"slug": "ours", "number": number, "by": TESTS, "at": NOW, **given})


def stored() -> set[str]:
    """The metrics whose history is stored, because somebody judges by them."""
    return {metric for use in registry.uses() if use.judges for metric in use.metrics}


def judging() -> list[tuple[date, int]]:
    """From which day on which version of the first card judges."""
    return [(span.since, span.versions[0].number) for span in cards.spans()]


def number_on(day: date) -> int:
    return cards.on(day).versions[0].number


def test_a_draft_is_edited_in_place_until_it_is_published() -> None:
    assert save().number == 1
    assert save(heavier(70), at=NOW + DAY).number == 1
    view = cards.find(slug="ours")
    assert view.draft is not None
    assert (view.draft.definition, view.draft.changed_at, view.published) == (heavier(70), NOW + DAY, None)
    publish(1)
    assert save(heavier(70)).number == 1
    assert save().number == 2
    view = cards.find(slug="ours")
    assert [(v.number, v.is_draft) for v in view.versions] == [(2, True), (1, False)]
    assert view.version(1).definition == heavier(70)


def test_an_edited_draft_loses_what_its_proof_said() -> None:
    version = save()
    said = {"verdict": "proven"}
    scorecards.note_verdict(version_id=version.pk, definition=heavier(70), verdict=said)
    assert cards.find(slug="ours").version(1).verdict is None, "what was proven is not what it says"
    scorecards.note_verdict(version_id=version.pk, definition=version.definition, verdict=said)
    assert cards.find(slug="ours").version(1).verdict == {"verdict": "proven"}
    save(heavier(70))
    assert cards.find(slug="ours").version(1).verdict is None


def test_a_draft_is_discarded_and_a_card_that_was_nothing_else_goes_with_it() -> None:
    save()
    scorecards.discard(slug="ours", by=TESTS, at=NOW)
    with pytest.raises(NotFound):
        cards.find(slug="ours")
    save()
    publish(1)
    save(heavier(70))
    scorecards.discard(slug="ours", by=TESTS, at=NOW)
    assert [v.number for v in cards.find(slug="ours").versions] == [1]
    with pytest.raises(NotFound, match="has no draft"):
        scorecards.discard(slug="ours", by=TESTS, at=NOW)


def test_what_was_looked_at_is_published_or_nothing() -> None:
    save()
    save(heavier(70), at=NOW + DAY)
    with pytest.raises(versions.DraftChanged):
        publish(1, seen=NOW)
    publish(1, seen=NOW + DAY)
    assert number_on(TODAY) == 1


def test_a_wrong_card_is_not_saved() -> None:
    with pytest.raises(Invalid, match="weights add up to 90"):
        save({**CARD, "parts": [{**CARD["parts"][0], "weight": 50}, CARD["parts"][1]]})
    with pytest.raises(Invalid, match="no slug"):
        save(slug="Our card")
    assert not ScorecardVersion.objects.exists()


def test_nobody_without_the_right_saves_or_publishes() -> None:
    cast = world.build()
    with pytest.raises(Forbidden):
        save(by=cast.scope("ada"))
    save()
    with pytest.raises(Forbidden):
        publish(1, by=cast.scope("ada"))


def test_the_first_published_card_judges_all_days_until_the_next_version_does() -> None:
    save()
    publish(1)
    save(heavier(70))
    assert judging() == [(date.min, 1)]
    publish(2, at=NOW + 3 * DAY)
    assert judging() == [(date.min, 1), (TODAY + 3 * DAY, 2)]
    assert number_on(TODAY + 2 * DAY) == 1
    assert number_on(TODAY + 3 * DAY) == 2
    assert cards.find(slug="ours").published == 2


def test_of_two_versions_of_a_day_the_later_judges_it() -> None:
    save()
    publish(1)
    for number, hours in ((2, 1), (3, 2)):
        save(heavier(60 + number))
        publish(number, at=NOW + DAY + timedelta(hours=hours))
    assert judging() == [(date.min, 1), (TODAY + DAY, 3)]


def test_publishing_twice_is_once_and_a_version_comes_into_force_once() -> None:
    save()
    publish(1)
    publish(1, at=NOW + DAY)
    assert AuditEntry.objects.filter(deed="scorecard.publish").count() == 1
    save(heavier(70))
    publish(2)
    with pytest.raises(versions.AlreadyPublished, match="Roll back to it"):
        publish(1)


def test_rolling_back_publishes_the_earlier_definition_and_keeps_the_draft() -> None:
    save()
    publish(1)
    save(heavier(70))
    publish(2)
    save(heavier(80))
    back = scorecards.roll_back(slug="ours", number=1, by=TESTS, at=NOW + DAY)
    assert (back.number, back.definition) == (3, CARD)
    assert judging()[-1] == (TODAY + DAY, 3)
    view = cards.find(slug="ours")
    assert view.draft is not None
    assert (view.draft.number, view.draft.definition) == (4, heavier(80))
    with pytest.raises(Conflict, match="Version 3 is in force"):
        scorecards.roll_back(slug="ours", number=3, by=TESTS, at=NOW)
    with pytest.raises(NotFound, match="No version 4"):
        scorecards.roll_back(slug="ours", number=4, by=TESTS, at=NOW)


def test_the_order_is_dated_and_of_a_day_the_last_one_counts() -> None:
    for slug in ("ours", "theirs"):
        save(slug=slug, title=slug)
        publish(1, slug=slug)
    assert cards.order() == ("ours",)
    scorecards.put_in_order(order=["theirs"], by=TESTS, at=NOW)
    assert [(order.since, order.slugs) for order in cards.orders()] == [(date.min, ("theirs",))]
    scorecards.put_in_order(order=["ours", "theirs"], by=TESTS, at=NOW + DAY)
    assert [span.versions[0].slug for span in cards.spans()] == ["theirs", "ours"]
    assert [view.place for view in cards.everything()] == [1, 2]
    with pytest.raises(Invalid, match="stands twice"):
        scorecards.put_in_order(order=["ours", "ours"], by=TESTS, at=NOW)


def test_what_does_not_exist_is_not_published_or_put_in_force() -> None:
    with pytest.raises(NotFound, match='no scorecard "ours"'):
        publish(1)
    save()
    with pytest.raises(NotFound, match='no published scorecard "ours"'):
        scorecards.put_in_order(order=["ours"], by=TESTS, at=NOW)
    with pytest.raises(NotFound, match='no scorecard "theirs"'):
        cards.find(slug="theirs")


def test_without_a_card_the_answer_says_what_to_do() -> None:
    assert cards.spans() == ()
    with pytest.raises(NotFound, match="Apply a practice pack"):
        cards.on(TODAY)


def test_a_card_may_name_a_metric_that_the_company_defined_and_holds_it() -> None:
    take = {"take": "count", "days": 28, "events": {"where": {"of": "name", "is": "report.exported"}}}
    said = {"slug": "exports", "title": "Exports", "unit": "exports", "measure": take}
    more = {
        "sentence": "Exports of the last 28 days.",
        "unknown_when": "nothing was ever used",
        "better": "up",
    }
    definitions.save(definition=said | more, by=TESTS, at=NOW)
    part = {
        "measure": "exports",
        "metric": "exports",
        "label": "Exports",
        "weight": 100,
        "green": ">= 4",
        "red": "< 1",
    }
    save({**CARD, "parts": [part]})
    publish(1)
    assert cards.on(TODAY).versions[0].card.parts[0].metric.title == "Exports"
    with pytest.raises(Invalid, match=r'Ours, version 1 \(scorecard:ours:1\) rests on "exports"'):
        definitions.retire(slug="exports", by=TESTS, at=NOW)


def test_a_draft_is_asked_before_what_it_names_is_retired_and_stores_nothing_yet() -> None:
    segments.save(
        slug="retail", title="Retail", condition={"of": "industry", "is": "Retail"}, by=TESTS, at=NOW
    )
    save(CARD)
    publish(1)
    before = stored()
    save(
        {
            **CARD,
            "applies": {
                "all": [
                    {"of": "segment.retail", "true": True},
                    {"of": "metric.active_weeks_in_a_row", "above": 1},
                ]
            },
        }
    )
    assert stored() == before
    with pytest.raises(Invalid, match=r"Ours, draft \(scorecard:ours:2\) rests on it"):
        segments.retire(slug="retail", by=TESTS, at=NOW)
    scorecards.discard(slug="ours", by=TESTS, at=NOW)
    segments.retire(slug="retail", by=TESTS, at=NOW)
