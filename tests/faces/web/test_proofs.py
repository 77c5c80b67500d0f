"""Departure is declared and a scorecard proven from the web alone; the pages say what was found and on what it rests."""

from datetime import timedelta

import pytest
from django.test import Client

from keepwell.health.actions import proofs as deeds
from keepwell.health.models import Proof
from keepwell.ledger.actions import contracts
from keepwell.pipeline.actions import advance
from tests import world
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import text
from tests.health.test_scores import TOUCH, card
from tests.metrics.happenings import event, happen
from tests.world import NOW, TESTS, TODAY, World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
VERSION = "ours:1"


@pytest.fixture
def cast() -> World:
    """Elm's contract ended half a year ago, and nobody had spoken with it since long before."""
    found = world.build()
    card(TOUCH, at=NOW - DAY * 900)
    rows = [
        {
            "key": f"c-{key}", "account": key, "arr": 1000, "currency": "USD",
            "start_date": TODAY - DAY * 700, "end_date": end,
        }
        for key, end in (("birch", None), ("elm", TODAY - DAY * 182), ("ash", None), ("willow", None))
    ]  # fmt: skip
    contracts.upsert(rows=rows, source="tests", by=TESTS, at=NOW, vouched=True)
    spoken = [("elm", 500), *((key, ago) for key in ("birch", "ash") for ago in range(1, 700, 5))]
    happen(*(event(key, "touchpoint.held", ago) for key, ago in spoken))
    advance(at=NOW)
    return found


def test_root_declares_asks_and_reads(cast: World, sign_in: SignIn):
    root = sign_in(cast.root)
    assert "Nobody has declared it yet" in text(root.get("/proofs/"))
    declared = root.post(
        "/settings/departure/declaration/", {"deed": "save", "kind": "contract_end", "grace_days": "45"}
    )
    assert declared.status_code == 302
    assert "began within 45 days" in text(root.get("/settings/departure/"))
    asked = root.post("/proofs/", {"version": VERSION, "horizon": "90", "step": "7"})
    proof = Proof.objects.get()
    assert asked.headers["Location"] == f"/proofs/{proof.pk}/"
    page = root.get(f"/proofs/{proof.pk}/")
    assert "Waiting for its turn" in text(page)
    assert f"/proofs/{proof.pk}/progress/" in page.content.decode()
    deeds.run(proof_id=proof.pk, at=NOW)
    assert root.get(f"/proofs/{proof.pk}/progress/").headers["HX-Refresh"] == "true"
    told = text(root.get(f"/proofs/{proof.pk}/"))
    assert "Too little data to tell" in told
    assert "1 departure of the 30 that are needed" in told
    assert "Red would have caught 1 of the 1 that left" in told
    assert "with 100 % of the ARR that was lost" in told
    assert "are left out: their 90 days are not over" in told
    assert "Too little data to tell" in text(root.get("/proofs/"))


def test_a_horizon_within_the_silence_is_refused_in_words(cast: World, sign_in: SignIn):
    root = sign_in(cast.root)
    root.post("/settings/departure/declaration/", {"deed": "save", "kind": "silence", "days": "120"})
    answer = root.post("/proofs/", {"version": VERSION, "horizon": "90", "step": "7"})
    assert answer.status_code == 422
    assert "The horizon must be 120 to 730 days" in text(answer)
    assert "would foretell what has begun already" in text(answer)
    assert not Proof.objects.exists()


def test_a_declaration_that_cannot_be_is_refused(cast: World, sign_in: SignIn):
    root = sign_in(cast.root)
    for given in ({"kind": "silence", "days": "x"}, {"kind": "silence", "days": "3"}, {"kind": "gone"}):
        assert root.post("/settings/departure/declaration/", given | {"deed": "save"}).status_code == 422


