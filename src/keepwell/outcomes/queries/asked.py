"""This stage's answer to the hooks: the metrics that indicators of plans are bound to are measured and not retired."""

from collections.abc import Sequence

from keepwell.hooks import specs
from keepwell.hooks.uses import Use
from keepwell.kernel import speech
from keepwell.metrics.queries import catalogue
from keepwell.outcomes import models


@specs.impl
def uses() -> Sequence[Use]:
    """One use for all plans. Two queries where there is any."""
    bound = (
        models.Indicator.objects.filter(dropped_at=None).exclude(metric="").order_by().values_list("metric")
    )
    metrics = {slug for (slug,) in bound.distinct()}
    if not metrics:
        return []
    known = {metric.slug for metric in catalogue.answering()}
    return [Use("plans", speech.told("Success plans"), metrics & known)]
