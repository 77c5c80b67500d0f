"""Deeds on exchange rates and on the currency that sums are told in."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from keepwell.access.actions import audit, settings
from keepwell.access.scopes import Scope
from keepwell.kernel import errors, speech
from keepwell.ledger import models
from keepwell.ledger.actions import accounts
from keepwell.ledger.actions.upserts import Row, Verdict
from keepwell.ledger.queries import rates

Pair = tuple[str, str, date]


def upsert(*, rows: Sequence[Row], source: str, by: Scope, at: datetime) -> list[Verdict]:
    """State rates (currency, day, rate, base; without a base in the reporting currency) and restate what they concern.

    A later row about the same pair and day corrects the earlier one. Nine queries for any number of rows.
    """
    by.require("data.import")
    with transaction.atomic():
        home = rates.reporting()
        known = _known({row["day"] for row in rows})
        verdicts, changed = [], {}
        for row in rows:
            verdict, rate = _put(known, row, home, source)
            verdicts.append(verdict)
            if rate is not None:
                changed[rate.currency, rate.base, rate.day] = rate
        models.ExchangeRate.objects.bulk_create(
            [changed[pair] for pair in sorted(changed)],
            update_conflicts=True,
            unique_fields=["currency", "base", "day"],
            update_fields=["rate", "source"],
            batch_size=2000,
        )
        if changed:
            audit.record(by=by, at=at, deed="rate.upsert", subject=f"source:{source}", rows=len(changed))
            accounts.restate(on=at.date(), account_ids=_abroad(home))
    return verdicts


def take_back(*, keys: Sequence[str], by: Scope, at: datetime) -> int:
    """Take rates back by what tells them from each other; what they converted is restated. Gives how many there were."""
    by.require("data.import")
    with transaction.atomic():
        stated = rates.stated(keys).values()
        found = models.ExchangeRate.objects.filter(day__in={row["day"] for row in stated})
        gone = [rate.pk for rate in found if str(rate) in set(keys)]
        models.ExchangeRate.objects.filter(pk__in=gone).delete()
        audit.record(by=by, at=at, deed="rate.remove", subject="several", rows=len(gone))
        accounts.restate(on=at.date(), account_ids=_abroad(rates.reporting()))
    return len(gone)


def remove(*, currency: str, base: str, day: date, by: Scope, at: datetime) -> None:
    """Take a rate back; what it converted is restated from the one before it."""
    by.require("data.import")
    with transaction.atomic():
        gone, _ = models.ExchangeRate.objects.filter(currency=currency, base=base, day=day).delete()
        if not gone:
            raise errors.NotFound(
                "There is no rate from %(currency)s to %(base)s of %(day)s.",
                currency=currency,
                base=base,
                day=day,
            )
        audit.record(by=by, at=at, deed="rate.remove", subject=f"rate:{currency}/{base}:{day}")
        accounts.restate(on=at.date(), account_ids=_abroad(rates.reporting()))


def report_in(*, currency: str, by: Scope, at: datetime) -> None:
    """Tell sums in a currency from now on; every account is restated."""
    if len(currency) != 3 or not (currency.isascii() and currency.isalpha() and currency.isupper()):
        raise errors.Invalid(
            '"%(currency)s" is no currency. Use a code of three letters, as in USD.', currency=currency
        )
    with transaction.atomic():
        settings.put(key=rates.REPORTING, value=currency, by=by, at=at)
        accounts.restate(on=at.date())


def _known(days: set[date]) -> dict[Pair, models.ExchangeRate]:
    found = models.ExchangeRate.objects.filter(day__in=days)
    return {(rate.currency, rate.base, rate.day): rate for rate in found}


def _put(
    known: dict[Pair, models.ExchangeRate], row: Row, home: str, source: str
) -> tuple[Verdict, models.ExchangeRate | None]:
    currency, base, rate = row["currency"], row.get("base") or home, Decimal(row["rate"])
    reason = _fault(currency, base, rate)
    if reason:
        return Verdict("rejected", reason), None
    pair = (currency, base, row["day"])
    before = known.get(pair)
    if before is not None and before.rate == rate:
        return Verdict("unchanged"), None
    stated: dict[str, Any] = {"currency": currency, "base": base, "day": row["day"], "rate": rate}
    known[pair] = models.ExchangeRate(**stated, source=source)
    return Verdict("updated" if before is not None else "created"), known[pair]


def _fault(currency: str, base: str, rate: Decimal) -> str:
    if not base:
        return speech.english(
            "base is not given and no reporting currency is set. Give a base, or choose the currency in Settings."
        )
    if base == currency:
        return speech.english(
            "%(currency)s in %(base)s is always 1. Name two different currencies.",
            currency=currency,
            base=base,
        )
    if not Decimal("1e-12") <= rate < Decimal("1e12"):
        return speech.english(
            "a rate of %(rate)s cannot be. Use units of %(base)s for one %(currency)s, more than 0.",
            rate=f"{rate:f}",
            base=base,
            currency=currency,
        )
    return ""


def _abroad(home: str) -> list[int]:
    """The accounts with a contract in another currency than the one that is reported in."""
    away = models.Contract.objects.exclude(currency=home)
    return sorted(set(away.values_list("account", flat=True)))
