"""Light, dark, or as the system has it; kept in a cookie of this device."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from keepwell.faces.web.shell import THEMES

YEAR = 365 * 24 * 3600


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember the choice and go back to where it was made."""
    back = request.POST.get("back", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    chosen = request.POST.get("theme", "system")
    response = HttpResponseRedirect(back)
    response.set_cookie(
        "theme",
        chosen if chosen in THEMES else "system",
        max_age=YEAR,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return response
