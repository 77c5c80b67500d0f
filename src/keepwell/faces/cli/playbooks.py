"""Commands on playbooks: read them, put one in force, try one, start one, and see how its runs go."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from keepwell.faces import clock
from keepwell.faces.cli.common import OPERATOR, AsJson, print_json, print_table, read_table
from keepwell.kernel.errors import Invalid, NotFound
from keepwell.kernel.moments import parse_day
from keepwell.plays import declared
from keepwell.plays.actions import dry_runs as dry_deeds
from keepwell.plays.actions import playbooks as deeds
from keepwell.plays.actions import runs as run_deeds
from keepwell.plays.queries import dry_runs, playbooks, runs
from keepwell.plays.queries import results as results_

app = typer.Typer(no_args_is_help=True)
Slug = Annotated[str, typer.Argument(help="The playbook's short name.")]
Account = Annotated[str, typer.Argument(help="The account's key.")]


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """Playbooks by title, with how many runs are going on, ended, and reached their goal."""
    found = playbooks.everything(seen_by=OPERATOR)
    if as_json:
        print_json(found)
        return
    rows = [
        (
            one.slug,
            "yes" if one.active else "no",
            str(one.running),
            str(one.ended),
            str(one.reached),
            one.title,
        )
        for one in found
    ]
    print_table(("playbook", "starts", "running", "ended", "reached", "title"), rows)


@app.command()
def show(slug: Slug, as_json: AsJson = False) -> None:
    """What a playbook says: each step with the working days on which it is due if all goes as written."""
    found = playbooks.find(slug=slug, seen_by=OPERATOR)
    if as_json:
        print_json({"playbook": found, "versions": playbooks.versions(slug=slug)})
        return
    typer.echo(f"{found.title}: {found.sentence}")
    said = declared.read(found.definition, plain=False)
    rows = [
        (step.slug, step.kind, step.role, f"{begins}-{ends}", step.title)
        for step, begins, ends in playbooks.planned(said)
    ]
    print_table(("step", "kind", "role", "days", "title"), rows)


@app.command()
def save(slug: Slug, file: Annotated[Path, typer.Argument(help="TOML or JSON, as a pack has it.")]) -> None:
    """Save a file as the playbook's draft."""
    given = read_table(file, "a playbook")
    title = str(given.pop("title", "")).strip()
    given.pop("slug", None)
    if not title:
        raise Invalid('%(file)s: "title" is missing.', file=file)
    version = deeds.save(slug=slug, title=title, definition=given, by=OPERATOR, at=clock.now())
    typer.echo(f"Version {version.number} of {slug} is saved.")


@app.command()
def publish(slug: Slug) -> None:
    """Put the draft in force; runs that have begun go on by their own version."""
    draft = playbooks.find(slug=slug, seen_by=OPERATOR).draft
    if draft is None:
        raise NotFound('The playbook "%(slug)s" has no draft.', slug=slug)
    deeds.publish(slug=slug, number=draft, by=OPERATOR, at=clock.now())
    typer.echo(f"Version {draft} of {slug} is in force.")


@app.command()
def rest(slug: Slug, wake: Annotated[bool, typer.Option(help="Let it start again.")] = False) -> None:
    """Let nothing start a playbook any more, or again."""
    deed = deeds.wake if wake else deeds.rest
    deed(slug=slug, by=OPERATOR, at=clock.now())
    typer.echo(f"{slug} may start." if wake else f"{slug} rests.")


@app.command("dry-run")
def dry_run(
    slug: Slug,
    account: Account,
    since: Annotated[str, typer.Option(help="The day from which on, YYYY-MM-DD.")],
    draft: Annotated[bool, typer.Option(help="The draft, not what is in force.")] = False,
    as_json: AsJson = False,
) -> None:
    """What it would have done for an account from a past day on, as known then. Nothing is done."""
    number = dry_deeds.ask(
        slug=slug, account=account, since=parse_day(since), draft=draft, by=OPERATOR, at=clock.now()
    )
    dry_deeds.run(dry_run_id=number, at=clock.now())
    found = dry_runs.find(dry_run_id=number, seen_by=OPERATOR)
    if found.found is None:
        raise Invalid("%(error)s", error=found.error)
    if as_json:
        print_json(found)
        return
    rows = [(one["day"], one["what"], one["title"], "; ".join(one["because"])) for one in found.found["days"]]
    print_table(("day", "what", "step", "why"), rows)


@app.command()
def start(
    slug: Slug, account: Account, because: Annotated[str, typer.Option(help="Why; the run says it.")] = ""
) -> None:
    """Start a playbook for an account."""
    number = run_deeds.start(playbook=slug, account=account, because=because, by=OPERATOR, at=clock.now())
    typer.echo(f"Run {number} began.")


@app.command("runs")
def list_runs(slug: Slug, as_json: AsJson = False) -> None:
    """The latest runs of a playbook."""
    playbooks.find(slug=slug, seen_by=OPERATOR)
    found = runs.page(asked=runs.read(playbook=slug), seen_by=OPERATOR, limit=100)
    if as_json:
        print_json(found)
        return
    rows = [
        (
            str(one.id),
            one.account_key,
            _when(one.started_at),
            f"{one.steps_over}/{one.steps_total}",
            one.how or "open",
        )
        for one in found
    ]
    print_table(("run", "account", "began", "steps", "how"), rows)


@app.command()
def results(
    slug: Slug,
    since: Annotated[str, typer.Option(help="Runs begun since this day, YYYY-MM-DD; all without it.")] = "",
    as_json: AsJson = False,
) -> None:
    """How far the steps of its runs got, and how ARR moved while they went. No effect is claimed."""
    day = parse_day(since) if since else None
    found = results_.find(slug=slug, since=day, seen_by=OPERATOR, at=clock.now())
    if as_json:
        print_json(found)
        return
    grown, shrunk = found.grown or "unknown", found.shrunk or "unknown"
    typer.echo(f"{len(found.runs)} runs, {found.ended} ended, goal reached by {found.reached}.")
    typer.echo(f"ARR grew by {grown} at {found.grew} accounts and shrank by {shrunk} at {found.shrank}.")
    rows = [
        (
            one.slug,
            str(one.done),
            ", ".join(f"{how} {many}" for how, many in one.outcomes),
            str(one.going),
            str(one.skipped),
            str(one.failed),
        )
        for one in found.steps
    ]
    print_table(("step", "done", "how", "open", "skipped", "failed"), rows)


def _when(at: datetime) -> str:
    return at.isoformat(timespec="minutes")
