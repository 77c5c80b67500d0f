"""Write the reference pages from the registries: `python -m keepwell.config.reference docs/reference`."""

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import django
import typer

NOTE = "<!-- Written by `make docs`; a test fails when it is out of date. -->"


def pages() -> dict[str, str]:
    """Every reference page by file name."""
    made: dict[str, Callable[[], Iterable[str]]] = {
        "metrics.md": _metrics,
        "events.md": _events,
        "imports.md": _imports,
        "roles.md": _roles,
        "commands.md": _commands,
        "scorecards.md": _scorecards,
        "data-quality.md": _quality,
        "proofs.md": _proofs,
        "signals.md": _signals,
        "playbooks.md": _playbooks,
    }
    return {name: f"{NOTE}\n\n" + "\n".join(lines()).rstrip() + "\n" for name, lines in made.items()}


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterable[str]:
    yield f"| {' | '.join(headings)} |"
    yield f"|{'---|' * len(headings)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


def _metrics() -> Iterable[str]:
    from keepwell.ledger.catalogue import HIERARCHIES
    from keepwell.metrics.apart import HOWS
    from keepwell.metrics.catalogue import METRICS

    yield "# Metrics"
    yield ""
    yield "Every metric is asked as of the end of a day (UTC); its window is the whole days that end with that day."
    yield ""
    yield from _table(
        ("slug", "what it is", "unit", "window", "better", "unknown"),
        (
            (
                f"`{m.slug}`",
                m.sentence,
                m.unit,
                f"{m.window_days} days" if m.window_days else "all",
                m.better,
                m.unknown_when,
            )
            for m in METRICS.values()
        ),
    )
    yield ""
    yield "## What a definition may say beside its measure"
    yield ""
    yield (
        'Per product, module or site: `per = { of = "props.product", among = ["crm", "mail"] }`. Each value is asked for after '
        "a colon, `active_people:crm`, wherever a metric can be named: over the API, in scorecards, conditions, files. `of` is "
        "`feature`, `source`, `name` or a property of the events."
    )
    yield ""
    yield (
        'From the accounts below: `rollup = { how = "sum", kind = "site" }`. An account with others below it on the day then '
        "answers for all of them; what is known of it alone is asked for as `active_people:own`. Only what is known counts."
    )
    yield ""
    yield from _table(("how", "answers with"), ((f"`{how}`", words) for how, words in HOWS.items()))
    yield ""
    yield f"Kinds of hierarchy: {', '.join(f'`{kind}`' for kind in HIERARCHIES)}; `commercial` where none is said."


def _events() -> Iterable[str]:
    from keepwell.ledger.catalogue import FACTS
    from keepwell.ledger.schema import MEANINGS, STORED, VERSION

    yield "# Events"
    yield ""
    yield (
        "The ledger is open data: a Delta table of Parquet files, in `lake/events` of the data folder or under the address in "
        "`KEEPWELL_LAKE`. Spark, DuckDB, Trino, Polars and whatever else reads Delta read it without Keepwell. Events that "
        f"were taken back still stand in it; `keepwell export` names them. Version {VERSION} of its columns:"
    )
    yield ""
    yield from _table(
        ("column", "type", "meaning"),
        ((f"`{field.name}`", f"`{field.type}`", MEANINGS[field.name]) for field in STORED),
    )
    yield ""
    yield "Names of business facts; any other name is usage:"
    yield ""
    yield from _table(("name", "meaning"), ((f"`{name}`", meaning) for name, meaning in FACTS.items()))


def _imports() -> Iterable[str]:
    from keepwell.intake.kinds import KINDS

    yield "# CSV imports"
    for kind in KINDS.values():
        yield f"\n## {kind.title} (`{kind.slug}`)\n\n{kind.help}\n"
        yield from _table(
            ("field", "needed", "what it is", "headings that are recognised"),
            (
                (f"`{f.slug}`", "yes" if f.required else "", f.help, ", ".join(f"`{a}`" for a in f.aliases))
                for f in kind.fields
            ),
        )
        if kind.derived:
            yield "\nGiven out with each row, and ignored on the way in:\n"
            yield from _table(("field", "what it is"), ((f"`{f.slug}`", f.help) for f in kind.derived))


def _quality() -> Iterable[str]:
    from keepwell.intake.checks import CHECKS, KINDS, MENDERS

    yield "# Data quality checks"
    yield ""
    yield "What is looked for in what is known of each account, by the worker every five minutes."
    for kind, title in KINDS.items():
        yield f"\n## {title}\n"
        yield from _table(
            ("slug", "what is wrong", "severity", "who can mend it", "how"),
            (
                (f"`{c.slug}`", f"{c.title}. {c.sentence}", c.severity, MENDERS[c.mender], c.how)
                for c in CHECKS.values()
                if c.kind == kind
            ),
        )


