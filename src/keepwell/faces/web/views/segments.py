"""Segments: the list, one of them, and the form with a live count."""

import csv
from collections.abc import Iterator
from datetime import timedelta

from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keepwell.faces.web import editing
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.downloads import Echo, safe
from keepwell.faces.web.editing import Editor
from keepwell.faces.web.pages import conditions as forms
from keepwell.faces.web.pages import phases as phase_pages
from keepwell.faces.web.pages import segments as pages
from keepwell.intake.queries import quality
from keepwell.kernel import slugs
from keepwell.kernel.errors import Conflict, Invalid
from keepwell.segments.actions import segments as deeds
from keepwell.segments.queries import phases, segments, vocabulary

SHOWN = 200
AT_ONCE = 1000
LATELY = timedelta(days=30)
EDITOR = Editor(
    "web/segment_edit.html",
    "Segments are made",
    "Segment saved. Its history follows within a minute.",
    forms.plainly,
)


@require_GET
@signed_in
def listing(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Every segment in force."""
    found = segments.everything(seen_by=asking.seen_by)
    history = segments.counts(seen_by=asking.seen_by, weeks=pages.SPARK_WEEKS)
    order = phase_pages.order(phases.counts(seen_by=asking.seen_by))
    page = pages.listing(found, history, order, may_change=asking.seen_by.may("config.change"))
    return respond(request, "web/segments.html", page)


@require_GET
@signed_in
def detail(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    """Who is in it, who came and went, and how many there were."""
    view = segments.find(slug=slug, seen_by=asking.seen_by)
    page = pages.detail(
        view,
        segments.members(slug=slug, seen_by=asking.seen_by, limit=SHOWN),
        segments.members(slug=slug, seen_by=asking.seen_by, state="unknown", limit=SHOWN),
        segments.moves(slug=slug, seen_by=asking.seen_by, since=asking.today - LATELY),
        segments.counts(seen_by=asking.seen_by, slugs=(slug,)).get(slug, ()),
        today=asking.today,
        may_change=asking.seen_by.may("config.change"),
    )
    return respond(request, "web/segment.html", page)


@require_GET
@signed_in
def download(request: HttpRequest, asking: Asking, slug: str) -> StreamingHttpResponse:
    """All members as CSV, with since when and why."""
    del request
    segments.find(slug=slug, seen_by=asking.seen_by)
    response = StreamingHttpResponse(_lines(asking, slug), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="segment-{slug}-{asking.today}.csv"'
    return response


def _lines(asking: Asking, slug: str) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield writer.writerow(("account", "name", "state", "since", "because"))
    for state in ("member", "unknown"):
        after = ""
        while rows := segments.members(
            slug=slug, seen_by=asking.seen_by, state=state, after=after, limit=AT_ONCE
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
        return respond(request, EDITOR.template, _opened(asking, slug))
    form = request.POST
    draft = forms.acted(forms.typed(form.dict()), form.get("deed", ""))
    return EDITOR.answer(
        request,
        page=lambda refused: _page(asking, slug, form, draft, refused=refused),
        save=lambda: reverse("segment", args=(_saved(asking, slug, form, draft),)),
    )


def _saved(asking: Asking, slug: str, form: QueryDict, draft: forms.Draft) -> str:
    title = form.get("title", "").strip()
    name = slug or slugs.made_of(title)
    if not slug and any(view.slug == name for view in segments.everything(seen_by=asking.seen_by)):
        raise Conflict(f"There is a segment named like “{title}” already. Give this one another title.")
    deeds.save(
        slug=name,
        title=title,
        sentence=form.get("sentence", ""),
        condition=forms.stated(draft, vocabulary.accounts()),
        by=asking.seen_by,
        at=asking.now,
    )
    return name


def _opened(asking: Asking, slug: str) -> pages.EditPage:
    if not slug:
        return _page(asking, "", QueryDict(), forms.empty())
    view = segments.find(slug=slug, seen_by=asking.seen_by)
    said = QueryDict(mutable=True)
    said["title"], said["sentence"] = view.title, view.sentence
    return _page(asking, slug, said, forms.drafted(view.condition))


def _page(
    asking: Asking, slug: str, form: QueryDict, draft: forms.Draft, *, refused: str = ""
) -> pages.EditPage:
    said = vocabulary.accounts()
    try:
        blank = forms.is_blank(draft)
        found = (
            None if blank else segments.preview(condition=forms.stated(draft, said), seen_by=asking.seen_by)
        )
        live = pages.Live() if found is None else pages.live(found, today=asking.today)
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
    )


@require_POST
@signed_in
def retire(request: HttpRequest, asking: Asking, slug: str) -> HttpResponse:
    """Ask it no more."""
    return editing.retired(
        request,
        lambda: deeds.retire(slug=slug, by=asking.seen_by, at=asking.now),
        said="The segment is retired.",
        here=reverse("segment", args=(slug,)),
        back=reverse("segments"),
    )
