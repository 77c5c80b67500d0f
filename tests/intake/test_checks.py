"""Each check fires on a made case, is quiet where everything is in order, and says how to mend it."""

import pytest

from keepwell.intake import models
from keepwell.intake.actions import quality, sources, volumes
from keepwell.intake.checks import CHECKS, KINDS, MENDERS, PLACES
from keepwell.intake.checks.base import Check
from tests import world
from tests.intake import quality_cases
from tests.world import NOW, TESTS

pytestmark = pytest.mark.django_db
DAY = quality_cases.DAY


def found(account: str) -> dict[str, str]:
    rows = models.Finding.objects.filter(account__key=account)
    return dict(rows.values_list("check_slug", "detail"))


@pytest.mark.parametrize("check", CHECKS.values(), ids=list(CHECKS))
def test_a_check_says_what_is_wrong_who_can_mend_it_and_how(check: Check) -> None:
    assert check.kind in KINDS
    assert check.mender in MENDERS
    assert check.place in PLACES
    assert check.sentence.endswith(".")
    assert check.how.endswith(".")
    assert set(quality_cases.CASES) == set(CHECKS)


@pytest.mark.parametrize("slug", CHECKS)
def test_a_check_fires_on_its_case(slug: str) -> None:
    world.build()
    sources.create(slug="app", name="App", vouches=True, by=TESTS, at=NOW)
    volumes.learn_cadences(at=NOW)
    volumes.declare_cadence(slug="app", hours=24, by=TESTS, at=NOW)
    fires = "stray" if slug == "no_owner" else "willow"
    quality_cases.CASES[slug]("willow")
    at = NOW + 2 * DAY
    quality.refresh(at=at)
    assert slug in found(fires), found(fires)


def test_an_account_of_which_everything_is_known_has_no_finding() -> None:
    world.build()
    quality_cases.clean("birch")
    quality.refresh(at=NOW)
    assert found("birch") == {}
    assert "no_usage" in found("ash")


def test_a_finding_keeps_its_first_moment_and_goes_when_it_is_mended() -> None:
    world.build()
    quality.refresh(at=NOW)
    quality_cases.person("ash", "Olga")
    quality.refresh(at=NOW + DAY)
    assert "no_people" not in found("ash")
    row = models.Finding.objects.get(account__key="ash", check_slug="no_contract")
    assert row.found_at == NOW


def test_the_detail_is_that_of_now() -> None:
    world.build()
    quality_cases.contract("ash", arr=None)
    quality.refresh(at=NOW)
    assert found("ash")["no_arr"] == "contract ash-1"
    quality_cases.contract("ash", 0, arr=None)
    quality.refresh(at=NOW)
    assert found("ash")["no_arr"] == "contract ash-0"
