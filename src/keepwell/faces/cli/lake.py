"""Commands about the lake's files."""

import typer

from keepwell.faces import clock
from keepwell.faces.cli.common import OPERATOR, AsJson, print_json
from keepwell.kernel.figures import measured
from keepwell.ledger.actions import upkeep
from keepwell.ledger.queries import wholeness

lake = typer.Typer(no_args_is_help=True)


@lake.command("check")
def check(as_json: AsJson = False) -> None:
    """Read the whole lake and count its events; exit code 1 when a file is damaged or events are missing."""
    found = wholeness.check()
    if as_json:
        print_json(found)
    else:
        typer.echo(
            f"Version {found.version}: {measured(found.files, 'files')}, {measured(found.events, 'events')}."
        )
        for line in (*found.damaged, *found.lacking):
            typer.echo(f"!! {line}")
        typer.echo("Whole." if found.whole else "Run: keepwell lake repair")
    if not found.whole:
        raise typer.Exit(1)


@lake.command("repair")
def repair() -> None:
    """Set damaged files aside, put back what lies in former versions, and say exactly what is gone."""
    for line in upkeep.repair(by=OPERATOR, at=clock.now()):
        typer.echo(line)
