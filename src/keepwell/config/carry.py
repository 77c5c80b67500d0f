"""The relay as a process of its own: `python -m keepwell.config.carry`."""

import os

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keepwell.config.settings")
    django.setup()
    from keepwell.faces.jobs import relaying

    relaying.until_told()
