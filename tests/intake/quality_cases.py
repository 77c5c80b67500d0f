"""For every check a case in which it fires, told through the ordinary doors, and what Birch needs to be clean."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from keepwell.ledger.actions import (
    accounts,
    amendments,
    contracts,
    departures,
    events,
    people,
    relay,
    surveys,
    tickets,
    touchpoints,
)
from keepwell.ledger.actions.upserts import Verdict
from keepwell.ledger.amending import Given
from keepwell.ledger.event import Event
from tests.world import NOW, TESTS, TODAY

DAY = timedelta(days=1)
Case = Callable[[str], None]


def told(upsert: Callable[..., list[Verdict]], *rows: dict[str, Any]) -> None:
    """Rows through a door of the ledger, none refused."""
    verdicts = upsert(rows=list(rows), source="tests", by=TESTS, at=NOW, vouched=True)
    assert [v.reason for v in verdicts if v.outcome == "rejected"] == []


def contract(account: str, number: int = 1, **terms: Any) -> None:
    """An active contract, changed in some terms."""
    usual = {"arr": 1000, "currency": "USD", "seats": 5, "product": "Suite"}
    days = {"start_date": TODAY - 100 * DAY, "end_date": TODAY + 200 * DAY}
    told(contracts.upsert, {"key": f"{account}-{number}", "account": account} | usual | days | terms)


def person(account: str, name: str, email: str = "") -> None:
    """Somebody of an account."""
    told(people.upsert, {"key": f"{account}-{name}", "name": name, "email": email, "account": account})


def use(account: str, *, days_ago: int = 1, by: str = "u1") -> None:
    """One event of the product."""
    at = NOW - days_ago * DAY
    event = Event(
        id=f"app:{account}-{days_ago}-{by}", account=account, person=by, name="x", at=at, source="app"
    )
    events.append(events=[event], received_at=NOW)
    relay.all_waiting(at=NOW)


def spoke(account: str, days_ago: int) -> None:
    """A call."""
    told(
        touchpoints.upsert,
        {"key": f"{account}-call", "account": account, "kind": "call", "held_at": NOW - days_ago * DAY},
    )


def answered(account: str, days_ago: int) -> None:
    """An answer to a survey."""
    row = {"key": f"{account}-nps", "account": account, "kind": "nps", "score": 9.0}
    told(surveys.upsert, row | {"answered_at": NOW - days_ago * DAY})


def clean(account: str) -> None:
    """Everything there is to know, none of it odd."""
    contract(account)
    person(account, "Mona", f"mona@{account}.test")
    person(account, "Nils", f"nils@{account}.test")
    use(account)
    spoke(account, 10)
    answered(account, 30)


def left_and_uses(account: str) -> None:
    """A contract that ended, and use since."""
    contract(account, end_date=TODAY - 10 * DAY)
    use(account)
    departures.note(after_batch=0)
    accounts.restate(on=TODAY)


def foreign_domain(account: str) -> None:
    """Three at Elm have the domain that one here has, too."""
    for name in ("Ina", "Jon", "Kim"):
        person("elm", name, f"{name}@elm-group.test")
    person(account, "Lou", "lou@ELM-group.test")


def same_email(account: str) -> None:
    """The same address in other letters."""
    person(account, "Mona", "mona@x.test")
    person(account, "Mona M.", "Mona@x.test")


def overlap(account: str) -> None:
    """Two contracts over one product."""
    contract(account, 1)
    contract(account, 2, product="suite", start_date=TODAY - 10 * DAY)


def told_twice(account: str) -> None:
    contract(
        account,
        1,
        start_date=TODAY - timedelta(days=300),
        end_date=TODAY + timedelta(days=60),
        product="Core",
    )
    said = Given("renewed", f"{account}-1", "value_seen", Decimal(900), months=12)
    amendments.amend(account=account, given=said, by=TESTS, at=NOW)
    contract(
        account, 2, start_date=TODAY + timedelta(days=61), end_date=TODAY + timedelta(days=426), product="Core",
        arr=950,
    )  # fmt: skip


def unsold(account: str) -> None:
    """Zero seats and a click."""
    contract(account, seats=0)
    use(account)


def resolved_early(account: str) -> None:
    """A clock in another zone."""
    told(
        tickets.upsert,
        {
            "key": f"{account}-t",
            "account": account,
            "subject": "x",
            "opened_at": NOW,
            "resolved_at": NOW - DAY,
        },
    )


def renewal_passed(account: str) -> None:
    """The contract's end was yesterday, and nobody restated the account since."""
    contract(account, end_date=TODAY + DAY)
    accounts.restate(on=TODAY)


def namesake(account: str) -> None:
    """Another account of the same name."""
    told(accounts.upsert, {"key": "twin", "name": account.upper()})


def nothing(account: str) -> None:
    """The cast is known by name alone."""


CASES: dict[str, Case] = {
    "no_usage": nothing,
    "use_without_people": lambda account: use(account, by=""),
    "no_people": nothing,
    "no_contract": nothing,
    "no_arr": lambda account: contract(account, arr=None),
    "no_seats": lambda account: contract(account, seats=None),
    "no_renewal_date": lambda account: contract(account, end_date=None),
    "no_owner": lambda account: told(accounts.upsert, {"key": "stray", "name": "Stray"}),
    "never_spoke": nothing,
    "never_asked": nothing,
    "not_spoken": lambda account: spoke(account, 91),
    "old_answers": lambda account: answered(account, 366),
    "source_overdue": lambda account: use(account, days_ago=60),
    "renewal_passed": renewal_passed,
    "contract_ends_before_start": lambda account: contract(account, end_date=date(2020, 1, 1)),
    "negative_arr": lambda account: contract(account, arr=-1),
    "contracts_overlap": overlap,
    "renewal_told_twice": told_twice,
    "use_without_seats": unsold,
    "left_and_uses": left_and_uses,
    "resolved_before_opened": resolved_early,
    "same_email": same_email,
    "foreign_domain": foreign_domain,
    "same_name": namesake,
}
