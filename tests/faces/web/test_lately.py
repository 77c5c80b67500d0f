"""What one did by hand can be taken back for a month, in any browser, by oneself alone."""

from datetime import timedelta

from django.test import Client

from keepwell.faces.web.actions import taken_away
from keepwell.faces.web.models import TakenAway
from keepwell.segments.actions import segments as deeds
from keepwell.segments.models import Segment
from keepwell.segments.queries import phases
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import text
from tests.world import NOW, TESTS, World


def test_a_retired_segment_comes_back_from_another_browser(lived: World, sign_in: SignIn) -> None:
    deeds.save(slug="asleep", title="Asleep", condition={"of": "arr", "below": 1}, by=TESTS, at=NOW)
    root = sign_in(lived.root)
    assert "The segment “Asleep” is retired." in text(root.post("/segments/asleep/retirement/", follow=True))
    assert Segment.objects.get(slug="asleep").retired_at is not None
    elsewhere = sign_in(lived.root)
    said = text(elsewhere.get("/lately/"))
    assert "The segment “Asleep” is retired." in said
    undo = f"undo-{TakenAway.objects.get().pk.hex}"
    assert sign_in(lived.ada).post("/undo/", {"removed": undo}).status_code == 404
    assert "is back" in text(elsewhere.post("/undo/", {"removed": undo}, follow=True))
    assert Segment.objects.get(slug="asleep").retired_at is None
    assert "Nothing to take back" in text(elsewhere.get("/lately/"))


def test_after_a_month_it_is_forgotten(ada: Client, lived: World) -> None:
    taken_away.keep(user_id=lived.ada.pk, what="view", said=1, told="A view is deleted.", at=NOW)
    taken_away.forget_old(at=NOW + timedelta(days=30))
    assert "A view is deleted." in text(ada.get("/lately/"))
    taken_away.forget_old(at=NOW + timedelta(days=31))
    assert not TakenAway.objects.exists()


def test_phases_are_put_in_order_by_their_names(lived: World, sign_in: SignIn) -> None:
    deeds.save(slug="asleep", title="Asleep", condition={"of": "arr", "below": 1}, by=TESTS, at=NOW)
    root = sign_in(lived.root)
    told = root.post("/segments/phases/", {"phase": ["shaky", "", "asleep"]}, follow=True)
    assert "The order of phases is saved." in text(told)
    assert list(phases.titles()) == ["shaky", "asleep"]
