"""What each page costs in SQL; a change fails with both numbers and the queries."""

import tomllib
from pathlib import Path

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from keepwell.ledger.actions import accounts
from keepwell.ledger.models import Account
from tests.faces.web import book
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
        queries = asked(client, page.replace("INCIDENT", str(book.incident().pk)))
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
