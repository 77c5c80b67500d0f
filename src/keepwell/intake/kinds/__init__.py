"""The kinds of files that can be imported, declared."""

from keepwell.intake.kinds.accounts import ACCOUNTS
from keepwell.intake.kinds.base import Field, ImportKind
from keepwell.intake.kinds.change_requests import CHANGE_REQUESTS
from keepwell.intake.kinds.contracts import CONTRACTS
from keepwell.intake.kinds.course_sessions import COURSE_SESSIONS
from keepwell.intake.kinds.courses import COURSES
from keepwell.intake.kinds.criteria import CRITERIA
from keepwell.intake.kinds.enrolments import ENROLMENTS
from keepwell.intake.kinds.events import EVENTS
from keepwell.intake.kinds.gap_requests import GAP_REQUESTS
from keepwell.intake.kinds.gaps import GAPS
from keepwell.intake.kinds.integrations import INTEGRATIONS
from keepwell.intake.kinds.invoices import INVOICES
from keepwell.intake.kinds.milestones import MILESTONES
from keepwell.intake.kinds.notes import NOTES
from keepwell.intake.kinds.obligations import OBLIGATIONS
from keepwell.intake.kinds.ownerships import OWNERSHIPS
from keepwell.intake.kinds.parents import PARENTS
from keepwell.intake.kinds.people import PEOPLE
from keepwell.intake.kinds.raci import RACI
from keepwell.intake.kinds.rates import RATES
from keepwell.intake.kinds.risks import RISKS
from keepwell.intake.kinds.sentiments import SENTIMENTS
from keepwell.intake.kinds.sprints import SPRINTS
from keepwell.intake.kinds.surveys import SURVEYS
from keepwell.intake.kinds.tickets import TICKETS
from keepwell.intake.kinds.touchpoints import TOUCHPOINTS
from keepwell.kernel import errors

KINDS: dict[str, ImportKind] = {
    kind.slug: kind
    for kind in (
        ACCOUNTS,
        PEOPLE,
        CONTRACTS,
        TICKETS,
        SURVEYS,
        SENTIMENTS,
        TOUCHPOINTS,
        NOTES,
        SPRINTS,
        MILESTONES,
        CRITERIA,
        CHANGE_REQUESTS,
        RISKS,
        RACI,
        OBLIGATIONS,
        INTEGRATIONS,
        INVOICES,
        COURSES,
        COURSE_SESSIONS,
        ENROLMENTS,
        GAPS,
        GAP_REQUESTS,
        EVENTS,
        OWNERSHIPS,
        PARENTS,
        RATES,
    )
}


def find(slug: str) -> ImportKind:
    """The kind with this slug."""
    if slug not in KINDS:
        raise errors.Invalid(
            '"%(slug)s" is no kind of import. Use one of: %(listed)s.', slug=slug, listed=", ".join(KINDS)
        )
    return KINDS[slug]


__all__ = ["KINDS", "RATES", "Field", "ImportKind", "find"]
