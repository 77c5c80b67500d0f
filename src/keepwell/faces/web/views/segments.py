"""Segments: the list, one of them, and the form with a live count."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keepwell.faces.jobs import tasks
from keepwell.faces.web import editing, taken_away
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.downloads import Echo, safe
from keepwell.faces.web.editing import Editor
from keepwell.faces.web.pages import conditions as forms
from keepwell.faces.web.pages import phases as phase_pages
from keepwell.faces.web.pages import segments as pages
from keepwell.faces.web.pages import uses
from keepwell.faces.web.pages.uses import UseRow
from keepwell.faces.web.queries import saved_views
from keepwell.hooks import registry
from keepwell.intake.queries import quality
from keepwell.kernel import slugs, speech
from keepwell.kernel.errors import Conflict, Invalid
from keepwell.kernel.moments import parse_day, within_reach
from keepwell.segments.actions import segments as deeds
from keepwell.segments.queries import phases, segments, vocabulary

SHOWN = 200
AT_ONCE = 1000
LATELY = timedelta(days=30)
RETIRED = "retired segment"
EDITOR = Editor(
    "web/segment_edit.html",
    speech.later("Segments are made"),
    speech.later("Segment saved. Its history follows within a minute."),
    forms.plainly,
)


@require_GET
@signed_in
def listing(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Every segment in force."""
    found = segments.everything(seen_by=asking.seen_by)
    history = segments.counts(seen_by=asking.seen_by, weeks=pages.SPARK_WEEKS)
    order = phase_pages.order(
        phases.counts(seen_by=asking.seen_by), [(view.slug, view.title) for view in found]
    )
    page = pages.listing(found, history, order, may_change=asking.seen_by.may("config.change"))
    return respond(request, "web/segments.html", page)


