"""The dead letter over the REST API: read by reason, mend, send in again, put aside."""

from datetime import datetime
from typing import Annotated, Any

from ninja import Query, Router, Schema, Status

from keepwell.faces import clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import Problem
from keepwell.faces.jobs import tasks
from keepwell.intake import reasons
from keepwell.intake.actions import mending, replays
from keepwell.intake.chosen import Chosen
from keepwell.intake.queries import rejections
from keepwell.intake.queries.batches import RejectionView
from keepwell.intake.queries.rejections import ReplayView

router = Router()

PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
MOST_ID = 2**63 - 1
Number = Annotated[int, Query(ge=1, le=MOST_ID)]


class ChosenIn(Schema):
    """Which rejections are meant; what is left out does not narrow. `reason` is a slug, `about` the value it names."""

    state: str = "open"
    reason: str = ""
    about: str = ""
    source: str = ""
    import_id: Annotated[int, Query(ge=1, le=MOST_ID)] | None = None
    kind: str = ""
    text: str = ""
    known_now: bool = False
    ids: Annotated[list[Annotated[int, Query(ge=1, le=MOST_ID)]], Query(max_length=10_000)] = []

    def chosen(self) -> Chosen:
        """The choice."""
        return Chosen(
            self.state.replace("\x00", ""), self.reason, self.about.replace("\x00", ""),
            self.source.replace("\x00", ""), self.import_id, self.kind, self.text.replace("\x00", ""),
            self.known_now, tuple(self.ids),
        ).checked()  # fmt: skip


class DeadLetterOut(Schema):
    """A row or call that was not taken."""

    id: int
    source: str
    kind: str
    import_id: int | None
    row: int | None
    message_id: str
    verdict: str
    reason: str
    reason_slug: str
    about: str
    content: dict[str, Any]
    state: str
    received_at: datetime


class ReasonOut(Schema):
    """Rejections of one reason."""

    slug: str
    title: str
    advice: str
    count: int
    different_values: int
    latest_at: datetime


class MendIn(Schema):
    """The cells of a row by column, or the whole of a call."""

    content: dict[str, Any]


class ReplayIn(ChosenIn):
    """Which to send in again; `set_column` is set to `set_value` in each of them first."""

    set_column: str = ""
    set_value: str = ""


class DismissIn(ChosenIn):
    """Which to put aside, and why they can be left."""

    note: str = ""


class DismissedOut(Schema):
    """How many were put aside."""

    dismissed: int


class AttemptOut(Schema):
    """One rejection's verdict."""

    rejection_id: int
    outcome: str
    reason: str


class ReplayOut(Schema):
    """A replay: how far, with what outcome."""

    id: int
    state: str
    total: int
    done: int
    taken: int
    refused: int
    error: str


@router.get("", response={200: list[DeadLetterOut], **PROBLEMS})
def list_rejections(
    request: Asked,
    state: str = "open",
    reason: str = "",
    about: str = "",
    source: str = "",
    import_id: Number | None = None,
    kind: str = "",
    text: str = "",
    before: Number | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> list[DeadLetterOut]:
    """Rejections, the latest first; `before` is the id of the last one seen."""
    request.auth.require("data.import")
    chosen = ChosenIn(
        state=state, reason=reason, about=about, source=source, import_id=import_id, kind=kind, text=text
    ).chosen()
    found = rejections.listed(chosen=chosen, seen_by=request.auth, before=before, limit=limit)
    return [_out(view) for view in found]


@router.get("/reasons", response={200: list[ReasonOut], **PROBLEMS})
def list_reasons(request: Asked, source: str = "", import_id: Number | None = None) -> list[ReasonOut]:
    """Open rejections by reason, the most frequent first."""
    request.auth.require("data.import")
    chosen = ChosenIn(source=source, import_id=import_id).chosen()
    return [
        ReasonOut(
            slug=group.why, title=reasons.find(group.why).title, advice=reasons.find(group.why).advice,
            count=group.count, different_values=group.subjects, latest_at=group.latest_at,
        )
        for group in rejections.groups(chosen=chosen, seen_by=request.auth)
    ]  # fmt: skip


@router.post("/replays", response={202: ReplayOut, **PROBLEMS})
def start_replay(request: Asked, which: ReplayIn) -> Status[ReplayOut]:
    """Send the chosen ones in again; few at once, many in a job."""
    chosen, at = which.chosen(), clock.now()
    request.auth.require("data.import")
    if which.set_column:
        mending.set_column(
            chosen=chosen, column=which.set_column, value=which.set_value, by=request.auth, at=at
        )
    replay_id = replays.start(chosen=chosen, by=request.auth, at=at)
    view = rejections.replay(replay_id=replay_id, seen_by=request.auth)
    if view.total <= replays.INLINE:
        replays.run(replay_id=replay_id, at=at)
        view = rejections.replay(replay_id=replay_id, seen_by=request.auth)
        if view.taken:
            tasks.nudge()
    else:
        tasks.run_replay.defer(replay_id=replay_id)
    return Status(202, _replay(view))


@router.get("/replays/{int:replay_id}", response={200: ReplayOut, **PROBLEMS})
def get_replay(request: Asked, replay_id: int) -> ReplayOut:
    """How far a replay is."""
    return _replay(rejections.replay(replay_id=replay_id, seen_by=request.auth))


@router.get("/replays/{int:replay_id}/verdicts", response={200: list[AttemptOut], **PROBLEMS})
def get_verdicts(
    request: Asked,
    replay_id: int,
    offset: Annotated[int, Query(ge=0, le=1_000_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> list[AttemptOut]:
    """The verdict of each rejection of a replay."""
    found = rejections.attempts(replay_id=replay_id, seen_by=request.auth, offset=offset, limit=limit)
    return [AttemptOut.from_orm(attempt) for attempt in found]


@router.post("/dismissals", response={200: DismissedOut, **PROBLEMS})
def dismiss(request: Asked, which: DismissIn) -> DismissedOut:
    """Put the chosen ones aside."""
    note = which.note.replace("\x00", "")
    count = mending.dismiss(chosen=which.chosen(), note=note, by=request.auth, at=clock.now())
    return DismissedOut(dismissed=count)


@router.get("/{int:rejection_id}", response={200: DeadLetterOut, **PROBLEMS})
def get_rejection(request: Asked, rejection_id: int) -> DeadLetterOut:
    """One rejection."""
    return _out(rejections.find(rejection_id=rejection_id, seen_by=request.auth))


@router.patch("/{int:rejection_id}", response={200: DeadLetterOut, **PROBLEMS})
def mend(request: Asked, rejection_id: int, change: MendIn) -> DeadLetterOut:
    """Change what a replay will send."""
    mending.mend(rejection_id=rejection_id, content=change.content, by=request.auth, at=clock.now())
    return _out(rejections.find(rejection_id=rejection_id, seen_by=request.auth))


@router.delete("/{int:rejection_id}/dismissal", response={200: DeadLetterOut, **PROBLEMS})
def reopen(request: Asked, rejection_id: int) -> DeadLetterOut:
    """Take a dismissed rejection up again."""
    mending.reopen(rejection_id=rejection_id, by=request.auth, at=clock.now())
    return _out(rejections.find(rejection_id=rejection_id, seen_by=request.auth))


def _out(view: RejectionView) -> DeadLetterOut:
    return DeadLetterOut.from_orm(
        {**vars(view), "id": view.rejection_id, "import_id": view.batch_id, "reason_slug": view.why}
    )


def _replay(view: ReplayView) -> ReplayOut:
    return ReplayOut.from_orm({**vars(view), "id": view.replay_id})
