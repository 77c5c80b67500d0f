"""A playbook as a form: whatever is typed is kept, whatever a button does is done to it, and a definition is read off."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
from django.http import QueryDict

from keepwell.faces.web.pages import conditions
from keepwell.faces.web.pages.conditions import Draft
from keepwell.hooks import registry
from keepwell.kernel import slugs
from keepwell.kernel.errors import Invalid
from keepwell.metrics.conditions.vocabulary import Vocabulary
from keepwell.plays.playbook import OF_FLOW

OWN = ("applies", "goal", "exit", "pauses")
OF_STEP = ("when", "asks")
MOST_STEPS, CLOSED = 60, -1
UNNAMED = re.compile(r"step-\d+")


@dataclass(frozen=True)
class Step:
    """A step as typed; `said` is what its kind says, `kept` the same as it was stored, for what is no text."""

    slug: str
    title: str = ""
    kind: str = "task"
    role: str = "csm"
    day: str = "0"
    days: str = "5"
    after: tuple[str, ...] = ()
    said: Mapping[str, str] = field(default_factory=dict)
    kept: Mapping[str, Any] = field(default_factory=dict)
    when: Draft | None = None
    asks: Draft | None = None


@dataclass(frozen=True)
class Typed:
    """The whole form; `opened` is the step whose fields show, `checked` says that what is wrong stands at its field."""

    title: str = ""
    sentence: str = ""
    most_days: str = "60"
    again_after_days: str = "0"
    rules: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    asked: Mapping[str, Draft] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    opened: int = CLOSED
    checked: bool = False
    account: str = ""


def blank() -> Typed:
    """A new playbook with one task to fill in."""
    return Typed(steps=(Step("step-1"),), opened=0)


def of(title: str, definition: Mapping[str, Any]) -> Typed:
    """A definition in the form; it states everything, as `Declared.written` does."""
    starts = definition["starts"]
    given = {**definition, "applies": starts.get("applies")}
    return Typed(
        title,
        definition["sentence"],
        str(definition["most_days"]),
        str(starts["again_after_days"]),
        tuple(starts["rules"]),
        tuple(starts["phases"]),
        {name: conditions.drafted(given[name]) for name in OWN if given.get(name)},
        tuple(map(_step, definition["steps"])),
    )


def keys_of(kind: str) -> tuple[str, ...]:
    """What a kind of step says, in order."""
    known = registry.steps().get(kind)
    return () if known is None else (*known.needs, *known.may)


def _step(given: Mapping[str, Any]) -> Step:
    kept = {key: given[key] for key in keys_of(given["kind"]) if key in given}
    return Step(
        given["slug"],
        given["title"],
        given["kind"],
        given.get("role", ""),
        str(given["day"]),
        str(given["days"]),
        tuple(given["after"]),
        {key: _shown(value) for key, value in kept.items()},
        kept,
        *(conditions.drafted(given[name]) if name in given else None for name in OF_STEP),
    )


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def typed(form: QueryDict) -> Typed:
    """What the form holds."""
    count = min(_number(form.get("steps", ""), 0), MOST_STEPS)
    opened = _number(form.get("opened", ""), CLOSED)
    steps = [_carried(form.get(f"s{n}", ""), n) for n in range(count)]
    if 0 <= opened < count:
        steps[opened] = _opened(form, steps[opened])
    return Typed(
        title=form.get("title", "").strip(),
        sentence=form.get("sentence", "").strip(),
        most_days=form.get("most_days", "").strip(),
        again_after_days=form.get("again_after_days", "").strip(),
        rules=_several(form, "rules"),
        phases=_several(form, "phases"),
        asked={name: conditions.typed(form, path(name)) for name in OWN if f"kind-{path(name)}" in form},
        steps=_named(steps),
        opened=opened if opened < count else CLOSED,
        checked=bool(form.get("checked")),
        account=form.get("account", "").strip(),
    )


def _several(form: QueryDict, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.strip() for one in form.getlist(name) if one.strip()))


def path(name: str) -> str:
    """Where a condition stands in the form."""
    return f"{conditions.ROOT}{name}"


def _number(said: str, otherwise: int) -> int:
    return int(said) if said.isdecimal() and len(said) < 4 else otherwise


def carried(step: Step) -> str:
    """A step whose fields do not show, as the form carries it along."""
    return msgspec.json.encode(step).decode()


def _carried(said: str, place: int) -> Step:
    try:
        return msgspec.json.decode(said, type=Step)
    except msgspec.MsgspecError:
        raise Invalid(
            "Step %(place)s of the form cannot be read. Open the page anew.", place=place + 1
        ) from None


def _opened(form: QueryDict, step: Step) -> Step:
    """The step whose fields show; a kind that asks something has a question."""

    def said(name: str) -> str:
        return form.get(f"step-{name}", "").strip()

    kind = said("kind")
    drafts = {name: conditions.typed(form, path(name)) for name in OF_STEP if f"kind-{path(name)}" in form}
    asks = drafts.get("asks", step.asks or conditions.empty()) if kind in OF_FLOW else None
    return replace(
        step,
        title=said("title"),
        kind=kind,
        role=said("role"),
        day=said("day") or "0",
        days=said("days"),
        after=_several(form, "step-after"),
        said={
            **step.said,
            **{key: said(key).replace("\r\n", "\n") for key in keys_of(kind) if f"step-{key}" in form},
        },
        when=drafts.get("when"),
        asks=asks,
    )


def _named(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The same, new steps with a slug made of their title; whoever comes after them knows them by it."""
    taken, renamed = {step.slug for step in steps}, dict[str, str]()
    for step in steps:
        if UNNAMED.fullmatch(step.slug) and step.title:
            try:
                wanted = slugs.made_of(step.title)
            except Invalid:
                continue
            if wanted not in taken:
                renamed[step.slug] = wanted
                taken.add(wanted)
    return tuple(
        replace(
            step,
            slug=renamed.get(step.slug, step.slug),
            after=tuple(_followed(one, renamed) for one in step.after),
        )
        for step in steps
    )


