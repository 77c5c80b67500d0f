"""The deed on roll-up: by which function the health of parents is told."""

from datetime import datetime

from keepwell.access.actions import settings
from keepwell.access.scopes import Scope
from keepwell.health.formulas import rollup
from keepwell.health.queries.rollups import SETTING
from keepwell.kernel.errors import Invalid


def choose(*, function: str, by: Scope, at: datetime) -> None:
    """Tell the health of what stands below an account by this function from now on, for every day that is asked."""
    if function not in rollup.FUNCTIONS:
        raise Invalid(
            '"%(function)s" is no way to roll health up. Use one of %(listed)s.',
            function=function,
            listed=", ".join(rollup.FUNCTIONS),
        )
    settings.put(key=SETTING, value=function, by=by, at=at)
