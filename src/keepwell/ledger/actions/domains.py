"""Deeds on the e-mail domains of accounts: people who belong nowhere yet are placed by them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Q

from keepwell.ledger import models
from keepwell.ledger.actions import placements


def declare(*, domains: Mapping[int, Sequence[str]], source: str, at: datetime) -> set[int]:
    """These are the domains of accounts, and no others; gives the accounts for which that is new.

    Three queries; more when a domain is new. People who were placed by a domain that is no longer declared stay where they are.
    """
    if not domains:
        return set()
    present: dict[int, set[str]] = {account: set() for account in domains}
    rows = models.AccountDomain.objects.filter(account__in=domains)
    for account, domain in rows.values_list("account", "domain"):
        present[account].add(domain)
    gone = Q(pk=None)
    for account, kept in domains.items():
        if old := present[account] - set(kept):
            gone |= Q(account=account, domain__in=old)
    rows.filter(gone).delete()
    new = {(account, domain) for account, kept in domains.items() for domain in set(kept) - present[account]}
    models.AccountDomain.objects.bulk_create(
        [models.AccountDomain(account_id=account, domain=domain) for account, domain in sorted(new)],
        ignore_conflicts=True,
    )
    for domain in sorted({domain for _, domain in new}):
        theirs = models.Person.objects.filter(email__iendswith=f"@{domain}").values_list("key", flat=True)
        placements.by_domain(keys=list(theirs), source=source, at=at)
    return {account for account, kept in domains.items() if set(kept) != present[account]}
