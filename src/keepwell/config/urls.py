"""Every address of the product."""

from allauth.account import views as account
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path

from keepwell.faces.api import health, rest

# allauth asks for these names; what they would do (open sign-up, unconfirmed addresses, mails) is not offered.
CLOSED = (
    "account_signup",
    "account_email",
    "account_email_verification_sent",
    "account_reset_password",
    "account_set_password",
    "account_reauthenticate",
)


def closed(request: HttpRequest) -> HttpResponse:
    """An address that does not exist."""
    raise Http404


urlpatterns = [
    path("healthz", health.healthz),
    path("api/v1/", rest.api.urls),
    path("me/login/", account.login, name="account_login"),
    path("me/logout/", account.logout, name="account_logout"),
    path("me/password/", account.password_change, name="account_change_password"),
    path("me/inactive/", account.account_inactive, name="account_inactive"),
    *(path(f"me/closed/{name}/", closed, name=name) for name in CLOSED),
    path("", include("keepwell.faces.web.urls")),
]
handler400 = "keepwell.faces.web.errors.bad_request"
handler403 = "keepwell.faces.web.errors.forbidden"
handler404 = "keepwell.faces.web.errors.not_found"
handler500 = "keepwell.faces.web.errors.server_error"
