"""Two states of a plan beside each other."""

from keepwell.outcomes.formulas import comparing
from keepwell.outcomes.queries import plans
from keepwell.outcomes.queries.plans import PlanView

Line = comparing.Line


def lines(plan: PlanView, *, before: int, after: int) -> tuple[Line, ...]:
    """What differs between two versions; 0 as `before` is the last one, 0 as `after` what is written now."""
    was, now = plans.beside(plan, before=before, after=after)
    return comparing.lines(was, now)
