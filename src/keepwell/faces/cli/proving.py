"""Commands that prove a scorecard on the company's own past."""

from pathlib import Path
from typing import Annotated

import typer

from keepwell.drafting import proof_report
from keepwell.faces import clock
from keepwell.faces.cli.common import OPERATOR, AsJson, print_json, print_table, read_table
from keepwell.health import verdicts
from keepwell.health.actions import proofs as deeds
from keepwell.health.queries import proofs
from keepwell.kernel import errors
from keepwell.kernel.moments import end_of, parse_day
from keepwell.metrics.actions import departures as declarations
from keepwell.metrics.queries import departures


def departure(
    kind: Annotated[str, typer.Argument(help="contract_end, silence or told.")],
    days: Annotated[
        int | None,
        typer.Option(help="Of silence; or how late a next contract may begin after one ended."),
    ] = None,
    events: Annotated[
        Path | None,
        typer.Option(help="TOML or JSON with a condition: which events break the silence; else any use."),
    ] = None,
) -> None:
    """Say when a customer counts as gone."""
    given: dict[str, object] = {"kind": kind}
    if events is not None:
        given["events"] = read_table(events, "a condition over events")
    if days is not None:
        given["grace_days" if kind == "contract_end" else "days"] = days
    typer.echo(declarations.declare(definition=given, by=OPERATOR, at=clock.now()).sentence)


def departed(
    as_of: Annotated[str | None, typer.Option(help="By which day (YYYY-MM-DD); today.")] = None,
    known_at: Annotated[
        str | None, typer.Option(help="As known at the end of this day (YYYY-MM-DD); now.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say who has left, as departure is declared."""
    found = departures.found(
        departure=departures.declared(),
        until=clock.now().date() if as_of is None else parse_day(as_of),
        known_by=None if known_at is None else end_of(parse_day(known_at)),
        seen_by=OPERATOR,
    )
    if as_json:
        print_json(found)
        return
    typer.echo(f"Until {found.until}: {len(found.left):,} left, {found.customers:,} are customers.")
    rows = [(row.key, row.name, str(row.since), str(row.onset_on), str(row.left_on)) for row in found.left]
    print_table(("account", "name", "customer since", "leaving began", "left"), rows)


def prove(
    card: Annotated[str, typer.Argument(help="A scorecard's slug.")],
    version: Annotated[int | None, typer.Option(help="Which version; the newest if left out.")] = None,
    horizon: Annotated[int | None, typer.Option(help="How many days ahead departure is foretold.")] = None,
    step: Annotated[int, typer.Option(help="How many days the replayed days are apart: 7, 14, 28.")] = 28,
    since: Annotated[str | None, typer.Option(help="The first replayed day (YYYY-MM-DD).")] = None,
    until: Annotated[str | None, typer.Option(help="The last day to go by (YYYY-MM-DD).")] = None,
    against: Annotated[
        int | None, typer.Option(help="Another version to replay beside it; the published one if left out.")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Write the report to this PDF file.")] = None,
    as_json: AsJson = False,
) -> None:
    """Replay a scorecard over the past, each day as known then, and say how well it told who would leave."""
    proof_id = deeds.ask(
        slug=card,
        number=version,
        horizon_days=horizon,
        step_days=step,
        since=None if since is None else parse_day(since),
        until=None if until is None else parse_day(until),
        against=against,
        by=OPERATOR,
        at=clock.now(),
    )
    deeds.run(proof_id=proof_id, at=clock.now())
    found = proofs.find(proof_id=proof_id, seen_by=OPERATOR)
    if found.figures is None:
        raise errors.Refused(found.error or "Another worker carries this proof; ask again.")
    if report is not None:
        report.write_bytes(proof_report.pdf(found, at=clock.now()))
    if as_json:
        print_json(found)
        return
    typer.echo(verdicts.sentence(found.figures))
    typer.echo(verdicts.warning(found.figures))
    rivals = [
        (
            rival["title"],
            *((_area(rival["area"]), _gain(rival)) if rival["told"] else ("too little to rank", "")),
        )
        for rival in found.figures["rivals"]
    ]
    print_table(
        ("", "AUC (95 % by account)", "card minus this"),
        [(f"{found.title}, version {found.number}", _area(found.figures["area"]), ""), *rivals],
    )


def _area(area: dict[str, float | None]) -> str:
    if area["auc"] is None:
        return "–"
    return f"{area['auc']:.3f} [{area['low'] or 0:.3f}, {area['high'] or 0:.3f}]"


def _gain(rival: dict[str, float | None]) -> str:
    sure = "" if rival["low"] is None else f" [{rival['low']:+.3f}, {rival['high']:+.3f}]"
    return f"{rival['difference']:+.3f}{sure}"
