"""Traits of tracked calls are held to declared fields: what does not fit waits to be mended, the rest is taken."""

import json
from typing import Any

import pytest

from keepwell.intake.actions import mending, replays
from keepwell.intake.actions import sources as source_actions
from keepwell.intake.chosen import Chosen
from keepwell.intake.queries import batches, rejections
from keepwell.ledger.actions import definitions
from keepwell.ledger.models import Account, Person
from tests import world
from tests.intake.test_tracking import sent
from tests.world import NOW, TESTS

pytestmark = pytest.mark.django_db
GROUP = {"type": "group", "groupId": "elm", "messageId": "g1"}
IDENTIFY = {"type": "identify", "userId": "dora", "messageId": "i1"}


@pytest.fixture
def write_key() -> str:
    world.build()
    for noun, slug, kind in (
        ("account", "plan_seats", "number"),
        ("person", "admin", "truth"),
        ("account", "go_live", "day"),
    ):
        definitions.define(noun=noun, slug=slug, title=slug, kind=kind, by=TESTS, at=NOW)
    return source_actions.create(slug="app", name="Fernhill's app", vouches=False, by=TESTS, at=NOW)


def letters() -> list[batches.RejectionView]:
    return list(reversed(rejections.listed(chosen=Chosen(), seen_by=TESTS)))


def group(write_key: str, message_id: str = "g1", **traits: Any) -> Any:
    return sent(write_key, GROUP | {"messageId": message_id, "traits": traits})


def test_what_fits_is_stored_by_its_type(write_key: str) -> None:
    assert group(write_key, plan_seats="12", colour="green", go_live="2026-03-01").rejected == ()
    sent(write_key, IDENTIFY | {"traits": {"admin": "yes", "shoe": 43}})
    assert Account.objects.get(key="elm").fields == {
        "plan_seats": 12,
        "colour": "green",
        "go_live": "2026-03-01",
    }
    assert Person.objects.get(key="dora").fields == {"admin": True, "shoe": 43}


def test_what_does_not_fit_waits_alone_and_the_rest_is_taken(write_key: str) -> None:
    receipt = group(write_key, name="Elm & Sons", plan_seats="many", go_live="soon", colour="green")
    assert (receipt.success, receipt.accepted) == (True, 1)
    assert [refused.index for refused in receipt.rejected] == [0, 0]
    elm = Account.objects.get(key="elm")
    assert (elm.name, elm.fields) == ("Elm & Sons", {"colour": "green"})
    assert [letter.content["traits"] for letter in letters()] == [{"plan_seats": "many"}, {"go_live": "soon"}]
    assert 'custom field "plan_seats" "many" is no number' in letters()[0].reason
    assert {(letter.why, letter.about) for letter in letters()} == {
        ("field-misfit", "plan_seats"),
        ("field-misfit", "go_live"),
    }


def test_a_call_that_comes_again_says_nothing_twice(write_key: str) -> None:
    group(write_key, plan_seats="many")
    assert group(write_key, plan_seats="many").duplicates == 1
    assert len(letters()) == 1


def test_a_mended_trait_is_taken_and_what_still_does_not_fit_waits_on(write_key: str) -> None:
    group(write_key, plan_seats="many", colour="green")
    (letter,) = letters()
    outcomes = []
    for value in ("lots", 40):
        mended = json.dumps(letter.content | {"traits": {"plan_seats": value}})
        mending.mend_call(rejection_id=letter.rejection_id, text=mended, by=TESTS, at=NOW)
        replay = replays.start(chosen=Chosen(), by=TESTS, at=NOW)
        replays.run(replay_id=replay, at=NOW)
        outcomes += [one.outcome for one in rejections.attempts(replay_id=replay, seen_by=TESTS)]
    assert outcomes == ["rejected", "created"]
    assert Account.objects.get(key="elm").fields == {"colour": "green", "plan_seats": 40}
    assert letters() == []
