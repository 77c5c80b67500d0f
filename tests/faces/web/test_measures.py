"""Measures, core features, settings."""

import pytest
from django.test import Client

from keepwell.health.actions import proofs
from keepwell.health.models import Proof
from keepwell.kernel.errors import Invalid
from keepwell.ledger.models import Account
from keepwell.metrics.actions import definitions
from keepwell.metrics.queries import spreads
from keepwell.segments.actions import segments
from tests.faces.web import book
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import html, text
from tests.world import NOW, TESTS, TODAY, World

EXPORTS = {
    "slug": "exports",
    "title": "Exports",
    "unit": "events",
    "sentence": "How many reports were exported in the last 28 days.",
    "unknown_when": "the account never had a usage event",
    "measure": {"take": "count", "events": {"names": ["report.exported"]}, "days": 28},
}


def test_each_measure_says_what_it_is_and_when_it_is_unknown(ada: Client) -> None:
    from keepwell.metrics.queries.catalogue import all_metrics

    said = text(ada.get("/measures/"))
    for metric in all_metrics():
        assert metric.title in said
        assert metric.sentence in said


def test_core_features_are_chosen_from_what_was_seen(lived: World, sign_in: SignIn) -> None:
    root = sign_in(lived.root)
    assert 'hx-get="/measures/core-features/" hx-trigger="load"' in html(root.get("/measures/"))
    page = html(root.get("/measures/core-features/"))
    for feature in book.CORE:
        assert f'value="{feature}" checked' in page
    answer = root.post(
        "/measures/core-features/",
        {"feature": ["report.exported"], "others": "sso.set\n\nsso.set"},
        follow=True,
    )
    assert "Core features saved." in text(answer)
    assert "2 core features declared." in text(answer)
    form = html(sign_in(lived.root, htmx=True).get("/measures/core-features/"))
    assert form.startswith('<section class="section" id="core"')
    assert ">sso.set</textarea>" in form
    assert 'value="alert.set" checked' not in form


def test_ada_reads_them_but_may_not_change_them(ada: Client) -> None:
    assert "Save core features" not in text(ada.get("/measures/"))
    assert ada.post("/measures/core-features/", {"feature": ["x"]}).status_code == 403


def test_settings_say_who_one_is(ada: Client, lived: World, sign_in: SignIn) -> None:
    said = text(ada.get("/settings/"))
    assert "Customer success manager" in said
    assert "Numbers are as of 15 Jun, 12:00 UTC." in said
    assert "Who may sign in" not in said
    assert "cleo@fernhill.test" in text(sign_in(lived.root).get("/settings/"))


def test_measures_stand_in_groups_and_are_found_by_a_word(ada: Client, lived: World, sign_in: SignIn) -> None:
    said = text(ada.get("/measures/"))
    assert said.index("Usage 1") < said.index("Voice of the customer") < said.index("Commercial")
    found = text(ada.get("/measures/?q=critical+tickets"))
    assert "Open critical tickets" in found
    assert "Active people" not in found
    assert "No measure is called so" in text(ada.get("/measures/?q=nothingatall"))
    part = html(sign_in(lived.ada, htmx=True).get("/measures/?q=critical"))
    assert part.startswith('<section class="section" id="definitions"')


def test_a_measure_says_what_it_is_where_its_values_lie_and_who_rests_on_it(ada: Client) -> None:
    page = ada.get("/measures/active_people/")
    said = text(page)
    assert "How many named people used the product in the last 28 days." in said
    assert "The number of people with usage events in the last 28 days." in said
    assert 'take = "people"' in said
    assert "No scorecard, no segment and no view of accounts." in said
    assert "Known of 2 customers, unknown of 2." in said
    assert said.index("Willow") < said.index("Birch")
    assert html(page).index(">Birch<") < html(page).index(">Ash<")
    turned = html(ada.get("/measures/active_people/?sort=value&descending=1"))
    assert turned.index(">Birch<") < turned.index(">Willow<") < turned.index(">Ash<")
    assert 'aria-sort="descending"' in turned
    judged = text(ada.get("/measures/days_since_touchpoint/"))
    assert "Scorecard SaaS health" in judged
    assert "Segment Shaky" in judged
    assert "Behind the bars: the bands of the scorecard." in judged
    assert ada.get("/measures/no-such/").status_code == 404


