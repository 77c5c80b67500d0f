"""This stage's answer to the hooks: what its segments rest on."""

from collections.abc import Sequence

from keepwell.hooks import specs
from keepwell.hooks.uses import Use
from keepwell.segments.queries import vocabulary


@specs.impl
def uses() -> Sequence[Use]:
    """The segments in force, with the metrics and segments that they ask for."""
    return vocabulary.uses()
