"""The dead letter: read by reason, mend, send in again, put aside."""

import csv
import json
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keepwell.faces.components import words
from keepwell.faces.jobs import tasks
from keepwell.faces.web.asking import Asking, respond, signed_in, watched
from keepwell.faces.web.downloads import Echo, safe
from keepwell.faces.web.pages import rejected as pages
from keepwell.faces.web.pages import replays as replay_pages
from keepwell.intake.actions import mended_files, mending, replays
from keepwell.intake.actions.mended_files import CALL, LEADING
from keepwell.intake.chosen import CALLS, Chosen
from keepwell.intake.queries import rejections, sources
from keepwell.kernel import speech
from keepwell.kernel.errors import Refused

SHOWN = 50


@require_GET
@signed_in
def listing(request: HttpRequest, asking: Asking) -> HttpResponse:
    """The dead letter, or the part of it that the address chooses."""
    asking.seen_by.require("data.import")
    before = request.GET.get("before", "")
    return _listed(
        request, asking, pages.chosen_in(request.GET), before=int(before) if before.isdecimal() else None
    )


def _listed(
    request: HttpRequest,
    asking: Asking,
    chosen: Chosen,
    *,
    before: int | None = None,
    refused: str = "",
    said: str = "",
) -> HttpResponse:
    scope = asking.seen_by
    groups = rejections.groups(chosen=chosen, seen_by=scope)
    is_open = chosen.state == "open"
    known_now = Chosen(source=chosen.source, batch_id=chosen.batch_id, kind=chosen.kind, known_now=True)
    unknown = any(group.why == "account-unknown" for group in groups)
    page = pages.page(
        chosen,
        count=sum(group.count for group in groups),
        groups=groups,
        subjects=rejections.subjects(chosen=chosen, seen_by=scope) if chosen.why and not chosen.about else (),
        rows=rejections.listed(chosen=chosen, seen_by=scope, before=before, limit=SHOWN),
        columns=rejections.columns(chosen=chosen, seen_by=scope) if chosen.narrows else (),
        sources=[source.slug for source in sources.all_sources(seen_by=scope)],
        known_now=rejections.count(chosen=known_now, seen_by=scope) if is_open and unknown else 0,
        limit=SHOWN,
        now=asking.now,
        refused=refused,
        said=said,
    )
    return respond(request, "web/rejected.html", page, status=422 if refused else 200)


