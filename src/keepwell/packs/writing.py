"""A company's own practice as a pack: what it measures, how it judges, what it watches for. Another instance reads it."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from keepwell.access.scopes import Scope
from keepwell.health.queries import cards
from keepwell.kernel import slugs, tomls
from keepwell.kernel.errors import Conflict, Invalid
from keepwell.metrics.models import MetricDefinition
from keepwell.metrics.queries import departures
from keepwell.outcomes.models import PlanTemplate, ValueTemplate
from keepwell.outcomes.queries import journeys
from keepwell.packs.pack import SegmentFile
from keepwell.plays.models import Playbook
from keepwell.plays.queries import cadences, practices
from keepwell.segments.models import Segment
from keepwell.signals.models import Rule

KINDS = ("metrics", "segments", "scorecards", "rules", "playbooks", "plans", "value")


class NotEmpty(Conflict):
    """A pack is written into a folder of its own."""


def files(*, slug: str, title: str, sentence: str, version: int = 1, seen_by: Scope) -> dict[str, str]:
    """The pack's files by their paths: all defined metrics and segments, published scorecards, active rules and playbooks,
    plans and value models to begin from, how often customers are met, the journey, departure, and how incidents are answered.
    Accounts, people and the settings of metrics stay here. Thirteen queries.
    """
    seen_by.require("config.change")
    if not title.strip() or not sentence.strip():
        raise Invalid("A pack needs a title and a sentence that say for whom it is.")
    if version < 1:
        raise Invalid("A pack's version is a whole number from 1, not %(version)s.", version=version)
    order = cards.order()
    if not order:
        raise Invalid(cards.NOTHING)
    head = {
        "slug": slugs.checked(slug), "title": title, "sentence": sentence, "version": version, "order": list(order),
        "departure": departures.declared().definition if departures.is_declared() else None,
        "incidents": practices.declared(),
    }  # fmt: skip
    said = {path: tomls.written(table) for path, table in _tables()}
    return {"pack.toml": tomls.written(head), **said}


def _tables() -> Iterator[tuple[str, dict[str, Any]]]:
    for row in MetricDefinition.objects.filter(retired_at=None).order_by("slug"):
        yield f"metrics/{row.slug}.toml", row.definition
    for segment in Segment.objects.filter(retired_at=None).order_by("slug"):
        told = SegmentFile(segment.slug, segment.title, segment.sentence, segment.condition)
        yield f"segments/{segment.slug}.toml", asdict(told)
    for card in cards.everything():
        if card.published is not None:
            definition = card.version(card.published).definition
            yield f"scorecards/{card.slug}.toml", {"slug": card.slug, "title": card.title, **definition}
    rules = Rule.objects.filter(active=True, published__isnull=False).order_by("slug")
    for slug, rule, definition in rules.values_list("slug", "title", "published__definition"):
        yield f"rules/{slug}.toml", {"slug": slug, "title": rule, **definition}
    books = Playbook.objects.filter(active=True, published__isnull=False).order_by("slug")
    for slug, book, definition in books.values_list("slug", "title", "published__definition"):
        yield f"playbooks/{slug}.toml", {"slug": slug, "title": book, **definition}
    plans = PlanTemplate.objects.filter(active=True).order_by("slug")
    for slug, plan, definition in plans.values_list("slug", "title", "definition"):
        yield f"plans/{slug}.toml", {"slug": slug, "title": plan, **definition}
    values = ValueTemplate.objects.filter(active=True).order_by("slug")
    for slug, definition in values.values_list("slug", "definition"):
        yield f"value/{slug}.toml", definition
    if (rhythms := cadences.declared()) is not None:
        yield "cadence.toml", rhythms
    if (stated := journeys.declared()) is not None:
        yield "journey.toml", stated


def write(folder: Path, files: dict[str, str]) -> None:
    """Put the files of a pack into a folder that is new, empty or holds an earlier pack, which they replace."""
    if folder.exists() and any(folder.iterdir()) and not (folder / "pack.toml").exists():
        raise NotEmpty("%(folder)s holds something else than a pack. Name a new folder.", folder=folder)
    for kind in KINDS:
        for stale in folder.glob(f"{kind}/*.toml"):
            stale.unlink()
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
