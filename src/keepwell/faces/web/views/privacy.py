"""Settings, Privacy: what is known about a customer's person, all of it handed out, all of it erased."""

from dataclasses import asdict

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keepwell.faces.jobs import tasks
from keepwell.faces.web.asking import Asking, respond, signed_in, watched
from keepwell.faces.web.pages import privacy as pages
from keepwell.kernel import speech
from keepwell.kernel.errors import Refused
from keepwell.ledger.actions import dossiers
from keepwell.ledger.actions import erasures as deeds
from keepwell.ledger.queries import erasures


@require_http_methods(["GET", "POST"])
@signed_in
def overview(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Look for a person. Who is looked for is posted, so that no address and no log names them."""
    return _overview(request, asking, request.POST.get("key", "").strip())


@require_POST
@signed_in
def export(request: HttpRequest, asking: Asking) -> FileResponse | HttpResponse:
    """Everything as one ZIP."""
    key = request.POST.get("key", "").strip()
    try:
        packed = dossiers.hand_out(key=key, by=asking.seen_by, at=asking.now)
    except Refused as refusal:
        return _overview(request, asking, "", refused=str(refusal))
    return FileResponse(packed, as_attachment=True, filename="person.zip", content_type="application/zip")


@require_POST
@signed_in
def erase(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Order an erasure, once the key was typed a second time."""
    key = request.POST.get("key", "").strip()
    asking.seen_by.require("privacy.manage")
    if request.POST.get("again", "").strip() != key:
        said = speech.told('To erase, type "%(key)s" once more, exactly. Nothing was changed.', key=key)
        return _overview(request, asking, key, refused=said)
    try:
        ordered = deeds.request(
            key=key,
            ground=request.POST.get("ground", ""),
            note=request.POST.get("note", "").strip()[:2000],
            by=asking.seen_by,
            at=asking.now,
        )
    except Refused as refusal:
        return _overview(request, asking, "", refused=str(refusal))
    tasks.forget(ordered)
    return HttpResponseRedirect(reverse("certificate", args=(erasures.number_of(ordered),)))


@require_GET
@signed_in
def certificate(request: HttpRequest, asking: Asking, number: str) -> HttpResponse:
    """One certificate; while it runs the page looks again by itself."""
    page = pages.certificate(erasures.find(number=number, seen_by=asking.seen_by))
    return watched(request, "web/certificate.html", page, moving=page.running)


@require_GET
@signed_in
def as_json(request: HttpRequest, asking: Asking, number: str) -> JsonResponse:
    """The certificate for programs."""
    del request
    said = asdict(erasures.find(number=number, seen_by=asking.seen_by))
    return JsonResponse(said, json_dumps_params={"indent": 2})


@require_POST
@signed_in
def readmission(request: HttpRequest, asking: Asking, number: str) -> HttpResponse:
    """They came back."""
    del request
    deeds.readmit(number=number, by=asking.seen_by, at=asking.now)
    return HttpResponseRedirect(reverse("certificate", args=(number,)))


def _overview(request: HttpRequest, asking: Asking, key: str, *, refused: str = "") -> HttpResponse:
    preview = None
    try:
        preview = erasures.preview(key=key, seen_by=asking.seen_by) if key else None
    except Refused as refusal:
        refused = refused or str(refusal)
    latest = erasures.latest(seen_by=asking.seen_by)
    page = pages.overview(asked=key, preview=preview, certificates=latest, now=asking.now, refused=refused)
    return respond(request, "web/privacy.html", page, status=422 if refused else 200)
