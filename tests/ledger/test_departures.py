"""An account that said it left is former, until a contract begins anew."""

from datetime import date, timedelta

import pytest

from keepwell.kernel import errors
from keepwell.ledger.actions import accounts, contracts, events
from keepwell.ledger.event import Event
from keepwell.ledger.models import Account
from keepwell.pipeline.actions import advance
from tests import world
from tests.world import NOW, TESTS

pytestmark = pytest.mark.django_db


def former() -> set[str]:
    return set(Account.objects.filter(former=True).values_list("key", flat=True))


def test_an_account_that_left_is_former_until_a_contract_begins_anew() -> None:
    world.build()
    row = {"key": "c1", "account": "elm", "arr": 100, "start_date": date(2026, 1, 1)}
    contracts.upsert(rows=[row], source="crm", by=TESTS, at=NOW, vouched=True)
    left = NOW - timedelta(days=30)
    gone = [
        Event(id=f"g{a}", account=a, name="account.churned", at=left, source="crm") for a in ("elm", "ash")
    ]
    events.append(events=gone, received_at=NOW)
    advance(at=NOW)
    assert former() == {"elm", "ash"}
    assert Account.objects.get(key="elm").arr_amount is None
    back = {"key": "c2", "account": "elm", "arr": 50, "start_date": (NOW - timedelta(days=3)).date()}
    contracts.upsert(rows=[back], source="crm", by=TESTS, at=NOW, vouched=True)
    assert former() == {"ash"}


def test_an_accounts_file_names_its_owner_and_a_stranger_is_refused() -> None:
    cast = world.build()
    rows = [
        {"key": "elm", "owner": "BEN@fernhill.test"},
        {"key": "oak", "name": "Oak", "owner": "nobody@fernhill.test"},
        {"key": "yew", "name": "Yew", "owner": "cleo@fernhill.test"},
    ]
    verdicts = accounts.upsert(rows=rows, source="crm", by=TESTS, at=NOW, vouched=True)
    assert [v.outcome for v in verdicts] == ["unchanged", "rejected", "created"]
    assert "cannot sign in" in verdicts[1].reason
    assert world_of(cast, "cleo") == {"yew"}


def world_of(cast: world.World, name: str) -> set[str]:
    from keepwell.ledger.queries import accounts as reads

    return {account.key for account in reads.page(seen_by=cast.scope(name))}


def test_an_owner_is_named_by_key_and_address() -> None:
    cast = world.build()
    accounts.assign_by_email(key="ash", email="cleo@fernhill.test", role="csm", by=TESTS, at=NOW)
    assert world_of(cast, "cleo") == {"ash"}
    with pytest.raises(errors.NotFound, match='no account "oak"'):
        accounts.assign_by_email(key="oak", email="cleo@fernhill.test", role="csm", by=TESTS, at=NOW)
    with pytest.raises(errors.Invalid, match="no role"):
        accounts.assign_by_email(key="ash", email="cleo@fernhill.test", role="king", by=TESTS, at=NOW)
    with pytest.raises(errors.Forbidden):
        accounts.assign_by_email(
            key="elm", email="cleo@fernhill.test", role="csm", by=cast.scope("ada"), at=NOW
        )
