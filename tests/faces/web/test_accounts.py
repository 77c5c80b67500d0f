"""The book of business."""

import csv
import io
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from keepwell.ledger.actions import accounts, contracts
from keepwell.ledger.models import Account
from keepwell.metrics.models import MetricSetting
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import html, text
from tests.world import NOW, TESTS, TODAY, World


def names(response: Any) -> list[str]:
    return re.findall(r'class="name"><input [^>]+><a href="[^"]+"><bdi>([^<]+)', html(response))


@pytest.mark.django_db
def test_strangers_are_sent_to_the_door() -> None:
    response = Client().get("/accounts/?band=red")
    assert response.status_code == 302
    assert "next=/accounts/%3Fband%3Dred" in response.headers["Location"]


def test_ada_reads_her_book_worst_first(ada: Client) -> None:
    response = ada.get("/accounts/")
    assert names(response) == ["Willow", "Birch", "Ash", "Elm"]
    said = text(response)
    assert "4 accounts, 1 at risk with $48k ARR, 2 unknown." in said
    assert "in 40 days · 25 Jul" in said
    assert "At risk" in said


def test_the_bands_say_how_many_and_how_much(ada: Client) -> None:
    said = text(ada.get("/accounts/"))
    assert "At risk 1 $48k" in said
    assert "Healthy 1 $120k" in said
    assert "Unknown 2 $64.5k" in said
    assert "All 4 $232k" in said


def test_what_is_unknown_is_neither_zero_nor_green(ada: Client) -> None:
    ash = html(ada.get("/accounts/?q=ash"))
    assert re.search(r'class="score band" data-band="unknown"><span class="points">–</span>', ash)


def test_ben_on_the_team_sees_it_and_cleo_sees_nothing(lived: World, sign_in: SignIn) -> None:
    assert len(names(sign_in(lived.ben).get("/accounts/"))) == 4
    cleo = sign_in(lived.cleo)
    assert names(cleo.get("/accounts/")) == []
    said = text(cleo.get("/accounts/"))
    assert (
        "No account is yours yet An administrator assigns accounts with: keepwell assign ACCOUNT cleo@"
        in said
    )
    assert "Import accounts" not in said
    for page in ("", "usage/", "people/", "timeline/", "contracts/", "incidents/", "charts/score/"):
        assert cleo.get(f"/accounts/willow/{page}").status_code == 404


def test_mine_are_those_one_owns_oneself(lived: World, sign_in: SignIn) -> None:
    ben = sign_in(lived.ben)
    assert ">Mine</a>" not in html(ben.get("/accounts/")), "Ben owns none himself"
    accounts.assign(account=lived.elm, user=lived.ben, role="csm", by=TESTS, at=NOW)
    mine = ben.get("/accounts/?mine=1")
    assert names(mine) == ["Elm"]
    assert "Your 1 account" in text(mine)
    assert 'href="/accounts/?band=red&amp;mine=1"' in html(mine)
    assert 'name="mine" value="1"' in html(mine), "another day keeps it"


def test_an_administrator_is_told_that_no_feature_is_core(lived: World, sign_in: SignIn) -> None:
    told = "Core features are not declared yet"
    assert told not in text(sign_in(lived.root).get("/accounts/"))
    MetricSetting.objects.all().delete()
    assert told in text(sign_in(lived.root).get("/accounts/"))
    assert told not in text(sign_in(lived.ada).get("/accounts/"))


def test_a_place_beyond_the_end_is_the_last_page(ada: Client) -> None:
    assert "1–4 of 4" in text(ada.get("/accounts/?offset=9999"))


def test_search_band_and_order_stand_in_the_address(ada: Client) -> None:
    assert names(ada.get("/accounts/?q=WIL")) == ["Willow"]
    assert names(ada.get("/accounts/?band=green")) == ["Birch"]
    assert names(ada.get("/accounts/?sort=name")) == ["Ash", "Birch", "Elm", "Willow"]
    assert names(ada.get("/accounts/?sort=-arr"))[:2] == ["Birch", "Elm"]
    assert "No account fits" in text(ada.get("/accounts/?q=WIL&band=green"))


def test_a_head_turns_the_order_and_says_so(ada: Client) -> None:
    page = html(ada.get("/accounts/?sort=name"))
    assert 'aria-sort="ascending"><a class="sort" href="/accounts/?sort=-name"' in page


def test_a_past_day_shows_the_book_as_it_stood(ada: Client) -> None:
    response = ada.get("/accounts/?as_of=2026-05-31")
    assert "as of 31 May" in text(response)
    assert "At risk 0" in text(response), "Willow fell only yesterday"
    assert "Stored weekly" not in text(response)


