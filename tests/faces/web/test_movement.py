"""Why a score moved, on a page, over the API and on the command line."""

import json

from django.test import Client
from typer.testing import CliRunner

from keepwell.access.actions import tokens
from keepwell.faces.cli.app import app
from keepwell.health.actions import scorecards
from keepwell.health.queries import cards
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import html, text
from tests.world import NOW, TESTS, World


def test_the_page_tells_willow_s_fall_and_what_would_help(ada: Client) -> None:
    assert "/accounts/willow/movement/" in html(ada.get("/accounts/willow/health/"))
    said = text(ada.get("/accounts/willow/movement/?since=2026-06-13"))
    assert "Health fell by" in said
    assert "Escalations a month rose from" in said
    assert "What would raise it most" in said


def test_of_several_scorecards_the_page_the_api_and_the_command_line_say_which_judges(
    ada: Client, lived: World
) -> None:
    definition = cards.find(slug="saas-health").versions[0].definition
    young = {**definition, "applies": {"of": "phase", "is": "onboarding"}}
    scorecards.put(slug="young", title="Young accounts", definition=young, by=TESTS, at=NOW)
    scorecards.put_in_order(order=["young", "saas-health"], by=TESTS, at=NOW)
    said = text(ada.get("/accounts/willow/movement/?since=2026-06-13"))
    assert "Which scorecard judges" in said
    assert "Cannot be told: something it asks is not known" in said
    assert "Judges: the first that applies" in said
    token = tokens.create(user=lived.ada, name="t", by=TESTS, at=NOW, may_write=False)
    client = Client(headers={"Authorization": f"Bearer {token}"})
    told = client.get("/api/v1/scores/cards?account=willow").json()
    assert [(card["slug"], card["applies"], card["judges"]) for card in told] == [
        ("young", None, False),
        ("saas-health", True, True),
    ]
    table = CliRunner().invoke(app, ["explain", "willow", "--since", "2026-06-13"])
    assert "cannot be told" in table.output


def test_nobody_else_may_ask_and_a_wrong_day_is_told(ada: Client, lived: World, sign_in: SignIn) -> None:
    assert sign_in(lived.cleo).get("/accounts/willow/movement/").status_code == 404
    assert "is not before" in text(ada.get("/accounts/willow/movement/?since=2026-07-13"))
    assert ada.get("/accounts/willow/movement/?since=soon").status_code == 400


def test_api_and_command_line_say_the_same(lived: World) -> None:
    token = tokens.create(user=lived.ada, name="t", by=TESTS, at=NOW, may_write=False)
    client = Client(headers={"Authorization": f"Bearer {token}"})
    told = client.get("/api/v1/scores/change?account=willow&since=2026-06-13").json()
    assert round(sum(cause["change"] for cause in told["causes"]), 3) == round(told["change"], 3)
    assert sum(told["by_kind"].values()) == told["change"]
    raises = client.get("/api/v1/scores/raises?account=willow").json()
    assert raises[0]["gain"] >= raises[-1]["gain"] > 0
    said = CliRunner().invoke(app, ["explain", "willow", "--since", "2026-06-13", "--json"])
    assert said.exit_code == 0, said.output
    assert json.loads(said.output)["change"] == told["change"]
    table = CliRunner().invoke(app, ["explain", "willow", "--since", "2026-06-13"])
    assert "What the customer did" in table.output
