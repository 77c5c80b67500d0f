"""What people and programs read when a page cannot be made."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

PROGRAMS = ("/api/", "/v1/")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """400."""
    return _page(request, 400, "The request could not be understood.")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """403."""
    return _page(request, 403, "Not allowed.")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """404."""
    return _page(request, 404, f"There is nothing at {request.path}.")


def server_error(request: HttpRequest) -> HttpResponseBase:
    """500; asks nothing of the database, which may be what is broken."""
    if request.path.startswith(PROGRAMS):
        return JsonResponse(
            {"detail": "Keepwell failed. Nothing was half done; the log of the server says why."}, status=500
        )
    return render(None, "500.html", status=500)


def _page(request: HttpRequest, status: int, detail: str) -> HttpResponse:
    if request.path.startswith(PROGRAMS):
        return JsonResponse({"detail": detail}, status=status)
    return render(request, f"{status}.html", status=status)
