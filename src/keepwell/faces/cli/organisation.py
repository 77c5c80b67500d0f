"""Commands about how accounts belong together: trees, mergers, splits, moves, and what keys mean."""

from datetime import date
from typing import Annotated

import typer

from keepwell.faces import clock
from keepwell.faces.cli.common import OPERATOR, AsJson, print_json, print_table
from keepwell.kernel.moments import parse_day
from keepwell.ledger.actions import hierarchy as hierarchy_deeds
from keepwell.ledger.actions import identity as identity_deeds
from keepwell.ledger.actions import mergers as deeds
from keepwell.ledger.queries import accounts, hierarchy, mergers, unresolved
from keepwell.pipeline import actions as pipeline

app = typer.Typer(no_args_is_help=True)
Account = Annotated[str, typer.Argument(help="Account key.")]
Kind = Annotated[str, typer.Option(help="legal, commercial or site.")]
Note = Annotated[str, typer.Option(help="Why; it stands with the record.")]
Keys = Annotated[list[str] | None, typer.Option(help="May be given several times.")]


@app.command("tree")
def tree(
    account: Account,
    kind: Kind = hierarchy.DEFAULT,
    as_of: Annotated[str, typer.Option(help="A day; today when left out.")] = "",
    as_json: AsJson = False,
) -> None:
    """All that belongs together with an account, with its ARR."""
    found = hierarchy.tree(
        account_id=accounts.find(key=account, seen_by=OPERATOR).id,
        kind=kind,
        as_of=_day(as_of) or clock.today(),
        seen_by=OPERATOR,
    )
    if as_json:
        print_json(found)
        return
    lines = [
        (
            "  " * node.depth + node.key,
            node.name,
            " + ".join(map(str, node.arr)),
            " + ".join(map(str, node.arr_below)),
        )
        for node in found.nodes
    ]
    print_table(("account", "name", "ARR", "with all below"), lines)


@app.command("move")
def move(
    account: Account,
    parent: Annotated[str, typer.Argument(help="The account it comes under; none when left out.")] = "",
    kind: Kind = hierarchy.DEFAULT,
    since: Annotated[str, typer.Option(help="From which day on; always when left out.")] = "",
) -> None:
    """Put an account under another, or under none, from a day on."""
    deed = hierarchy_deeds.place(
        child=account, parent=parent or None, kind=kind, since=_day(since), by=OPERATOR, at=clock.now()
    )
    typer.echo(
        f"{account} stands under {parent or 'none'}. Take it back: keepwell organisation undo {deed.pk}"
    )


@app.command("merge")
def merge(
    source: Annotated[str, typer.Argument(help="The account that ends.")],
    target: Annotated[str, typer.Argument(help="The account that it becomes part of.")],
    note: Note = "",
    preview: Annotated[bool, typer.Option(help="Only tell what would move.")] = False,
) -> None:
    """Let one account become part of another."""
    if preview:
        print_json(mergers.merge_preview(source=source, target=target, on=clock.today(), seen_by=OPERATOR))
        return
    number = deeds.merge(source=source, target=target, note=note, by=OPERATOR, at=clock.now())
    pipeline.advance(at=clock.now())
    typer.echo(f"{source} is part of {target}. Take it back: keepwell organisation undo {number}")


@app.command("split")
def split(
    source: Account,
    key: Annotated[str, typer.Argument(help="The key of the new account.")],
    name: Annotated[str, typer.Option(help="Its name.")] = "",
    contract: Keys = None,
    person: Keys = None,
    raw_key: Keys = None,
    note: Note = "",
) -> None:
    """Let some contracts, people and raw keys of an account become a new account."""
    number = deeds.split(
        source=source, key=key, name=name, contracts=contract or (), people=person or (), keys=raw_key or (),
        note=note, by=OPERATOR, at=clock.now(),
    )  # fmt: skip
    pipeline.advance(at=clock.now())
    typer.echo(f"{key} is an account of its own. Take it back: keepwell organisation undo {number}")


@app.command("undo")
def undo(number: Annotated[int, typer.Argument(help="The number of the merger, split or move.")]) -> None:
    """Take a merger, a split or a move back: all that it moved goes where it was."""
    deeds.undo(number=number, by=OPERATOR, at=clock.now())
    pipeline.advance(at=clock.now())
    typer.echo(f"Number {number} is taken back.")


@app.command("history")
def history(account: Account, as_json: AsJson = False) -> None:
    """Mergers, splits and moves of an account."""
    found = mergers.deeds(account_id=accounts.find(key=account, seen_by=OPERATOR).id, seen_by=OPERATOR)
    if as_json:
        print_json(found)
    else:
        lines = [
            (str(d.number), d.kind, d.source, d.target, str(d.at), str(d.undone_at or "")) for d in found
        ]
        print_table(("number", "kind", "account", "other", "at", "taken back"), lines)


@app.command("unresolved")
def list_unresolved(as_json: AsJson = False) -> None:
    """Raw keys of events that mean no account yet, and the account that each may mean."""
    found = unresolved.keys(seen_by=OPERATOR)
    if as_json:
        print_json(found)
    else:
        lines = [(k.of, k.key, f"{k.events:,}", str(k.last_day), k.suggested, k.why) for k in found]
        print_table(("stands for", "key", "events", "last", "perhaps", "because"), lines)


@app.command("link")
def link(
    key: Annotated[str, typer.Argument(help="A raw key of events.")],
    account: Account,
    person: Annotated[bool, typer.Option(help="The key stands for a person.")] = False,
) -> None:
    """Let a raw key mean an account from now on, also for what it said before."""
    deed = identity_deeds.link_person if person else identity_deeds.link
    deed(key=key, account=account, by=OPERATOR, at=clock.now())
    pipeline.advance(at=clock.now())
    typer.echo(f"{key} means {account}.")


@app.command("unlink")
def unlink(key: Annotated[str, typer.Argument(help="A raw key that somebody linked.")]) -> None:
    """Undo a link that somebody made: the key means again what it meant before."""
    identity_deeds.unlink(key=key, by=OPERATOR, at=clock.now())
    pipeline.advance(at=clock.now())
    typer.echo(f"{key} means what it meant before.")


def _day(text: str) -> date | None:
    return parse_day(text) if text else None
