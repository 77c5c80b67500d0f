"""The editor of a success plan, piece by piece: its head, an outcome, an indicator, a step."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

import msgspec
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from keepwell.access.queries import users
from keepwell.faces.jobs import tasks
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import plan_pieces as pages
from keepwell.faces.web.views.account_plan import number
from keepwell.kernel import slugs, speech
from keepwell.kernel.errors import Conflict, Invalid, NotFound
from keepwell.kernel.moments import parse_day
from keepwell.ledger.queries import people
from keepwell.metrics.queries import catalogue
from keepwell.outcomes import visibility
from keepwell.outcomes.actions import beginning
from keepwell.outcomes.actions import plans as deeds
from keepwell.outcomes.document import IndicatorDoc, ObjectiveDoc, PlanDoc, StepDoc
from keepwell.outcomes.queries import plans
from keepwell.outcomes.queries.plans import PlanView

MOST = 200
TEMPLATE = "web/plan_piece.html"


@require_http_methods(["GET", "POST"])
@signed_in
def edit(request: HttpRequest, asking: Asking, key: str, noun: str, slug: str) -> HttpResponse:
    """One piece: what it says and who may see which of its fields; Save writes it, Drop takes it out of the plan."""
    asking.seen_by.require("work.do")
    plan = plans.find(account=key, seen_by=asking.seen_by, day=asking.day)
    known = pages.found(plan.doc, noun, slug) if noun in pages.TITLES else None
    if known is None:
        raise NotFound('The plan has no "%(slug)s".', slug=slug)
    piece, under = known
    if request.method == "GET":
        typed = pages.typed_of(piece, noun, under or request.GET.get("objective", ""))
        return respond(request, TEMPLATE, _page(plan, noun, slug, typed))
    typed = {name: request.POST.get(name, "") for name in request.POST}
    typed["after"] = request.POST.getlist("after")
    try:
        _save(asking, plan, noun, slug, typed, drop=request.POST.get("deed") == "drop")
    except (Invalid, Conflict) as refusal:
        return respond(request, TEMPLATE, _page(plan, noun, slug, typed, refused=str(refusal)), status=422)
    tasks.nudge()
    messages.success(request, speech.told("The plan is changed."), extra_tags="done")
    return HttpResponseRedirect(reverse("account-plan", args=(key,)))


def _page(
    plan: PlanView, noun: str, slug: str, typed: Mapping[str, Any], refused: str = ""
) -> pages.PiecePage:
    doc = plan.doc
    choices = pages.Choices(
        metrics=[(one.slug, str(one.title)) for one in catalogue.answering()]
        if _is_bound(noun, slug)
        else (),
        colleagues=users.colleagues(limit=MOST) if noun == "step" else (),
        people=_people(plan) if noun == "step" else (),
        objectives=[(one.slug, one.title) for one in doc.objectives],
        steps=[(one.slug, one.title) for one in doc.steps if one.slug != slug],
    )
    return pages.page(
        key=plan.account_key, name=plan.account_name, noun=noun, slug=slug, typed=typed, choices=choices, refused=refused
    )  # fmt: skip


def _is_bound(noun: str, slug: str) -> bool:
    """Whether the form asks for a measure."""
    return noun == "indicator" or (noun, slug) == ("objective", "new")


def _people(plan: PlanView) -> Sequence[tuple[str, str]]:
    return people.named(account_id=plan.account_id)


def _save(
    asking: Asking, plan: PlanView, noun: str, slug: str, typed: Mapping[str, Any], *, drop: bool
) -> None:
    early = None if drop or slug != "new" else _early(asking, plan, noun, typed)

    def change(doc: PlanDoc) -> PlanDoc:
        return dropped(doc, noun, slug) if drop else changed(doc, noun, slug, typed, early)

    deeds.change(account=plan.account_key, edit=change, by=asking.seen_by, at=asking.now)


def _early(asking: Asking, plan: PlanView, noun: str, typed: Mapping[str, Any]) -> IndicatorDoc | None:
    """What the measure that is chosen for something new makes of itself: its title, its better way, today's value."""
    metric = _text(typed, "early" if noun == "objective" else "metric")
    if not metric or not _is_bound(noun, "new"):
        return None
    return beginning.early(
        metric=metric,
        target=number(_text(typed, "early_target")),
        until=_day(typed, "target_date"),
        values=deeds.measured_by(account_id=plan.account_id, metrics=[metric], at=asking.now),
    )


def dropped(doc: PlanDoc, noun: str, slug: str) -> PlanDoc:
    """The plan without a piece, and without what points to it."""
    objectives = doc.objectives
    steps = doc.steps
    if noun == "objective":
        objectives = tuple(one for one in objectives if one.slug != slug)
        steps = tuple(
            msgspec.structs.replace(one, objective="") if one.objective == slug else one for one in steps
        )
    elif noun == "indicator":
        objectives = tuple(
            msgspec.structs.replace(
                one, indicators=tuple(each for each in one.indicators if each.slug != slug)
            )
            for one in objectives
        )
    else:
        steps = tuple(
            msgspec.structs.replace(one, after=tuple(each for each in one.after if each != slug))
            for one in steps
            if one.slug != slug
        )
    return msgspec.structs.replace(doc, objectives=objectives, steps=steps)


