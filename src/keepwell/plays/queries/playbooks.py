"""Playbooks as people see them: what each says, how often it ran, how often its goal was reached."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from keepwell.access.scopes import Scope
from keepwell.health.formulas.proving.shares import Share, wilson
from keepwell.kernel.errors import NotFound
from keepwell.ledger.queries import accounts
from keepwell.plays import models
from keepwell.plays.formulas import running
from keepwell.plays.playbook import Declared, Step

COUNTED = ("running", "ended", "reached", "cancelled")


@dataclass(frozen=True)
class VersionView:
    """One state of a playbook; a draft while it was not published."""

    number: int
    definition: dict[str, Any]
    changed_at: datetime
    published_at: datetime | None


@dataclass(frozen=True)
class PlaybookView:
    """A playbook, and its runs among the accounts that the asker may see.

    `running` are open now, `ended` are over by themselves, `reached` those of them whose goal was reached, `cancelled` the
    others. `number` is the version in force, `draft` that of the draft if there is one.
    """

    slug: str
    title: str
    definition: dict[str, Any]
    active: bool
    number: int | None
    draft: int | None
    running: int
    ended: int
    reached: int
    cancelled: int

    @property
    def sentence(self) -> str:
        """What it is for."""
        return str(self.definition["sentence"])

    @property
    def has_goal(self) -> bool:
        """Whether there is a goal that can be reached."""
        return "goal" in self.definition

    @property
    def share(self) -> Share | None:
        """How often the goal was reached, with its interval; None where nothing has ended. No effect is claimed."""
        if not self.has_goal or not self.ended:
            return None
        share = self.reached / self.ended
        return Share(share, *wilson(share, self.ended), self.ended, self.ended)


def everything(*, seen_by: Scope) -> tuple[PlaybookView, ...]:
    """All playbooks by title, resting ones last. Three queries."""
    rows = models.Playbook.objects.select_related("published").order_by("title", "slug")
    return tuple(sorted(_views(rows, seen_by), key=lambda one: (not one.active, one.title)))


def find(*, slug: str, seen_by: Scope) -> PlaybookView:
    """One of them. Three queries."""
    found = _views(models.Playbook.objects.select_related("published").filter(slug=slug), seen_by)
    if not found:
        raise NotFound('There is no playbook "%(slug)s".', slug=slug)
    return found[0]


def versions(*, slug: str) -> tuple[VersionView, ...]:
    """All versions of a playbook, the newest first. One query."""
    rows = models.PlaybookVersion.objects.filter(playbook__slug=slug).order_by("-number")
    return tuple(VersionView(row.number, row.definition, row.changed_at, row.published_at) for row in rows)


def planned(said: Declared) -> tuple[tuple[Step, int, int], ...]:
    """The steps of a definition with the working days on which each begins and is due if all goes as written."""
    return running.planned(said)


def startable() -> tuple[tuple[str, str], ...]:
    """What may be started by hand: slug and title. One query."""
    rows = models.Playbook.objects.filter(active=True, published__isnull=False).order_by("title", "slug")
    return tuple(rows.values_list("slug", "title"))


def _views(rows: Iterable[models.Playbook], seen_by: Scope) -> list[PlaybookView]:
    found = list(rows)
    drafts = {
        row.playbook_id: row
        for row in models.PlaybookVersion.objects.filter(playbook__in=found, published_at=None)
    }
    counts = _counts(found, seen_by)
    return [_view(row, drafts.get(row.pk), counts.get(row.pk, {})) for row in found]


def _counts(found: Sequence[models.Playbook], seen_by: Scope) -> dict[int, Mapping[str, int]]:
    """One query."""
    runs = models.Run.objects.filter(playbook__in=found)
    if not seen_by.everything:
        runs = runs.filter(account__in=accounts.visible(seen_by=seen_by))
    cancelled = Q(ending__how="cancelled")
    rows = runs.values("playbook").annotate(
        running=Count("pk", filter=Q(open=True)),
        ended=Count("pk", filter=Q(open=False) & ~cancelled),
        reached=Count("pk", filter=Q(ending__how="reached")),
        cancelled=Count("pk", filter=cancelled),
    )
    counted = rows.values_list("playbook", *COUNTED)
    return {playbook: dict(zip(COUNTED, counts, strict=True)) for playbook, *counts in counted}


def _view(
    row: models.Playbook, draft: models.PlaybookVersion | None, counts: Mapping[str, int]
) -> PlaybookView:
    shown = row.published or draft
    assert shown is not None  # a playbook without versions is deleted with its draft
    return PlaybookView(
        row.slug,
        row.title,
        shown.definition,
        row.active and row.published is not None,
        None if row.published is None else row.published.number,
        None if draft is None else draft.number,
        *(counts.get(name, 0) for name in COUNTED),
    )
