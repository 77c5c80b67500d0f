"""Jobs that a killed worker had in hand: put back into the queue, for every job may be done twice."""

from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

SILENT_SECONDS = 45.0
MOST_TRIES = 3


async def adopt(manager: JobManager, *, silent_seconds: float = SILENT_SECONDS) -> int:
    """Queue the jobs of workers that were silent for so long once more; gives how many.

    One that waits in the queue under the same lock already, or that was in hand when `MOST_TRIES` workers died, is dropped:
    whatever it has to do stands in rows, and `go_on` asks for it again.
    """
    stalled = list(await manager.get_stalled_jobs(seconds_since_heartbeat=silent_seconds))
    for job in stalled:
        await _queue_or_drop(manager, job)
    await manager.prune_stalled_workers(silent_seconds)
    return len(stalled)


async def _queue_or_drop(manager: JobManager, job: Job) -> None:
    if job.attempts + 1 < MOST_TRIES:
        try:
            await manager.retry_job(job)
            return
        except UniqueViolation:
            pass
    await manager.finish_job(job, Status.FAILED, delete_job=True)
