"""The jobs. Each is one call; whatever it has to do stands in rows, so losing a nudge loses nothing.

None holds a lock of the queue: that would outlive a killed worker. The actions hold locks of the database instead.
"""

import time

from django.db import transaction
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import JobDeferrer

from keepwell.cockpit.actions import waking
from keepwell.faces import clock
from keepwell.faces.jobs import decking, incident_mail, mail, orphans, sending
from keepwell.faces.jobs.turns import Turn
from keepwell.faces.web.actions import taken_away
from keepwell.health.actions import previews, proofs
from keepwell.health.queries import kept_previews
from keepwell.health.queries import proofs as asked_proofs
from keepwell.intake.actions import imports, quality, replays, tidying, undoing
from keepwell.intake.queries import batches, changes, rejections
from keepwell.ledger.actions import files, hand_overs, relay, upkeep
from keepwell.ledger.queries import erasures, state
from keepwell.outcomes.actions import value_counting
from keepwell.outcomes.queries import deck_runs as asked_decks
from keepwell.pipeline import actions as pipeline
from keepwell.pipeline.actions import erasing, histories
from keepwell.pipeline.queries import status
from keepwell.plays.actions import (
    autopsies,
    budgets,
    bulk,
    deliveries,
    dry_runs,
    escalating,
    gaps,
    next_steps,
    noticing,
    playing,
)
from keepwell.plays.queries import budgets as kept_budgets
from keepwell.plays.queries import bulk as asked_bulk
from keepwell.plays.queries import dry_runs as asked_dry_runs
from keepwell.signals.actions import rehearsals
from keepwell.signals.queries import rehearsals as asked_rehearsals

_turn = Turn()
MUCH = 5000
LONGEST_REST_SECONDS = 30
SETTLING_SECONDS = 16


@app.task(name="advance", queueing_lock="advance")
def advance() -> None:
    """Bring every number up to now; what was nudged meanwhile is seen to in the same turn."""
    if not _turn.begin():
        return
    while True:
        began = time.monotonic()
        try:
            pipeline.advance(at=clock.now(), carry=not status.relay_works(at=clock.now()), defer=True)
        except BaseException:
            _turn.fail()
            raise
        noticing.look(at=clock.now())
        deliveries.deliver(at=clock.now())
        play()
        fill_in()
        time.sleep(_rest(time.monotonic() - began))
        if _turn.ends():
            return


def _rest(busy_seconds: float) -> float:
    """How long to leave the processors to others: a quarter of the time the run took, or four times it when much comes in."""
    factor = 4 if state.waiting() > MUCH else 0.25
    return min(busy_seconds * factor, LONGEST_REST_SECONDS)


@app.task(name="run_histories")
def run_histories() -> None:
    """Compute the histories of metrics that are new or say something else; what was cut off begins again."""
    if histories.compute():
        nudge()


@app.task(name="run_import")
def run_import(*, batch_id: int) -> None:
    """Read an uploaded file to its end, from wherever an earlier run was stopped."""
    imports.run(batch_id=batch_id, at=clock.now())
    nudge()


@app.task(name="run_replay")
def run_replay(*, replay_id: int) -> None:
    """Send rejections in again to the last of them, from wherever an earlier run was stopped."""
    replays.run(replay_id=replay_id, at=clock.now())
    nudge()


@app.task(name="erase")
def erase(*, certificate_id: int) -> None:
    """Forget a person, from wherever an earlier run was stopped; look once more when everybody has heard of it."""
    if not erasing.run(certificate_id=certificate_id, at=clock.now()):
        forget(certificate_id, seconds=SETTLING_SECONDS)


@app.task(name="run_undo")
def run_undo(*, undo_id: int) -> None:
    """Undo an import to its end, from wherever an earlier run was stopped; its events must have reached the lake first."""
    pipeline.advance(at=clock.now())
    undoing.run(undo_id=undo_id, at=clock.now())
    nudge()