@require_POST
@signed_in
def replay_all(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Send the chosen ones in again; a column can be set in all of them first."""
    chosen = pages.chosen_in(request.POST)
    column, value = request.POST.get("column", ""), request.POST.get("value", "").strip()
    try:
        if column:
            mending.set_column(chosen=chosen, column=column, value=value, by=asking.seen_by, at=asking.now)
        replay_id = replays.start(chosen=chosen, by=asking.seen_by, at=asking.now)
    except Refused as refusal:
        return _listed(request, asking, chosen, refused=str(refusal))
    return _sent(asking, replay_id)


@require_POST
@signed_in
def dismiss_all(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Put the chosen ones aside."""
    chosen = pages.chosen_in(request.POST)
    note = request.POST.get("note", "")
    try:
        mending.dismiss(chosen=chosen, note=note, by=asking.seen_by, at=asking.now)
    except Refused as refusal:
        return _listed(request, asking, chosen, refused=str(refusal))
    return HttpResponseRedirect(reverse("rejected"))


@require_POST
@signed_in
def take_file(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Take the CSV back, mended in a spreadsheet, and send in what was changed."""
    file = request.FILES.get("file")
    try:
        if file is None:
            raise Refused("Choose a file. Nothing was changed.")
        name = file.name or "file.csv"
        taken = mended_files.take(file=file, file_name=name, by=asking.seen_by, at=asking.now)
    except Refused as refusal:
        return _listed(request, asking, Chosen(), refused=str(refusal))
    if not taken.mended:
        said = speech.told(
            "The file changes nothing: %(unchanged)s are as they were, %(settled)s are not open.",
            unchanged=words.whole(taken.unchanged),
            settled=words.whole(taken.settled),
        )
        return _listed(request, asking, Chosen(), said=said)
    return _sent(asking, replays.start(chosen=Chosen(ids=taken.mended), by=asking.seen_by, at=asking.now))


def _sent(asking: Asking, replay_id: int) -> HttpResponse:
    """Few are sent in while one waits, many in a job."""
    view = rejections.replay(replay_id=replay_id, seen_by=asking.seen_by)
    if view.total <= replays.INLINE:
        _run(asking, replay_id)
    else:
        tasks.run_replay.defer(replay_id=replay_id)
    return HttpResponseRedirect(reverse("replay", args=(replay_id,)))


def _run(asking: Asking, replay_id: int) -> None:
    replays.run(replay_id=replay_id, at=asking.now)
    if rejections.replay(replay_id=replay_id, seen_by=asking.seen_by).taken:
        tasks.nudge()


@require_http_methods(["GET", "POST"])
@signed_in
def detail(request: HttpRequest, asking: Asking, rejection_id: int) -> HttpResponse:
    """One rejection; a post mends it and, if so asked, sends it in again. What was typed stays when it is refused."""
    if request.method == "GET":
        return _one(request, asking, rejection_id)
    view = rejections.find(rejection_id=rejection_id, seen_by=asking.seen_by)
    typed = {name: request.POST[f"cell:{name}"] for name in view.columns if f"cell:{name}" in request.POST}
    text = request.POST.get("text", "")
    by, at = asking.seen_by, asking.now
    try:
        if view.kind == CALLS:
            mending.mend_call(rejection_id=rejection_id, text=text, by=by, at=at)
        else:
            mending.mend(rejection_id=rejection_id, content=typed, by=by, at=at)
        if request.POST.get("how") == "replay":
            _run(asking, replays.start(chosen=Chosen(ids=(rejection_id,)), by=by, at=at))
    except Refused as refusal:
        is_call = view.kind == CALLS
        return _one(
            request, asking, rejection_id, typed=typed, text=text if is_call else None, refused=str(refusal)
        )
    return HttpResponseRedirect(reverse("rejection", args=(rejection_id,)))


def _one(
    request: HttpRequest,
    asking: Asking,
    rejection_id: int,
    *,
    typed: dict[str, str] | None = None,
    text: str | None = None,
    refused: str = "",
) -> HttpResponse:
    scope = asking.seen_by
    page = pages.one(
        rejections.find(rejection_id=rejection_id, seen_by=scope),
        first=rejections.first_content(rejection_id=rejection_id, seen_by=scope),
        history=rejections.history(rejection_id=rejection_id, seen_by=scope),
        now=asking.now,
        typed=typed,
        text=text,
        refused=refused,
    )
    return respond(request, "web/rejection.html", page, status=422 if refused else 200)


@require_POST
@signed_in
def dismissal(request: HttpRequest, asking: Asking, rejection_id: int) -> HttpResponse:
    """Put one aside, or take it up again."""
    rejections.find(rejection_id=rejection_id, seen_by=asking.seen_by)
    by, at = asking.seen_by, asking.now
    if request.POST.get("reopen") == "1":
        mending.reopen(rejection_id=rejection_id, by=by, at=at)
    else:
        mending.dismiss(chosen=Chosen(ids=(rejection_id,)), note=request.POST.get("note", ""), by=by, at=at)
    return HttpResponseRedirect(reverse("rejection", args=(rejection_id,)))


@require_GET
@signed_in
def replay(request: HttpRequest, asking: Asking, replay_id: int) -> HttpResponse:
    """A replay with its verdicts."""
    return respond(request, "web/replay.html", _replay(asking, replay_id))


@require_GET
@signed_in
def progress(request: HttpRequest, asking: Asking, replay_id: int) -> HttpResponse:
    """How far it is."""
    page = _replay(asking, replay_id)
    return watched(request, "web/replay.html", page, moving=page.progress is not None)


@require_POST
@signed_in
def resume(request: HttpRequest, asking: Asking, replay_id: int) -> HttpResponse:
    """Go on where it stopped."""
    replays.resume(replay_id=replay_id, by=asking.seen_by, at=asking.now)
    tasks.run_replay.defer(replay_id=replay_id)
    return HttpResponseRedirect(reverse("replay", args=(replay_id,)))


def _replay(asking: Asking, replay_id: int) -> replay_pages.ReplayPage:
    scope = asking.seen_by
    view = rejections.replay(replay_id=replay_id, seen_by=scope)
    refused = rejections.attempts(replay_id=replay_id, seen_by=scope, refused=True, limit=SHOWN)
    ids = tuple(one.rejection_id for one in refused)
    rows = rejections.listed(chosen=Chosen(ids=ids), seen_by=scope, limit=SHOWN) if ids else ()
    return replay_pages.replay(view, refused=refused, rows=rows, now=asking.now)


@require_GET
@signed_in
def download(request: HttpRequest, asking: Asking) -> StreamingHttpResponse:
    """The chosen ones as CSV: mend them in a spreadsheet and give the file back."""
    asking.seen_by.require("data.import")
    chosen = pages.chosen_in(request.GET)
    response = StreamingHttpResponse(_csv(asking, chosen), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="rejected.csv"'
    return response


def _csv(asking: Asking, chosen: Chosen) -> Iterator[str]:
    columns = rejections.columns(chosen=chosen, seen_by=asking.seen_by)
    with_calls = chosen.batch_id is None
    writer = csv.writer(Echo())
    yield writer.writerow((*LEADING, *map(safe, columns), *((CALL,) if with_calls else ())))
    for view in rejections.each(chosen=chosen, seen_by=asking.seen_by):
        is_call = view.kind == CALLS
        cells = ("" if is_call else safe(str(view.content.get(column, ""))) for column in columns)
        call = (json.dumps(view.content, ensure_ascii=False) if is_call else "",) if with_calls else ()
        row = "" if view.row is None else view.row
        yield writer.writerow((view.rejection_id, row, view.verdict, safe(view.reason), *cells, *call))
