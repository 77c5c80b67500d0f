"""The command line: each command is one query or one action; `--json` on every read."""

from keepwell.faces.cli.app import app

__all__ = ["app"]
