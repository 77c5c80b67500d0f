"""Every check over a hundred thousand accounts takes seconds."""

import time
from datetime import timedelta

import pytest
from django.db import connection

from keepwell.intake.actions import findings
from keepwell.intake.models import AccountUse, Finding
from keepwell.ledger.models import Account, Contract, Person, Stakeholder
from tests.world import NOW, TODAY

ACCOUNTS, PEOPLE_EACH, SECONDS = 100_000, 1, 60
DAY = timedelta(days=1)


def fill() -> None:
    """A large book: a tenth lacks its contract, a seventh its people, an eleventh its use."""
    made = Account.objects.bulk_create(
        [
            Account(key=f"a{i}", name=f"Account {i}", last_touch_at=NOW - (i % 200) * DAY)
            for i in range(ACCOUNTS)
        ],
        batch_size=5000,
    )
    Contract.objects.bulk_create(
        [
            Contract(key=f"c{i}", account=a, arr=i, seats=i % 50 or None, start_date=TODAY - 100 * DAY)
            for i, a in enumerate(made)
            if i % 10
        ],
        batch_size=5000,
    )
    people = Person.objects.bulk_create(
        [
            Person(key=f"p{i}-{n}", name=f"Person {n}", email=f"p{n}@account{i}.test")
            for i in range(ACCOUNTS)
            if i % 7
            for n in range(PEOPLE_EACH)
        ],
        batch_size=5000,
    )
    homes = [made[int(person.key[1:].partition("-")[0])] for person in people]
    Stakeholder.objects.bulk_create(
        [Stakeholder(account=home, person=person) for home, person in zip(homes, people, strict=True)],
        batch_size=5000,
    )
    AccountUse.objects.bulk_create(
        [
            AccountUse(
                account=a, source="app", first_at=NOW - 90 * DAY, last_at=NOW - DAY, names_people=bool(i % 3)
            )
            for i, a in enumerate(made)
            if i % 11
        ],
        batch_size=5000,
    )


@pytest.mark.django_db
def test_a_hundred_thousand_accounts_are_checked_in_seconds() -> None:
    fill()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    first = time.monotonic()
    findings.refresh(at=NOW)
    second = time.monotonic()
    findings.refresh(at=NOW + DAY)
    third = time.monotonic()
    found = Finding.objects.count()
    print(f"{found:,} findings: {second - first:.1f} s at first, {third - second:.1f} s again")
    assert found > 3 * ACCOUNTS
    assert third - first < SECONDS