@app.task(name="run_proof")
def run_proof(*, proof_id: int) -> None:
    """Prove a version of a scorecard; one that was cut off begins again."""
    proofs.run(proof_id=proof_id, at=clock.now())


@app.task(name="run_rehearsal")
def run_rehearsal(*, rehearsal_id: int) -> None:
    """Run a rule over the past; one that was cut off begins again."""
    rehearsals.run(rehearsal_id=rehearsal_id, at=clock.now())


@app.task(name="run_dry_run")
def run_dry_run(*, dry_run_id: int) -> None:
    """Find out what a playbook would have done; one that was cut off begins again."""
    dry_runs.run(dry_run_id=dry_run_id, at=clock.now())


def dry_run(dry_run_id: int) -> None:
    """Ask for a dry run to be carried out; one that is asked for already will do."""
    _ask(run_dry_run.configure(queueing_lock=f"dry_run:{dry_run_id}"), dry_run_id=dry_run_id)


@app.task(name="run_bulk")
def run_bulk(*, deed_id: int) -> None:
    """Do one thing to many accounts, from wherever an earlier run was stopped."""
    bulk.run(deed_id=deed_id, at=clock.now())
    nudge()


@app.task(name="run_budgets")
def run_budgets() -> None:
    """Count what the alarms of each rule were worth; one that was cut off begins again."""
    budgets.count(at=clock.now())


def count_budgets() -> None:
    """Ask for the alert budget; a job that waits already will do."""
    _ask(run_budgets.configure(queueing_lock="budgets"))


def do_to_many(deed_id: int) -> None:
    """Ask for a deed on many accounts."""
    _ask(run_bulk.configure(queueing_lock=f"bulk:{deed_id}"), deed_id=deed_id)


@app.task(name="run_decks")
def run_decks(*, run_id: int) -> None:
    """Make the decks of many accounts; a run that was cut off begins again."""
    decking.run(run_id=run_id)


def make_decks(run_id: int) -> None:
    """Ask for a run of decks to be carried out; one that is asked for already will do."""
    _ask(run_decks.configure(queueing_lock=f"decks:{run_id}"), run_id=run_id)


@app.task(name="run_preview")
def run_preview(*, preview_id: int) -> None:
    """Tell what a draft would change of the whole book; one that was cut off begins again."""
    previews.run(preview_id=preview_id, at=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="every_minute", queueing_lock="every_minute")
def every_minute(timestamp: int) -> None:
    """See to what no nudge announced: a new day, or rows whose nudge was lost with a killed process."""
    del timestamp
    if hand_overs.begin(at=clock.now()):
        nudge()
    go_on()
    escalating.look(at=clock.now())
    noticing.look(at=clock.now())
    deliveries.deliver(at=clock.now())
    play()
    waking.tell(at=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="send_letters", queueing_lock="send_letters")
def send_letters(timestamp: int) -> None:
    """Send what tells of incidents, and the digests whose morning has come."""
    del timestamp
    incident_mail.send_all()
    mail.send_all()


@app.periodic(cron="* * * * *")
@app.task(name="send_messages", queueing_lock="send_messages")
def send_messages(timestamp: int = 0) -> None:
    """Send what playbooks have to say to the outside."""
    del timestamp
    if sending.send_all():
        if gaps.note_sent(at=clock.now()):
            nudge()
        play()


def play() -> None:
    """Let playbooks start and runs go on, and ask for what they want sent."""
    playing.look(at=clock.now())
    if sending.is_waiting(at=clock.now()):
        _ask(send_messages.configure())


@app.periodic(cron="* * * * *")
@app.task(name="take_over", queueing_lock="take_over", pass_context=True)
async def take_over(context: JobContext, timestamp: int) -> None:
    """See to the jobs that a killed worker had in hand."""
    del timestamp
    await orphans.adopt(context.app.job_manager)


