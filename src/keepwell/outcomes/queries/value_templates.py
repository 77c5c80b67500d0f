"""Value models to begin from."""

from keepwell.kernel.errors import NotFound
from keepwell.outcomes import models, value_document
from keepwell.outcomes.value_document import ValueModelDoc


def everything() -> tuple[tuple[str, str], ...]:
    """All that may be begun from, by title: slug and title. One query."""
    rows = models.ValueTemplate.objects.filter(active=True).order_by("title", "slug")
    return tuple(rows.values_list("slug", "title"))


def find(slug: str) -> ValueModelDoc:
    """One of them; its figures are open until somebody of the customer's agrees to some. One query."""
    row = models.ValueTemplate.objects.filter(slug=slug, active=True).first()
    if row is None:
        raise NotFound('There is no value model to begin from called "%(slug)s".', slug=slug)
    return value_document.template(row.definition)
