"""The stream of words of change to a page that is looked at."""

from django.conf import settings
from django.db import connections
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from keepwell.faces.live import Full, digest, hub


@require_GET
def stream(request: HttpRequest) -> HttpResponseBase:
    """Server-sent events for the signed-in person; 204 tells the browser to come no more, and the page asks now and then."""
    if not request.user.is_authenticated:
        return HttpResponse(status=204)
    try:
        made = hub.join(
            user_id=request.user.pk,
            session=digest(request.session.session_key),
            most=settings.KEEPWELL_LIVE_STREAMS,
        )
    except Full:
        return HttpResponse(status=204)
    response = StreamingHttpResponse(made, content_type="text/event-stream")
    response.headers["Cache-Control"] = "no-store, no-transform"
    response.headers["Content-Encoding"] = (
        "identity"  # else it would be compressed, and held back until that pays
    )
    response.headers["X-Accel-Buffering"] = "no"
    connections.close_all()
    return response
