"""Rules as people see them: what each says, of how many accounts it holds, how often it fired lately."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, QuerySet

from keepwell.access.scopes import Scope
from keepwell.kernel.errors import NotFound
from keepwell.ledger.queries import accounts
from keepwell.metrics.conditions.vocabulary import Vocabulary
from keepwell.segments.queries import segments, vocabulary
from keepwell.segments.queries.segments import Preview
from keepwell.signals import declared, models

LATELY = timedelta(days=28)
ORDER = tuple(declared.SEVERITIES)


@dataclass(frozen=True)
class VersionView:
    """One state of a rule; a draft while it was not published. `verdict` is what its rehearsal said."""

    id: int
    number: int
    definition: dict[str, Any]
    sentence: str
    changed_at: datetime
    published_at: datetime | None
    begun_at: datetime | None
    verdict: dict[str, Any] | None


@dataclass(frozen=True)
class RuleView:
    """A rule with how it goes, among the accounts that the asker may see.

    `holds` counts accounts of which it holds now, `snoozed` those of them that are put off, `fired` its alarms of the last
    28 days, `unknown` the accounts of which the last sweep could not tell. `number` is the version in force, `draft` that of
    the draft if there is one.
    """

    slug: str
    title: str
    sentence: str
    definition: dict[str, Any]
    active: bool
    number: int | None
    draft: int | None
    begun_at: datetime | None
    holds: int
    snoozed: int
    fired: int
    unknown: int | None

    @property
    def severity(self) -> str:
        """How grave it is."""
        return str(self.definition["severity"])

    @property
    def foretells(self) -> str:
        """What it foretells."""
        return str(self.definition["foretells"])

    @property
    def owner(self) -> str:
        """The role whose work it is."""
        return str(self.definition["owner"])


def everything(*, seen_by: Scope, at: datetime) -> tuple[RuleView, ...]:
    """All rules, the gravest first, resting ones last. Four queries."""
    rows = models.Rule.objects.select_related("published").order_by("title", "slug")
    found = _views(rows, seen_by, at)
    return tuple(sorted(found, key=lambda rule: (not rule.active, ORDER.index(rule.severity), rule.title)))


def titles() -> tuple[tuple[str, str], ...]:
    """Slug and title of all rules, by title. One query."""
    return tuple(models.Rule.objects.order_by("title", "slug").values_list("slug", "title"))


def find(*, slug: str, seen_by: Scope, at: datetime) -> RuleView:
    """One rule. Four queries."""
    found = _views(models.Rule.objects.select_related("published").filter(slug=slug), seen_by, at)
    if not found:
        raise NotFound('There is no rule "%(slug)s".', slug=slug)
    return found[0]


def versions(*, slug: str) -> tuple[VersionView, ...]:
    """All versions of a rule, the newest first. One query."""
    rows = models.RuleVersion.objects.filter(rule__slug=slug).order_by("-number")
    return tuple(
        VersionView(
            row.pk,
            row.number,
            row.definition,
            row.sentence,
            row.changed_at,
            row.published_at,
            row.begun_at,
            row.verdict,
        )
        for row in rows
    )


def preview(*, definition: dict[str, Any], seen_by: Scope, known: Vocabulary | None = None) -> Preview:
    """For whom a definition would fire now, were it new; nothing is kept. A few queries less where the words are given."""
    said = known or vocabulary.accounts()
    told = declared.read(definition, said).written
    asked = [told["applies"], told["when"]] if "applies" in told else [told["when"]]
    whole = asked[0] if len(asked) == 1 else {"all": asked}
    return segments.preview(condition=whole, seen_by=seen_by, known=said)


def _views(rows: Iterable[models.Rule], seen_by: Scope, at: datetime) -> list[RuleView]:
    found = list(rows)
    ids = [row.pk for row in found]
    drafts = models.RuleVersion.objects.filter(rule__in=ids, published_at=None)
    by_rule = {row.rule_id: row for row in drafts}
    counts = _counts(ids, seen_by, at)
    return [_view(row, by_rule.get(row.pk), counts.get(row.pk, {})) for row in found]


def _counts(ids: Collection[int], seen_by: Scope, at: datetime) -> dict[int, dict[str, int]]:
    """Three queries, of which two walk an index."""
    shown = models.Firing.objects.filter(rule__in=ids)
    put_off = models.Snooze.objects.filter(rule__in=ids, ended_at=None, until__gt=at)
    if not seen_by.everything:
        visible = accounts.visible(seen_by=seen_by)
        shown, put_off = shown.filter(account__in=visible), put_off.filter(account__in=visible)
    counted: dict[str, QuerySet[Any]] = {
        "holds": shown.filter(ended_at=None),
        "fired": shown.filter(at__gte=at - LATELY, stood=False),
        "snoozed": put_off.filter(account__firing__rule=F("rule"), account__firing__ended_at=None),
    }
    found: dict[int, dict[str, int]] = {}
    for what, rows in counted.items():
        for rule, count in rows.values_list("rule").annotate(count=Count("*")):
            found.setdefault(rule, {})[what] = count
    return found


def _view(row: models.Rule, draft: models.RuleVersion | None, counts: dict[str, int]) -> RuleView:
    shown = row.published or draft
    assert shown is not None  # a rule without versions is deleted with its draft
    return RuleView(
        row.slug,
        row.title,
        shown.sentence,
        shown.definition,
        row.active and row.published is not None,
        None if row.published is None else row.published.number,
        None if draft is None else draft.number,
        None if row.published is None else row.published.begun_at,
        counts.get("holds", 0),
        counts.get("snoozed", 0),
        counts.get("fired", 0),
        None if row.published is None else row.published.unknown,
    )
