"""Rules and signals: the list, one rule with what it noticed, the form with a live count."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keepwell.faces.jobs import tasks
from keepwell.faces.web import back, taken_away
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.downloads import Echo, safe
from keepwell.faces.web.editing import Editor
from keepwell.faces.web.pages import conditions as forms
from keepwell.faces.web.pages import rules as pages
from keepwell.faces.web.pages import segments as segment_pages
from keepwell.intake.queries import quality
from keepwell.kernel import slugs, speech
from keepwell.kernel.errors import Conflict, Invalid
from keepwell.metrics.conditions import words
from keepwell.metrics.conditions.vocabulary import Vocabulary
from keepwell.segments.queries import phases, segments, vocabulary
from keepwell.segments.queries.vocabulary import SEGMENT
from keepwell.signals.actions import rules as deeds
from keepwell.signals.queries import firings, rehearsals, rules

SHOWN = 100
AT_ONCE = 1000
AS_IT_IS = "as-it-is"
RESTED = "rule-rested"
EDITOR = Editor(
    "web/rule_edit.html",
    speech.later("Rules are made"),
    speech.later("The draft is saved. It watches nobody until it is published."),
    forms.plainly,
)


@require_GET
@signed_in
def listing(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Every rule."""
    found = rules.everything(seen_by=asking.seen_by, at=asking.now)
    page = pages.listing(found, may_change=asking.seen_by.may("config.change"))
    return respond(request, "web/rules.html", page)


