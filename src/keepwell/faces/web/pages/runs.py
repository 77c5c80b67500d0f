"""What the pages of runs of playbooks say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from keepwell.access.roles import ROLES
from keepwell.faces.components import words
from keepwell.kernel import speech
from keepwell.plays.playbook import OUTCOMES
from keepwell.plays.queries.messages import MessageView
from keepwell.plays.queries.runs import RunView, StepView

ENDINGS = {
    "reached": speech.later("Goal reached"),
    "left": speech.later("Ended early"),
    "finished": speech.later("All steps over"),
    "expired": speech.later("Out of time"),
    "cancelled": speech.later("Cancelled"),
}
ORIGINS = {
    "hand": speech.later("by hand"),
    "rule": speech.later("by a rule"),
    "phase": speech.later("by a phase"),
}
STATES = {
    "waiting": speech.later("To come"),
    "open": speech.later("Open"),
    "done": speech.later("Done"),
    "skipped": speech.later("Skipped"),
    "failed": speech.later("Failed"),
}
SENT = {
    "queued": speech.later("Waiting"),
    "sending": speech.later("Being sent"),
    "sent": speech.later("Sent"),
    "failed": speech.later("Given up"),
    "unsure": speech.later("Nobody knows"),
}


@dataclass(frozen=True)
class RunRow:
    """A run in a list: of a playbook it names the account, of an account the playbook."""

    name: str
    href: str
    state: str
    steps: str
    began: str
    why: str


@dataclass(frozen=True)
class StepRow:
    """A step of a run in its timeline."""

    slug: str
    title: str
    is_done: bool
    who: str
    state: str
    when: str
    why: str
    text: str
    receipts: tuple[tuple[str, str], ...]
    task: str
    may_complete: bool
    may_refuse: bool
    may_skip: bool


@dataclass(frozen=True)
class MessageRow:
    """A message of a run, and its tries."""

    id: int
    what: str
    to: str
    state: str
    tries: tuple[tuple[str, str], ...]
    may_replay: bool


@dataclass(frozen=True)
class RunPage:
    """One run."""

    id: int
    title: str
    playbook_href: str
    name: str
    account_href: str
    state: str
    why: str
    steps: tuple[StepRow, ...]
    progress: str
    messages: tuple[MessageRow, ...]
    is_open: bool
    is_paused: bool
    is_cancelled: bool
    may_work: bool


def run_row(run: RunView, *, now: datetime, of_account: bool) -> RunRow:
    """A run in a list."""
    return RunRow(
        run.title if of_account else run.account_name,
        reverse("run", args=(run.id,)),
        state_of(run),
        speech.told("%(done)s of %(n)s", done=run.steps_over, n=run.steps_total),
        words.moment(run.started_at, today=words.local_day(now)),
        "; ".join(run.because),
    )


def state_of(run: RunView) -> str:
    """Whether it goes on, or how it ended."""
    if run.ended_at is not None:
        return speech.told(ENDINGS[run.how])
    return speech.told("Rests") if run.paused_since is not None else speech.told("Going on")


def page(
    run: RunView,
    steps: Sequence[StepView],
    messages: Sequence[MessageView],
    *,
    now: datetime,
    may_work: bool,
) -> RunPage:
    """One run."""
    today = words.local_day(now)
    is_open = run.ended_at is None
    began = speech.told(
        "Version %(number)s, begun %(when)s %(how)s",
        number=run.number,
        when=words.moment(run.started_at, today=today),
        how=(run.started_by and speech.told("by %(name)s", name=run.started_by))
        or speech.told(ORIGINS[run.origin]),
    )
    ended = "" if run.ended_at is None else f" · {words.moment(run.ended_at, today=today)}"
    why = run.ended_because or run.paused_because or run.because
    return RunPage(
        id=run.id,
        title=run.title,
        playbook_href=reverse("playbook", args=(run.playbook,)),
        name=run.account_name,
        account_href=reverse("account", args=(run.account_key,)),
        state=f"{state_of(run)}{ended} · {began}",
        why="; ".join(why),
        steps=tuple(_step(step, now=now, may_work=may_work and is_open) for step in steps),
        progress=speech.told("%(done)s of %(n)s over", done=run.steps_over, n=run.steps_total),
        messages=tuple(_message(one, now=now, may_work=may_work) for one in messages),
        is_open=is_open,
        is_paused=run.paused_since is not None,
        is_cancelled=run.how == "cancelled",
        may_work=may_work,
    )


def _step(step: StepView, *, now: datetime, may_work: bool) -> StepRow:
    today = words.local_day(now)
    is_open = step.state == "open" and step.task_id is not None
    when = {"open": step.due_at, "waiting": step.begins_at}.get(step.state, step.ended_at)
    said = {"open": speech.told("due %(day)s"), "waiting": speech.told("from %(day)s")}.get(
        step.state, "%(day)s"
    )
    state = speech.told(STATES[step.state])
    if step.outcome and step.outcome not in ("done", "failed"):
        state = words.spoken(speech.told(OUTCOMES.get(step.outcome, step.outcome)))
    who = step.owner or (ROLES[step.role].title if step.role else "")
    return StepRow(
        slug=step.slug,
        title=step.title,
        is_done=step.state in ("done", "skipped"),
        who=speech.told("%(who)s, said %(by)s", who=who, by=step.by) if step.by and step.by != who else who,
        state=state,
        when="" if when is None else said % {"day": words.moment(when, today=today)},
        why="; ".join(step.because),
        text=str(step.said.get("text", "")),
        receipts=tuple((str(one["field"]), str(one["value"])) for one in step.receipts),
        task="" if step.task_id is None else reverse("task", args=(step.task_id,)),
        may_complete=may_work and is_open,
        may_refuse=may_work and is_open and step.kind == "approval",
        may_skip=may_work and step.state in ("open", "waiting"),
    )


def _message(one: MessageView, *, now: datetime, may_work: bool) -> MessageRow:
    today = words.local_day(now)
    tries = [
        (words.moment(attempt.at, today=today), attempt.error or str(attempt.status or speech.told("Sent")))
        for attempt in one.attempts
    ]
    return MessageRow(
        one.id,
        one.subject or words.spoken(one.step),
        one.recipient or one.channel,
        speech.told(SENT[one.state]),
        tuple(tries),
        may_work and one.state in ("sent", "failed", "unsure"),
    )
