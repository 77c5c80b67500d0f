"""This stage's answer to the hooks: the metrics that indicators of plans are bound to are measured and not retired."""

from collections.abc import Sequence

from django.db.models import Value

from keepwell.hooks import specs
from keepwell.hooks.uses import Use
from keepwell.kernel import speech
from keepwell.metrics.queries import catalogue
from keepwell.outcomes import models
from keepwell.outcomes.queries import journeys
from keepwell.segments.queries import vocabulary


@specs.impl
def uses() -> Sequence[Use]:
    """One use for all plans, one for value models, one for the criteria of phases. Two queries, three where there is any."""
    bound = models.Indicator.objects.filter(dropped_at=None).exclude(metric="").order_by()
    counted = models.ValueInput.objects.filter(model__dropped_at=None).exclude(metric="").order_by()
    rows = list(
        bound.values_list("metric", Value("plans")).union(counted.values_list("metric", Value("value")))
    )
    metrics = {slug for slug, of in rows if of == "plans"}
    worth = {slug for slug, of in rows if of == "value"}
    asked = journeys.in_force()
    stated = [when for one in asked.phases for when in (one.entry_when, one.exit_when) if when is not None]
    walked = frozenset({asked.first_value.metric} - {""}).union(
        *(vocabulary.slugs_of(when, vocabulary.METRIC) for when in stated)
    )
    inside = frozenset[str]().union(*(vocabulary.slugs_of(when, vocabulary.SEGMENT) for when in stated))
    known = {metric.slug for metric in catalogue.answering()} if metrics or walked or worth else set()
    found = [Use("plans", speech.told("Success plans"), metrics & known)] if metrics else []
    if worth:
        found.append(Use("value", speech.told("Value models"), worth & known))
    if walked or inside:
        found.append(Use("journey", speech.told("The journey of customers"), walked & known, inside))
    return found
