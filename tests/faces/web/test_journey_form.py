"""The journey as a form of rows: phases, conditions, first value; previewed before it is declared; without JavaScript."""

import pytest
from django.test import Client

from keepwell.access.models import User
from keepwell.outcomes.actions import stays
from keepwell.outcomes.models import JourneyDeclaration
from keepwell.outcomes.queries import journeys
from keepwell.packs import actions as packs
from tests import world
from tests.faces.web.conftest import SignIn
from tests.faces.web.filling import press
from tests.faces.web.reading import html, text
from tests.world import NOW, TESTS, TODAY

pytestmark = pytest.mark.django_db
HERE = "/settings/journey/"


@pytest.fixture
def root(sign_in: SignIn) -> Client:
    cast = world.build()
    packs.apply(pack="saas", by=TESTS, at=NOW)
    return sign_in(cast.root)


@pytest.mark.parametrize("pack", ["saas", "agency"])
def test_declaring_what_is_there_changes_nothing_of_it(root: Client, pack: str) -> None:
    packs.apply(pack=pack, by=TESTS, at=NOW)
    before, rows = journeys.declared(), JourneyDeclaration.objects.count()
    assert press(root, root.get(HERE), HERE, "save").headers["Location"] == HERE
    assert journeys.declared() == before
    assert JourneyDeclaration.objects.count() == rows


def test_rows_are_moved_changed_removed_and_added_by_buttons_alone(root: Client) -> None:
    first, second, third = (one.slug for one in journeys.in_force().phases[:3])
    page = press(root, root.get(HERE), HERE, "down:0", **{"phase-0-entry": "They signed."})
    page = press(root, page, HERE, "drop:2", **{"phase-0-expected_days": "12"})
    page = press(root, page, HERE, "add-phase", **{"value-metric": "", "value-milestone": "Go-live"})
    last = len(journeys.in_force().phases) - 1
    page = press(root, page, HERE, f"ask:exit{last}", **{f"phase-{last}-exit": "They renew."})
    page = press(root, page, HERE, "look", **{f"of-0exit{last}-0": "metric.active_days"})
    page = press(
        root, page, HERE, f"add:0exit{last}",
        **{f"op-0exit{last}-0": "at_least", f"value-0exit{last}-0": "3"},
    )  # fmt: skip
    page = press(root, page, HERE, f"remove:0exit{last}-1")
    assert JourneyDeclaration.objects.count() == 1, "only typed so far"
    assert press(root, page, HERE, "save").headers["Location"] == HERE
    said = journeys.in_force()
    assert [one.slug for one in said.phases][:2] == [second, first]
    assert said.phases[-1].slug == third, "the one that was removed is the first that is left"
    assert (said.phases[0].expected_days, said.phases[1].entry) == (12, "They signed.")
    assert (said.first_value.milestone, said.first_value.metric) == ("Go-live", "")
    assert said.phases[-1].exit == "They renew."
    assert said.phases[-1].exit_when == {"of": "metric.active_days", "at_least": 3.0}
    assert "Declared before" in text(root.get(HERE))


def test_a_condition_is_opened_and_taken_away(root: Client) -> None:
    n = next(n for n, one in enumerate(journeys.in_force().phases) if one.exit_when is not None)
    page = press(root, root.get(HERE), HERE, f"ask:exit{n}")
    page = press(root, page, HERE, f"remove:0exit{n}")
    assert "Ask for a condition" in text(page)
    assert press(root, page, HERE, "save").status_code == 302
    assert journeys.in_force().phases[n].exit_when is None


def test_the_preview_names_who_would_stand_otherwise_and_writes_nothing(root: Client) -> None:
    stays.refresh(since_by_account=None, as_of=TODAY)
    slugs = [one.slug for one in journeys.in_force().phases]
    there = journeys.known_phases()
    before = journeys.declared()
    changes = {f"phase-{n}-expected_days": "1" for n in range(len(slugs))}
    page = press(root, root.get(HERE), HERE, "preview", **changes)
    told = text(page)
    assert page.status_code == 200
    assert "What it would say today" in told
    assert "would be longer than expected" in told
    assert "/accounts/willow/journey/" in html(page)
    assert there.title(slugs[0]) in told
    assert journeys.declared() == before
    assert press(root, page, HERE, "save").status_code == 302
    assert {one.expected_days for one in journeys.in_force().phases} == {1}


def test_what_is_wrong_stands_beside_its_row_and_nothing_is_written(root: Client) -> None:
    before = journeys.declared()
    for deed in ("save", "preview"):
        page = press(
            root, root.get(HERE), HERE, deed, **{"phase-0-expected_days": "soon", "value-weeks": "0"}
        )
        assert page.status_code == 422
        for place in ("phase-0", "value"):
            assert f'id="{place}-error"' in html(page), place
            assert f'href="#{place}"' in html(page), place
        assert 'value="soon"' in html(page), "what was typed stays"
    twice = press(root, root.get(HERE), HERE, "save", **{"phase-0-slug": journeys.in_force().phases[1].slug})
    assert "is there twice" in text(twice)
    assert journeys.declared() == before


def test_ada_may_not_and_a_fragment_is_drawn_alone(root: Client, sign_in: SignIn) -> None:
    ada = sign_in(User.objects.get(email="ada@fernhill.test"))
    assert "Change it row by row" not in text(ada.get(HERE))
    assert ada.post(HERE, {"form": "1", "deed": "preview"}).status_code == 403
    htmx = sign_in(User.objects.get(email="root@fernhill.test"), htmx=True)
    page = press(root, root.get(HERE), HERE, "look")
    assert "<h1>" in html(page)
    part = press(htmx, root.get(HERE), HERE, "look")
    assert "<h1>" not in html(part)
    assert 'id="editing"' in html(part)
