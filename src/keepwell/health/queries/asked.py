"""This stage's answer to the hooks: which metrics it rests on."""

from collections.abc import Collection, Mapping

from keepwell.health.queries import cards
from keepwell.hooks import specs


@specs.impl
def metrics_asked() -> Mapping[str, Collection[str]]:
    """Those of the scorecards that judge now or judged past days, by the card's title."""
    found: dict[str, frozenset[str]] = {}
    for version in (version for span in cards.spans() for version in span.versions):
        found[version.title] = found.get(version.title, frozenset()) | version.card.metrics
    return found