@require_GET
@signed_in
def detail(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    """Who is in it, or was on a past day; who came and went, and how many there were."""
    view = segments.find(slug=slug, seen_by=asking.seen_by)
    day = _day(request, asking)
    at: dict[str, Any] = {"slug": slug, "seen_by": asking.seen_by}
    page = pages.detail(
        view,
        segments.members(**at, as_of=day, limit=SHOWN),
        segments.members(**at, as_of=day, state="unknown", limit=SHOWN),
        segments.moves(**at, since=(day or asking.day) - LATELY, until=day),
        segments.counts(seen_by=asking.seen_by, slugs=(slug,)).get(slug, ()),
        today=asking.today,
        day=day,
        uses=_uses(asking, slug),
        may_change=asking.seen_by.may("config.change"),
    )
    return respond(request, "web/segment.html", page)


@require_GET
@signed_in
def download(request: HttpRequest, asking: Asking, slug: str) -> StreamingHttpResponse:
    """All members as CSV, now or on a past day, with since when and why."""
    segments.find(slug=slug, seen_by=asking.seen_by)
    day = _day(request, asking)
    response = StreamingHttpResponse(_lines(asking, slug, day), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="segment-{slug}-{day or asking.day}.csv"'
    return response


def _uses(asking: Asking, slug: str) -> tuple[UseRow, ...]:
    """What asks for a segment."""
    found = [use for use in registry.uses() if slug in use.segments]
    return uses.rows(found, saved_views.asking(f"segment.{slug}", seen_by=asking.seen_by))


def _day(request: HttpRequest, asking: Asking) -> date | None:
    """The past day that the address asks for."""
    said = request.GET.get("day", "")
    day = within_reach(parse_day(said)) if said else None
    return None if day is None or day >= asking.day else day


def _lines(asking: Asking, slug: str, day: date | None) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield writer.writerow(("account", "name", "state", "since", "because"))
    for state in ("member", "unknown"):
        after = ""
        while rows := segments.members(
            slug=slug, seen_by=asking.seen_by, state=state, as_of=day, after=after, limit=AT_ONCE
        ):
            for row in rows:
                because = safe("; ".join(row.because))
                yield writer.writerow((safe(row.key), safe(row.name), row.state, row.since, because))
            after = rows[-1].key


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Say a new segment."""
    return _edited(request, asking, "")


@require_http_methods(["GET", "POST"])
@signed_in
def edit(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    """Say one otherwise."""
    return _edited(request, asking, slug)


def _edited(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    EDITOR.may(asking)
    if request.method == "GET":
        return respond(request, EDITOR.template, _opened(request, asking, slug))
    form = request.POST
    draft = forms.acted(forms.typed(form.dict()), form.get("deed", ""))
    return EDITOR.answer(
        request,
        page=lambda refused: _page(request, asking, slug, form, draft, refused=refused),
        save=lambda: reverse("segment", args=(_saved(asking, slug, form, draft),)),
    )


def _saved(asking: Asking, slug: str, form: QueryDict, draft: forms.Draft) -> str:
    title = form.get("title", "").strip()
    name = slug or slugs.made_of(title)
    if not slug and any(view.slug == name for view in segments.everything(seen_by=asking.seen_by)):
        raise Conflict(
            "There is a segment named like “%(title)s” already. Give this one another title.", title=title
        )
    deeds.save(
        slug=name,
        title=title,
        sentence=form.get("sentence", ""),
        condition=forms.stated(draft, vocabulary.accounts()),
        by=asking.seen_by,
        at=asking.now,
    )
    return name


def _opened(request: HttpRequest, asking: Asking, slug: str) -> pages.EditPage:
    if not slug:
        return _page(request, asking, "", QueryDict(), forms.empty())
    view = segments.find(slug=slug, seen_by=asking.seen_by)
    said = QueryDict(mutable=True)
    said["title"], said["sentence"] = view.title, view.sentence
    return _page(request, asking, slug, said, forms.drafted(view.condition))


def _page(
    request: HttpRequest,
    asking: Asking,
    slug: str,
    form: QueryDict,
    draft: forms.Draft,
    *,
    refused: str = "",
) -> pages.EditPage:
    said = vocabulary.accounts()
    try:
        live = pages.Live()
        if not forms.is_blank(draft):
            condition = forms.stated(draft, said)
            live = _live(asking, condition, slug) if editing.tries(request) else pages.Live(awaits=True)
    except Invalid as refusal:
        live = pages.Live(refused=forms.plainly(str(refusal)))
    return pages.EditPage(
        slug,
        form.get("title", ""),
        form.get("sentence", ""),
        draft,
        forms.Editor.of(said).node(draft),
        quality.event_names(),
        live,
        refused,
        _uses(asking, slug) if slug else (),
    )


def _live(asking: Asking, condition: dict[str, Any], slug: str) -> pages.Live:
    """Whom it would hold for, of all accounts, and who would enter and leave."""
    found = segments.preview(condition=condition, seen_by=asking.seen_by, slug=slug)
    return pages.live(found, today=asking.today, is_saved=bool(slug))


@require_POST
@signed_in
def retire(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    """Ask it no more; the toast says it again."""
    view = segments.find(slug=slug, seen_by=asking.seen_by)
    try:
        deeds.retire(slug=slug, by=asking.seen_by, at=asking.now)
    except Invalid as refusal:
        messages.error(request, speech.said(refusal), extra_tags="refused")
        return HttpResponseRedirect(reverse("segment", args=(slug,)))
    kept = {"slug": slug, "title": view.title, "sentence": view.sentence, "condition": view.condition}
    taken_away.keep(
        request, RETIRED, kept, told=speech.told("The segment “%(title)s” is retired.", title=view.title)
    )
    tasks.nudge()
    return HttpResponseRedirect(reverse("segments"))


def said_again(kept: dict[str, Any], asking: Asking) -> tuple[str, str]:
    """Bring a retired one back; what to tell, and where it stands."""
    deeds.save(**kept, by=asking.seen_by, at=asking.now)
    told = speech.told("The segment “%(title)s” is back. Its history follows.", title=kept["title"])
    return told, reverse("segment", args=(kept["slug"],))