def changed(
    doc: PlanDoc, noun: str, slug: str, typed: Mapping[str, Any], early: IndicatorDoc | None = None
) -> PlanDoc:
    """The plan with a piece as it was typed; `early` is what its measure makes of itself, where the piece is new."""
    labels = {
        field.slug: str(typed.get(f"label-{field.slug}") or field.label) for field in visibility.fields(noun)
    }
    if noun == "plan":
        said = {
            "vision": _text(typed, "vision"),
            "cadence": _text(typed, "cadence"),
            "notes": _text(typed, "notes"),
        }
        return msgspec.structs.replace(doc, labels=labels, **said)
    if noun == "objective":
        return _with_objective(doc, slug, typed, labels, early)
    if noun == "indicator":
        return _with_indicator(doc, slug, typed, labels, early)
    step = StepDoc(
        slug=_slug(slug), title=_text(typed, "title"), kind="task" if typed.get("kind") == "task" else "milestone",
        objective=_text(typed, "objective"), due_date=_day(typed, "due_date"), ours=_text(typed, "ours"),
        theirs=_text(typed, "theirs"), after=tuple(typed["after"]), notes=_text(typed, "notes"), labels=labels,
    )  # fmt: skip
    return msgspec.structs.replace(doc, steps=_with(doc.steps, slug, step))


def _with_objective(
    doc: PlanDoc, slug: str, typed: Mapping[str, Any], labels: dict[str, str], early: IndicatorDoc | None
) -> PlanDoc:
    before = next((one for one in doc.objectives if one.slug == slug), None)
    had = before.indicators if before else ()
    one = ObjectiveDoc(
        slug=_slug(slug), title=_text(typed, "title"), why=_text(typed, "why"), target_date=_day(typed, "target_date"),
        notes=_text(typed, "notes"), labels=labels, indicators=(early,) if early else had,
    )  # fmt: skip
    return msgspec.structs.replace(doc, objectives=_with(doc.objectives, slug, one))


def _with_indicator(
    doc: PlanDoc, slug: str, typed: Mapping[str, Any], labels: dict[str, str], early: IndicatorDoc | None
) -> PlanDoc:
    under = _text(typed, "objective")
    if under not in {one.slug for one in doc.objectives}:
        raise Invalid("Say of which outcome it is an indicator.")
    title, baseline = _text(typed, "title"), number(_text(typed, "baseline"))
    if early is not None:
        title, baseline = title or early.title, early.baseline if baseline is None else baseline
    one = IndicatorDoc(
        slug=_slug(slug) or _fresh(doc, title), title=title,
        metric=_text(typed, "metric"), unit=_text(typed, "unit"), better=_better(typed),
        baseline=baseline, target=number(_text(typed, "target")),
        target_date=_day(typed, "target_date"), trigger=number(_text(typed, "trigger")), notes=_text(typed, "notes"),
        labels=labels,
    )  # fmt: skip
    objectives = tuple(
        msgspec.structs.replace(each, indicators=_moved(each, one, slug, is_here=each.slug == under))
        for each in doc.objectives
    )
    return msgspec.structs.replace(doc, objectives=objectives)


def _better(typed: Mapping[str, Any]) -> Literal["up", "down"]:
    """Which way is better, as it was said or as the measure has it."""
    said = _text(typed, "better")
    if not said:
        bound = (one.better for one in catalogue.answering() if one.slug == _text(typed, "metric"))
        said = next(bound, "up")
    return "down" if said == "down" else "up"


def _moved(
    objective: ObjectiveDoc, one: IndicatorDoc, slug: str, *, is_here: bool
) -> tuple[IndicatorDoc, ...]:
    if is_here:
        return _with(objective.indicators, slug, one)
    return tuple(each for each in objective.indicators if each.slug != slug)


def _fresh(doc: PlanDoc, title: str) -> str:
    """A slug that the plan does not have yet; empty where the title gives none, so that it is refused by name."""
    if not title:
        return ""
    taken = {each.slug for one in doc.objectives for each in one.indicators}
    slug = slugs.made_of(title)[:58]
    return next(way for n in range(1, 1000) if (way := slug if n == 1 else f"{slug}-{n}") not in taken)


def _with(rows: Sequence[Any], slug: str, one: Any) -> tuple[Any, ...]:
    if any(row.slug == slug for row in rows):
        return tuple(one if row.slug == slug else row for row in rows)
    return (*rows, one)


def _slug(slug: str) -> str:
    return "" if slug == "new" else slug


def _text(typed: Mapping[str, Any], name: str) -> str:
    return str(typed.get(name, "")).replace("\r\n", "\n").strip()


def _day(typed: Mapping[str, Any], name: str) -> date | None:
    said = _text(typed, name)
    return parse_day(said) if said else None
