"""Accounts over the REST API."""

from typing import Annotated

from ninja import Query

from keepwell.faces.api.auth import Asked
from keepwell.faces.api.records import Reads
from keepwell.faces.api.schemas import AccountOut, AccountPage
from keepwell.ledger.queries import accounts


def list_accounts(
    request: Asked, search: str = "", after: str = "", limit: Annotated[int, Query(ge=1, le=1000)] = 100
) -> AccountPage:
    """Accounts by key, a page at a time."""
    found = accounts.page(seen_by=request.auth, search=search, after=after, limit=limit + 1)
    shown = found[:limit]
    return AccountPage(
        items=[AccountOut.from_orm(account) for account in shown],
        next=shown[-1].key if len(found) > limit else None,
    )


def get_account(request: Asked, key: str) -> AccountOut:
    """One account by its key."""
    return AccountOut.from_orm(accounts.find(key=key, seen_by=request.auth))


READS = Reads(AccountPage, list_accounts, AccountOut, get_account)
