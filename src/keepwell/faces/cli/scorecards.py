"""Commands on scorecards and overrides."""

from pathlib import Path
from typing import Annotated

import typer

from keepwell.faces import clock
from keepwell.faces.cli.common import OPERATOR, AsJson, print_json, print_table
from keepwell.health import cards as definitions
from keepwell.health import differences, texts
from keepwell.health.actions import overrides as override_deeds
from keepwell.health.actions import rollups as rollup_deeds
from keepwell.health.actions import scorecards as deeds
from keepwell.health.queries import cards, overrides, previews, rollups
from keepwell.kernel.errors import NotFound
from keepwell.kernel.moments import parse_day
from keepwell.pipeline import actions as pipeline

app = typer.Typer(no_args_is_help=True)
held = typer.Typer(no_args_is_help=True)
Slug = Annotated[str, typer.Argument(help="The scorecard's short name.")]
Account = Annotated[str, typer.Argument(help="Account key.")]


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """Scorecards, those that judge first and in their order."""
    found = cards.everything()
    if as_json:
        print_json(found)
        return
    lines = [
        (str(c.place or ""), c.slug, c.title, str(c.published or ""), str(c.draft.number if c.draft else ""))
        for c in found
    ]
    print_table(("place", "scorecard", "title", "version", "draft"), lines)


@app.command("show")
def show(slug: Slug, version: Annotated[int | None, typer.Option(help="Which version.")] = None) -> None:
    """A version as TOML, as a practice pack has it; the one in force when none is named."""
    view = cards.find(slug=slug)
    shown = view.version(version or view.published or view.versions[0].number)
    typer.echo(texts.write(view.slug, view.title, shown.definition), nl=False)


@app.command("draft")
def draft(file: Annotated[Path, typer.Argument(help="A scorecard in TOML.", exists=True)]) -> None:
    """Save a file as the scorecard's draft; it judges nobody until it is published."""
    slug, title, definition = texts.read(file.read_text(encoding="utf-8"))
    saved = deeds.save(slug=slug, title=title, definition=definition, by=OPERATOR, at=clock.now())
    typer.echo(
        f"Draft saved as version {saved.number} of {slug}. See what it would change: keepwell card preview {slug}"
    )


@app.command("preview")
def preview(slug: Slug, as_json: AsJson = False) -> None:
    """What publishing the draft would change: who would stand in another band."""
    view = cards.find(slug=slug)
    if view.draft is None:
        raise NotFound("%(slug)s has no draft.", slug=slug)
    found = previews.of(slug=slug, definition=view.draft.definition, seen_by=OPERATOR)
    if as_json:
        print_json(found)
        return
    if view.published:
        before = definitions.read(view.version(view.published).definition)
        for line in differences.between(before, definitions.read(view.draft.definition)):
            typer.echo(line)
    lines = [(m.before or "none", m.after or "none", m.key, m.name, str(m.arr or "")) for m in found.moved]
    print_table(("now", "then", "account", "name", "ARR"), lines)
    typer.echo(f"{len(found.moved)} of {found.accounts} customers would stand in another band.")


@app.command("publish")
def publish(slug: Slug) -> None:
    """Put the draft in force from today on."""
    view = cards.find(slug=slug)
    if view.draft is None:
        raise NotFound("%(slug)s has no draft.", slug=slug)
    deeds.publish(slug=slug, number=view.draft.number, by=OPERATOR, at=clock.now())
    pipeline.advance(at=clock.now())
    typer.echo(f"Version {view.draft.number} of {slug} is in force.")


@app.command("rollback")
def rollback(slug: Slug, version: Annotated[int, typer.Argument(help="To which version.")]) -> None:
    """Publish what an earlier version said, as a new version."""
    made = deeds.roll_back(slug=slug, number=version, by=OPERATOR, at=clock.now())
    pipeline.advance(at=clock.now())
    typer.echo(f"Version {made.number} of {slug} says what version {version} said, and is in force.")


@app.command("order")
def order(
    slugs: Annotated[list[str] | None, typer.Argument(help="The scorecards that judge, first first.")] = None,
) -> None:
    """Say which scorecards judge from today on, in which order; without any, tell the order."""
    if slugs:
        deeds.put_in_order(order=slugs, by=OPERATOR, at=clock.now())
        pipeline.advance(at=clock.now())
    typer.echo(" ".join(cards.order()) or "No scorecard judges yet.")


@app.command("rollup")
def rollup(
    function: Annotated[str, typer.Argument(help="worst, arr_weighted or mean.")] = "",
) -> None:
    """Say by which function the health of parents is told; without one, tell which it is."""
    if function:
        rollup_deeds.choose(function=function, by=OPERATOR, at=clock.now())
    typer.echo(rollups.function())


@held.command("list")
def list_overrides(as_json: AsJson = False) -> None:
    """Overrides that hold now, the next to expire first."""
    found = overrides.holding(seen_by=OPERATOR)
    if as_json:
        print_json(found)
        return
    lines = [(o.account, o.band, str(o.expires_on), o.by, o.score_band, o.reason) for o in found]
    print_table(("account", "band", "until", "by", "the score said", "reason"), lines)


@held.command("set")
def set_(
    account: Account,
    band: Annotated[str, typer.Argument(help="green, yellow or red.")],
    reason: Annotated[str, typer.Option(help="Why.")],
    until: Annotated[str, typer.Option(help="The last day on which it holds, 90 days ahead at most.")],
    points: Annotated[float | None, typer.Option(help="Points, when they are to be other than none.")] = None,
) -> None:
    """Say where an account stands, whatever its score says."""
    override_deeds.override(
        account=account, band=band, points=points, reason=reason, expires_on=parse_day(until), by=OPERATOR,
        at=clock.now(),
    )  # fmt: skip
    pipeline.advance(at=clock.now())
    typer.echo(f"{account} stands in {band} until {until}.")


@held.command("end")
def end(account: Account, reason: Annotated[str, typer.Option(help="Why.")] = "") -> None:
    """End an account's override before its day."""
    override_deeds.end(account=account, reason=reason, by=OPERATOR, at=clock.now())
    pipeline.advance(at=clock.now())
    typer.echo(f"{account} stands where its score puts it.")
