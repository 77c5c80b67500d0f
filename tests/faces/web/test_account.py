"""One account, tab by tab."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from keepwell.faces.web.pages import account_timeline
from keepwell.ledger.actions import contracts, relay
from keepwell.ledger.queries.timeline import TimelineItem
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import html, text
from tests.world import NOW, TESTS, TODAY, World

HOUR = timedelta(hours=1)


def test_the_head_says_five_facts(ada: Client) -> None:
    said = text(ada.get("/accounts/willow/"))
    assert "At risk" in said
    assert re.search(r"−\d+ in a week · [\w ]+ (fell|rose) from [\d.,−]+ .*? to [\d.,−]+", said)
    assert "$48,000 renews" in said
    assert "Grace Hopper" in said
    assert "Call the customer 1 d left" in said or "Call the customer 23 h" in said


def test_every_part_says_its_value_its_threshold_and_its_weight(ada: Client) -> None:
    said = text(ada.get("/accounts/willow/health/"))
    assert "Core-feature adoption" in said
    assert "25 % ▲" in said or re.search(r"25 % At risk Healthy above 70 %, at risk under 50 %", said)
    assert "Every part is known." in said
    assert "SaaS health, version 1, computed 15 Jun, 12:00 UTC." in said


def test_what_is_unknown_says_why(ada: Client) -> None:
    said = text(ada.get("/accounts/elm/health/"))
    assert "Unknown" in said
    assert "The account never had a usage event" in said
    assert re.search(r"\d+ % of the weight is known; with the rest it could be \d+–\d+\.", said)


def test_a_part_opens_its_definition(ada: Client) -> None:
    page = html(ada.get("/accounts/willow/health/"))
    assert re.search(r'popovertarget="about-1".*?id="about-1" popover', page, re.DOTALL)
    assert "Which share of the declared core features was used in the last 90 days." in page


def test_charts_are_fragments_for_the_page_and_pages_without_script(lived: World, sign_in: SignIn) -> None:
    alone = sign_in(lived.ada).get("/accounts/willow/charts/score/")
    assert "<html" in html(alone)
    part = html(sign_in(lived.ada, htmx=True).get("/accounts/willow/charts/score/"))
    assert "<html" not in part
    assert part.count("<svg") == 2
    assert '<th scope="col">Week to</th>' in part
    assert " style=" not in part


@pytest.mark.parametrize(
    ("chart", "finding"),
    [
        ("score", r"Health (fell|rose) from \d+ to \d+ in \d+ (days?|weeks?)"),
        ("parts", r"Seat utilisation: steady at 50 %"),
        ("people", r"About 5 people a week"),
        ("events", r"About \d+ events a week"),
    ],
)
def test_each_chart_states_a_finding(ada: Client, chart: str, finding: str) -> None:
    assert re.search(finding, text(ada.get(f"/accounts/willow/charts/{chart}/")))


def test_a_chart_of_nothing_says_so(ada: Client) -> None:
    assert "No use of the product is known" in text(ada.get("/accounts/ash/charts/events/"))
    assert ada.get("/accounts/ash/charts/mood/").status_code == 404


def test_usage_lists_features_with_their_people(ada: Client) -> None:
    said = text(ada.get("/accounts/birch/usage/?now=1"))
    assert re.search(r"report\.exported [\d,]+ 8 (\d+ ){13}yesterday", said)
    assert "8 of 10 seats, 80 %" in said
    assert re.search(r"Mon (0 ){3}\d+ ", said), "they work before noon"
    assert "No use known in the last 13 weeks" in text(ada.get("/accounts/ash/usage/?now=1"))


def test_people_stand_with_their_role_and_stance(ada: Client) -> None:
    said = text(ada.get("/accounts/willow/people/"))
    assert "Grace Hopper COO Executive Champion" in said
    assert "Alan Kay – End user" in said
    assert "Nobody is named yet" in text(ada.get("/accounts/ash/people/"))


def test_contracts_say_when_they_end(ada: Client) -> None:
    said = text(ada.get("/accounts/elm/contracts/"))
    assert "$64,500 10 Active" in said
    assert "in 40 days · 25 Jul" in said
    assert "No contract is known" in text(ada.get("/accounts/ash/contracts/"))


def test_contracts_say_what_changed_when_and_draw_the_steps_of_arr(ada: Client) -> None:
    more = {
        "key": "c-elm",
        "account": "elm",
        "arr": 70_000,
        "limits": {"api_calls": 5000.0},
        "term_months": 24,
    }
    contracts.upsert(rows=[more], source="tests", by=TESTS, at=NOW - HOUR, vouched=True)
    relay.all_waiting(at=NOW)
    waiting = html(ada.get("/accounts/elm/contracts/"))
    assert 'hx-get="/accounts/elm/contracts/?now=1"' in waiting
    said = text(ada.get("/accounts/elm/contracts/?now=1"))
    assert "24 months" in said
    assert "Api calls 5,000" in said
    changes = said[said.index("What changed when") :]
    assert changes.index("Fernhill changed ARR $64,500 → $70,000 Term – → 24 months") < changes.index(
        "Fernhill began"
    )
    chart = text(ada.get("/accounts/elm/charts/arr/"))
    assert "$70,000 a year, up $5,500 on" in chart
    assert "Expansion +$5,500 $70,000" in chart


def test_the_timeline_speaks_in_words_latest_first(ada: Client) -> None:
    said = text(ada.get("/accounts/willow/timeline/?now=1"))
    assert said.index("Incident opened") < said.index("Ticket escalated") < said.index("We spoke")
    assert re.search(r"Health changed from (Watch|Healthy) to At risk", said)
    assert "Answered a survey NPS 1 Grace Hopper · surveys" in said


def test_the_timeline_quotes_and_says_a_review_once() -> None:
    def item(name: str, detail: str, value: float, **props: str) -> TimelineItem:
        return TimelineItem(name, NOW, NOW, name, name, detail, "", "crm", value, props)

    [day] = account_timeline.days(
        (
            item("review.held", "an executive attended", 1.0),
            item("touchpoint.held", "review, 60 minutes", 60.0, subject="Half year"),
            item("survey.answered", "NPS 1", 1.0, comment="<b>slow</b>"),
        ),
        today=TODAY,
    )
    assert [(said.title, plain(said.detail), said.quote) for said in day.items] == [
        ("review.held", "60 minutes, an executive attended", "Half year"),
        ("survey.answered", "NPS 1", "<b>slow</b>"),
    ]


def plain(said: str) -> str:
    return said.replace("\u00a0", " ")


def test_the_timeline_begins_where_it_is_asked_to(ada: Client) -> None:
    said = text(ada.get("/accounts/willow/timeline/?until=2026-06-14"))
    assert "Incident opened" not in said
    assert "We spoke" in said
    assert ada.get("/accounts/willow/timeline/?until=soon").status_code == 400


def test_an_account_s_incidents_stand_with_it(ada: Client) -> None:
    assert "0 of 3 done" in text(ada.get("/accounts/willow/incidents/"))
    assert "Never on fire" in text(ada.get("/accounts/birch/incidents/"))


def test_what_one_may_not_see_does_not_exist(lived: World, sign_in: SignIn) -> None:
    cleo = sign_in(lived.cleo)
    hidden, absent = cleo.get("/accounts/willow/"), cleo.get("/accounts/nobody/")
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert text(hidden).replace("willow", "nobody") == text(absent)