@app.periodic(cron="*/5 * * * *")
@app.task(name="every_five_minutes", queueing_lock="every_five_minutes")
def every_five_minutes(timestamp: int) -> None:
    """Say what is wrong with the data: what sources send and do not send, what is missing of which account."""
    del timestamp
    quality.refresh(at=clock.now())
    next_steps.look_again(at=clock.now())


@app.periodic(cron="23 * * * *")
@app.task(name="count_value", queueing_lock="count_value")
def count_value(timestamp: int = 0) -> None:
    """Count the value of the quarter that is over where nobody did; accounts that are left wait for the next hour."""
    del timestamp
    if value_counting.look(at=clock.now()):
        nudge()


@app.periodic(cron="17 3 * * *")
@app.task(name="every_night", queueing_lock="every_night")
def every_night(timestamp: int) -> None:
    """Sort the lake, drop old files; compute all numbers anew and tell where they differ; look back on losses."""
    del timestamp
    upkeep.settle()
    relay.vacuum()
    pipeline.verify(at=clock.now())
    autopsies.look(at=clock.now())
    tidying.forget_old(at=clock.now())
    files.forget_removed(at=clock.now())
    taken_away.forget_old(at=clock.now())
    decking.forget_old()
    budgets.count(at=clock.now())


def nudge() -> None:
    """Ask for one run of the pipeline; a run that is already asked for will do."""
    _ask(advance.configure())


def fill_in() -> None:
    """Ask for the histories that a run left for later; a job that waits already will do."""
    if histories.waiting():
        _ask(run_histories.configure(queueing_lock="histories"))


def forget(certificate_id: int, *, seconds: int = 0) -> None:
    """Ask for an erasure to be carried on; one that is asked for already will do."""
    lock = f"erase:{certificate_id}"
    _ask(erase.configure(queueing_lock=lock, schedule_in={"seconds": seconds}), certificate_id=certificate_id)


def _ask(job: JobDeferrer, **what: int) -> None:
    """Queue a job unless the same waits already; that must not spoil a transaction around this."""
    try:
        with transaction.atomic():
            job.defer(**what)
    except AlreadyEnqueued:
        return


def prove(proof_id: int) -> None:
    """Ask for a proof to be carried out; one that is asked for already will do."""
    try:
        with transaction.atomic():
            run_proof.configure(queueing_lock=f"proof:{proof_id}").defer(proof_id=proof_id)
    except AlreadyEnqueued:
        return


def rehearse(rehearsal_id: int) -> None:
    """Ask for a rehearsal to be carried out; one that is asked for already will do."""
    _ask(run_rehearsal.configure(queueing_lock=f"rehearsal:{rehearsal_id}"), rehearsal_id=rehearsal_id)


def preview(preview_id: int) -> None:
    """Ask for a preview to be carried out; one that is asked for already will do."""
    try:
        with transaction.atomic():
            run_preview.configure(queueing_lock=f"preview:{preview_id}").defer(preview_id=preview_id)
    except AlreadyEnqueued:
        return


def go_on() -> None:
    """Ask for whatever waits in the rows: facts on their way, imports that are not done."""
    nudge()
    fill_in()
    for batch_id in batches.unfinished():
        run_import.defer(batch_id=batch_id)
    for undo_id in changes.unfinished_undos():
        run_undo.defer(undo_id=undo_id)
    for replay_id in rejections.unfinished_replays():
        run_replay.defer(replay_id=replay_id)
    for certificate_id in erasures.unfinished():
        forget(certificate_id)
    for proof_id in asked_proofs.unfinished():
        prove(proof_id)
    for rehearsal_id in asked_rehearsals.unfinished():
        rehearse(rehearsal_id)
    for dry_run_id in asked_dry_runs.unfinished():
        dry_run(dry_run_id)
    for preview_id in kept_previews.unfinished():
        preview(preview_id)
    for run_id in asked_decks.unfinished():
        make_decks(run_id)
    for deed_id in asked_bulk.waiting():
        do_to_many(deed_id)
    if kept_budgets.uncounted():
        count_budgets()
