"""Reads of the dead letter: what was not taken, by reason, and what was done about it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet, TextField
from django.db.models.functions import Cast

from keepwell.access.scopes import Scope
from keepwell.intake import models
from keepwell.intake.chosen import CALLS, Chosen
from keepwell.intake.queries.batches import RejectionView, view_of
from keepwell.kernel import errors
from keepwell.ledger.queries import identity

AT_ONCE = 1000
MOST_ABOUT = 20_000


@dataclass(frozen=True)
class GroupView:
    """Open rejections of one reason."""

    why: str
    count: int
    subjects: int
    latest_at: datetime


@dataclass(frozen=True)
class SubjectView:
    """Open rejections of one reason that name the same value."""

    about: str
    count: int


@dataclass(frozen=True)
class DeedView:
    """Something that was done about a rejection: mended, dismissed, taken up again, replayed, refused again."""

    deed: str
    by: str
    through: str
    at: datetime
    note: str


def rows(chosen: Chosen) -> QuerySet[models.Rejection]:
    """The rows that a choice means, for actions; those of dry runs never."""
    chosen = chosen.checked()
    found = models.Rejection.objects.filter(state=chosen.state)
    exact = {
        "why": chosen.why,
        "about": chosen.about,
        "source__slug": chosen.source,
        "batch_id": chosen.batch_id,
        "batch__kind": chosen.kind if chosen.kind != CALLS else "",
    }
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if chosen.kind == CALLS:
        found = found.filter(batch=None)
    if chosen.ids:
        found = found.filter(pk__in=chosen.ids)
    if chosen.known_now:
        found = found.filter(why="account-unknown", about__in=_known_now(found))
    if chosen.text:
        found = found.annotate(said=Cast("content", TextField())).filter(
            Q(reason__icontains=chosen.text)
            | Q(said__icontains=chosen.text)
            | Q(message_id__icontains=chosen.text)
        )
    return found


def _known_now(found: QuerySet[models.Rejection]) -> list[str]:
    unknown = found.filter(why="account-unknown").order_by().values_list("about", flat=True).distinct()
    return list(identity.resolve(unknown[:MOST_ABOUT]))


def groups(*, chosen: Chosen, seen_by: Scope) -> tuple[GroupView, ...]:
    """The chosen rejections by reason, the most frequent first. One query."""
    if not seen_by.may("data.import"):
        return ()
    found = (
        rows(chosen)
        .order_by()
        .values("why")
        .annotate(n=Count("pk"), subjects=Count("about", distinct=True), latest=Max("received_at"))
        .order_by("-n", "why")
    )
    return tuple(GroupView(row["why"], row["n"], row["subjects"], row["latest"]) for row in found)


def subjects(*, chosen: Chosen, seen_by: Scope, limit: int = 8) -> tuple[SubjectView, ...]:
    """What the chosen rejections of one reason are about, the most frequent first. One query."""
    if not seen_by.may("data.import"):
        return ()
    found = rows(chosen).exclude(about="").order_by().values("about").annotate(n=Count("pk"))
    return tuple(SubjectView(row["about"], row["n"]) for row in found.order_by("-n", "about")[:limit])


def count(*, chosen: Chosen, seen_by: Scope) -> int:
    """How many are chosen. One query, two when accounts that are known by now matter."""
    return rows(chosen).count() if seen_by.may("data.import") else 0


def listed(
    *, chosen: Chosen, seen_by: Scope, before: int | None = None, limit: int = 100
) -> tuple[RejectionView, ...]:
    """The chosen rejections, the latest first; `before` is the id of the last one seen. One query."""
    if not seen_by.may("data.import"):
        return ()
    found = rows(chosen).select_related("source", "batch").order_by("-pk")
    if before is not None:
        found = found.filter(pk__lt=before)
    return tuple(view_of(row) for row in found[:limit])


def each(*, chosen: Chosen, seen_by: Scope) -> Iterator[RejectionView]:
    """All chosen rejections in the order they came, a thousand at a time."""
    seen_by.require("data.import")
    found = rows(chosen).select_related("source", "batch").order_by("pk")
    last = 0
    while batch := list(found.filter(pk__gt=last)[:AT_ONCE]):
        yield from map(view_of, batch)
        last = batch[-1].pk


def columns(*, chosen: Chosen, seen_by: Scope) -> tuple[str, ...]:
    """The columns of the imports that the chosen rows come from, in their order. One query."""
    if not seen_by.may("data.import"):
        return ()
    found = models.Batch.objects.filter(pk__in=rows(chosen).exclude(batch=None).values("batch")).order_by(
        "pk"
    )
    named = dict.fromkeys(name for columns in found.values_list("columns", flat=True) for name in columns)
    return tuple(named)


def find(*, rejection_id: int, seen_by: Scope) -> RejectionView:
    """One rejection. One query."""
    if seen_by.may("data.import"):
        found = models.Rejection.objects.exclude(state="rehearsed").select_related("source", "batch")
        if (row := found.filter(pk=rejection_id).first()) is not None:
            return view_of(row)
    raise errors.NotFound("There is no rejection %(rejection_id)s.", rejection_id=rejection_id)


def history(*, rejection_id: int, seen_by: Scope) -> tuple[DeedView, ...]:
    """What was done about a rejection, the latest first. Three queries."""
    find(rejection_id=rejection_id, seen_by=seen_by)
    mine = {"rejection": rejection_id}
    said: list[tuple[int, DeedView]] = []
    for mending in models.Mending.objects.filter(**mine).select_related("by"):
        said.append((1, _deed("mended", mending, mending.at, "")))
    for dismissal in models.Dismissal.objects.filter(**mine).select_related("by"):
        said.append((0, _deed("dismissed", dismissal, dismissal.at, dismissal.note)))
        if dismissal.until is not None:
            said.append((2, DeedView("taken up again", "", "", dismissal.until, "")))
    tried = models.Attempt.objects.filter(**mine).exclude(at=None).select_related("replay__by")
    for attempt in tried:
        refused = attempt.outcome in ("rejected", "conflict")
        deed = "refused again" if refused else f"replayed: {attempt.outcome}"
        assert attempt.at is not None
        said.append((3, _deed(deed, attempt.replay, attempt.at, attempt.reason)))
    return tuple(deed for _, deed in sorted(said, key=lambda pair: (pair[1].at, pair[0]), reverse=True))


def first_content(*, rejection_id: int, seen_by: Scope) -> Mapping[str, Any]:
    """What a rejection said when it came, before anybody mended it. Two queries."""
    now = find(rejection_id=rejection_id, seen_by=seen_by).content
    first = models.Mending.objects.filter(rejection=rejection_id).order_by("pk").first()
    return now if first is None else first.before


def _deed(deed: str, row: Any, at: datetime, note: str) -> DeedView:
    return DeedView(deed, str(row.by or ""), row.through, at, note)


@dataclass(frozen=True)
class ReplayView:
    """A replay: of what, how far, with what outcome."""

    replay_id: int
    chosen: Chosen
    state: str
    total: int
    done: int
    taken: int
    refused: int
    error: str
    by: str
    asked_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True)
class AttemptView:
    """One rejection's verdict in a replay."""

    rejection_id: int
    outcome: str
    reason: str


