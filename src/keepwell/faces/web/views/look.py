"""How the frame looks on this device: light or dark, the rail wide or narrow; kept in cookies."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from keepwell.faces.web.shell import RAILS, THEMES

YEAR = 365 * 24 * 3600
CHOICES = {"theme": THEMES, "rail": RAILS}


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Remember what was chosen and go back to where it was."""
    back = request.POST.get("back", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = HttpResponseRedirect(back)
    for what, choices in CHOICES.items():
        said = request.POST.get(what)
        if said is not None:
            chosen = said if said in choices else choices[0]
            response.set_cookie(what, chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    return response
