"""The command `keepwell`: find the database, wake Django, hand over to the command line's face."""

import os
import sys
from contextlib import ExitStack

from keepwell.config import instance

NEEDS_NOTHING = {"--help", "--version", "--install-completion", "--show-completion"}


def main() -> None:
    """Run one command; a refusal is one line on standard error and exit code 1."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keepwell.config.settings")
    os.umask(0o077)
    words = sys.argv[1:]
    with ExitStack() as stack:
        folder = instance.data_folder()
        serving = words[:1] == ["serve"]
        if words and not NEEDS_NOTHING & set(words):
            if serving:
                stack.enter_context(instance.exclusive(folder, what="keepwell serve"))
            stack.enter_context(instance.database(folder))
        _wake(
            migrate=bool(words)
            and not NEEDS_NOTHING & set(words)
            and not serving
            and not instance.is_served(folder)
        )
        from keepwell.config import commands

        commands.app()


def _wake(*, migrate: bool) -> None:
    import django

    django.setup()
    if migrate:
        from keepwell.config import schema

        schema.bring_up_to_date()
