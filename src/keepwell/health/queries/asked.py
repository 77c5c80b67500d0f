"""This stage's answer to the hooks: what its scorecards rest on."""

from collections.abc import Sequence

from keepwell.health.queries import uses as scorecards
from keepwell.hooks import specs
from keepwell.hooks.uses import Use


@specs.impl
def uses() -> Sequence[Use]:
    """The scorecards that judge now or judged past days, then all that is said in other versions and drafts."""
    return scorecards.uses()
