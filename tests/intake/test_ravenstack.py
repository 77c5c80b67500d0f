"""A public data set of a subscription business goes in by itself, to the row."""

import json
from pathlib import Path

import pytest

from keepwell.ledger import models as ledger
from tests import outbox
from tests.intake.files import counts, found, imported, rejections, started

pytestmark = pytest.mark.django_db


@pytest.fixture
def ravenstack(shared_data: Path) -> Path:
    folder = shared_data / "ravenstack"
    if not folder.is_dir():
        pytest.skip("the data set ravenstack is not beside the checkout")
    return folder


def went_in(folder: Path, kind: str, name: str, **how) -> dict[str, int]:
    path = folder / f"ravenstack_{name}.csv"
    return counts(imported(kind, path.read_bytes(), file_name=path.name, **how))


def test_all_of_ravenstack_goes_in_and_its_reused_ids_are_named(ravenstack: Path):
    assert went_in(ravenstack, "accounts", "accounts") == {"created": 500}
    assert went_in(ravenstack, "contracts", "subscriptions") == {"created": 5000}
    assert went_in(ravenstack, "tickets", "support_tickets") == {"created": 2000}
    churned = {"name": "account.churned"}
    assert went_in(ravenstack, "events", "churn_events", constants=churned, vouched=True) == {"created": 600}
    path = ravenstack / "ravenstack_feature_usage.csv"
    usage = imported("events", path.read_bytes(), file_name=path.name)
    assert counts(usage) == {"created": 24_979, "conflicts": 21}
    lines = path.read_text().splitlines()
    for conflict in rejections(usage):
        assert conflict.row is not None
        row, first = conflict.row, conflict.content["first row"]
        assert lines[row - 1].split(",")[0] == lines[first - 1].split(",")[0] == conflict.message_id
        assert lines[row - 1] != lines[first - 1]
        assert conflict.reason.startswith(f"Row {row} of ravenstack_feature_usage.csv: ")
        assert f"stands in row {first} " in conflict.reason
    assert len(outbox.waiting(kind="usage")) == 24_979
    (one,) = outbox.waiting(event_id="fernhill:U-1c6c24")
    assert (one.account, one.name, one.value) == ("contract:S-0fcf7d", "feature_20", 9.0)
    assert json.loads(one.props) == {
        "error_count": "0",
        "is_beta_feature": "False",
        "usage_duration_secs": "5004",
    }
    churn = outbox.waiting(name="account.churned", kind="fact")
    assert len(churn) == 600
    assert all(event.known_at == event.at for event in churn)
    assert went_in(ravenstack, "events", "feature_usage") == {"duplicates": 24_979, "conflicts": 21}


def test_a_dry_run_of_the_usage_says_the_same_and_writes_nothing(ravenstack: Path):
    path = ravenstack / "ravenstack_feature_usage.csv"
    usage = imported("events", path.read_bytes(), file_name=path.name, dry_run=True)
    assert counts(usage) == {"created": 24_979, "conflicts": 21}
    assert not outbox.waiting()
    assert not ledger.EventKey.objects.exists()


def test_progress_is_told_before_the_first_row(ravenstack: Path):
    batch_id = started("accounts", (ravenstack / "ravenstack_accounts.csv").read_bytes())
    assert (found(batch_id).state, found(batch_id).percent) == ("queued", None)
