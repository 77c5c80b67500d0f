"""The bell and its page."""

from django.test import Client

from keepwell.access.models import User
from keepwell.faces import clock
from keepwell.plays.actions import noticing, tasks
from keepwell.plays.actions.tasks import Wanted
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import html, text
from tests.world import NOW, World


def given(lived: World) -> None:
    wanted = Wanted("Call Dora", NOW, "ada@fernhill.test")
    tasks.make(account="elm", wanted=wanted, by=lived.scope("ben"), at=clock.now())


def test_the_bell_counts_and_the_page_lists_and_reads(ada: Client, lived: World) -> None:
    noticing.look(at=NOW)
    given(lived)
    assert "3 unread" in html(ada.get("/notifications/bell/")), "a fall, its incident and Ben's task"
    said = text(ada.get("/notifications/"))
    assert "3 unread notifications." in said
    assert "Elm: Call Dora Assigned to you" in said
    assert "Willow fell from" in said
    ada.post("/notifications/reading/", {"id": "x"})
    assert "All is read." in text(ada.get("/notifications/"))
    assert "Nothing yet" in text(ada.get("/notifications/?unread=1"))
    assert 'class="count"' not in html(ada.get("/notifications/bell/"))


def test_nobody_sees_or_reads_another_s(ada: Client, lived: World, sign_in: SignIn) -> None:
    given(lived)
    assert "Call Dora" not in text(sign_in(lived.ben).get("/notifications/"))
    sign_in(lived.ben).post("/notifications/reading/", {})
    assert "2 unread" in html(ada.get("/notifications/bell/")), "Ada is called to Willow, and has Ben’s task"


def test_ways_are_chosen_and_the_digest_stands_with_the_preferences(ada: Client, lived: World) -> None:
    form = {"app:assigned": "on", "digest": "weekly"}
    said = ada.post("/notifications/choosing/", form, follow=True)
    assert "You will be told in this way" in text(said)
    assert '<option value="weekly" selected>' in html(said)
    assert html(said).count("checked") == 1
    assert User.objects.get(pk=lived.ada.pk).preferences["digest"] == "weekly"
    assert "Digest by mail" not in text(ada.get("/settings/preferences/")), "one place, not two"
    refused = ada.post("/notifications/choosing/", form | {"digest": "hourly"}, follow=True)
    assert '"hourly" is not one of' in text(refused)


def test_a_stream_says_hello_and_is_not_for_strangers(ada: Client) -> None:
    assert Client().get("/live/").status_code == 204
    answer = ada.get("/live/")
    assert answer.headers["Content-Type"] == "text/event-stream"
    assert answer.headers["X-Accel-Buffering"] == "no"
    assert answer.headers["Content-Encoding"] == "identity"
    answer.close()
