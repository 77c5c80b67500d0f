"""Where a form goes back to: a page of ours that it named, else the usual one."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def to(request: HttpRequest, *, otherwise: str) -> str:
    """The address in `back`, if it is one of ours."""
    back = request.POST.get("back") or request.GET.get("back", "")
    ours = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return back if back and ours else otherwise
