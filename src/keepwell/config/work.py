"""The worker as a process of its own: `python -m keepwell.config.work`."""

import os

import django

NICE = 5  # what comes in goes before what is computed of it

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keepwell.config.settings")
    django.setup()
    from keepwell.faces.jobs import worker

    os.nice(NICE)
    worker.run(concurrency=2)
