"""Commands that ask for numbers as of a day."""

from datetime import date
from typing import Annotated

import typer

from keepwell.faces import asked, clock
from keepwell.faces.cli.common import OPERATOR, AsJson, print_json, print_table
from keepwell.health.queries import applying, explaining, raising, seen
from keepwell.kernel.moments import parse_day
from keepwell.ledger.queries import accounts

AsOf = Annotated[
    str | None, typer.Option(help="Day (YYYY-MM-DD) at whose end the question is asked; today if left out.")
]
KnownAt = Annotated[
    str | None,
    typer.Option(help="Count only what Keepwell knew by the end of this day; as known now if left out."),
]
APPLIES = {True: "yes", False: "no", None: "cannot be told"}


def score(
    account: Annotated[str | None, typer.Argument(help="Account key; all accounts if left out.")] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    lowest: Annotated[int | None, typer.Option(help="Only so many, the riskiest first.", min=1)] = None,
    as_json: AsJson = False,
) -> None:
    """Health scores as of a day, the riskiest first, each with its reasons."""
    rows = asked.scores(
        as_of=_day(as_of),
        known_at=_maybe(known_at),
        accounts=[account] if account else None,
        seen_by=OPERATOR,
    )[:lowest]
    if as_json:
        print_json(rows)
    else:
        print_table(
            ("score", "range", "known", "band", "account", "name", "because"), [_line(row) for row in rows]
        )


def explain(
    account: Annotated[str, typer.Argument(help="Account key.")],
    since: Annotated[str, typer.Option(help="The earlier day, YYYY-MM-DD.")],
    until: Annotated[str | None, typer.Option(help="The later day; today if left out.")] = None,
    as_json: AsJson = False,
) -> None:
    """Why a score moved between two days: causes whose points add up; and what would raise it most."""
    found = accounts.find(key=account, seen_by=OPERATOR)
    view = explaining.change(account_id=found.id, seen_by=OPERATOR, since=parse_day(since), until=_day(until))
    now = seen.today(account_id=found.id, seen_by=OPERATOR)
    raises, judging = raising.most(now), applying.cards(now)
    if as_json:
        told = {"raises": [vars(one) for one in raises], "cards": [vars(one) for one in judging]}
        print_json(explaining.plain(view) | told)
        return
    typer.echo(f"From {_points(view.before)} on {view.since} to {_points(view.after)} on {view.until}.")
    rows = [(_points(c.change, "+"), explaining.TITLES[c.kind], c.words) for c in view.causes]
    print_table(("points", "cause", "what happened"), rows)
    typer.echo("")
    print_table(
        ("points", "would raise it", "to"),
        [(_points(one.found.gain, "+"), one.found.label, one.target) for one in raises],
    )
    if len(judging) > 1:
        typer.echo("\nOf the scorecards that apply the first judges.")
        print_table(
            ("points", "band", "scorecard", "applies"),
            [(_points(one.points), one.band, one.title, APPLIES[one.applies]) for one in judging],
        )


def _points(points: float | None, sign: str = "") -> str:
    return "–" if points is None else f"{points:{sign}.1f}"


def metric(
    slug: Annotated[str, typer.Argument(help="A metric's slug, for instance active_people.")],
    account: Annotated[str | None, typer.Option(help="Account key; all accounts if left out.")] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
) -> None:
    """One metric of every account as of a day; unknown is said, never zero."""
    rows = asked.metric(
        slug=slug,
        as_of=_day(as_of),
        known_at=_maybe(known_at),
        accounts=[account] if account else None,
        seen_by=OPERATOR,
    )
    if as_json:
        print_json(rows)
    else:
        lines = [
            (row.account, row.name, "" if row.value is None else f"{row.value:g}", row.unknown or "")
            for row in rows
        ]
        print_table(("account", "name", slug, "unknown because"), lines)


def _day(text: str | None) -> date:
    return clock.today() if text is None else parse_day(text)


def _maybe(text: str | None) -> date | None:
    return None if text is None else parse_day(text)


def _line(row: asked.ScoreRow) -> tuple[str, ...]:
    points = "–" if row.points is None else f"{row.points:.0f}"
    spread = f"{row.low:.0f}–{row.high:.0f}"
    return (points, spread, f"{row.known_weight:.0f} %", row.band, row.account, row.name, _because(row))


def _because(row: asked.ScoreRow) -> str:
    """The red and yellow parts by what they cost, then what is unknown."""
    costly = sorted(
        (part for part in row.parts if part.points is not None and part.points < 100),
        key=lambda part: -part.weight * (100 - (part.points or 0)),
    )
    said = [f"{part.label} {part.value:g} {part.unit}".strip() for part in costly if part.value is not None]
    unknown = [part.label for part in row.parts if part.points is None]
    return "; ".join(said + ([f"unknown: {', '.join(unknown)}"] if unknown else []))
