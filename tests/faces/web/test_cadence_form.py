"""How often customers are met, as a form of rows: bands, tiers, phases; errors beside their row; without JavaScript."""

import pytest
from django.test import Client

from keepwell.packs import actions as packs
from keepwell.plays.models import CadenceDeclaration
from keepwell.plays.queries import cadences
from tests import world
from tests.faces.web.conftest import SignIn
from tests.faces.web.filling import press
from tests.faces.web.reading import html, text
from tests.world import NOW, TESTS

pytestmark = pytest.mark.django_db
HERE = "/settings/cadence/"


@pytest.fixture
def root(sign_in: SignIn) -> Client:
    cast = world.build()
    packs.apply(pack="saas", by=TESTS, at=NOW)
    return sign_in(cast.root)


@pytest.mark.parametrize("pack", ["saas", "agency"])
def test_declaring_what_is_there_changes_nothing_of_it(root: Client, pack: str) -> None:
    packs.apply(pack=pack, by=TESTS, at=NOW)
    before = cadences.in_force()
    rows = CadenceDeclaration.objects.count()
    assert press(root, root.get(HERE), HERE, "save").headers["Location"] == HERE
    assert cadences.in_force() == before
    assert CadenceDeclaration.objects.count() == rows


def test_rows_are_added_changed_and_removed_by_buttons_alone(root: Client) -> None:
    page = press(root, root.get(HERE), HERE, "add-tier", **{"band-red-every_days": "3"})
    page = press(root, page, HERE, "add-phase", **{"tier-4-title": "White glove", "tier-4-every_days": "2"})
    page = press(
        root, page, HERE, "add-touch:4", **{"phase-4-title": "Pilot", "phase-4-names": "pilot, trial"}
    )
    page = press(
        root, page, HERE, "add-output:4",
        **{"phase-4-touch-0-title": "Daily call", "phase-4-touch-0-every_days": "1",
           "phase-4-touch-0-counts": "working"},
    )  # fmt: skip
    page = press(root, page, HERE, "drop:phase-0-output-0", **{"phase-4-output-0-title": "Pilot report"})
    page = press(root, page, HERE, "drop:tier-2")
    assert not CadenceDeclaration.objects.filter(declared_by__isnull=False).exists(), "only typed so far"
    saved = press(root, page, HERE, "save", **{"phase-4-output-0-due_days": "10"})
    assert saved.headers["Location"] == HERE
    said = cadences.in_force()
    assert said.bands["red"].every_days == 3
    assert set(said.tiers) == {"low", "mid", "tech", "white-glove"}
    assert said.phases[0].touchpoints[0].tiers == ("mid",), "who is gone is met no more"
    assert said.tiers["tech"].rhythm is None
    pilot = said.phases[4]
    assert (pilot.slug, pilot.names, pilot.owner) == ("pilot", ("pilot", "trial"), ("csm",))
    (touch,) = pilot.touchpoints
    assert (touch.slug, touch.rhythm.every_days, touch.rhythm.counts) == ("daily-call", 1, "working")
    assert [(one.slug, one.due_days) for one in pilot.outputs] == [("pilot-report", 10)]
    assert "success-criteria" not in [one.slug for one in said.phases[0].outputs]
    page = text(root.get(HERE))
    assert "Daily call every working day" in page
    assert "Declared before" in page


def test_what_is_wrong_stands_beside_its_row_and_nothing_is_written(root: Client) -> None:
    before = cadences.in_force()
    page = press(
        root, root.get(HERE), HERE, "save",
        **{"band-red-every_days": "soon", "tier-0-title": "", "phase-0-touch-0-every_days": "0",
           "phase-1-output-0-due_days": "never", "phase-2-from_day": "-1"},
    )  # fmt: skip
    assert page.status_code == 422
    for place in ("band-red", "tier-0", "phase-0-touch-0", "phase-1-output-0", "phase-2"):
        assert f'id="{place}-error"' in html(page), place
        assert f'href="#{place}"' in html(page), place
    assert 'id="band-green-error"' not in html(page)
    assert 'value="soon"' in html(page), "what was typed stays"
    assert cadences.in_force() == before


def test_the_same_slug_twice_becomes_another_and_ada_may_not(root: Client, sign_in: SignIn) -> None:
    page = press(root, root.get(HERE), HERE, "add-touch:0")
    saved = press(root, page, HERE, "save", **{"phase-0-touch-1-title": "Kickoff"})
    assert saved.status_code == 302
    assert [one.slug for one in cadences.in_force().phases[0].touchpoints] == ["kickoff", "kickoff-2"]
    from keepwell.access.models import User

    ada = sign_in(User.objects.get(email="ada@fernhill.test"))
    assert "Change it row by row" not in text(ada.get(HERE))
    assert ada.post(HERE, {"form": "1", "deed": "save"}).status_code == 403
