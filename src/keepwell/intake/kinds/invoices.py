"""Invoices."""

from keepwell.intake import parsers
from keepwell.intake.kinds.base import Field, ImportKind, account_field, in_order, key_field, words
from keepwell.intake.kinds.stores import Store
from keepwell.ledger import models
from keepwell.ledger.actions import invoices

INVOICES = ImportKind(
    "invoices",
    "Invoices",
    "One row an invoice; import again when it is paid.",
    (
        key_field("invoice_id", help="Your id of the invoice."),
        account_field(),
        words("number", "Number", "What stands on it.", longest=100, aliases=("invoice_number",)),
        Field(
            "issued_date",
            "Issued",
            "The day it was issued.",
            parsers.day,
            required=True,
            aliases=("issued", "issued_at", "invoice_date", "date"),
        ),
        Field(
            "due_date",
            "Due",
            "The day by which it is to be paid.",
            parsers.day,
            aliases=("due", "due_on"),
            empty=None,
        ),
        Field(
            "paid_date",
            "Paid",
            "The day it was paid; empty while it is open.",
            parsers.day,
            aliases=("paid", "paid_at", "payment_date"),
            empty=None,
        ),
        Field("amount", "Amount", "Its total.", parsers.amount, aliases=("total", "amount_due"), empty=None),
        Field("currency", "Currency", "Code of the amount; USD when left out.", parsers.currency),
        Field(
            "state",
            "State",
            "Open, paid or void; paid when there is a day of payment.",
            parsers.one_of("open", "paid", "void"),
            aliases=("status",),
        ),
    ),
    check=in_order("issued_date", "due_date"),
    store=Store(models.Invoice, invoices.upsert, ("key", "number")),
    tab="money",
    events=("invoice.issued", "invoice.paid"),
)
