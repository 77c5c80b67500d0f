"""One thing done to many accounts from the list: reassign a book, set fields, tag; looked at before, taken back after."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from keepwell.access.actions import tokens
from keepwell.access.models import AuditEntry
from keepwell.access.queries import scopes
from keepwell.kernel.errors import Forbidden, NotFound
from keepwell.ledger.actions import hand_overs
from keepwell.ledger.models import Account, HandOver, Ownership
from keepwell.plays.actions import bulk as deeds
from keepwell.plays.actions import runs
from keepwell.plays.models import BulkDeed, Run
from keepwell.plays.queries import bulk
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import text
from tests.plays.books import say, step
from tests.world import NOW, TESTS, TODAY, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(lived: World, sign_in: SignIn) -> Client:
    return sign_in(lived.root)


def selected(client: Client, **form: Any) -> str:
    response = client.post("/accounts-bulk/", form)
    assert response.status_code == 302, text(response)
    return str(response.headers["Location"]).partition("?")[0]


def owners(role: str = "csm") -> dict[str, str]:
    rows = Ownership.objects.filter(until=None, role=role)
    return dict(rows.values_list("account__key", "user__email"))


def test_a_book_is_reassigned_and_handed_back(root: Client, lived: World) -> None:
    before = owners()
    page = selected(root, all="1", state="?where=industry:known:yes&sort=name")
    asked = {"kind": "assign", "user": lived.ben.email, "role": "csm", "since": TODAY.isoformat()}
    look = root.post(page, asked | {"deed": "look"})
    assert re.search(r"4 of 4 accounts change", text(look))
    assert owners() == before, "looking changes nothing"
    done = root.post(page, asked | {"deed": "do"})
    assert done.headers["Location"].startswith("/accounts/?where=industry")
    assert set(owners().values()) == {lived.ben.email}
    assert "4 accounts changed" in text(root.get("/accounts/"))
    assert AuditEntry.objects.filter(deed="accounts.bulk").exists()
    root.post(f"{page}undo/")
    assert owners() == before
    assert BulkDeed.objects.get().undone_at == NOW


def test_a_book_is_handed_over_on_a_day_to_come_unless_that_is_taken_back(root: Client, lived: World) -> None:
    before = owners()
    page = selected(root, key=["willow", "elm"])
    day = date(2027, 1, 1)
    asked = {"kind": "assign", "user": lived.ben.email, "role": "csm", "since": day.isoformat(), "deed": "do"}
    root.post(page, asked)
    assert owners() == before
    assert "from 1 Jan 2027: Ben" in text(root.get("/accounts/willow/"))
    root.post(f"{page}undo/")
    assert not HandOver.objects.exists()
    root.post(selected(root, key=["willow", "elm"]), asked)
    before_it = datetime(2026, 12, 31, 23, 59, tzinfo=UTC)
    assert hand_overs.begin(at=before_it) == 0
    assert hand_overs.begin(at=before_it + timedelta(minutes=1)) == 2
    assert owners() == {**before, "willow": lived.ben.email, "elm": lived.ben.email}
    assert Ownership.objects.get(account__key="elm", role="csm", until=None).since == day
    assert Ownership.objects.get(account__key="elm", role="csm", until=day).user == lived.ada
    assert not HandOver.objects.exists()


def test_a_hand_over_of_one_account_is_said_and_taken_back_before_it_begins(
    root: Client, lived: World
) -> None:
    here = "/accounts/willow/organisation/"
    root.post(f"{here}owner/", {"email": lived.ben.email, "role": "csm", "since": "2027-01-01"})
    assert "From 1 Jan 2027: Ben is" in text(root.get(here))
    assert owners()["willow"] == lived.ada.email
    token = tokens.create(user=lived.root, name="tests", by=TESTS, at=NOW, may_write=True)
    api = Client(headers={"Authorization": f"Bearer {token}"})
    told = api.get("/api/v1/hand-overs?account=willow").json()
    assert [(one["email"], one["since"]) for one in told] == [(lived.ben.email, "2027-01-01")]
    root.post(f"{here}hand-overs/csm/removal/")
    assert api.get("/api/v1/hand-overs?account=willow").json() == []
    assert api.delete("/api/v1/hand-overs?account=willow").status_code == 404
    past = {"account": "willow", "email": lived.ben.email, "since": "2026-01-01"}
    assert api.post("/api/v1/owners", past, content_type="application/json").status_code == 422


def test_a_hand_over_can_be_dated_back_but_not_before_the_last_one(root: Client, lived: World) -> None:
    page = selected(root, key=["willow", "elm"])
    asked = {"kind": "assign", "user": lived.ben.email, "role": "csm"}
    assert "no date" in text(root.post(page, asked | {"since": "soon", "deed": "do"}))
    Ownership.objects.filter(account__key="willow").update(since="2026-01-01")
    said = text(root.post(page, asked | {"since": "2026-06-01", "deed": "do"}, follow=True))
    assert "elm who owns it has done so since 2026-06-15" in said
    spans = Ownership.objects.filter(account__key="willow", role="csm").order_by("since")
    assert [(str(span.since), str(span.until), span.user) for span in spans] == [
        ("2026-01-01", "2026-06-01", lived.ada),
        ("2026-06-01", "None", lived.ben),
    ]
    root.post(f"{page}undo/")
    assert owners()["willow"] == lived.ada.email


def test_fields_and_tags_are_set_and_what_went_on_since_stays(root: Client) -> None:
    page = selected(root, key=["willow", "birch"])
    root.post(page, {"kind": "tag", "tag": "pilot", "deed": "do"})
    assert set(Account.objects.filter(tags__contains=["pilot"]).values_list("key", flat=True)) == {
        "willow",
        "birch",
    }
    root.post(selected(root, key="birch"), {"kind": "untag", "tag": "pilot", "deed": "do"})
    first = BulkDeed.objects.order_by("pk")[0]
    said = text(root.post(f"/accounts-bulk/{first.pk}/undo/", follow=True))
    assert "Taken back for 1 account. 1 account changed since and stayed so." in said
    root.post(selected(root, key=["elm"]), {"kind": "field", "field": "tier", "value": "Gold", "deed": "do"})
    assert Account.objects.get(key="elm").tier == "Gold"


def test_a_playbook_is_started_for_many_and_that_is_taken_back(root: Client, lived: World) -> None:
    say(step("call"), slug="calls")
    runs.start(playbook="calls", account="elm", by=TESTS, at=NOW)
    page = selected(root, key=["willow", "birch", "elm"], back="/signals/falls-into-red/?order=arr")
    asked = {"kind": "play", "playbook": "calls", "because": "A sweep"}
    assert "Choose which playbook starts" in text(
        root.post(page, {**asked, "playbook": "none", "deed": "look"})
    )
    assert "2 of 3 accounts change" in text(root.post(page, asked | {"deed": "look"}))
    assert Run.objects.count() == 1, "looking starts nothing"
    done = root.post(page, asked | {"deed": "do"})
    assert done.headers["Location"] == "/signals/falls-into-red/?order=arr"
    begun = Run.objects.filter(because=["A sweep"])
    assert set(begun.values_list("account__key", flat=True)) == {"willow", "birch"}
    assert {one.started_by for one in begun} == {lived.root}
    said = text(root.post(f"{page}undo/", follow=True))
    assert "Taken back for 2 accounts." in said
    assert set(begun.values_list("ending__how", flat=True)) == {"cancelled"}
    assert Run.objects.get(open=True).account == lived.elm, "what went on before goes on"


def test_what_may_not_start_is_named(root: Client, lived: World) -> None:
    say(step("call"), slug="calls", goal={"of": "name", "is": "Willow"})
    page = selected(root, key=["willow", "birch"])
    said = text(root.post(page, {"kind": "play", "playbook": "calls", "deed": "do"}, follow=True))
    assert "1 of 2 accounts changed" in said
    assert "willow Its goal is reached already" in said


def test_nobody_does_to_others_accounts_or_what_the_role_does_not_allow(
    lived: World, sign_in: SignIn
) -> None:
    cleo, ada = sign_in(lived.cleo), sign_in(lived.ada)
    assert cleo.post("/accounts-bulk/", {"key": "willow"}).status_code == 400
    page = selected(ada, key=["willow", "nobody"])
    assert BulkDeed.objects.get().accounts == [lived.willow.pk]
    assert cleo.get(page).status_code == 404
    assert "Assign an owner" not in text(ada.get(page))
    scope = scopes.of_user(lived.ada, through="web")
    with pytest.raises(Forbidden):
        deeds.start(deed_id=BulkDeed.objects.get().pk, kind="assign", said={}, by=scope, at=NOW)
    with pytest.raises(NotFound):
        bulk.find(deed_id=BulkDeed.objects.get().pk, seen_by=scopes.of_user(lived.ben, through="web"))


def test_many_go_by_a_job_that_carries_on(
    root: Client, lived: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deeds, "AT_ONCE", 1)
    monkeypatch.setattr(deeds, "BLOCK", 1)
    page = selected(root, key=["willow", "birch", "elm"])
    answer = root.post(page, {"kind": "tag", "tag": "wave 1", "deed": "do"})
    assert answer.headers["Location"] == page
    assert "0 of 3 accounts done" in text(root.get(page))
    (deed,) = bulk.waiting()
    assert deeds._step(deed, NOW)
    assert "1 of 3 accounts done" in text(root.get(page))
    deeds.run(deed_id=deed, at=NOW)
    assert "3 of 3 accounts changed" in text(root.get(page))
    assert bulk.waiting() == []
