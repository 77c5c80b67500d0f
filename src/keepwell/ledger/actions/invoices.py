"""Deeds on invoices."""

import json
from datetime import datetime

from keepwell.kernel.moments import start_of
from keepwell.ledger import models
from keepwell.ledger.actions import service
from keepwell.ledger.actions.upserts import Row, Said, says


def _amended(invoice: models.Invoice, row: Row, _: datetime) -> Row:
    """Paid is what has a day of payment, whether or not the source says so."""
    paid = row.get("paid_date", invoice.paid_date)
    state = row.get("state") or invoice.state
    return {**row, "state": "paid" if paid and state == "open" else state}


upsert = service.upserting(models.Invoice, _amended)


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
