"""What the pages of scorecards say: the list in its order, one card with its versions, and what a draft would change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.components.marks import Option
from keepwell.faces.web.pages.proofs import Progress
from keepwell.health import differences
from keepwell.health.card import Card, Part
from keepwell.health.queries import rollups
from keepwell.health.queries.audience import Judged
from keepwell.health.queries.cards import ScorecardView, VersionView
from keepwell.health.queries.kept_previews import WholeView
from keepwell.health.queries.previews import Flow, Moved, Preview
from keepwell.health.words import side

BANDS = ("red", "yellow", "green", "unknown")
SHOWN = 100


@dataclass(frozen=True)
class CardRow:
    """A scorecard in the list."""

    slug: str
    title: str
    place: int | None
    for_whom: str
    state: str
    accounts: int
    bands: tuple[tuple[str, int], ...]
    earlier: str
    later: str
    without: str
    after: str


@dataclass(frozen=True)
class ListPage:
    """All scorecards."""

    state: str
    cards: tuple[CardRow, ...]
    may_change: bool
    rollups: tuple[Option, ...]
    refused: str = ""


@dataclass(frozen=True)
class PartLine:
    """A measure of a card as it is read."""

    label: str
    metric: str
    href: str
    sentence: str
    weight: str
    share: float
    judged: str
    more: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class GroupLines:
    """The measures of a group; a card without groups has one without a name."""

    label: str
    weight: str
    share: float
    parts: tuple[PartLine, ...]


@dataclass(frozen=True)
class VersionRow:
    """A version in the list of a card."""

    number: int
    state: str
    when: str
    verdict: str
    changes: tuple[str, ...]
    is_in_force: bool
    is_shown: bool
    may_return: bool
    proof: str


@dataclass(frozen=True)
class CardPage:
    """One scorecard: the version that is looked at, whom it judges, its draft, its past."""

    slug: str
    title: str
    state: str
    shown: int
    for_whom: str
    bands: str
    groups: tuple[GroupLines, ...]
    judged: tuple[tuple[str, int, str], ...]
    draft: int | None
    draft_changes: tuple[str, ...]
    versions: tuple[VersionRow, ...]
    may_change: bool


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


def listing(
    cards: Sequence[ScorecardView],
    read: Mapping[str, Card],
    judged: Sequence[Judged],
    *,
    may_change: bool,
    rollup: str,
    refused: str = "",
) -> ListPage:
    """In the order in which they judge."""
    order = [card.slug for card in cards if card.place is not None]
    rows = tuple(_row(card, read.get(card.slug), judged, order) for card in cards)
    options = tuple(Option(slug, title, slug == rollup) for slug, title in rollups.TITLES.items())
    said = (
        f"{words.count(len(order), 'scorecard judges', 'scorecards judge')}; of those that apply to an account the first."
        if order
        else ""
    )
    return ListPage(said or "No scorecard judges anybody yet.", rows, may_change, options, refused)


def _row(view: ScorecardView, card: Card | None, judged: Sequence[Judged], order: list[str]) -> CardRow:
    mine = {one.band: one.accounts for one in judged if one.card == view.slug}
    draft = view.draft
    if view.published is None:
        state = "Draft, never published"
    else:
        state = f"Version {view.published}" + (f", draft {draft.number} beside it" if draft else "")
    place = view.place
    return CardRow(
        slug=view.slug,
        title=view.title,
        place=place,
        for_whom=differences.for_whom(card.applies) if card else "",
        state=state,
        accounts=sum(mine.values()),
        bands=tuple((band, mine[band]) for band in BANDS if band in mine),
        earlier=_swapped(order, place - 2) if place is not None and place > 1 else "",
        later=_swapped(order, place - 1) if place is not None and place < len(order) else "",
        without=" ".join(slug for slug in order if slug != view.slug) if place and len(order) > 1 else "",
        after=" ".join([*order, view.slug]) if place is None and view.published is not None else "",
    )


def _swapped(order: list[str], at: int) -> str:
    """The order with the card at a place and the one after it in each other's."""
    return " ".join([*order[:at], order[at + 1], order[at], *order[at + 2 :]])


def one(
    view: ScorecardView,
    shown: VersionView,
    read: Mapping[int, Card],
    judged: Sequence[Judged],
    *,
    today: date,
    may_change: bool,
) -> CardPage:
    """A card as one of its versions states it."""
    card = read[shown.number]
    place = f"Number {view.place} in the order of those that judge" if view.place else "Judges nobody"
    draft = view.draft
    base = view.published
    return CardPage(
        slug=view.slug,
        title=view.title,
        state=f"{place}. For whom: {differences.for_whom(card.applies)}.",
        shown=shown.number,
        for_whom=differences.for_whom(card.applies),
        bands=f"Healthy {side(card.green)} points, at risk {side(card.red)}; "
        f"told once {card.least_known_percent:g} % is known.",
        groups=_groups(card),
        judged=tuple(
            (one.band, one.accounts, words.short_money(one.arr) if one.arr else "–")
            for one in sorted(judged, key=lambda one: BANDS.index(one.band))
            if one.card == view.slug
        ),
        draft=draft.number if draft else None,
        draft_changes=differences.between(read[base], read[draft.number]) if draft and base else (),
        versions=_versions(view, read, shown.number, today),
        may_change=may_change,
    )


