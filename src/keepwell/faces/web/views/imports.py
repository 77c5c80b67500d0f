"""Imports: choose a file, map its columns, watch it, read what was not taken."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keepwell.faces.jobs import tasks
from keepwell.faces.web.asking import Asking, respond, signed_in, watched
from keepwell.faces.web.downloads import Echo, safe
from keepwell.faces.web.pages import import_effects as effects
from keepwell.faces.web.pages import imports as pages
from keepwell.faces.web.pages import measures
from keepwell.intake.actions import imports
from keepwell.intake.actions.mended_files import LEADING
from keepwell.intake.chosen import Chosen
from keepwell.intake.queries import batches, changes, vouchings
from keepwell.intake.queries import rejections as rejections_of
from keepwell.kernel import speech
from keepwell.kernel.errors import Refused
from keepwell.metrics.queries import settings

SHOWN = 50
AT_ONCE = 1000


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Choose a kind and a file; the file is kept, nothing is imported yet."""
    asking.seen_by.require("data.import")
    kind = request.POST.get("kind") or request.GET.get("kind", "accounts")
    source = request.POST.get("source", "csv").strip() or "csv"
    if request.method == "GET":
        return respond(request, "web/import_new.html", pages.NewImportPage(pages.kind_options(kind), source))
    file = request.FILES.get("file")
    try:
        if file is None:
            raise Refused("Choose a file. Nothing was stored.")
        batch_id = imports.prepare(
            kind=kind,
            file=file,
            file_name=file.name or "file.csv",
            source=source,
            by=asking.seen_by,
            at=asking.now,
        )
    except Refused as refusal:
        page = pages.NewImportPage(pages.kind_options(kind), source, str(refusal))
        return respond(request, "web/import_new.html", page, status=422)
    return HttpResponseRedirect(reverse("import", args=(batch_id,)))


@require_GET
@signed_in
def detail(request: HttpRequest, asking: Asking, batch_id: int) -> HttpResponse:
    """One import, in whatever state it is."""
    return respond(request, "web/import.html", _page(asking, batch_id))


@require_GET
@signed_in
def progress(request: HttpRequest, asking: Asking, batch_id: int) -> HttpResponse:
    """How far it is."""
    page = _page(asking, batch_id)
    return watched(request, "web/import.html", page, moving=page.progress is not None)


@require_POST
@signed_in
def start(request: HttpRequest, asking: Asking, batch_id: int) -> HttpResponse:
    """Start with the chosen mapping; what is wrong with it is said on the form."""
    batches.find(batch_id=batch_id, seen_by=asking.seen_by)
    mapping, constants = _chosen(request.POST, "column:"), _chosen(request.POST, "constant:")
    formats = {name: request.POST.get(name, "") for name in ("days", "decimals")}
    try:
        imports.start(
            batch_id=batch_id,
            mapping=mapping,
            constants=constants,
            dry_run=request.POST.get("how") == "dry_run",
            vouched=request.POST.get("vouched") == "1",
            by=asking.seen_by,
            at=asking.now,
            formats=formats,
        )
    except Refused as refusal:
        page = _page(
            asking, batch_id, mapping=mapping, constants=constants, formats=formats, refused=str(refusal)
        )
        return respond(request, "web/import.html", page, status=422)
    tasks.run_import.defer(batch_id=batch_id)
    return HttpResponseRedirect(reverse("import", args=(batch_id,)))


@require_POST
@signed_in
def resume(request: HttpRequest, asking: Asking, batch_id: int) -> HttpResponse:
    """Go on where it stopped."""
    imports.resume(batch_id=batch_id, by=asking.seen_by, at=asking.now)
    tasks.run_import.defer(batch_id=batch_id)
    return HttpResponseRedirect(reverse("import", args=(batch_id,)))