def _playbooks() -> Iterable[str]:
    from keepwell.hooks import registry
    from keepwell.packs import loading
    from keepwell.plays import declared
    from keepwell.plays.playbook import OF_FLOW
    from keepwell.plays.queries import playbooks
    from keepwell.segments.queries import vocabulary

    yield "# Playbooks"
    yield ""
    yield "Kinds of steps, and what comes with each practice pack. How they are said: [the guide](../guides/playbooks.md)."
    yield "\n## Kinds of steps\n"
    flow = {
        "branch": ("Asks `asks` at once.", "`asks`"),
        "wait": ("Goes on once `asks` holds, or after `days`.", "`asks`"),
    }
    yield from _table(
        ("kind", "what it does", "needs", "may say", "ends as"),
        [
            *(
                (
                    f"`{kind.slug}`",
                    kind.sentence,
                    ", ".join(f"`{key}`" for key in kind.needs),
                    ", ".join(f"`{key}`" for key in kind.may),
                    ", ".join(kind.outcomes),
                )
                for kind in registry.steps().values()
            ),
            *((f"`{slug}`", *flow[slug], "", ", ".join(ways)) for slug, ways in sorted(OF_FLOW.items())),
        ],
    )
    words = vocabulary.shipped()
    for slug in loading.shipped():
        pack = loading.find(slug)
        yield f"\n## {pack.title}"
        for book in pack.playbooks:
            said = declared.read(book.definition, words, plain=False)
            yield f"\n### {book.title} (`{book.slug}`)\n\n{said.sentence}\n"
            starts = [f"the rule `{rule}` fires" for rule in said.starts.rules]
            starts += [f"the phase `{phase}` begins" for phase in said.starts.phases]
            yield f"Starts by hand{''.join(f', when {one}' for one in starts)}. Ends after {said.most_days} days at the latest."
            if said.goal is not None:
                yield f"Goal: {declared.sentence_of(said.goal)}."
            yield ""
            yield from _table(
                ("step", "working days", "whose", "what"),
                (
                    (f"`{step.slug}`", f"{begins} to {ends}", step.role or step.kind, step.title)
                    for step, begins, ends in playbooks.planned(said)
                ),
            )


def _signals() -> Iterable[str]:
    from keepwell.packs import loading
    from keepwell.segments.queries import vocabulary
    from keepwell.signals import declared

    yield "# Signals"
    yield ""
    yield "The rules that come with each practice pack. How rules are said and tried: [the guide](../guides/signals.md)."
    words = vocabulary.shipped()
    for slug in loading.shipped():
        pack = loading.find(slug)
        yield f"\n## {pack.title}\n"
        rows = [(rule, declared.read(rule.definition, words, plain=False)) for rule in pack.rules]
        yield from _table(
            ("slug", "rule", "fires when", "severity", "foretells"),
            (
                (f"`{rule.slug}`", rule.title, f"{told.sentence}.", told.severity, told.foretells)
                for rule, told in rows
            ),
        )


def _proofs() -> Iterable[str]:
    """From the formulas' own words, so that the page says what is computed."""
    import inspect

    from keepwell.health.formulas import proving
    from keepwell.health.formulas.proving import (
        alarms,
        calibration,
        chance,
        figures,
        indicators,
        ranking,
        rivals,
        rows,
        shares,
        verdicts,
    )
    from keepwell.metrics.formulas import spells

    yield "# Proofs"
    yield ""
    yield inspect.getdoc(proving) or ""
    modules = (
        spells,
        rows,
        ranking,
        chance,
        shares,
        alarms,
        calibration,
        rivals,
        indicators,
        verdicts,
        figures,
    )
    for module in modules:
        yield f"\n## {module.__name__.rpartition('.')[2].title()}\n"
        yield inspect.getdoc(module) or ""
        for name, found in inspect.getmembers(module, inspect.isfunction):
            if not name.startswith("_") and found.__module__ == module.__name__:
                yield f"\n**`{name}`**: {inspect.getdoc(found)}"


def _roles() -> Iterable[str]:
    from keepwell.access.roles import ROLES

    yield "# Roles"
    yield ""
    yield from _table(
        ("slug", "title", "sees", "may"),
        (
            (
                f"`{slug}`",
                role.title,
                "every account" if role.sees_everything else "accounts owned by them or their team",
                ", ".join(f"`{name}`" for name in sorted(role.may)) or "read",
            )
            for slug, role in ROLES.items()
        ),
    )


def _commands() -> Iterable[str]:
    from keepwell.config.commands import app

    root = typer.main.get_command(app)
    yield "# Commands"
    for path, command in _leaves("keepwell", root):
        context = typer.Context(command, info_name=path)
        usage = " ".join(command.collect_usage_pieces(context))
        yield f"\n## `{path}`\n\n{command.help}\n\n`{path} {usage}`\n"
        rows = [record for p in command.get_params(context) if (record := p.get_help_record(context))]
        shown = [(f"`{name}`", text) for name, text in rows if "--help" not in name]
        if shown:
            yield from _table(("argument or option", "meaning"), shown)


def _leaves(path: str, command: Any) -> Iterable[tuple[str, Any]]:
    children = getattr(command, "commands", None)
    if children is None:
        yield path, command
        return
    for name in sorted(children):
        yield from _leaves(f"{path} {name}", children[name])


def _scorecards() -> Iterable[str]:
    from keepwell.health import cards
    from keepwell.packs import loading

    yield "# Scorecards of the practice packs"
    for pack in map(loading.find, loading.shipped()):
        for file in pack.scorecards:
            card = cards.read(file.definition)
            yield f"\n## {file.title} (pack `{pack.slug}`)\n"
            yield f"Healthy {card.green}, at risk {card.red}; unknown when less than {card.least_known_percent:g} % is known.\n"
            yield from _table(
                ("part", "metric", "weight", "green", "red", "from"),
                (
                    (
                        p.label,
                        f"`{p.metric.slug}`",
                        f"{p.weight:g} %",
                        str(p.scale.green),
                        str(p.scale.red),
                        p.source,
                    )
                    for p in card.parts
                ),
            )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keepwell.config.settings")
    django.setup()
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text)
