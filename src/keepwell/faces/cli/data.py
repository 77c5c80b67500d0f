"""Commands about sources, settings and the state of the house."""

import json
from typing import Annotated

import typer

from keepwell.faces import clock
from keepwell.faces.cli.common import OPERATOR, AsJson, print_json, print_table
from keepwell.intake.actions import sources as source_actions
from keepwell.intake.actions import volumes, vouching
from keepwell.intake.queries import sources as source_queries
from keepwell.intake.queries import vouchings
from keepwell.kernel import errors
from keepwell.ledger.actions import accounts, retractions
from keepwell.metrics.actions import settings as metric_settings
from keepwell.pipeline import actions as pipeline
from keepwell.pipeline.queries import doctor as checks

sources = typer.Typer(no_args_is_help=True)


@sources.command("create")
def create_source(
    name: Annotated[str, typer.Argument(help="A short name: lower-case letters, digits, hyphens.")],
    vouch: Annotated[
        bool, typer.Option(help="Its events were known when they happened, also those sent late.")
    ] = False,
) -> None:
    """Print the write key of a new source. It is shown this once."""
    typer.echo(source_actions.create(slug=name, name=name, vouches=vouch, by=OPERATOR, at=clock.now()))


@sources.command("list")
def list_sources(as_json: AsJson = False) -> None:
    """Every source and when it was last heard."""
    found = source_queries.all_sources(seen_by=OPERATOR)
    if as_json:
        print_json(found)
    else:
        lines = [
            (s.slug, s.write_key_prefix + "…", "yes" if s.vouches else "no", str(s.last_event_at or "never"))
            for s in found
        ]
        print_table(("source", "write key", "vouches", "last event"), lines)


@sources.command("cadence")
def declare_cadence(
    name: Annotated[str, typer.Argument(help="The source's slug.")],
    every: Annotated[
        str, typer.Argument(help="How long it may be silent: 6h, 2d; never: nothing is expected; learned.")
    ],
) -> None:
    """Say how often a source sends; without that it is learned from its past."""
    hours = _hours(every)
    volumes.declare_cadence(slug=name, hours=hours, by=OPERATOR, at=clock.now())
    typer.echo(f"{name}: {every}")


def _hours(text: str) -> int | None:
    if text in ("learned", "never"):
        return None if text == "learned" else 0
    number, unit = text[:-1], text[-1:]
    if not number.isdecimal() or unit not in ("h", "d"):
        raise errors.Invalid('"%(text)s" is no cadence. Write 6h, 2d, never or learned.', text=text)
    return int(number) * (24 if unit == "d" else 1)


@sources.command("vouch")
def vouch(
    name: Annotated[str, typer.Argument(help="The source's short name.")],
    no_longer: Annotated[bool, typer.Option("--no-longer", help="Take it back, from now on.")] = False,
    note: Annotated[str, typer.Option(help="Why it can be believed.")] = "",
) -> None:
    """Say that a source's events were known when they happened, from now on."""
    vouching.switch(slug=name, vouches=not no_longer, by=OPERATOR, at=clock.now(), said=note)
    typer.echo(f"{name} {'no longer vouches' if no_longer else 'vouches'}.")


@sources.command("vouched")
def vouched(as_json: AsJson = False) -> None:
    """How much of each source's history rests on somebody's word, and whose."""
    shares, said = vouchings.shares(seen_by=OPERATOR), vouchings.said(seen_by=OPERATOR)
    if as_json:
        print_json({"shares": shares, "said": said})
        return
    print_table(
        ("source", "events", "vouched", "%"),
        [(s.source, f"{s.events:,}", f"{s.vouched:,}", f"{s.percent:.1f}") for s in shares],
    )
    for one in said:
        what = one.file_name or "all that it sends"
        typer.echo(
            f"  {one.at:%Y-%m-%d %H:%M}: {one.by} {'vouched' if one.vouches else 'no longer vouches'} "
            f"for {what} of {one.source}. {one.note}"
        )


def setting(
    metric: Annotated[str, typer.Argument(help="A metric's slug, for instance core_feature_adoption.")],
    values: Annotated[
        list[str], typer.Argument(help="NAME=VALUE; a list is written with commas: features=login,export")
    ],
) -> None:
    """Set what a metric needs to know about this company, and compute the scores anew."""
    parameters: dict[str, object] = {}
    for text in values:
        name, sign, value = text.partition("=")
        if not sign:
            raise errors.Invalid('"%(text)s" is not understood. Write NAME=VALUE.', text=text)
        parameters[name] = [part.strip() for part in value.split(",") if part.strip()]
    metric_settings.save(metric=metric, parameters=parameters, by=OPERATOR, at=clock.now())
    pipeline.advance(at=clock.now())
    typer.echo(f"{metric}: {json.dumps(parameters)}")


def assign(
    account: Annotated[str, typer.Argument(help="Account key.")],
    email: Annotated[str, typer.Argument(help="E-mail address of somebody who can sign in.")],
    role: Annotated[str, typer.Option(help="In which role they look after it.")] = "csm",
) -> None:
    """Make somebody the owner of an account; whoever was it before keeps the history."""
    accounts.assign_by_email(key=account, email=email, role=role, by=OPERATOR, at=clock.now())
    typer.echo(f"{email} looks after {account} as {role}.")


def retract(
    event: Annotated[
        str, typer.Argument(help="The event's id (my-app:123), or its key of 32 digits as export shows it.")
    ],
) -> None:
    """Take an event back: from now on it does not count; what was known before stays what it was."""
    retractions.take_back(event_id=event, by=OPERATOR, at=clock.now())
    pipeline.advance(at=clock.now())
    typer.echo(f"{event} no longer counts.")


def rebuild() -> None:
    """Compute every stored number anew from the whole ledger."""
    done = pipeline.rebuild(at=clock.now())
    typer.echo(f"Rebuilt; {done.events:,} waiting events were carried to the lake first.")


def doctor(as_json: AsJson = False) -> None:
    """Look at database, lake and numbers; exit code 1 when something needs mending."""
    found = checks.examine(at=clock.now())
    if as_json:
        print_json(found)
    else:
        print_table(("", "check", "found"), [("ok" if c.ok else "!!", c.name, c.found) for c in found])
    if not all(check.ok for check in found):
        raise typer.Exit(1)
