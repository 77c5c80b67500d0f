"""The worker as a process of its own: `python -m keepwell.config.work`."""

import os
from contextlib import suppress
from pathlib import Path

import django

NICE = 5  # what comes in goes before what is computed of it


def give_way() -> None:
    """Compute with what others leave; where Linux schedules sessions as groups, the group is what counts."""
    os.nice(NICE)
    with suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(NICE))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keepwell.config.settings")
    django.setup()
    from keepwell.faces.jobs import worker

    give_way()
    worker.run(concurrency=2)
