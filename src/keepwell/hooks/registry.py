"""Who answers the hooks: the stages, and installed packages that declare the entry point `keepwell.plugins`."""

from functools import cache

import pluggy

from keepwell.hooks.columns import Columns
from keepwell.hooks.erasers import Eraser
from keepwell.hooks.rhythms import Rhythms
from keepwell.hooks.searchables import Few, Searchable
from keepwell.hooks.specs import NAME, Specs
from keepwell.hooks.steps import StepKind
from keepwell.hooks.uses import Use
from keepwell.hooks.waiting import Source

ENTRY_POINTS = "keepwell.plugins"


@cache
def manager() -> pluggy.PluginManager:
    """The one register of this process, with what installed packages bring."""
    found = pluggy.PluginManager(NAME)
    found.add_hookspecs(Specs)
    found.load_setuptools_entrypoints(ENTRY_POINTS)
    found.check_pending()
    return found


def register(plugin: object) -> None:
    """Let a module or object answer the hooks; once is enough, and twice does no harm."""
    if not manager().is_registered(plugin):
        manager().register(plugin)


def unregister(plugin: object) -> None:
    """Ask it no more."""
    manager().unregister(plugin)


def erasers() -> tuple[Eraser, ...]:
    """Every eraser by its slug, whatever the order in which plug-ins were registered."""
    found = [eraser for answer in manager().hook.erasers() for eraser in answer]
    slugs = [eraser.slug for eraser in found]
    if twice := sorted({slug for slug in slugs if slugs.count(slug) > 1}):
        raise ValueError(f"two erasers have the slug {', '.join(twice)}")
    return tuple(sorted(found, key=lambda eraser: eraser.slug))


def columns() -> tuple[Columns, ...]:
    """Everything that conditions may ask about beyond facts and metrics, in the order of names."""
    found = [columns for answer in manager().hook.columns() for columns in answer]
    return tuple(sorted(found, key=lambda columns: columns.declared[0].slug))


def uses() -> tuple[Use, ...]:
    """Everything that rests on metrics and segments, by key."""
    return tuple(sorted((use for answer in manager().hook.uses() for use in answer), key=lambda use: use.key))


def waiting() -> tuple[Source, ...]:
    """Every source of Today by its slug, whatever the order in which plug-ins were registered."""
    found = [source for answer in manager().hook.waiting() for source in answer]
    slugs = [source.slug for source in found]
    if twice := sorted({slug for slug in slugs if slugs.count(slug) > 1}):
        raise ValueError(f"two sources of Today have the slug {', '.join(twice)}")
    return tuple(sorted(found, key=lambda source: source.slug))


def searchables() -> tuple[Searchable, ...]:
    """Everything whose rows people search for, by slug."""
    found = [one for answer in manager().hook.searchables() for one in answer]
    return tuple(sorted(found, key=lambda one: one.slug))


def few() -> tuple[Few, ...]:
    """What else people search for, by slug."""
    return tuple(sorted((one for answer in manager().hook.few() for one in answer), key=lambda one: one.slug))


def rhythms() -> Rhythms | None:
    """Who says whether customers are met as often as is asked; None where nobody does."""
    found = [one for answer in manager().hook.rhythms() for one in answer]
    if len(found) > 1:
        raise ValueError("two plug-ins say whether customers are met as often as is asked")
    return found[0] if found else None


def steps() -> dict[str, StepKind]:
    """Every kind of step by its slug, whatever the order in which plug-ins were registered."""
    found = [kind for answer in manager().hook.steps() for kind in answer]
    slugs = [kind.slug for kind in found]
    if twice := sorted({slug for slug in slugs if slugs.count(slug) > 1}):
        raise ValueError(f"two kinds of steps have the slug {', '.join(twice)}")
    return {kind.slug: kind for kind in sorted(found, key=lambda kind: kind.slug)}
