"""What the preview of a scorecard's draft says: who would stand elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.web.pages import scorecards
from keepwell.faces.web.pages.proofs import Progress
from keepwell.health import differences
from keepwell.health.card import Card
from keepwell.health.queries.cards import ScorecardView, VersionView
from keepwell.health.queries.kept_previews import WholeView
from keepwell.health.queries.previews import Flow, Moved, Preview
from keepwell.kernel import speech


@dataclass(frozen=True)
class FlowRow:
    """How many accounts go from one band to another."""

    before: str
    after: str
    accounts: str
    arr: str
    moves: bool


@dataclass(frozen=True)
class MovedRow:
    """An account that would stand elsewhere."""

    key: str
    name: str
    arr: str
    before: str
    after: str
    points: str


@dataclass(frozen=True)
class PreviewPage:
    """What publishing a draft would change."""

    slug: str
    title: str
    number: int
    seen: str
    state: str
    changes: tuple[str, ...]
    flows: tuple[FlowRow, ...]
    moved: tuple[MovedRow, ...]
    more: str
    verdict: str
    proof: str
    sample: str = ""
    error: str = ""
    progress: Progress | None = None
    refused: str = ""


def preview(
    view: ScorecardView,
    draft: VersionView,
    read: Mapping[int, Card],
    found: Preview,
    *,
    whole: WholeView | None = None,
    refused: str = "",
) -> PreviewPage:
    """The draft beside what is in force; `whole` is the preview of all customers while only a sample is told."""
    changes = differences.between(read[view.published], read[draft.number]) if view.published else ()
    moved = words.count(found.moving, "account")
    rest = found.moving - min(scorecards.SHOWN, len(found.moved))
    asked = words.whole(found.asked) + (speech.told(" that were asked") if found.is_sample else "")
    return PreviewPage(
        slug=view.slug,
        title=view.title,
        number=draft.number,
        seen=draft.changed_at.isoformat(),
        state=speech.told(
            "It would judge %(customers)s of %(asked)s; %(moved)s would stand in another band.",
            customers=words.count(found.judged, "customer"),
            asked=asked,
            moved=moved,
        ),
        changes=changes,
        flows=tuple(_flow(flow) for flow in found.flows),
        moved=tuple(_moved(one) for one in found.moved[: scorecards.SHOWN]),
        more=speech.told("and %(rest)s more", rest=words.whole(rest)) if rest > 0 else "",
        verdict=scorecards.verdict(draft.verdict),
        proof=scorecards.proof(draft.verdict),
        sample=_sample(found),
        error=whole.error if whole and found.is_sample else "",
        progress=progress(view.slug, whole) if whole and found.is_sample else None,
        refused=refused,
    )


def _sample(found: Preview) -> str:
    if not found.is_sample:
        return ""
    low, high = found.share
    return speech.told(
        "A sample of %(asked)s of %(accounts)s customers: all figures here are of these alone. "
        "Of all of them %(low)s to %(high)s would stand in another band, with 95 %% certainty.",
        asked=words.whole(found.asked),
        accounts=words.whole(found.accounts),
        low=words.exact(low, 1),
        high=words.percent(high, decimals=1),
    )


def progress(slug: str, whole: WholeView) -> Progress | None:
    """How far the preview of all customers is; None when it has ended."""
    if whole.state not in ("queued", "running"):
        return None
    href = reverse("settings-scorecard-preview-progress", args=(slug, whole.preview_id))
    total = whole.steps_total
    far = (
        speech.told("Waiting for its turn")
        if total is None
        else speech.told(
            "%(steps_done)s of %(total)s customers judged",
            steps_done=words.whole(whole.steps_done),
            total=words.whole(total),
        )
    )
    return Progress(whole.steps_done, total, far, href)


def _flow(flow: Flow) -> FlowRow:
    arr = words.short_money(flow.arr) if flow.arr else "–"
    return FlowRow(flow.before, flow.after, words.whole(flow.accounts), arr, flow.before != flow.after)


def _moved(one: Moved) -> MovedRow:
    before, after = words.points(one.points_before), words.points(one.points_after)
    return MovedRow(one.key, one.name, words.money(one.arr), one.before, one.after, f"{before} → {after}")
