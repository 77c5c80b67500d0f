"""A renewal that was entered by hand and that a source tells too is one: from then on the source's contract stands for it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.kernel.errors import Conflict, Invalid
from keepwell.ledger import models
from keepwell.ledger.actions import removals
from keepwell.ledger.queries import amendments, renewals
from keepwell.ledger.queries.renewals import Renewal


def recognise(*, told: Sequence[models.Contract], by: Scope, at: datetime) -> None:
    """Let contracts that a source has just told stand for the renewals that they surely are. One query where there are none.

    A renewal about which something was agreed since is left for a person.
    """
    for renewal in renewals.waiting(account_ids={row.account_id for row in told}):
        same = [row for row in told if renewals.fits(renewal, row) == "same"]
        if same and renewal.stands:
            start = renewal.made.start_date
            nearest = min(same, key=lambda row: (abs((row.start_date - start).days), row.key))
            _link(renewal, nearest, by, at)


def say(*, amendment: int, contract: str, same: bool, by: Scope, at: datetime) -> str:
    """Say of a contract whether it tells the same renewal; gives the account's key."""
    by.require("work.do")
    found = amendments.find(amendment=amendment, seen_by=by)
    with transaction.atomic():
        row = amendments.contract(account=found.account, key=contract, seen_by=by, locked=True)
        kept = models.Amendment.objects.select_for_update(of=("self",)).get(pk=amendment)
        waiting = renewals.waiting(account_ids=[row.account_id])
        renewal = next((one for one in waiting if one.amendment.pk == kept.pk), None)
        if renewal is None:
            raise Conflict("This renewal waits for no other contract.")
        if not renewals.fits(renewal, row):
            raise Invalid('The contract "%(key)s" cannot be this renewal.', key=contract)
        if same and not renewal.stands:
            raise Conflict("Something was agreed after it. Take that back first.")
        if same:
            _link(renewal, row, by, at)
        else:
            apart = sorted({*kept.apart, contract})
            models.Amendment.objects.filter(pk=kept.pk).update(apart=apart)
            audit.record(
                by=by, at=at, deed="contract.apart", subject=f"account:{found.account}", contract=contract
            )
    return found.account


def _link(renewal: Renewal, told: models.Contract, by: Scope, at: datetime) -> None:
    """The contract that was made for the renewal goes, so that its ARR counts once; the reason and the fact stay."""
    row, made = renewal.amendment, renewal.made
    models.Amendment.objects.filter(pk=row.pk).update(successor=told.key, told_again=True, made={})
    removals.remove_contracts(models.Contract, keys=[made.key], by=by, at=at)
    audit.record(
        by=by, at=at, deed="contract.recognise", subject=f"account:{made.account.key}", amendment=row.pk,
        contract=told.key,
    )  # fmt: skip
