"""An account on two days, side by side: on its page, in a file, over the API."""

import csv
import io
import re
from typing import Any

import pytest
from django.test import Client

from keepwell.access.actions import tokens
from keepwell.ledger.actions import relay
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import text
from tests.faces.web.test_as_of import renegotiate
from tests.world import NOW, TESTS, World

YESTERDAY = "2026-06-14"


@pytest.fixture
def api(lived: World) -> Any:
    """Ada's API."""
    secret = tokens.create(user=lived.ada, name="t", by=TESTS, at=NOW, may_write=False)
    client = Client(headers={"Authorization": f"Bearer {secret}"})

    def get(path: str) -> Any:
        return client.get(f"/api/v1{path}")

    return get


def test_two_days_stand_side_by_side_with_what_moved(ada: Client) -> None:
    renegotiate()
    said = text(ada.get(f"/accounts/willow/comparison/?since={YESTERDAY}&now=1"))
    assert "14 June 2026 beside today" in said
    assert "Contraction of $18,000 on 15 Jun 2026" in said
    assert "$48,000 $30,000 −$18,000" in said
    assert "Escalations a month" in said
    assert "Left: Alan Kay" in said
    assert "Grace Hopper was champion, is sceptic" in said
    assert re.search(r"Tickets escalated in the 91 days before 0 10 \+10", said), said


def test_a_quarter_is_compared_unless_days_are_named(ada: Client) -> None:
    assert "16 March 2026 beside today" in text(ada.get("/accounts/willow/comparison/"))
    refused = ada.get("/accounts/willow/comparison/?since=2026-06-15")
    assert refused.status_code == 400
    assert "is not before" in text(refused)


def test_the_file_and_the_api_say_the_same(ada: Client, api: Any) -> None:
    content = b"".join(ada.get(f"/accounts/willow/comparison.csv?since={YESTERDAY}").streaming_content)  # type: ignore[attr-defined]
    rows = {row["slug"]: row for row in csv.DictReader(io.StringIO(content.decode()))}
    told = api(f"/comparison/accounts/willow?since={YESTERDAY}").json()
    assert (told["since"], told["until"]) == (YESTERDAY, "2026-06-15")
    lines = {line["slug"]: line for line in told["lines"]}
    assert set(rows) == set(lines)
    assert float(rows["health"]["change"].removeprefix("'")) == lines["health"]["change"] < 0
    assert lines["arr"]["before"] == lines["arr"]["after"] == 48_000


def test_the_overview_over_the_api_turns_back(api: Any) -> None:
    renegotiate()
    relay.all_waiting(at=NOW)
    now = api("/overview/accounts/willow").json()
    assert now["account"]["arr"] == {"amount": "30000.00", "currency": "USD"}
    assert [one["status"] for one in now["people"]] == ["active", "left"]
    assert now["incidents"]
    then = api(f"/overview/accounts/willow?as_of={YESTERDAY}&known_then=true").json()
    assert then["known_by"] == "2026-06-15T00:00:00Z"
    assert then["account"]["arr"]["amount"] == "48000.00"
    assert then["account"]["industry"] == "Retail"
    assert next((one["name"], one["stance"]) for one in then["people"]) == ("Grace Hopper", "champion")
    assert not then["incidents"]
    assert then["health"]["band"] != "red"


def test_it_is_hidden_from_whom_the_account_is_hidden(lived: World, sign_in: SignIn, api: Any) -> None:
    assert sign_in(lived.cleo).get("/accounts/willow/comparison/").status_code == 404
    assert sign_in(lived.cleo).get("/accounts/willow/comparison.csv").status_code == 404
    assert api("/overview/accounts/nobody").status_code == 404
