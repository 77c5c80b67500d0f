"""Playbooks over the REST API: say one, publish it, start it for an account, carry its runs on."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpResponse
from ninja import Router, Schema, Status

from keepwell.faces import clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import MoneyOut, Problem
from keepwell.faces.jobs import tasks
from keepwell.kernel.money import Money
from keepwell.plays.actions import dry_runs as dry_deeds
from keepwell.plays.actions import playbooks as deeds
from keepwell.plays.queries import dry_runs, playbooks, results

router = Router()
PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
MOST = 200


class PlaybookDefinition(Schema):
    """What a playbook says; conditions are as segments have them.

    `starts` has rules, phases, applies and again_after_days; `goal`, `exit` and `pauses` are conditions. Each step has slug,
    title, kind, role, after (steps, or "step:outcome"), day (working days until it begins), days (that it takes), when, and
    what its kind needs; a wait and a branch have `asks`.
    """

    sentence: str = ""
    starts: dict[str, Any] = {}
    goal: dict[str, Any] | None = None
    exit: dict[str, Any] | None = None
    pauses: dict[str, Any] | None = None
    most_days: int = 365
    steps: list[dict[str, Any]]


class PlaybookIn(Schema):
    """A playbook's title and definition."""

    title: str
    definition: PlaybookDefinition


class ShareOut(Schema):
    """A share with its 95 % interval."""

    share: float
    low: float
    high: float


class PlaybookOut(Schema):
    """A playbook and its runs among the accounts that the token's owner may see.

    `running` are open, `ended` over by themselves, `reached` those of them whose goal was reached: `share` of them, of which no
    effect is claimed. `number` is the version in force.
    """

    slug: str
    title: str
    sentence: str
    definition: dict[str, Any]
    active: bool
    number: int | None
    draft: int | None
    running: int
    ended: int
    reached: int
    cancelled: int
    share: ShareOut | None


class PlaybookVersionOut(Schema):
    """One state of a playbook; a draft while `published_at` is null."""

    number: int
    definition: dict[str, Any]
    changed_at: datetime
    published_at: datetime | None


class PlaybookNumberOut(Schema):
    """The number of a version."""

    number: int


class PlaybookPublishIn(Schema):
    """Which version; `changed_at` refuses it when somebody edited the draft since."""

    number: int
    changed_at: datetime | None = None


class PlaybookRollBackIn(Schema):
    """Which earlier version is published anew."""

    number: int


class RunIn(Schema):
    """Which playbook is started for which account, and why; the same `key` starts it once."""

    playbook: str
    account: str
    because: str = ""
    key: str = ""


class RunIdOut(Schema):
    """The number of a run."""

    id: int


class RunOut(Schema):
    """A run of a playbook, open while `ended_at` is null; `how` it ended: reached, left, finished, expired or cancelled."""

    id: int
    playbook: str
    title: str
    number: int
    account: str
    name: str
    origin: Literal["hand", "rule", "phase"]
    started_by: str
    because: list[str]
    started_at: datetime
    paused_since: datetime | None
    paused_because: list[str]
    ended_at: datetime | None
    how: str
    ended_because: list[str]
    ended_by: str
    steps_over: int
    steps_total: int


class RunPage(Schema):
    """Some runs, the latest first; ask again with `before` = `next` until `next` is null."""

    items: list[RunOut]
    next: int | None


class RunStepOut(Schema):
    """A step as it stands. `said` are its texts as they were filled, `receipts` the facts that stand in them."""

    slug: str
    title: str
    kind: str
    role: str
    state: Literal["waiting", "open", "done", "skipped", "failed"]
    outcome: str
    begins_at: datetime | None
    due_at: datetime | None
    ended_at: datetime | None
    because: list[str]
    by: str
    owner: str
    task_id: int | None
    message_id: int | None
    said: dict[str, Any]
    receipts: list[dict[str, Any]]


class RunWithSteps(RunOut):
    """A run with its steps."""

    steps: list[RunStepOut]


class WhyIn(Schema):
    """Why."""

    because: str


class StepDeedIn(Schema):
    """What is done with a step: complete (or approve), refuse or skip; the latter two say why."""

    deed: Literal["complete", "refuse", "skip"]
    because: str = ""


class DryRunIn(Schema):
    """For which account, and from which day on; the draft if `draft`, else what is in force."""

    account: str
    since: date
    draft: bool = False


class DryRunOut(Schema):
    """What a playbook would have done, day by day as known then; `found` is null until it is done."""

    id: int
    playbook: str
    account: str
    since: date
    state: Literal["queued", "running", "done", "failed"]
    error: str
    found: dict[str, Any] | None


class StepCountOut(Schema):
    """What became of one step over all runs; `outcomes` are how it ended where it was done, by how often."""

    slug: str
    title: str
    done: int
    outcomes: dict[str, int]
    going: int
    skipped: int
    failed: int


class WentOut(Schema):
    """A run, and by how much the account's ARR moved from the day on which it began to that on which it ended."""

    run: int
    account: str
    name: str
    started_at: datetime
    ended_at: datetime | None
    how: str
    moved: MoneyOut | None


class PlaybookResultsOut(Schema):
    """What came while runs went, among the accounts that the token's owner may see; no effect is claimed."""

    playbook: str
    since: date | None
    ended: int
    reached: int
    cancelled: int
    share: ShareOut | None
    steps: list[StepCountOut]
    grew: int
    shrank: int
    unrated: int
    grown: MoneyOut | None
    shrunk: MoneyOut | None
    runs: list[WentOut]