def _groups(card: Card) -> tuple[GroupLines, ...]:
    if not card.groups:
        return (GroupLines("", "", 100.0, tuple(_line(part) for part in card.parts)),)
    return tuple(
        GroupLines(
            group.label,
            f"{group.weight:g}",
            group.weight,
            tuple(_line(part) for part in card.parts if part.group == group.slug),
        )
        for group in card.groups
    )


def _line(part: Part) -> PartLine:
    unit = part.metric.unit
    more = [f"Unknown {differences.MISSING[part.missing]}"] if part.missing != "blind" else []
    if part.since:
        more.append(f"Not trusted when {part.since.title.lower()} is above {part.stale_after_days}")
    more += [f"Exception: {differences.case_words(case, unit)}" for case in part.cases]
    return PartLine(
        part.label,
        part.metric.title,
        reverse("measure", args=(part.metric.slug,)),
        part.metric.sentence,
        f"{part.weight:g}",
        part.weight,
        differences.scale_words(part.scale, unit),
        tuple(more),
        part.source,
    )


def _versions(
    view: ScorecardView, read: Mapping[int, Card], shown: int, today: date
) -> tuple[VersionRow, ...]:
    rows = []
    for place, version in enumerate(view.versions):
        earlier = view.versions[place + 1] if place + 1 < len(view.versions) else None
        changes = differences.between(read[earlier.number], read[version.number]) if earlier else ()
        published, in_force = version.published_at, version.number == view.published
        rows.append(
            VersionRow(
                version.number,
                "Draft" if published is None else "In force" if in_force else "Was in force",
                words.moment(published or version.changed_at, today=today),
                verdict(version.verdict),
                changes,
                in_force,
                version.number == shown,
                published is not None and not in_force,
                proof(version.verdict),
            )
        )
    return tuple(rows)


def verdict(said: Mapping[str, Any] | None) -> str:
    """What its proof said of a version, in a sentence."""
    return str((said or {}).get("sentence", "")) or "Not proven yet"


def proof(said: Mapping[str, Any] | None) -> str:
    """Where that proof stands; nothing without one."""
    number = (said or {}).get("proof")
    return reverse("proof", args=(number,)) if number else ""


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
    rest = found.moving - min(SHOWN, len(found.moved))
    asked = f"{found.asked:,}" + (" that were asked" if found.is_sample else "")
    return PreviewPage(
        slug=view.slug,
        title=view.title,
        number=draft.number,
        seen=draft.changed_at.isoformat(),
        state=f"It would judge {words.count(found.judged, 'customer')} of {asked}; "
        f"{moved} would stand in another band.",
        changes=changes,
        flows=tuple(_flow(flow) for flow in found.flows),
        moved=tuple(_moved(one) for one in found.moved[:SHOWN]),
        more=f"and {rest:,} more" if rest > 0 else "",
        verdict=verdict(draft.verdict),
        proof=proof(draft.verdict),
        sample=_sample(found),
        error=whole.error if whole and found.is_sample else "",
        progress=progress(view.slug, whole) if whole and found.is_sample else None,
        refused=refused,
    )


def _sample(found: Preview) -> str:
    if not found.is_sample:
        return ""
    low, high = found.share
    return (
        f"A sample of {found.asked:,} of {found.accounts:,} customers: all figures here are of these alone. "
        f"Of all of them {low:.1f} to {high:.1f} % would stand in another band, with 95 % certainty."
    )


def progress(slug: str, whole: WholeView) -> Progress | None:
    """How far the preview of all customers is; None when it has ended."""
    if whole.state not in ("queued", "running"):
        return None
    href = reverse("settings-scorecard-preview-progress", args=(slug, whole.preview_id))
    total = whole.steps_total
    far = "Waiting for its turn" if total is None else f"{whole.steps_done:,} of {total:,} customers judged"
    return Progress(whole.steps_done, total, far, href)


def _flow(flow: Flow) -> FlowRow:
    arr = words.short_money(flow.arr) if flow.arr else "–"
    return FlowRow(flow.before, flow.after, f"{flow.accounts:,}", arr, flow.before != flow.after)


def _moved(one: Moved) -> MovedRow:
    before, after = words.points(one.points_before), words.points(one.points_after)
    return MovedRow(one.key, one.name, words.money(one.arr), one.before, one.after, f"{before} → {after}")


def address(slug: str) -> str:
    """Where a card's page stands."""
    return reverse("settings-scorecard", args=(slug,))
