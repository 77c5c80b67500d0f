"""The portfolio: figures that add up, open into their accounts, and hold for whoever may see them."""

import csv
import re
from datetime import timedelta

import pytest
from django.test import Client

from keepwell.access.actions import tokens
from keepwell.health.models import Path, Tally
from keepwell.health.queries import portfolio
from keepwell.ledger.actions import accounts, contracts
from keepwell.pipeline.actions import advance
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import html, text
from tests.world import NOW, TESTS, TODAY, World

LATER = NOW + timedelta(minutes=5)


def priced() -> None:
    """Two contracts in one currency, and what follows from them."""
    rows = [
        {"key": f"c-{key}", "account": key, "arr": arr, "currency": "USD", "start_date": TODAY - timedelta(days=300),
         "end_date": TODAY + timedelta(days=days)}
        for key, arr, days in (("willow", 12_000, 40), ("birch", 48_000, 140))
    ]  # fmt: skip
    contracts.upsert(rows=rows, source="tests", by=TESTS, at=NOW, vouched=True)
    advance(at=LATER)


def now(found: portfolio.Portfolio | None) -> dict[str, tuple[int, int]]:
    assert found is not None
    return {band: (w.accounts, w.cents) for (day, band), w in found.bands.items() if day == found.as_of}


def of(world: World, name: str, slug: str, segment: str = "") -> portfolio.Portfolio | None:
    scope = world.scope(name)
    return portfolio.figures(portfolio.whose(slug, seen_by=scope, segment=segment))


def test_the_figures_of_a_book_are_those_of_its_accounts(lived: World) -> None:
    priced()
    mine = now(of(lived, "ada", "mine"))
    assert mine == now(of(lived, "ada", "all")) == now(of(lived, "root", "all"))
    assert sum(count for count, _ in mine.values()) >= 4
    assert sum(cents for _, cents in mine.values()) >= 6_000_000
    assert mine["red"][0] == sum(path.bands[-1] == "r" for path in Path.objects.all())
    assert now(of(lived, "cleo", "all")) == {}


def test_an_account_of_two_owners_is_counted_once(lived: World) -> None:
    before = now(of(lived, "root", "all"))
    accounts.assign(account=lived.willow, user=lived.ben, role="sales", by=TESTS, at=NOW)
    advance(at=LATER)
    assert now(of(lived, "root", "all")) == before
    assert now(of(lived, "ada", "all")) == before
    assert sum(count for count, _ in now(of(lived, "ben", "mine")).values()) == 1
    assert Tally.objects.filter(owners=sorted((lived.ada.pk, lived.ben.pk))).exists()


def test_a_segment_and_the_whole_agree_where_it_holds_all(lived: World) -> None:
    shaky = of(lived, "ada", "mine", "shaky")
    members = {path.account_id for path in Path.objects.all()}
    mine = portfolio.whose("mine", seen_by=lived.scope("ada"), segment="shaky")
    rows = portfolio.listed(mine, portfolio.Asked(), limit=10)
    count = portfolio.counted(mine, portfolio.Asked())
    assert count == sum(number for number, _ in now(shaky).values()) == len(rows)
    assert 0 < count < len(members)


def test_every_figure_of_the_page_opens_into_as_many_accounts(ada: Client) -> None:
    priced()
    page = html(ada.get("/portfolio/?of=mine&weeks=1"))
    cells = re.findall(r'<a href="(/portfolio/accounts/[^"]+)"><span>(\d+)', page)
    assert len(cells) > 8
    for href, count in cells:
        listed = ada.get(href.replace("&amp;", "&"))
        assert listed.status_code == 200
        assert len(re.findall("<tr data-row", html(listed))) == int(count), href
    assert "Willow" in page, "who fell most"


def test_the_title_of_each_chart_states_the_finding(ada: Client) -> None:
    priced()
    told = {
        name: text(ada.get(f"/portfolio/charts/{name}/?weeks=1"))
        for name in ("arr", "accounts", "flow", "renewals")
    }
    assert re.search(r"\$12,000 of \$[\d,]+ ARR at risk", told["arr"])
    assert re.search(r"1 of \d accounts at risk, up from 0", told["accounts"])
    assert re.search(r"1 fell and 0 rose since", told["flow"])
    assert re.search(r"\$12,000 of the \$[\d,]+ that renew in 2026 Q3 are at risk", told["renewals"])
    assert ada.get("/portfolio/charts/nonsense/").status_code == 404


