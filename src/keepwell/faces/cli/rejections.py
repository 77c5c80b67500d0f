"""Commands about what could not be taken."""

from collections.abc import Sequence
from typing import Annotated

import typer

from keepwell.faces import clock
from keepwell.faces.cli.common import OPERATOR, AsJson, print_json, print_table
from keepwell.intake import reasons
from keepwell.intake.actions import mending, replays
from keepwell.intake.chosen import Chosen
from keepwell.intake.queries import rejections
from keepwell.kernel import errors
from keepwell.pipeline import actions as pipeline

app = typer.Typer(no_args_is_help=True)

SHOWN = 30

Ids = Annotated[
    list[int] | None, typer.Argument(help="Numbers of rejections; all that the options choose when left out.")
]
Reason = Annotated[str, typer.Option(help=f"One of: {', '.join(reasons.REASONS)}.")]
About = Annotated[str, typer.Option(help="The value that the reason names, for instance an account's key.")]
Source = Annotated[str, typer.Option(help="Where they came from.")]
Import = Annotated[int | None, typer.Option("--import", help="The number of the import.")]
Kind = Annotated[str, typer.Option(help='A kind of import, or "calls".')]
Text = Annotated[str, typer.Option(help="Stands in the reason or the content.")]


@app.command("list")
def list_rejections(
    reason: Reason = "",
    about: About = "",
    source: Source = "",
    import_id: Import = None,
    kind: Kind = "",
    text: Text = "",
    state: Annotated[str, typer.Option(help="open, replayed or dismissed.")] = "open",
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = SHOWN,
    as_json: AsJson = False,
) -> None:
    """What could not be taken, by reason and one by one, the latest first."""
    chosen = Chosen(state, reason, about, source, import_id, kind, text).checked()
    groups = rejections.groups(chosen=chosen, seen_by=OPERATOR)
    rows = rejections.listed(chosen=chosen, seen_by=OPERATOR, limit=limit)
    if as_json:
        print_json({"reasons": groups, "rejections": rows})
        return
    print_table(
        ("reason", "count", "what to do"),
        [(group.why, f"{group.count:,}", reasons.find(group.why).advice) for group in groups],
    )
    _print("Rows of files", [(row.rejection_id, row.file_name, row.reason) for row in rows if row.file_name])
    _print("Tracked calls", [(row.rejection_id, row.source, row.reason) for row in rows if not row.file_name])


def _print(title: str, lines: Sequence[tuple[int, str, str]]) -> None:
    if lines:
        typer.echo(f"\n{title}:")
    for number, where, reason in lines:
        typer.echo(f"  {number}: {where}: {reason}")


@app.command("replay")
def replay(
    ids: Ids = None,
    reason: Reason = "",
    about: About = "",
    source: Source = "",
    import_id: Import = None,
    kind: Kind = "",
    text: Text = "",
    known_now: Annotated[
        bool, typer.Option(help="Only those that named an account which is known by now.")
    ] = False,
    set_: Annotated[str, typer.Option("--set", help="COLUMN=VALUE, first, in every row of these.")] = "",
    as_json: AsJson = False,
) -> None:
    """Send rejections in again by the path that refused them; each gets a verdict."""
    chosen = Chosen(
        "open", reason, about, source, import_id, kind, text, known_now, tuple(ids or ())
    ).checked()
    if set_:
        column, sign, value = set_.partition("=")
        if not sign or not column:
            raise errors.Invalid('"%(set)s" is not understood. Write --set COLUMN=VALUE.', set=set_)
        mending.set_column(chosen=chosen, column=column, value=value, by=OPERATOR, at=clock.now())
    replay_id = replays.start(chosen=chosen, by=OPERATOR, at=clock.now())
    replays.run(replay_id=replay_id, at=clock.now())
    view = rejections.replay(replay_id=replay_id, seen_by=OPERATOR)
    if view.taken:
        pipeline.advance(at=clock.now())
    refused = rejections.attempts(replay_id=replay_id, seen_by=OPERATOR, refused=True, limit=SHOWN)
    if as_json:
        print_json({**vars(view), "chosen": view.chosen.plain(), "refusals": refused})
        return
    for attempt in refused:
        typer.echo(f"  {attempt.rejection_id}: {attempt.reason}")
    typer.echo(
        f"{view.done:,} of {view.total:,} sent in again: {view.taken:,} taken, {view.refused:,} refused again."
    )


@app.command("dismiss")
def dismiss(
    ids: Ids = None,
    reason: Reason = "",
    about: About = "",
    source: Source = "",
    import_id: Import = None,
    kind: Kind = "",
    text: Text = "",
    note: Annotated[str, typer.Option(help="Why they can be left.")] = "",
) -> None:
    """Put rejections aside; at least one choice is needed."""
    chosen = Chosen("open", reason, about, source, import_id, kind, text, ids=tuple(ids or ())).checked()
    if not chosen.narrows:
        raise errors.Invalid(
            "Say which: numbers, or --reason, --about, --source, --import, --kind or --text."
        )
    count = mending.dismiss(chosen=chosen, note=note, by=OPERATOR, at=clock.now())
    typer.echo(f"{count:,} put aside.")
