"""Plans taken from the rows of a file: each account's whole, or not at all."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from keepwell.access.scopes import Scope
from keepwell.kernel.errors import Refused
from keepwell.outcomes import models, pieces
from keepwell.outcomes.actions import plans
from keepwell.outcomes.document import PlanDoc
from keepwell.outcomes.queries import plans as reads


class Verdict(NamedTuple):
    """What became of an account's rows: created, updated, unchanged or rejected; `row` is its first, `reason` says why."""

    account: str
    row: int
    outcome: str
    reason: str = ""


def put(*, rows: Iterable[pieces.Row], by: Scope, at: datetime) -> list[Verdict]:
    """Write the plan of each account that the rows name as they state it; what they leave out of it is dropped.

    A plan that is refused is left as it was, and the others are written. Some thirty queries a plan.
    """
    by.require("work.do")
    return [_one(account, given, by, at) for account, given in pieces.by_account(rows).items()]


def _one(account: str, given: list[tuple[int, pieces.Row]], by: Scope, at: datetime) -> Verdict:
    first = given[0][0]
    try:
        with transaction.atomic():
            before = _said(account)
            plans.save(account=account, doc=pieces.read(given), by=by, at=at, template="file")
            after = _said(account)
    except Refused as refusal:
        return Verdict(account, first, "rejected", str(refusal))
    if before is None:
        return Verdict(account, first, "created")
    return Verdict(account, first, "unchanged" if after == before else "updated")


def _said(account: str) -> PlanDoc | None:
    plan = models.SuccessPlan.objects.filter(account__key=account).first()
    return reads.doc_of(plan) if plan else None
