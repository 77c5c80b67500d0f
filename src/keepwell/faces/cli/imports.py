"""The command that imports a CSV file."""

from pathlib import Path
from typing import Annotated

import typer

from keepwell.faces import clock
from keepwell.faces.cli.common import OPERATOR, AsJson, print_json
from keepwell.faces.cli.progress import shown
from keepwell.intake.actions import imports, undoing
from keepwell.intake.queries import batches, changes
from keepwell.kernel import errors
from keepwell.kernel.figures import measured
from keepwell.ledger.queries import unresolved
from keepwell.pipeline import actions as pipeline

SHOWN_REJECTIONS = 30


def import_file(
    kind: Annotated[
        str,
        typer.Argument(
            help="accounts, people, tickets, events …; docs/reference/imports.md lists all kinds."
        ),
    ],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    map_: Annotated[
        list[str] | None,
        typer.Option(
            "--map", help="FIELD=COLUMN where the proposal from the headings is wrong; FIELD= drops one."
        ),
    ] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", help="FIELD=VALUE for every row.")] = None,
    source: Annotated[str, typer.Option(help="Where the file comes from.")] = "csv",
    vouch: Annotated[
        bool,
        typer.Option(help="The facts were known when they happened (so that 'as known then' counts them)."),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option(help="Say what would become of each row, and write nothing.")
    ] = False,
    days: Annotated[str, typer.Option(help="How days are written: iso, day_first or month_first.")] = "",
    decimals: Annotated[str, typer.Option(help="How decimals are written: point or comma.")] = "",
    as_json: AsJson = False,
) -> None:
    """Import a CSV file; every row gets a verdict, and nothing is dropped silently."""
    with file.open("rb") as opened:
        batch_id = imports.prepare(
            kind=kind, file=opened, file_name=file.name, source=source, by=OPERATOR, at=clock.now()
        )
    proposal = imports.propose(batch_id)
    constants = dict(proposal.constants) | _pairs(set_ or [], "--set FIELD=VALUE")
    mapping = {field: column for field, column in proposal.mapping.items() if field not in constants}
    mapping |= _pairs(map_ or [], "--map FIELD=COLUMN")
    mapping = {field: column for field, column in mapping.items() if column}
    formats = proposal.formats.plain()
    formats |= {name: value for name, value in (("days", days), ("decimals", decimals)) if value}
    imports.start(
        batch_id=batch_id,
        mapping=mapping,
        constants={field: value for field, value in constants.items() if field not in mapping},
        formats=formats,
        dry_run=dry_run,
        vouched=vouch,
        by=OPERATOR,
        at=clock.now(),
    )
    with shown(batch_id, quiet=as_json):
        imports.run(batch_id=batch_id, at=clock.now())
    view = batches.find(batch_id=batch_id, seen_by=OPERATOR)
    if not dry_run and view.state == "done":
        pipeline.advance(at=clock.now())
    _report(view, as_json)


def undo(
    import_id: Annotated[int, typer.Argument(help="The number of the import.")],
    preview: Annotated[bool, typer.Option(help="Only say what it would do.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take an import back as far as what it did still stands; rows that changed again since are left and told."""
    counts = changes.counts(batch_id=import_id, seen_by=OPERATOR)
    batch = batches.find(batch_id=import_id, seen_by=OPERATOR)
    gone = batch.created if batch.kind == "events" else counts["created"]
    if preview:
        typer.echo(f"{gone:,} would go, {counts['changed']:,} would get their former values back.")
        return
    undo_id = undoing.start(batch_id=import_id, by=OPERATOR, at=clock.now())
    pipeline.advance(at=clock.now())
    undoing.run(undo_id=undo_id, at=clock.now())
    pipeline.advance(at=clock.now())
    view = changes.undo(batch_id=import_id, seen_by=OPERATOR)
    left = changes.listed(batch_id=import_id, what="left", seen_by=OPERATOR, limit=SHOWN_REJECTIONS)
    if as_json:
        print_json({**vars(view), "rows_left": left})
        return
    for row in left:
        typer.echo(f"  left: {row.key}: {row.reason}")
    typer.echo(f"{view.removed:,} removed, {view.restored:,} given back, {view.left:,} left.")


def _pairs(texts: list[str], form: str) -> dict[str, str]:
    pairs = {}
    for text in texts:
        field, sign, value = text.partition("=")
        if not sign or not field:
            raise errors.Invalid('"%(text)s" is not understood. Write %(form)s.', text=text, form=form)
        pairs[field.strip()] = value.strip()
    return pairs


def _report(view: batches.BatchView, as_json: bool) -> None:
    rejections = batches.rejections(
        batch_id=view.batch_id, seen_by=OPERATOR, limit=10_000 if as_json else SHOWN_REJECTIONS
    )
    if as_json:
        print_json({**vars(view), "rejections": rejections})
    else:
        _say(view, rejections)
    if view.state != "done":
        raise typer.Exit(1)


def _say(view: batches.BatchView, rejections: tuple[batches.RejectionView, ...]) -> None:
    used = ", ".join(f"{field} ← {column}" for field, column in view.mapping.items())
    typer.echo(f"Columns: {used}")
    if view.state != "done":
        typer.echo(f"Import {view.batch_id} {view.state}: {view.error}", err=True)
        return
    for row in rejections:
        typer.echo(f"  {row.verdict}: {row.reason}")
    left = view.conflicts + view.rejected - len(rejections)
    if left > 0:
        typer.echo(f"  … and {left:,} more; all of them in the web under Data, import {view.batch_id}.")
    verb = "would be" if view.dry_run else "were"
    typer.echo(
        f"{measured(view.rows_done, 'rows')} of {view.file_name}: {view.created:,} {verb} created, {view.updated:,} updated, "
        f"{view.unchanged:,} unchanged, {view.duplicates:,} duplicates, {view.conflicts:,} conflicts kept aside, "
        f"{view.rejected:,} rejected."
    )
    waiting = unresolved.count() if view.kind == "events" and not view.dry_run else 0
    if waiting:
        typer.echo(
            f"{measured(waiting, 'events')} {'names' if waiting == 1 else 'name'} no account that is known yet; "
            "kept, and counted once it is."
        )