def test_renewals_stand_in_the_quarters_of_the_fiscal_year(
    ada: Client, lived: World, sign_in: SignIn
) -> None:
    priced()
    before = dict(of(lived, "ada", "mine").renewals)
    sign_in(lived.root).post("/settings/company/", {"fiscal_year_start": "2", "working_days": "1"})
    told = of(lived, "ada", "mine")
    assert {day.month for day, _ in told.renewals if day} <= {2, 5, 8, 11}
    assert sum(one.accounts for one in told.renewals.values()) == sum(one.accounts for one in before.values())
    page = html(ada.get("/portfolio/?of=mine"))
    assert "FY27 Q" in text(ada.get("/portfolio/?of=mine"))
    for href, count in re.findall(r'<a href="(/portfolio/accounts/[^"]+quarter[^"]+)"><span>(\d+)', page):
        listed = ada.get(href.replace("&amp;", "&"))
        assert "renewal in FY" in text(listed)
        assert len(re.findall("<tr data-row", html(listed))) == int(count), href


def test_files_hold_the_same_figures(ada: Client) -> None:
    priced()
    rows = list(csv.DictReader(ada.get("/portfolio.csv").getvalue().decode().splitlines()))
    risk = [
        row
        for row in rows
        if row["figure"] == "band" and row["to"] == "red" and row["day"] == TODAY.isoformat()
    ]
    assert [(row["accounts"], row["arr"]) for row in risk] == [("1", "12000.00")]
    listed = list(
        csv.DictReader(ada.get("/portfolio/accounts.csv?band=red").getvalue().decode().splitlines())
    )
    assert [(row["key"], row["arr"]) for row in listed] == [("willow", "12000.0")]


def test_what_cannot_be_asked_is_refused_in_words(ada: Client, lived: World) -> None:
    for query in ("of=everybody", "weeks=2", "of=owner:x"):
        assert ada.get(f"/portfolio/?{query}").status_code == 400, query
    for query in ("of=owner:999999", f"of=owner:{lived.cleo.pk}", "segment=nowhere"):
        assert ada.get(f"/portfolio/?{query}").status_code == 404, query
    for query in ("band=purple", "band=red&day=2026-06-09", "before=x"):
        assert ada.get(f"/portfolio/accounts/?{query}").status_code == 400, query


def test_a_leader_sees_owners_side_by_side(lived: World, sign_in: SignIn) -> None:
    accounts.assign(account=lived.elm, user=lived.cleo, role="sales", by=TESTS, at=NOW)
    advance(at=LATER)
    page = text(sign_in(lived.root).get("/portfolio/"))
    assert "Owners side by side" in page
    assert "Cleo" in page
    assert "Cleo" not in text(sign_in(lived.ada).get("/portfolio/?of=mine"))


def test_before_anything_is_judged_the_page_says_what_will_stand_there(db: None, sign_in: SignIn) -> None:
    from tests import world

    cast = world.build()
    page = sign_in(cast.ada).get("/portfolio/")
    assert page.status_code == 200
    assert "once accounts are judged" in text(page)
    assert "nothing to draw" in text(sign_in(cast.ada).get("/portfolio/charts/arr/"))


@pytest.mark.parametrize("person", ["ada", "root"])
def test_programs_get_the_same_figures(lived: World, person: str) -> None:
    token = tokens.create(user=getattr(lived, person), name="tests", by=TESTS, at=NOW, may_write=False)
    api = Client(headers={"Authorization": f"Bearer {token}"})
    told = api.get("/api/v1/portfolio?of=all").json()
    risk = [
        row
        for row in told["figures"]
        if row["figure"] == "band" and row["to"] == "red" and row["day"] == told["as_of"]
    ]
    assert [row["accounts"] for row in risk] == [1]
    listed = api.get("/api/v1/portfolio/accounts?band=red").json()
    assert [row["key"] for row in listed["items"]] == ["willow"]
    assert [one["owner"] for one in api.get("/api/v1/portfolio/owners?of=all").json()] == ["Ada"]
    assert api.get("/api/v1/portfolio?of=nonsense").status_code in (400, 422)
