"""Currencies in Settings: chosen, stated, taken back; and what the accounts page makes of them."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from keepwell.access.models import AuditEntry
from keepwell.ledger.actions import contracts
from keepwell.ledger.models import ExchangeRate
from tests import world
from tests.faces.web.reading import text
from tests.world import NOW, TESTS

pytestmark = pytest.mark.django_db

HERE = "/settings/currencies/"
RATES = "/data/records/rates/"


@pytest.fixture
def cast() -> world.World:
    made = world.build()
    rows = [
        {"key": f"c-{key}", "account": key, "arr": arr, "currency": currency, "start_date": date(2026, 1, 1)}
        for key, arr, currency in (("birch", 1000, "USD"), ("elm", 2000, "EUR"), ("ash", 10, "USD"))
    ]
    contracts.upsert(rows=rows, source="tests", by=TESTS, at=NOW, vouched=True)
    return made


def test_root_states_a_rate_and_the_accounts_are_summed(cast: world.World) -> None:
    root, ada = Client(), Client()
    root.force_login(cast.root)
    ada.force_login(cast.ada)
    assert "no rate to USD is known" in text(root.get(HERE))
    told = text(ada.get("/accounts/?sort=arr&descending=1"))
    assert "No rate" in told
    assert "without 1 account that lack" in told
    typed = {"currency": "eur", "base": "USD", "rate": "1.5", "day": "2026-01-01"}
    assert root.post(RATES, typed).status_code == 302
    assert "EUR in USD" in text(root.get(RATES))
    assert "1.5 USD today" in text(root.get(HERE))
    told = text(ada.get("/accounts/?sort=arr&descending=1"))
    assert "$3,000" in told
    assert "€2k" in told
    assert "$4k" in told
    assert "signed" not in text(ada.get("/accounts/birch/"))
    assert "€2,000" in text(ada.get("/accounts/elm/"))


def test_a_rate_is_corrected_taken_back_and_brought_back(cast: world.World) -> None:
    root = Client()
    root.force_login(cast.root)
    typed = {"currency": "EUR", "base": "USD", "rate": "1.5", "day": "2026-01-01"}
    root.post(RATES, typed)
    (change,) = re.findall(r'href="([^"]+)">EUR in USD', root.get(RATES).content.decode())
    assert 'value="1.5"' in root.get(change.replace("&amp;", "&").partition("#")[0]).content.decode()
    root.post(RATES, typed | {"rate": "1.6"})
    assert ExchangeRate.objects.get().rate == Decimal("1.6")
    assert root.get("/data/records/rates.csv").getvalue().decode() == (
        "currency,day,rate,base\r\nEUR,2026-01-01,1.6,USD\r\n"
    )
    gone = root.post(f"{RATES}EUR/USD/2026-01-01/removal/", follow=True)
    assert not ExchangeRate.objects.exists()
    (undo,) = re.findall(r'name="removed" value="([^"]+)"', gone.content.decode())
    back = root.post("/undo/", {"removed": undo}, follow=True)
    assert "The rate of EUR from 2026-01-01 is back" in text(back)
    assert ExchangeRate.objects.get().rate == Decimal("1.6")
    deeds = AuditEntry.objects.filter(deed__startswith="rate.").order_by("pk").values_list("deed", flat=True)
    assert list(deeds) == ["rate.upsert", "rate.upsert", "rate.remove", "rate.upsert"]


def test_what_was_typed_stays_beside_what_is_wrong_with_it(cast: world.World) -> None:
    root = Client()
    root.force_login(cast.root)
    answer = root.post(RATES, {"currency": "euro", "base": "USD", "rate": "0", "day": "32.1."})
    assert answer.status_code == 422
    told = text(answer)
    for fault in ('"euro" is no currency', '"0" is no rate', '"32.1." is no date'):
        assert fault in told
    assert 'value="euro"' in answer.content.decode()
    assert root.post(f"{HERE}reporting/", {"currency": "x"}).status_code == 422


def test_a_csm_reads_and_changes_nothing(cast: world.World) -> None:
    ada = Client()
    ada.force_login(cast.ada)
    ExchangeRate.objects.create(currency="CHF", base="USD", day=date(2026, 1, 1), rate=1)
    told = text(ada.get(RATES))
    assert "CHF in USD" in told
    assert "State it" not in told
    assert "Take back" not in told
    typed = {"currency": "EUR", "base": "USD", "rate": "1.5", "day": "2026-01-01"}
    assert ada.post(RATES, typed).status_code == 403
    assert ada.post(f"{RATES}CHF/USD/2026-01-01/removal/").status_code == 403
    assert ada.post(f"{HERE}reporting/", {"currency": "EUR"}).status_code == 403
    assert ExchangeRate.objects.get().currency == "CHF"