def test_what_nobody_judges_by_is_computed_when_somebody_asks(ada: Client) -> None:
    waits = html(ada.get("/measures/usage_events/"))
    assert "Nothing is stored of it." in waits
    assert 'hx-get="/measures/usage_events/?now=1"' in waits
    now = text(ada.get("/measures/usage_events/?now=1&sort=value&descending=1"))
    assert "Computed just now." in now
    assert now.index("Birch") < now.index("Willow")


def test_the_stored_and_the_computed_spread_of_a_measure_are_the_same(lived: World) -> None:
    seen_by = lived.scope("ada")
    stored = spreads.today(metric="active_people", seen_by=seen_by)
    every = spreads.computed(metric="active_people", as_of=TODAY, seen_by=seen_by)
    assert spreads.spread(every, as_of=TODAY) == stored
    for order in ("name", "value", "arr"):
        for descending in (False, True):
            rows = spreads.standings(
                metric="active_people", seen_by=seen_by, order=order, descending=descending
            )
            computed = spreads.ordered(every, order, descending=descending)
            assert [row.value for row in rows] == [row.value for row in computed]


def test_every_value_is_in_the_csv_and_cleo_gets_none(ada: Client, lived: World, sign_in: SignIn) -> None:
    def rows(client: Client, slug: str) -> list[str]:
        return b"".join(client.get(f"/measures/{slug}.csv").streaming_content).decode().split()  # type: ignore[attr-defined]

    told = rows(ada, "active_people")
    assert told[0] == "account,name,value,unknown"
    assert "birch,Birch,8," in told
    assert any(row.startswith("birch,Birch,") for row in rows(ada, "usage_events"))
    assert rows(sign_in(lived.cleo), "active_people") == ["account,name,value,unknown"]
    assert "Willow" not in text(sign_in(lived.cleo).get("/measures/active_people/"))


def test_what_rests_on_a_measure_is_told_and_keeps_it(lived: World, sign_in: SignIn) -> None:
    root = sign_in(lived.root)
    definitions.save(definition=EXPORTS, by=TESTS, at=NOW)
    assert "No scorecard, no segment and no view of accounts." in text(root.get("/measures/exports/"))
    condition = {"of": "metric.exports", "above": 3}
    segments.save(slug="exporters", title="Exporters", condition=condition, by=TESTS, at=NOW)
    assert "Segment Exporters" in text(root.get("/measures/exports/"))
    with pytest.raises(Invalid, match=r"Exporters \(segment:\w+\) rests on"):
        definitions.retire(slug="exports", by=TESTS, at=NOW)
    segments.retire(slug="exporters", by=TESTS, at=NOW)
    definitions.retire(slug="exports", by=TESTS, at=NOW)
    assert root.get("/measures/exports/").status_code == 404


def test_a_measure_says_what_a_proof_found_of_it(lived: World, sign_in: SignIn) -> None:
    root = sign_in(lived.root)
    assert "No proof looked at it yet." in text(root.get("/measures/active_people/"))
    proof_id = proofs.ask(
        slug="saas-health", number=1, horizon_days=30, step_days=28, by=lived.scope("root"), at=NOW
    )
    area = {"auc": 0.81, "low": 0.7, "high": 0.9}
    one = {
        "slug": "active_people", "title": "Active people", "verdict": "leads", "area": area, "known": 0.9,
        "lift": 2.5, "lead": None, "leaks": ["late"],
    }  # fmt: skip
    Proof.objects.filter(pk=proof_id).update(state="done", figures={"indicators": [one]}, finished_at=NOW)
    said = text(root.get("/measures/active_people/"))
    assert "Leads . AUC 0.81 (0.70 to 0.90) alone" in said
    assert "in its worst fifth 2.5 × as many left as among all" in said
    assert "No proof looked at it yet." in text(root.get("/measures/usage_events/"))
    assert "speaks of the whole company" in text(sign_in(lived.ada).get("/measures/active_people/"))


def test_without_customers_a_measure_says_so_and_asks_no_more(lived: World, sign_in: SignIn) -> None:
    Account.objects.update(former=True)
    page = sign_in(lived.root).get("/measures/active_people/")
    assert "There is no customer yet." in text(page)
    assert 'hx-trigger="load"' not in html(page), "what loads itself again and again"
