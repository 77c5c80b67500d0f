"""Departure by the events that break a silence: declared, tried before, and who has left by it, from the web alone."""

import pytest
from django.test import Client

from tests import world
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import text
from tests.metrics.happenings import happen, uses
from tests.world import World

pytestmark = pytest.mark.django_db
HERE = "/settings/departure/"
EXPORTS = {
    "kind": "silence", "days": "60", "grace_days": "30", "kind-0": "all", "parts-0": "0",
    "kind-0-0": "leaf", "of-0-0": "feature", "op-0-0": "is", "value-0-0": "export",
}  # fmt: skip


@pytest.fixture
def cast() -> World:
    """Birch exports; Willow did until half a year ago, and looks at it since."""
    found = world.build()
    happen(
        *(uses("birch", ago) for ago in range(0, 400, 10)),
        *(uses("willow", ago, feature="look") for ago in range(0, 400, 10)),
        *(uses("willow", ago) for ago in range(180, 400, 10)),
    )
    return found


@pytest.fixture
def root(cast: World, sign_in: SignIn) -> Client:
    return sign_in(cast.root)


def declare(root: Client, deed: str, **said: str):
    return root.post(f"{HERE}declaration/", EXPORTS | said | {"deed": deed})


def test_root_tries_a_condition_and_declares_it(root: Client):
    tried = text(declare(root, "try"))
    assert "1 departure by" in tried
    assert "1 customer then" in tried
    assert "Willow" in tried
    assert "Nobody has declared it yet" in text(root.get(HERE)), "trying declares nothing"
    assert declare(root, "save").status_code == 302
    page = root.get(HERE)
    assert "it had no event of this kind for 60 days: feature is" in text(page)
    assert 'name="value-0-0" value="export"' in page.content.decode()
    assert "1 departure by" in text(root.get(f"{HERE}left/"))


def test_without_a_question_any_use_counts(root: Client):
    blank = {"parts-0": "", "kind-0-0": "", "of-0-0": ""}
    assert "0 departures by" in text(declare(root, "try", **blank))
    assert declare(root, "save", **blank).status_code == 302
    assert "nobody of it used the product for 60 days" in text(root.get(HERE))


def test_a_question_is_added_and_taken_away_without_declaring(root: Client):
    more = declare(root, "add:0").content.decode()
    assert 'name="of-0-1"' in more
    unfinished = declare(root, "", **{"value-0-0": ""})
    assert unfinished.status_code == 200, "a change of the form is answered, not declared"
    assert "Nobody has declared it yet" in text(root.get(HERE))
    assert 'name="of-0-0"' not in declare(root, "remove:0-0").content.decode()
    assert root.get(f"{HERE}declaration/").headers["Location"] == HERE, "for who loads the answer again"


def test_what_makes_no_sense_is_refused_and_stays_typed(root: Client):
    for deed in ("save", "try"):
        refused = declare(root, deed, days="few")
        assert refused.status_code == 422
        assert "is no number of days" in text(refused)
        assert 'value="few"' in refused.content.decode()
    assert declare(root, "save", **{"of-0-0": "colour"}).status_code == 422
    assert "“is” takes a text" in text(declare(root, "try", **{"value-0-0": ""})).replace('"is"', "“is”")


def test_only_who_may_configure_sees_who_left(cast: World, sign_in: SignIn):
    ada = sign_in(cast.ada)
    assert ada.get(f"{HERE}left/").status_code == 403
    assert "Declare it" not in text(ada.get(HERE))
    assert [declare(ada, deed).status_code for deed in ("look", "try", "save")] == [403, 403, 403]
