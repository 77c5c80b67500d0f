"""Whom one may ask at one account, as pages and programs have read the account: today, or at the end of a past day."""

from keepwell.access.scopes import Scope
from keepwell.faces.standing import Standing
from keepwell.outcomes.queries import advocates
from keepwell.outcomes.queries.advocates import Stood, Suggestion


def suggested(told: Standing, *, seen_by: Scope) -> tuple[Suggestion, ...]:
    """Everybody who is known to like us, the best first, with what speaks for it and against."""
    score = told.score
    stood = Stood(
        account=told.account,
        band=score.stands[1] if score else "",
        card=score.card if score else "",
        title=score.title if score else "",
        version=score.version if score else 0,
        is_overridden=score is not None and score.override is not None,
        is_burning=any(one.open for one in told.incidents),
        people=told.people,
    )
    return advocates.at_account(
        stood=stood, seen_by=seen_by, day=told.moment.day, known_by=told.moment.known_by
    )
