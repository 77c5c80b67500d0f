"""Scorecards in Settings, without script: read, edit, look, publish, go back."""

import re
from html import unescape

import pytest
from django.test import Client

from keepwell.health.actions import previews as preview_deeds
from keepwell.health.actions import scorecards as deeds
from keepwell.health.queries import cards, kept_previews, previews
from keepwell.packs import loading
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import html, text
from tests.world import NOW, TESTS, World

HERE = "/settings/scorecards/"
CARD = f"{HERE}saas-health/"


@pytest.fixture
def root(lived: World, sign_in: SignIn) -> Client:
    """The administrator."""
    return sign_in(lived.root)


def fields(page: str) -> dict[str, str]:
    """What the form would send as it stands."""
    form = page[page.index('id="editor"') :]
    sent: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and "csrf" not in name[1]:
            sent[name[1]] = unescape(value[1]) if value else ""
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        sent[name] = unescape(chosen[1]) if chosen else ""
    return sent


def edited(root: Client, address: str = f"{CARD}draft/", **changes: str) -> dict[str, str]:
    return fields(html(root.get(address))) | changes


def test_the_list_says_who_judges_whom(root: Client, ada: Client) -> None:
    said = text(root.get(HERE))
    assert "1 scorecard judges" in said.replace("\u00a0", " ")
    assert "SaaS health" in said
    assert "Every account" in said
    assert "New scorecard" in said
    assert "New scorecard" not in text(ada.get(HERE))


def test_a_card_shows_its_measures_weights_thresholds_and_versions(ada: Client) -> None:
    said = text(ada.get(CARD))
    for part in loading.find("saas").scorecards[0].definition["parts"]:
        assert part["label"] in said
    assert "Healthy above 70 %, at risk under 50 %, watch between" in said
    assert "Version 1 In force" in said
    assert "Edit a copy" not in said


def test_the_editor_holds_what_the_card_says_and_saving_it_changes_nothing(root: Client) -> None:
    sent = edited(root)
    assert (sent["p0-weight"], sent["p0-green_sign"], sent["p0-green"]) == ("25", ">", "70")
    assert root.post(f"{CARD}draft/", sent | {"deed": "save"}).status_code == 302
    assert cards.find(slug="saas-health").draft is None


def test_the_sum_of_weights_is_told_while_editing_and_a_wrong_one_is_not_saved(root: Client) -> None:
    sent = edited(root, **{"p0-weight": "20"})
    assert "The weights add up to 95: 5 are left." in text(
        root.post(f"{CARD}draft/", sent | {"deed": "look"})
    )
    refused = root.post(f"{CARD}draft/", sent | {"deed": "save"})
    assert refused.status_code == 422
    assert "the weights add up to 95" in text(refused)
    assert cards.find(slug="saas-health").draft is None


def test_measures_are_added_moved_and_removed(root: Client) -> None:
    sent = edited(root)
    page = html(root.post(f"{CARD}draft/", sent | {"deed": "down-part:0"}))
    assert fields(page)["p1-label"] == "Core-feature adoption"
    page = html(root.post(f"{CARD}draft/", fields(page) | {"deed": "drop-part:0"}))
    assert fields(page)["parts"] == "5"
    page = html(root.post(f"{CARD}draft/", fields(page) | {"deed": "add-part"}))
    assert fields(page)["parts"] == "6"
    assert "Choose what is measured." in page
    sent = fields(page) | {"p5-metric": "days_since_touchpoint", "deed": "save"}
    chosen = root.post(f"{CARD}draft/", sent)
    assert "“Days since last touchpoint”: give it a weight." in text(chosen)
    assert fields(html(chosen))["p5-label"] == "Days since last touchpoint"
    assert fields(html(chosen))["p5-green_sign"] == "<=", "less is better for this one"
    turned = fields(html(chosen)) | {"p5-green_sign": "<"}
    asked_again = root.post(f"{CARD}draft/", turned)
    assert fields(html(asked_again))["p5-green_sign"] == "<", "somebody said which way"


