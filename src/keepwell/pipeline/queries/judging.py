"""By which metrics the company judges its accounts: their history is stored."""

from keepwell.health.queries import cards, evaluation
from keepwell.segments.queries import vocabulary


def metrics() -> frozenset[str]:
    """The metrics that scorecards in force or segments ask for. Some five queries."""
    return evaluation.needed(cards.spans()) | vocabulary.asked_metrics()
