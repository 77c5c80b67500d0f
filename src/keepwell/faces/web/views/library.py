"""The knowledge library: common questions with their answers, searched; and what is looked for in vain."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keepwell.faces.web import taken_away
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.downloads import streamed
from keepwell.faces.web.pages import library as pages
from keepwell.kernel import speech
from keepwell.kernel.errors import Refused
from keepwell.plays.actions import library as deeds
from keepwell.plays.queries import library

RETIRED = "article-retired"
HEAD = ("article", "title", "visibility", "tags", "changed_at", "read_in_90_days", "answered_tickets", "body")


@require_GET
@signed_in
def listing(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Articles that answer what was typed; a search that was sent is counted, one that is being typed is not."""
    asked = pages.Asked.read(request.GET.dict())
    found = _found(asked, asking)
    if asked.text and not getattr(request, "htmx", False):
        deeds.searched(text=asked.text, found=len(found), by=asking.seen_by, at=asking.now)
    page = pages.listing(
        found,
        library.unmet(seen_by=asking.seen_by, on=asking.day),
        tags=library.tags(seen_by=asking.seen_by),
        asked=asked,
        today=asking.today,
        may_work=asking.seen_by.may("work.do"),
    )
    return respond(request, "web/library.html", page, part="rows")


def _found(asked: pages.Asked, asking: Asking) -> tuple[library.ArticleView, ...]:
    return library.search(
        seen_by=asking.seen_by, on=asking.day, text=asked.text, tag=asked.tag, visibility=asked.visibility
    )


@require_GET
@signed_in
def download(request: HttpRequest, asking: Asking) -> StreamingHttpResponse:
    """The same articles as a file."""
    rows = (
        (
            one.id,
            one.title,
            one.visibility,
            " ".join(one.tags),
            one.changed_at.isoformat(),
            one.read,
            one.sent,
            one.body,
        )
        for one in _found(pages.Asked.read(request.GET.dict()), asking)
    )
    return streamed("library", HEAD, rows)


@require_GET
@signed_in
def detail(request: HttpRequest, asking: Asking, article_id: int) -> HttpResponse:
    """One article; that it is read is counted once a day."""
    found = library.find(article_id=article_id, seen_by=asking.seen_by, on=asking.day)
    deeds.read(article_id=article_id, by=asking.seen_by, at=asking.now)
    page = pages.detail(found, now=asking.now, may_work=asking.seen_by.may("work.do"))
    return respond(request, "web/article.html", page)


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Write an article."""
    asking.seen_by.require("work.do")
    form = pages.ArticleForm.read(request.POST.dict() or request.GET.dict())
    refused = ""
    if request.method == "POST":
        try:
            number = deeds.write(wanted=_wanted(form), by=asking.seen_by, at=asking.now)
            return HttpResponseRedirect(reverse("article", args=(number,)))
        except Refused as refusal:
            refused = str(refusal)
    page = pages.edit(form, back=reverse("library"), is_new=True, refused=refused)
    return respond(request, "web/article_edit.html", page, status=422 if refused else 200)


@require_http_methods(["GET", "POST"])
@signed_in
def edit(request: HttpRequest, asking: Asking, article_id: int) -> HttpResponse:
    """Say it otherwise."""
    asking.seen_by.require("work.do")
    found = library.find(article_id=article_id, seen_by=asking.seen_by)
    form, refused = pages.ArticleForm.of(found), ""
    if request.method == "POST":
        form = pages.ArticleForm.read(request.POST.dict())
        try:
            deeds.change(article_id=article_id, wanted=_wanted(form), by=asking.seen_by, at=asking.now)
            return HttpResponseRedirect(reverse("article", args=(article_id,)))
        except Refused as refusal:
            refused = str(refusal)
    page = pages.edit(form, back=reverse("article", args=(article_id,)), is_new=False, refused=refused)
    return respond(request, "web/article_edit.html", page, status=422 if refused else 200)


def _wanted(form: pages.ArticleForm) -> deeds.Wanted:
    return deeds.Wanted(form.title, form.body, form.visibility, form.tags.split(","))


@require_POST
@signed_in
def retirement(request: HttpRequest, asking: Asking, article_id: int) -> HttpResponse:
    """Put it away."""
    deeds.retire(article_id=article_id, by=asking.seen_by, at=asking.now)
    taken_away.keep(request, RETIRED, article_id, told=speech.told("The article is put away."))
    return HttpResponseRedirect(reverse("library"))


def brought_back(said: Any, asking: Asking) -> tuple[str, str]:
    """Bring it back."""
    deeds.retire(article_id=said, by=asking.seen_by, at=asking.now, back=True)
    return speech.told("The article is back."), reverse("article", args=(said,))


RESTORERS = {RETIRED: brought_back}