def test_a_press_of_a_button_answers_htmx_with_the_form_alone(lived: World, sign_in: SignIn) -> None:
    client = sign_in(lived.root, htmx=True)
    answer = client.post(f"{CARD}draft/", edited(sign_in(lived.root)) | {"deed": "add-group"})
    assert "<h1>" not in html(answer)
    assert 'id="editor"' in html(answer)


def test_a_draft_is_saved_looked_at_and_published(root: Client) -> None:
    sent = edited(root, **{"p0-weight": "45", "p1-weight": "0.0001"})
    sent |= {"p1-weight": "20", "p2-weight": "10", "p3-weight": "5", "p0-green": "90", "p0-red": "80"}
    assert root.post(f"{CARD}draft/", sent | {"deed": "save"}).status_code == 302
    said = text(root.get(CARD))
    assert "Version 2 is a draft" in said
    assert "Core-feature adoption: weight 25 → 45" in said
    preview = html(root.get(f"{CARD}draft/preview/"))
    assert "What version 2 would change" in preview
    seen = re.search(r'name="seen" value="([^"]*)"', preview)
    assert seen is not None
    answer = root.post(f"{CARD}publication/", {"number": "2", "seen": seen[1]}, follow=True)
    assert "Version 2 is in force from today on." in text(answer)
    assert cards.find(slug="saas-health").published == 2


def test_a_draft_that_changed_since_it_was_looked_at_is_not_published(root: Client) -> None:
    definition = loading.find("agency").scorecards[0].definition
    deeds.save(slug="saas-health", title="SaaS health", definition=definition, by=TESTS, at=NOW)
    answer = root.post(f"{CARD}publication/", {"number": "2", "seen": "2026-01-01T00:00:00+00:00"})
    assert answer.status_code == 409
    assert "Somebody edited this draft" in text(answer)


def test_one_goes_back_to_an_earlier_version(root: Client) -> None:
    definition = loading.find("agency").scorecards[0].definition
    deeds.put(slug="saas-health", title="SaaS health", definition=definition, by=TESTS, at=NOW)
    assert "Go back to it" in text(root.get(CARD))
    answer = root.post(f"{CARD}rollback/", {"number": "1"}, follow=True)
    assert "Version 3 says what version 1 said" in text(answer)
    assert cards.find(slug="saas-health").published == 3


def test_toml_out_is_toml_in(root: Client) -> None:
    said = root.get(f"{CARD}as-toml/").content.decode()
    renamed = said.replace('"saas-health"', '"copy"', 1).replace("SaaS health", "Copy", 1)
    assert root.post(f"{HERE}upload/", {"toml": renamed}).status_code == 302
    found = cards.find(slug="copy").draft
    assert found is not None
    assert found.definition == cards.find(slug="saas-health").version(1).definition
    refused = root.post(f"{HERE}upload/", {"toml": "slug ="})
    assert refused.status_code == 422
    assert "This is no TOML" in text(refused)


def test_a_new_card_is_made_by_hand_and_put_into_the_order(root: Client) -> None:
    sent = edited(root, f"{HERE}new/") | {
        "title": "Young accounts", "p0-metric": "active_days", "p0-label": "Days", "p0-weight": "100",
        "p0-green": "12", "p0-red": "4", "deed": "add-applies",
    }  # fmt: skip
    page = fields(html(root.post(f"{HERE}new/", sent)))
    page |= {"of-0-0": "phase", "op-0-0": "is", "value-0-0": "onboarding", "deed": "save"}
    assert root.post(f"{HERE}new/", page).status_code == 302
    young = cards.find(slug="young-accounts")
    assert young.draft is not None
    assert young.draft.definition["applies"] == {"all": [{"of": "phase", "is": "onboarding"}]}
    deeds.publish(slug="young-accounts", number=1, by=TESTS, at=NOW)
    assert "Let it judge" in text(root.get(HERE))
    root.post(f"{HERE}order/", {"order": "young-accounts saas-health"})
    assert cards.order() == ("young-accounts", "saas-health")


