"""This stage's answer to the hooks: which metrics it rests on."""

from collections.abc import Collection, Mapping

from keepwell.hooks import specs
from keepwell.segments.queries import vocabulary


@specs.impl
def metrics_asked() -> Mapping[str, Collection[str]]:
    """Those that segments ask for."""
    return vocabulary.asked_metrics()