def test_a_past_day_says_which_day_is_stored_and_hides_what_is_today_s(ada: Client) -> None:
    response = ada.get("/accounts/?as_of=2026-05-28&sort=arr")
    said = text(response)
    assert "as of 24 May." in said
    assert "Stored weekly: this is Sunday 24 May." in said
    assert "an account opens as of today" in said
    assert not re.search(r"\$|Renewal |Last touch ", said)
    csv_of_then = ada.get("/accounts.csv?as_of=2026-05-28")
    assert "accounts-2026-05-24.csv" in csv_of_then.headers["Content-Disposition"]
    head = csv_of_then.getvalue().decode().splitlines()[0]
    assert head.endswith("change_7_days,reason")
    assert not set(head.split(",")) & {"arr", "renewal_date", "last_touch_at"}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("as_of=2027-01-01", "2027-01-01 has not happened yet"),
        ("as_of=31/02/2026", '"31/02/2026" is no date. Use YYYY-MM-DD.'),
        ("sort=mood", '"mood" is no order of a list of accounts. Use name, health,'),
        ("band=blue", '"blue" is no band.'),
        ("offset=-1", '"-1" is no place in the list.'),
    ],
)
def test_what_is_not_understood_is_refused_in_words(ada: Client, asked: str, said: str) -> None:
    response = ada.get(f"/accounts/?{asked}")
    assert response.status_code == 400
    assert said in text(response)


def test_htmx_gets_the_book_alone(lived: World, sign_in: SignIn) -> None:
    response = sign_in(lived.ada, htmx=True).get("/accounts/?q=wil&as_of=2026-06-15")
    assert html(response).lstrip().startswith('<div class="page" data-width="full" id="book">')
    assert "<html" not in html(response)
    assert "HX-Request" in response.headers["Vary"]
    assert response.headers["HX-Push-Url"] == "/accounts/?q=wil"
    typed = sign_in(lived.ada, htmx=True).get("/accounts/?q=wil", headers={"HX-Trigger-Name": "q"})
    assert typed.headers["HX-Replace-Url"] == "/accounts/?q=wil"
    assert "HX-Push-Url" not in typed.headers


def test_long_books_have_pages(ada: Client, lived: World) -> None:
    many = [{"key": f"n{number:03}", "name": f"Nettle {number:03}"} for number in range(120)]
    accounts.upsert(rows=many, source="tests", by=TESTS, at=NOW, vouched=True)
    for account in Account.objects.filter(name__startswith="Nettle"):
        accounts.assign(account=account, user=lived.ada, role="csm", by=TESTS, at=NOW)
    second = ada.get("/accounts/?q=nettle&sort=name&offset=50")
    assert len(names(second)) == 50
    assert names(second)[0] == "Nettle 050"
    assert 'href="/accounts/?q=nettle&amp;sort=name">Previous' in html(second)
    assert 'href="/accounts/?q=nettle&amp;sort=name&amp;offset=100">Next' in html(second)
    assert "51–100 of 120" in text(second)


def test_the_csv_holds_what_the_page_shows(ada: Client) -> None:
    response = ada.get("/accounts.csv?sort=name")
    assert "accounts-2026-06-15.csv" in response.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(response.getvalue().decode())))
    assert [row["key"] for row in rows] == ["ash", "birch", "elm", "willow"]
    willow = rows[-1]
    assert (willow["band"], willow["arr"], willow["currency"]) == ("red", "48000.00", "USD")
    assert willow["owner"] == "Ada"
    assert rows[0]["health"] == ""


def test_no_cell_of_the_csv_is_run_by_a_spreadsheet(ada: Client, lived: World) -> None:
    accounts.upsert(
        rows=[{"key": "birch", "name": '=HYPERLINK("http://evil")'}],
        source="tests",
        by=TESTS,
        at=NOW,
        vouched=True,
    )
    rows = list(csv.DictReader(io.StringIO(ada.get("/accounts.csv?sort=name").getvalue().decode())))
    assert any(row["name"].startswith("'=HYPERLINK") for row in rows)


@pytest.mark.parametrize("key", ["a/b", "50% ~ off?", "..", "#é ü", "a\\b", "x&y=z", "~2F"])
def test_an_account_opens_whatever_its_key_holds(lived: World, sign_in: SignIn, key: str) -> None:
    accounts.upsert(rows=[{"key": key, "name": "Odd"}], source="tests", by=TESTS, at=NOW, vouched=True)
    root = sign_in(lived.root)
    [found] = re.findall(
        r'"name"><input [^>]+><a href="([^"]+)"><bdi>Odd', html(root.get("/accounts/?q=Odd"))
    )
    href = unescape(found)
    assert "Odd" in text(root.get(href))
    assert root.get(href + "timeline/").status_code == 200


def test_former_customers_stand_apart(ada: Client) -> None:
    ended = {"key": "c-elm", "account": "elm", "start_date": TODAY - timedelta(days=300), "end_date": TODAY}
    contracts.upsert(rows=[ended], source="tests", by=TESTS, at=NOW, vouched=True)
    assert "Elm" not in names(ada.get("/accounts/"))
    apart = ada.get("/accounts/?former=1")
    assert names(apart) == ["Elm"]
    assert "1 former customer" in text(apart)
    assert "Former customer · Energy" in text(ada.get("/accounts/elm/"))