def _followed(after: str, renamed: Mapping[str, str]) -> str:
    slug, colon, outcome = after.partition(":")
    return f"{renamed.get(slug, slug)}{colon}{outcome}"


def stated(form: Typed, words: Vocabulary) -> dict[str, Any]:
    """The definition that the form states; whatever is wrong in it is for the reader of definitions to say."""
    starts: dict[str, Any] = {
        "rules": list(form.rules),
        "phases": list(form.phases),
        "again_after_days": _days(form.again_after_days or "0"),
    }
    asked = {name: conditions.condition_of(draft, words) for name, draft in form.asked.items()}
    if applies := asked.pop("applies", None):
        starts["applies"] = applies
    said: dict[str, Any] = {"sentence": form.sentence, "most_days": _days(form.most_days), "starts": starts}
    said |= {name: condition for name, condition in asked.items() if condition}
    said["steps"] = [_stated(step, words) for step in form.steps]
    return said


def _stated(step: Step, words: Vocabulary) -> dict[str, Any]:
    said: dict[str, Any] = {"slug": step.slug, "title": step.title, "kind": step.kind}
    said |= {"role": step.role} if step.role else {}
    said |= {"after": list(step.after), "day": _days(step.day)}
    said |= {"days": _days(step.days)} if step.days else {}
    for name, draft in (("when", step.when), ("asks", step.asks)):
        if draft is not None and (condition := conditions.condition_of(draft, words)):
            said[name] = condition
    for key in keys_of(step.kind):
        typed = step.said.get(key, "")
        if typed:
            said[key] = step.kept[key] if key in step.kept and _shown(step.kept[key]) == typed else typed
    return said


def _days(said: str) -> Any:
    return int(said) if said.isdecimal() and len(said) < 9 else said


def acted(form: Typed, deed: str, kind: str = "task") -> Typed:
    """After a press of a button; deeds that it does not know change nothing. `kind` is that of a step to be added."""
    verb, _, at = deed.partition(":")
    place = _number(at, CLOSED)
    if verb == "add-step":
        return _added(form, kind)
    if verb == "close":
        return replace(form, opened=CLOSED)
    if verb == "add-asked" and at in OWN:
        return replace(form, asked={**form.asked, at: conditions.empty()})
    if verb == "add-when" and form.opened != CLOSED:
        return _of_opened(form, when=conditions.empty())
    if verb in ("open", "up", "down", "drop") and 0 <= place < len(form.steps):
        return _placed(form, verb, place)
    return _inside(form, deed, at.partition("-")[0])


def _added(form: Typed, kind: str) -> Typed:
    if len(form.steps) >= MOST_STEPS:
        return form
    taken = {step.slug for step in form.steps}
    slug = next(name for n in range(1, MOST_STEPS + 2) if (name := f"step-{n}") not in taken)
    after = (form.steps[-1].slug,) if form.steps else ()
    own = registry.steps().get(kind)
    by_itself = kind in OF_FLOW or (own is not None and own.is_automatic)
    asks = conditions.empty() if kind in OF_FLOW else None
    new = Step(slug, kind=kind, role="" if by_itself else "csm", after=after, asks=asks)
    return replace(form, steps=(*form.steps, new), opened=len(form.steps))


def _placed(form: Typed, verb: str, place: int) -> Typed:
    if verb == "open":
        return replace(form, opened=place)
    rows, shown = list(form.steps), form.steps[form.opened].slug if form.opened != CLOSED else ""
    if verb == "drop":
        gone = rows.pop(place).slug
        rows = [
            replace(row, after=tuple(a for a in row.after if a.partition(":")[0] != gone)) for row in rows
        ]
    else:
        to = place - 1 if verb == "up" else place + 1
        if 0 <= to < len(rows):
            rows[place], rows[to] = rows[to], rows[place]
    opened = next((n for n, row in enumerate(rows) if row.slug == shown), CLOSED)
    return replace(form, steps=tuple(rows), opened=opened)


def _of_opened(form: Typed, **said: Any) -> Typed:
    rows = list(form.steps)
    rows[form.opened] = replace(rows[form.opened], **said)
    return replace(form, steps=tuple(rows))


def _inside(form: Typed, deed: str, root: str) -> Typed:
    """A button inside a condition: the playbook's own, or one of the step whose fields show."""
    name = root.removeprefix(conditions.ROOT)
    is_gone = deed == f"remove:{root}"
    if name in form.asked:
        others = {key: draft for key, draft in form.asked.items() if key != name or not is_gone}
        if not is_gone:
            others[name] = conditions.acted(form.asked[name], deed)
        return replace(form, asked=others)
    if name not in OF_STEP or form.opened == CLOSED:
        return form
    draft = getattr(form.steps[form.opened], name)
    if draft is None or (is_gone and name == "asks"):
        return form
    return _of_opened(form, **{name: None if is_gone else conditions.acted(draft, deed)})