@require_GET
@signed_in
def rejections(request: HttpRequest, asking: Asking, batch_id: int) -> StreamingHttpResponse:
    """Every row that was not taken, with its reason beside its cells: mend it and import it again."""
    batch = batches.find(batch_id=batch_id, seen_by=asking.seen_by)
    response = StreamingHttpResponse(_lines(asking, batch), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="import-{batch_id}-not-taken.csv"'
    return response


def _lines(asking: Asking, batch: batches.BatchView) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield writer.writerow(map(safe, (*LEADING, *batch.columns)))
    offset = 0
    while True:
        found = batches.rejections(
            batch_id=batch.batch_id, seen_by=asking.seen_by, offset=offset, limit=AT_ONCE
        )
        for one in found:
            cells = (str(one.content.get(column, "")) for column in batch.columns)
            yield writer.writerow((one.rejection_id, one.row, *map(safe, (one.verdict, one.reason, *cells))))
        offset += len(found)
        if len(found) < AT_ONCE:
            return


def _chosen(form: Mapping[str, str], prefix: str) -> dict[str, str]:
    return {
        name.removeprefix(prefix): value.strip()
        for name, value in form.items()
        if name.startswith(prefix) and value.strip()
    }


def _page(
    asking: Asking,
    batch_id: int,
    *,
    mapping: Mapping[str, str] | None = None,
    constants: Mapping[str, str] | None = None,
    formats: Mapping[str, str] | None = None,
    refused: str = "",
) -> pages.ImportPage:
    scope, now = asking.seen_by, asking.now
    batch = batches.find(batch_id=batch_id, seen_by=scope)
    settled = batch.state in ("done", "failed")
    unmapped = batch.state == "awaiting_mapping"
    mappable = unmapped or (settled and batch.dry_run)
    file = batches.preview(batch_id=batch_id, seen_by=scope) if mappable else None
    proposal = imports.propose(batch_id) if unmapped else None
    is_written = batch.state == "done" and not batch.dry_run
    page = pages.page(
        batch,
        samples=tuple(dict(zip(file.columns, row, strict=False)) for row in file.samples) if file else (),
        suggested=(proposal.mapping if proposal else batch.mapping) if mapping is None else mapping,
        constants=(proposal.constants if proposal else batch.constants) if constants is None else constants,
        rejections=batches.rejections(batch_id=batch_id, seen_by=scope, limit=SHOWN) if settled else (),
        now=now,
        refused=refused,
        known_now=rejections_of.count(chosen=Chosen(known_now=True), seen_by=scope)
        if batch.kind == "accounts" and is_written
        else 0,
        lacks_core_features=scope.may("config.change")
        and measures.lacks_core_features(settings.parameters()),
    )
    return replace(
        page,
        reading=effects.reading(proposal, chosen=formats or batch.formats, now=now) if mappable else None,
        may_discard=unmapped,
        **(_taken(asking, batch) if settled else {}),
    )


def _taken(asking: Asking, batch: batches.BatchView) -> dict[str, Any]:
    """What an ended import changed, whether it was undone, who vouched for it."""
    scope, number = asking.seen_by, batch.batch_id
    undo = changes.undo_if_any(batch_id=number) if not batch.dry_run else None
    counts = changes.counts(batch_id=number, seen_by=scope)
    listed = changes.listed
    return {
        "effects": effects.effects(
            batch,
            counts=counts,
            changed=listed(batch_id=number, what="changed", seen_by=scope) if counts["changed"] else (),
            created=listed(batch_id=number, what="created", seen_by=scope) if counts["created"] else (),
        ),
        "vouched_by": effects.vouched(vouchings.said(seen_by=scope, batch_id=number), now=asking.now)
        if batch.vouched
        else "",
        "undo": speech.told("This import was undone, or is being undone.") if undo else "",
        "may_undo": not batch.dry_run and (undo is None or undo.state != "done") and batch.kind != "parents",
        "may_forget": batch.state == "done" and batch.forgotten_at is None and not batch.dry_run,
    }
