"""What the pages of scorecards say: the list in its order, one card with its versions, and what a draft would change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.components.marks import Option
from keepwell.health import differences
from keepwell.health.card import Card, Part
from keepwell.health.queries import rollups
from keepwell.health.queries.audience import Judged
from keepwell.health.queries.cards import ScorecardView, VersionView
from keepwell.health.words import side
from keepwell.kernel import speech

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
        speech.told(
            "%(scorecards_judge)s; of those that apply to an account the first.",
            scorecards_judge=words.count(len(order), "scorecard judges", "scorecards judge"),
        )
        if order
        else ""
    )
    return ListPage(
        said or speech.told("No scorecard judges anybody yet."), rows, may_change, options, refused
    )


def _row(view: ScorecardView, card: Card | None, judged: Sequence[Judged], order: list[str]) -> CardRow:
    mine = {one.band: one.accounts for one in judged if one.card == view.slug}
    draft = view.draft
    if view.published is None:
        state = speech.told("Draft, never published")
    else:
        state = speech.told("Version %(published)s", published=view.published) + (
            speech.told(", draft %(number)s beside it", number=draft.number) if draft else ""
        )
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
    place = (
        speech.told("Number %(place)s in the order of those that judge", place=view.place)
        if view.place
        else speech.told("Judges nobody")
    )
    draft = view.draft
    base = view.published
    return CardPage(
        slug=view.slug,
        title=view.title,
        state=speech.told(
            "%(place)s. For whom: %(for_whom)s.", place=place, for_whom=differences.for_whom(card.applies)
        ),
        shown=shown.number,
        for_whom=differences.for_whom(card.applies),
        bands=speech.told(
            "Healthy %(side)s points, at risk %(side2)s; told once %(least_known_percent)s %% is known.",
            side=side(card.green),
            side2=side(card.red),
            least_known_percent=words.plain(card.least_known_percent),
        ),
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
    more = (
        [speech.told("Unknown %(missing)s", missing=differences.MISSING[part.missing])]
        if part.missing != "blind"
        else []
    )
    if part.since:
        more.append(
            speech.told(
                "Not trusted when %(title)s is above %(stale_after_days)s",
                title=part.since.title.lower(),
                stale_after_days=part.stale_after_days,
            )
        )
    more += [
        speech.told("Exception: %(case_words)s", case_words=differences.case_words(case, unit))
        for case in part.cases
    ]
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
                speech.told("Draft")
                if published is None
                else speech.told("In force")
                if in_force
                else speech.told("Was in force"),
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
    return str((said or {}).get("sentence", "")) or speech.told("Not proven yet")


def proof(said: Mapping[str, Any] | None) -> str:
    """Where that proof stands; nothing without one."""
    number = (said or {}).get("proof")
    return reverse("proof", args=(number,)) if number else ""


def address(slug: str) -> str:
    """Where a card's page stands."""
    return reverse("settings-scorecard", args=(slug,))
