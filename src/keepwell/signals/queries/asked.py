"""This stage's answer to the hooks: what its rules rest on."""

from collections.abc import Sequence

from keepwell.hooks import specs
from keepwell.hooks.uses import Use
from keepwell.kernel import speech
from keepwell.metrics.conditions import tree
from keepwell.metrics.conditions.vocabulary import Vocabulary
from keepwell.metrics.queries import catalogue
from keepwell.segments.queries import vocabulary
from keepwell.segments.queries.vocabulary import METRIC, SEGMENT
from keepwell.signals import declared, models
from keepwell.signals.queries import limits


@specs.impl
def uses() -> Sequence[Use]:
    """Each rule as it watches and as its draft would; those that watch are asked without segments, as they judge."""
    rows = models.RuleVersion.objects.select_related("rule").order_by("rule__slug", "number")
    watching = {
        pk for pk in models.Rule.objects.filter(active=True).values_list("published", flat=True) if pk
    }
    asked = [row for row in rows if row.pk in watching or row.published_at is None]
    if not asked:
        return []
    words, known = vocabulary.accounts(), {metric.slug for metric in catalogue.answering()}
    return [_use(row, words, known, watches=row.pk in watching) for row in asked]


def _use(row: models.RuleVersion, words: Vocabulary, known: set[str], *, watches: bool) -> Use:
    metrics = vocabulary.slugs_of(row.definition, METRIC)
    if watches:
        said_of = declared.read(row.definition, words)
        metrics |= said_of.metrics
        if limits.USED in tree.subjects(said_of.condition):
            metrics |= limits.metrics()
    said = speech.told("version %(number)s", number=row.number) if watches else "draft"
    return Use(
        key=f"rule:{row.rule.slug}:{row.number}",
        title=f"{row.rule.title}, {said}",
        metrics=metrics & known,
        segments=vocabulary.slugs_of(row.definition, SEGMENT),
        judges=watches,
    )
