"""This stage's answer to the hooks: what its playbooks rest on."""

from collections.abc import Sequence

from django.db.models import F, Q

from keepwell.hooks import specs
from keepwell.hooks.uses import Use
from keepwell.metrics.queries import catalogue
from keepwell.plays import models
from keepwell.segments.queries import vocabulary
from keepwell.segments.queries.vocabulary import METRIC, SEGMENT


@specs.impl
def uses() -> Sequence[Use]:
    """Each playbook in force, and its draft."""
    rows = models.PlaybookVersion.objects.select_related("playbook").filter(
        Q(published_at=None) | Q(playbook__published=F("pk"), playbook__active=True)
    )
    found = list(rows.order_by("playbook__slug", "number"))
    known = {metric.slug for metric in catalogue.answering()} if found else set()
    return [
        Use(
            key=f"playbook:{row.playbook.slug}:{row.number}",
            title=f"{row.playbook.title}, {f'version {row.number}' if row.published_at else 'draft'}",
            metrics=vocabulary.slugs_of(row.definition, METRIC) & known,
            segments=vocabulary.slugs_of(row.definition, SEGMENT),
            judges=row.published_at is not None,
        )
        for row in found
    ]
