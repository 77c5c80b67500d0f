"""Segments: the form that is built without script, the list, the page, and who may change what."""

import re
from datetime import timedelta

from django.test import Client

from keepwell.segments.actions import memberships, segments
from keepwell.segments.models import Membership, Segment
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import html, text
from tests.world import NOW, TESTS, TODAY, World

RETAIL = {
    "title": "Quiet ones",
    "sentence": "Nobody comes any more.",
    "kind-0": "all",
    "parts-0": "0 1",
    "kind-0-0": "leaf",
    "of-0-0": "metric.active_days",
    "op-0-0": "below",
    "value-0-0": "40",
    "kind-0-1": "any",
    "parts-0-1": "0 1",
    "kind-0-1-0": "leaf",
    "of-0-1-0": "former",
    "op-0-1-0": "true",
    "value-0-1-0": "false",
    "kind-0-1-1": "leaf",
    "of-0-1-1": "event.",
    "name-0-1-1": "report.exported",
    "op-0-1-1": "at_least",
    "value-0-1-1": "2",
    "days-0-1-1": "14",
}


def test_an_empty_list_teaches_and_a_csm_may_only_read(ada: Client) -> None:
    segments.retire(slug="shaky", by=TESTS, at=NOW)
    said = text(ada.get("/segments/"))
    assert "No segments yet" in said
    assert "New segment" not in said
    assert ada.get("/segments/new/").status_code == 403


def test_the_form_grows_by_buttons_alone(lived: World, sign_in: SignIn) -> None:
    root = sign_in(lived.root)
    first = html(root.get("/segments/new/"))
    assert 'name="of-0-0"' in first
    more = html(root.post("/segments/new/", {"kind-0": "all", "parts-0": "0", "deed": "add:0"}))
    assert 'name="of-0-1"' in more
    grouped = html(root.post("/segments/new/", {"kind-0": "all", "parts-0": "0", "deed": "group:0"}))
    assert 'name="of-0-1-1"' in grouped
    fewer = html(root.post("/segments/new/", {"kind-0": "all", "parts-0": "0 1", "deed": "remove:0-0"}))
    assert 'name="of-0-1"' not in fewer


def test_a_segment_is_said_counted_and_read(lived: World, sign_in: SignIn) -> None:
    root = sign_in(lived.root)
    looked = text(root.post("/segments/new/", {**RETAIL, "deed": "look"}))
    assert (
        "Active days is below 40 days and (former customer is false or event report.exported is at least 2"
        in looked
    )
    saved = root.post("/segments/new/", {**RETAIL, "deed": "save"})
    assert saved.headers["Location"] == "/segments/quiet-ones/"
    memberships.refresh(since_by_account=None, as_of=TODAY)
    segment = Segment.objects.get(slug="quiet-ones")
    assert segment.condition["all"][0] == {"of": "metric.active_days", "below": 40.0}
    said = text(root.get("/segments/quiet-ones/"))
    assert "Nobody comes any more." in said
    assert "Ash" in said
    assert "Quiet ones" in text(root.get("/segments/"))
    rows = b"".join(root.get("/segments/quiet-ones.csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert rows.startswith("account,name,state,since,because\r\n")
    assert "willow,Willow,member," in rows
    assert "ash,Ash,unknown," in rows
    edit = html(root.get("/segments/quiet-ones/edit/"))
    assert 'value="report.exported"' in edit
    changed = text(root.post("/segments/quiet-ones/edit/", {**RETAIL, "value-0-0": "3", "deed": "look"}))
    assert re.search(r"0 would enter and [1-4] leave if this is saved", changed)
    assert "Would leave" in changed
    same = text(root.post("/segments/quiet-ones/edit/", {**RETAIL, "deed": "look"}))
    assert "nobody would enter or leave" in same
    root.post("/segments/quiet-ones/edit/", {**RETAIL, "value-0-0": "3", "deed": "save"})
    segment.refresh_from_db()
    assert segment.condition["all"][0]["below"] == 3.0
    assert root.post("/segments/quiet-ones/retirement/").status_code == 302
    assert root.get("/segments/quiet-ones/").status_code == 404


def test_what_cannot_be_understood_stays_in_the_form_with_its_reason(lived: World, sign_in: SignIn) -> None:
    root = sign_in(lived.root)
    answer = root.post("/segments/new/", {**RETAIL, "value-0-0": "few", "deed": "save"})
    assert answer.status_code == 422
    assert 'value="few"' in html(answer)
    assert "takes a number" in text(answer)
    assert not Segment.objects.filter(slug="quiet-ones").exists()


def test_cleo_sees_a_segment_without_anybody_in_it(lived: World, sign_in: SignIn) -> None:
    sign_in(lived.root).post("/segments/new/", {**RETAIL, "deed": "save"})
    memberships.refresh(since_by_account=None, as_of=TODAY)
    said = text(sign_in(lived.cleo).get("/segments/quiet-ones/"))
    assert "0 accounts" in said
    assert "Ash" not in said


def test_what_rests_on_a_segment_is_shown_before_it_is_changed(lived: World, sign_in: SignIn) -> None:
    root, ada = sign_in(lived.root), sign_in(lived.ada)
    ada.post(
        "/accounts-views/", {"name": "Shaky only", "state": "?where=segment.shaky:true:yes", "shared": "all"}
    )
    ada.post("/accounts-views/", {"name": "Hers", "state": "?cols=segment.shaky,arr", "shared": "private"})
    segments.save(
        slug="shakiest", title="Shakiest", condition={"of": "segment.shaky", "true": True}, by=TESTS, at=NOW
    )
    for page in ("/segments/shaky/", "/segments/shaky/edit/"):
        said = text(root.get(page))
        assert "View of accounts Shaky only" in said, page
        assert "1 private view of others" in said, page
        assert "Segment Shakiest" in said, page
        assert "Hers" not in said, page


def test_a_past_day_has_its_own_members(lived: World, sign_in: SignIn) -> None:
    root = sign_in(lived.root)
    segment = Segment.objects.get(slug="shaky")
    Membership.objects.filter(segment=segment).delete()
    Membership.objects.create(
        segment=segment, account=lived.birch, state="member", since=TODAY - timedelta(days=40),
        until=TODAY - timedelta(days=20), because=["Because"], ended_because=["No more"],
    )  # fmt: skip
    day = TODAY - timedelta(days=30)
    assert "Birch" in text(root.get(f"/segments/shaky/?day={day}"))
    assert "In it on" in text(root.get(f"/segments/shaky/?day={day}"))
    rows = b"".join(root.get(f"/segments/shaky.csv?day={day}").streaming_content).decode()  # type: ignore[attr-defined]
    assert "birch,Birch,member," in rows
    now = b"".join(root.get("/segments/shaky.csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert "birch" not in now
