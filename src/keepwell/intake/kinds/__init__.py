"""The kinds of files that can be imported, declared."""

from keepwell.intake.kinds.accounts import ACCOUNTS
from keepwell.intake.kinds.base import Field, ImportKind
from keepwell.intake.kinds.contracts import CONTRACTS
from keepwell.intake.kinds.events import EVENTS
from keepwell.intake.kinds.people import PEOPLE
from keepwell.intake.kinds.rates import RATES
from keepwell.intake.kinds.surveys import SURVEYS
from keepwell.intake.kinds.tickets import TICKETS
from keepwell.intake.kinds.touchpoints import TOUCHPOINTS
from keepwell.kernel import errors

KINDS: dict[str, ImportKind] = {
    kind.slug: kind for kind in (ACCOUNTS, PEOPLE, CONTRACTS, TICKETS, SURVEYS, TOUCHPOINTS, EVENTS, RATES)
}


def find(slug: str) -> ImportKind:
    """The kind with this slug."""
    if slug not in KINDS:
        raise errors.Invalid(f'"{slug}" is no kind of import. Use one of: {", ".join(KINDS)}.')
    return KINDS[slug]


__all__ = ["KINDS", "Field", "ImportKind", "find"]
