"""Playbooks read from what a pack, the editor or a program wrote; whatever is wrong is named with its place."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from typing import Any, NamedTuple, TypeVar

from keepwell.access.roles import ROLES
from keepwell.hooks import registry
from keepwell.hooks.steps import StepKind
from keepwell.kernel import figures, slugs, tables
from keepwell.kernel.errors import Invalid
from keepwell.metrics.conditions import words
from keepwell.metrics.conditions.tree import Condition
from keepwell.metrics.conditions.vocabulary import Vocabulary
from keepwell.plays.formulas import texts
from keepwell.plays.playbook import BRANCH, OF_FLOW, WAIT, After, Declared, Starts, Step
from keepwell.segments.queries import vocabulary

KEYS = ("sentence", "starts", "goal", "exit", "pauses", "most_days", "steps")
STARTS = ("rules", "phases", "applies", "again_after_days")
STEP = ("slug", "title", "kind", "role", "after", "day", "days", "when")
MOST_STEPS = 60
MOST_DAYS = 730
LONGEST_TEXT = 20_000
Made = TypeVar("Made")


class Problem(NamedTuple):
    """Something that is wrong with a definition: the place of its step, None for the playbook itself; the key; the refusal."""

    step: int | None
    key: str
    refusal: Invalid


def sentence_of(condition: Condition | None) -> str:
    """A condition in words."""
    return "" if condition is None else words.words(condition)


def read(given: Mapping[str, Any], said: Vocabulary | None = None, *, plain: bool = True) -> Declared:
    """The playbook that a definition states; refuses with the place and what is allowed there.

    A few queries unless the words are given. `plain` False leaves segments as they are asked, for those that are not there yet.
    `conditions` has every condition to be judged by its name: "goal", "exit", "pauses", "applies", "when:SLUG", "asks:SLUG".
    """
    tables.only(given, KEYS, "the playbook")
    known = said or vocabulary.accounts()
    rows = given.get("steps")
    if not isinstance(rows, list) or not 1 <= len(rows) <= MOST_STEPS:
        raise Invalid(
            'the playbook: "steps" must be a list of 1 to %(most_steps)s steps.', most_steps=MOST_STEPS
        )
    steps = tuple(_step(row, f"steps[{place}]", known) for place, row in enumerate(rows))
    _in_order(steps)
    told = Declared(
        sentence=str(given.get("sentence", "")).strip(),
        starts=_starts(given.get("starts") or {}, known),
        goal=_condition(given, "goal", "the playbook", known),
        exit=_condition(given, "exit", "the playbook", known),
        pauses=_condition(given, "pauses", "the playbook", known),
        most_days=_whole(given, "most_days", "the playbook", 365, least=1),
        steps=steps,
    )
    asked = _asked(told)
    if plain:
        asked = {name: vocabulary.plain(condition, known) for name, condition in asked.items()}
    return replace(told, conditions=asked)


def problems(given: Mapping[str, Any], said: Vocabulary | None = None) -> tuple[Problem, ...]:
    """What is wrong with a definition, one thing of each step and of each other part; nothing where `read` takes it."""
    known = said or vocabulary.accounts()
    rows = given.get("steps") or []
    found: list[Problem] = []
    steps = [
        _tried(found, place, lambda: _step(row, f"steps[{place}]", known))  # noqa: B023 called at once
        for place, row in enumerate(rows)
    ]
    for key in ("goal", "exit", "pauses"):
        _tried(found, None, lambda: _condition(given, key, "the playbook", known))  # noqa: B023 called at once
    _tried(found, None, lambda: _whole(given, "most_days", "the playbook", 365, least=1))
    _tried(found, None, lambda: _starts(given.get("starts") or {}, known))
    if not found:
        _tried(found, None, lambda: read(given, known, plain=False))
    slugs_of = [step.slug if step is not None else "" for step in steps]
    return tuple(_placed(one, slugs_of) for one in found)


def _tried(found: list[Problem], step: int | None, deed: Callable[[], Made]) -> Made | None:
    try:
        return deed()
    except Invalid as refusal:
        found.append(Problem(step, str(refusal.parts.get("key", "")), refusal))
        return None


def _placed(one: Problem, steps: Sequence[str]) -> Problem:
    """The same at the step that its refusal names."""
    slug = str(one.refusal.parts.get("slug", ""))
    if one.step is not None or not slug or slug not in steps:
        return one
    return one._replace(step=len(steps) - 1 - steps[::-1].index(slug))


def _asked(told: Declared) -> dict[str, Condition]:
    named: dict[str, Condition | None] = {
        "goal": told.goal,
        "exit": told.exit,
        "pauses": told.pauses,
        "applies": told.starts.applies,
    }
    for step in told.steps:
        named |= {f"when:{step.slug}": step.when, f"asks:{step.slug}": step.asks}
    return {name: condition for name, condition in named.items() if condition is not None}


def _starts(given: Any, known: Vocabulary) -> Starts:
    tables.only(given, STARTS, "starts")
    return Starts(
        _slugs(given, "rules", "starts"),
        _slugs(given, "phases", "starts"),
        _condition(given, "applies", "starts", known),
        _whole(given, "again_after_days", "starts", 0),
    )


def _step(given: Any, where: str, known: Vocabulary) -> Step:
    if not isinstance(given, Mapping):
        raise Invalid("%(where)s must be a table, not %(given)s.", where=where, given=repr(given))
    title = tables.text(given, "title", where).strip()
    slug = slugs.checked(str(given.get("slug") or slugs.made_of(title)))
    kind = str(given.get("kind", "task"))
    kinds = registry.steps()
    if kind not in kinds and kind not in OF_FLOW:
        raise Invalid(
            '%(where)s: kind "%(kind)s" is not known. Use one of %(listed)s.',
            where=where,
            key="kind",
            kind=kind,
            listed=", ".join([*kinds, *OF_FLOW]),
        )
    own = ("asks",) if kind in OF_FLOW else (*kinds[kind].needs, *kinds[kind].may)
    tables.only(given, (*STEP, *own), where)
    role = str(given.get("role", ""))
    if role and role not in ROLES:
        raise Invalid(
            '%(where)s: role "%(role)s" is not known. Use one of %(listed)s.',
            where=where,
            key="role",
            role=role,
            listed=", ".join(ROLES),
        )
    asks = _condition(given, "asks", where, known) if kind in OF_FLOW else None
    if kind in OF_FLOW and asks is None:
        raise Invalid(
            '%(where)s: "asks" is missing. State the condition that the %(kind)s asks.',
            where=where,
            key="asks",
            kind=kind,
        )
    return Step(
        slug, title, kind, role, tuple(_after(one) for one in _texts(given, "after", where)),
        _whole(given, "day", where, 0), _whole(given, "days", where, 0 if kind == BRANCH else 5, least=int(kind == WAIT)),
        _condition(given, "when", where, known), asks,
        {} if kind in OF_FLOW else _said(given, kinds[kind], where, known),
    )  # fmt: skip


def _said(given: Mapping[str, Any], kind: StepKind, where: str, known: Vocabulary) -> dict[str, Any]:
    for key in kind.needs:
        if given.get(key) in (None, ""):
            raise Invalid(
                '%(where)s: "%(key)s" is missing. A step of the kind "%(slug)s" needs it.',
                where=where,
                key=key,
                slug=kind.slug,
            )
    said = {key: given[key] for key in (*kind.needs, *kind.may) if key in given}
    for key in kind.texts:
        text = said.get(key, "")
        if not isinstance(text, str) or len(text) > LONGEST_TEXT:
            raise Invalid(
                '%(where)s: "%(key)s" must be a text of at most %(longest_text)s characters.',
                where=where,
                key=key,
                longest_text=figures.Whole(LONGEST_TEXT),
            )
        for name in texts.fields(text):
            _field(name, where, key, known)
    kind.checked(said)
    return said


def asked_of(said: Sequence[str], known: Vocabulary) -> tuple[str, ...]:
    """The fields that texts ask for, in order; refuses one that is not known."""
    names = tuple(dict.fromkeys(name for text in said for name in texts.fields(text)))
    for name in names:
        _field(name, "the text", "field", known)
    return names


def _field(name: str, where: str, key: str, known: Vocabulary) -> None:
    role = name.removeprefix(texts.PERSON)
    if name in texts.OWN or (role != name and role in ROLES):
        return
    try:
        subject = known.find(name)
    except Invalid as refused:
        raise Invalid(
            '%(where)s.%(key)s: the field "{%(name)s}" is not known. %(refused)s',
            where=where,
            key=key,
            name=name,
            refused=str(refused),
        ) from None
    if subject.windowed:
        raise Invalid(
            '%(where)s.%(key)s: "{%(name)s}" is asked over a span of days, and a text cannot say which.',
            where=where,
            key=key,
            name=name,
        )


def _after(text: str) -> After:
    step, _, outcome = text.partition(":")
    return After(step, outcome)


def _in_order(steps: Sequence[Step]) -> None:
    """Refuse two of one name, what waits for nothing that is there, and what waits for itself."""
    by_slug = {step.slug: step for step in steps}
    if len(by_slug) < len(steps):
        twice = next(step.slug for step in steps if [one.slug for one in steps].count(step.slug) > 1)
        raise Invalid(
            'Two steps have the slug "%(twice)s". Give each its own.', twice=twice, key="slug", slug=twice
        )
    kinds = registry.steps()
    for step in steps:
        for after in step.after:
            if after.step not in by_slug:
                there = ", ".join(by_slug)
                raise Invalid(
                    '%(slug)s: it comes after "%(step)s", which is no step. There are: %(there)s.',
                    key="after",
                    slug=step.slug,
                    step=after.step,
                    there=there,
                )
            kind = by_slug[after.step].kind
            ways = OF_FLOW[kind] if kind in OF_FLOW else tuple(kinds[kind].outcomes)
            if after.outcome and after.outcome not in ways:
                raise Invalid(
                    '%(slug)s: "%(step)s" never ends as "%(outcome)s". It ends as %(listed)s.',
                    key="after",
                    slug=step.slug,
                    step=after.step,
                    outcome=after.outcome,
                    listed=" or ".join(ways),
                )
    try:
        TopologicalSorter({s.slug: [after.step for after in s.after] for s in steps}).prepare()
    except CycleError as error:
        raise Invalid(
            "A step cannot wait for itself: %(listed)s.",
            listed=" → ".join(error.args[1]),
            key="after",
            slug=error.args[1][0],
        ) from None


def _condition(given: Mapping[str, Any], key: str, where: str, known: Vocabulary) -> Condition | None:
    if not given.get(key):
        return None
    try:
        return vocabulary.read(given[key], known)
    except Invalid as refused:
        raise Invalid("%(where)s.%(key)s: %(refused)s", where=where, key=key, refused=str(refused)) from None


def _whole(given: Mapping[str, Any], key: str, where: str, usual: int, *, least: int = 0) -> int:
    found = given.get(key, usual)
    if isinstance(found, bool) or not isinstance(found, int) or not least <= found <= MOST_DAYS:
        raise Invalid(
            '%(where)s: "%(key)s" must be %(least)s to %(most_days)s whole days, not %(found)s.',
            where=where,
            key=key,
            least=least,
            most_days=MOST_DAYS,
            found=repr(found),
        )
    return found


def _texts(given: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    found = given.get(key, ())
    if isinstance(found, str) or not all(isinstance(one, str) for one in found):
        raise Invalid(
            '%(where)s: "%(key)s" must be a list of names, not %(found)s.',
            where=where,
            key=key,
            found=repr(found),
        )
    return tuple(found)


def _slugs(given: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    return tuple(slugs.checked(one) for one in _texts(given, key, where))