@router.get("/playbooks", response={200: list[PlaybookOut], 401: Problem})
def list_playbooks(request: Asked) -> list[PlaybookOut]:
    """All playbooks by title, resting ones last."""
    return [PlaybookOut.from_orm(one) for one in playbooks.everything(seen_by=request.auth)]


@router.get("/playbooks/{slug}", response={200: PlaybookOut, 401: Problem, 404: Problem})
def get_playbook(request: Asked, slug: str) -> PlaybookOut:
    """One playbook."""
    return PlaybookOut.from_orm(playbooks.find(slug=slug, seen_by=request.auth))


@router.get(
    "/playbooks/{slug}/versions", response={200: list[PlaybookVersionOut], 401: Problem, 404: Problem}
)
def list_playbook_versions(request: Asked, slug: str) -> list[PlaybookVersionOut]:
    """All versions of a playbook, the newest first."""
    playbooks.find(slug=slug, seen_by=request.auth)
    return [PlaybookVersionOut.from_orm(one) for one in playbooks.versions(slug=slug)]


@router.get("/playbooks/{slug}/results", response={200: PlaybookResultsOut, **PROBLEMS})
def get_playbook_results(request: Asked, slug: str, since: date | None = None) -> PlaybookResultsOut:
    """How far the steps of its runs got, and how ARR moved meanwhile; of runs begun since a day."""
    found = results.find(slug=slug, since=since, seen_by=request.auth, at=clock.now())
    return PlaybookResultsOut(
        playbook=slug,
        since=found.since,
        ended=found.ended,
        reached=found.reached,
        cancelled=found.cancelled,
        share=None if found.share is None else ShareOut.from_orm(found.share),
        steps=[StepCountOut(**{**vars(one), "outcomes": dict(one.outcomes)}) for one in found.steps],
        grew=found.grew,
        shrank=found.shrank,
        unrated=found.unrated,
        grown=_money(found.grown),
        shrunk=_money(found.shrunk),
        runs=[
            WentOut(
                run=one.run,
                account=one.account_key,
                name=one.account_name,
                started_at=one.started_at,
                ended_at=one.ended_at,
                how=one.how,
                moved=_money(one.moved),
            )
            for one in found.runs
        ],
    )


def _money(amount: Money | None) -> MoneyOut | None:
    return None if amount is None else MoneyOut.from_orm(amount)


@router.put("/playbooks/{slug}/draft", response={200: PlaybookNumberOut, **PROBLEMS})
def put_playbook_draft(request: Asked, slug: str, told: PlaybookIn) -> PlaybookNumberOut:
    """Save the draft; it is edited in place until it is published."""
    said = told.definition.dict(exclude_none=True)
    saved = deeds.save(slug=slug, title=told.title, definition=said, by=request.auth, at=clock.now())
    return PlaybookNumberOut(number=saved.number)


@router.delete("/playbooks/{slug}/draft", response={204: None, **PROBLEMS})
def delete_playbook_draft(request: Asked, slug: str) -> HttpResponse:
    """Throw the draft away."""
    deeds.discard(slug=slug, by=request.auth, at=clock.now())
    return HttpResponse(status=204)


@router.post("/playbooks/{slug}/publication", response={204: None, **PROBLEMS})
def publish_playbook(request: Asked, slug: str, told: PlaybookPublishIn) -> HttpResponse:
    """Put a version in force for what starts from now on."""
    deeds.publish(slug=slug, number=told.number, seen=told.changed_at, by=request.auth, at=clock.now())
    return HttpResponse(status=204)


@router.post("/playbooks/{slug}/rollback", response={200: PlaybookNumberOut, **PROBLEMS})
def roll_playbook_back(request: Asked, slug: str, told: PlaybookRollBackIn) -> PlaybookNumberOut:
    """Publish what an earlier version said, as a new version."""
    version = deeds.roll_back(slug=slug, number=told.number, by=request.auth, at=clock.now())
    return PlaybookNumberOut(number=version.number)


@router.put("/playbooks/{slug}/rest", response={204: None, **PROBLEMS})
def rest_playbook(request: Asked, slug: str) -> HttpResponse:
    """Let nothing start it any more; what runs goes on."""
    deeds.rest(slug=slug, by=request.auth, at=clock.now())
    return HttpResponse(status=204)


@router.delete("/playbooks/{slug}/rest", response={204: None, **PROBLEMS})
def wake_playbook(request: Asked, slug: str) -> HttpResponse:
    """Let it start again."""
    deeds.wake(slug=slug, by=request.auth, at=clock.now())
    return HttpResponse(status=204)


@router.post("/playbooks/{slug}/dry-runs", response={202: DryRunOut, **PROBLEMS})
def dry_run_playbook(request: Asked, slug: str, told: DryRunIn) -> Status[DryRunOut]:
    """Ask what it would have done for an account from a past day on; nothing is done."""
    found = dry_deeds.ask(
        slug=slug, account=told.account, since=told.since, draft=told.draft, by=request.auth, at=clock.now()
    )
    tasks.dry_run(found)
    return Status(202, DryRunOut.from_orm(dry_runs.find(dry_run_id=found, seen_by=request.auth)))


@router.get("/playbooks/dry-runs/{dry_run_id}", response={200: DryRunOut, 401: Problem, 404: Problem})
def get_playbook_dry_run(request: Asked, dry_run_id: int) -> DryRunOut:
    """A dry run and what it found."""
    return DryRunOut.from_orm(dry_runs.find(dry_run_id=dry_run_id, seen_by=request.auth))
