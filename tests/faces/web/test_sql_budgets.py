"""What each page costs in SQL; a change fails with both numbers and the queries."""

import tomllib
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from keepwell.ledger.actions import accounts
from keepwell.ledger.models import Account
from tests.faces.web import office
from tests.faces.web.conftest import SignIn
from tests.world import NOW, TESTS, World

FILE = Path(__file__).with_name("sql_budgets.toml")
BUDGETS: dict[str, dict[str, int]] = tomllib.loads(FILE.read_text())


def asked(client: Client, page: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(page).status_code == 200, page
    return [query["sql"] for query in captured.captured_queries]


def hold(client: Client, budgets: dict[str, int]) -> None:
    wrong = []
    for page, budget in budgets.items():
        queries = asked(client, office.filled(page))
        if len(queries) != budget:
            listed = "\n".join(f"  {number}. {sql}" for number, sql in enumerate(queries, 1))
            wrong.append(f"{page}: budget {budget}, asked {len(queries)}\n{listed}")
    assert not wrong, f"change the code, or {FILE.name} with a reason:\n" + "\n".join(wrong)


def test_ada_s_pages_keep_their_budgets(ada: Client) -> None:
    hold(ada, BUDGETS["ada"])


def test_the_administrator_s_pages_keep_their_budgets(lived: World, sign_in: SignIn) -> None:
    hold(sign_in(lived.root), BUDGETS["root"])


def test_a_larger_book_costs_no_more(ada: Client, lived: World) -> None:
    rows = [{"key": f"n{number:03}", "name": f"Nettle {number:03}"} for number in range(60)]
    accounts.upsert(rows=rows, source="tests", by=TESTS, at=NOW, vouched=True)
    for account in Account.objects.filter(name__startswith="Nettle"):
        accounts.assign(account=account, user=lived.ada, role="csm", by=TESTS, at=NOW)
    hold(ada, {"/accounts/": BUDGETS["ada"]["/accounts/"]})


@pytest.mark.parametrize("count", [1, 30])
def test_the_pages_of_a_full_desk_cost_the_same_for_one_row_and_for_thirty(
    count: int, lived: World, sign_in: SignIn
) -> None:
    office.build(count=count)
    hold(sign_in(lived.root), BUDGETS["desk"])


def test_every_page_of_the_desk_has_a_budget(lived: World) -> None:
    office.build()
    budgets = {office.filled(page) for page in BUDGETS["desk"]}
    assert set(office.places()) - budgets == set()
