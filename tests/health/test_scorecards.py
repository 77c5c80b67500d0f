"""Scorecards are data with versions, and a version judges from its day on."""

import copy
from datetime import date, timedelta
from typing import Any

import pytest

from keepwell.access.models import AuditEntry
from keepwell.health.actions import scorecards
from keepwell.health.models import ScorecardVersion
from keepwell.health.queries import cards
from keepwell.kernel.errors import Forbidden, Invalid, NotFound
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


def test_saving_the_same_again_keeps_the_version_and_a_change_makes_the_next() -> None:
    assert save().number == 1
    assert save().number == 1
    assert save(heavier(70)).number == 2
    assert save().number == 3
    view = cards.find(slug="ours")
    assert [version.number for version in view.versions] == [3, 2, 1]
    assert view.published is None


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
    save(heavier(70))
    publish(1)
    assert [v.since for v in cards.in_force()] == [date.min]
    publish(2, at=NOW + 3 * DAY)
    assert [(v.since, v.number) for v in cards.in_force()] == [(date.min, 1), (TODAY + 3 * DAY, 2)]
    assert cards.on(TODAY + 2 * DAY).number == 1
    assert cards.on(TODAY + 3 * DAY).number == 2
    assert cards.find(slug="ours").published == 2


def test_of_two_versions_of_a_day_the_later_judges_it() -> None:
    save()
    publish(1)
    for number, hours in ((2, 1), (3, 2)):
        save(heavier(60 + number))
        publish(number, at=NOW + DAY + timedelta(hours=hours))
    assert [(v.since, v.number) for v in cards.in_force()] == [(date.min, 1), (TODAY + DAY, 3)]


def test_publishing_twice_is_once_and_going_back_needs_a_new_version() -> None:
    save()
    publish(1)
    publish(1, at=NOW + DAY)
    assert AuditEntry.objects.filter(deed="scorecard.publish").count() == 1
    save(heavier(70))
    publish(2)
    with pytest.raises(scorecards.AlreadyPublished, match="Save its definition as a new version"):
        publish(1)
    save()
    publish(3)
    assert cards.on(TODAY).number == 3


def test_what_does_not_exist_is_not_published_or_put_in_force() -> None:
    with pytest.raises(NotFound, match='no version 1 of a scorecard "ours"'):
        publish(1)
    save()
    with pytest.raises(NotFound, match='no published scorecard "ours"'):
        scorecards.put_in_force(slug="ours", by=TESTS, at=NOW)
    with pytest.raises(NotFound, match='no scorecard "theirs"'):
        cards.find(slug="theirs")


def test_without_a_card_the_answer_says_what_to_do() -> None:
    assert cards.in_force() == ()
    with pytest.raises(NotFound, match="Apply a practice pack"):
        cards.on(TODAY)
