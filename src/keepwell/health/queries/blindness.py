"""Where scores are blind: how much of their weight rests on inputs that are not known, and what is at stake there."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, ExpressionWrapper, F, FloatField, Sum, Value
from django.db.models.functions import Cast

from keepwell.access.scopes import Scope
from keepwell.health import models
from keepwell.kernel.money import Money
from keepwell.ledger.queries import accounts

WHOLE = 100.0


@dataclass(frozen=True)
class BlindRow:
    """A present customer whose score is blind in part.

    `blind_weight` is the share (%) of the card's weight that is not known; `at_stake` is that share of the ARR, in the
    reporting currency. `missing` are the unknown parts with the reason of each.
    """

    account_id: int
    key: str
    name: str
    blind_weight: float
    arr: Money | None
    at_stake: Money | None
    parts: int
    missing: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class BlindPage:
    """Some of them, those with most at stake first; `total` counts all, `scored` all that have a score at all."""

    rows: tuple[BlindRow, ...]
    total: int
    scored: int
    at_stake: Money | None


def ranked(*, seen_by: Scope, offset: int = 0, limit: int = 50) -> BlindPage:
    """Present customers by blind weight × ARR; those without an ARR come last, the blindest first. Three queries."""
    present = accounts.visible(seen_by=seen_by).filter(former=False)
    standing = models.Standing.objects.filter(account__in=present)
    share = (Value(WHOLE) - F("score__known_weight")) / WHOLE
    blind = standing.filter(score__known_weight__lt=WHOLE).annotate(
        stake=ExpressionWrapper(
            Cast(F("account__arr_reporting"), FloatField()) * share, output_field=FloatField()
        )
    )
    sums = blind.aggregate(n=Count("pk"), sum=Sum("stake"))
    ordered = blind.order_by(F("stake").desc(nulls_last=True), "score__known_weight", "account__name", "pk")
    found = ordered.select_related("account", "score")[offset : offset + limit]
    rows = tuple(_row(row) for row in found)
    currency = next((row.arr.currency for row in rows if row.arr is not None), "")
    stake = Money(Decimal(round(sums["sum"])), currency) if currency and sums["sum"] is not None else None
    return BlindPage(rows, sums["n"], standing.count(), stake)


def _row(standing: models.Standing) -> BlindRow:
    account, score = standing.account, standing.score
    arr = accounts.arr_reporting(account)
    blind = WHOLE - score.known_weight
    stake = arr and Money(round(arr.amount * Decimal(blind) / Decimal(WHOLE), 2), arr.currency)
    unknown = tuple((part["label"], part["reason"] or "") for part in score.parts if part["points"] is None)
    return BlindRow(account.pk, account.key, account.name, blind, arr, stake, len(score.parts), unknown)
