"""Plans to begin from."""

from dataclasses import dataclass

from keepwell.access.scopes import Scope
from keepwell.ledger.queries import accounts
from keepwell.outcomes import models, template


@dataclass(frozen=True)
class TemplateView:
    """A template: for whom it is, and the outcomes that it names."""

    slug: str
    title: str
    sentence: str
    outcomes: tuple[str, ...]


def everything() -> tuple[TemplateView, ...]:
    """All that may be begun from, by title. One query."""
    rows = models.PlanTemplate.objects.filter(active=True).order_by("title", "slug")
    return tuple(_view(row) for row in rows)


def _view(row: models.PlanTemplate) -> TemplateView:
    said = template.read(row.definition)
    return TemplateView(row.slug, row.title, said.sentence, tuple(one.title for one in said.objectives))


def past(*, seen_by: Scope, limit: int = 50) -> tuple[tuple[str, str], ...]:
    """Accounts whose agreed plans one may begin from, the latest confirmed first: key and name. One query."""
    mine = accounts.visible(seen_by=seen_by)
    rows = models.SuccessPlan.objects.filter(account__in=mine, confirmed_at__isnull=False).order_by(
        "-confirmed_at"
    )
    told = rows.values_list("account__key", "account__name")[:limit]
    return tuple((key, name or key) for key, name in told)