@require_GET
@signed_in
def detail(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    """What a rule says, of whom it holds, and what it noticed."""
    asked: dict[str, Any] = {"slug": slug, "seen_by": asking.seen_by, "now": asking.now, "limit": SHOWN}
    order, first = request.GET.get("order") or "latest", request.GET.get("first", "")
    page = pages.detail(
        rules.find(slug=slug, seen_by=asking.seen_by, at=asking.now),
        rules.versions(slug=slug),
        firings.of_rule(state="holding", order=order, **asked),
        firings.of_rule(state="over", **asked),
        rehearsals.of_rule(slug=slug, seen_by=asking.seen_by),
        now=asking.now,
        may_change=asking.seen_by.may("config.change"),
        is_by_arr=order == "arr",
        first=int(first) if first.isdecimal() and len(first) < 5 else None,
    )
    return respond(request, "web/rule.html", page)


@require_GET
@signed_in
def download(request: HttpRequest, asking: Asking, slug: str) -> StreamingHttpResponse:
    """All that a rule noticed as CSV, the latest first."""
    del request
    rules.find(slug=slug, seen_by=asking.seen_by, at=asking.now)
    response = StreamingHttpResponse(_lines(asking, slug), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="signals-{slug}-{asking.today}.csv"'
    return response


def _lines(asking: Asking, slug: str) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield writer.writerow(
        (
            "account",
            "name",
            "severity",
            "at",
            "ended_at",
            "stood",
            "because",
            "ended_because",
            "arr",
            "currency",
        )
    )
    before: int | None = None
    while rows := firings.of_rule(
        slug=slug, seen_by=asking.seen_by, now=asking.now, before=before, limit=AT_ONCE
    ):
        for row in rows:
            yield writer.writerow(
                (
                    safe(row.account_key), safe(row.account_name), row.severity, row.at.isoformat(),
                    row.ended_at.isoformat() if row.ended_at else "", "yes" if row.stood else "no",
                    safe("; ".join(row.because)), safe("; ".join(row.ended_because)),
                    row.arr.amount if row.arr else "", row.arr.currency if row.arr else "",
                )
            )  # fmt: skip
        before = rows[-1].id


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Say a new rule."""
    return _edited(request, asking, "")


@require_http_methods(["GET", "POST"])
@signed_in
def edit(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    """Say one otherwise, in its draft."""
    return _edited(request, asking, slug)


@dataclass(frozen=True)
class _Form:
    """What a form is filled from, asked once a request: the rule as it says now, the words, and for whom one may watch."""

    slug: str
    title: str
    begun: Mapping[str, Any]
    said: Vocabulary
    audiences: list[tuple[str, dict[str, Any] | None, str]]


def _form(asking: Asking, slug: str) -> _Form:
    """What the draft says, or what is in force; nothing of a rule that is new."""
    title: str = ""
    begun: Mapping[str, Any] = {}
    if slug:
        title = rules.find(slug=slug, seen_by=asking.seen_by, at=asking.now).title
        begun = rules.versions(slug=slug)[0].definition
    return _Form(slug, title, begun, vocabulary.accounts(), _audiences())


def _edited(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    EDITOR.may(asking)
    known = _form(asking, slug)
    if request.method == "GET":
        typed = _begun(known) if slug else pages.Typed()
        draft = forms.drafted(known.begun["when"]) if slug else forms.empty()
        return respond(request, EDITOR.template, _page(asking, known, typed, draft))
    form = request.POST
    draft, typed = forms.acted(forms.typed(form.dict()), form.get("deed", "")), _typed(form)
    return EDITOR.answer(
        request,
        page=lambda refused: _page(asking, known, typed, draft, refused=refused),
        save=lambda: reverse("rule", args=(_saved(asking, known, typed, draft),)),
    )


def _begun(known: _Form) -> pages.Typed:
    applies = known.begun.get("applies")
    chosen = next((value for value, given, _ in known.audiences if given == applies), AS_IT_IS)
    return pages.typed_of(known.title, known.begun, chosen)


def _typed(form: QueryDict) -> pages.Typed:
    usual = pages.Typed()
    return pages.Typed(
        form.get("title", "").strip(),
        form.get("severity", usual.severity),
        form.get("foretells", usual.foretells),
        form.get("owner", usual.owner),
        form.get("again_after_days", usual.again_after_days).strip(),
        form.get("applies", ""),
        form.get("opens", "").strip(),
        form.get("clock_hours", usual.clock_hours).strip(),
        form.get("opens_tasks", "").strip(),
    )


def _audiences() -> list[tuple[str, dict[str, Any] | None, str]]:
    """For whom a rule may watch: everybody, a segment, a phase; each with its condition. Two queries."""
    found: list[tuple[str, dict[str, Any] | None, str]] = [("", None, speech.told("Everybody"))]
    for slug, title in segments.titles():
        found.append(
            (
                f"segment:{slug}",
                {"of": SEGMENT + slug, "true": True},
                speech.told("Segment %(title)s", title=title),
            )
        )
    for slug in phases.declared():
        found.append((f"phase:{slug}", {"of": "phase", "is": slug}, speech.told("Phase %(slug)s", slug=slug)))
    return found


def _stated(known: _Form, typed: pages.Typed, draft: forms.Draft) -> dict[str, Any]:
    days = typed.again_after_days
    said: dict[str, Any] = {
        "severity": typed.severity,
        "foretells": typed.foretells,
        "owner": typed.owner,
        "again_after_days": int(days) if days.isdecimal() and len(days) < 5 else days,
        "when": forms.stated(draft, known.said),
    }
    if typed.applies == AS_IT_IS:
        applies = known.begun.get("applies")
    else:
        applies = next((given for value, given, _ in known.audiences if value == typed.applies), None)
    if applies:
        said["applies"] = applies
    if typed.opens:
        said["opens"] = pages.opens_of(typed)
    return said


def _saved(asking: Asking, known: _Form, typed: pages.Typed, draft: forms.Draft) -> str:
    if not typed.title:
        raise Invalid("A rule needs a title that people read.")
    name = known.slug or slugs.made_of(typed.title)
    if not known.slug and any(
        rule.slug == name for rule in rules.everything(seen_by=asking.seen_by, at=asking.now)
    ):
        raise Conflict(
            "There is a rule named like “%(title)s” already. Give this one another title.", title=typed.title
        )
    said = _stated(known, typed, draft)
    deeds.save(slug=name, title=typed.title, definition=said, by=asking.seen_by, at=asking.now)
    return name


def _page(
    asking: Asking, known: _Form, typed: pages.Typed, draft: forms.Draft, *, refused: str = ""
) -> pages.EditPage:
    audiences = [(value, title) for value, _, title in known.audiences]
    if typed.applies == AS_IT_IS:
        audiences.append((AS_IT_IS, words.words(vocabulary.read(known.begun["applies"], known.said))))
    live = segment_pages.Live()
    try:
        if not forms.is_blank(draft):
            found = rules.preview(
                definition=_stated(known, typed, draft), seen_by=asking.seen_by, known=known.said
            )
            live = segment_pages.live(found, today=asking.today)
    except Invalid as refusal:
        live = segment_pages.Live(refused=forms.plainly(str(refusal)))
    return pages.edit(
        known.slug,
        typed,
        draft,
        forms.Editor.of(known.said).node(draft),
        audiences=audiences,
        names=quality.event_names(),
        live=live,
        refused=refused,
    )


@require_POST
@signed_in
def publication(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    """Publish the draft that was looked at, or what an earlier version said."""
    number, seen = request.POST.get("number", ""), request.POST.get("seen", "")
    asked: dict[str, Any] = {"slug": slug, "by": asking.seen_by, "at": asking.now}
    asked["number"] = int(number) if number.isdecimal() else 0
    if request.POST.get("again"):
        return _done(
            request,
            slug,
            lambda: deeds.roll_back(**asked),
            speech.later("It is in force again, as a new version."),
        )
    looked = datetime.fromisoformat(seen) if seen else None
    said = speech.later("It watches now. Of whom it holds already is noted, and is no news.")
    return _done(request, slug, lambda: deeds.publish(seen=looked, **asked), said)


@require_POST
@signed_in
def discard(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    """Throw the draft away."""
    deeds.discard(slug=slug, by=asking.seen_by, at=asking.now)
    messages.success(request, speech.told("The draft is thrown away."), extra_tags="done")
    known = {rule.slug for rule in rules.everything(seen_by=asking.seen_by, at=asking.now)}
    return HttpResponseRedirect(reverse("rule", args=(slug,)) if slug in known else reverse("rules"))


@require_POST
@signed_in
def rest(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    """Let a rule rest, or wake it."""
    asked: dict[str, Any] = {"slug": slug, "by": asking.seen_by, "at": asking.now}
    if request.POST.get("wake"):
        return _done(request, slug, lambda: deeds.wake(**asked), speech.later("It watches again."))
    deeds.rest(**asked)
    title = rules.find(slug=slug, seen_by=asking.seen_by, at=asking.now).title
    taken_away.keep(request, RESTED, slug, told=speech.told("It rests: %(title)s", title=title))
    return HttpResponseRedirect(back.to(request, otherwise=reverse("rule", args=(slug,))))


def woken(slug: str, asking: Asking) -> tuple[str, str]:
    """Let it watch again."""
    deeds.wake(slug=slug, by=asking.seen_by, at=asking.now)
    tasks.nudge()
    return speech.told("It watches again."), reverse("rule", args=(slug,))


def _done(request: HttpRequest, slug: str, deed: Any, said: str) -> HttpResponse:
    try:
        deed()
    except (Invalid, Conflict) as refusal:
        messages.error(request, speech.said(refusal), extra_tags="refused")
    else:
        tasks.nudge()
        messages.success(request, speech.told(said), extra_tags="done")
    return HttpResponseRedirect(reverse("rule", args=(slug,)))
