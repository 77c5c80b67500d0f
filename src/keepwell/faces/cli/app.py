"""All commands, under one name."""

from typing import Any

import typer
from typer.core import TyperGroup

from keepwell.faces.cli import (
    access,
    advocacy,
    cadence,
    contracts,
    data,
    export,
    imports,
    incidents,
    journey,
    lake,
    measures,
    numbers,
    organisation,
    packs,
    plans,
    playbooks,
    privacy,
    proving,
    quality,
    records,
    rejections,
    reviews,
    scorecards,
    segments,
    signals,
    triage,
)
from keepwell.kernel import errors


class RefusingGroup(TyperGroup):
    """Shows a refusal as one line on standard error and exit code 1; anything else is our bug and shows as one."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except errors.Refused as refusal:
            typer.echo(refusal.english, err=True)
            raise typer.Exit(1) from None


app = typer.Typer(
    cls=RefusingGroup,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Keepwell: the Customer Success platform that proves its numbers.",
)
app.add_typer(access.users, name="user", help="People who can sign in.")
app.add_typer(access.tokens, name="token", help="Tokens for the REST API.")
app.add_typer(data.sources, name="source", help="Sources that send events, each with a write key.")
app.add_typer(incidents.app, name="incident", help="Incidents, who was told, and autopsies of losses.")
app.add_typer(advocacy.app, name="advocacy", help="Whom one may ask to speak for us, and who was asked.")
app.add_typer(journey.app, name="journey", help="Through which phases customers go, and where they stall.")
app.add_typer(cadence.app, name="cadence", help="How often customers are met beside what is asked.")
app.add_typer(lake.lake, name="lake", help="Is every event there; mend what is damaged.")
app.add_typer(rejections.app, name="rejections", help="What could not be taken: read, replay, dismiss.")
app.add_typer(
    privacy.people, name="person", help="What is known about a customer's person: hand it out, erase it."
)
app.add_typer(records.rows, name="records", help="Rows of facts: tickets, milestones, invoices …")
app.add_typer(
    organisation.app, name="organisation", help="How accounts belong together; mergers, splits, keys."
)
app.add_typer(measures.app, name="measure", help="What is measured: the catalogue, and metrics of your own.")
app.add_typer(segments.app, name="segment", help="Accounts that belong together by a condition.")
app.add_typer(plans.app, name="plan", help="Success plans: how they stand, write one, take a file of them.")
app.add_typer(
    contracts.app, name="contract", help="What was agreed about contracts: renew, expand, reduce, not renew."
)
app.add_typer(reviews.app, name="review", help="Business reviews: decks of a whole book.")
app.add_typer(signals.app, name="rule", help="Rules that watch, and what they noticed.")
app.add_typer(playbooks.app, name="playbook", help="Playbooks: read, try, publish, start; how runs go.")
app.add_typer(scorecards.app, name="card", help="Scorecards: draft, look what changes, publish, go back.")
app.add_typer(scorecards.held, name="override", help="Where somebody says that an account stands.")
app.add_typer(
    triage.app, name="triage", help="Tickets that wait, product gaps by rank, and what triage changed."
)
app.add_typer(
    packs.app, name="pack", help="Practice packs: look what one changes, put it in force, write your own."
)
app.command("import")(imports.import_file)
app.command("undo")(imports.undo)
app.command("score")(numbers.score)
app.command("explain")(numbers.explain)
app.command("metric")(numbers.metric)
app.command("departure")(proving.departure)
app.command("departures")(proving.departed)
app.command("prove")(proving.prove)
app.command("setting")(data.setting)
app.command("assign")(data.assign)
app.command("retract")(data.retract)
app.command("rebuild")(data.rebuild)
app.command("export")(export.export)
app.command("quality")(quality.quality)
app.command("doctor")(data.doctor)
