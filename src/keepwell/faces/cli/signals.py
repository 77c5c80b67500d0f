"""Commands on rules and signals."""

from typing import Annotated

import typer

from keepwell.faces import clock
from keepwell.faces.cli.common import OPERATOR, AsJson, print_json, print_table
from keepwell.kernel.errors import NotFound
from keepwell.pipeline import actions as pipeline
from keepwell.plays.actions import budgets as counting
from keepwell.plays.actions import responses
from keepwell.plays.queries import budgets
from keepwell.signals.actions import rehearsals as rehearsing
from keepwell.signals.actions import rules as deeds
from keepwell.signals.queries import answers, firings, rehearsals, rules

app = typer.Typer(no_args_is_help=True)
Slug = Annotated[str, typer.Argument(help="The rule's short name.")]


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """Rules, the gravest first, with of how many accounts each holds and how often it fired within 28 days."""
    found = rules.everything(seen_by=OPERATOR, at=clock.now())
    if as_json:
        print_json(found)
        return
    lines = [
        (r.slug, r.severity, "yes" if r.active else "no", str(r.holds), str(r.fired), str(r.unknown or ""))
        for r in found
    ]
    print_table(("rule", "severity", "watches", "holds", "fired", "unknown"), lines)


@app.command("show")
def show(slug: Slug, as_json: AsJson = False) -> None:
    """What a rule says, its versions, and of which accounts it holds."""
    now = clock.now()
    found = rules.find(slug=slug, seen_by=OPERATOR, at=now)
    holding = firings.of_rule(slug=slug, seen_by=OPERATOR, now=now, state="holding", limit=1000)
    if as_json:
        print_json({"rule": found, "versions": rules.versions(slug=slug), "holding": holding})
        return
    typer.echo(f"{found.title}: fires when {found.sentence}.")
    lines = [
        (str(one.id), one.account_key, one.at.isoformat(timespec="minutes"), "; ".join(one.because))
        for one in holding
    ]
    print_table(("signal", "account", "since", "why"), lines)


@app.command("publish")
def publish(slug: Slug) -> None:
    """Let the draft watch from now on."""
    found = rules.find(slug=slug, seen_by=OPERATOR, at=clock.now())
    if found.draft is None:
        raise NotFound("%(rule)s has no draft.", rule=slug)
    deeds.publish(slug=slug, number=found.draft, by=OPERATOR, at=clock.now())
    pipeline.advance(at=clock.now())
    typer.echo(f"Version {found.draft} of {slug} watches.")


@app.command("rest")
def rest(slug: Slug, wake: Annotated[bool, typer.Option(help="Let it watch again.")] = False) -> None:
    """Let a rule watch no more, or again."""
    deed = deeds.wake if wake else deeds.rest
    deed(slug=slug, by=OPERATOR, at=clock.now())
    typer.echo(f"{slug} watches again." if wake else f"{slug} rests.")


@app.command("rehearse")
def rehearse(
    slug: Slug,
    step_days: Annotated[int, typer.Option(help="How far apart the replayed days are: 1, 7, 14 or 28.")] = 7,
    horizon_days: Annotated[int, typer.Option(help="How far after an alarm an outcome counts.")] = 90,
    as_json: AsJson = False,
) -> None:
    """Run the newest version over the past year, and wait for what it would have done."""
    number = rehearsing.ask(
        slug=slug, step_days=step_days, horizon_days=horizon_days, by=OPERATOR, at=clock.now()
    )
    rehearsing.run(rehearsal_id=number, at=clock.now())
    found = rehearsals.find(rehearsal_id=number, seen_by=OPERATOR)
    if as_json:
        print_json(found)
        return
    if found.figures is None:
        typer.echo(found.error)
        raise typer.Exit(1)
    names = ("alarms", "accounts", "a_week_per_csm", "settled", "right", "came", "caught")
    print_table(("figure", "value"), [(name, str(found.figures[name])) for name in names])


@app.command("snooze")
def snooze(
    signal: Annotated[int, typer.Argument(help="The signal's number, as `rule show` says.")],
    days: Annotated[int, typer.Option(help="For how many days; 0 takes it back.")] = 7,
    reason: Annotated[str, typer.Option(help="Why.")] = "",
) -> None:
    """Put a rule off on an account for everybody, or take that back."""
    if days:
        responses.put_off(firing_id=signal, days=days, note=reason, by=OPERATOR, at=clock.now())
        typer.echo(f"Signal {signal} is put off for {days} days.")
    else:
        responses.wake(firing_id=signal, by=OPERATOR, at=clock.now())
        typer.echo(f"Signal {signal} is heard again.")


@app.command("account")
def account(key: Annotated[str, typer.Argument(help="Account key.")], as_json: AsJson = False) -> None:
    """What every rule says of an account: it fires, is quiet, or cannot be told, and what is missing."""
    found = answers.of_account(key=key, seen_by=OPERATOR)
    if as_json:
        print_json(found)
        return
    lines = [(one.rule, one.state, ", ".join(one.missing) or "; ".join(one.because)) for one in found]
    print_table(("rule", "says", "why"), lines)


@app.command("budget")
def budget(as_json: AsJson = False) -> None:
    """Count what each rule's alarms were worth over a year, and which rules should rest."""
    counting.count(at=clock.now())
    found = budgets.everything(seen_by=OPERATOR)
    if as_json:
        print_json(found)
        return
    names = ("alarms", "settled", "right", "told", "answered", "acted")
    lines = [
        (one.slug, *(str((one.figures or {}).get(name, "")) for name in names), " ".join(one.retire))
        for one in found
    ]
    print_table(("rule", *names, "should rest because"), lines)
