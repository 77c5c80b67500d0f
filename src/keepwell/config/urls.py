"""Every address of the product."""

from django.urls import include, path

from keepwell.faces.api import health, rest, tracking

urlpatterns = [
    path("healthz", health.healthz),
    path("v1/", include(tracking.urlpatterns)),
    path("api/v1/", rest.api.urls),
    path("me/", include("allauth.account.urls")),
    path("", include("keepwell.faces.web.urls")),
]
handler400 = "keepwell.faces.web.errors.bad_request"
handler403 = "keepwell.faces.web.errors.forbidden"
handler404 = "keepwell.faces.web.errors.not_found"
handler500 = "keepwell.faces.web.errors.server_error"
