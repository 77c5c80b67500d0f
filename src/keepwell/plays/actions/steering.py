"""Carry one run on, whose row is locked: absorb what was done, pause, end, let the steps begin whose turn has come."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from keepwell.access.queries import decisions
from keepwell.hooks import registry
from keepwell.hooks.steps import Begun, StepAsked
from keepwell.ledger.models import Ownership
from keepwell.plays import models
from keepwell.plays.actions.telling import tell
from keepwell.plays.formulas import running, texts
from keepwell.plays.formulas.running import OVER, Move, Stands, Truth
from keepwell.plays.playbook import Declared
from keepwell.plays.queries import truths

Told = Mapping[str, Truth]
UNKNOWN = Truth(None)


class Steering:
    """One run in hand, whose row is locked."""

    def __init__(self, run: models.Run, playbook: Declared, told: Told, at: datetime) -> None:
        self.run, self.playbook, self.told, self.at = run, playbook, told, at
        self.rows = {row.slug: row for row in models.RunStep.objects.filter(run=run).order_by("place")}

    def carry(self) -> None:
        """Bring it to where it should stand now."""
        self._absorb()
        if self._rests() or self._is_ended():
            return
        while (move := self._next()) is not None:
            self._make(move)
        if running.is_over(self.playbook, self._stands()):
            end(self.run, "finished", (), at=self.at)
            return
        self._note_next()

    def _told(self, name: str) -> Truth:
        return self.told.get(name, UNKNOWN)

    def _stands(self) -> dict[str, Stands]:
        return {
            slug: Stands(row.state, row.outcome, row.begins_at, row.due_at, row.ended_at)  # type: ignore[arg-type]
            for slug, row in self.rows.items()
        }

    def _absorb(self) -> None:
        """What people did with tasks and what became of messages since the last look."""
        done = models.TaskCompletion.objects.filter(task__play_step__run=self.run)
        completed = {row.task_id: row for row in done}
        sent = {row.step_id: row for row in models.Message.objects.filter(step__run=self.run)}
        for row in self.rows.values():
            if row.state == "open" and row.task_id in completed:
                completion = completed[row.task_id]
                usual = registry.steps()[self.playbook.step(row.slug).kind].outcomes[0]
                self._over(row, "done", usual, completion.at, by_id=completion.by_id)
            elif row.state == "open" and row.pk in sent and sent[row.pk].ended_at is not None:
                state = sent[row.pk].state
                outcome = "sent" if state == "sent" else "failed"
                self._over(
                    row, "done" if outcome == "sent" else "failed", outcome, sent[row.pk].ended_at or self.at
                )
            elif row.state == "done" and row.task_id is not None and row.task_id not in completed:
                self._write(row, state="open", outcome="", ended_at=None, by_id=None)

    def _rests(self) -> bool:
        """Whether it is paused, by hand or because its condition holds."""
        pause = models.RunPause.objects.filter(run=self.run, until=None).first()
        told = self._told("pauses")
        if pause is None and told.holds:
            models.RunPause.objects.create(run=self.run, since=self.at, because=list(told.because))
        elif pause is not None and not pause.by_hand and not told.holds:
            resume(pause, at=self.at)
            self.rows = {
                row.slug: row for row in models.RunStep.objects.filter(run=self.run).order_by("place")
            }
            return False
        elif pause is None:
            return False
        models.Run.objects.filter(pk=self.run.pk).update(next_at=None, looked_at=self.at)
        return True

    def _is_ended(self) -> bool:
        for name, how in (("exit", "left"), ("goal", "reached")):
            if self._told(name).holds:
                end(self.run, how, self._told(name).because, at=self.at)
                return True
        if self.at >= self._expires():
            end(self.run, "expired", (), at=self.at)
            return True
        return False

    def _expires(self) -> datetime:
        return self.run.started_at + timedelta(days=self.playbook.most_days)

    def _next(self) -> Move | None:
        return running.next_move(
            self.playbook,
            self._stands(),
            started_at=self.run.started_at,
            at=self.at,
            truths=self._told,
            is_automatic=lambda kind: registry.steps()[kind].is_automatic,
            calendar=decisions.company().calendar,
        )

    def _make(self, move: Move) -> None:
        row, to = self.rows[move.step.slug], move.to
        if to.state == "open":
            self._begin(row, move)
        elif to.state in OVER:
            self._over(row, to.state, to.outcome, self.at, because=move.because, begins_at=to.begins_at)
        else:
            self._write(row, begins_at=to.begins_at)

    def _begin(self, row: models.RunStep, move: Move) -> None:
        step, to = move.step, move.to
        self._write(
            row,
            state="open",
            begins_at=to.begins_at,
            began_at=self.at,
            due_at=to.due_at,
            because=list(move.because),
        )
        if step.is_flow:
            return
        kind = registry.steps()[step.kind]
        asked = self._asked(row, kind.texts)
        if kind.is_automatic and asked.unfilled:
            begun = Begun("failed", f"Not known: {', '.join(asked.unfilled)}")
        else:
            begun = kind.begin(asked)
            row.refresh_from_db(fields=["task"])
        if begun.outcome:
            state = "failed" if begun.outcome == "failed" else "done"
            self._over(row, state, begun.outcome, self.at, because=(begun.because,) if begun.because else ())

    def _asked(self, row: models.RunStep, keys: Sequence[str]) -> StepAsked:
        """The step with its texts filled, whose facts are kept with it as receipts."""
        step, run = self.playbook.step(row.slug), self.run
        said, names = dict(step.said), [step.title, *(str(step.said.get(key, "")) for key in keys)]
        asked = {name for text in names for name in texts.fields(text)}
        known = (
            truths.facts(asked, account=run.account, playbook=run.playbook.title, day=truths.current(self.at))
            if asked
            else {}
        )
        words = {name: fact[0] for name, fact in known.items()}
        filled = {key: texts.fill(str(said[key]), words) for key in keys if key in said}
        said |= {key: one.text for key, one in filled.items()}
        title = texts.fill(step.title, words)
        receipts = [
            {"field": name, "value": fact[1], "from": fact[2]} for name, fact in sorted(known.items())
        ]
        self._write(row, said={"title": title.text, **said}, receipts=receipts)
        return asked_of(
            row, run, step.role, said, [name for one in filled.values() for name in one.unfilled], self.at
        )

    def _over(
        self,
        row: models.RunStep,
        state: str,
        outcome: str,
        ended_at: datetime,
        *,
        because: Sequence[str] = (),
        by_id: int | None = None,
        **also: Any,
    ) -> None:
        self._write(
            row, state=state, outcome=outcome, ended_at=ended_at, because=list(because), by_id=by_id, **also
        )
        note_step(self.run, row, self.at)

    def _write(self, row: models.RunStep, **said: Any) -> None:
        for name, value in said.items():
            setattr(row, name, value)
        models.RunStep.objects.filter(pk=row.pk).update(**said)

    def _note_next(self) -> None:
        rows = self.rows.values()
        coming = [row.begins_at for row in rows if row.state == "waiting" and row.begins_at is not None]
        flows = [row.due_at for row in rows if row.state == "open" and self.playbook.step(row.slug).is_flow]
        moments = [*coming, *(moment for moment in flows if moment is not None), self._expires()]
        models.Run.objects.filter(pk=self.run.pk).update(next_at=min(moments), looked_at=self.at)


def asked_of(
    row: models.RunStep,
    run: models.Run,
    role: str,
    said: Mapping[str, Any],
    unfilled: Sequence[str],
    at: datetime,
) -> StepAsked:
    """A step as its kind is told of it."""
    owner = Ownership.objects.filter(account=run.account_id, role=role, until=None, user__is_active=True)
    return StepAsked(
        run=run.pk,
        step=row.pk,
        slug=row.slug,
        title=str(row.said.get("title") or row.slug),
        playbook=run.playbook.title,
        account_id=run.account_id,
        account_key=run.account.key,
        owner_id=owner.values_list("user", flat=True).first() if role else None,
        role=role,
        said=said,
        unfilled=unfilled,
        due_at=row.due_at or at,
        at=at,
    )


def note_step(run: models.Run, row: models.RunStep, at: datetime) -> None:
    """Say in the ledger that a step is over."""
    tell(
        account=run.account.key, name="playbook.step_done", of="step", number=row.pk, at=at, again=True,
    )  # fmt: skip


def end(run: models.Run, how: str, because: Sequence[str], *, at: datetime, by_id: int | None = None) -> bool:
    """End a run: what was still to do is taken off people's lists. Tells whether it was open."""
    if not models.Run.objects.filter(pk=run.pk, open=True).update(open=False, next_at=None, looked_at=at):
        return False
    models.RunEnding.objects.create(run=run, how=how, at=at, by_id=by_id, because=list(because))
    models.RunPause.objects.filter(run=run, until=None).update(until=at)
    models.Task.objects.filter(play_step__run=run, play_step__state="open", completion=None).delete()
    tell(account=run.account.key, name="playbook.ended", of="run", number=run.pk, at=at, again=True)
    return True


def resume(pause: models.RunPause, *, at: datetime) -> None:
    """Let a run go on; whatever was to come or due moves by as long as it rested."""
    models.RunPause.objects.filter(pk=pause.pk).update(until=at)
    rested = at - pause.since
    for row in models.RunStep.objects.filter(run=pause.run_id, state__in=("waiting", "open")):
        begins_at = row.begins_at and row.begins_at + rested if row.state == "waiting" else row.begins_at
        due_at = row.due_at and row.due_at + rested
        models.RunStep.objects.filter(pk=row.pk).update(begins_at=begins_at, due_at=due_at)
        if row.task_id and due_at:
            models.Task.objects.filter(pk=row.task_id, completion=None).update(due_at=due_at)
    models.Run.objects.filter(pk=pause.run_id).update(next_at=at)