def test_an_exception_is_made_by_hand(root: Client) -> None:
    page = fields(html(root.post(f"{CARD}draft/", edited(root) | {"deed": "add-case:0"})))
    page |= {
        "of-0p0c0-0": "tier",
        "op-0p0c0-0": "is",
        "value-0p0c0-0": "low",
        "p0-c0-why": "no core features",
    }
    assert root.post(f"{CARD}draft/", page | {"deed": "save"}).status_code == 302
    draft = cards.find(slug="saas-health").draft
    assert draft is not None
    assert draft.definition["parts"][0]["exceptions"] == [
        {"when": {"all": [{"of": "tier", "is": "low"}]}, "does_not_apply": True, "why": "no core features"}
    ]
    assert "does not apply where tier is low (no core features)" in text(root.get(CARD))


def test_ada_may_read_and_nothing_more(ada: Client) -> None:
    for address in (f"{CARD}draft/", f"{HERE}new/", f"{CARD}draft/preview/"):
        assert ada.get(address).status_code in (403, 404)
    assert ada.post(f"{HERE}order/", {"order": "saas-health"}).status_code == 403
    assert ada.post(f"{CARD}rollback/", {"number": "1"}).status_code == 403


def test_ada_checks_in_and_the_score_stays(ada: Client) -> None:
    assert "Nobody has said yet." in text(ada.get("/accounts/willow/health/"))
    sent = {"score": "2", "words": "They argue about the invoice"}
    answer = text(ada.post("/accounts/willow/check-in/", sent, follow=True))
    assert "2 of 5, at odds : They argue about the invoice ada@fernhill.test" in answer
    refused = text(ada.post("/accounts/willow/check-in/", {"score": "9"}, follow=True))
    assert "Your check-in is kept" not in refused


def test_ada_overrides_willow_and_ends_it(ada: Client) -> None:
    sent = {"band": "green", "points": "", "expires_on": "2026-06-30", "reason": "They signed this morning"}
    answer = text(ada.post("/accounts/willow/override/", sent, follow=True))
    assert "Healthy, says Ada until 30" in answer
    assert "They signed this morning" in answer
    assert "The score says" in answer
    again = text(ada.post("/accounts/willow/override/", sent, follow=True))
    assert "is overridden already" in again
    ended = text(ada.post("/accounts/willow/override/end/", {"reason": "They did not"}, follow=True))
    assert "Earlier overrides" in ended
    assert "ended: They did not" in ended


def test_a_large_book_is_previewed_from_a_sample_while_a_job_asks_all(
    root: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previews, "AT_ONCE", 2)
    definition = {**cards.find(slug="saas-health").versions[0].definition, "least_known_percent": 60}
    deeds.save(slug="saas-health", title="SaaS health", definition=definition, by=TESTS, at=NOW)
    said = html(root.get(f"{CARD}draft/preview/"))
    assert "A sample of 2 of 4 customers" in said
    assert "Waiting for its turn" in said
    (asked,) = kept_previews.unfinished()
    assert f"{CARD}draft/preview/{asked}/" in said
    assert "Waiting for its turn" in html(root.get(f"{CARD}draft/preview/{asked}/"))
    preview_deeds.run(preview_id=asked, at=NOW)
    assert root.get(f"{CARD}draft/preview/{asked}/").headers["HX-Refresh"] == "true"
    whole = text(root.get(f"{CARD}draft/preview/"))
    assert re.search(r"It would judge \d customers of 4;", whole), whole[whole.index("It would") :][:90]
    assert "A sample of" not in whole


def test_an_override_that_is_refused_keeps_what_was_typed(ada: Client) -> None:
    typed = {"band": "red", "points": "few", "reason": "The sponsor left.", "expires_on": "2026-07-01"}
    answer = ada.post("/accounts/willow/override/", typed)
    assert answer.status_code == 422
    assert "is no number of points" in text(answer)
    assert 'value="few"' in html(answer)
    assert ">The sponsor left.</textarea>" in html(answer)
