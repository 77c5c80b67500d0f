"""How incidents are answered, as a form: clocks, who is called, the path, stand-ins and causes; errors at their field."""

import pytest
from django.test import Client

from keepwell.plays import practice
from keepwell.plays.models import IncidentPractice
from tests import world
from tests.faces.web.conftest import SignIn
from tests.faces.web.filling import Form, press
from tests.faces.web.reading import html, text

pytestmark = pytest.mark.django_db
HERE = "/settings/incidents/"


@pytest.fixture
def root(sign_in: SignIn) -> Client:
    return sign_in(world.build().root)


def declared() -> practice.Practice:
    return practice.read(IncidentPractice.objects.get(ended_at=None, segment=None).definition)


def test_declaring_what_is_usual_changes_nothing_of_it(root: Client) -> None:
    press(root, root.get(HERE), HERE, "save")
    assert declared() == practice.usual()


def test_clocks_call_path_stand_ins_and_causes_are_declared_by_buttons_alone(root: Client) -> None:
    page = press(root, root.get(HERE), HERE, "add-step", call_length="12", called=["csm", "leader"])
    page = press(root, page, HERE, "add-cause", after_2="72", stand_sales=["leader", ""])
    last = Form(html(page), HERE).fields["causes"][0]
    page = press(root, page, HERE, "drop-step:1", **{f"cause-title-{int(last) - 1}": "Their budget was cut"})
    saved = press(root, page, HERE, "save", reopen_days="30", **{"cause-title-0": ""})
    assert saved.headers["Location"] == HERE
    said = declared()
    assert said.clocks["call"].length == 12
    assert said.called == ("csm", "leader")
    assert [(step.after_hours, step.tells) for step in said.path] == [
        (0, ("executive",)),
        (72, ("executive",)),
    ]
    assert said.stand_ins["sales"] == ("leader",)
    assert said.causes["their-budget-was-cut"] == "Their budget was cut"
    assert "adoption" not in said.causes
    assert said.reopen_days == 30
    assert "Call 12 hours, calendar time" in text(root.get(HERE))


def test_what_is_wrong_stands_at_its_field(root: Client) -> None:
    page = press(root, root.get(HERE), HERE, "save", cause_length="soon", after_1="-3", reopen_days="900")
    assert page.status_code == 422
    for place in ("cause-error", "path-1-error", "reopen-error"):
        assert f'aria-describedby="{place}"' in html(page)
    for place in ("clocks-cause", "path-1", "reopen_days"):
        assert f'href="#{place}"' in html(page)
    assert not IncidentPractice.objects.exists()
    first = press(root, root.get(HERE), HERE, "save", tells_0="leader")
    assert "straight to the executive" in text(first)
    assert 'href="#path"' in html(first)


def test_nobody_called_is_refused_and_a_pm_cannot_be_chosen(root: Client) -> None:
    page = root.get(HERE)
    assert 'value="pm"' not in html(page)
    form = dict(Form(html(page), HERE).fields)
    del form["called"]
    refused = root.post(HERE, {**form, "deed": "save"})
    assert refused.status_code == 422
    assert 'href="#called"' in html(refused)
