"""Where scores are blind: how much of their weight rests on inputs that are not known, and what is at stake there."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F

from keepwell.access.scopes import Scope
from keepwell.health import models
from keepwell.health.queries import portfolio
from keepwell.kernel.money import Money
from keepwell.ledger.queries import accounts, rates

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
    """Present customers by blind weight × ARR; those without an ARR come last, the blindest first. Six queries.

    Counts and sums are stored, and so is the order.
    """
    said = portfolio.sums("blind", seen_by=seen_by)
    blind, whole = (said.get((state, ""), portfolio.Worth()) for state in ("blind", "whole"))
    paths = models.Path.objects.filter(blind__gt=0)
    if not seen_by.everything:
        paths = paths.filter(account_id__in=accounts.visible(seen_by=seen_by).values("pk"))
    ordered = paths.order_by(F("stake").desc(nulls_last=True), F("blind").desc(), "account_id")
    chosen = list(ordered.values_list("account_id", flat=True)[offset : offset + limit])
    found = models.Standing.objects.select_related("account", "score").in_bulk(chosen)
    is_priced = blind.accounts > blind.unpriced
    return BlindPage(
        tuple(_row(found[pk]) for pk in chosen if pk in found),
        blind.accounts,
        blind.accounts + whole.accounts,
        Money(Decimal(round(blind.cents / 100)), rates.reporting()) if is_priced else None,
    )


def _row(standing: models.Standing) -> BlindRow:
    account, score = standing.account, standing.score
    arr = accounts.arr_reporting(account)
    blind = WHOLE - score.known_weight
    stake = arr and Money(round(arr.amount * Decimal(blind) / Decimal(WHOLE), 2), arr.currency)
    unknown = tuple((part["label"], part["reason"] or "") for part in score.parts if part["points"] is None)
    return BlindRow(account.pk, account.key, account.name, blind, arr, stake, len(score.parts), unknown)
