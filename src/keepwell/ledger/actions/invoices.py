"""Deeds on invoices."""

import json
from collections.abc import Sequence
from datetime import datetime

from keepwell.access.scopes import Scope
from keepwell.kernel.moments import start_of
from keepwell.ledger import models
from keepwell.ledger.actions import service
from keepwell.ledger.actions.upserts import Row, Said, Verdict, says


def upsert(*, rows: Sequence[Row], source: str, by: Scope, at: datetime, vouched: bool) -> list[Verdict]:
    """Create or update invoices by `key`."""
    return service.upsert(
        models.Invoice, rows=rows, amends=_amended, source=source, by=by, at=at, vouched=vouched
    )


def _amended(invoice: models.Invoice, row: Row) -> Row:
    """Paid is what has a day of payment, whether or not the source says so."""
    paid = row.get("paid_date", invoice.paid_date)
    state = row.get("state") or invoice.state
    return {**row, "state": "paid" if paid and state == "open" else state}


@says(models.Invoice)
def _says(invoice: models.Invoice) -> list[Said]:
    if invoice.state == "void":
        return []
    amount = None if invoice.amount is None else float(invoice.amount)
    due = str(invoice.due_date) if invoice.due_date else None
    named = {"invoice": invoice.key, "title": invoice.number}
    told = json.dumps({**named, "currency": invoice.currency, "due_date": due})
    said = [Said("invoice.issued", start_of(invoice.issued_date), value=amount, props=told)]
    if invoice.paid_date:
        said.append(Said("invoice.paid", start_of(invoice.paid_date), value=amount, props=told))
    return said
