"""Commands on incidents: read them, and look back on customers that left."""

from datetime import datetime
from typing import Annotated, Any

import typer

from keepwell.faces import clock
from keepwell.faces.cli.common import OPERATOR, AsJson, print_json, print_table
from keepwell.plays.actions import autopsies as looking_back
from keepwell.plays.queries import autopsies, incidents, war_room

app = typer.Typer(no_args_is_help=True)


@app.command("list")
def listing(
    closed: Annotated[bool, typer.Option(help="The last closed ones instead.")] = False,
    as_json: AsJson = False,
) -> None:
    """Open incidents, the shortest clock first."""
    found = incidents.recently_closed(seen_by=OPERATOR) if closed else incidents.open_ones(seen_by=OPERATOR)
    if as_json:
        print_json([_told(one) for one in found])
        return
    rows = [(str(one.id), one.account_name, one.title, _when(one.due_at)) for one in found]
    print_table(("incident", "account", "what", "next due"), rows)


@app.command()
def show(incident: int) -> None:
    """One incident: its clocks, who was told, and what happened, the latest first."""
    found = war_room.find(incident_id=incident, seen_by=OPERATOR)
    clocks = [(one.title, one.counts, _when(one.due_at), _when(one.met_at)) for one in found.clocks]
    print_table(("clock", "counted in", "due", "met"), clocks)
    told = [(_when(one.at), one.kind, one.role, one.name or "nobody") for one in found.tellings]
    print_table(("told at", "why", "role", "who"), told)
    happened = [(_when(one.at), one.kind, one.who, one.text) for one in found.happened]
    print_table(("at", "what", "who", "words"), happened)


@app.command("autopsies")
def listing_autopsies(as_json: AsJson = False) -> None:
    """Customers that left within a year, and what became of the alarm. Writes what is missing first."""
    looking_back.look(at=clock.now())
    found = autopsies.everything(seen_by=OPERATOR)
    if as_json:
        print_json(
            [
                {"account": one.account_key, "left_on": one.left_on.isoformat(), **one.findings}
                for one in found
            ]
        )
        return
    rows = [
        (
            one.account_key,
            one.left_on.isoformat(),
            one.missed,
            "" if one.lead_days is None else str(one.lead_days),
        )
        for one in found
    ]
    print_table(("account", "left on", "alarm", "days of lead"), rows)


def _told(one: incidents.IncidentView) -> dict[str, Any]:
    return {
        "id": one.id,
        "account": one.account_key,
        "title": one.title,
        "due_at": _when(one.due_at),
        "open": one.open,
        "cause_kind": one.cause_kind,
    }


def _when(at: datetime | None) -> str:
    return at.isoformat(timespec="minutes") if at else ""