def test_a_proof_that_found_no_customer_says_what_to_do(cast: World, sign_in: SignIn):
    root = sign_in(cast.root)
    root.post("/settings/departure/declaration/", {"deed": "save", "kind": "silence", "days": "90"})
    root.post("/proofs/", {"version": VERSION, "horizon": "", "step": "28"})
    proof = Proof.objects.get()
    assert proof.horizon_days == 90
    deeds.run(proof_id=proof.pk, at=NOW)
    told = text(root.get(f"/proofs/{proof.pk}/"))
    assert "No account was a customer on any day of the past" in told


def test_those_who_see_only_their_accounts_see_no_proof(cast: World, sign_in: SignIn):
    root: Client = sign_in(cast.root)
    root.post("/proofs/", {"version": VERSION, "horizon": "90", "step": "28"})
    proof = Proof.objects.get()
    ada = sign_in(cast.ada)
    assert ada.get(f"/proofs/{proof.pk}/").status_code == 404
    assert "Nothing was proven yet" in text(ada.get("/proofs/"))
    assert ada.post("/proofs/", {"version": VERSION}).status_code == 403
    assert ada.post("/settings/departure/declaration/", {"deed": "save", "kind": "told"}).status_code == 403


def test_the_same_past_gives_the_same_figures_and_a_cut_off_proof_begins_again(cast: World, sign_in: SignIn):
    root = sign_in(cast.root)
    for _ in range(2):
        root.post("/proofs/", {"version": VERSION, "horizon": "90", "step": "14"})
    first, second = Proof.objects.order_by("pk")
    cut_off = Proof.objects.filter(pk=second.pk)
    cut_off.update(state="running", stage="days", steps_done=26, steps_total=104)
    assert "Replaying the past as known then: 26 of 104 days" in text(
        root.get(f"/proofs/{second.pk}/progress/")
    )
    cut_off.update(stage="measures", steps_done=12, steps_total=66)
    assert "Weighing each measure: 12 of 66 measures" in text(root.get(f"/proofs/{second.pk}/"))
    for proof in (first, second):
        deeds.run(proof_id=proof.pk, at=NOW)
        proof.refresh_from_db()
        assert proof.state == "done"
    assert first.figures == second.figures
    assert first.fingerprint == second.fingerprint
    assert first.lake_version is not None


def test_two_versions_stand_side_by_side_on_the_page_and_on_paper(cast: World, sign_in: SignIn):
    root = sign_in(cast.root)
    stricter = {**TOUCH, "parts": [{**TOUCH["parts"][0], "red": "> 14"}]}
    card(stricter, at=NOW)
    root.post("/proofs/", {"version": "ours:2", "horizon": "90", "step": "14", "against": "ours:1"})
    root.post("/proofs/", {"version": "ours:2", "horizon": "90", "step": "28"})
    proof, itself = Proof.objects.order_by("pk")
    assert proof.against is not None
    assert itself.against is None, "the published one is this one"
    assert root.get(f"/proofs/{proof.pk}/report.pdf").status_code == 409
    for one in (proof, itself):
        deeds.run(proof_id=one.pk, at=NOW)
    told = text(root.get(f"/proofs/{proof.pk}/"))
    assert "Side by side" in told
    assert "Version 1" in told
    assert "Too few customers left to tell which is better" in told
    assert "Side by side" not in text(root.get(f"/proofs/{itself.pk}/"))
    paper = root.get(f"/proofs/{proof.pk}/report.pdf")
    assert paper.headers["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF-")
    assert paper.content == root.get(f"/proofs/{proof.pk}/report.pdf").content


def test_each_measure_has_its_own_evidence(cast: World, sign_in: SignIn):
    root = sign_in(cast.root)
    root.post("/proofs/", {"version": VERSION, "horizon": "90", "step": "28"})
    proof = Proof.objects.get()
    here = f"/proofs/{proof.pk}/measures/"
    assert root.get(here).status_code == 302
    deeds.run(proof_id=proof.pk, at=NOW)
    told = text(root.get(here))
    assert "No measure beats chance" in told
    assert "Days since last touchpoint" in told
    assert "Too little known to tell: 68 measures" in told
    assert "Within 14 days somebody acted on" in told
