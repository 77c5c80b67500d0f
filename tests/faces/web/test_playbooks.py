"""Playbooks in the web app: the list, one with its runs, the editor, a run, and what it would have done."""

import pytest
from django.test import Client

from keepwell.plays.actions import dry_runs
from keepwell.plays.models import DryRun, Playbook, Run, RunStep
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import text
from tests.world import NOW, World

pytestmark = pytest.mark.django_db
TOML = """sentence = "Two calls."

[[steps]]
title = "Call {name}"
role = "csm"

[[steps]]
title = "OK"
kind = "approval"
after = ["call-name"]
"""


def test_a_playbook_is_written_looked_at_published_and_returned_to(lived: World, sign_in: SignIn) -> None:
    root = sign_in(lived.root)
    wrong = root.post("/playbooks/new/", {"title": "Two", "text": "steps = [", "deed": "save"})
    assert wrong.status_code == 422
    assert "This is no TOML" in text(wrong)
    looked = root.post("/playbooks/new/", {"title": "Two", "text": TOML, "deed": "look"})
    assert "Days 1 to 5" in text(looked)
    assert not Playbook.objects.filter(slug="two").exists()
    saved = root.post("/playbooks/new/", {"title": "Two", "text": TOML, "deed": "save"})
    assert saved.headers["Location"] == "/playbooks/two/"
    assert "Never published" in text(root.get("/playbooks/two/"))
    root.post("/playbooks/two/publication/", {"number": "1"})
    root.post(
        "/playbooks/two/edit/",
        {"title": "Two", "text": TOML + '\n[[steps]]\ntitle = "More"\n', "deed": "save"},
    )
    page = text(root.get("/playbooks/two/"))
    assert "Version 2 is a draft" in page
    root.post("/playbooks/two/publication/", {"number": "2"})
    root.post("/playbooks/two/publication/", {"number": "1", "again": "1"})
    assert "Version 3" in text(root.get("/playbooks/two/"))
    root.post("/playbooks/two/rest/")
    assert "It rests: nothing starts it" in text(root.get("/playbooks/two/"))
    assert "Two" in text(root.get("/playbooks/"))


def test_ada_starts_one_does_its_steps_and_cleo_sees_nothing(
    ada: Client, lived: World, sign_in: SignIn
) -> None:
    assert "Red-account rescue" in text(ada.get("/playbooks/"))
    assert "Week 12: check in and rebuild adoption" in text(ada.get("/playbooks/red-account-rescue/"))
    begun = ada.post(
        "/playbooks/runs/", {"playbook": "red-account-rescue", "account": "willow", "because": "They fell"}
    )
    run = Run.objects.get()
    assert begun.headers["Location"] == f"/playbooks/runs/{run.pk}/"
    assert "Red-account rescue" in text(ada.get("/accounts/willow/incidents/"))
    deed = f"/playbooks/runs/{run.pk}/deed/"
    assert "They fell" in text(ada.get(f"/playbooks/runs/{run.pk}/"))
    ada.post(deed, {"step": "stakeholder-map", "deed": "complete"})
    ada.post(deed, {"step": "intro-call", "deed": "skip", "because": "Known"})
    page = text(ada.get(f"/playbooks/runs/{run.pk}/"))
    assert "Known" in page
    assert "2 of 17 over" in page
    ada.post(deed, {"deed": "pause", "because": "Holiday"})
    assert "Rests" in text(ada.get(f"/playbooks/runs/{run.pk}/"))
    ada.post(deed, {"deed": "go_on"})
    ada.post(deed, {"deed": "cancel", "because": "They left"})
    assert "Cancelled" in text(ada.get(f"/playbooks/runs/{run.pk}/"))
    ada.post(deed, {"deed": "take_back"})
    assert Run.objects.get().open
    assert "yes" not in RunStep.objects.values_list("outcome", flat=True)
    csv = b"".join(ada.get("/playbooks/red-account-rescue.csv")).decode()  # type: ignore[arg-type]
    assert "willow,Willow,1,hand" in csv
    cleo = sign_in(lived.cleo)
    assert cleo.get(f"/playbooks/runs/{run.pk}/").status_code == 404
    assert cleo.post(deed, {"deed": "cancel", "because": "x"}).status_code == 404
    assert "Willow" not in text(cleo.get("/playbooks/red-account-rescue/"))
    assert "willow" not in b"".join(cleo.get("/playbooks/red-account-rescue.csv")).decode()  # type: ignore[arg-type]


def test_a_dry_run_is_asked_for_and_read(ada: Client, lived: World) -> None:
    asked = ada.post("/playbooks/champion-change/dry-runs/", {"account": "willow", "since": "2026-05-04"})
    row = DryRun.objects.get()
    assert asked.headers["Location"] == f"/playbooks/dry-runs/{row.pk}/"
    assert "It is being found out" in text(ada.get(f"/playbooks/dry-runs/{row.pk}/"))
    dry_runs.run(dry_run_id=row.pk, at=NOW)
    page = text(ada.get(f"/playbooks/dry-runs/{row.pk}/"))
    assert "Confirm who left and who takes over: begins" in page
    refused = ada.post(
        "/playbooks/champion-change/dry-runs/", {"account": "willow", "since": "2027-05-04"}, follow=True
    )
    assert "begins on a past day" in text(refused)


def test_a_playbook_is_found_by_its_name(ada: Client, lived: World) -> None:
    found = ada.get("/search/?q=rescue")
    assert 'href="/playbooks/red-account-rescue/"' in found.content.decode()
