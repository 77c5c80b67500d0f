"""The command that says how good the data is."""

from typing import Annotated

import typer

from keepwell.faces import clock
from keepwell.faces.cli.common import OPERATOR, AsJson, print_json, print_table
from keepwell.faces.components import words
from keepwell.intake.actions import quality as deeds
from keepwell.intake.queries import findings
from keepwell.intake.queries import quality as queries


def quality(
    refresh: Annotated[bool, typer.Option(help="Look anew first, rather than wait for the worker.")] = False,
    check: Annotated[
        str | None, typer.Option(help="List the accounts that fail a check, for instance no_owner.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """What sources send and fail to send, and what is missing, out of date or contradictory of accounts."""
    now = clock.now()
    if refresh:
        deeds.refresh(at=now)
    if check is not None:
        _failing(check, as_json=as_json)
        return
    sources = queries.overview(seen_by=OPERATOR, at=now)
    drifts = queries.drifts(seen_by=OPERATOR, only_open=True)
    counts = findings.counts(seen_by=OPERATOR)
    if as_json:
        failed_by = {row.check.slug: row.accounts for row in counts}
        print_json({"sources": sources, "changes": drifts, "accounts_by_check": failed_by})
        return
    print_table(
        ("source", "last heard", "expected every", "yesterday", "changes"), [_source(s) for s in sources]
    )
    if drifts:
        typer.echo("")
        changes = [(d.source, d.sentence, f"{d.found_at:%Y-%m-%d}") for d in drifts]
        print_table(("source", "change", "since"), changes)
    typer.echo("")
    failed = [
        (f"{c.accounts:,}", c.check.slug, c.check.title, words.spoken(c.check.mender))
        for c in counts
        if c.accounts
    ]
    print_table(("accounts", "check", "what is wrong", "who can mend it"), failed)


def _failing(slug: str, *, as_json: bool) -> None:
    found = findings.failing(slug=slug, seen_by=OPERATOR, limit=1_000_000)
    if as_json:
        print_json([_plain(row) for row in found.rows])
        return
    typer.echo(f"{found.check.sentence} {found.check.how}")
    lines = [(f.account, f.account_name, f.detail, f"{f.found_at:%Y-%m-%d}") for f in found.rows]
    print_table(("account", "name", found.check.title, "since"), lines)


def _plain(found: findings.FindingView) -> dict[str, object]:
    row = {"account": found.account, "name": found.account_name, "check": found.check.slug}
    return row | {"detail": found.detail, "found_at": found.found_at}


def _source(found: queries.SourceQuality) -> tuple[str, ...]:
    heard = f"{found.last_arrival_at:%Y-%m-%d %H:%M}" if found.last_arrival_at else "never"
    late = " (overdue)" if found.is_overdue else ""
    return (
        found.slug,
        heard + late,
        found.cadence_words,
        found.volume_words,
        str(found.open_drifts or ""),
    )
