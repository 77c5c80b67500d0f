"""The Contracts tab as one renews there: the form, what it would move, errors, taking it back, the file."""

from datetime import timedelta

from django.test import Client

from keepwell.ledger.actions import contracts
from keepwell.ledger.models import Amendment, Contract
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import html, text
from tests.world import NOW, TESTS, TODAY, World

HERE = "/accounts/willow/contracts/"
END = TODAY + timedelta(days=180)


def signed() -> None:
    row = {
        "key": "big", "account": "willow", "currency": "EUR", "start_date": TODAY - timedelta(days=185),
        "end_date": END, "arr": 420_000, "seats": 50, "product": "Platform",
    }  # fmt: skip
    contracts.upsert(rows=[row], source="crm", by=TESTS, at=NOW - timedelta(days=185), vouched=True)


def test_a_contract_is_renewed_in_the_form_and_taken_back(ada: Client) -> None:
    signed()
    assert f'href="{HERE}renewed/?contract=big"' in html(ada.get(HERE))
    page = ada.get(f"{HERE}renewed/?contract=big")
    assert 'value="420000"' in html(page)
    assert "No movement" in text(page)
    typed = {
        "amount": "450,000",
        "months": "24",
        "seats": "60",
        "reason": "value_seen",
        "signed_on": "2026-06-12",
    }
    shown = text(ada.post(f"{HERE}renewed/?contract=big", {**typed, "deed": "effect"}))
    assert "Expansion" in shown
    assert "€450,000" in shown
    assert "+€30,000" in shown
    assert not Amendment.objects.exists()
    part = html(ada.post(f"{HERE}renewed/?contract=big", typed, headers={"HX-Request": "true"}))
    assert part.strip().startswith('<div id="effect"')
    done = text(ada.post(f"{HERE}renewed/?contract=big", {**typed, "deed": "save"}, follow=True))
    assert "The contract is renewed." in done
    assert "Active, renewed" in done
    assert "They see the value" in done
    assert "agreed 12 Jun" in done
    assert Contract.objects.filter(account__key="willow", start_date=END, seats=60, arr=450_000).exists()
    refused = ada.post(f"{HERE}renewed/?contract=big", {**typed, "deed": "save"})
    assert refused.status_code == 422
    assert "renewed already" in text(refused)
    assert "willow,Willow,big,Platform,renewed" in ada.get(f"{HERE}amendments.csv").getvalue().decode()
    undo = html(ada.get("/lately/")).split('name="removed" value="')[1].split('"')[0]
    ada.post("/undo/", {"removed": undo})
    assert not Contract.objects.filter(account__key="willow", start_date=END).exists()


def test_a_contract_that_another_follows_is_expanded_and_not_renewed(ada: Client) -> None:
    signed()
    after = {
        "key": "next", "account": "willow", "currency": "EUR", "start_date": END, "arr": 430_000,
        "end_date": END + timedelta(days=365), "product": "Platform",
    }  # fmt: skip
    contracts.upsert(rows=[after], source="crm", by=TESTS, at=NOW, vouched=True)
    page = html(ada.get(HERE))
    assert f'href="{HERE}renewed/?contract=big"' not in page
    assert f'href="{HERE}expanded/?contract=big"' in page
    assert f'href="{HERE}renewed/?contract=next"' in page


def test_more_less_and_the_end_are_written_and_what_makes_no_sense_says_so(ada: Client) -> None:
    signed()
    more = {
        "amount": "75000",
        "on": "2026-06-10",
        "products": "Targeting, Premium support",
        "reason": "new_module",
    }
    ada.post(f"{HERE}expanded/?contract=big", {**more, "deed": "save"})
    row = Contract.objects.get(key="big")
    assert (int(row.arr or 0), row.products) == (495_000, ["Targeting", "Premium support"])
    for kind, typed, words in (
        ("expanded", {**more, "amount": "lots"}, "is no number"),
        ("expanded", {**more, "reason": ""}, "choose a reason"),
        ("expanded", {**more, "seats": "2.5"}, "no whole number"),
        ("expanded", {**more, "on": "2026-06-01"}, "Name that day or a later one"),
        ("expanded", {**more, "on": "31/02/2026"}, "is no date"),
        ("reduced", {**more, "amount": "495000", "reason": "price"}, "it is not renewed"),
        ("renewed", {"amount": "5", "months": "", "reason": "rescued"}, "how many months"),
        ("not_renewed", {"on": "2020-01-01", "reason": "price"}, "not after its start"),
    ):
        answer = ada.post(f"{HERE}{kind}/?contract=big", {**typed, "deed": "save"})
        assert answer.status_code == 422
        assert words in text(answer), kind
    gone = {"on": END.isoformat(), "reason": "budget", "preventable": "no", "deed": "save"}
    told = text(ada.post(f"{HERE}not_renewed/?contract=big", gone, follow=True))
    assert "not renewed" in told
    assert "No budget, could not be prevented" in told
    assert "€−495,000" in told
    assert "+€−" not in told
    first, last = Amendment.objects.order_by("pk").values_list("pk", flat=True)
    refused = text(ada.post(f"{HERE}amendments/{first}/removal/", follow=True))
    assert "Take that back first" in refused
    for number in (last, first):
        assert "as they were" in text(ada.post(f"{HERE}amendments/{number}/removal/", follow=True))
    row.refresh_from_db()
    assert (int(row.arr or 0), row.products, row.end_date) == (420_000, [], END)


def test_others_find_nothing_and_odd_addresses_are_not_there(
    ada: Client, sign_in: SignIn, lived: World
) -> None:
    signed()
    assert ada.get(f"{HERE}sold/?contract=big").status_code == 404
    assert ada.get(f"{HERE}renewed/?contract=none").status_code == 404
    cleo = sign_in(lived.cleo)
    assert cleo.get(f"{HERE}renewed/?contract=big").status_code == 404
    assert cleo.post(f"{HERE}expanded/?contract=big", {"amount": "5", "deed": "save"}).status_code == 404
    assert "renewed/?contract" not in html(ada.get(f"{HERE}?as_of=2026-05-31"))


def test_a_renewal_that_the_crm_tells_otherwise_is_asked_about(
    ada: Client, lived: World, sign_in: SignIn
) -> None:
    signed()
    typed = {
        "amount": "450,000",
        "months": "12",
        "reason": "value_seen",
        "signed_on": "2026-06-12",
        "deed": "save",
    }
    ada.post(f"{HERE}renewed/?contract=big", typed)
    row = {
        "key": "big-2", "account": "willow", "currency": "EUR", "start_date": END,
        "end_date": END + timedelta(days=365), "arr": 460_000, "product": "Platform",
    }  # fmt: skip
    contracts.upsert(rows=[row], source="crm", by=TESTS, at=NOW, vouched=True)
    assert "Is this renewal told again: big-2 of crm, €460,000" in text(ada.get(HERE))
    told = f"{HERE}amendments/{Amendment.objects.get().pk}/told/"
    assert sign_in(lived.cleo).post(told, {"deed": "same", "contract": "big-2"}).status_code == 404
    assert "cannot be this renewal" in text(
        ada.post(told, {"deed": "same", "contract": "c-willow"}, follow=True)
    )
    page = text(ada.post(told, {"deed": "same", "contract": "big-2"}, follow=True))
    assert "its ARR counts once" in page
    assert "told again as big-2" in page
    assert Contract.objects.filter(account__key="willow", start_date=END).count() == 1
    removal = ada.post("/data/records/contracts/rows/big-2/removal/", follow=True)
    assert "Something was agreed about the contract" in text(removal)
