"""Commands on practice packs."""

from pathlib import Path
from typing import Annotated

import typer

from keepwell.faces import clock
from keepwell.faces.cli.common import OPERATOR, AsJson, print_json, print_table
from keepwell.packs import actions, loading, queries, writing
from keepwell.packs.pack import Pack
from keepwell.pipeline import actions as pipeline

app = typer.Typer(no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="saas, agency, or the folder of a pack: ./our-practice")]
Folder = Annotated[Path, typer.Argument(help="A new folder, or that of an earlier pack.", file_okay=False)]


@app.command("list")
def list_() -> None:
    """The packs that come with Keepwell."""
    found = [loading.find(slug) for slug in loading.shipped()]
    print_table(("pack", "version", "for"), [(pack.slug, str(pack.version), pack.title) for pack in found])


@app.command()
def diff(name: Name, as_json: AsJson = False) -> None:
    """What putting a pack in force would change; changes nothing."""
    found = [one for one in queries.differences(_pack(name)) if one.state != "same"]
    if as_json:
        print_json(found)
        return
    for one in found:
        typer.echo(f"{one.kind} {one.slug}: {one.state}")
        for line in one.lines:
            typer.echo(f"  {line}")
    if not found:
        typer.echo("Nothing would change.")


@app.command()
def apply(name: Name) -> None:
    """Put a pack in force, all of it or nothing, and compute the numbers anew."""
    pack = _pack(name)
    changed = actions.install(pack=pack, by=OPERATOR, at=clock.now())
    pipeline.advance(at=clock.now())
    typer.echo(f"The {pack.slug} pack, version {pack.version}, is in force. {len(changed)} things changed.")


@app.command()
def export(
    folder: Folder,
    slug: Annotated[str, typer.Option(help="The pack's short name.")],
    title: Annotated[str, typer.Option(help="What people call it.")],
    sentence: Annotated[str, typer.Option(help="For whom it is.")],
    version: Annotated[int, typer.Option(help="Which version of it this is.", min=1)] = 1,
) -> None:
    """Write the company's metrics, segments, scorecards, rules and departure as a pack that another instance reads."""
    files = writing.files(slug=slug, title=title, sentence=sentence, version=version, seen_by=OPERATOR)
    writing.write(folder, files)
    typer.echo(f"{len(files)} files in {folder}. Elsewhere: keepwell pack apply {folder}/")


def _pack(name: str) -> Pack:
    """A folder where the name is a path, else the shipped pack of that name."""
    return loading.load(Path(name)) if "/" in name or name in (".", "..") else loading.find(name)
