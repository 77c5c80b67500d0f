"""Commands about what is known of a customer's person: count it, hand it out, erase it."""

import shutil
import time
from pathlib import Path
from typing import Annotated

import typer

from keepwell.faces import clock
from keepwell.faces.cli.common import OPERATOR, AsJson, print_json, print_table
from keepwell.kernel import errors
from keepwell.ledger.actions import dossiers
from keepwell.ledger.actions import erasures as deeds
from keepwell.ledger.queries import erasures
from keepwell.pipeline.actions import erasing

people = typer.Typer(no_args_is_help=True)
EVERY_SECONDS = 1.0

Key = Annotated[str, typer.Argument(help="The person's key or e-mail address.")]


@people.command("find")
def find(key: Key, as_json: AsJson = False) -> None:
    """Count what is known about a person, place by place; changes nothing."""
    preview = erasures.preview(key=key, seen_by=OPERATOR)
    if as_json:
        print_json(preview)
        return
    typer.echo(f"Keys: {', '.join(preview.subject.keys)}")
    typer.echo(f"Looked for inside of texts: {', '.join(preview.subject.words) or 'nothing'}")
    if preview.subject.not_searched:
        typer.echo(f"Too short for that: {', '.join(preview.subject.not_searched)}")
    found = [(place.title, name, f"{n:,}") for place in preview.places for name, n in place.counts.items()]
    print_table(("place", "what", "count"), found)


@people.command("export")
def export(
    key: Key,
    to: Annotated[
        Path | None, typer.Option(help="Where to write; person.zip if left out.", dir_okay=False)
    ] = None,
) -> None:
    """Write everything that is known about a person into one ZIP: JSON, and a CSV a noun."""
    path = to or Path("person.zip")
    if path.exists():
        raise errors.Invalid(
            '"%(path)s" exists. Name another file with --to, so that nothing is overwritten.', path=path
        )
    with dossiers.hand_out(key=key, by=OPERATOR, at=clock.now()) as packed, path.open("xb") as file:
        shutil.copyfileobj(packed, file)
    typer.echo(f"{path}: {path.stat().st_size:,} bytes")


@people.command("erase")
def erase(
    key: Key,
    ground: Annotated[str, typer.Option(help="request, purpose, unlawful or law.")] = "request",
    note: Annotated[str, typer.Option(help="What the certificate should say besides.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Erase a person everywhere, and print the certificate. It cannot be undone."""
    if not yes:
        find(key)
        typer.confirm("Erase all of this for good?", abort=True)
    certificate = deeds.request(key=key, ground=ground, note=note, by=OPERATOR, at=clock.now())
    while not erasing.run(certificate_id=certificate, at=clock.now()):
        time.sleep(EVERY_SECONDS)  # until every process has heard that the person is not taken in any more
    _show(erasures.number_of(certificate), as_json)


@people.command("certificate")
def certificate(
    number: Annotated[str, typer.Argument(help="As in E-000001.")], as_json: AsJson = False
) -> None:
    """Print what an erasure found and did."""
    _show(number, as_json)


@people.command("readmit")
def readmit(number: Annotated[str, typer.Argument(help="Of the certificate, as in E-000001.")]) -> None:
    """Let an erased person in again, because they came back; what was erased stays erased."""
    deeds.readmit(number=number, by=OPERATOR, at=clock.now())
    typer.echo(f"The person of {number} may come back.")


def _show(number: str, as_json: bool) -> None:
    view = erasures.find(number=number, seen_by=OPERATOR)
    if as_json:
        print_json(view)
        return
    state = f"certified {view.finished_at:%Y-%m-%d %H:%M} UTC" if view.finished_at else "running"
    typer.echo(f"{view.number}: {state}. Subject {view.subject}")
    rows = [(slug, name, f"{n:,}") for slug, counts in view.done.items() for name, n in counts.items()]
    print_table(("place", "done", "count"), rows)
    left = sum(sum(counts.values()) for counts in view.left.values())
    typer.echo(f"Left after the last look: {left:,}")
