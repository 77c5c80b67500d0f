"""What an import changed, its undoing, its file, and how files were mapped before."""

import csv
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keepwell.faces.jobs import tasks
from keepwell.faces.web.asking import Asking, respond, signed_in, watched
from keepwell.faces.web.downloads import Echo, safe
from keepwell.faces.web.pages import import_effects as pages
from keepwell.intake.actions import remembered, tidying, undoing
from keepwell.intake.queries import batches, changes, mappings
from keepwell.kernel.errors import Refused

LEFT_SHOWN = 50


@require_GET
@signed_in
def download(request: HttpRequest, asking: Asking, batch_id: int) -> StreamingHttpResponse:
    """Every row that the import creates or changes, a line for each field."""
    batches.find(batch_id=batch_id, seen_by=asking.seen_by)
    response = StreamingHttpResponse(_lines(asking, batch_id), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="import-{batch_id}-changes.csv"'
    return response


def _lines(asking: Asking, batch_id: int) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield writer.writerow(("row", "key", "change", "field", "before", "after", "undone", "reason"))
    for change in changes.each(batch_id=batch_id, seen_by=asking.seen_by):
        what = "created" if change.created else "changed"
        for field in change.fields or (("", "", ""),):
            cells = (change.noun, change.key, what, *field, change.undone, change.reason)
            yield writer.writerow(map(safe, cells))


@require_http_methods(["GET", "POST"])
@signed_in
def undo(request: HttpRequest, asking: Asking, batch_id: int) -> HttpResponse:
    """What an undo would do, then how far it is, then what it did."""
    if request.method == "GET":
        return respond(request, "web/import_undo.html", _undo(asking, batch_id))
    batches.find(batch_id=batch_id, seen_by=asking.seen_by)
    found = changes.undo_if_any(batch_id=batch_id)
    try:
        if found is not None and found.state == "failed":
            undoing.resume(undo_id=found.undo_id, by=asking.seen_by, at=asking.now)
            undo_id = found.undo_id
        else:
            undo_id = undoing.start(batch_id=batch_id, by=asking.seen_by, at=asking.now)
    except Refused as refusal:
        page = _undo(asking, batch_id, refused=str(refusal))
        return respond(request, "web/import_undo.html", page, status=422)
    tasks.run_undo.defer(undo_id=undo_id)
    return HttpResponseRedirect(reverse("import-undo", args=(batch_id,)))


@require_GET
@signed_in
def undo_progress(request: HttpRequest, asking: Asking, batch_id: int) -> HttpResponse:
    """How far it is."""
    page = _undo(asking, batch_id)
    return watched(request, "web/import_undo.html", page, moving=page.progress is not None)


def _undo(asking: Asking, batch_id: int, *, refused: str = "") -> pages.UndoPage:
    batch = batches.find(batch_id=batch_id, seen_by=asking.seen_by)
    view = changes.undo_if_any(batch_id=batch_id)
    left = (
        changes.listed(batch_id=batch_id, what="left", seen_by=asking.seen_by, limit=LEFT_SHOWN)
        if view is not None and view.left
        else ()
    )
    counts = changes.counts(batch_id=batch_id, seen_by=asking.seen_by)
    return pages.undo(batch, counts=counts, view=view, left=left, now=asking.now, refused=refused)


@require_POST
@signed_in
def discard(request: HttpRequest, asking: Asking, batch_id: int) -> HttpResponse:
    """Delete an upload that was never started."""
    tidying.discard(batch_id=batch_id, by=asking.seen_by, at=asking.now)
    return HttpResponseRedirect(reverse("imports"))


@require_POST
@signed_in
def forget_file(request: HttpRequest, asking: Asking, batch_id: int) -> HttpResponse:
    """Delete the kept file of an import that has ended."""
    tidying.forget_file(batch_id=batch_id, by=asking.seen_by, at=asking.now)
    return HttpResponseRedirect(reverse("import", args=(batch_id,)))


@require_GET
@signed_in
def used(request: HttpRequest, asking: Asking) -> HttpResponse:
    """The mappings that files were imported with."""
    asking.seen_by.require("data.import")
    page = pages.mappings(mappings.used(seen_by=asking.seen_by), now=asking.now)
    return respond(request, "web/mappings.html", page)


@require_POST
@signed_in
def forget(request: HttpRequest, asking: Asking, mapping_id: int) -> HttpResponse:
    """Let the next file be read by the names of its columns again."""
    remembered.forget(mapping_id=mapping_id, by=asking.seen_by, at=asking.now)
    return HttpResponseRedirect(reverse("mappings"))
