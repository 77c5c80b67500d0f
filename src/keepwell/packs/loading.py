"""Read a pack's folder of TOML files; whatever is wrong is named by file, place and what is allowed there."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keepwell.access.roles import ROLES
from keepwell.health import cards
from keepwell.kernel import slugs
from keepwell.kernel.errors import Invalid, NotFound, Refused
from keepwell.signals import conditions

SHIPPED = Path(__file__).parent
PACK_KEYS = ("slug", "title", "sentence", "order")
RULE_KEYS = ("slug", "sentence", "condition", "opens")
CONDITION_KEYS = ("kind", "from", "to")
OPENS_KEYS = ("title", "clock_hours", "tasks")
TASK_KEYS = ("title", "role", "hours")


@dataclass(frozen=True)
class ScorecardFile:
    """A scorecard as a pack states it."""

    slug: str
    title: str
    definition: dict[str, Any]


@dataclass(frozen=True)
class RuleFile:
    """A rule as a pack states it."""

    slug: str
    sentence: str
    definition: dict[str, Any]


@dataclass(frozen=True)
class Pack:
    """A practice pack: what it is for, its scorecards and in which order they judge, its rules."""

    slug: str
    title: str
    sentence: str
    order: tuple[str, ...]
    scorecards: tuple[ScorecardFile, ...]
    rules: tuple[RuleFile, ...]


def shipped() -> tuple[str, ...]:
    """The slugs of the packs that come with Keepwell."""
    return tuple(sorted(path.parent.name for path in SHIPPED.glob("*/pack.toml")))


def find(slug: str) -> Pack:
    """A shipped pack by its slug."""
    if slug not in shipped():
        raise NotFound(f'There is no practice pack "{slug}". There are {", ".join(shipped())}.')
    return load(SHIPPED / slug)


def load(folder: Path) -> Pack:
    """The pack in a folder: pack.toml, scorecards/*.toml, rules/*.toml."""
    given = _table(folder / "pack.toml", folder)
    with _In("pack.toml"):
        _only(given, PACK_KEYS, "the pack")
        texts = {key: _text(given, key, "the pack") for key in ("slug", "title", "sentence")}
        order = _order(given)
    scorecards = tuple(_scorecard(path, folder) for path in sorted(folder.glob("scorecards/*.toml")))
    rules = tuple(_rule(path, folder) for path in sorted(folder.glob("rules/*.toml")))
    for slug in order:
        if slug not in {card.slug for card in scorecards}:
            known = ", ".join(card.slug for card in scorecards) or "none"
            raise Invalid(f'pack.toml: scorecard "{slug}" is in none of the files. There are: {known}.')
    return Pack(**texts, order=order, scorecards=scorecards, rules=rules)


def _order(given: Mapping[str, Any]) -> tuple[str, ...]:
    found = given.get("order")
    if not isinstance(found, list) or not found or not all(isinstance(slug, str) for slug in found):
        raise Invalid('the pack: "order" must be a list of scorecards, the first that applies judges.')
    return tuple(found)


def _scorecard(path: Path, folder: Path) -> ScorecardFile:
    given = _table(path, folder)
    with _In(path.relative_to(folder)):
        slug, title = slugs.checked(_text(given, "slug", "the card")), _text(given, "title", "the card")
        definition = {key: value for key, value in given.items() if key not in ("slug", "title")}
        cards.read(definition)
    return ScorecardFile(slug, title, definition)


def _rule(path: Path, folder: Path) -> RuleFile:
    given = _table(path, folder)
    with _In(path.relative_to(folder)):
        _only(given, RULE_KEYS, "the rule")
        slug, sentence = slugs.checked(_text(given, "slug", "the rule")), _text(given, "sentence", "the rule")
        _only(given.get("condition"), CONDITION_KEYS, "condition")
        conditions.read(given)
        if "opens" in given:
            _opens(given["opens"])
    return RuleFile(slug, sentence, {key: given[key] for key in ("condition", "opens") if key in given})


def _opens(given: Any) -> None:
    _only(given, OPENS_KEYS, "opens")
    _text(given, "title", "opens")
    _hours(given, "clock_hours", "opens")
    for number, task in enumerate(given.get("tasks", ())):
        where = f"opens.tasks[{number}]"
        _only(task, TASK_KEYS, where)
        _text(task, "title", where)
        _hours(task, "hours", where)
        if task.get("role") not in ROLES:
            raise Invalid(f'{where}: role "{task.get("role")}" is not known. Use one of {", ".join(ROLES)}.')


def _table(path: Path, folder: Path) -> dict[str, Any]:
    name = path.relative_to(folder)
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Invalid(f"{name} is missing in {folder}. A pack is a folder with a pack.toml.") from None
    except tomllib.TOMLDecodeError as error:
        raise Invalid(f"{name} is no TOML: {error}.") from None


class _In:
    """Puts the file's name before whatever is refused inside."""

    def __init__(self, name: object) -> None:
        self.name = name

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Refused):
            raise Invalid(f"{self.name}: {error}") from None


def _only(given: Any, allowed: tuple[str, ...], where: str) -> None:
    if not isinstance(given, Mapping):
        raise Invalid(f"{where} must be a table with {', '.join(allowed)}.")
    if extra := sorted(set(given) - set(allowed)):
        raise Invalid(f'{where}: "{extra[0]}" is not known. Allowed: {", ".join(allowed)}.')


def _text(given: Mapping[str, Any], key: str, where: str) -> str:
    found = given.get(key)
    if not isinstance(found, str) or not found.strip():
        raise Invalid(f'{where}: "{key}" must be a text.')
    return found


def _hours(given: Mapping[str, Any], key: str, where: str) -> None:
    found = given.get(key)
    if isinstance(found, bool) or not isinstance(found, int | float) or found <= 0:
        raise Invalid(f'{where}: "{key}" must be a number of hours above 0, not {found!r}.')