def replay(*, replay_id: int, seen_by: Scope) -> ReplayView:
    """One replay. One query."""
    if seen_by.may("data.import"):
        found = models.Replay.objects.select_related("by").filter(pk=replay_id).first()
        if found is not None:
            return ReplayView(
                found.pk, Chosen.of(found.chosen), found.state, found.total, found.done, found.taken,
                found.refused, found.error, str(found.by or found.through), found.asked_at, found.started_at,
                found.finished_at,
            )  # fmt: skip
    raise errors.NotFound("There is no replay %(replay_id)s.", replay_id=replay_id)


def attempts(
    *, replay_id: int, seen_by: Scope, refused: bool | None = None, offset: int = 0, limit: int = 100
) -> tuple[AttemptView, ...]:
    """The verdicts of a replay in the order of its rows; only the refused ones, or only the others, when asked."""
    replay(replay_id=replay_id, seen_by=seen_by)
    found = models.Attempt.objects.filter(replay=replay_id).exclude(outcome="").order_by("pk")
    if refused is not None:
        found = getattr(found, "filter" if refused else "exclude")(outcome__in=("rejected", "conflict"))
    outcomes = found.values_list(F("rejection"), "outcome", "reason")
    return tuple(AttemptView(*row) for row in outcomes[offset : offset + limit])


def unfinished_replays() -> tuple[int, ...]:
    """The replays that are queued or under way, or were when their worker was killed. One query."""
    found = models.Replay.objects.filter(state__in=("queued", "running")).order_by("pk")
    return tuple(found.values_list("pk", flat=True))


def named_columns(views: Sequence[RejectionView]) -> tuple[str, ...]:
    """The columns that some rejections have, in the order they are met."""
    return tuple(dict.fromkeys(name for view in views for name in view.content))
