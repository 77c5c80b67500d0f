"""Exchange rates: what a currency was worth from a day on."""

from collections.abc import Mapping
from typing import Any

from keepwell.intake import parsers
from keepwell.intake.kinds.base import Field, ImportKind
from keepwell.intake.kinds.stores import Trace
from keepwell.kernel import speech
from keepwell.ledger.actions import rates
from keepwell.ledger.queries import rates as queries


def _check(row: Mapping[str, Any]) -> str | None:
    if row["currency"] == row.get("base"):
        return speech.english(
            "%(row)s in %(row2)s is always 1. Name two different currencies.",
            row=row["currency"],
            row2=row["base"],
        )
    return None


RATES = ImportKind(
    "rates",
    "Exchange rates",
    "One row a currency and day. Sums over accounts use the last rate on or before a day.",
    (
        Field(
            "currency",
            "Currency",
            "Code of the currency that the rate is of, as in EUR.",
            parsers.currency,
            required=True,
            aliases=("currency", "from", "from_currency", "currency_code", "quote"),
        ),
        Field(
            "day",
            "Day",
            "The first day it holds.",
            parsers.day,
            required=True,
            aliases=("day", "date", "rate_date", "valid_from"),
        ),
        Field(
            "rate",
            "Rate",
            "What one unit is worth in units of the base.",
            parsers.rate,
            required=True,
            aliases=("rate", "exchange_rate", "value"),
        ),
        Field(
            "base",
            "Base",
            "Code of the currency that the rate is told in; the reporting currency when left out.",
            parsers.currency,
            aliases=("base", "to", "to_currency", "base_currency"),
        ),
    ),
    check=_check,
    together=("currency", "day", "base", "rate"),
    trace=Trace(queries.keys_of, queries.stated, rates.take_back),
)
